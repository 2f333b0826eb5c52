"""Finding settlements by the organisation, and those opened last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Organisation, Settlement
from portal.access.actor import Actor
from portal.asked import Asked
from portal.finding import SHOWN, Group, Hit, group_of
from portal.ledger.book_queries import is_wholly_seen
from portal.matching import has_every_word, is_part_of_name
from portal.standards.money import format_yuan

One = aliased(Settlement)
"""Another than that of which is asked whether all of a year may be seen."""


def find_settlements(session: Session, actor: Actor, asked: Asked, _today: date) -> Group:
    rows = session.execute(
        _hits()
        .where(
            *has_every_word(asked.text, lambda word: [is_part_of_name(Organisation, word)]),
            _is_seen(actor),
        )
        .order_by(One.year.desc(), One.id.desc())
        .limit(SHOWN + 1)
    ).all()
    return group_of("结算", rows, _hit, ("settlements.list_settlements", {"q": asked.text}))


def list_opened(session: Session, actor: Actor, keys: Sequence[str]) -> Iterable[tuple[str, Hit]]:
    rows = session.execute(_hits().where(One.public_id.in_(keys), _is_seen(actor)))
    for row in rows:
        yield row[0], _hit(row)


def _is_seen(actor: Actor) -> sa.ColumnElement[bool]:
    """A settlement sums up a year: it is seen by whoever may see every row of that, itself included."""
    return is_wholly_seen(actor, One.organisation_id, One.year)


def _hits() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(One.public_id, Organisation.name, One.year, One.balance_fen, One.state).join(
        Organisation, Organisation.id == One.organisation_id
    )


def _hit(row: Any) -> Hit:
    key, name, year, fen, state = row
    note = f"{year} 年度结算 · 余款 {format_yuan(fen)} 元 · {state.label}"
    return Hit("结算", name, note, "settlements.show_settlement", {"settlement_id": key})
