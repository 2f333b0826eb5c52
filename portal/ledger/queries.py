"""What was booked, and in which years something may be."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import FundYearTotal, LedgerEntry, Pairing, PairingYear, WorkYear
from models.types import NATION, LedgerKind, WorkYearState
from portal.ledger.amount_rules import YearFacts
from portal.ledger.rules import Money

BATCH = 400
"""Pairs of a query; SQLite allows 999 bound values in old builds."""


def years_of(
    session: Session, pairs: Collection[tuple[int, int]]
) -> dict[tuple[int, int], YearFacts]:
    """Return, by (pairing id, year), the work years in which money is to be booked.

    One query of the years, and one of each ``BATCH`` of pairs.
    """
    wanted = sorted(set(pairs))
    found = {pair: YearFacts(pair[1], None, is_closed=False) for pair in wanted}
    if not wanted:
        return found
    years = session.scalars(
        sa.select(WorkYear).where(WorkYear.year.in_({year for _, year in wanted}))
    ).all()
    by_place = {(one.year, one.region_code): one for one in years}
    for start in range(0, len(wanted), BATCH):
        some = wanted[start : start + BATCH]
        rows = session.execute(
            sa.select(PairingYear.pairing_id, PairingYear.year, Pairing.receiving_province_code)
            .join(Pairing, Pairing.id == PairingYear.pairing_id)
            .where(sa.tuple_(PairingYear.pairing_id, PairingYear.year).in_(some))
        )
        for pairing_id, year, province in rows:
            one = by_place.get((year, province)) or by_place.get((year, NATION))
            if one is not None:
                is_closed = one.state == WorkYearState.CLOSED
                found[pairing_id, year] = YearFacts(
                    year, one.starts_on, is_closed=is_closed, ends_on=one.ends_on
                )
    return found


def year_of(session: Session, pairing_id: int, year: int) -> YearFacts:
    return years_of(session, [(pairing_id, year)])[pairing_id, year]


def entries_that_stand(session: Session, column: str, key: int) -> list[int]:
    """Return the rows of a subject that no other row has taken back."""
    return all_that_stand(session, column, [key])


def all_that_stand(
    session: Session, column: str, keys: Sequence[int], *, without: LedgerKind | None = None
) -> list[int]:
    """Return the rows of subjects that no other row has taken back, but those of one kind."""
    reversing = aliased(LedgerEntry)
    subject = getattr(LedgerEntry, column)
    found: list[int] = []
    for start in range(0, len(keys), BATCH):
        found += session.scalars(
            sa.select(LedgerEntry.id)
            .where(
                subject.in_(keys[start : start + BATCH]),
                LedgerEntry.reversal_of_id.is_(None),
                *([LedgerEntry.kind != without] if without else []),
                ~sa.exists().where(reversing.reversal_of_id == LedgerEntry.id),
            )
            .order_by(LedgerEntry.id)
        )
    return found


def money_of(session: Session, organisation_id: int, year: int) -> Money:
    """Return the sums of an organisation and year; zeros where nothing was booked."""
    row = session.get(FundYearTotal, (organisation_id, year))
    return Money(*(getattr(row, name) for name in Money._fields)) if row else Money()
