"""The first page as each role sees it: what must be done now, and how things stand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models import Account, Assignment, CalendarYear, RoleGrant
from models.types import AssignmentState, Role, ScopeKind
from portal.staffing.actions import approve_assignment, nominate
from portal.workdays.actions import return_workday
from tests.support.page_client import Node, Page
from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.workdays import MONDAY, approved, confirmed, logged
from tests.support.world import PERSONAS, World

ALL_FIVE = "援派人数不足、受援人数不足、援派工作日不足、受援工作日不足"


def tasks(page: Page) -> dict[str, str]:
    """The to-do list: how many, by what."""
    items = page.find_all(".q-tasks li")
    return {label_of(one): one.find(".q-tasks__count").text for one in items}


def label_of(item: Node) -> str:
    note = item.find(".q-tasks__note")
    return item.find(".q-tasks__words").text.removesuffix(note.text if note else "").strip()


def figures(page: Page) -> dict[str, str]:
    boxes = page.find_all(".q-kpi")
    return {box.find(".q-kpi__label").text: box.find(".q-kpi__value").text for box in boxes}


def test_a_visitor_is_asked_to_sign_in(pages: Pages):
    page = pages().get("/")
    assert page.h1 == "登录"


def test_opens_for_every_role(pages: Pages):
    for persona in PERSONAS:
        assert pages(persona).get("/").find("h2").text == "待办", persona


@pytest.mark.parametrize(
    "persona", ["sending_staff", "sending_manager", "county_officer", "system_administrator"]
)
def test_leads_only_where_they_may_go(pages: Pages, persona: str):
    page = pages(persona).get("/")
    for _, address in page.links():
        page.client.get(address)


# ---- what must I do now ----------------------------------------------------------------------


def test_a_worker_is_told_of_returned_entries_and_drafts(pages: Pages, world: World):
    client = pages("sending_staff")
    assert tasks(client.get("/")) == {}
    returned = logged(world)
    return_workday(world.deed("sending_manager"), returned, "请写明地点")
    logged(world, day=MONDAY + timedelta(1), submit=False)
    page = client.get("/")
    assert tasks(page) == {"被退回的日志": "1", "尚未提交的草稿": "1"}
    addresses = [address for text, address in page.links() if text.startswith("去修改")]
    assert len(client.get(addresses[0]).table_rows()) == 1
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
    assert tasks(client.get("/")) == {"待核准的工作日志": "1", "待审批的受援人员": "1"}
    client.post("/workdays/approval", {"chosen": f"{workday.id}-{workday.version}"})
    approve_assignment(world.deed("county_officer"), nomination)
    assert tasks(client.get("/")) == {}


def test_a_province_is_told_of_sent_people(pages: Pages, world: World):
    client = pages("sending_province_officer")
    nomination = nominated(world, "sending_manager", "sent2", "P1")
    assert tasks(client.get("/")) == {"待审批的援派人员": "1"}
    # Not the business of the receiving province, nor of its county.
    assert tasks(pages("province_officer").get("/")) == {}
    assert tasks(pages("county_officer").get("/")) == {}
    approve_assignment(world.deed("sending_province_officer"), nomination)
    assert tasks(client.get("/")) == {}


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
    assert tasks(pages("system_administrator").get("/")) == {}
    assert tasks(pages("security_administrator").get("/")) == {}
    world.session.execute(sa.delete(CalendarYear).where(CalendarYear.year == 2023))
    account = world.session.scalars(sa.select(Account).where(Account.login == "association")).one()
    account.locked_until = world.clock() + timedelta(minutes=5)
    proposer = world.session.scalars(
        sa.select(Account).where(Account.login == "system_administrator")
    ).one()
    world.session.add(
        RoleGrant(
            account_id=account.id,
            role=Role.EVALUATOR,
            scope_kind=ScopeKind.NATION,
            scope_code="CN",
            proposed_at=world.clock(),
            proposed_by_account_id=proposer.id,
        )
    )
    assert tasks(pages("system_administrator").get("/")) == {"缺少节假日安排的年份": "1"}
    assert tasks(pages("national_officer").get("/")) == {"缺少节假日安排的年份": "1"}
    assert tasks(pages("security_administrator").get("/")) == {
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
            role=Role.SEND_MGR,
            scope_kind=ScopeKind.ORGANISATION,
            scope_code=organisation.credit_code,
            organisation_id=organisation.id,
            proposed_at=world.clock(),
            confirmed_at=world.clock(),
        )
    )
    logged(world, submit=False)
    logged(world, "sent2")
    # An own entry waits for somebody else.
    logged(world, day=MONDAY + timedelta(1))
    page = pages("sending_staff").get("/")
    assert tasks(page) == {"尚未提交的草稿": "1", "待确认的工作日志": "1"}


# ---- how are we doing --------------------------------------------------------------------------


def test_a_worker_sees_their_year_by_month_and_what_is_missing(pages: Pages, world: World):
    approved(world, day=date(2022, 10, 31))
    approved(world)
    confirmed(world, day=MONDAY + timedelta(1), half_days=1)
    return_workday(world.deed("sending_manager"), logged(world, day=date(2022, 11, 1)), "原因")
    page = pages("sending_staff").get("/")
    assert "本人已计入 2 天，待确认或核准 0.5 天" in page.text
    assert "援派一方（全队合计） 2 / 40 天" in page.text
    assert "还差 37.5 天" in page.text
    assert page.table_rows("各月工作日") == [
        {"月份": "10 月", "已核准（天）": "1", "待确认或核准（天）": "0", "被退回（天）": "0"},
        {"月份": "11 月", "已核准（天）": "1", "待确认或核准（天）": "0.5", "被退回（天）": "1"},
    ]
    assert ("填报工作日", "/workdays/new") in page.links()


def test_the_forecast_is_that_of_the_pairings_page(pages: Pages, world: World):
    approved(world)
    client = pages("sending_staff")
    page = client.get("/")
    sentence = next(text for text in page.text.split("。") if "最迟" in text)
    latest = sentence.partition("最迟 ")[2][:10]
    assert latest in client.get("/pairings/P1?year=2022").text


def test_a_worker_without_an_assignment_is_told_what_to_do(pages: Pages):
    assert "还没有被选派到任何结对" in pages("other_staff").get("/").text


def test_a_manager_sees_the_own_people_by_name_and_who_has_no_day_yet(pages: Pages, world: World):
    approved(world, "sent2")
    confirmed(world)
    rows = pages("sending_manager").get("/").table_rows("本机构选派人员")
    names = [row["姓名"] for row in rows]
    assert names == sorted(names)
    assert {row["姓名"]: (row["已计入（天）"], row["待审（天）"], row["说明"]) for row in rows} == {
        world.person("sent1").name: ("0", "1", "尚无计入的工作日，暂不计人数"),
        world.person("sent2").name: ("1", "0", ""),
    }


def test_a_manager_sees_the_findings_of_the_own_pairings_only(pages: Pages):
    page = pages("sending_manager").get("/")
    rows = page.table_rows("未达标的结对")
    assert [(row["结对编号"], row["存在的问题"]) for row in rows] == [("P1", ALL_FIVE)]
    assert "重点帮扶县覆盖" not in figures(page)


def test_a_county_sees_what_was_sent_back_and_not_handed_in_again(pages: Pages, world: World):
    workday = confirmed(world)
    return_workday(world.deed("county_officer"), workday, "原因")
    assert figures(pages("county_officer").get("/"))["退回后未重新提交"] == "1条"


def test_a_province_sees_its_pairings_by_finding_the_emptiest_first(pages: Pages, world: World):
    approved(world)
    page = pages("province_officer").get("/")
    assert [row["结对编号"] for row in page.table_rows("未达标的结对")] == ["P2", "P1"]
    counts = {row["存在的问题"]: row["结对数"] for row in page.table_rows("存在的问题")}
    assert counts["援派工作日不足"] == "2"
    assert counts["未登记帮扶协议"] == "1"
    assert figures(page)["重点帮扶县覆盖"] == "2 / 5县"


def test_the_nation_sees_every_province_and_the_same_sums_as_the_summary(
    pages: Pages, world: World
):
    approved(world)
    approved(world, "received1", half_days=1)
    client = pages("national_officer")
    page = client.get("/")
    assert figures(page)["结对"] == "3对"
    assert figures(page)["重点帮扶县覆盖"] == "3 / 160县"
    assert figures(page)["援派工作日"] == "1天"
    rows = {row["省份"]: row for row in page.table_rows("各受援省进展")}
    assert (rows["宁夏回族自治区"]["结对"], rows["宁夏回族自治区"]["受援工作日"]) == ("2", "0.5")
    assert sum(int(row["结对"]) for row in rows.values()) == 3
    assert "查看 2022 年度汇总" in page.text
    assert client.get("/summary?year=2022").h1 == "2022 年度汇总"


@pytest.mark.parametrize("persona", ["evaluator", "association"])
def test_evaluators_and_associations_are_led_to_the_summary(pages: Pages, persona: str):
    page = pages(persona).get("/")
    assert ("查看 2022 年度汇总", "/summary?year=2022") in page.links()
    assert tasks(page) == {}


@pytest.mark.parametrize(
    "persona", ["system_administrator", "security_administrator", "audit_administrator"]
)
def test_administrators_see_no_business(pages: Pages, world: World, persona: str):
    approved(world)
    page = pages(persona).get("/")
    assert "P1" not in page.html
    assert figures(page) == {}


def test_nobody_is_ranked_and_no_time_online_is_counted(pages: Pages, world: World):
    approved(world)
    for persona in ("sending_manager", "county_officer", "province_officer", "national_officer"):
        text = pages(persona).get("/").text
        assert not any(word in text for word in ("排名", "排行", "签到", "在线时长"))


@pytest.mark.parametrize(
    "persona", ["sending_staff", "sending_manager", "county_officer", "national_officer"]
)
def test_costs_the_same_for_one_day_and_for_many(pages: Pages, world: World, persona: str):
    client = pages(persona)
    logged(world)
    confirmed(world, "sent2")
    client.get("/")  # the first page of a process asks once whether this is a demonstration
    with statements(pages.app) as few:
        client.get("/")
    for number in range(1, 8):
        day = MONDAY - timedelta(number)
        logged(world, day=day)
        confirmed(world, "sent2", day=day)
        approved(world, "received1", day=day)
    with statements(pages.app) as many:
        client.get("/")
    assert len(many) == len(few)
