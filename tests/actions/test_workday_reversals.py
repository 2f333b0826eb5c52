"""Taking a decision back: by the same person, at once, all of it, and only while it is the last word."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import AuditEvent, Workday, WorkdayDecision, WorkYear
from models.database import Database
from models.types import WorkdayState, WorkMode
from portal.audit.trail import last_number
from portal.confirmations import actions as confirmations
from portal.confirmations.reversal_actions import reverse_decision
from portal.corrections import actions as corrections
from portal.programme.queries import policy_of_year
from portal.refusals import Refused
from portal.totals.known_queries import KNOWN_BEFORE, known_tallies
from portal.totals.queries import THE_YEAR, by_pairing
from portal.workdays import actions
from tests.support.clock import Clock
from tests.support.parallel import at_once
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


def last_batch(session: Session) -> str:
    """Return the batch of what was decided last."""
    newest = sa.select(WorkdayDecision.batch).order_by(WorkdayDecision.id.desc())
    found = session.scalars(newest.where(WorkdayDecision.batch.is_not(None)).limit(1)).one()
    assert found
    return found


def undo(world: World, persona: str, batch: str | None = None) -> tuple[str, int]:
    return reverse_decision(world.deed(persona), batch or last_batch(world.session))


def history(world: World, workday: Workday) -> list[tuple[str, str | None]]:
    rows = world.session.execute(
        sa.select(WorkdayDecision.state_after, WorkdayDecision.reason)
        .where(WorkdayDecision.workday_id == workday.id)
        .order_by(WorkdayDecision.id)
    )
    return [(state.value, reason) for state, reason in rows]


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in caught.value.refusals]


def signed(workday: Workday) -> tuple[int | None, int | None]:
    return workday.confirmed_by_person_id, workday.approved_by_person_id


def test_a_confirmation_is_taken_back(world: World):
    workday = confirmed(world)
    assert undo(world, "sending_manager") == ("确认", 1)
    assert workday.state == WorkdayState.SUBMITTED
    assert signed(workday) == (None, None)
    assert history(world, workday) == [
        ("submitted", None),
        ("confirmed", None),
        ("submitted", "撤销确认"),
    ]
    assert events(world.session)[-2:] == ["workday.confirmed", "workday.confirmed_undone"]
    assert_totals_stand(world.session)
    confirmations.confirm_workdays(world.deed("sending_manager"), [workday])
    assert workday.state == WorkdayState.CONFIRMED


def test_an_approval_of_many_is_taken_back_as_one(world: World):
    workdays = [confirmed(world, day=MONDAY - timedelta(number)) for number in range(3)]
    manager = workdays[0].confirmed_by_person_id
    confirmations.approve_workdays(world.deed("county_officer"), workdays)
    batch = last_batch(world.session)
    world.clock.pass_time(minutes=9)
    assert undo(world, "county_officer", batch) == ("核准", 3)
    assert {one.state for one in workdays} == {WorkdayState.CONFIRMED}
    assert {signed(one) for one in workdays} == {(manager, None)}
    assert_totals_stand(world.session)
    last = world.session.get_one(AuditEvent, last_number(world.session))
    assert last.event == "workday.approved_undone"
    assert json.loads(last.facts) == {
        "count": 3,
        "ids": [one.id for one in workdays],
    }
    confirmations.approve_workdays(world.deed("county_officer"), workdays)
    assert_totals_stand(world.session)


@pytest.mark.parametrize(
    ("make", "persona", "verb", "expected"),
    [
        (logged, "sending_manager", "returned", WorkdayState.SUBMITTED),
        (confirmed, "county_officer", "returned_by_county", WorkdayState.CONFIRMED),
    ],
)
def test_a_return_is_taken_back_to_where_it_came_from(
    world: World, make: Callable[[World], Workday], persona: str, verb: str, expected: WorkdayState
):
    workday = make(world)
    before = signed(workday)
    confirmations.return_workday(world.deed(persona), workday, "天数不符", verb=verb)
    assert undo(world, persona) == ("退回", 1)
    assert workday.state == expected
    assert signed(workday) == before
    assert history(world, workday)[-1] == (expected.value, "撤销退回")
    assert_totals_stand(world.session)


def test_an_earlier_moment_is_still_known_as_it_was(world: World):
    approved(world)
    batch = last_batch(world.session)
    world.clock.pass_time(minutes=2)
    between = world.clock()
    world.clock.pass_time(minutes=2)
    undo(world, "county_officer", batch)
    session, policy = world.session, policy_of_year(world.session, 2022)
    pairing = world.pairing("P1").id
    for known_before, sent in ((between, 100), (world.clock() + timedelta(minutes=1), 0)):
        asked = {THE_YEAR.key: 2022, KNOWN_BEFORE.key: known_before}
        found = by_pairing(session.execute(known_tallies(policy), asked))
        assert found[pairing].tally.sent_centidays == sent


def test_the_approval_of_a_correction_is_taken_back_with_its_original(world: World):
    original = approved(world)
    approver = original.approved_by_person_id
    correction = corrections.correct_workday(
        world.deed("sending_staff"), original, entry(half_days=1, mode=WorkMode.ONLINE), "记错"
    )
    confirmations.confirm_workdays(world.deed("sending_manager"), [correction])
    confirmations.approve_workdays(world.deed("county_officer"), [correction])
    world.session.refresh(original)
    assert original.state == WorkdayState.SUPERSEDED
    assert undo(world, "county_officer") == ("核准", 1)
    world.session.refresh(original)
    assert (original.state, original.approved_by_person_id) == (WorkdayState.APPROVED, approver)
    assert (original.takes_first_half, original.takes_second_half) == (True, True)
    assert correction.state == WorkdayState.CONFIRMED
    assert (correction.takes_first_half, correction.takes_second_half) == (False, False)
    assert correction.approved_by_person_id is None
    assert_totals_stand(world.session)
    confirmations.approve_workdays(world.deed("county_officer"), [correction])
    assert_totals_stand(world.session)


def test_refuses_when_the_freed_half_day_is_taken(world: World):
    original = approved(world)
    correction = corrections.correct_workday(
        world.deed("sending_staff"), original, entry(half_days=1), "只有半天"
    )
    confirmations.confirm_workdays(world.deed("sending_manager"), [correction])
    confirmations.approve_workdays(world.deed("county_officer"), [correction])
    batch = last_batch(world.session)
    logged(world, half_days=1)
    with pytest.raises(Refused) as caught:
        undo(world, "county_officer", batch)
    assert codes(caught) == ["over_one_day"]
    assert "超过 1 天" in caught.value.refusals[0].sentence


def test_of_a_correction_that_was_corrected_in_its_turn_no_room_is_asked(world: World):
    wrong, batches = approved(world), []
    for words in ("只有半天", "是另外半天"):
        wrong = corrections.correct_workday(
            world.deed("sending_staff"), wrong, entry(half_days=1), words
        )
        confirmations.confirm_workdays(world.deed("sending_manager"), [wrong])
        batches.append(confirmations.approve_workdays(world.deed("county_officer"), [wrong]))
    with pytest.raises(Refused) as caught:
        undo(world, "county_officer", batches[0])
    assert set(codes(caught)) == {"changed_meanwhile"}


def test_refuses_after_ten_minutes_and_says_what_to_do_instead(world: World):
    workday = approved(world)
    batch = last_batch(world.session)
    world.clock.pass_time(minutes=10, seconds=1)
    with pytest.raises(Refused) as caught:
        undo(world, "county_officer", batch)
    assert codes(caught) == ["too_late"]
    assert caught.value.refusals[0].sentence == (
        "已超过 10 分钟，不能再撤销。如有不妥，可由填报人申请更正。"
    )
    assert workday.state == WorkdayState.APPROVED


def test_refuses_what_somebody_has_handled_since(world: World):
    workday = confirmed(world)
    batch = last_batch(world.session)
    confirmations.approve_workdays(world.deed("county_officer"), [workday])
    with pytest.raises(Refused) as caught:
        undo(world, "sending_manager", batch)
    assert codes(caught) == ["changed_meanwhile"]
    name = world.person("sent1").name
    assert caught.value.refusals[0].sentence == (
        f"{name} 2022-11-14：之后已有人办理或修改，不能再撤销。"
    )


def test_refuses_what_the_person_has_changed_since_without_handing_it_in(world: World):
    workday = logged(world)
    confirmations.return_workday(world.deed("sending_manager"), workday, "天数不符")
    batch = last_batch(world.session)
    actions.edit_workday(world.deed("sending_staff"), workday, entry(half_days=1), submit=False)
    with pytest.raises(Refused) as caught:
        undo(world, "sending_manager", batch)
    assert codes(caught) == ["changed_meanwhile"]


def test_refuses_an_approval_whose_correction_is_on_its_way(world: World):
    workday = approved(world)
    batch = last_batch(world.session)
    corrections.correct_workday(world.deed("sending_staff"), workday, entry(half_days=1), "记错")
    with pytest.raises(Refused) as caught:
        undo(world, "county_officer", batch)
    assert codes(caught) == ["changed_meanwhile"]


def test_one_entry_that_moved_on_holds_back_all(world: World):
    first, second = logged(world), logged(world, "sent2")
    confirmations.confirm_workdays(world.deed("sending_manager"), [first, second])
    batch = last_batch(world.session)
    confirmations.approve_workdays(world.deed("county_officer"), [second])
    with pytest.raises(Refused) as caught:
        undo(world, "sending_manager", batch)
    assert world.person("sent2").name in caught.value.refusals[0].sentence
    assert first.state == WorkdayState.CONFIRMED


def test_a_decision_is_taken_back_once(world: World):
    confirmed(world)
    batch = last_batch(world.session)
    undo(world, "sending_manager", batch)
    with pytest.raises(Refused) as caught:
        undo(world, "sending_manager", batch)
    assert codes(caught) == ["changed_meanwhile"]


def test_nobody_takes_back_what_another_decided(world: World):
    workday = confirmed(world)
    batch = last_batch(world.session)
    with pytest.raises(Refused) as caught:
        undo(world, "county_officer", batch)
    assert codes(caught) == ["nothing_to_undo"]
    assert workday.state == WorkdayState.CONFIRMED


def test_what_nobody_decided_cannot_be_taken_back(world: World):
    logged(world)
    for tried in ("", "0" * 16, "1", str(last_number(world.session))):
        with pytest.raises(Refused) as caught:
            reverse_decision(world.deed("sending_staff"), tried)
        assert codes(caught) == ["nothing_to_undo"]


def test_refuses_in_a_closed_year(world: World):
    approved(world)
    batch = last_batch(world.session)
    world.session.execute(
        sa.update(WorkYear)
        .where(WorkYear.year == 2022)
        .values(closed_at=world.clock(), state="closed")
    )
    with pytest.raises(Refused) as caught:
        undo(world, "county_officer", batch)
    assert codes(caught) == ["closed_year"]


def test_of_undoing_and_approving_at_once_one_wins(world_database: Database, clock: Clock):
    with world_database.writing() as session:
        world = World(session, clock)
        workday_id = confirmed(world).id
        batch = last_batch(session)

    def approve(world: World) -> None:
        workday = world.session.get_one(Workday, workday_id)
        confirmations.approve_workdays(world.deed("county_officer"), [workday])

    def take_back(world: World) -> None:
        undo(world, "sending_manager", batch)

    answers = at_once(world_database, clock, [approve, take_back] * 3)
    assert answers.count("done") == 1
    assert set(answers) <= {"done", "wrong_state", "changed_meanwhile"}
    with world_database.reading() as session:
        assert_totals_stand(session)
