"""The other side's word on a day: what it refuses, how it is settled, who may say it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from models import AuditEvent, OutboxMessage, Workday
from models.types import WorkdayState
from portal.access.loading import Unseen
from portal.confirmations.actions import approve_workdays, confirm_workdays, return_workday
from portal.confirmations.reversal_actions import reverse_decision
from portal.disputes.actions import (
    dismiss_dispute,
    dispute_days,
    uphold_dispute,
    withdraw_disputes,
)
from portal.disputes.queries import list_days
from portal.disputes.rules import PartnerScope
from portal.outbox.queries import list_messages
from portal.refusals import Refused
from portal.workdays.actions import edit_workday, submit_workday
from tests.support.workdays import MONDAY, approved, assert_totals_stand, confirmed, entry, logged
from tests.support.world import World

REASON = "演示：当天没有到站"


def shown(*days: Workday) -> dict[int, int]:
    return {one.id: one.version for one in days}


def disputed(world: World, day: Workday, persona: str = "receiving_manager") -> None:
    dispute_days(world.deed(persona), shown(day), REASON)


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in caught.value.refusals]


def refused_approval(world: World, day: Workday) -> list[str]:
    with pytest.raises(Refused) as caught:
        approve_workdays(world.deed("county_officer"), [day])
    return codes(caught)


def test_a_disputed_day_is_not_approved_until_the_other_side_gives_in(world: World):
    day = confirmed(world)
    disputed(world, day)
    assert refused_approval(world, day) == ["disputed"]
    assert day.state is WorkdayState.CONFIRMED
    withdraw_disputes(world.deed("receiving_manager"), shown(day))
    approve_workdays(world.deed("county_officer"), [day])
    assert day.state is WorkdayState.APPROVED
    assert_totals_stand(world.session)


def test_is_settled_when_the_day_is_returned_and_handed_in_anew(world: World):
    day = confirmed(world)
    disputed(world, day)
    return_workday(world.deed("sending_manager"), day, "演示：请核对")
    assert day.disputed_by_person_id is not None
    edit_workday(world.deed("sending_staff"), day, entry(half_days=1), submit=True)
    assert day.disputed_by_person_id is None
    confirm_workdays(world.deed("sending_manager"), [day])
    approve_workdays(world.deed("county_officer"), [day])
    assert_totals_stand(world.session)


def test_is_still_disputed_when_the_return_is_taken_back(world: World):
    day = confirmed(world)
    disputed(world, day)
    batch = return_workday(world.deed("sending_manager"), day, "演示：请核对")
    reverse_decision(world.deed("sending_manager"), batch)
    assert refused_approval(world, day) == ["disputed"]


def test_each_side_says_it_of_the_other(world: World):
    ours, theirs = logged(world, "sent1"), logged(world, "received1")
    disputed(world, ours, "receiving_manager")
    disputed(world, theirs, "sending_manager")
    for persona, own in (("sending_manager", ours), ("receiving_manager", theirs)):
        with pytest.raises(Unseen):
            withdraw_disputes(world.deed(persona), shown(own))
    with pytest.raises(Unseen):
        withdraw_disputes(world.deed("foreign_manager"), shown(ours))


def test_a_draft_is_not_seen_by_the_other_side(world: World):
    draft = logged(world, "sent1", submit=False)
    with pytest.raises(Unseen):
        disputed(world, draft)
    found = list_days(
        world.session, world.actor("receiving_manager"), "workday.dispute", date(2022, 11, 21)
    )
    assert found.rows == []


def test_an_approved_day_counts_on_and_is_disputed_within_the_days_of_the_policy(world: World):
    day = approved(world)
    disputed(world, day)
    assert (day.state, day.disputed_by_person_id is None) == ("approved", False)
    assert_totals_stand(world.session)
    withdraw_disputes(world.deed("receiving_manager"), shown(day))
    world.clock.stand_on(date(2022, 12, 6))
    with pytest.raises(Refused) as caught:
        disputed(world, day)
    assert codes(caught) == ["consented"]


def said_to(world: World, persona: str) -> list[str]:
    """What a person is told, delivered or not."""
    world.session.execute(sa.update(OutboxMessage).values(delivered_at=world.clock()))
    return [one.words for one in list_messages(world.session, world.actor(persona))]


def test_the_county_calls_a_dispute_groundless_and_both_sides_hear_of_it(world: World):
    day = confirmed(world)
    disputed(world, day)
    dismiss_dispute(world.deed("county_officer"), day, "演示：签到表在", seen=day.version)
    assert (day.state, day.disputed_by_person_id) == (WorkdayState.CONFIRMED, None)
    words = (
        f"{world.person('sent1').name}11月14日的异议，县级认定不成立，可以照常核准：演示：签到表在"
    )
    for persona in ("sending_staff", "sending_manager", "receiving_manager"):
        assert said_to(world, persona) == [words], persona
    with pytest.raises(Refused) as caught:
        disputed(world, day)
    assert codes(caught) == ["dismissed"]
    approve_workdays(world.deed("county_officer"), [day])
    assert day.state is WorkdayState.APPROVED
    assert_totals_stand(world.session)


def test_the_county_upholds_a_dispute_and_the_day_goes_back_until_that_is_taken_back(world: World):
    day = confirmed(world)
    disputed(world, day)
    batch = uphold_dispute(world.deed("county_officer"), day, "演示：没有到站", seen=day.version)
    assert day.state is WorkdayState.RETURNED
    told = [said_to(world, one) for one in ("sending_staff", "receiving_manager")]
    assert told[0] == [], "it stands among what the person has to do"
    assert "县级认定成立，日志已退回填报人：演示：没有到站" in told[1][0]
    assert_totals_stand(world.session)
    reverse_decision(world.deed("county_officer"), batch)
    assert refused_approval(world, day) == ["disputed"]
    assert said_to(world, "receiving_manager") == said_to(world, "sending_staff") == []
    # Handed in anew it may be disputed again.
    uphold_dispute(world.deed("county_officer"), day, "演示：没有到站", seen=None)
    submit_workday(world.deed("sending_staff"), day)
    assert day.disputed_by_person_id is None
    disputed(world, day)


@pytest.mark.parametrize("settle", [dismiss_dispute, uphold_dispute])
def test_only_what_is_disputed_and_shown_is_decided_with_a_reason(world: World, settle: Any):
    day = confirmed(world)
    county = world.deed("county_officer")
    for reason, seen, code in (("演示", None, "not_disputed"), ("演示", 99, "changed_meanwhile")):
        with pytest.raises(Refused) as caught:
            settle(county, day, reason, seen=seen)
        assert code in codes(caught)
    disputed(world, day)
    with pytest.raises(Refused) as caught:
        settle(county, day, " ", seen=None)
    assert codes(caught) == ["missing_value"]


def test_the_county_decides_on_no_dispute_of_its_own(world: World):
    day = confirmed(world)
    disputed(world, day)
    day.disputed_by_person_id = world.actor("county_officer").person_id
    with pytest.raises(Refused) as caught:
        dismiss_dispute(world.deed("county_officer"), day, "演示", seen=None)
    assert codes(caught) == ["own_dispute"]


@pytest.mark.parametrize("reason", ["", "  "])
def test_needs_a_reason(world: World, reason: str):
    day = logged(world)
    with pytest.raises(Refused) as caught:
        dispute_days(world.deed("receiving_manager"), shown(day), reason)
    assert codes(caught) == ["missing_value"]


def test_is_said_once_and_of_what_was_shown(world: World):
    day = logged(world)
    seen = shown(day)
    disputed(world, day)
    with pytest.raises(Refused) as caught:
        dispute_days(world.deed("receiving_manager"), seen, REASON)
    assert codes(caught) == ["changed_meanwhile", "disputed"]
    with pytest.raises(Refused) as caught:
        disputed(world, day)
    assert codes(caught) == ["disputed"]
    withdraw_disputes(world.deed("receiving_manager"), shown(day))
    with pytest.raises(Refused) as caught:
        withdraw_disputes(world.deed("receiving_manager"), shown(day))
    assert codes(caught) == ["not_disputed"]


def test_leaves_one_event_and_a_line_in_the_history(world: World):
    first, second = logged(world), logged(world, "sent2", MONDAY)
    dispute_days(world.deed("receiving_manager"), shown(first, second), REASON)
    event = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event.event == "workday.disputed"
    rows = list_days(
        world.session,
        world.actor("county_officer"),
        "workday.read",
        date(2022, 11, 21),
        scope=PartnerScope.DISPUTED,
    ).rows
    assert [one.reason for one in rows] == [REASON, REASON]


def test_a_day_handed_in_unchanged_may_be_disputed_again(world: World):
    day = logged(world)
    disputed(world, day)
    return_workday(world.deed("sending_manager"), day, "演示：请核对")
    submit_workday(world.deed("sending_staff"), day)
    disputed(world, day)
    assert day.disputed_by_person_id is not None
