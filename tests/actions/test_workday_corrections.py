"""Correcting an approved day: the original stands until the correction is approved."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import Workday, WorkdayDecision
from models.types import Task, WorkdayState, WorkMode
from portal.confirmations import actions as confirmations
from portal.corrections.actions import correct_workday
from portal.refusals import Refused
from portal.workdays import actions
from tests.support.workdays import (
    MONDAY,
    approved,
    assert_totals_stand,
    confirmed,
    entry,
    events,
    logged,
)
from tests.support.world import World


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in caught.value.refusals]


def counted(world: World) -> float:
    return (
        world.session.execute(
            sa.text("SELECT SUM(counted_centidays) FROM person_year_total")
        ).scalar()
        / 100
    )


def corrected(world: World, original: Workday, half_days: int = 1, **changes: object) -> Workday:
    deed = world.deed("sending_staff")
    return correct_workday(deed, original, entry(MONDAY, half_days, **changes), "实际只做半天")


def decide(world: World, correction: Workday) -> None:
    confirmations.confirm_workdays(world.deed("sending_manager"), [correction])
    confirmations.approve_workdays(world.deed("county_officer"), [correction])


def test_the_original_counts_until_the_correction_is_approved(world: World):
    original = approved(world)
    correction = corrected(world, original)
    assert (correction.state, correction.corrects_id) == (WorkdayState.SUBMITTED, original.id)
    assert counted(world) == 1
    confirmations.confirm_workdays(world.deed("sending_manager"), [correction])
    assert counted(world) == 1
    assert_totals_stand(world.session)
    confirmations.approve_workdays(world.deed("county_officer"), [correction])
    assert counted(world) == 0.5
    assert original.state == WorkdayState.SUPERSEDED
    assert (original.takes_first_half, original.takes_second_half) == (False, False)
    assert (correction.takes_first_half, correction.takes_second_half) == (True, False)
    assert_totals_stand(world.session)


def test_a_correction_leaves_its_reason_and_its_events(world: World):
    original = approved(world)
    before = len(events(world.session))
    correction = corrected(world, original)
    decide(world, correction)
    assert events(world.session)[before:] == [
        "workday.corrected",
        "workday.confirmed",
        "workday.approved",
    ]
    reasons = world.session.execute(
        sa.select(WorkdayDecision.state_after, WorkdayDecision.reason)
        .where(WorkdayDecision.workday_id == correction.id)
        .order_by(WorkdayDecision.id)
    ).all()
    assert reasons[0] == (WorkdayState.SUBMITTED, "实际只做半天")
    last = world.session.scalars(
        sa.select(WorkdayDecision)
        .where(WorkdayDecision.workday_id == original.id)
        .order_by(WorkdayDecision.id.desc())
        .limit(1)
    ).one()
    assert (last.state_after, last.reason) == ("superseded", f"由更正条目 {correction.id} 取代")


def test_zero_days_strike_the_day_out_and_free_its_date(world: World):
    correction = corrected(world, approved(world), half_days=0)
    decide(world, correction)
    assert counted(world) == 0
    assert logged(world).worked_on == MONDAY
    assert_totals_stand(world.session)


def test_a_struck_out_day_can_be_corrected_back(world: World):
    gone = corrected(world, approved(world), half_days=0)
    decide(world, gone)
    decide(world, corrected(world, gone, half_days=2))
    assert counted(world) == 1
    assert_totals_stand(world.session)


def test_mode_and_task_are_corrected_alike(world: World):
    original = approved(world, mode=WorkMode.TRAVEL)
    assert counted(world) == 0
    decide(world, corrected(world, original, half_days=2, mode=WorkMode.ONLINE, task=Task.T3))
    assert counted(world) == 1
    assert_totals_stand(world.session)


def test_the_date_of_a_correction_is_that_of_its_original(world: World):
    original = approved(world)
    correction = correct_workday(
        world.deed("sending_staff"), original, entry(MONDAY.replace(day=1)), "原因"
    )
    assert correction.worked_on == MONDAY


def test_only_one_correction_is_on_its_way(world: World):
    original = approved(world)
    corrected(world, original)
    with pytest.raises(Refused) as caught:
        corrected(world, original)
    assert codes(caught) == ["wrong_state"]


def test_the_database_itself_refuses_a_second_correction(world: World):
    correction = corrected(world, approved(world))
    columns = [column.name for column in Workday.__table__.columns if column.name != "id"]
    names = ", ".join(columns)
    with pytest.raises(sa.exc.IntegrityError):
        world.session.execute(
            sa.text(f"INSERT INTO workday ({names}) SELECT {names} FROM workday WHERE id = :id"),
            {"id": correction.id},
        )


@pytest.mark.parametrize("make", [logged, confirmed])
def test_what_is_not_approved_is_not_corrected(world: World, make):
    with pytest.raises(Refused) as caught:
        corrected(world, make(world))
    assert codes(caught) == ["wrong_state"]


def test_a_correction_without_a_reason_is_refused(world: World):
    with pytest.raises(Refused) as caught:
        correct_workday(world.deed("sending_staff"), approved(world), entry(MONDAY, 1), " ")
    assert codes(caught) == ["missing_value"]


def test_a_returned_correction_is_changed_with_its_date_and_handed_in_again(world: World):
    original = approved(world)
    correction = corrected(world, original)
    confirmations.return_workday(world.deed("sending_manager"), correction, "请改为不计")
    actions.edit_workday(
        world.deed("sending_staff"),
        correction,
        entry(MONDAY.replace(day=1), 0),
        submit=True,
    )
    assert (correction.worked_on, correction.half_days) == (MONDAY, 0)
    assert not correction.takes_first_half
    decide(world, correction)
    assert counted(world) == 0
    assert_totals_stand(world.session)


def test_a_correction_that_is_given_up_leaves_the_original_as_it_was(world: World):
    original = approved(world)
    correction = corrected(world, original)
    deed = world.deed("sending_staff")
    actions.recall_workday(deed, correction)
    actions.give_up_workday(deed, correction)
    assert (counted(world), original.state) == (1, WorkdayState.APPROVED)
    corrected(world, original)
    assert_totals_stand(world.session)


def test_a_correction_is_not_approved_beyond_one_day(world: World):
    """Half a day was corrected to a whole one; meanwhile the other half was logged."""
    original = approved(world, half_days=1)
    correction = corrected(world, original, half_days=2)
    logged(world, half_days=1)
    confirmations.confirm_workdays(world.deed("sending_manager"), [correction])
    with pytest.raises(Refused) as caught:
        confirmations.approve_workdays(world.deed("county_officer"), [correction])
    assert codes(caught) == ["over_one_day"]


def test_nobody_decides_on_a_correction_of_their_own(world: World):
    correction = corrected(world, approved(world))
    with pytest.raises(Refused) as caught:
        confirmations.confirm_workdays(world.deed("sending_staff"), [correction])
    assert codes(caught) == ["own_entry"]
