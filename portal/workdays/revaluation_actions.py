"""What a changed calendar or policy does to working days that are already there.

Working days know the calendar and the programme, neither knows working days: the doors of
portal/changes call their verbs, and then this room's, in one transaction.

A closed work year is frozen. A change that would alter an approved day of one is refused; other
entries of a closed year are left as they are until it is opened again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Pairing, PairingYear, PolicyParameter, Programme, Workday
from models.types import DayKind, Hold, Side, Task, WorkdayState, WorkMode
from portal.calendar.queries import load_calendar
from portal.calendar.rules import Calendar
from portal.deeds import Deed
from portal.programme.policy import Policy
from portal.programme.queries import in_closed_year, policy_on
from portal.refusals import Refusal, refuse_if
from portal.totals.actions import refresh
from portal.workdays.rules import Value, value_of

BATCH = 400
"""Dates in one statement; SQLite allows 999 bound values in old builds."""

Condition: TypeAlias = ColumnElement[bool]


def revalue_dates(deed: Deed, first: date, last: date) -> int:
    """Decide anew what the working days from first to last are worth; return how many changed.

    Both dates count. Days in whatever state, those of closed work years excepted. Only changed
    rows are written, and only the totals of their pairings. The number of statements follows
    from the number of policies and kinds of entries, not from the number of days.
    """
    session = deed.session
    session.flush()
    is_closed = _closed(Workday.year, Workday.pairing_id)
    open_days = sa.and_(Workday.worked_on.between(first, last), sa.not_(is_closed))
    touched = _Touched(session)
    for is_rest_day, dates in _misjudged_dates(session, first, last, open_days):
        touched.update(
            sa.and_(
                open_days, Workday.worked_on.in_(dates), Workday.is_rest_day.is_(not is_rest_day)
            ),
            {"is_rest_day": is_rest_day},
        )
    for since, until, policy in _policies(session, first, last):
        span = sa.and_(open_days, Workday.worked_on.between(since, until))
        for kind in _kinds(session, span):
            value = kind.value(policy)
            if value != (kind.worth_centidays, kind.hold):
                touched.update(
                    sa.and_(span, kind.condition()),
                    {"worth_centidays": value.centidays, "hold": value.hold},
                )
    refresh(session, touched.keys)
    return touched.forget_stale_objects()


class _Touched:
    """Writes to working days in bulk, and remembers which rows and which totals it touched."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._ids: set[int] = set()
        self.keys: set[tuple[int, int]] = set()

    def update(self, condition: Condition, values: Mapping[str, Any]) -> None:
        rows = self._session.execute(
            sa.update(Workday)
            .where(condition)
            .values(values)
            .returning(Workday.id, Workday.pairing_id, Workday.year)
            .execution_options(synchronize_session=False)
        ).all()
        self._ids |= {row.id for row in rows}
        self.keys |= {(row.pairing_id, row.year) for row in rows}

    def forget_stale_objects(self) -> int:
        """Have the session read again what it had read before; return how many rows changed."""
        for row in self._session.identity_map.values():
            if isinstance(row, Workday) and row.id in self._ids:
                self._session.expire(row)
        return len(self._ids)


class _Kind(NamedTuple):
    """Entries that are worth the same: all that the rule asks, and what it last answered."""

    half_days: int
    side: Side
    mode: WorkMode
    task: Task | None
    is_rest_day: bool
    worth_centidays: int
    hold: Hold | None

    def value(self, policy: Policy) -> Value:
        return value_of(
            half_days=self.half_days,
            side=self.side,
            mode=self.mode,
            task=self.task,
            is_rest_day=self.is_rest_day,
            policy=policy,
        )

    def condition(self) -> Condition:
        columns = zip(_KIND_COLUMNS, self, strict=True)
        return sa.and_(*(column.is_not_distinct_from(value) for column, value in columns))


_KIND_COLUMNS = tuple(getattr(Workday, name) for name in _Kind._fields)


def _kinds(session: Session, span: Condition) -> list[_Kind]:
    """Return the kinds of entries that there are; at most some hundred, however many entries."""
    return [
        _Kind(*row) for row in session.execute(sa.select(*_KIND_COLUMNS).where(span).distinct())
    ]


def _misjudged_dates(
    session: Session, first: date, last: date, span: Condition
) -> Iterator[tuple[bool, Sequence[date]]]:
    """Yield dates whose entries do not agree with the calendar: (is it a rest day?, dates)."""
    calendar = load_calendar(session, first, last)
    rows = session.execute(sa.select(Workday.worked_on, Workday.is_rest_day).where(span).distinct())
    wrong = {day for day, was_rest in rows if was_rest == calendar.is_working_day(day)}
    for is_rest_day in (False, True):
        dates = sorted(day for day in wrong if calendar.is_working_day(day) != is_rest_day)
        for start in range(0, len(dates), BATCH):
            yield is_rest_day, dates[start : start + BATCH]


def _policies(session: Session, first: date, last: date) -> Iterator[tuple[date, date, Policy]]:
    """Yield the spans of dates in each of which one policy is in force: (since, until, policy)."""
    changes = session.scalars(
        sa.union(sa.select(PolicyParameter.valid_from), sa.select(Programme.starts_on))
    )
    starts = sorted({first, *(day for day in changes if first < day <= last)})
    ends = [*(day - timedelta(days=1) for day in starts[1:]), last]
    for since, until in zip(starts, ends, strict=True):
        yield since, until, policy_on(session, since)


def refuse_closed_days(
    session: Session, first: date, last: date, exceptions: Mapping[date, DayKind]
) -> None:
    """Refuse a new calendar of a span if an approved day of a closed year would turn."""
    before = load_calendar(session, first, last)
    after = Calendar(exceptions, before.official_years)
    dates = (first + timedelta(days=number) for number in range((last - first).days + 1))
    turned = [day for day in dates if before.is_working_day(day) != after.is_working_day(day)]
    touched = session.execute(
        sa.select(Workday.worked_on, Workday.year)
        .where(
            Workday.worked_on.in_(turned),
            Workday.state == WorkdayState.APPROVED,
            _closed(Workday.year, Workday.pairing_id),
        )
        .distinct()
        .order_by(Workday.worked_on)
    )
    refuse_if(
        Refusal(
            "",
            "closed_year",
            f"{day} 已有核准的工作日志，属于已关闭的 {year} 工作年度；"
            "请先重新开放该年度，再修改这一天。",
        )
        for day, year in touched
    )


def _closed(year: InstrumentedAttribute[int], pairing_id: InstrumentedAttribute[int]) -> Condition:
    """Return the condition under which a row of a pairing and year is in a closed work year."""
    # One look at the pairings and their years, not one for each working day.
    return sa.tuple_(pairing_id, year).in_(
        sa.select(PairingYear.pairing_id, PairingYear.year)
        .join(Pairing, Pairing.id == PairingYear.pairing_id)
        .where(in_closed_year(PairingYear.year, Pairing.receiving_province_code))
    )
