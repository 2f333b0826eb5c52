"""Working days for tests: log them in a word, and recompute by hand what the totals should say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Assignment,
    AuditEvent,
    PairingMonthTotal,
    PairingYearTotal,
    PersonYearTotal,
    Workday,
)
from models.types import AssignmentState, Side, Task, WorkdayState, WorkMode
from portal.confirmations.actions import approve_workdays, confirm_workdays
from portal.refusals import refuse_if
from portal.workdays.actions import log_all_placed, log_workday
from portal.workdays.placing_rules import place_all
from portal.workdays.queries import grounds_of_days
from portal.workdays.rules import Entry
from tests.support.world import World

MONDAY = date(2022, 11, 14)
"""The first day of the week before the day on which the tests stand."""

MONTH_FIGURES = (
    "sent_centidays",
    "received_centidays",
    "sent_pending_centidays",
    "received_pending_centidays",
)

OFFICERS = {
    # Each worker's own manager.
    "sent1": "sending_manager",
    "sent2": "sending_manager",
    "received1": "receiving_manager",
    "received2": "receiving_manager",
    "received3": "receiving_manager",
    "foreign": "foreign_manager",
}

ACCOUNTS = {"sent1": "sending_staff", "received1": "receiving_staff"}
"""Workers that have an account of their own; the operator enters for the others."""


def entry(day: date = MONDAY, half_days: int = 2, **changes: Any) -> Entry:
    values: dict[str, Any] = {
        "mode": WorkMode.ONSITE,
        "task": Task.T1,
        "township_code": None,
        "description": "演示：走访困难家庭",
        "late_reason": None,
    }
    return Entry(day, half_days, **{**values, **changes})


def logged(
    world: World,
    worker: str = "sent1",
    day: date = MONDAY,
    half_days: int = 2,
    *,
    code: str = "P1",
    submit: bool = True,
    **changes: Any,
) -> Workday:
    """Log a day as its person; where the person has no account, as the operator."""
    return log_workday(
        world.deed(ACCOUNTS.get(worker)),
        pairing=world.pairing(code),
        person=world.person(worker),
        entry=entry(day, half_days, **changes),
        submit=submit,
    )


def logged_together(
    world: World, worker: str, entries: Sequence[Entry], *, code: str = "P1", submit: bool = True
) -> list[int]:
    """Log several days as the page does: all, or none and every refusal."""
    pairing, person = world.pairing(code).id, world.person(worker).id
    days = [one.worked_on for one in entries]
    grounds = grounds_of_days(world.session, pairing, person, days)
    placed = place_all(grounds, entries, today=world.clock().date())
    refuse_if(one for refusals in placed.refused.values() for one in refusals)
    deed = world.deed(ACCOUNTS.get(worker))
    return log_all_placed(deed, placed.placements, submit=submit)


def confirmed(world: World, worker: str = "sent1", day: date = MONDAY, **changes: Any) -> Workday:
    workday = logged(world, worker, day, **changes)
    confirm_workdays(world.deed(OFFICERS[worker]), [workday])
    return workday


def approved(world: World, worker: str = "sent1", day: date = MONDAY, **changes: Any) -> Workday:
    workday = confirmed(world, worker, day, **changes)
    approve_workdays(world.deed("county_officer"), [workday])
    return workday


def events(session: Session) -> list[str]:
    """Return the names of the audit events about working days, in order."""
    wanted = sa.select(AuditEvent.event).where(AuditEvent.event.startswith("workday."))
    return list(session.scalars(wanted.order_by(AuditEvent.id)))


def assert_totals_stand(session: Session) -> None:
    """Fail unless the ready totals equal a sum by hand over all rows (default policy)."""
    session.flush()
    counted, pending = _sums(session)
    people = {
        (row.pairing_id, row.year, row.side, row.person_id): (
            row.counted_centidays,
            row.pending_centidays,
        )
        for row in session.scalars(sa.select(PersonYearTotal))
    }
    for key in {*people, *counted, *pending}:
        assert people.get(key, (0, 0)) == (counted[key], pending[key]), key
    for row in session.scalars(sa.select(PairingYearTotal)):
        for side, have, wait in (
            (Side.SENT, row.sent_centidays, row.sent_pending_centidays),
            (Side.RECEIVED, row.received_centidays, row.received_pending_centidays),
        ):
            own = (row.pairing_id, row.year, side)
            assert have == sum(value for key, value in counted.items() if key[:3] == own)
            assert wait == sum(value for key, value in pending.items() if key[:3] == own)
    assert_months_add_up(session)


def assert_months_add_up(session: Session) -> None:
    """Fail unless the months of a pairing add up to its year, for every pairing and year."""
    months = {
        (row[0], row[1]): tuple(row[2:])
        for row in session.execute(
            sa.select(
                PairingMonthTotal.pairing_id,
                PairingMonthTotal.year,
                *(sa.func.sum(getattr(PairingMonthTotal, name)) for name in MONTH_FIGURES),
            ).group_by(PairingMonthTotal.pairing_id, PairingMonthTotal.year)
        )
    }
    years = {
        (row[0], row[1]): tuple(row[2:])
        for row in session.execute(
            sa.select(
                PairingYearTotal.pairing_id,
                PairingYearTotal.year,
                *(getattr(PairingYearTotal, name) for name in MONTH_FIGURES),
            )
        )
    }
    assert months == {key: figures for key, figures in years.items() if any(figures)}


def _sums(session: Session) -> tuple[dict[Any, int], dict[Any, int]]:
    counted: dict[Any, int] = defaultdict(int)
    pending: dict[Any, int] = defaultdict(int)
    rows = session.execute(
        sa.select(Workday, Assignment)
        .join(Assignment, Assignment.id == Workday.assignment_id)
        .execution_options(populate_existing=True)
    )
    for workday, assignment in rows:
        key = (workday.pairing_id, workday.year, workday.side, workday.person_id)
        may_count = assignment.state == AssignmentState.APPROVED and assignment.is_qualified
        is_approved = workday.state == WorkdayState.APPROVED
        is_waiting = workday.state in (WorkdayState.SUBMITTED, WorkdayState.CONFIRMED)
        if is_approved and may_count and workday.hold is None:
            counted[key] += workday.worth_centidays
        elif is_approved or (is_waiting and workday.corrects_id is None):
            pending[key] += workday.worth_centidays
    return counted, pending
