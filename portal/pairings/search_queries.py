"""Finding pairings by their code, county or organisations, and those that were opened last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Organisation, Pairing, Region
from portal.access.actor import Actor
from portal.access.scope import within
from portal.asked import Asked
from portal.finding import EXACT, SHOWN, Group, Hit, group_of, rank
from portal.matching import contains, has_every_word, is_part_of_name
from portal.pairings.life_rules import standing_on
from portal.pairings.queries import bears_code
from portal.pairings.rules import normalise_code

Sending, Receiving, County = aliased(Organisation), aliased(Organisation), aliased(Region)


def find_pairings(session: Session, actor: Actor, asked: Asked, today: date) -> Group:
    ranked = rank(
        bears_code([normalise_code(asked.text)]),
        Pairing.code.istartswith(asked.text, autoescape=True),
    )
    rows = session.execute(
        sa.select(
            Pairing.code,
            Sending.name,
            Receiving.name,
            County.name,
            Pairing.state,
            Pairing.starts_on,
            Pairing.ends_on,
            ranked,
        )
        .join(Sending, Sending.id == Pairing.sending_organisation_id)
        .join(Receiving, Receiving.id == Pairing.receiving_organisation_id)
        .join(County, County.code == Pairing.county_code)
        .where(
            *has_every_word(
                asked.text,
                lambda word: [
                    contains(Pairing.code, word),
                    *(is_part_of_name(kind, word) for kind in (Sending, Receiving, County)),
                ],
            ),
            within(Pairing, actor, "pairing.read"),
        )
        .order_by(ranked, Pairing.code)
        .limit(SHOWN + 1)
    ).all()

    def made(row: Any) -> Hit:
        code, sending, receiving, county, *stands, found = row
        note = f"{sending} → {receiving} · {county} · {standing_on(today, *stands).label}"
        return Hit("结对", code, note, "pairings.pairing", {"code": code}, found == EXACT)

    return group_of("结对", rows, made, ("pairings.list_pairings", {"q": asked.text}))


def list_opened(session: Session, actor: Actor, keys: Sequence[str]) -> Iterable[tuple[str, Hit]]:
    rows: Any = session.execute(
        sa.select(Pairing.code, Region.name)
        .join(Region, Region.code == Pairing.county_code)
        .where(Pairing.code.in_(keys), within(Pairing, actor, "pairing.read"))
    )
    for code, county in rows:
        yield code, Hit("结对", code, county, "pairings.pairing", {"code": code})
