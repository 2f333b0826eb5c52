"""What was booked, and in which years something may be."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import FundYearTotal, LedgerEntry, Pairing, PairingYear, Settlement, WorkYear
from models.database import may_write
from models.types import NATION, LedgerKind, SettlementState, WorkYearState
from portal.ledger.amount_rules import FundYear, YearFacts
from portal.ledger.rules import Money

BATCH = 400
"""Pairs of a query; SQLite allows 999 bound values in old builds."""


def years_of(session: Session, wanted: Collection[FundYear]) -> dict[FundYear, YearFacts]:
    """Return the work years in which money is to be booked.

    One query of the years, and two of each ``BATCH`` of pairings.
    """
    found = {one: YearFacts(one.year, None, is_closed=False) for one in wanted}
    if not wanted:
        return found
    inside = _years_of_pairings(session, sorted({(one.pairing_id, one.year) for one in wanted}))
    settled = settlements_of(session, {(one.organisation_id, one.year) for one in wanted})
    for one in found:
        if facts := inside.get((one.pairing_id, one.year)):
            settlement = settled.get((one.organisation_id, one.year))
            found[one] = facts._replace(settlement=settlement)
    return found


def settlements_of(
    session: Session, books: Collection[tuple[int, int]]
) -> dict[tuple[int, int], SettlementState]:
    """Return how the settlements of organisations and years stand, as far as there are any."""
    found: dict[tuple[int, int], SettlementState] = {}
    ordered = sorted(set(books))
    for start in range(0, len(ordered), BATCH):
        rows = session.execute(
            sa.select(Settlement.organisation_id, Settlement.year, Settlement.state).where(
                sa.tuple_(Settlement.organisation_id, Settlement.year).in_(
                    ordered[start : start + BATCH]
                )
            )
        )
        found |= {(number, year): state for number, year, state in rows}
    return found


def _years_of_pairings(
    session: Session, pairs: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], YearFacts]:
    wanted = sa.select(
        WorkYear.year, WorkYear.region_code, WorkYear.state, WorkYear.starts_on, WorkYear.ends_on
    ).where(WorkYear.year.in_({year for _, year in pairs}))
    if may_write(session):
        # Nobody closes it before this transaction ends; one that is being closed is waited for.
        wanted = wanted.order_by(WorkYear.id).with_for_update(read=True)
    by_place = {(one.year, one.region_code): one for one in session.execute(wanted)}
    found: dict[tuple[int, int], YearFacts] = {}
    for start in range(0, len(pairs), BATCH):
        some = pairs[start : start + BATCH]
        rows = session.execute(
            sa.select(Pairing.id, Pairing.receiving_province_code, PairingYear.year)
            .outerjoin(
                PairingYear,
                sa.and_(
                    PairingYear.pairing_id == Pairing.id,
                    PairingYear.year.in_({year for _, year in some}),
                ),
            )
            .where(Pairing.id.in_({number for number, _ in some}))
        ).all()
        provinces = {number: province for number, province, _ in rows}
        inside = {(number, year) for number, _, year in rows}
        for pairing_id, year in some:
            province = provinces.get(pairing_id, NATION)
            one = by_place.get((year, province)) or by_place.get((year, NATION))
            if one is not None:
                is_in = (pairing_id, year) in inside
                found[pairing_id, year] = YearFacts(
                    year,
                    one.starts_on if is_in else None,
                    is_closed=one.state == WorkYearState.CLOSED,
                    ends_on=one.ends_on if is_in else None,
                )
    return found


def year_of(session: Session, pairing_id: int, year: int, organisation_id: int) -> YearFacts:
    one = FundYear(pairing_id, year, organisation_id)
    return years_of(session, [one])[one]


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
