"""Logging a day, changing it, handing it in, taking it back, and deciding on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models import Account, AuditEvent, Pairing, Person, Workday, WorkdayDecision, WorkYear
from models.types import Hold, Role, WorkdayState, WorkMode
from portal.accounts.actions import open_account
from portal.confirmations import actions as confirmations
from portal.confirmations.reversal_actions import reverse_decision
from portal.deeds import Deed
from portal.refusals import Conflict, Refused
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

TUESDAY, SUNDAY = MONDAY + timedelta(1), MONDAY + timedelta(6)


def history(world: World, workday: Workday) -> list[tuple[str, str | None]]:
    rows = world.session.execute(
        sa.select(WorkdayDecision.state_after, WorkdayDecision.reason)
        .where(WorkdayDecision.workday_id == workday.id)
        .order_by(WorkdayDecision.id)
    )
    return [(state.value, reason) for state, reason in rows]


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in caught.value.refusals]


def days(world: World, side: str = "sent") -> tuple[int, int]:
    """The counted and the waiting hundredths of a day of P1."""
    world.session.expire_all()
    row = world.session.execute(
        sa.text(
            f"SELECT {side}_centidays, {side}_pending_centidays FROM pairing_year_total"
            " JOIN pairing ON pairing.id = pairing_id WHERE code = 'P1' AND year = 2022"
        )
    ).one()
    return row[0], row[1]


def close_year(world: World) -> None:
    world.session.execute(
        sa.update(WorkYear)
        .where(WorkYear.year == 2022)
        .values(closed_at=world.clock(), state="closed")
    )


# ---- logging -------------------------------------------------------------------------------


def test_a_logged_day_is_a_row_a_decision_and_an_audit_event(world: World):
    workday = logged(world)
    assert (workday.state, workday.year, workday.worth_centidays) == ("submitted", 2022, 100)
    assert (workday.takes_first_half, workday.takes_second_half) == (True, True)
    assert workday.entered_by_person_id == world.person("sent1").id
    assert history(world, workday) == [("submitted", None)]
    assert events(world.session) == ["workday.logged"]
    assert days(world) == (0, 100)
    assert_totals_stand(world.session)


def test_a_draft_waits_for_nobody(world: World):
    logged(world, submit=False)
    assert days(world) == (0, 0)
    assert_totals_stand(world.session)


def test_two_half_days_take_the_two_halves_of_a_date(world: World):
    first, second = logged(world, half_days=1), logged(world, half_days=1)
    assert (first.takes_first_half, first.takes_second_half) == (True, False)
    assert (second.takes_first_half, second.takes_second_half) == (False, True)
    with pytest.raises(Refused) as caught:
        logged(world, half_days=1)
    assert codes(caught) == ["over_one_day"]


def test_a_half_day_whose_first_half_is_free_again_takes_that(world: World):
    first = logged(world, half_days=1, submit=False)
    logged(world, half_days=1)
    actions.delete_draft(world.deed("sending_staff"), first)
    again = logged(world, half_days=1)
    assert (again.takes_first_half, again.takes_second_half) == (True, False)


def test_the_limit_of_one_day_holds_over_all_pairings(world: World):
    """The same person cannot be in two pairings here, so the halves are asked for directly."""
    logged(world, submit=False)
    with pytest.raises(Refused) as caught:
        logged(world)
    assert codes(caught) == ["over_one_day"]
    assert "已登记 1 天" in caught.value.refusals[0].sentence


def test_a_day_on_a_rest_day_is_marked_and_waits(world: World):
    assert logged(world, day=SUNDAY).is_rest_day
    assert not logged(world, day=MONDAY).is_rest_day
    # 2022-10-08, a Saturday, was a make-up working day; 2022-10-03 a holiday on a Monday.
    assert not logged(world, day=date(2022, 10, 8), late_reason="山路中断").is_rest_day
    assert logged(world, day=date(2022, 10, 3), late_reason="山路中断").is_rest_day


def test_a_received_day_without_a_task_is_held(world: World):
    workday = logged(world, "received1", task=None)
    assert workday.hold == Hold.NO_TASK
    confirmations.confirm_workdays(world.deed("receiving_manager"), [workday])
    confirmations.approve_workdays(world.deed("county_officer"), [workday])
    assert days(world, "received") == (0, 100)
    assert_totals_stand(world.session)


def test_a_refused_day_leaves_nothing_behind(world: World):
    before = world.count(Workday)
    with pytest.raises(Refused) as caught:
        logged(world, "unqualified")
    assert codes(caught) == ["not_assigned"]
    assert (world.count(Workday), events(world.session)) == (before, [])


def test_a_day_of_an_unqualified_person_waits(world: World):
    world.assignment("sent1").is_qualified = False
    approved(world)
    assert days(world) == (0, 100)
    assert_totals_stand(world.session)


# ---- changing ------------------------------------------------------------------------------


def test_a_draft_can_be_changed_and_handed_in_at_once(world: World):
    workday = logged(world, submit=False)
    deed = world.deed("sending_staff")
    actions.edit_workday(deed, workday, entry(TUESDAY, 1, mode=WorkMode.ONLINE), submit=True)
    assert (workday.worked_on, workday.half_days, workday.mode) == (TUESDAY, 1, "online")
    assert history(world, workday) == [("draft", None), ("submitted", None)]
    assert events(world.session) == ["workday.logged", "workday.edited"]
    assert days(world) == (0, 50)
    assert_totals_stand(world.session)


def test_a_changed_draft_frees_the_halves_that_it_no_longer_takes(world: World):
    workday = logged(world, submit=False)
    actions.edit_workday(world.deed("sending_staff"), workday, entry(MONDAY, 1), submit=False)
    logged(world, half_days=1)
    with pytest.raises(Refused):
        actions.edit_workday(world.deed("sending_staff"), workday, entry(MONDAY, 2), submit=False)


def test_a_change_of_another_version_is_a_conflict(world: World):
    workday = logged(world, submit=False)
    with pytest.raises(Conflict):
        actions.edit_workday(
            world.deed("sending_staff"), workday, entry(), submit=True, seen=workday.version - 1
        )


def test_a_draft_is_handed_in_as_it_stands(world: World):
    workday = logged(world, submit=False)
    actions.submit_workday(world.deed("sending_staff"), workday)
    assert history(world, workday) == [("draft", None), ("submitted", None)]
    assert days(world) == (0, 100)


def test_a_draft_is_not_handed_in_into_a_closed_year(world: World):
    workday = logged(world, submit=False)
    close_year(world)
    with pytest.raises(Refused) as caught:
        actions.submit_workday(world.deed("sending_staff"), workday)
    assert codes(caught) == ["closed_year"]


def test_a_deleted_draft_leaves_its_audit_event_only(world: World):
    workday = logged(world, submit=False)
    actions.delete_draft(world.deed("sending_staff"), workday)
    assert (world.count(Workday), world.count(WorkdayDecision)) == (0, 0)
    assert events(world.session) == ["workday.logged", "workday.deleted"]


def test_a_submitted_day_can_be_recalled_changed_and_handed_in_again(world: World):
    workday = logged(world)
    deed = world.deed("sending_staff")
    actions.recall_workday(deed, workday)
    assert workday.state == WorkdayState.RETURNED
    assert days(world) == (0, 0)
    actions.edit_workday(deed, workday, entry(TUESDAY), submit=True)
    assert history(world, workday) == [
        ("submitted", None),
        ("returned", "填报人撤回修改"),
        ("submitted", None),
    ]
    assert_totals_stand(world.session)


def test_a_returned_day_can_be_given_up_and_its_date_is_free(world: World):
    workday = logged(world)
    deed = world.deed("sending_staff")
    confirmations.return_workday(world.deed("sending_manager"), workday, "当日未到岗")
    actions.give_up_workday(deed, workday)
    assert workday.state == WorkdayState.SUPERSEDED
    assert history(world, workday)[-1] == ("superseded", "填报人作废")
    logged(world)
    assert_totals_stand(world.session)


# ---- deciding ------------------------------------------------------------------------------


def test_confirmed_and_approved_by_two_people_a_day_counts(world: World):
    workday = approved(world)
    assert workday.confirmed_by_person_id == world.actor("sending_manager").person_id
    assert workday.approved_by_person_id == world.actor("county_officer").person_id
    assert history(world, workday) == [
        ("submitted", None),
        ("confirmed", None),
        ("approved", None),
    ]
    assert events(world.session) == ["workday.logged", "workday.confirmed", "workday.approved"]
    assert days(world) == (100, 0)
    assert_totals_stand(world.session)


def test_a_returned_day_starts_anew(world: World):
    workday = confirmed(world)
    confirmations.return_workday(world.deed("county_officer"), workday, "  缺少工作内容 ")
    assert history(world, workday)[-1] == ("returned", "缺少工作内容")
    actions.submit_workday(world.deed("sending_staff"), workday)
    assert workday.confirmed_by_person_id is None
    assert_totals_stand(world.session)


def test_a_return_without_a_reason_is_refused(world: World):
    workday = logged(world)
    with pytest.raises(Refused) as caught:
        confirmations.return_workday(world.deed("sending_manager"), workday, " ")
    assert codes(caught) == ["missing_value"]
    assert workday.state == WorkdayState.SUBMITTED


def test_a_county_returns_only_what_is_confirmed(world: World):
    workday = logged(world)
    with pytest.raises(Refused) as caught:
        confirmations.return_workday(
            world.deed("county_officer"), workday, "原因", verb="returned_by_county"
        )
    assert codes(caught) == ["wrong_state"]


def test_deciding_on_nothing_changes_nothing(world: World):
    confirmations.confirm_workdays(world.deed("sending_manager"), [])
    assert world.count(WorkdayDecision) == 0
    assert events(world.session) == []


def test_one_blocking_row_stops_all_and_is_named(world: World):
    good, drafted = logged(world), logged(world, "sent2", submit=False)
    with pytest.raises(Refused) as caught:
        confirmations.confirm_workdays(world.deed("sending_manager"), [good, drafted])
    (refusal,) = caught.value.refusals
    assert refusal.sentence.startswith(f"{world.person('sent2').name} {MONDAY}：")
    world.session.expire_all()
    assert good.state == WorkdayState.SUBMITTED


def test_a_row_that_changed_since_it_was_shown_stops_all(world: World):
    workday = logged(world)
    with pytest.raises(Refused) as caught:
        confirmations.confirm_workdays(
            world.deed("sending_manager"), [workday], seen={workday.id: workday.version - 1}
        )
    assert codes(caught) == ["changed_meanwhile"]


def test_nothing_is_decided_in_a_closed_year(world: World):
    waiting, ready = logged(world), confirmed(world, "sent2")
    close_year(world)
    for decide, workday, by in (
        (confirmations.confirm_workdays, waiting, "sending_manager"),
        (confirmations.approve_workdays, ready, "county_officer"),
    ):
        with pytest.raises(Refused) as caught:
            decide(world.deed(by), [workday])
        assert codes(caught) == ["closed_year"]


def test_five_thousand_days_are_confirmed_and_approved_at_a_handful_of_statements(
    world: World, count_statements: Callable[[], int]
):
    workdays = many_days(world, 5000)
    before = count_statements()
    confirmations.confirm_workdays(world.deed("sending_manager"), workdays)
    workdays = list(world.session.scalars(sa.select(Workday)))
    batch = confirmations.approve_workdays(world.deed("county_officer"), workdays)
    assert count_statements() - before < 150
    assert days(world) == (500_000, 0)
    assert world.count(WorkdayDecision) == 3 * 5000
    before = count_statements()
    assert reverse_decision(world.deed("county_officer"), batch) == ("核准", 5000)
    assert count_statements() - before < 150
    confirmations.approve_workdays(world.deed("county_officer"), workdays)
    assert events(world.session) == [
        "workday.confirmed",
        "workday.approved",
        "workday.approved_undone",
        "workday.approved",
    ]
    assert_totals_stand(world.session)


def many_days(world: World, count: int) -> list[Workday]:
    """Write submitted days of invented dates straight into the table."""
    session, assignment = world.session, world.assignment("sent1")
    session.execute(
        sa.insert(Workday),
        [
            {
                "pairing_id": assignment.pairing_id,
                "assignment_id": assignment.id,
                "person_id": assignment.person_id,
                "side": assignment.side,
                "year": 2022,
                "worked_on": date(2000, 1, 1) + timedelta(number),
                "half_days": 2,
                "takes_first_half": True,
                "takes_second_half": True,
                "mode": WorkMode.ONSITE,
                "task": "t1",
                "state": WorkdayState.SUBMITTED,
                "is_rest_day": False,
                "worth_centidays": 100,
                "entered_at": world.clock(),
                "entered_by_person_id": assignment.person_id,
            }
            for number in range(count)
        ],
    )
    workdays = list(session.scalars(sa.select(Workday)))
    session.execute(
        sa.insert(WorkdayDecision),
        [
            {
                "workday_id": one.id,
                "kind": "entered",
                "state_after": one.state,
                "at": world.clock(),
            }
            for one in workdays
        ],
    )
    return workdays


@pytest.fixture
def count_statements(world: World) -> Callable[[], int]:
    seen = 0

    def note(*_: object) -> None:
        nonlocal seen
        seen += 1

    sa.event.listen(world.session.get_bind(), "before_cursor_execute", note)
    return lambda: seen


# ---- states and their refusals ---------------------------------------------------------------

ALLOWED = {
    "submit": {"draft", "returned"},
    "edit": {"draft", "returned"},
    "delete": {"draft"},
    "recall": {"submitted"},
    "give_up": {"returned"},
    "confirm": {"submitted"},
    "approve": {"confirmed"},
    "return": {"submitted", "confirmed"},
}


def attempt(world: World, verb: str, workday: Workday) -> None:
    owner, manager = world.deed("sending_staff"), world.deed("sending_manager")
    county = world.deed("county_officer")
    match verb:
        case "submit":
            actions.submit_workday(owner, workday)
        case "edit":
            actions.edit_workday(owner, workday, entry(workday.worked_on, 1), submit=False)
        case "delete":
            actions.delete_draft(owner, workday)
        case "recall":
            actions.recall_workday(owner, workday)
        case "give_up":
            actions.give_up_workday(owner, workday)
        case "confirm":
            confirmations.confirm_workdays(manager, [workday])
        case "approve":
            confirmations.approve_workdays(county, [workday])
        case "return":
            confirmations.return_workday(county, workday, "演示原因")


def returned(world: World, day: date) -> Workday:
    workday = logged(world, day=day)
    confirmations.return_workday(world.deed("sending_manager"), workday, "演示原因")
    return workday


def given_up(world: World, day: date) -> Workday:
    workday = returned(world, day)
    actions.give_up_workday(world.deed("sending_staff"), workday)
    return workday


IN_STATE = {
    "draft": lambda world, day: logged(world, day=day, submit=False),
    "submitted": lambda world, day: logged(world, day=day),
    "confirmed": lambda world, day: confirmed(world, day=day),
    "approved": lambda world, day: approved(world, day=day),
    "returned": returned,
    "superseded": given_up,
}


@pytest.mark.parametrize("verb", ALLOWED)
def test_each_verb_moves_from_its_states_and_is_refused_from_all_others(world: World, verb: str):
    for number, (state, make) in enumerate(IN_STATE.items()):
        workday = make(world, MONDAY - timedelta(7 + number))
        assert workday.state == state
        before = len(events(world.session))
        if state in ALLOWED[verb]:
            attempt(world, verb, workday)
            assert len(events(world.session)) == before + 1
        else:
            with pytest.raises(Refused) as caught:
                attempt(world, verb, workday)
            assert codes(caught) == ["wrong_state"]
            assert workday.state.label in caught.value.refusals[0].sentence
            assert (workday.state, len(events(world.session))) == (state, before)
        assert_totals_stand(world.session)


# ---- nobody decides on their own ---------------------------------------------------------------


def second_account(world: World, role: Role, scope: str) -> Deed:
    """Open a second account of the person who logs, and return a deed of it."""
    account = open_account(
        world.deed(),
        login="second",
        password_hash="not a hash",
        name="演示",
        role=role,
        scope_code=scope,
        person=world.person("sent1"),
    )
    assert isinstance(account, Account)
    world.session.flush()
    return world.deed("second")


def test_nobody_confirms_their_own_day_with_a_second_account(world: World):
    workday = logged(world)
    deed = second_account(world, Role.SEND_MGR, world.organisation("sending").credit_code)
    with pytest.raises(Refused) as caught:
        confirmations.confirm_workdays(deed, [workday])
    assert codes(caught) == ["own_entry"]
    with pytest.raises(Refused) as caught:
        confirmations.return_workday(deed, workday, "原因")
    assert codes(caught) == ["own_entry"]


def test_nobody_approves_their_own_day_with_a_second_account(world: World):
    workday = confirmed(world)
    deed = second_account(world, Role.COUNTY_CIVIL, "640303")
    with pytest.raises(Refused) as caught:
        confirmations.approve_workdays(deed, [workday])
    assert codes(caught) == ["own_entry"]


def test_whoever_confirmed_a_day_does_not_approve_it(world: World):
    workday = logged(world)
    county = world.deed("county_officer")
    confirmations.confirm_workdays(Deed(world.session, county.actor, world.clock()), [workday])
    with pytest.raises(Refused) as caught:
        confirmations.approve_workdays(county, [workday])
    assert codes(caught) == ["same_person_twice"]


BY_OPERATOR = "entered_by_person_id = NULL, entered_by_operator = TRUE"


@pytest.mark.parametrize(
    ("columns", "constraint"),
    [
        (
            f"{BY_OPERATOR}, confirmed_by_person_id = person_id",
            "not_confirmed_by_the_person",
        ),
        (
            f"{BY_OPERATOR}, approved_by_person_id = person_id",
            "not_approved_by_the_person",
        ),
        (
            "confirmed_by_person_id = :other, approved_by_person_id = :other",
            "confirmed_and_approved_by_two",
        ),
        (
            "entered_by_person_id = :other, confirmed_by_person_id = :other",
            "not_confirmed_by_the_drafter",
        ),
        (
            "entered_by_person_id = :other, approved_by_person_id = :other",
            "not_approved_by_the_drafter",
        ),
        ("half_days = 3", "half_or_whole_day|takes_the_halves"),
        ("half_days = 0", "half_or_whole_day|takes_the_halves"),
        ("takes_first_half = :off", "takes_the_halves_that_it_counts"),
    ],
)
def test_the_database_itself_refuses(world: World, columns: str, constraint: str):
    workday = logged(world)
    other = world.session.scalars(
        sa.select(Person.id).where(Person.id != workday.person_id).limit(1)
    ).one()
    values = {"id": workday.id, "other": other, "off": False}
    used = {key: value for key, value in values.items() if f":{key}" in columns or key == "id"}
    with pytest.raises(sa.exc.IntegrityError, match=constraint):
        world.session.execute(sa.text(f"UPDATE workday SET {columns} WHERE id = :id"), used)


def test_the_database_itself_refuses_a_third_half_day(world: World):
    logged(world, half_days=1)
    workday = logged(world, half_days=1)
    columns = [c.name for c in Workday.__table__.columns if c.name != "id"]
    names = ", ".join(columns)
    statement = f"INSERT INTO workday ({names}) SELECT {names} FROM workday WHERE id = :id"
    with pytest.raises(sa.exc.IntegrityError):
        world.session.execute(sa.text(statement), {"id": workday.id})


def test_audit_facts_name_people_by_nothing_but_ids(world: World):
    approved(world)
    facts = "".join(world.session.scalars(sa.select(AuditEvent.facts)))
    assert world.person("sent1").name not in facts
    assert world.session.scalars(sa.select(Pairing.code).where(Pairing.code == "P1")).one()
