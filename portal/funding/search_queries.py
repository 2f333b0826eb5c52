"""Finding allocations by document number, voucher or organisation; those that were opened last."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Disbursement, FundAllocation, Organisation
from portal.access.actor import Actor
from portal.access.scope import within
from portal.asked import Asked
from portal.finding import EXACT, SHOWN, Group, Hit, group_of, rank
from portal.matching import contains, has_every_word, is_part_of_name
from portal.standards.money import format_yuan

One = FundAllocation
COLUMNS = (One.public_id, Organisation.name, One.year, One.source, One.amount_fen, One.state)


def find_allocations(session: Session, actor: Actor, asked: Asked, _today: date) -> Group:
    def has_voucher(word: str) -> sa.ColumnElement[bool]:
        return sa.exists().where(
            Disbursement.allocation_id == One.id, contains(Disbursement.voucher_number, word)
        )

    ranked = rank(
        sa.func.upper(One.document_number) == asked.code,
        One.document_number.istartswith(asked.text, autoescape=True),
    )
    rows = session.execute(
        sa.select(*COLUMNS, ranked)
        .join(Organisation, Organisation.id == One.organisation_id)
        .where(
            *has_every_word(
                asked.text,
                lambda word: [
                    contains(One.document_number, word),
                    contains(One.payer, word),
                    is_part_of_name(Organisation, word),
                    has_voucher(word),
                ],
            ),
            within(One, actor, "fund.read"),
        )
        .order_by(ranked, One.year.desc(), One.id.desc())
        .limit(SHOWN + 1)
    ).all()

    def made(row: Any) -> Hit:
        *shown, found = row
        return _hit(*shown, is_exact=found == EXACT)

    return group_of("资金", rows, made, ("funding.list_fund_allocations", {"q": asked.text}))


def list_opened(session: Session, actor: Actor, keys: Sequence[str]) -> Iterable[tuple[str, Hit]]:
    rows: Any = session.execute(
        sa.select(*COLUMNS)
        .join(Organisation, Organisation.id == One.organisation_id)
        .where(One.public_id.in_(keys), within(One, actor, "fund.read"))
    )
    for row in rows:
        yield row[0], _hit(*row)


def _hit(
    key: str, name: str, year: int, source: Any, fen: int, state: Any, *, is_exact: bool = False
) -> Hit:
    note = f"{year} 年度 · {source.label} {format_yuan(fen)} 元 · {state.label}"
    return Hit("资金", name, note, "funding.show_allocation", {"fund_id": key}, is_exact)
