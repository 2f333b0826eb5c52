"""From what somebody typed to the organisations and the county that are meant.

A form offers what lies near: organisations of the own province and of the provinces that the
allocation table joins with it. Whoever knows the credit code or the full name of another may name
it all the same; names and codes of organisations are public.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Allocation, Organisation, Pairing, Region
from models.database import run
from models.types import RegionLevel, Side
from portal.access.actor import Actor
from portal.access.scope import built_once, within
from portal.matching import is_name
from portal.places.queries import CodeAndName, Suggestion, list_provinces
from portal.refusals import Refusal, refuse_if
from portal.standards.credit_code import normalise_credit_code
from portal.standards.text import trimmed

OFFERED = 500
"""Names that a list of suggestions may hold; a browser is slow with more."""

CODE_AT_THE_END = re.compile(r"[（(]\s*([0-9A-Za-z]+)\s*[）)]$")


def suggest_organisations(session: Session, acting: Collection[str] | None) -> list[Suggestion]:
    """Return organisations that an office may want to pair, own provinces first."""
    wanted = (
        sa.select(Organisation.name, Organisation.credit_code, Region.name)
        .join(Region, Region.code == Organisation.province_code)
        .order_by(Organisation.province_code, Organisation.name_order, Organisation.id)
        .limit(OFFERED)
    )
    if acting is not None:
        is_own = Organisation.province_code.in_(acting)
        wanted = (
            wanted.where(
                Organisation.province_code.in_([*acting, *_joined_provinces(session, acting)])
            )
            .order_by(None)
            .order_by(is_own.desc(), Organisation.province_code, Organisation.name_order)
        )
    return [
        Suggestion(f"{name}（{code}）", province)
        for name, code, province in session.execute(wanted)
    ]


def _joined_provinces(session: Session, acting: Collection[str]) -> set[str]:
    rows = session.execute(
        sa.select(Allocation.sending_province_code, Allocation.receiving_province_code).where(
            Allocation.sending_province_code.in_(acting)
            | Allocation.receiving_province_code.in_(acting)
        )
    )
    return {code for row in rows for code in row}


def provinces_paired(
    session: Session, actor: Actor, permission: str, asked: Mapping[Side, str | None]
) -> dict[Side, list[CodeAndName]]:
    """Return for each side the provinces of the pairings that an actor may see, in the order of the
    standard, and the one that an address asks for: its list is empty, not that of all (two queries).
    """
    rows = run(session, _provinces(actor, permission)).all()
    with_pairings = {
        Side.SENT: {row[0] for row in rows},
        Side.RECEIVED: {row[1] for row in rows},
    }
    provinces = list_provinces(session)
    return {
        side: [one for one in provinces if one.code in codes or one.code == asked.get(side)]
        for side, codes in with_pairings.items()
    }


@built_once
def _provinces(actor: Actor, permission: str) -> sa.Select[str, str]:
    return (
        sa.select(Pairing.sending_province_code, Pairing.receiving_province_code)
        .where(within(Pairing, actor, permission))
        .distinct()
    )


class Chosen(NamedTuple):
    """What was meant by the words of the form."""

    sending: Organisation
    receiving: Organisation
    county_code: str


def choose(session: Session, *, sending: str, receiving: str, county: str) -> Chosen:
    """Return what is meant; raise :class:`Refused` with every word that means nothing.

    Without a county it is the seat of the receiving organisation.
    """
    refusals: list[Refusal] = []
    found = {
        field: _find_organisation(session, text, field, label, refusals)
        for field, label, text in (
            ("sending", "援派机构", sending),
            ("receiving", "受援机构", receiving),
        )
    }
    county_code = _find_county(session, county, found["receiving"], refusals)
    refuse_if(refusals)
    assert found["sending"] is not None  # refused otherwise
    assert found["receiving"] is not None
    return Chosen(found["sending"], found["receiving"], county_code)


def _find_organisation(
    session: Session, text: str, field: str, label: str, refusals: list[Refusal]
) -> Organisation | None:
    words = trimmed(text)
    match = CODE_AT_THE_END.search(words)
    code = normalise_credit_code(match[1] if match else words)
    found = session.scalars(
        sa.select(Organisation)
        .where(sa.or_(Organisation.credit_code == code, is_name(Organisation, words)))
        .limit(2)
    ).all()
    if len(found) == 1:
        return found[0]
    sentence = (
        f"有多家机构叫“{words[:60]}”，请改填统一社会信用代码。"
        if found
        else f"没有找到{label}“{words[:60]}”；请从列表中选择，或填写机构全称、18位统一社会信用代码。"
        "未登记的机构请先由所在地民政部门登记。"
    )
    refusals.append(Refusal(field, "unknown_organisation", sentence))
    return None


def _find_county(
    session: Session, text: str, receiving: Organisation | None, refusals: list[Refusal]
) -> str:
    words = trimmed(text)
    if not words:
        return receiving.region_code if receiving else ""
    match = CODE_AT_THE_END.search(words)
    wanted = sa.select(Region.code).where(
        Region.level == RegionLevel.COUNTY,
        Region.is_withdrawn.is_(False),
        sa.or_(Region.code == (match[1] if match else words), is_name(Region, words)),
    )
    if receiving and not match:
        wanted = wanted.where(Region.province_code == receiving.province_code)
    found = session.scalars(wanted.limit(2)).all()
    if len(found) == 1:
        return found[0]
    sentence = (
        f"有多个县叫“{words[:30]}”，请改填6位代码。"
        if found
        else f"受援省份没有找到县“{words[:30]}”；请从列表中选择，或填写县的全称或6位代码。"
    )
    refusals.append(Refusal("county", "unknown_region", sentence))
    return ""
