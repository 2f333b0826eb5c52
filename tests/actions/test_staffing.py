"""Nominating, deciding, ending, replacing, excepting."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models import Assignment, AssignmentDecision, AuditEvent, PairingYearTotal, WorkYear
from models.types import AssignmentState, CertLevel, Side, Task, WorkdayState, WorkMode
from portal.confirmations.actions import approve_workdays, confirm_workdays
from portal.people.actions import record_certificate
from portal.people.rules import CertificateFacts
from portal.refusals import Refused
from portal.staffing.actions import (
    approve_assignment,
    approve_assignments,
    end_assignment,
    grant_exception,
    nominate,
    reject_assignment,
    replace_assignment,
    review_qualification,
    withdraw_nomination,
)
from portal.staffing.queries import end_effect
from portal.staffing.reversal_actions import undo_decision
from portal.workdays.actions import log_workday
from portal.workdays.rules import Entry
from tests.support.world import World

FIRST_DAY = date(2022, 3, 1)


def nominated(
    world: World, key: str = "unqualified", persona: str = "sending_manager", **facts
) -> Assignment:
    side = Side.RECEIVED if key.startswith("received") else Side.SENT
    values = {"starts_on": FIRST_DAY, "ends_on": None, **facts}
    return nominate(
        world.deed(persona),
        pairing=world.pairing("P1"),
        person=world.person(key),
        side=side,
        **values,
    )


def last_decision(world: World, assignment: Assignment) -> AssignmentDecision:
    return world.session.scalars(
        sa.select(AssignmentDecision)
        .where(AssignmentDecision.assignment_id == assignment.id)
        .order_by(AssignmentDecision.id.desc())
        .limit(1)
    ).one()


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in refused.value.refusals]


def log(world: World, key: str, day: date) -> None:
    """Log a whole day of a person and have it counted."""
    deed = world.deed()
    entry = Entry(day, 2, WorkMode.ONSITE, Task.T1, None, "督导", "补录")
    workday = log_workday(
        deed, pairing=world.pairing("P1"), person=world.person(key), entry=entry, submit=True
    )
    confirm_workdays(deed, [workday])
    approve_workdays(deed, [workday])
    assert workday.state == WorkdayState.APPROVED


def total(world: World, year: int = 2022) -> PairingYearTotal:
    return world.session.get_one(PairingYearTotal, (world.pairing("P1").id, year))


def test_a_nomination_waits_and_runs_as_long_as_the_pairing(world: World):
    before = world.count(AuditEvent)
    assignment = nominated(world)
    assert assignment.state == AssignmentState.NOMINATED
    assert assignment.ends_on == date(2025, 12, 31)
    assert assignment.nominated_by_person_id == world.actor("sending_manager").person_id
    assert last_decision(world, assignment).kind == "nominated"
    assert world.count(AuditEvent) == before + 1


def test_somebody_who_does_not_meet_the_rule_is_taken_but_does_not_qualify(world: World):
    assert nominated(world).is_qualified is False


def test_a_nomination_by_the_operator_is_approved_at_once(world: World):
    assignment = nominate(
        world.deed(),
        pairing=world.pairing("P1"),
        person=world.person("unqualified"),
        side=Side.SENT,
        starts_on=FIRST_DAY,
        ends_on=None,
    )
    assert assignment.state == AssignmentState.APPROVED


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"key": "sent1"}, ("starts_on", "overlap")),
        ({"key": "sent_other"}, ("person", "not_a_member")),
        ({"starts_on": date(2021, 12, 1)}, ("starts_on", "outside_pairing")),
        ({"ends_on": date(2026, 1, 1)}, ("ends_on", "outside_pairing")),
        ({"ends_on": date(2022, 2, 1)}, ("ends_on", "invalid_value")),
    ],
)
def test_refuses_a_nomination(world: World, facts, expected):
    with pytest.raises(Refused) as refused:
        nominated(world, **facts)
    assert codes_of(refused) == [expected]


def test_refuses_a_nomination_into_a_closed_year(world: World):
    world.session.execute(
        sa.update(WorkYear)
        .where(WorkYear.year == 2022)
        .values(closed_at=world.clock(), state="closed")
    )
    with pytest.raises(Refused) as refused:
        nominated(world)
    assert codes_of(refused) == [("starts_on", "closed_year")]


def test_a_nomination_that_was_turned_down_may_be_made_again(world: World):
    first = nominated(world)
    reject_assignment(world.deed("sending_province_officer"), first, "证书不符")
    assert nominated(world).state == AssignmentState.NOMINATED


# ---- deciding


@pytest.mark.parametrize(
    ("key", "manager", "officer"),
    [
        ("unqualified", "sending_manager", "sending_province_officer"),
        ("received1", "receiving_manager", "county_officer"),
    ],
)
def test_approval_names_the_approver(world: World, key, manager, officer):
    if key == "received1":
        end_assignment(world.deed(), world.assignment(key), date(2022, 2, 28), "调岗")
    assignment = nominated(world, key, manager)
    before = world.count(AuditEvent)
    approve_assignment(world.deed(officer), assignment)
    assert assignment.state == AssignmentState.APPROVED
    assert assignment.approved_by_person_id == world.actor(officer).person_id
    assert last_decision(world, assignment).kind == "approved"
    assert world.count(AuditEvent) == before + 1


def test_nobody_approves_what_one_nominated(world: World):
    assignment = nominated(world)
    with pytest.raises(Refused) as refused:
        approve_assignment(world.deed("sending_manager"), assignment)
    assert codes_of(refused) == [("", "own_entry")]
    assert assignment.state == AssignmentState.NOMINATED


def test_nobody_approves_oneself(world: World):
    assignment = nominated(world)
    assignment.person_id = world.actor("sending_province_officer").person_id or 0
    with pytest.raises(Refused) as refused:
        approve_assignment(world.deed("sending_province_officer"), assignment)
    assert codes_of(refused) == [("", "own_entry")]


def test_many_are_approved_by_one_deed(world: World):
    end_assignment(world.deed(), world.assignment("sent1"), date(2022, 2, 28), "调岗")
    both = [nominated(world), nominated(world, "sent1")]
    before = world.count(AuditEvent)
    approve_assignments(world.deed("sending_province_officer"), both)
    assert {one.state for one in both} == {AssignmentState.APPROVED}
    assert world.count(AuditEvent) == before + 1


def test_an_approval_is_taken_back_by_whoever_gave_it(world: World):
    end_assignment(world.deed(), world.assignment("sent1"), date(2022, 2, 28), "调岗")
    again = nominated(world, "sent1")
    deed = world.deed("sending_province_officer")
    batch = approve_assignments(deed, [again])
    log(world, "sent1", date(2022, 3, 7))
    assert (total(world).sent_centidays, total(world).sent_pending_centidays) == (100, 0)
    before = world.count(AuditEvent)
    with pytest.raises(Refused) as refused:
        undo_decision(world.deed("county_officer"), batch)
    assert codes_of(refused) == [("", "nothing_to_undo")]
    assert undo_decision(deed, batch) == ("批准", 1)
    world.session.expire_all()
    assert (again.state, again.approved_by_person_id) == (AssignmentState.NOMINATED, None)
    assert last_decision(world, again).kind == "approved_undone"
    assert (total(world).sent_centidays, total(world).sent_pending_centidays) == (0, 100)
    assert world.count(AuditEvent) == before + 1
    approve_assignment(deed, again)
    assert again.state == AssignmentState.APPROVED


def test_an_approval_on_which_something_was_built_stays(world: World):
    assignment = nominated(world)
    deed = world.deed("sending_province_officer")
    batch = approve_assignments(deed, [assignment])
    grant_exception(deed, assignment, "高校教师")
    world.clock.pass_time(minutes=11)
    with pytest.raises(Refused) as refused:
        undo_decision(world.deed("sending_province_officer"), batch)
    assert codes_of(refused) == [("", "too_late"), ("", "changed_meanwhile")]
    assert assignment.state == AssignmentState.APPROVED


def test_one_that_cannot_be_approved_stops_them_all_and_is_named(world: World):
    both = [nominated(world), world.assignment("sent2")]
    with pytest.raises(Refused) as refused:
        approve_assignments(world.deed("sending_province_officer"), both)
    assert [one.sentence.partition("：")[0] for one in refused.value.refusals] == ["演示甲二"]
    assert both[0].state == AssignmentState.NOMINATED


def test_a_rejection_needs_a_reason(world: World):
    assignment = nominated(world)
    deed = world.deed("sending_province_officer")
    with pytest.raises(Refused) as refused:
        reject_assignment(deed, assignment, "  ")
    assert codes_of(refused) == [("reason", "missing_value")]
    reject_assignment(deed, assignment, "证书不符")
    assert assignment.state == AssignmentState.REJECTED
    assert last_decision(world, assignment).reason == "证书不符"


def test_a_rejection_is_taken_back_unless_something_came_in_its_place(world: World):
    deed = world.deed("sending_province_officer")
    first = nominated(world)
    batch = reject_assignment(deed, first, "证书不符")
    again = nominated(world)
    with pytest.raises(Refused) as refused:
        undo_decision(deed, batch)
    assert codes_of(refused) == [("starts_on", "overlap")]
    withdraw_nomination(world.deed("sending_manager"), again)
    assert undo_decision(deed, batch) == ("不批准", 1)
    world.session.expire_all()
    assert first.state == AssignmentState.NOMINATED
    assert last_decision(world, first).kind == "rejected_undone"


def test_what_was_decided_is_not_decided_again(world: World):
    deed = world.deed("sending_province_officer")
    assignment = nominated(world)
    approve_assignment(deed, assignment)
    for decide in (
        lambda: approve_assignment(deed, assignment),
        lambda: reject_assignment(deed, assignment, "反悔"),
        lambda: withdraw_nomination(world.deed("sending_manager"), assignment),
    ):
        with pytest.raises(Refused) as refused:
            decide()
        assert codes_of(refused) == [("", "wrong_state")]


def test_a_nomination_may_be_taken_back(world: World):
    assignment = nominated(world)
    before = world.count(AuditEvent)
    withdraw_nomination(world.deed("sending_manager"), assignment)
    assert last_decision(world, assignment).kind == "withdrawn"
    assert assignment.state == AssignmentState.REJECTED
    assert world.count(AuditEvent) == before + 1


# ---- ending and replacing


def test_ending_keeps_the_head_that_has_counted_days(world: World):
    log(world, "sent1", date(2022, 3, 7))
    before = world.count(AuditEvent)
    end_assignment(
        world.deed("sending_manager"), world.assignment("sent1"), date(2022, 3, 7), "离职"
    )
    assert world.assignment("sent1").ends_on == date(2022, 3, 7)
    assert total(world).qualified_sent_staff == 1
    assert world.count(AuditEvent) == before + 1


def test_a_working_day_after_the_last_day_stands_in_the_way(world: World):
    log(world, "sent1", date(2022, 3, 7))
    with pytest.raises(Refused) as refused:
        end_assignment(world.deed(), world.assignment("sent1"), date(2022, 3, 6), "离职")
    assert codes_of(refused) == [("last_day", "overlap")]


def test_the_effect_of_an_end_is_known_before(world: World):
    log(world, "sent1", date(2022, 3, 7))
    effect = end_effect(world.session, world.assignment("sent1"), date(2022, 3, 4))
    assert effect is not None
    assert (effect.left_on_duty, effect.need) == (1, 2)
    assert (effect.first_day, effect.until) == (date(2022, 3, 5), date(2022, 12, 31))
    assert (effect.later_workdays.count, effect.later_workdays.last) == (1, date(2022, 3, 7))


def test_the_effect_counts_only_people_who_stay_to_the_end(world: World):
    world.assignment("received2").ends_on = date(2022, 6, 30)
    world.session.flush()
    effect = end_effect(world.session, world.assignment("received1"), date(2022, 3, 4))
    assert effect is not None
    assert (effect.left_on_duty, effect.need) == (1, 3)


def test_another_person_goes_on_from_the_day_after(world: World):
    old = world.assignment("sent1")
    before = world.count(AuditEvent)
    new = replace_assignment(
        world.deed("sending_manager"),
        old,
        person=world.person("unqualified"),
        starts_on=date(2022, 7, 1),
        reason="产假",
    )
    assert old.ends_on == date(2022, 6, 30)
    assert (new.starts_on, new.ends_on) == (date(2022, 7, 1), date(2025, 12, 31))
    assert (new.state, new.side) == (AssignmentState.NOMINATED, Side.SENT)
    assert last_decision(world, old).reason == "2022-07-01 起由演示甲三接替：产假"
    assert world.count(AuditEvent) == before + 1


@pytest.mark.parametrize(
    ("key", "starts_on", "expected"),
    [
        ("sent1", date(2022, 7, 1), ("person", "same_person")),
        ("unqualified", date(2022, 1, 1), ("starts_on", "invalid_value")),
        ("sent2", date(2022, 7, 1), ("starts_on", "overlap")),
        ("sent_other", date(2022, 7, 1), ("person", "not_a_member")),
    ],
)
def test_refuses_a_replacement(world: World, key, starts_on, expected):
    with pytest.raises(Refused) as refused:
        replace_assignment(
            world.deed("sending_manager"),
            world.assignment("sent1"),
            person=world.person(key),
            starts_on=starts_on,
            reason="产假",
        )
    assert codes_of(refused) == [expected]


# ---- qualifying


def test_an_exception_lets_waiting_days_count(world: World):
    assignment = nominated(world)
    approve_assignment(world.deed("sending_province_officer"), assignment)
    log(world, "unqualified", date(2022, 3, 7))
    assert (total(world).sent_centidays, total(world).sent_pending_centidays) == (0, 100)
    before = world.count(AuditEvent)
    grant_exception(world.deed("sending_province_officer"), assignment, "高校教师")
    assert (total(world).sent_centidays, total(world).sent_pending_centidays) == (100, 0)
    assert assignment.exception_by_person_id == world.actor("sending_province_officer").person_id
    assert last_decision(world, assignment).is_qualified_after is True
    assert world.count(AuditEvent) == before + 1


def test_an_exception_stays_whatever_the_register_says_later(world: World):
    assignment = nominated(world)
    grant_exception(world.deed("sending_province_officer"), assignment, "高校教师")
    review_qualification(world.deed(), world.person("unqualified").id)
    assert assignment.is_qualified is True


def test_a_certificate_recorded_later_is_looked_at_anew(world: World):
    person = world.person("unqualified")
    person.service_started_on = date(2019, 1, 1)
    assignment = nominated(world)
    assert assignment.is_qualified is False
    facts = CertificateFacts(CertLevel.INTERMEDIATE, "演示证书99", date(2021, 10, 1))
    record_certificate(world.deed(), person, facts)
    review_qualification(world.deed(), person.id)
    assert assignment.is_qualified is True
    assert last_decision(world, assignment).kind == "qualified"
