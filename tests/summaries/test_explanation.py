"""Why a pairing is compliant or not: findings, gaps, forecast, waiting days, who may know whom."""

from datetime import date, timedelta

import pytest

from models.types import Side
from portal.changes.actions import change_parameter, remove_year
from portal.clock import date_of
from portal.compliance.explanation_words import Explanation, SideExplained
from portal.compliance.queries import explain
from portal.confirmations.actions import approve_workdays, confirm_workdays, return_workday
from portal.staffing.actions import end_assignment, nominate
from tests.summaries.conftest import MONDAY, TUESDAY
from tests.support.workdays import approved, logged
from tests.support.world import World

TODAY = date(2022, 11, 21)
WEDNESDAY = date(2022, 11, 16)


def explained(
    world: World, persona: str = "national_officer", code: str = "P1", year: int = 2022
) -> Explanation:
    today = date_of(world.clock())
    found = explain(world.session, world.pairing(code), year, today, world.actor(persona))
    assert found is not None
    return found


def waiting(side: SideExplained) -> dict[str, tuple[int, int]]:
    return {one.code: (one.entries, one.centidays) for one in side.waiting}


def nominated(world: World, key: str, code: str = "P1", first: date = date(2022, 1, 1)) -> None:
    nominate(
        world.deed(),
        pairing=world.pairing(code),
        person=world.person(key),
        side=Side.SENT,
        starts_on=first,
        ends_on=None,
    )


def test_names_what_is_missing_with_have_and_need(busy: World) -> None:
    found = explained(busy)
    assert not found.is_compliant
    assert [(one.code, one.have, one.need) for one in found.findings] == [
        ("too_few_received_staff", 2, 3),
        ("too_few_sent_days", 2.5, 40),
        ("too_few_received_days", 1.5, 120),
    ]
    assert (found.sent.staff, found.sent.need_staff, found.sent.need_days) == (2, 2, 40)
    assert (found.sent.average_centidays, found.sent.min_centidays) == (125, 50)


def test_a_year_in_which_the_pairing_does_not_stand_has_no_explanation(busy: World) -> None:
    assert explain(busy.session, busy.pairing(), 2021, TODAY) is None


def test_says_at_which_step_days_wait(busy: World) -> None:
    logged(busy, "sent1", WEDNESDAY)
    logged(busy, "sent2", WEDNESDAY, submit=False)
    confirm_workdays(busy.deed("sending_manager"), [logged(busy, "sent2", TUESDAY, half_days=1)])
    approved(busy, "received1", WEDNESDAY, task=None)
    returned = logged(busy, "sent2", MONDAY + timedelta(3), half_days=1)
    return_workday(busy.deed("sending_manager"), returned, "演示：请补充")
    found = explained(busy)
    assert waiting(found.sent) == {
        "draft": (1, 100),
        "returned": (1, 50),
        "submitted": (1, 100),
        "confirmed": (1, 50),
    }
    assert waiting(found.received) == {"confirmed": (1, 100), "no_task": (1, 100)}


def test_days_of_the_unqualified_wait_for_their_qualification(busy: World) -> None:
    nominated(busy, "unqualified")
    workday = logged(busy, "unqualified", MONDAY)
    confirm_workdays(busy.deed("sending_manager"), [workday])
    approve_workdays(busy.deed("county_officer"), [workday])
    found = explained(busy)
    assert waiting(found.sent) == {"unqualified": (1, 100)}
    unqualified = found.unqualified("sent_staff_not_qualified")
    assert [one.public_id for one in unqualified] == [busy.person("unqualified").public_id]
    assert found.unqualified("received_staff_not_qualified") == []
    # They wait for more than a click, so the forecast does not take them as done.
    assert found.sent.forecast.waiting_days == 0


def test_confirmed_days_do_not_wait_where_the_policy_counts_from_confirmation(busy: World) -> None:
    change_parameter(
        busy.deed("national_officer"), "counts_from", "confirmed", date(2022, 1, 1), "演示调整"
    )
    found = explained(busy)
    assert waiting(found.received) == {}
    assert found.received.counted_centidays == 250


def test_a_gap_opens_when_somebody_leaves_in_the_middle_of_the_year(busy: World) -> None:
    approved_until = date(2022, 11, 18)
    end_assignment(busy.deed(), busy.assignment("sent2"), approved_until, "调离")
    found = explained(busy)
    assert [(one.starts_on, one.ends_on, one.count) for one in found.sent.gaps] == [
        (date(2022, 11, 19), date(2022, 12, 31), 1)
    ]
    assert found.received.gaps == []


def test_somebody_without_qualification_does_not_close_a_gap(busy: World) -> None:
    end_assignment(busy.deed(), busy.assignment("sent2"), date(2022, 11, 18), "调离")
    nominated(busy, "unqualified", first=date(2022, 11, 19))
    assert [one.count for one in explained(busy).sent.gaps] == [1]


def test_the_forecast_counts_the_working_days_from_today(busy: World) -> None:
    forecast = explained(busy).sent.forecast
    # 21 November to 30 December 2022: six weeks of five days; 31 December is a holiday.
    assert forecast.working_days_left == 30
    assert (forecast.done_days, forecast.missing_days, forecast.people) == (2.5, 37.5, 2)
    # 19 days each: counted back from Friday 30 December.
    assert forecast.latest_start == date(2022, 12, 6)
    received = explained(busy).received.forecast
    assert (received.missing_days, received.people) == (117.5, 3)
    assert received.latest_start is None  # 40 days each do not fit into 30
    assert not received.is_feasible


def test_a_day_that_everybody_on_duty_has_logged_is_spent(busy: World) -> None:
    logged(busy, "sent1", TODAY)
    assert explained(busy).sent.forecast.working_days_left == 30
    logged(busy, "sent2", TODAY, half_days=1)
    assert explained(busy).sent.forecast.working_days_left == 29


def test_with_nobody_on_duty_the_forecast_reckons_with_the_least_staff(busy: World) -> None:
    found = explained(busy, code="P2")
    assert (found.sent.is_assumed, found.sent.forecast.people) == (True, 2)
    assert (found.received.is_assumed, found.received.forecast.people) == (True, 3)


def test_after_the_year_only_what_is_logged_can_be_approved(busy: World) -> None:
    busy.clock.stand_on(date(2023, 1, 10))
    found = explained(busy)
    assert found.is_over
    assert found.sent.forecast.working_days_left == 0
    assert not found.sent.forecast.is_feasible


def test_per_person_the_forecast_follows_whoever_has_the_fewest_days(busy: World) -> None:
    deed = busy.deed("national_officer")
    change_parameter(deed, "day_basis", "per_person", date(2022, 1, 1), "演示调整")
    found = explained(busy)
    assert found.is_per_person
    assert (found.sent.forecast.done_days, found.sent.forecast.people) == (0.5, 1)
    finding = next(one for one in found.findings if one.code == "too_few_sent_days")
    assert (finding.have, finding.need) == (0.5, 40)


def test_a_year_without_official_calendar_is_named(busy: World) -> None:
    busy.clock.stand_on(date(2025, 11, 21))
    assert explained(busy, year=2025).sent.forecast.unofficial_years == ()
    remove_year(busy.deed(), 2025)
    assert explained(busy, year=2025).sent.forecast.unofficial_years == (2025,)


@pytest.mark.parametrize(
    ("persona", "sent", "received"),
    [
        ("national_officer", True, True),
        ("county_officer", True, True),
        ("sending_manager", True, False),
        ("receiving_manager", False, True),
    ],
)
def test_the_partners_people_stay_unnamed(
    busy: World, persona: str, sent: bool, received: bool
) -> None:
    found = explained(busy, persona)
    assert [all(one.public_id for one in side.people) for side in found.sides] == [sent, received]
    assert len(found.sent.people) == 2
    assert len(found.received.people) == 3
    anonymous = explain(busy.session, busy.pairing(), 2022, TODAY)
    assert anonymous is not None
    assert not any(one.public_id for side in anonymous.sides for one in side.people)


def test_own_sides_are_those_of_the_readers_organisation(busy: World) -> None:
    assert explained(busy, "sending_manager").own_sides == {Side.SENT}
    assert explained(busy, "receiving_staff").own_sides == {Side.RECEIVED}
    assert explained(busy, "county_officer").own_sides == frozenset()
