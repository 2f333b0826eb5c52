"""Two answers to one question: the totals' SQL and the page's explanation say the same of a day."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from models import Assignment, Pairing, Workday
from models.types import AssignmentState, Hold, PairingState, WorkdayState
from portal.corrections.actions import correct_workday
from portal.pairings.life_rules import PairingLife
from portal.programme.policy import DEFAULT_POLICY, Policy
from portal.totals.queries import standing_under
from portal.workdays.queries import halves_taken
from portal.workdays.reckoning_rules import Facts, reckoning_of
from tests.support.workdays import MONDAY, approved, entry, logged
from tests.support.world import World

POLICIES = [
    Policy({**DEFAULT_POLICY.values, "counts_from": step, "offday": offday})
    for step, offday in itertools.product(
        ("approved", "confirmed"), ("with_approval", "always", "never")
    )
]


def facts_of(workday: Workday, assignment: Assignment, life: PairingLife) -> Facts:
    return Facts(
        state=workday.state,
        side=workday.side,
        mode=workday.mode,
        half_days=workday.half_days,
        worth_centidays=workday.worth_centidays,
        hold=workday.hold,
        is_rest_day=workday.is_rest_day,
        is_correction=workday.corrects_id is not None,
        assignment_state=assignment.state,
        is_qualified=assignment.is_qualified,
        life=life,
    )


def every_kind_of_day(world: World) -> None:
    """One day of each state, on working and rest days, held and not, of either side."""
    states = [state for state in WorkdayState if state != WorkdayState.SUPERSEDED]
    kinds = itertools.product(("sent1", "received1"), states, (False, True), (None, Hold.NO_TASK))
    for number, (worker, state, is_rest_day, hold) in enumerate(kinds):
        workday = logged(world, worker, MONDAY - timedelta(number // 2), half_days=1)
        workday.state, workday.is_rest_day, workday.hold = state, is_rest_day, hold
    original = approved(world, "sent2")
    correct_workday(world.deed("sending_staff"), original, entry(MONDAY, 1), "实际半天")
    world.session.flush()


def test_the_explanation_agrees_with_the_totals_for_every_kind_of_day(world: World):
    every_kind_of_day(world)
    yes_or_no = (True, False)
    states = (AssignmentState.APPROVED, AssignmentState.NOMINATED)
    standings: list[tuple[Any, bool, bool]] = list(itertools.product(states, yes_or_no, yes_or_no))
    seen = set()
    for (state, is_qualified, is_confirmed), policy in itertools.product(standings, POLICIES):
        world.session.execute(sa.update(Assignment).values(state=state, is_qualified=is_qualified))
        stands = PairingState.CONFIRMED if is_confirmed else PairingState.PROPOSED
        confirmed_at = world.clock() if is_confirmed else None
        world.session.execute(sa.update(Pairing).values(state=stands, confirmed_at=confirmed_at))
        world.session.expire_all()
        sql = standing_under(policy)
        rows = world.session.execute(
            sa.select(Workday, Assignment, sql.counts, sql.waits)
            .join(Assignment, Assignment.id == Workday.assignment_id)
            .join(Pairing, Pairing.id == Workday.pairing_id)
        ).all()
        life = PairingLife("P1", stands, is_confirmed)
        for workday, assignment, counts, waits in rows:
            found = reckoning_of(facts_of(workday, assignment, life), policy)
            assert (found.counts, found.waits) == (bool(counts), bool(waits)), workday.state
            seen.add((found.counts, found.waits))
    assert seen == {(True, False), (False, True), (False, False)}


def test_the_halves_of_a_date_are_found_by_their_indexes(world: World):
    """A log must cost the same among five million: the planner of SQLite says how it looks."""
    session = world.session
    if session.get_bind().dialect.name != "sqlite":
        return
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        sent.append((statement, values))

    sa.event.listen(session.get_bind(), "before_cursor_execute", note)
    halves_taken(session, 1, MONDAY, besides=[2])
    sa.event.remove(session.get_bind(), "before_cursor_execute", note)
    (statement, values) = sent[-1]
    plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
    steps = " ".join(row[3] for row in plan)
    assert "uq_workday_first_half" in steps
    assert "uq_workday_second_half" in steps
    assert "SCAN workday" not in steps
