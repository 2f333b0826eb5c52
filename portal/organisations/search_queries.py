"""Finding organisations by their name or code, and those that were opened last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Organisation
from portal.access.actor import Actor
from portal.access.scope import within
from portal.asked import Asked
from portal.finding import EXACT, SHOWN, Group, Hit, group_of, rank
from portal.matching import begins_name, has_every_word
from portal.organisations.queries import is_called
from portal.places.queries import full_region_names


def find_organisations(session: Session, actor: Actor, asked: Asked, _today: date) -> Group:
    ranked = rank(
        Organisation.credit_code == asked.code,
        begins_name(Organisation, asked.text),
    )
    rows = session.execute(
        sa.select(Organisation.credit_code, Organisation.name, Organisation.region_code, ranked)
        .where(
            *has_every_word(asked.text, is_called),
            within(Organisation, actor, "organisation.read"),
        )
        .order_by(ranked, Organisation.name_order, Organisation.id)
        .limit(SHOWN + 1)
    ).all()
    seats = full_region_names(session, {row.region_code for row in rows})

    def made(row: Any) -> Hit:
        note = f"{row.credit_code} · {seats.get(row.region_code, row.region_code)}"
        values = {"credit_code": row.credit_code}
        return Hit(
            "机构", row.name, note, "organisations.show_organisation", values, row.rank == EXACT
        )

    return group_of("机构", rows, made, ("organisations.list_organisations", {"q": asked.text}))


def list_opened(session: Session, actor: Actor, keys: Sequence[str]) -> Iterable[tuple[str, Hit]]:
    rows = session.execute(
        sa.select(Organisation.credit_code, Organisation.name).where(
            Organisation.credit_code.in_(keys), within(Organisation, actor, "organisation.read")
        )
    )
    for code, name in rows:
        values = {"credit_code": code}
        yield code, Hit("机构", name, code, "organisations.show_organisation", values)
