"""What the questions ask of the books of some organisations in a year: seven queries, however many."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Expenditure,
    ExpenditureFile,
    FundAccount,
    LedgerEntry,
    Organisation,
    PairingYear,
    PairingYearTotal,
)
from models.types import ExpenseCategory, FundAccountKind, FundSource, LedgerKind
from portal.ledger.book_rules import CAME_IN
from portal.oversight.execution_queries import SPENT
from portal.oversight.question_rules import (
    AskingLimits,
    CashBook,
    Early,
    Payee,
    Some,
    YearOfMoney,
    end_begins_on,
)
from portal.pairings.effective_queries import in_year

One = Expenditure

FOR_PEOPLE = (ExpenseCategory.TRANSPORT, ExpenseCategory.MEALS, ExpenseCategory.WAGES)


class YearsOfMoney:
    """What the questions ask of some organisations in a year."""

    def __init__(self, session: Session, year: int, limits: AskingLimits, these: Any) -> None:
        self._session, self._year, self._these = session, year, these
        self._end_from = end_begins_on(in_year(session, year).common.ends_on, limits)
        self._cash = self._read_cash()
        self._early = self._read_early()
        self._sums = self._read_sums(limits)
        self._payees = self._read_payees(limits)
        self._days = self._read_days()

    def year_of(self, organisation_id: int, spent_fen: int) -> YearOfMoney:
        sums = self._sums.get(organisation_id, (Some(),) * 4)
        return YearOfMoney(
            spent_fen=spent_fen,
            end_from=self._end_from,
            cash=tuple(self._cash.get(organisation_id, ())),
            early=tuple(self._early.get(organisation_id, ())),
            round_at_end=sums[0],
            at_end=sums[1],
            payees=tuple(self._payees.get(organisation_id, ())),
            no_invoice=sums[2],
            for_people=sums[3],
            counted_centidays=self._days.get(organisation_id, 0),
        )

    def _spent(self) -> list[sa.ColumnElement[bool]]:
        return [
            One.year == self._year,
            One.state.in_(SPENT),
            One.organisation_id.in_(self._these),
        ]

    def _arrivals(self) -> Any:
        """Select what arrived of each source by the day, but what was taken back."""
        cash, reversing = aliased(FundAccount), aliased(LedgerEntry)
        return (
            sa.select(
                cash.organisation_id,
                cash.source,
                LedgerEntry.booked_on,
                sa.func.sum(LedgerEntry.amount_fen).label("fen"),
            )
            .join(cash, cash.id == LedgerEntry.debit_account_id)
            .where(
                cash.kind == FundAccountKind.CASH,
                cash.year == self._year,
                cash.organisation_id.in_(self._these),
                LedgerEntry.kind.in_((*CAME_IN, LedgerKind.CARRY_OVER)),
                LedgerEntry.reversal_of_id.is_(None),
                ~sa.exists().where(reversing.reversal_of_id == LedgerEntry.id),
            )
            .group_by(cash.organisation_id, cash.source, LedgerEntry.booked_on)
        )

    def _read_cash(self) -> dict[int, list[CashBook]]:
        arrived: dict[tuple[int, FundSource], list[tuple[date, int]]] = defaultdict(list)
        for number, source, day, fen in self._session.execute(self._arrivals()):
            arrived[number, source].append((day, int(fen)))
        account = FundAccount
        held = self._session.execute(
            sa.select(account.organisation_id, account.source, account.balance_fen)
            .where(
                account.year == self._year,
                account.kind == FundAccountKind.CASH,
                account.organisation_id.in_(self._these),
            )
            .order_by(account.id)
        )
        found: dict[int, list[CashBook]] = defaultdict(list)
        for number, source, fen in held:
            found[number].append(CashBook(source, tuple(sorted(arrived[number, source])), fen))
        return found

    def _read_early(self) -> dict[int, list[Early]]:
        days = self._arrivals().subquery("arrivals").c
        first = (
            sa.select(
                days.organisation_id,
                days.source,
                sa.func.min(days.booked_on).label("first"),
            )
            .group_by(days.organisation_id, days.source)
            .subquery("first")
        )
        rows = self._session.execute(
            sa.select(
                One.organisation_id,
                One.source,
                sa.func.count(),
                sa.func.sum(One.amount_fen),
                sa.func.sum(One.id),
                sa.func.min(One.spent_on),
                first.c.first,
            )
            .join(
                first,
                sa.and_(
                    first.c.organisation_id == One.organisation_id, first.c.source == One.source
                ),
            )
            .where(*self._spent(), One.spent_on < first.c.first)
            .group_by(One.organisation_id, One.source, first.c.first)
            .order_by(One.organisation_id, One.source)
        )
        found: dict[int, list[Early]] = defaultdict(list)
        for number, source, count, fen, numbers, spent_on, arrived_on in rows:
            some = Some(count, int(fen), int(numbers))
            found[number].append(Early(source, some, spent_on, arrived_on))
        return found

    def _read_sums(self, limits: AskingLimits) -> dict[int, tuple[Some, ...]]:
        at_end = One.spent_on >= self._end_from
        has_file = sa.exists().where(ExpenditureFile.expenditure_id == One.id).correlate(One)
        kinds = (
            sa.and_(
                at_end,
                One.amount_fen % limits.round_fen == 0,
                One.category != ExpenseCategory.WAGES,
            )
            if limits.round_fen
            else sa.false(),
            at_end,
            sa.and_(One.invoice_number.is_(None), ~has_file),
            One.category.in_(FOR_PEOPLE),
        )
        rows = self._session.execute(
            sa.select(
                One.organisation_id,
                *(
                    sa.func.coalesce(sa.func.sum(sa.case((kind, value), else_=0)), 0)
                    for kind in kinds
                    for value in (sa.literal(1), One.amount_fen, One.id)
                ),
            )
            .where(*self._spent())
            .group_by(One.organisation_id)
        )
        return {
            row[0]: tuple(
                Some(*map(int, row[place : place + len(Some._fields)]))
                for place in range(1, len(row), len(Some._fields))
            )
            for row in rows
        }

    def _read_payees(self, limits: AskingLimits) -> dict[int, list[Payee]]:
        seat, other = aliased(Organisation), aliased(Expenditure)
        shared = (
            sa.select(
                seat.province_code,
                other.payee,
                sa.func.count(other.organisation_id.distinct()).label("organisations"),
            )
            .join(seat, seat.id == other.organisation_id)
            .where(
                other.year == self._year,
                other.state.in_(SPENT),
                other.category != ExpenseCategory.WAGES,
            )
            .group_by(seat.province_code, other.payee)
            .having(sa.func.count(other.organisation_id.distinct()) >= max(limits.shared_payee, 2))
            .subquery("shared")
        )
        rows = self._session.execute(
            sa.select(
                One.organisation_id,
                One.payee,
                shared.c.organisations,
                sa.func.count(),
                sa.func.sum(One.amount_fen),
                sa.func.sum(One.id),
            )
            .join(Organisation, Organisation.id == One.organisation_id)
            .join(
                shared,
                sa.and_(
                    shared.c.province_code == Organisation.province_code,
                    shared.c.payee == One.payee,
                ),
            )
            .where(*self._spent(), One.category != ExpenseCategory.WAGES)
            .group_by(One.organisation_id, One.payee, shared.c.organisations)
            .order_by(One.organisation_id, One.payee)
        )
        found: dict[int, list[Payee]] = defaultdict(list)
        for number, name, organisations, count, fen, numbers in rows:
            found[number].append(Payee(name, organisations, Some(count, int(fen), int(numbers))))
        return found

    def _read_days(self) -> dict[int, int]:
        """Add up what counts of the days of each organisation's side."""
        found: dict[int, int] = defaultdict(int)
        for number, centidays in self._session.execute(sa.union_all(*self._sides())):
            found[number] += int(centidays or 0)
        return found

    def _sides(self) -> Iterator[Any]:
        total = PairingYearTotal
        for organisation, centidays in (
            (PairingYear.sending_organisation_id, total.sent_centidays),
            (PairingYear.receiving_organisation_id, total.received_centidays),
        ):
            yield (
                sa.select(organisation, sa.func.sum(centidays))
                .join(
                    total,
                    sa.and_(
                        total.pairing_id == PairingYear.pairing_id, total.year == PairingYear.year
                    ),
                )
                .where(PairingYear.year == self._year, organisation.in_(self._these))
                .group_by(organisation)
            )
