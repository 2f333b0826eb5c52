"""The first page as officers and administrators see it: how things stand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.confirmations.actions import return_workday
from portal.jobs.claim_actions import note_alive
from tests.support.inbox import tasks
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.workdays import MONDAY, approved, confirmed, logged
from tests.support.world import PERSONAS, World

ALL_FIVE = "援派人数不足、受援人数不足、援派工作日不足、受援工作日不足"


def figures(page: Page) -> dict[str, str]:
    boxes = page.find_all(".q-kpi")
    return {box.find(".q-kpi__label").text: box.find(".q-kpi__value").text for box in boxes}


def test_a_visitor_is_asked_to_sign_in(pages: Pages):
    page = pages().get("/")
    assert page.h1 == "登录"


def test_opens_for_every_role_with_the_inbox_on_it(pages: Pages):
    for persona in PERSONAS:
        assert "待办" in [one.text for one in pages(persona).get("/").find_all("h2")], persona


@pytest.mark.parametrize(
    "persona",
    [
        "sending_staff",
        "sending_manager",
        "county_officer",
        "national_officer",
        "system_administrator",
        "audit_administrator",
    ],
)
def test_leads_only_where_they_may_go(pages: Pages, world: World, persona: str):
    approved(world)
    logged(world, day=MONDAY + timedelta(1))
    page = pages(persona).get("/")
    for _, address in page.links():
        page.client.get(address, follow=True)


# ---- organisations and counties ----------------------------------------------------------------


def test_a_manager_sees_the_own_people_by_name_and_who_has_no_day_yet(pages: Pages, world: World):
    approved(world, "sent2")
    confirmed(world)
    rows = pages("sending_manager").get("/").table_rows("本机构选派人员")
    names = [row["姓名"] for row in rows]
    assert names == ["演示甲二", "演示甲一"]  # èr before yī
    shown = {
        row["姓名"]: (row["已计入（占全队所需）"], row["最近一天"], row["说明"]) for row in rows
    }
    assert shown == {
        world.person("sent1").name: (
            "0 / 40 待审 1",
            "11月14日",
            "尚无计入的工作日，暂不计人数",
        ),
        world.person("sent2").name: ("1 / 40", "11月14日", "—"),
    }


def test_the_months_of_a_person_are_said_in_words_beside_their_bars(pages: Pages, world: World):
    approved(world, "sent2")
    approved(world, "sent2", MONDAY - timedelta(14), half_days=1)
    page = pages("sending_manager").get("/")
    words = [one["aria-label"] for one in page.find_all(".q-spark")]
    assert f"{world.person('sent2').name}各月天数：10月 0.5 天，11月 1 天" in words
    assert f"{world.person('sent1').name}各月天数：无" in words


@pytest.mark.parametrize("persona", ["sending_manager", "county_officer"])
def test_the_own_pairings_are_explained_sentence_by_sentence(
    pages: Pages, world: World, persona: str
):
    page = pages(persona).get("/")
    found = [one.text for one in page.find_all(".q-finding")]
    assert [one.partition("。")[0] for one in found] == ["援派人数不足", "受援人数不足"]
    sent, _ = [one.text for one in page.find_all(".q-side")]
    assert "援派工作日合计 0 / 40 天 还差 40 天；到 2022-12-31" in sent
    assert sent.count("40") == 2  # what is needed, and what is still missing
    assert [one.text for one in page.find_all(".q-pair h3")] == ["红寺堡区 P1"]
    assert figures(page) == {}


def test_one_click_mends_a_finding(pages: Pages, world: World):
    logged(world)
    page = pages("sending_manager").get("/")
    assert ("确认工作日", "/workdays/confirmation") in page.links()
    confirmed(world, day=MONDAY + timedelta(1))
    page = pages("county_officer").get("/")
    assert ("核准工作日", "/workdays/approval?pairing=P1") in page.links()


def test_an_officer_sees_how_many_pairings_have_which_pace_and_opens_them(pages: Pages):
    client = pages("province_officer")
    page = client.get("/")
    counts = [one.text for one in page.find_all(".q-paces li")]
    assert counts == ["已完成 0 对", "按进度 0 对", "偏慢 0 对", "来不及 2 对"]
    (link,) = [url for _, url in page.links() if "pace=" in url]
    assert [row["结对编号"] for row in client.get(link).table_rows()] == ["P1", "P2"]


def test_a_county_sees_what_was_sent_back_and_not_handed_in_again(pages: Pages, world: World):
    workday = confirmed(world)
    assert "条日志已退回" not in pages("county_officer").get("/").text
    return_workday(world.deed("county_officer"), workday, "原因")
    page = pages("county_officer").get("/")
    assert "1 条日志已退回，等填报人修改后重新提交。" in page.text
    # It waits for the person, not for the county.
    assert tasks(page) == {}


def test_a_county_without_a_pairing_is_told_who_makes_one(pages: Pages, world: World):
    world.clock.stand_on(MONDAY.replace(year=2021))
    assert "结对由省级民政部门建立" in pages("county_officer").get("/").text


# ---- provinces and the nation ------------------------------------------------------------------


def test_a_province_sees_its_pairings_by_finding_the_slowest_first(pages: Pages, world: World):
    approved(world)
    page = pages("province_officer").get("/")
    rows = page.table_rows("进度最慢的结对")
    assert [row["结对"].split()[0] for row in rows] == ["P2同心县", "P1红寺堡区"]
    assert rows[1]["援派天数"] == "1 / 40"
    counts = {row["事项"]: row["结对数"] for row in page.table_rows("未达标事项")}
    assert counts["援派工作日不足"] == "2"
    assert counts["未登记帮扶协议"] == "1"
    assert figures(page)["重点帮扶县覆盖"] == "2 / 5县"


def test_the_counts_by_finding_lead_to_as_many_rows(pages: Pages):
    client = pages("province_officer")
    page = client.get("/")
    counts = {row["事项"]: int(row["结对数"]) for row in page.table_rows("未达标事项")}
    addresses = dict(page.links())
    for title, count in counts.items():
        assert len(client.get(addresses[title]).table_rows()) == count, title


def test_the_nation_compares_the_provinces_with_the_same_sums_as_the_summary(
    pages: Pages, world: World
):
    approved(world)
    approved(world, "received1", half_days=1)
    waits = logged(world, day=MONDAY + timedelta(1))
    client = pages("national_officer")
    page = client.get("/")
    shown = figures(page)
    assert (shown["结对"], shown["重点帮扶县覆盖"], shown["援派工作日"]) == (
        "3对",
        "3 / 160县",
        "1天",
    )
    assert shown["合格援派 / 受援人员"] == "1 / 1人"
    rows = {row["省份"]: row for row in page.table_rows("各受援省")}
    ningxia = rows["宁夏回族自治区"]
    assert (ningxia["达标 / 结对"], ningxia["重点县覆盖"]) == ("0 / 2", "2 / 5")
    assert (ningxia["援派天数 / 所需"], ningxia["受援天数 / 所需"]) == (
        "1 / 80 待审 1",
        "0.5 / 240",
    )
    assert sum(int(row["达标 / 结对"].split(" / ")[1]) for row in rows.values()) == 3
    assert client.get("/summary?year=2022").h1 == "2022 年度汇总"
    (url,) = {url for text, url in page.links() if text.startswith("待审")}
    (row,) = client.get(url).table_rows()
    assert row["日期"] == waits.worked_on.isoformat()


@pytest.mark.parametrize(
    "persona",
    [
        "evaluator",
        "association",
        "prefecture_officer",
        "province_rural_officer",
        "county_rural_officer",
    ],
)
def test_who_only_reads_is_led_to_the_summary(pages: Pages, persona: str):
    page = pages(persona).get("/")
    assert tasks(page) == {}
    assert "您的账号只供查看" in page.text
    summary = page.click("查看 2022 年度汇总")
    assert (summary.path, summary.h1) == ("/summary?year=2022", "2022 年度汇总")


# ---- administrators ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "persona", ["system_administrator", "security_administrator", "audit_administrator"]
)
def test_administrators_see_no_business(pages: Pages, world: World, persona: str):
    approved(world)
    page = pages(persona).get("/")
    assert "P1" not in page.text
    assert not {"结对", "达标", "援派工作日"} & set(figures(page))


def test_the_system_administrator_sees_accounts_and_whether_the_jobs_run(
    pages: Pages, world: World
):
    client = pages("system_administrator")
    page = client.get("/")
    assert figures(page)["启用的账号"] == f"{len(PERSONAS)}个"
    assert figures(page)["此刻在线"] == "1个"
    assert "未运行" in page.text
    note_alive(world.session, "one")
    assert "运行中" in client.get("/").text
    assert "定时任务" not in pages("security_administrator").get("/").text


def test_the_audit_administrator_sees_the_trail_and_its_last_check(pages: Pages, world: World):
    client = pages("audit_administrator")
    page = client.get("/")
    assert "尚未人工校验" in page.text
    assert figures(page)["审计记录"].endswith("条")
    page.submit(button="校验审计链")
    assert "上次校验：完整" in client.get("/").text


# ---- all of them -------------------------------------------------------------------------------


def test_nobody_is_ranked_and_no_time_online_is_counted(pages: Pages, world: World):
    approved(world)
    for persona in ("sending_manager", "county_officer", "province_officer", "national_officer"):
        text = pages(persona).get("/").text
        assert not any(word in text for word in ("排名", "排行", "签到", "在线时长"))


@pytest.mark.parametrize(
    "persona",
    [
        "sending_staff",
        "sending_manager",
        "county_officer",
        "province_officer",
        "national_officer",
        "system_administrator",
    ],
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
