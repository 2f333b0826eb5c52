"""People with approved days that do not count yet: something of the person is still missing."""

from __future__ import annotations

from models import Assignment
from models.types import AssignmentState, Side
from portal.confirmations.actions import approve_workdays, confirm_workdays
from portal.staffing.actions import nominate
from portal.totals.actions import refresh_pairing
from portal.workdays.actions import log_workday
from tests.support.workdays import MONDAY, approved, entry
from tests.support.world import World


def nominated(world: World, key: str = "sent2") -> Assignment:
    """Somebody whose nomination waits, with an approved day that waits for it."""
    assignment = world.assignment(key)
    approved(world, key)
    assignment.state = AssignmentState.NOMINATED
    assignment.nominated_by_person_id = None
    world.session.flush()
    refresh_pairing(world.session, assignment.pairing_id)
    return assignment


def unqualified(world: World) -> Assignment:
    """Somebody who does not meet the rule, with an approved day that waits for it."""
    person = world.person("unqualified")
    assignment = nominate(
        world.deed(),
        pairing=world.pairing(),
        person=person,
        side=Side.SENT,
        starts_on=MONDAY,
        ends_on=None,
    )
    deed = world.deed()
    workday = log_workday(deed, pairing=world.pairing(), person=person, entry=entry(), submit=True)
    confirm_workdays(deed, [workday])
    approve_workdays(deed, [workday])
    return assignment
