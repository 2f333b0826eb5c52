"""What the ready rows of a summary are asked, built once for whoever asks it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models import Organisation, Pairing, PairingYearTotal, Region
from models.types import Mode, Side
from portal.access.actor import Actor
from portal.access.scope import built_once, within
from portal.compliance.pace_queries import Paces
from portal.compliance.rules import FINDING_BITS
from portal.funding.entitlement_rules import MONEY_TITLES
from portal.ledger.rules import Money
from portal.pairings.effective_queries import InYear
from portal.programme.policy import Policy
from portal.summaries.bearer_queries import bearers
from portal.summaries.money_queries import Purses, purses_of_now, sees_money_of
from portal.summaries.rules import CODES, Filters

Total = PairingYearTotal
Sending = aliased(Organisation, name="sending")
Receiving = aliased(Organisation, name="receiving")
County = aliased(Region, name="county")

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
MONEY = 1 + len(Money._fields)
"""With how many columns a row begins that say whether its money is shown, and what it is."""

SOME: sa.BindParameter[Any] = sa.bindparam("some", expanding=True)


@dataclass(frozen=True, eq=False)
class ReadyStatements:
    """The statements on the lines of a year, for one reader and one set of filters.

    ``in_year`` says which pairings take part and which of them count; ``day`` is asked for coverage.
    """

    visible: sa.ColumnElement[bool]
    year: int
    filters: Filters
    in_year: InYear
    day: date
    policy: Policy
    paces: Paces
    sees_money: sa.ColumnElement[bool]

    @cached_property
    def every_line(self) -> sa.Select[Any]:
        """Its money, its columns, then the ranks of both sides and the latest start."""
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
        found: sa.Select[Any] = wanted.where(*self._listed()).order_by(
            Total.county_code, Pairing.code
        )
        return found

    @cached_property
    def how_many_lines(self) -> sa.Select[Any]:
        found: sa.Select[Any] = self._joined(sa.select(sa.func.count())).where(*self._listed())
        return found

    @cached_property
    def by_county(self) -> sa.Select[Any]:
        """The effective lines added up by provinces and county, in one query over the ready rows."""
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
                *(total_of(figure) for figure in FIGURES[:-2]),
                *(_least(figure) for figure in FIGURES[-2:]),
                *(how_many(self._has(code)) for code in CODES),
                *self.paces.tallied(),
                *(total_of(figure) for figure in self._purses.figures()),
            )
        )
        found: sa.Select[Any] = (
            wanted.where(*self.effective())
            .group_by(Total.sending_province_code, Total.receiving_province_code, Total.county_code)
            .order_by(Total.sending_province_code, Total.receiving_province_code, Total.county_code)
        )
        return found

    @cached_property
    def organisations(self) -> dict[Side, sa.Select[Any]]:
        """The organisations of effective lines, counted by the province of a side."""
        return {side: self._organisations_by(PROVINCES[side]) for side in Side}

    @cached_property
    def lines(self) -> sa.Select[Any]:
        """The ready rows of all lines, for a page of them."""
        found: sa.Select[Any] = self._joined(sa.select(Total)).where(*self._listed())
        return found

    def lines_by_money(self, name: str) -> tuple[sa.Select[Any], sa.ColumnElement[int]]:
        """Return the same, and the sum of money by which they are to be ordered."""
        wanted = self._with_bearers(sa.select(Total)).where(*self._listed())
        return wanted, self._purses.figure(name)

    @cached_property
    def names(self) -> sa.Select[Any]:
        """What stands beside some ready rows: the pairings that ``SOME`` names."""
        wanted = self._with_names(
            sa.select(*self._money(), Total.pairing_id, *self._standing(), *NAMES)
        )
        found: sa.Select[Any] = wanted.where(Total.year == self.year, Total.pairing_id.in_(SOME))
        return found

    def effective(self) -> list[sa.ColumnElement[bool]]:
        return [*self._asked(), self.visible, self.in_year.is_effective()]

    def lacking(self, *lacks: sa.ColumnElement[int]) -> sa.Select[Any]:
        """What effective lines lack, added up by receiving province."""
        wanted = self._joined(sa.select(Total.receiving_province_code, *map(total_of, lacks)))
        found: sa.Select[Any] = wanted.where(*self.effective()).group_by(
            Total.receiving_province_code
        )
        return found

    def _organisations_by(self, province: Any) -> sa.Select[Any]:
        wanted = self._joined(
            sa.select(
                province,
                sa.func.count(sa.distinct(Pairing.sending_organisation_id)),
                sa.func.count(sa.distinct(Pairing.receiving_organisation_id)),
            )
        )
        found: sa.Select[Any] = wanted.where(*self.effective()).group_by(province)
        return found

    def _listed(self) -> list[sa.ColumnElement[bool]]:
        return [*self._asked(), self.visible, self.in_year.takes_part()]

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
        return joined(wanted)

    def _with_bearers(self, wanted: Any) -> Any:
        bearing = self._bearers.c.id == Total.pairing_id
        return self._purses.joined(joined(wanted).outerjoin(self._bearers, bearing))

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
    def _purses(self) -> Purses:
        return purses_of_now(self.year, self.sees_money, self._bearers, self.policy)


@built_once
def ready_statements(
    actor: Actor,
    permission: str,
    year: int,
    filters: Filters,
    in_year: InYear,
    day: date,
    policy: Policy,
    paces: Paces,
) -> ReadyStatements:
    """Return what is asked of the lines within what an actor may see."""
    visible, sees_money = within(Pairing, actor, permission), sees_money_of(actor, year)
    return ReadyStatements(visible, year, filters, in_year, day, policy, paces, sees_money)


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


def joined(wanted: Any) -> Any:
    return wanted.select_from(Total).join(Pairing, Pairing.id == Total.pairing_id)


# PostgreSQL sums integers into bigint; the cast keeps one integer type on both.
def total_of(figure: Any) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.sum(figure), sa.BigInteger)


def how_many(condition: Any) -> sa.ColumnElement[int]:
    """Count the rows under a condition; one integer type on both databases, 0 of no rows."""
    counted = sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)
    return sa.cast(counted, sa.Integer)


def _least(figure: Any) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.min(sa.case((figure > 0, figure))), 0)
