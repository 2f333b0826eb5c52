"""A month declared complete, and what makes that no longer so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models import AuditEvent, MonthDeclaration
from portal.activities.actions import log_activity
from portal.activities.queries import TeamMember
from portal.confirmations.actions import return_workday
from portal.months.actions import declare_month, withdraw_declaration
from portal.months.list_queries import MonthsAsked, counties_of, share_of
from portal.months.queries import OwnMonth, list_places, own_month
from portal.refusals import Refused
from portal.workdays.actions import edit_workday, recall_workday
from tests.support.workdays import MONDAY, entry, logged
from tests.support.world import World

NOVEMBER = date(2022, 11, 1)
LAST_MONDAY = date(2022, 10, 31)


def month_of(world: World, key: str = "received1", month: date = NOVEMBER) -> OwnMonth:
    person_id = world.person(key).id
    (place,) = list_places(world.session, person_id)
    world.session.flush()
    return own_month(world.session, place, person_id, month, date(2022, 11, 21))


def declared(world: World, month: date = NOVEMBER) -> MonthDeclaration:
    deed = world.deed("receiving_staff")
    return declare_month(deed, month_of(world, month=month))


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in caught.value.refusals]


def test_says_which_working_days_are_empty_and_asks_for_none(world: World):
    logged(world, "received1")
    own = month_of(world)
    assert MONDAY not in own.empty
    assert date(2022, 11, 15) in own.empty
    assert date(2022, 11, 19) not in own.empty, "a Saturday"
    assert date(2022, 11, 22) not in own.empty, "tomorrow"
    declared(world)
    assert month_of(world).holds


def test_is_one_row_and_one_event(world: World):
    logged(world, "received1", half_days=1)
    row = declared(world)
    assert (row.half_days, row.side, row.last_day) == (1, "received", date(2022, 11, 30))
    event = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.event, event.subject) == ("month.declared", "pairing:P1")


@pytest.mark.parametrize(
    ("month", "code"),
    [(date(2022, 12, 1), "future_date"), (date(2021, 11, 1), "not_assigned")],
)
def test_refuses_a_month_that_has_not_begun_or_in_which_one_was_not_there(
    world: World, month: date, code: str
):
    with pytest.raises(Refused) as caught:
        declared(world, month)
    assert codes(caught) == [code]


def test_refuses_a_month_of_which_something_is_left(world: World):
    logged(world, "received1", submit=False)
    back = logged(world, "received1", MONDAY + timedelta(1))
    return_workday(world.deed("receiving_manager"), back, "演示：请补充")
    mine = world.person("received1")
    log_activity(
        world.deed("receiving_manager"),
        world.pairing(),
        [TeamMember(mine.id, mine.public_id, mine.name)],
        entry(MONDAY + timedelta(2)),
    )
    with pytest.raises(Refused) as caught:
        declared(world)
    assert codes(caught) == ["entries_left"]
    sentence = caught.value.refusals[0].sentence
    assert "2 条草稿未提交（含他人代填、待您确认的）、1 条被退回未重新提交" in sentence


def test_no_longer_holds_once_a_day_is_added(world: World):
    logged(world, "received1")
    declared(world)
    world.clock.pass_time(minutes=1)
    logged(world, "received1", MONDAY + timedelta(1))
    assert not month_of(world).holds
    declared(world)
    assert month_of(world).holds
    assert world.count(MonthDeclaration) == 1


def test_no_longer_holds_once_a_day_is_added_in_the_same_instant(world: World):
    declared(world)
    logged(world, "received1")
    assert not month_of(world).holds


def test_no_longer_holds_once_a_day_of_another_month_becomes_one_of_this(world: World):
    other = logged(world, "received1", LAST_MONDAY)
    declared(world)
    recall_workday(world.deed("receiving_staff"), other)
    edit_workday(world.deed("receiving_staff"), other, entry(MONDAY), submit=True)
    assert not month_of(world).holds


def test_still_holds_when_another_month_or_person_adds_a_day(world: World):
    logged(world, "received1")
    declared(world)
    world.clock.pass_time(minutes=1)
    logged(world, "received1", LAST_MONDAY)
    logged(world, "received2", MONDAY + timedelta(1))
    assert month_of(world).holds


def test_is_withdrawn_by_hand_once(world: World):
    declared(world)
    withdraw_declaration(world.deed("receiving_staff"), month_of(world))
    assert not month_of(world).holds
    with pytest.raises(Refused) as caught:
        withdraw_declaration(world.deed("receiving_staff"), month_of(world))
    assert codes(caught) == ["wrong_state"]


def test_the_share_counts_people_at_work_within_reach(world: World):
    declared(world)

    def share(persona: str) -> tuple[int, int]:
        actor = world.actor(persona)
        return tuple(share_of(counties_of(world.session, actor, MonthsAsked(NOVEMBER))))

    assert share("receiving_manager") == (3, 1)
    assert share("sending_manager") == (2, 0)
    assert share("county_officer") == (5, 1)
    assert share("other_county_officer") == (0, 0)
    assert share("national_officer") == (6, 1)
