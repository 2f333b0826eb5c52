"""One activity for several people: drafts in their names until each says that it was so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models import AuditEvent, Workday, WorkdayDecision
from models.types import WorkdayState
from portal.activities.actions import accept_day, decline_day, log_activity, withdraw_days
from portal.activities.queries import TeamMember, list_activities, list_proposals
from portal.confirmations.actions import confirm_workdays
from portal.refusals import Conflict, Refused
from portal.workdays.actions import delete_draft
from tests.support.statements import statements_of
from tests.support.workdays import MONDAY, assert_totals_stand, entry, logged
from tests.support.world import World

TEAM = ("received1", "received2", "received3")


def members(world: World, *keys: str) -> list[TeamMember]:
    people = [world.person(key) for key in keys]
    return [TeamMember(one.id, one.public_id, one.name) for one in people]


def proposed(world: World, *keys: str, day: date = MONDAY) -> list[Workday]:
    numbers = log_activity(
        world.deed("receiving_manager"), world.pairing(), members(world, *keys), entry(day)
    )
    return [world.session.get_one(Workday, number) for number in numbers]


def of(world: World, key: str, days: list[Workday]) -> Workday:
    return next(one for one in days if one.person_id == world.person(key).id)


def waiting(world: World) -> int:
    return world.session.scalar(
        sa.text(
            "SELECT received_pending_centidays FROM pairing_year_total"
            " JOIN pairing ON pairing.id = pairing_id WHERE code = 'P1' AND year = 2022"
        )
    )


def test_is_a_draft_in_the_name_of_each_and_counts_nowhere(world: World):
    days = proposed(world, *TEAM)
    manager = world.actor("receiving_manager").person_id
    assert [(one.state, one.entered_by_person_id) for one in days] == [("draft", manager)] * 3
    assert {one.person_id for one in days} == {world.person(key).id for key in TEAM}
    kinds = world.session.execute(
        sa.select(WorkdayDecision.kind, WorkdayDecision.state_after, WorkdayDecision.person_id)
    ).all()
    assert kinds == [("proposed", "draft", manager)] * 3
    event = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.event, event.subject) == ("workday.proposed", "pairing:P1")
    assert waiting(world) == 0
    assert_totals_stand(world.session)


def test_is_submitted_once_its_person_says_so(world: World):
    days = proposed(world, *TEAM)
    mine = of(world, "received1", days)
    accept_day(world.deed("receiving_staff"), mine, seen=mine.version)
    assert [one.state for one in days].count(WorkdayState.SUBMITTED) == 1
    assert waiting(world) == 100
    assert_totals_stand(world.session)


def test_is_never_confirmed_by_the_manager_who_wrote_it(world: World):
    mine = of(world, "received1", proposed(world, *TEAM))
    accept_day(world.deed("receiving_staff"), mine, seen=None)
    with pytest.raises(Refused) as caught:
        confirm_workdays(world.deed("receiving_manager"), [mine])
    assert [one.code for one in caught.value.refusals] == ["own_entry"]


def test_leaves_the_date_free_where_it_was_not_so(world: World):
    mine = of(world, "received1", proposed(world, *TEAM))
    decline_day(world.deed("receiving_staff"), mine, seen=mine.version)
    assert mine.state is WorkdayState.SUPERSEDED
    assert logged(world, "received1").state is WorkdayState.SUBMITTED
    (activity,) = list_activities(world.session, world.actor("receiving_manager"), world.clock())
    assert [one.name for one in activity.declined] == [world.person("received1").name]
    assert (len(activity.waiting), activity.taken_up) == (2, 0)


def test_is_not_deleted_without_a_trace(world: World):
    mine = of(world, "received1", proposed(world, *TEAM))
    with pytest.raises(Refused) as caught:
        delete_draft(world.deed("receiving_staff"), mine)
    assert [one.code for one in caught.value.refusals] == ["proposed_by_another"]


def test_an_own_draft_is_no_proposal(world: World):
    mine = logged(world, "received1", submit=False)
    with pytest.raises(Refused) as caught:
        decline_day(world.deed("receiving_staff"), mine, seen=None)
    assert [one.code for one in caught.value.refusals] == ["no_proposal"]
    assert list_proposals(world.session, world.actor("receiving_staff")) == []


def test_says_of_each_why_it_cannot_be_written_and_writes_nobody(world: World):
    logged(world, "received2")
    with pytest.raises(Refused) as caught:
        proposed(world, *TEAM)
    (refusal,) = caught.value.refusals
    assert (refusal.field, refusal.code) == ("people", "over_one_day")
    assert refusal.sentence.startswith(f"{world.person('received2').name}：")
    assert world.count(Workday) == 1


def test_says_once_what_is_refused_to_all(world: World):
    with pytest.raises(Refused) as caught:
        proposed(world, *TEAM, day=date(2022, 12, 1))
    assert [(one.field, one.code) for one in caught.value.refusals] == [
        ("worked_on", "future_date")
    ]


def test_is_taken_back_as_long_as_nobody_has_said_yes(world: World):
    days = proposed(world, *TEAM)
    mine = of(world, "received1", days)
    seen = {one.id: one.version for one in days}
    accept_day(world.deed("receiving_staff"), mine, seen=None)
    with pytest.raises(Refused):
        withdraw_days(world.deed("receiving_manager"), seen)
    seen.pop(mine.id)
    assert withdraw_days(world.deed("receiving_manager"), seen) == 2
    assert sorted(one.state for one in days) == ["submitted", "superseded", "superseded"]
    assert_totals_stand(world.session)


def test_is_taken_back_by_its_writer_alone(world: World):
    days = proposed(world, *TEAM)
    with pytest.raises(Refused):
        withdraw_days(world.deed("sending_manager"), {one.id: one.version for one in days})


def test_the_answer_is_given_to_what_was_shown(world: World):
    mine = of(world, "received1", proposed(world, *TEAM))
    with pytest.raises(Conflict):
        accept_day(world.deed("receiving_staff"), mine, seen=mine.version + 1)


def test_costs_as_many_statements_for_one_as_for_three(world: World):
    deed = world.deed("receiving_manager")
    people = members(world, *TEAM)
    with statements_of(world.session) as of_one:
        log_activity(deed, world.pairing(), people[:1], entry(MONDAY))
    with statements_of(world.session) as of_three:
        log_activity(deed, world.pairing(), people, entry(MONDAY + timedelta(days=1)))
    assert len(of_one) == len(of_three)
