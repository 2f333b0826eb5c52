"""What waits for each role: a line is there as long as its cause is, with one button each."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models import (
    Account,
    Assignment,
    CalendarYear,
    Feedback,
    ImportBatch,
    RoleGrant,
    WorkYear,
    WorkYearDecision,
)
from models.types import AssignmentState, FeedbackKind, GrantState, ImportKind, Role, ScopeKind
from portal.confirmations.actions import return_workday, return_workdays
from portal.feedback.actions import Message, send_feedback
from portal.home.rules import READER
from portal.pairings.decision_actions import confirm_pairing
from portal.staffing.actions import approve_assignment, nominate
from tests.support.inbox import door_count, notes, tasks
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.unconfirmed import unconfirm
from tests.support.workdays import MONDAY, confirmed, logged
from tests.support.world import PERSONAS, World

UNPLANNED = "资金未足额编制的援派机构"
"""Waits all the time for whoever pays: in the small world nothing is planned."""


def besides(page: Page) -> dict[str, str]:
    """Return what is to be done besides planning money."""
    return {label: count for label, count in tasks(page).items() if label != UNPLANNED}


def address_of(page: Page, button: str) -> str:
    return next(address for text, address in page.links() if text.startswith(button))


def test_a_worker_is_told_of_returned_entries_and_drafts(pages: Pages, world: World):
    client = pages("sending_staff")
    assert tasks(client.get("/")) == {}
    returned = logged(world)
    return_workday(world.deed("sending_manager"), returned, "请写明地点")
    draft = logged(world, day=MONDAY + timedelta(1), submit=False)
    page = client.get("/")
    assert page.text.count("请写明地点") == 1, "among what is to be done, not as a message too"
    assert tasks(page) == {"被退回的日志": "1", "尚未提交的草稿": "1"}
    # One leads to itself, several to their list.
    assert address_of(page, "去修改") == f"/workdays/{returned.id}/edit"
    assert "退回原因：请写明地点" in client.get(address_of(page, "去修改")).text
    assert address_of(page, "去提交") == f"/workdays/{draft.id}"
    another = logged(world, day=MONDAY + timedelta(2))
    return_workday(world.deed("sending_manager"), another, "请写明对象")
    page = client.get("/")
    note = notes(page)["被退回的日志"]
    assert "“请写明地点”" in note
    assert "“请写明对象”" in note
    assert len(client.get(address_of(page, "去修改")).table_rows()) == 2
    client.post(f"/workdays/{another.id}/abandonment")
    client.post(f"/workdays/{returned.id}/submission")
    assert tasks(client.get("/")) == {"尚未提交的草稿": "1"}


def test_a_manager_is_told_of_what_was_handed_in(pages: Pages, world: World):
    client = pages("sending_manager")
    assert tasks(client.get("/")) == {}
    workday = logged(world)
    assert tasks(client.get("/")) == {"待确认的工作日志": "1"}
    client.post("/workdays/confirmation", {"chosen": f"{workday.id}-{workday.version}"})
    assert tasks(client.get("/")) == {}


def test_a_county_is_told_of_days_and_of_received_people(pages: Pages, world: World):
    client = pages("county_officer")
    workday = confirmed(world)
    nomination = nominated(world, "receiving_manager", "received2", "P1")
    assert tasks(client.get("/")) == {"待核准的工作日志": "1", "待审批的选派": "1"}
    client.post("/workdays/approval", {"chosen": f"{workday.id}-{workday.version}"})
    approve_assignment(world.deed("county_officer"), nomination)
    assert tasks(client.get("/")) == {}


def test_a_province_is_told_of_sent_people(pages: Pages, world: World):
    client = pages("sending_province_officer")
    nomination = nominated(world, "sending_manager", "sent2", "P1")
    assert besides(client.get("/")) == {"待审批的选派": "1"}
    # Not the business of the receiving province, nor of its county.
    assert besides(pages("province_officer").get("/")) == {}
    assert besides(pages("county_officer").get("/")) == {}
    approve_assignment(world.deed("sending_province_officer"), nomination)
    assert besides(client.get("/")) == {}


def nominated(world: World, manager: str, person: str, code: str) -> Assignment:
    """Nominate somebody anew, whose earlier term is over."""
    world.session.execute(
        sa.update(Assignment)
        .where(Assignment.person_id == world.person(person).id)
        .values(ends_on=date(2022, 6, 30))
    )
    world.session.expire_all()
    earlier = world.assignment(person)
    found = nominate(
        world.deed(manager),
        pairing=world.pairing(code),
        person=world.person(person),
        side=earlier.side,
        starts_on=date(2022, 12, 1),
        ends_on=None,
    )
    assert found.state == AssignmentState.NOMINATED
    return found


def test_administrators_are_told_of_missing_years_grants_and_locks(pages: Pages, world: World):
    assert besides(pages("system_administrator").get("/")) == {}
    assert besides(pages("security_administrator").get("/")) == {}
    world.session.execute(sa.delete(CalendarYear).where(CalendarYear.year == 2023))
    account = world.session.scalars(sa.select(Account).where(Account.login == "association")).one()
    account.locked_until = world.clock() + timedelta(minutes=5)
    proposer = world.session.scalars(
        sa.select(Account).where(Account.login == "system_administrator")
    ).one()
    world.session.add(
        RoleGrant(
            account_id=account.id,
            person_id=account.person_id,
            role=Role.EVALUATOR,
            scope_kind=ScopeKind.NATION,
            scope_code="CN",
            proposed_at=world.clock(),
            proposed_by_person_id=proposer.person_id,
        )
    )
    page = pages("system_administrator").get("/")
    assert besides(page) == {"缺少节假日安排的年份": "1"}
    assert door_count(page, "首页") == "1"
    assert besides(pages("national_officer").get("/")) == {"缺少节假日安排的年份": "1"}
    assert besides(pages("security_administrator").get("/")) == {
        "待确认的授权": "1",
        "被锁定的账号": "1",
    }


def test_whoever_holds_two_roles_has_the_tasks_of_both(pages: Pages, world: World):
    account = world.session.scalars(
        sa.select(Account).where(Account.login == "sending_staff")
    ).one()
    organisation = world.organisation("sending")
    world.session.add(
        RoleGrant(
            account_id=account.id,
            person_id=account.person_id,
            role=Role.SEND_MGR,
            scope_kind=ScopeKind.ORGANISATION,
            scope_code=organisation.credit_code,
            organisation_id=organisation.id,
            proposed_at=world.clock(),
            state=GrantState.CONFIRMED,
        )
    )
    logged(world, submit=False)
    logged(world, "sent2")
    # An own entry waits for somebody else.
    logged(world, day=MONDAY + timedelta(1))
    page = pages("sending_staff").get("/")
    assert tasks(page) == {"尚未提交的草稿": "1", "待确认的工作日志": "1"}


def test_a_line_says_the_newest_and_since_when_the_oldest_waits(pages: Pages, world: World):
    clock = world.clock
    clock.stand_on(date(2022, 11, 15))
    logged(world)
    clock.stand_on(date(2022, 11, 19))
    logged(world, day=date(2022, 11, 18))
    clock.stand_on(date(2022, 11, 21))
    name = world.person("sent1").name
    note = notes(pages("sending_manager").get("/"))["待确认的工作日志"]
    assert note == f"最近：{name} 11月18日；最早 6 天前"


def test_a_returned_entry_shows_its_reason_and_the_day_of_its_return(pages: Pages, world: World):
    world.clock.stand_on(date(2022, 11, 17))
    return_workday(world.deed("sending_manager"), logged(world), "请写明地点")
    world.clock.stand_on(date(2022, 11, 21))
    note = notes(pages("sending_staff").get("/"))["被退回的日志"]
    assert note == "11月14日“请写明地点”，4 天前。修改后重新提交，否则不计入。"


def test_returned_entries_of_one_reason_stand_together_and_no_reason_is_lost(
    pages: Pages, world: World
):
    manager, days = (
        world.deed("sending_manager"),
        [date(2022, 11, 7 + n) for n in (0, 1, 2, 3, 4, 7, 8)],
    )
    found = [logged(world, day=day) for day in days]
    world.clock.stand_on(date(2022, 11, 21))
    return_workdays(manager, found[:4], "请附照片")
    for one, reason in zip(found[4:], ("请写明地点", "请写明对象", "日期有误"), strict=True):
        return_workday(manager, one, reason)
    note = notes(pages("sending_staff").get("/"))["被退回的日志"]
    assert "11月7日、11月8日、11月9日、11月10日“请附照片”" in note
    for words in ("11月11日“请写明地点”", "11月14日“请写明对象”", "11月15日“日期有误”"):
        assert words in note


def test_every_line_has_exactly_one_button(pages: Pages, world: World):
    logged(world, submit=False)
    return_workday(world.deed("sending_manager"), logged(world, day=date(2022, 11, 15)), "原因")
    page = pages("sending_staff").get("/")
    buttons = [item.find_all("a, button") for item in page.find_all(".q-tasks li")]
    assert [len(found) for found in buttons] == [1, 1]


def test_a_province_is_told_of_pairings_that_the_other_one_proposed(pages: Pages, world: World):
    pairing = unconfirm(world)
    client = pages("province_officer")
    assert besides(client.get("/")) == {"待本省确认的结对": "1"}
    assert besides(pages("sending_province_officer").get("/")) == {}
    confirm_pairing(world.deed("province_officer"), pairing)
    assert besides(client.get("/")) == {}


def uploaded(world: World, *, accepted: int) -> None:
    """Let the sending manager upload a file of three rows, so many of them good."""
    account = world.session.scalars(
        sa.select(Account).where(Account.login == "sending_manager")
    ).one()
    world.session.add(
        ImportBatch(
            kind=ImportKind.PEOPLE,
            file_name="人员.xlsx",
            file_hash=bytes(32),
            account_id=account.id,
            staged_at=world.clock(),
            rows=3,
            accepted=accepted,
            refused=3 - accepted,
            unchanged=0,
        )
    )


def test_a_file_without_a_row_to_write_waits_for_nobody(pages: Pages, world: World):
    uploaded(world, accepted=0)
    assert tasks(pages("sending_manager").get("/")) == {}


def test_a_file_waits_for_its_second_click_for_a_day(pages: Pages, world: World):
    uploaded(world, accepted=3)
    client = pages("sending_manager")
    page = client.get("/")
    assert tasks(page) == {"待您确认的导入文件": "1"}
    # No other door counts it: it stands on that of the first page, on every page.
    assert door_count(page, "首页") == "1"
    assert door_count(client.get("/people"), "首页") == "1"
    assert tasks(pages("receiving_manager").get("/")) == {}
    world.clock.pass_time(hours=25)
    assert tasks(pages("sending_manager").get("/")) == {}


def test_what_another_door_counts_is_not_counted_on_the_first_door(pages: Pages, world: World):
    logged(world)
    page = pages("sending_manager").get("/")
    assert tasks(page) == {"待确认的工作日志": "1"}
    assert door_count(page, "工作日志") == "1"
    assert door_count(page, "首页") is None


def test_messages_wait_for_the_system_administrator(pages: Pages, world: World):
    message = Message(FeedbackKind.SUGGESTION, "演示：希望能按月打印")
    send_feedback(world.deed("sending_staff"), message)
    page = pages("system_administrator").get("/")
    assert tasks(page) == {"待答复的投诉建议": "1"}
    assert notes(page)["待答复的投诉建议"] == "建议，今天"
    assert "希望能按月打印" not in page.text
    assert tasks(pages("audit_administrator").get("/")) == {}
    world.session.execute(sa.update(Feedback).values(state="closed"))
    assert tasks(pages("system_administrator").get("/")) == {}


def test_an_empty_inbox_is_one_line_that_says_what_comes_next(pages: Pages):
    for persona in PERSONAS:
        page = pages(persona).get("/")
        if persona in ("national_officer", "sending_province_officer"):
            assert list(tasks(page)) == [UNPLANNED]
            continue
        assert not page.find_all(".q-tasks"), persona
        assert "没有待办事项。" in page.text, persona
    assert READER in pages("evaluator").get("/").text
    assert "本机构人员提交日志后" in pages("sending_manager").get("/").text


@pytest.mark.parametrize(
    ("persona", "at_home"),
    [
        ("sending_staff", 1),
        ("sending_manager", 1),
        ("county_officer", 1),
        ("sending_province_officer", 1),
        ("evaluator", 0),
    ],
)
def test_the_inbox_is_one_statement_and_all_doors_are_another(
    pages: Pages, world: World, persona: str, at_home: int
):
    logged(world)
    logged(world, day=date(2022, 11, 15), submit=False)
    asked: dict[str, int] = {}
    for address in ("/", "/help"):
        with statements(pages.app) as sent:
            pages(persona).get(address)
        asked[address] = len([one for one in sent if "how_many" in one])
        # Who is signed in, and what waits behind the doors, whatever rooms there are.
        assert address == "/" or len([one for one in sent if one.startswith("SELECT")]) <= 2
    # Who only reads has no inbox.
    assert asked == {"/": at_home, "/help": 0}


@pytest.mark.parametrize(
    ("day", "label", "note"),
    [
        (date(2025, 11, 1), None, ""),
        (date(2025, 11, 2), "缺少下一期计划", "2026-01-01 起不在任何工作年度内"),
        (date(2026, 3, 2), "缺少下一期计划", "今天起不在任何工作年度内"),
    ],
)
def test_the_nation_is_asked_for_the_next_period_before_it_is_missing(
    pages: Pages, world: World, day: date, label: str | None, note: str
):
    world.clock.stand_on(day)
    page = pages("national_officer").get("/")
    found = [one for one in notes(page) if one.startswith("缺少下一期") or one == "缺少工作年度"]
    assert found == ([label] if label else [])
    if label:
        assert notes(page)[label].startswith(note)
        assert address_of(page, "去设立") == "/programme/new"
        assert door_count(page, "首页") is not None
    assert "缺少下一期计划" not in notes(pages("system_administrator").get("/"))
    assert "缺少下一期计划" not in notes(pages("province_officer").get("/"))


def test_a_year_that_is_missing_inside_a_period_is_asked_for_as_a_year(pages: Pages, world: World):
    gone = sa.select(WorkYear.id).where(WorkYear.year == 2023)
    world.session.execute(
        sa.delete(WorkYearDecision).where(WorkYearDecision.work_year_id.in_(gone))
    )
    world.session.execute(sa.delete(WorkYear).where(WorkYear.year == 2023))
    page = pages("national_officer").get("/")
    assert notes(page)["缺少工作年度"].startswith("2023-01-01 起")
    assert address_of(page, "去设立") == "/programme/work-years/new"
