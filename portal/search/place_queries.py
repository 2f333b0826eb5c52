"""Finding counties and provinces: by what may be seen of them, so that no room below has them."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import KeyCounty, Pairing, Region
from models.types import RegionLevel
from portal.access.actor import Actor
from portal.access.policy import Reach
from portal.access.scope import within
from portal.asked import Asked
from portal.finding import EXACT, SHOWN, Finder, Group, Hit, group_of, rank
from portal.matching import begins_name, begins_with_code, has_every_word, is_part_of_name
from portal.summaries.ground_queries import Scope, scope_of

Parent, Top = aliased(Region), aliased(Region)


def find_places(session: Session, actor: Actor, asked: Asked, today: date) -> Group:
    """Counties, after their provinces: with pairings that the actor may see, or a key county of the scope."""
    ranked = rank(Region.code == asked.code, begins_name(Region, asked.text))
    scope = scope_of(actor, "summary.read")
    rows = session.execute(
        sa.select(Region.code, Region.name, Region.level, Top.name, Parent.name, ranked)
        .outerjoin(Parent, Parent.code == Region.parent_code)
        .outerjoin(Top, Top.code == Parent.parent_code)
        .where(
            _is_place_in_reach(actor, scope, today),
            *has_every_word(
                asked.text,
                lambda word: [
                    *(is_part_of_name(kind, word) for kind in (Region, Parent, Top)),
                    begins_with_code(Region.code, word),
                ],
            ),
        )
        .order_by(ranked, Region.level == RegionLevel.COUNTY, Region.code)
        .limit(SHOWN + 1)
    ).all()
    return group_of(
        "地区",
        rows,
        lambda row: _place(row, scope),
        ("pairings.list_pairings", {"q": asked.text}),
    )


def _is_place_in_reach(actor: Actor, scope: Scope, today: date) -> sa.ColumnElement[bool]:
    own = sa.select(Pairing.county_code).where(within(Pairing, actor, "pairing.read"))
    counties: sa.ColumnElement[bool] = Region.code.in_(own)
    reaches = actor.reaches("summary.read")
    if any(reach not in (Reach.ORGANISATION, Reach.SELF) for reach, _ in reaches):
        listed = sa.select(KeyCounty.county_code).where(
            KeyCounty.valid_from <= today,
            sa.or_(KeyCounty.valid_to.is_(None), KeyCounty.valid_to >= today),
        )
        counties |= Region.code.in_(listed) & within(Region, actor, "summary.read")
    provinces = sa.true() if scope.is_nation else Region.code.in_(scope.provinces)
    return sa.or_(
        sa.and_(Region.level == RegionLevel.COUNTY, counties),
        sa.and_(
            Region.level == RegionLevel.PROVINCE,
            Region.is_withdrawn.is_(False),
            provinces,
        ),
    )


def _place(row: Any, scope: Scope) -> Hit:
    """A place leads to its summary, or to its pairings for who sees no province as a whole."""
    code, name, level, top, parent, found = row
    province = f"{code[:2]}0000"
    is_province = level == RegionLevel.PROVINCE
    endpoint, values = "summaries.show_province", {"code": province}
    if not is_province:
        values |= {"county": code, "_anchor": "pairings"}
    if not (scope.is_nation or province in scope.provinces):
        endpoint, values = "pairings.list_pairings", {"q": name}
    note = "省级汇总" if is_province else f"{''.join(filter(None, (top, parent)))} · {code}"
    return Hit("省" if is_province else "县", name, note, endpoint, values, found == EXACT)


PLACES = Finder("pairing.read", "县（名称或区划代码）", find_places)
