"""What counted as it was known before an instant: the last decisions before it, added up anew.

The definition of what counts is that of ``queries.py``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models import (
    Assignment,
    AssignmentDecision,
    Pairing,
    PairingDecision,
    Workday,
    WorkdayDecision,
)
from models.base import UtcDateTime
from models.types import AssignmentState
from portal.programme.policy import Policy
from portal.totals.course_queries import crew, serves_on
from portal.totals.queries import THE_YEAR, PairingIds, add_up, added_up, day_alone

KNOWN_BEFORE = sa.bindparam("known_before", type_=UtcDateTime())
"""The instant that a statement is asked for; the year is ``THE_YEAR``."""

Instant: TypeAlias = datetime | sa.BindParameter[datetime]

_OF_A_DAY = (
    Workday.id,
    Workday.pairing_id,
    Workday.assignment_id,
    Workday.year,
    Workday.side,
    Workday.person_id,
    Workday.worked_on,
    Workday.worth_centidays,
    Workday.hold,
    Workday.corrects_id,
    Workday.is_rest_day,
)
"""What of a day is asked as of an earlier one; its state beside it."""


def last_workday_decisions(
    year: int | sa.BindParameter[int], known_before: Instant, pairing_ids: PairingIds | None = None
) -> sa.Subquery:
    """Select each day of a year (or of some pairings in it), its state as known before an instant."""
    asked = _asked(year, pairing_ids)
    changed = _changed(asked, known_before, pairing_ids)
    stands = _unchanged(sa.select(*_OF_A_DAY, Workday.state.label("state")), changed, asked)
    return sa.union_all(stands, _as_it_stood(changed, asked, known_before)).subquery()


def known_person_sums(
    policy: Policy, pairing_ids: PairingIds | None = None
) -> sa.Select[*tuple[Any, ...]]:
    """Return of the days of each person what :func:`queries.person_sums` does, but no dates.

    A day on which nothing was decided since stands as it stands; of others, which are found first,
    the last decision before is looked up, day by day. Both are added up by assignment before anything
    is asked of these.
    """
    asked = _asked(THE_YEAR, pairing_ids)
    changed = _changed(asked, KNOWN_BEFORE, pairing_ids)
    stood = _as_it_stood(changed, asked, KNOWN_BEFORE).subquery()
    stands = _unchanged(_by_assignment(policy, Workday), changed, asked)
    days = sa.union_all(
        stands.group_by(Workday.assignment_id),
        _by_assignment(policy, stood.c).group_by(stood.c.assignment_id),
    ).subquery()
    standing = AssignmentDecision.state_after
    is_confirmed = sa.func.coalesce(Pairing.confirmed_at < KNOWN_BEFORE, sa.false())
    assigned = sa.and_(standing == AssignmentState.APPROVED, is_confirmed)
    eligible = sa.and_(standing == AssignmentState.APPROVED, AssignmentDecision.is_qualified_after)
    counts = sa.and_(eligible, is_confirmed)
    waiting = sa.case((counts, days.c.shown - days.c.settled), else_=days.c.shown)
    everything = sa.true()
    return (
        sa.select(
            Assignment.pairing_id,
            sa.type_coerce(THE_YEAR, sa.Integer).label("year"),
            Assignment.side,
            Assignment.person_id,
            (sa.func.max(sa.case((eligible, 1), else_=0)) == 1).label("is_qualified"),
            add_up(assigned, days.c.entries).label("approved_entries"),
            add_up(counts, days.c.settled).label("counted_centidays"),
            add_up(everything, waiting).label("pending_centidays"),
            add_up(eligible, waiting).label("undecided_centidays"),
        )
        .select_from(days)
        .join(Assignment, Assignment.id == days.c.assignment_id)
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .join(AssignmentDecision, AssignmentDecision.id == last_assignment_decision(KNOWN_BEFORE))
        .group_by(Assignment.pairing_id, Assignment.side, Assignment.person_id)
    )


def known_tallies(
    policy: Policy, pairing_ids: PairingIds | None = None
) -> sa.Select[*tuple[Any, ...]]:
    """Return what each pairing came to, as :func:`queries.added_up` has it."""
    signed = sa.exists().where(
        PairingDecision.pairing_id == Pairing.id,
        PairingDecision.kind == "agreement_recorded",
        PairingDecision.at < KNOWN_BEFORE,
    )
    return added_up(known_person_sums(policy, pairing_ids).subquery(), signed, THE_YEAR)


def known_crews(last: sa.ColumnElement[date], source: sa.FromClause) -> sa.Select[*tuple[Any, ...]]:
    """Count the people of each side who serve on the ``last`` day of their pairing, as was known.

    ``source`` joins the pairings with whatever ``last`` asks; assignments end as they do today.
    """
    return (
        sa.select(Pairing.id, *crew())
        .select_from(
            source.join(
                Assignment,
                sa.and_(Assignment.pairing_id == Pairing.id, serves_on(last)),
            ).join(
                AssignmentDecision,
                AssignmentDecision.id == last_assignment_decision(KNOWN_BEFORE),
            )
        )
        .where(
            AssignmentDecision.state_after == AssignmentState.APPROVED,
            AssignmentDecision.is_qualified_after,
        )
        .group_by(Pairing.id)
    )


def last_assignment_decision(known_before: Instant) -> sa.ScalarSelect[int]:
    """Return the last decision on an assignment of the outer statement, as its id.

    It is looked up assignment by assignment: a table of all last decisions is joined by SQLite
    without an index, once over for every working day.
    """
    earlier = aliased(AssignmentDecision)
    return (
        sa.select(earlier.id)
        .where(earlier.assignment_id == Assignment.id, earlier.at < known_before)
        .order_by(earlier.at.desc(), earlier.id.desc())
        .limit(1)
        .correlate(Assignment)
        .scalar_subquery()
    )


def _asked(
    year: int | sa.BindParameter[int], pairing_ids: PairingIds | None
) -> list[sa.ColumnElement[bool]]:
    some = [] if pairing_ids is None else [Workday.pairing_id.in_(pairing_ids)]
    return [Workday.year == year, *some]


def _changed(
    asked: Iterable[sa.ColumnElement[bool]], known_before: Instant, pairing_ids: PairingIds | None
) -> sa.CTE:
    """Select the days on which something was decided since."""
    since = aliased(WorkdayDecision)
    found = sa.select(since.workday_id).distinct().where(since.at >= known_before)
    if pairing_ids is not None:
        found = found.where(since.workday_id.in_(sa.select(Workday.id).where(*asked)))
    return found.cte("changed")


def _unchanged(
    wanted: sa.Select[*tuple[Any, ...]], changed: sa.CTE, asked: Iterable[sa.ColumnElement[bool]]
) -> sa.Select[*tuple[Any, ...]]:
    return (
        wanted.select_from(Workday)
        .outerjoin(changed, changed.c.workday_id == Workday.id)
        .where(*asked, changed.c.workday_id.is_(None))
    )


def _as_it_stood(
    changed: sa.CTE, asked: Iterable[sa.ColumnElement[bool]], known_before: Instant
) -> sa.Select[*tuple[Any, ...]]:
    earlier = aliased(WorkdayDecision)
    last = (
        sa.select(earlier.id)
        .where(earlier.workday_id == Workday.id, earlier.at < known_before)
        .order_by(earlier.at.desc(), earlier.id.desc())
        .limit(1)
        .correlate(Workday)
        .scalar_subquery()
    )
    return (
        sa.select(*_OF_A_DAY, WorkdayDecision.state_after.label("state"))
        .select_from(changed)
        .join(Workday, Workday.id == changed.c.workday_id)
        .join(WorkdayDecision, WorkdayDecision.id == last)
        .where(*asked)
    )


def _by_assignment(policy: Policy, day: Any) -> sa.Select[*tuple[Any, ...]]:
    """Add up of each assignment the entries that are decided, and the days as its people stand."""
    decided, settled, shown = day_alone(policy, day)
    worth = day.worth_centidays
    return sa.select(
        day.assignment_id,
        add_up(sa.and_(decided, worth > 0), 1).label("entries"),
        add_up(settled, worth).label("settled"),
        add_up(shown, worth).label("shown"),
    )
