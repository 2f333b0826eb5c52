"""What the import of money must know of pairings, and of the money that is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Disbursement,
    Expenditure,
    FundAllocation,
    FundIncome,
    LedgerEntry,
    Organisation,
    Pairing,
)
from models.types import AllocationState, DisbursementState, ExpenditureState, FundSource, Side
from portal.access.scope import within
from portal.deeds import Deed
from portal.funding.queries import sources_of
from portal.imports.kinds.fund_fact_rules import (
    FundFacts,
    FundPairing,
    FundParty,
    PairingPurse,
    StoredExpenditure,
    StoredIncome,
    StoredPayment,
    StoredPlan,
)
from portal.imports.queries import pairings_by_code, read_by_key
from portal.ledger.amount_rules import FundYear
from portal.ledger.queries import years_of
from portal.pairings.life_rules import PairingLife
from portal.pairings.queries import lives_without_effect
from portal.places.queries import region_names
from portal.spending.claim_rules import Spot
from portal.spending.ground_queries import cash_of, grounds_of
from portal.standards.dates import EARLIEST_YEAR, LATEST_YEAR

PERMISSIONS = ("fund.plan", "fund.pay", "fund.receive", "fund.raise", "spending.book")
"""Whoever books expenditures claims them too; staff have a page for it."""


def gather(
    deed: Deed,
    named: Collection[tuple[str | None, int | None]],
    spent: Collection[tuple[str | None, int | None, date | None, Side | None]],
) -> FundFacts:
    """Return the facts about the pairings and years that a file names, as far as the actor reaches.

    ``spent`` are those of its expenditures, with the day and the side.
    """
    session = deed.session
    pairings = _pairings(deed, {code for code, _ in named if code})
    ids = {one.id for one in pairings.values()}
    asked = {
        FundYear(pairings[code].id, year, party.organisation_id)
        for code, year in named
        if code in pairings and year and EARLIEST_YEAR <= year <= LATEST_YEAR
        for party in (pairings[code].sent, pairings[code].received)
    }
    years = {one.year for one in asked}
    spots = {
        spot
        for code, year, day, said in spent
        if code in pairings and year and day
        for one in [pairings[code]]
        for spot in [Spot(one.party(one.side_of(said)).organisation_id, one.id, year, day)]
        if spot.fund_year in asked
    }
    return FundFacts(
        pairings=pairings,
        years=years_of(session, asked),
        plans=_plans(session, ids, years),
        payments=_payments(session, ids, years),
        incomes=_incomes(session, ids, years),
        expenditures=_expenditures(session, ids, years),
        grounds=grounds_of(session, spots) if spots else {},
        cash=cash_of(session, {(one.organisation_id, one.year) for one in spots}),
        may_plan=sources_of(deed.actor, "fund.plan"),
        may_pay=sources_of(deed.actor, "fund.pay"),
    )


def _pairings(deed: Deed, codes: Collection[str]) -> dict[str, FundPairing]:
    session, actor = deed.session, deed.actor
    in_reach = sa.or_(*(within(Pairing, actor, permission) for permission in PERMISSIONS))
    wanted = sa.select(
        Pairing.id,
        Pairing.code,
        Pairing.sending_organisation_id,
        Pairing.receiving_organisation_id,
        Pairing.sending_province_code,
        Pairing.state,
        within(Pairing, actor, "fund.plan").label("may_plan"),
        within(Pairing, actor, "fund.pay").label("may_pay"),
    ).where(in_reach)
    found = pairings_by_code(session, wanted, codes)
    lives = lives_without_effect(session, {row.id for row in found.values()})
    names = region_names(session, {row.sending_province_code for row in found.values()})
    organisations = {
        number
        for row in found.values()
        for number in (row.sending_organisation_id, row.receiving_organisation_id)
    }
    reached = [
        _organisations(deed, organisations, permission)
        for permission in ("fund.receive", "fund.raise", "spending.book")
    ]

    def party(number: int) -> FundParty:
        return FundParty(number, *(number in some for some in reached))

    return {
        code: FundPairing(
            row.id,
            row.code,
            names[row.sending_province_code],
            lives.get(row.id) or PairingLife(row.code, row.state, is_confirmed=True),
            bool(row.may_plan),
            bool(row.may_pay),
            party(row.sending_organisation_id),
            party(row.receiving_organisation_id),
        )
        for code, row in found.items()
    }


def _organisations(deed: Deed, ids: Collection[int], permission: str) -> set[int]:
    wanted = sa.select(Organisation.id).where(within(Organisation, deed.actor, permission))
    return {number for (number,) in read_by_key(deed.session, wanted, Organisation.id, ids)}


def _plans(
    session: Session, ids: Collection[int], years: Collection[int]
) -> dict[PairingPurse, list[StoredPlan]]:
    one = FundAllocation
    wanted = (
        sa.select(
            one.pairing_id,
            one.year,
            one.source,
            one.id,
            one.state,
            one.amount_fen,
            one.amount_fen - one.disbursed_fen - one.reduced_fen,
            one.document_number,
            one.note,
        )
        .where(one.year.in_(years), one.state != AllocationState.DECLINED)
        .order_by(one.id)
    )
    found: dict[PairingPurse, list[StoredPlan]] = defaultdict(list)
    for pairing_id, year, source, *plan in read_by_key(session, wanted, one.pairing_id, ids):
        found[PairingPurse(pairing_id, year, source)].append(StoredPlan(*plan))
    return dict(found)


def _payments(
    session: Session, ids: Collection[int], years: Collection[int]
) -> dict[PairingPurse, list[StoredPayment]]:
    columns: list[Any] = [getattr(Disbursement, name) for name in StoredPayment._fields]
    wanted = (
        sa.select(FundAllocation.pairing_id, FundAllocation.year, FundAllocation.source, *columns)
        .join(FundAllocation, FundAllocation.id == Disbursement.allocation_id)
        .where(FundAllocation.year.in_(years), Disbursement.state != DisbursementState.REVERSED)
        .order_by(Disbursement.paid_on, Disbursement.id)
    )
    found: dict[PairingPurse, list[StoredPayment]] = defaultdict(list)
    rows = read_by_key(session, wanted, FundAllocation.pairing_id, ids)
    for pairing_id, year, source, *payment in rows:
        found[PairingPurse(pairing_id, year, source)].append(StoredPayment(*payment))
    return dict(found)


def _incomes(
    session: Session, ids: Collection[int], years: Collection[int]
) -> dict[PairingPurse, list[StoredIncome]]:
    one = FundIncome
    is_reversed = sa.exists().where(
        LedgerEntry.income_id == one.id, LedgerEntry.reversal_of_id.is_not(None)
    )
    columns: list[Any] = [getattr(one, name) for name in StoredIncome._fields]
    wanted = (
        sa.select(*_purse_of(one), *columns)
        .join(Pairing, Pairing.id == one.pairing_id)
        .where(one.year.in_(years), sa.not_(is_reversed))
        .order_by(one.id)
    )
    found: dict[PairingPurse, list[StoredIncome]] = defaultdict(list)
    for pairing_id, year, source, is_sent, *income in read_by_key(
        session, wanted, one.pairing_id, ids
    ):
        purse = _purse((pairing_id, year, source), is_sent)
        found[purse].append(StoredIncome(*income))
    return dict(found)


def _expenditures(
    session: Session, ids: Collection[int], years: Collection[int]
) -> dict[PairingPurse, list[StoredExpenditure]]:
    one = Expenditure
    columns: list[Any] = [getattr(one, name) for name in StoredExpenditure._fields]
    gone = (ExpenditureState.WITHDRAWN, ExpenditureState.REVERSED)
    wanted = (
        sa.select(*_purse_of(one), *columns)
        .join(Pairing, Pairing.id == one.pairing_id)
        .where(one.year.in_(years), one.state.not_in(gone))
        .order_by(one.id)
    )
    found: dict[PairingPurse, list[StoredExpenditure]] = defaultdict(list)
    for pairing_id, year, source, is_sent, *spent in read_by_key(
        session, wanted, one.pairing_id, ids
    ):
        purse = _purse((pairing_id, year, source), is_sent)
        found[purse].append(StoredExpenditure(*spent))
    return dict(found)


def _purse_of(one: type[FundIncome | Expenditure]) -> tuple[Any, ...]:
    """Return the columns that say in whose purse something is: of the sending side or of the other."""
    is_sent = one.organisation_id == Pairing.sending_organisation_id
    return (one.pairing_id, one.year, one.source, is_sent.label("is_sent"))


def _purse(of: tuple[int, int, FundSource], is_sent: object) -> PairingPurse:
    return PairingPurse(*of, Side.SENT if is_sent else Side.RECEIVED)
