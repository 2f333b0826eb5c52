"""Lines of the present, read from the ready totals alone: never from the days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Organisation, Pairing, PairingYearTotal, Region
from models.types import Mode, Side
from portal.compliance.pace_queries import Paces, paces_in
from portal.compliance.pace_rules import RANKED, DaysStanding
from portal.compliance.rules import FINDING_BITS
from portal.funding.entitlement_rules import MONEY_TITLES, Entitlement
from portal.ledger.rules import Money
from portal.paging import Order, Slice, read_slice
from portal.pairings.effective_queries import InYear
from portal.programme.policy import Policy
from portal.summaries.area_rules import CountySums, Needs, Organisations
from portal.summaries.bearer_queries import bearers
from portal.summaries.money_queries import Purses, money_in, purses_of_now
from portal.summaries.rules import CODES, Filters, PairingLine, Sums, dues_of

PIECE = 500
"""Lines that stand in memory at a time while all are read."""

Total = PairingYearTotal
Sending = aliased(Organisation, name="sending")
Receiving = aliased(Organisation, name="receiving")
County = aliased(Region, name="county")

MONEY = 1 + len(Money._fields)
"""With how many columns a row begins that say whether its money is shown, and what it is."""

FIGURES = (
    Total.sent_staff,
    Total.qualified_sent_staff,
    Total.received_staff,
    Total.unqualified_received_staff,
    Total.sent_centidays,
    Total.received_centidays,
    Total.sent_pending_centidays,
    Total.received_pending_centidays,
    Total.sent_min_centidays,
    Total.received_min_centidays,
)
NAMES = (
    Pairing.code,
    County.name,
    Sending.credit_code,
    Sending.name,
    Receiving.credit_code,
    Receiving.name,
)
PROVINCES: dict[Side, Any] = {
    Side.SENT: Total.sending_province_code,
    Side.RECEIVED: Total.receiving_province_code,
}
ORDERS: dict[str, Any] = {
    "county": Total.county_code,
    "code": Pairing.code,
    "sent_staff": Total.qualified_sent_staff,
    "sent_days": Total.sent_centidays,
    "sent_pending": Total.sent_pending_centidays,
    "received_staff": Total.received_staff,
    "received_days": Total.received_centidays,
    "received_pending": Total.received_pending_centidays,
}


@dataclass(frozen=True)
class ReadyLines:
    """The lines of a year as they stand now; iterating reads them by county and code.

    ``in_year`` says which pairings take part and which of them count; ``day`` is asked for coverage.
    """

    session: Session
    year: int
    visible: sa.ColumnElement[bool]
    filters: Filters
    in_year: InYear
    day: date
    policy: Policy
    paces: Paces
    sees_money: sa.ColumnElement[bool] = field(default_factory=sa.false)

    def __iter__(self) -> Iterator[PairingLine]:
        """Yield every line, in pieces, so that memory stays flat."""
        wanted = self._with_names(
            sa.select(
                *self._money(),
                Total.pairing_id,
                *self._standing(),
                Pairing.code,
                Total.line,
                Total.mode,
                Total.county_code,
                County.name,
                Sending.credit_code,
                Sending.name,
                Total.sending_province_code,
                Receiving.credit_code,
                Receiving.name,
                Total.receiving_province_code,
                *FIGURES,
                Total.is_compliant,
                Total.findings,
                *(self.paces.rank_of(side, self.in_year.is_effective()) for side in Side),
                self.paces.latest_start(),
            )
        )
        with self.session.execute(
            wanted.where(*self._listed())
            .order_by(Total.county_code, Pairing.code)
            .execution_options(yield_per=PIECE)
        ) as rows:
            for row in rows:
                *line, sent, received, start = row[MONEY:]
                standing = self.paces.standing_in((sent, received), start)
                plain = PairingLine._make([*line, *standing, None])
                yield plain.with_money(_money_in(row), self._dues)

    def count(self) -> int:
        """Return how many lines there are, those that do not count included."""
        wanted = self._joined(sa.select(sa.func.count())).where(*self._listed())
        return self.session.scalar(wanted) or 0

    def sums_by_county(self) -> list[CountySums]:
        """Add the effective lines up by provinces and county, in one query over the ready rows."""
        _, covering, bears = self._standing()
        wanted = self._with_bearers(
            sa.select(
                Total.sending_province_code,
                Total.receiving_province_code,
                Total.county_code,
                sa.func.count(),
                how_many(Total.is_compliant),
                how_many(covering),
                how_many(sa.and_(bears, Total.mode == Mode.CROSS_PROVINCE)),
                how_many(sa.and_(bears, Total.mode == Mode.IN_PROVINCE)),
                *(_sum(figure) for figure in FIGURES[:-2]),
                *(_least(figure) for figure in FIGURES[-2:]),
                *(how_many(self._has(code)) for code in CODES),
                *self.paces.tallied(),
                *(_sum(figure) for figure in self._purses.figures()),
            )
        )
        wanted = (
            wanted.where(*self._effective())
            .group_by(Total.sending_province_code, Total.receiving_province_code, Total.county_code)
            .order_by(Total.sending_province_code, Total.receiving_province_code, Total.county_code)
        )
        money = -len(Money._fields)
        paced = money - len(RANKED)
        missed = paced - len(CODES)
        return [
            CountySums(
                row[0],
                row[1],
                row[2],
                Sums._make(
                    [
                        *row[3:missed],
                        tuple(row[missed:paced]),
                        paces_in(row[paced:money]),
                        tuple(row[money:]),
                    ]
                ),
            )
            for row in self.session.execute(wanted)
        ]

    def organisations_by(self, side: Side) -> dict[str, Organisations]:
        """Count the organisations of effective lines by the province of a side."""
        province = PROVINCES[side]
        wanted = self._joined(
            sa.select(
                province,
                sa.func.count(sa.distinct(Pairing.sending_organisation_id)),
                sa.func.count(sa.distinct(Pairing.receiving_organisation_id)),
            )
        )
        rows = self.session.execute(wanted.where(*self._effective()).group_by(province))
        return {code: Organisations(*counts) for code, *counts in rows}

    def lacking_by_province(self, needs: Needs) -> dict[str, tuple[int, int]]:
        """Add up by receiving province what each effective line lacks, over the ready rows."""
        wanted = self._joined(
            sa.select(
                Total.receiving_province_code,
                _sum(_lacking(Total.sent_centidays, needs.sent_centidays)),
                _sum(_lacking(Total.received_centidays, needs.received_centidays)),
            )
        )
        rows = self.session.execute(
            wanted.where(*self._effective()).group_by(Total.receiving_province_code)
        )
        return {code: (sent, received) for code, sent, received in rows}

    def page(self, sort: str, cursor: str | None, size: int) -> Slice[PairingLine]:
        """Return one page in an order of ``SORTS`` (three queries)."""
        wanted = self._joined(sa.select(Total)).where(*self._listed())
        key, goes_down = sort.removeprefix("-"), sort.startswith("-")
        by_pace = key == "pace"
        columns = self.paces.order(self.in_year.is_effective()) if by_pace else [ORDERS[key]]
        orders = [*(Order(column, goes_down) for column in columns), Order(Total.pairing_id)]
        found = read_slice(self.session, wanted, orders, cursor=cursor, make=_first, size=size)
        return replace(found, rows=self._named(found.rows))

    def _named(self, totals: Sequence[PairingYearTotal]) -> list[PairingLine]:
        wanted = self._with_names(
            sa.select(*self._money(), Total.pairing_id, *self._standing(), *NAMES)
        ).where(
            Total.year == self.year, Total.pairing_id.in_([total.pairing_id for total in totals])
        )
        named = {row[MONEY]: row for row in self.session.execute(wanted)}
        lines = []
        for total in totals:
            row = named[total.pairing_id]
            plain = self._line(total, *row[MONEY + 1 :])
            lines.append(plain.with_money(_money_in(row), self._dues))
        return lines

    def _line(self, total: PairingYearTotal, is_confirmed: bool, *names: Any) -> PairingLine:
        standing = self.paces.standing(total, is_effective=bool(is_confirmed))
        return _line(total, standing, bool(is_confirmed), *names)

    def _listed(self) -> list[sa.ColumnElement[bool]]:
        return [*self._asked(), self.visible, self.in_year.takes_part()]

    def _effective(self) -> list[sa.ColumnElement[bool]]:
        return [*self._asked(), self.visible, self.in_year.is_effective()]

    def _asked(self) -> list[sa.ColumnElement[bool]]:
        asked = conditions_of(self.year, self.filters)
        if self.filters.pace:
            asked.append(self.paces.is_at(self.filters.pace, self.in_year.is_effective()))
        if self.filters.finding in MONEY_TITLES:
            asked.append(self._has(self.filters.finding))
        return asked

    def _has(self, code: str) -> sa.ColumnElement[bool]:
        """Say that a line has this finding."""
        if code in MONEY_TITLES:
            return self._purses.is_short(code, Total.mode)
        found: sa.ColumnElement[bool] = Total.findings.bitwise_and(FINDING_BITS[code]) != 0
        return found

    def _money(self) -> list[Any]:
        """Return whether the money of a line is shown, and what it is."""
        is_seen = sa.and_(self.in_year.is_effective(), self.sees_money)
        return [is_seen.label("sees_money"), *self._purses.figures()]

    def _standing(self) -> tuple[Any, Any, Any]:
        """Return whether a line is confirmed, covers its county, and bears what is due."""
        return (
            self.in_year.known.is_confirmed.label("is_confirmed"),
            self.in_year.covers(self.day).label("is_covering"),
            self._bearers.c.id.is_not(None).label("bears_due"),
        )

    def _joined(self, wanted: Any) -> Any:
        """Join what is asked for: with the money, if it is asked by what is short of it."""
        if self.filters.finding in MONEY_TITLES:
            return self._with_bearers(wanted)
        return _joined(wanted)

    def _with_bearers(self, wanted: Any) -> Any:
        bearing = self._bearers.c.id == Total.pairing_id
        return self._purses.joined(_joined(wanted).outerjoin(self._bearers, bearing))

    def _with_names(self, wanted: Any) -> Any:
        return (
            self._with_bearers(wanted)
            .join(Sending, Sending.id == Pairing.sending_organisation_id)
            .join(Receiving, Receiving.id == Pairing.receiving_organisation_id)
            .join(County, County.code == Total.county_code)
        )

    @cached_property
    def _bearers(self) -> sa.Subquery:
        return bearers(Pairing.__table__, self.in_year, self.policy)

    @cached_property
    def _dues(self) -> dict[Mode, Entitlement]:
        return dues_of(self.policy)

    @cached_property
    def _purses(self) -> Purses:
        return purses_of_now(self.year, self.sees_money, self._bearers, self.policy)


def conditions_of(year: int, filters: Filters) -> list[sa.ColumnElement[bool]]:
    """Return the conditions under which a ready row is asked for."""
    conditions = [Total.year == year]
    if filters.either_province:
        conditions.append(
            sa.or_(
                Total.sending_province_code == filters.either_province,
                Total.receiving_province_code == filters.either_province,
            )
        )
    for column, asked in (
        (Total.sending_province_code, filters.sending_province),
        (Total.receiving_province_code, filters.receiving_province),
        (Total.county_code, filters.county),
        (Total.line, filters.line),
        (Total.mode, filters.mode),
    ):
        if asked:
            conditions.append(column == asked)
    if filters.finding in FINDING_BITS:
        conditions.append(Total.findings.bitwise_and(FINDING_BITS[filters.finding]) != 0)
    if filters.compliant is not None:
        conditions.append(Total.is_compliant.is_(filters.compliant))
    return conditions


def _joined(wanted: Any) -> Any:
    return wanted.select_from(Total).join(Pairing, Pairing.id == Total.pairing_id)


def _first(row: Sequence[Any]) -> Any:
    return row[0]


def _money_in(row: Sequence[Any]) -> Money | None:
    return money_in(row[1:MONEY], is_seen=bool(row[0]))


def _line(
    total: PairingYearTotal,
    standing: DaysStanding,
    is_confirmed: bool,
    is_covering: bool,
    bears_due: bool,
    code: str,
    county_name: str,
    *organisations: str,
) -> PairingLine:
    sending_code, sending_name, receiving_code, receiving_name = organisations
    return PairingLine._make(
        [
            total.pairing_id,
            is_confirmed,
            bool(is_covering),
            bool(bears_due),
            code,
            total.line,
            total.mode,
            total.county_code,
            county_name,
            sending_code,
            sending_name,
            total.sending_province_code,
            receiving_code,
            receiving_name,
            total.receiving_province_code,
            *(getattr(total, figure.key) for figure in FIGURES),
            total.is_compliant,
            total.findings,
            *standing,
            None,
        ]
    )


# PostgreSQL sums integers into bigint; the cast keeps one integer type on both.
def _sum(figure: Any) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.sum(figure), sa.BigInteger)


def _lacking(figure: Any, need: int) -> sa.ColumnElement[int]:
    return sa.case((figure < need, need - figure), else_=0)


def how_many(condition: Any) -> sa.ColumnElement[int]:
    """Count the rows under a condition; one integer type on both databases, 0 of no rows."""
    counted = sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
    return sa.cast(counted, sa.Integer)


def _least(figure: Any) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.min(sa.case((figure > 0, figure))), 0)
