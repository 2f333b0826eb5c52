"""THE definition of what counts, as SQL over working days and assignments."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Pairing, PersonYearTotal, Workday
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
    year: int | sa.BindParameter[int], policy: Policy, *, pairing_ids: PairingIds | None = None
) -> sa.Select[Any]:
    """Return the days of each person in each pairing and side of a year (``PERSON_COLUMNS``).

    The same as it was known before an instant: ``known_queries.py``.
    """
    decided, eligible, counts, waits = standing_under(policy)
    assigned = sa.and_(
        Assignment.state == AssignmentState.APPROVED, Pairing.confirmed_at.is_not(None)
    )
    worth = Workday.worth_centidays
    worked_on = sa.case((sa.and_(counts, worth > 0), Workday.worked_on))
    wanted = (
        sa.select(
            Workday.pairing_id,
            Workday.year,
            Workday.side,
            Workday.person_id,
            sa.func.max(sa.case((eligible, 1), else_=0)).label("eligible"),
            add_up(sa.and_(decided, assigned, worth > 0), 1).label("approved_entries"),
            add_up(counts, worth).label("counted_centidays"),
            add_up(waits, worth).label("pending_centidays"),
            add_up(sa.and_(waits, eligible), worth).label("undecided_centidays"),
            sa.func.min(worked_on).label("first_day"),
            sa.func.max(worked_on).label("last_day"),
        )
        .join(Assignment, Assignment.id == Workday.assignment_id)
        .join(Pairing, Pairing.id == Workday.pairing_id)
        .where(Workday.year == year)
        .group_by(Workday.pairing_id, Workday.year, Workday.side, Workday.person_id)
    )
    if pairing_ids is not None:
        wanted = wanted.where(Workday.pairing_id.in_(pairing_ids))
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
        add_up(sa.and_(counts, sent), worth).label("sent_centidays"),
        add_up(sa.and_(counts, sa.not_(sent)), worth).label("received_centidays"),
        add_up(sa.and_(waits, sent), worth).label("sent_pending_centidays"),
        add_up(sa.and_(waits, sa.not_(sent)), worth).label("received_pending_centidays"),
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


class DayAlone(NamedTuple):
    """How a day stands whoever did it: decided; decided and held by nothing; decided or on its way."""

    decided: sa.ColumnElement[bool]
    settled: sa.ColumnElement[bool]
    shown: sa.ColumnElement[bool]


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
    decided, settled, shown = day_alone(policy, day)
    eligible = sa.and_(assignment_state == AssignmentState.APPROVED, is_qualified)
    counts = sa.and_(settled, eligible, is_confirmed)
    return DayConditions(decided, eligible, counts, sa.and_(shown, sa.not_(counts)))


def day_alone(policy: Policy, day: Any = Workday) -> DayAlone:
    """Return what of :func:`standing_under` asks the day itself."""
    decided = _decided(day, policy)
    on_its_way = sa.and_(day.state.in_(WAITING), day.corrects_id.is_(None))
    return DayAlone(decided, sa.and_(decided, day.hold.is_(None)), sa.or_(on_its_way, decided))


def _decided(day: Any, policy: Policy) -> sa.ColumnElement[bool]:
    approved: sa.ColumnElement[bool] = day.state == WorkdayState.APPROVED
    if policy["counts_from"] == "approved":
        return approved
    at_once = sa.and_(day.state == WorkdayState.CONFIRMED, day.corrects_id.is_(None))
    if policy["offday"] == "always":
        return sa.or_(approved, at_once)
    return sa.or_(approved, sa.and_(at_once, day.is_rest_day.is_(False)))


def add_up(condition: sa.ColumnElement[bool], value: Any) -> sa.ColumnElement[int]:
    """Add up a value over the rows under a condition; 0 of none."""
    # PostgreSQL sums integers into bigint or numeric; the cast keeps one integer type.
    return sa.cast(
        sa.func.coalesce(sa.func.sum(sa.case((condition, value), else_=0)), 0), sa.Integer
    )


class Added(NamedTuple):
    """What the days of a pairing in a year add up to.

    Of those that are pending, the undecided ones of each side wait for a decision only.
    """

    tally: Tally
    sent_undecided_centidays: int
    received_undecided_centidays: int


NOTHING_ADDED = Added(NO_TALLY, 0, 0)


def tallies(session: Session, year: int, sums: sa.Select[Any]) -> dict[int, Added]:
    """Return what each pairing in a year comes to; ``sums`` are the person rows to add up."""
    signed = Pairing.agreement_signed_on.is_not(None)
    return by_pairing(session.execute(added_up(sums.subquery(), signed, year)))


def ready_tallies(session: Session, year: int, pairing_ids: Sequence[int]) -> dict[int, Added]:
    """Return what some pairings in a year come to, added up from the ready person rows."""
    asked: dict[str, Any] = {THE_YEAR.key: year, PAIRINGS.key: pairing_ids}
    return by_pairing(session.connection().execute(_ready_tallies(), asked))


@cache
def _ready_tallies() -> sa.Select[Any]:
    ready = PersonYearTotal.__table__
    signed = Pairing.agreement_signed_on.is_not(None)
    return added_up(ready, signed, THE_YEAR).where(Pairing.id.in_(PAIRINGS))


def added_up(
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


def by_pairing(rows: sa.Result[*tuple[Any, ...]]) -> dict[int, Added]:
    """Read the rows of :func:`added_up`."""
    found = {}
    for pairing_id, *figures, signed, sent, received in map(tuple, rows):
        tally = Tally._make([*map(int, figures), bool(signed)])
        found[pairing_id] = Added(tally, int(sent), int(received))
    return found


def _count(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


def _total(condition: sa.ColumnElement[bool], value: Any) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, value), else_=0)), 0)
