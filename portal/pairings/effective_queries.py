"""Which pairings are effective in a work year, as SQL: portal/pairings/rules.py over whole tables.

Everything that counts pairings asks here: coverage, quota, sums, pictures, the first page. A test
holds rule and conditions together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Pairing
from models.types import PairingState
from portal.pairings.rules import Term
from portal.pairings.standing_queries import IN_EFFECT
from portal.programme.regime_queries import regime_of


class Known(NamedTuple):
    """What is known of a pairing: whether it is confirmed, and its last day; SQL expressions."""

    is_confirmed: sa.ColumnElement[bool]
    ends_on: Any = Pairing.ends_on


NOW = Known(IN_EFFECT)


@dataclass(frozen=True, slots=True)
class InYear:
    """The conditions of a work year on pairings; a receiving province may have its own dates."""

    common: Term
    own: Mapping[str, Term]
    known: Known = NOW

    def __hash__(self) -> int:
        return hash((self.common, frozenset(self.own.items()), self.known))

    def takes_part(self) -> sa.ColumnElement[bool]:
        """Does it stand in the lists of the year, confirmed or not? What was declined never did."""
        return sa.and_(
            Pairing.state != PairingState.DECLINED,
            self.known.ends_on > Pairing.starts_on,
            self.known.ends_on > self._date(lambda span: span.starts_on),
            Pairing.starts_on < self._date(lambda span: span.ends_on),
        )

    def is_effective(self) -> sa.ColumnElement[bool]:
        """Does it count in the year?"""
        return sa.and_(self.known.is_confirmed, self.takes_part())

    def covers(self, day: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
        """Does it cover its county on a day?"""
        asked = sa.literal(day, sa.Date) if isinstance(day, date) else day
        is_over_or_to_come = sa.or_(
            asked < self._date(lambda span: span.starts_on),
            asked >= self._date(lambda span: span.ends_on),
        )
        is_in_force = sa.and_(Pairing.starts_on <= asked, self.known.ends_on >= asked)
        return sa.and_(self.is_effective(), sa.or_(is_over_or_to_come, is_in_force))

    def first_day(self) -> sa.ColumnElement[date]:
        """The first day of the year on which a pairing that takes part is in force."""
        begins = self._date(lambda span: span.starts_on)
        return sa.case((Pairing.starts_on > begins, Pairing.starts_on), else_=begins)

    def last_day(self) -> sa.ColumnElement[date]:
        """The last day of the year on which a pairing that takes part is in force."""
        ends = self._date(lambda span: span.ends_on)
        return sa.case((self.known.ends_on < ends, self.known.ends_on), else_=ends)

    def _date(self, pick: Callable[[Term], date]) -> sa.ColumnElement[date]:
        common = sa.literal(pick(self.common), sa.Date)
        if not self.own:
            return common
        return sa.case(
            {code: sa.literal(pick(span), sa.Date) for code, span in self.own.items()},
            value=Pairing.receiving_province_code,
            else_=common,
        )


def in_year(session: Session, year: int, known: Known = NOW) -> InYear:
    """Return the conditions of a work year (one query); raise LookupError if there is none."""
    spans = {
        one.province_code: Term(one.starts_on, one.ends_on)
        for one in regime_of(session).years
        if one.year == year
    }
    common = spans.pop(None, None)
    if common is None:
        message = f"没有 {year} 工作年度。"
        raise LookupError(message)
    return InYear(common, {code: span for code, span in spans.items() if code}, known)
