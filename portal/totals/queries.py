"""THE definition of what counts, as SQL over working days and assignments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Assignment,
    AssignmentDecision,
    Pairing,
    PairingDecision,
    PersonYearTotal,
    Workday,
    WorkdayDecision,
)
from models.types import AssignmentState, Side, WorkdayState
from portal.compliance.rules import NO_TALLY, Tally
from portal.programme.policy import Policy

WAITING = (WorkdayState.SUBMITTED, WorkdayState.CONFIRMED)

HALVES = sa.case((Workday.takes_first_half, 1), else_=0) + sa.case(
    (Workday.takes_second_half, 1), else_=0
)
"""How many halves of its date an entry takes: those of no other."""

THE_YEAR = sa.bindparam("the_year", type_=sa.Integer)
PAIRINGS: sa.BindParameter[Any] = sa.bindparam("pairings", expanding=True)
"""What a statement that is built once is asked for, by their ``key``."""

PairingIds: TypeAlias = Sequence[int] | sa.BindParameter[Any] | sa.Select[int]
"""Which pairings: their ids, or what selects them."""

PERSON_COLUMNS = (
    "pairing_id",
    "year",
    "side",
    "person_id",
    "is_qualified",
    "approved_entries",
    "counted_centidays",
    "pending_centidays",
    "undecided_centidays",
    "first_day",
    "last_day",
)

MONTH_COLUMNS = (
    "pairing_id",
    "year",
    "month",
    "sent_centidays",
    "received_centidays",
    "sent_pending_centidays",
    "received_pending_centidays",
)


def person_sums(
    year: int | sa.BindParameter[int],
    policy: Policy,
    *,
    pairing_ids: PairingIds | None = None,
    known_before: datetime | None = None,
) -> sa.Select[Any]:
    """Return the days of each person in each pairing and side of a year (``PERSON_COLUMNS``).

    With ``known_before`` the states are those of the last decisions before that instant.
    """
    day: Any = Workday
    standing: Any = Assignment.state
    qualified: Any = Assignment.is_qualified
    assigned_by: Any = Assignment.id == Workday.assignment_id
    confirmed: Any = Pairing.confirmed_at.is_not(None)
    if known_before is not None:
        day = _alike(last_workday_decisions(year, known_before, pairing_ids)).c
        standing, qualified = AssignmentDecision.state_after, AssignmentDecision.is_qualified_after
        assigned_by = Assignment.id == day.assignment_id
        confirmed = Pairing.confirmed_at < known_before
    decided, eligible, counts, waits = standing_under(
        policy, standing, qualified, day=day, is_confirmed=confirmed
    )
    assigned = sa.and_(standing == AssignmentState.APPROVED, confirmed)
    worth, entries, first_on, last_on = (
        (day.is_worth, day.entries, day.first_on, day.last_on)
        if known_before is not None
        else (day.worth_centidays > 0, sa.literal(1), day.worked_on, day.worked_on)
    )
    wanted = (
        sa.select(
            day.pairing_id,
            day.year,
            day.side,
            day.person_id,
            sa.func.max(sa.case((eligible, 1), else_=0)).label("eligible"),
            _sum(sa.and_(decided, assigned, worth), entries).label("approved_entries"),
            _sum(counts, day.worth_centidays).label("counted_centidays"),
            _sum(waits, day.worth_centidays).label("pending_centidays"),
            _sum(sa.and_(waits, eligible), day.worth_centidays).label("undecided_centidays"),
            sa.func.min(sa.case((sa.and_(counts, worth), first_on))).label("first_day"),
            sa.func.max(sa.case((sa.and_(counts, worth), last_on))).label("last_day"),
        )
        .join(Assignment, assigned_by)
        .join(Pairing, Pairing.id == day.pairing_id)
        .where(day.year == year)
        .group_by(day.pairing_id, day.year, day.side, day.person_id)
    )
    if known_before is not None:
        wanted = wanted.join(
            AssignmentDecision, AssignmentDecision.id == last_assignment_decision(known_before)
        )
    if pairing_ids is not None:
        wanted = wanted.where(day.pairing_id.in_(pairing_ids))
    rows = wanted.subquery()
    return sa.select(
        rows.c.pairing_id,
        rows.c.year,
        rows.c.side,
        rows.c.person_id,
        (rows.c.eligible == 1).label("is_qualified"),
        rows.c.approved_entries,
        rows.c.counted_centidays,
        rows.c.pending_centidays,
        rows.c.undecided_centidays,
        rows.c.first_day,
        rows.c.last_day,
    )


def month_sums(
    year: int | sa.BindParameter[int],
    policy: Policy,
    *,
    pairing_ids: Sequence[int] | sa.BindParameter[Any] | None = None,
) -> sa.Select[Any]:
    """Return the days of each pairing in each calendar month of a year (``MONTH_COLUMNS``).

    What counts and what waits is what :func:`person_sums` says; other days have no part in it.
    """
    _, _, counts, waits = standing_under(policy)
    month = sa.extract("year", Workday.worked_on) * 100 + sa.extract("month", Workday.worked_on)
    sent, worth = Workday.side == Side.SENT, Workday.worth_centidays
    columns: list[sa.ColumnElement[Any]] = [
        sa.cast(month, sa.Integer).label("month"),
        _sum(sa.and_(counts, sent), worth).label("sent_centidays"),
        _sum(sa.and_(counts, sa.not_(sent)), worth).label("received_centidays"),
        _sum(sa.and_(waits, sent), worth).label("sent_pending_centidays"),
        _sum(sa.and_(waits, sa.not_(sent)), worth).label("received_pending_centidays"),
    ]
    rows = (
        sa.select(Workday.pairing_id, Workday.year, *columns)
        .select_from(
            sa.join(Workday, Assignment, Assignment.id == Workday.assignment_id).join(
                Pairing, Pairing.id == Workday.pairing_id
            )
        )
        .where(Workday.year == year, sa.or_(counts, waits), worth > 0)
        .group_by(Workday.pairing_id, Workday.year, "month")
    )
    if pairing_ids is not None:
        rows = rows.where(Workday.pairing_id.in_(pairing_ids))
    return rows


class DayConditions(NamedTuple):
    """How a day stands, as conditions on a working day joined with its assignment and pairing."""

    decided: sa.ColumnElement[bool]
    eligible: sa.ColumnElement[bool]
    counts: sa.ColumnElement[bool]
    waits: sa.ColumnElement[bool]


def standing_under(
    policy: Policy,
    assignment_state: Any = Assignment.state,
    is_qualified: Any = Assignment.is_qualified,
    *,
    day: Any = Workday,
    is_confirmed: Any = None,
) -> DayConditions:
    """Return the conditions under which a day counts, and under which it waits.

    A day counts when it is approved (or confirmed, where the policy says so and it is no rest
    day), nothing holds it, the pairing is confirmed (B42), and the person's assignment is approved
    and qualified. A day waits when it is on its way, or decided but held. A correction on its way
    shows nothing: its original still stands. ``day`` has the columns of a working day, as it stands
    or as it stood.
    """
    if is_confirmed is None:
        is_confirmed = Pairing.confirmed_at.is_not(None)
    decided = _decided(day, policy)
    eligible = sa.and_(assignment_state == AssignmentState.APPROVED, is_qualified)
    counts = sa.and_(decided, day.hold.is_(None), eligible, is_confirmed)
    waits = sa.and_(
        sa.or_(sa.and_(day.state.in_(WAITING), day.corrects_id.is_(None)), decided),
        sa.not_(counts),
    )
    return DayConditions(decided, eligible, counts, waits)


def _decided(day: Any, policy: Policy) -> sa.ColumnElement[bool]:
    approved: sa.ColumnElement[bool] = day.state == WorkdayState.APPROVED
    if policy["counts_from"] == "approved":
        return approved
    at_once = sa.and_(day.state == WorkdayState.CONFIRMED, day.corrects_id.is_(None))
    if policy["offday"] == "always":
        return sa.or_(approved, at_once)
    return sa.or_(approved, sa.and_(at_once, day.is_rest_day.is_(False)))


def _sum(condition: sa.ColumnElement[bool], value: Any) -> sa.ColumnElement[int]:
    # PostgreSQL sums integers into bigint or numeric; the cast keeps one integer type.
    return sa.cast(
        sa.func.coalesce(sa.func.sum(sa.case((condition, value), else_=0)), 0), sa.Integer
    )


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
    year: int | sa.BindParameter[int],
    known_before: datetime,
    pairing_ids: PairingIds | None = None,
) -> sa.Subquery:
    """Select each day of a year (or of some pairings in it), its state as known before an instant.

    A day on which nothing was decided since stands as it stands; of others, which are found first,
    the last decision before is looked up, day by day.
    """
    asked = [Workday.year == year]
    if pairing_ids is not None:
        asked.append(Workday.pairing_id.in_(pairing_ids))
    since, earlier = aliased(WorkdayDecision), aliased(WorkdayDecision)
    found = sa.select(since.workday_id).distinct().where(since.at >= known_before)
    if pairing_ids is not None:
        found = found.where(since.workday_id.in_(sa.select(Workday.id).where(*asked)))
    changed = found.cte("changed")
    last = (
        sa.select(earlier.id)
        .where(earlier.workday_id == Workday.id, earlier.at < known_before)
        .order_by(earlier.at.desc(), earlier.id.desc())
        .limit(1)
        .correlate(Workday)
        .scalar_subquery()
    )
    as_it_stands = (
        sa.select(*_OF_A_DAY, Workday.state.label("state"))
        .outerjoin(changed, changed.c.workday_id == Workday.id)
        .where(*asked, changed.c.workday_id.is_(None))
    )
    as_it_stood = (
        sa.select(*_OF_A_DAY, WorkdayDecision.state_after)
        .select_from(changed)
        .join(Workday, Workday.id == changed.c.workday_id)
        .join(WorkdayDecision, WorkdayDecision.id == last)
        .where(*asked)
    )
    return sa.union_all(as_it_stands, as_it_stood).subquery()


def _alike(days: sa.Subquery) -> sa.Subquery:
    """Add up the days of an assignment that stand alike: what is asked of each is asked of all at once."""
    day = days.c
    worth = day.worth_centidays > 0
    of = (day.assignment_id, day.pairing_id, day.year, day.side, day.person_id)
    alike = (day.state, day.hold, day.corrects_id, day.is_rest_day)
    return (
        sa.select(
            *of,
            *alike,
            worth.label("is_worth"),
            sa.func.sum(day.worth_centidays).label("worth_centidays"),
            sa.func.count().label("entries"),
            sa.func.min(day.worked_on).label("first_on"),
            sa.func.max(day.worked_on).label("last_on"),
        )
        .group_by(*of, *alike, worth)
        .subquery()
    )


def last_assignment_decision(known_before: datetime) -> sa.ScalarSelect[int]:
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


class Added(NamedTuple):
    """What the days of a pairing in a year add up to.

    Of those that are pending, the undecided ones of each side wait for a decision only.
    """

    tally: Tally
    sent_undecided_centidays: int
    received_undecided_centidays: int


NOTHING_ADDED = Added(NO_TALLY, 0, 0)


def tallies(
    session: Session,
    year: int,
    sums: sa.Select[Any],
    *,
    known_before: datetime | None = None,
) -> dict[int, Added]:
    """Return what each pairing in a year comes to; ``sums`` are the person rows to add up."""
    signed: sa.ColumnElement[bool] = Pairing.agreement_signed_on.is_not(None)
    if known_before is not None:
        signed = sa.exists().where(
            PairingDecision.pairing_id == Pairing.id,
            PairingDecision.kind == "agreement_recorded",
            PairingDecision.at < known_before,
        )
    return _by_pairing(session.execute(_added_up(sums.subquery(), signed, year)))


def ready_tallies(session: Session, year: int, pairing_ids: Sequence[int]) -> dict[int, Added]:
    """Return what some pairings in a year come to, added up from the ready person rows."""
    asked: dict[str, Any] = {THE_YEAR.key: year, PAIRINGS.key: pairing_ids}
    return _by_pairing(session.connection().execute(_ready_tallies(), asked))


@cache
def _ready_tallies() -> sa.Select[Any]:
    ready = PersonYearTotal.__table__
    signed = Pairing.agreement_signed_on.is_not(None)
    return _added_up(ready, signed, THE_YEAR).where(Pairing.id.in_(PAIRINGS))


def _added_up(
    people: sa.FromClause, signed: sa.ColumnElement[bool], year: int | sa.BindParameter[int]
) -> sa.Select[Any]:
    """Return the columns of :class:`Tally` for each pairing, its id before them, then what is undecided."""
    rows = people.c
    sent, received = rows.side == Side.SENT, rows.side == Side.RECEIVED
    counted = rows.counted_centidays > 0
    return (
        sa.select(
            Pairing.id,
            _count(sa.and_(sent, rows.approved_entries > 0)).label("sent_staff"),
            _count(sa.and_(sent, rows.is_qualified, counted)).label("qualified_sent_staff"),
            _count(sa.and_(received, counted)).label("received_staff"),
            _count(sa.and_(received, rows.approved_entries > 0, sa.not_(rows.is_qualified))).label(
                "unqualified_received_staff"
            ),
            _total(sent, rows.counted_centidays),
            _total(received, rows.counted_centidays),
            _total(sent, rows.pending_centidays),
            _total(received, rows.pending_centidays),
            sa.func.coalesce(sa.func.min(sa.case((sent & counted, rows.counted_centidays))), 0),
            sa.func.coalesce(sa.func.min(sa.case((received & counted, rows.counted_centidays))), 0),
            sa.case((signed, 1), else_=0),
            _total(sent, rows.undecided_centidays),
            _total(received, rows.undecided_centidays),
        )
        .select_from(Pairing)
        .outerjoin(people, sa.and_(rows.pairing_id == Pairing.id, rows.year == year))
        .group_by(Pairing.id)
    )


def _by_pairing(rows: sa.Result[Any]) -> dict[int, Added]:
    found = {}
    for pairing_id, *figures, signed, sent, received in map(tuple, rows):
        tally = Tally._make([*map(int, figures), bool(signed)])
        found[pairing_id] = Added(tally, int(sent), int(received))
    return found


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _total(condition: sa.ColumnElement[bool], value: Any) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, value), else_=0)), 0)
