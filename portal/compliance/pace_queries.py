"""The pace of days as SQL over the ready totals: pace_rules.py over whole tables.

Home, lists, summary and exports ask here. A test holds rule and conditions together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import PairingYearTotal
from models.types import Side
from portal.calendar.rules import Numbering
from portal.compliance.pace_rules import (
    DAYS_BITS,
    FULL_DAY,
    NO_PACE,
    NO_STANDING,
    RANKED,
    Course,
    Days,
    DaysStanding,
    Pace,
    PaceMoment,
    moment_of,
    need_of,
    standing_of,
)
from portal.programme.policy import Policy
from portal.programme.regime_queries import regime_of

Total = PairingYearTotal
BOTH_BITS = sum(DAYS_BITS.values())
FAR_AWAY = 100_000
"""A working day that no work year has."""


@dataclass(frozen=True, slots=True)
class Paces:
    """How the ready rows of a work year stand on a day.

    ``excepted`` are the provinces whose own year is closed where that of the others is open, or
    open where theirs is closed. Where a condition is asked for ``is_effective``, this says which
    rows are those of effective pairings: others have no pace. Equal ones build equal conditions: of the
    numbers of the working days they hold what ``moment`` says.
    """

    year: int
    moment: PaceMoment
    policy: Policy
    numbering: Numbering = field(compare=False)
    is_closed: bool
    excepted: frozenset[str]

    def has_pace(self) -> sa.ColumnElement[bool]:
        """Is the year of a row not over yet?"""
        runs = Total.ends_on >= sa.literal(self.moment.day, sa.Date)
        if self.is_closed:
            return sa.and_(runs, Total.receiving_province_code.in_(sorted(self.excepted)))
        if self.excepted:
            return sa.and_(runs, Total.receiving_province_code.not_in(sorted(self.excepted)))
        return runs

    def rank(self, is_effective: Any) -> sa.ColumnElement[int]:
        """Return the place in ``RANKED`` of the side that is further behind, or ``NO_PACE``."""
        return sa.case(
            (sa.not_(sa.and_(self.has_pace(), is_effective)), NO_PACE),
            (sa.or_(*(self._is_lost(side) for side in Side)), Pace.OUT_OF_REACH.rank),
            (sa.or_(*(self._is_slow(side) for side in Side)), Pace.SLOW.rank),
            (Total.findings.bitwise_and(BOTH_BITS) == 0, Pace.DONE.rank),
            else_=Pace.ON_COURSE.rank,
        )

    def rank_of(self, side: Side, is_effective: Any) -> sa.ColumnElement[int]:
        """Return the place in ``RANKED`` of a side, or ``NO_PACE``."""
        return sa.case(
            (sa.not_(sa.and_(self.has_pace(), is_effective)), NO_PACE),
            (self._is_lost(side), Pace.OUT_OF_REACH.rank),
            (self._is_slow(side), Pace.SLOW.rank),
            (Total.findings.bitwise_and(DAYS_BITS[side]) == 0, Pace.DONE.rank),
            else_=Pace.ON_COURSE.rank,
        )

    def latest_start(self) -> sa.ColumnElement[int]:
        """Return the number of the working day on which the hastier side has to begin.

        ``FAR_AWAY`` where neither has to, or can no longer. Of a row without a pace it says nothing.
        """
        sent, received = (self._latest_start(side) for side in Side)
        return sa.case((sent < received, sent), else_=received)

    def is_at(self, pace: Pace, is_effective: Any) -> sa.ColumnElement[bool]:
        """Is this the pace of the side that is further behind?"""
        return self.rank(is_effective) == pace.rank

    def order(self, is_effective: Any) -> list[Any]:
        """Return the keys by which the worst come first, and of these whoever has to begin first.

        Where there is no pace any more, what is not compliant comes first.
        """
        rank = self.rank(is_effective)
        start = sa.case((rank < NO_PACE, self.latest_start()), else_=FAR_AWAY)
        return [rank, start, Total.is_compliant]

    def tallied(self) -> list[sa.ColumnElement[int]]:
        """Count effective rows for :func:`paces_in`: cheaper than asking each for its rank.

        Those out of reach, these and the slow ones, those that are done, and all that have a pace.
        """
        has_pace = self.has_pace()
        lost = sa.or_(*(self._is_lost(side) for side in Side))
        slow = sa.or_(*(self._is_slow(side) for side in Side))
        done = Total.findings.bitwise_and(BOTH_BITS) == 0
        conditions = (lost, sa.or_(slow, lost), done, sa.true())
        return [
            sa.cast(
                sa.func.coalesce(sa.func.sum(sa.case((sa.and_(has_pace, one), 1), else_=0)), 0),
                sa.Integer,
            )
            for one in conditions
        ]

    def standing(self, row: Any, *, is_effective: bool) -> DaysStanding:
        """Say of one ready row how it stands."""
        if not is_effective or self.is_closed != (row.receiving_province_code in self.excepted):
            return NO_STANDING
        sent, received = (self.days_of(row, side) for side in Side)
        return standing_of(sent, received, course_in(row), self.moment, self.numbering)

    def days_of(self, row: Any, side: Side) -> Days:
        """Return what the pace of a side of a ready row is reckoned with."""
        bit = DAYS_BITS[side]
        return Days(
            self._logged(row, side),
            need_of(side, self.policy),
            getattr(row, f"{side}_people"),
            not row.findings & bit,
        )

    def standing_in(self, ranks: Sequence[int], start: int) -> DaysStanding:
        """Return the standing that ``rank_of`` of both sides and ``latest_start`` speak of."""
        sent, received = (RANKED[rank] if rank < NO_PACE else None for rank in ranks)
        begins = start < FAR_AWAY and (sent is not None)
        return DaysStanding(sent, received, self.numbering.date_of(start) if begins else None)

    def _logged(self, row: Any, side: Side) -> Any:
        if self.policy["day_basis"] == "per_person":
            return getattr(row, f"{side}_min_centidays")
        return getattr(row, f"{side}_centidays") + getattr(row, f"{side}_undecided_centidays")

    def _missing(self, side: Side) -> Any:
        return need_of(side, self.policy) - self._logged(Total, side)

    def _people(self, side: Side) -> Any:
        return getattr(Total, f"{side}_people")

    def _is_lost(self, side: Side) -> sa.ColumnElement[bool]:
        before = self.moment.before
        begun = sa.case(
            (Total.working_days_before > before, Total.working_days_before), else_=before
        )
        left = Total.working_days_through - begun
        return self._missing(side) > FULL_DAY * self._people(side) * left  # type: ignore[no-any-return]

    def _is_slow(self, side: Side) -> sa.ColumnElement[bool]:
        whole = Total.working_days_through - Total.working_days_before
        gone = self.moment.through - Total.working_days_before
        return self._logged(Total, side) * whole < need_of(side, self.policy) * gone  # type: ignore[no-any-return]

    def _latest_start(self, side: Side) -> sa.ColumnElement[int]:
        people = FULL_DAY * self._people(side)
        missing = self._missing(side)
        return sa.case(
            (sa.or_(missing <= 0, self._is_lost(side)), FAR_AWAY),
            else_=Total.working_days_through - (missing + people - 1) // people + 1,
        )


def paces_in(tallied: Sequence[int]) -> tuple[int, ...]:
    """Return how many rows have which pace, in the order of ``RANKED``, of what ``tallied`` counts."""
    lost, behind, done, all_of_them = tallied
    return lost, behind - lost, all_of_them - behind - done, done


def course_in(row: Any) -> Course:
    """Return the course that stands in a ready row."""
    return Course(
        row.ends_on,
        row.working_days_before,
        row.working_days_through,
        row.sent_people,
        row.received_people,
    )


def paces_on(session: Session, year: int, day: date, policy: Policy | None = None) -> Paces:
    """Return how the ready rows of a work year stand on a day; raise LookupError without a year.

    Without another policy they are judged by that of the year.
    """
    regime = regime_of(session)
    numbering = regime.numbering_of(year)
    closed = {one.province_code: one.is_closed for one in regime.years if one.year == year}
    common = closed.pop(None)
    return Paces(
        year=year,
        moment=moment_of(numbering, day),
        policy=policy or regime.policy_of_year(year),
        numbering=numbering,
        is_closed=common,
        excepted=frozenset(code for code, own in closed.items() if code and own != common),
    )
