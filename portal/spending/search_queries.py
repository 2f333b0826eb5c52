"""Finding expenditures by their payee, purpose or the number of their invoice, and those opened last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Expenditure, Organisation
from portal.access.actor import Actor
from portal.access.scope import within
from portal.asked import Asked
from portal.finding import SHOWN, Group, Hit, group_of
from portal.matching import contains, has_every_word
from portal.standards.money import format_yuan


def find_expenditures(session: Session, actor: Actor, asked: Asked, today: date) -> Group:
    rows = session.execute(
        _hits()
        .where(
            *has_every_word(
                asked.text,
                lambda word: [
                    contains(Expenditure.payee, word),
                    contains(Expenditure.purpose, word),
                    contains(Expenditure.invoice_number, word),
                ],
            ),
            within(Expenditure, actor, "spending.read"),
        )
        .order_by(Expenditure.spent_on.desc(), Expenditure.id.desc())
        .limit(SHOWN + 1)
    ).all()
    more = {"q": asked.text, "year": str(today.year)}
    return group_of("支出", rows, _hit, ("spending.list_expenditures", more))


def list_opened(session: Session, actor: Actor, keys: Sequence[str]) -> Iterable[tuple[str, Hit]]:
    rows = session.execute(
        _hits().where(Expenditure.public_id.in_(keys), within(Expenditure, actor, "spending.read"))
    )
    for row in rows:
        yield row[0], _hit(row)


def _hits() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        Expenditure.public_id,
        Expenditure.spent_on,
        Expenditure.category,
        Expenditure.amount_fen,
        Expenditure.payee,
        Expenditure.state,
        Organisation.name,
    ).join(Organisation, Organisation.id == Expenditure.organisation_id)


def _hit(row: Any) -> Hit:
    number, day, category, fen, payee, state, organisation = row
    label = f"{day} {category.label} {format_yuan(fen)} 元"
    note = f"{payee} · {organisation} · {state.label}"
    return Hit("支出", label, note, "spending.show_expenditure", {"expenditure_id": number})
