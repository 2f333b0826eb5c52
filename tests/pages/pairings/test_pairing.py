"""/pairings/<code>: one pairing, as far as whoever reads it may see."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import AssignmentState, Line, Side
from portal.changes.actions import terminate_pairing
from portal.pairings.actions import create_pairing, record_agreement
from portal.staffing.actions import end_assignment, nominate
from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.waiting_days import unqualified
from tests.support.workdays import approved, confirmed, logged
from tests.support.world import World

URL = "/pairings/P1"
ALL_FIVE = ["演示甲一", "演示甲二", "演示乙一", "演示乙二", "演示乙三"]


def names(page) -> list[str]:
    return [row["姓名"] for row in page.table_rows()] if page.find("table") else []


def facts(page) -> dict[str, str]:
    return dict(
        zip(
            [one.text for one in page.find_all(".q-definitions dt")],
            [one.text for one in page.find_all(".q-definitions dd")],
            strict=True,
        )
    )


@pytest.mark.parametrize(
    ("persona", "expected"),
    [
        ("national_officer", ALL_FIVE),
        ("province_officer", ALL_FIVE),
        ("sending_province_officer", ALL_FIVE),
        ("county_officer", ALL_FIVE),
        ("sending_manager", ["演示甲一", "演示甲二"]),
        ("receiving_manager", ["演示乙一", "演示乙二", "演示乙三"]),
        ("sending_staff", ["演示甲一"]),
        ("province_rural_officer", []),
    ],
)
def test_shows_people_within_the_scope_and_the_others_as_a_number(pages: Pages, persona, expected):
    page = pages(persona).get(URL)
    assert sorted(names(page)) == sorted(expected)
    assert "全部已批准人员：援派 2 人，受援 3 人" in page.text


@pytest.mark.parametrize(
    "persona", ["other_province_officer", "other_county_officer", "other_manager"]
)
def test_a_foreign_pairing_is_not_there(pages: Pages, persona):
    pages(persona).get(URL, 404)
    pages(persona).get("/pairings/none-such", 404)


def test_says_what_the_pairing_is(pages: Pages):
    page = pages("province_officer").get(URL)
    assert page.h1.startswith("结对 P1")
    found = facts(page)
    assert found["受援县"] == "宁夏回族自治区吴忠市红寺堡区（640303）"
    assert found["帮扶方式"].startswith("跨省帮扶（福建省 → 宁夏回族自治区")
    assert found["结对期限"] == "2022-01-01 至 2025-12-31"
    assert found["帮扶协议"] == "演示协议1号，2022-01-01 签订"


def test_shows_another_year_on_demand(pages: Pages):
    page = pages("province_officer").get(URL).click("2023")
    assert "2023 年度" in page.text
    assert pages("province_officer").get(f"{URL}?year=1999").find("[aria-current=true]").text == (
        "2022"
    )


def test_the_record_says_who_when_and_why(pages: Pages, world: World):
    terminate_pairing(
        world.deed("province_officer"),
        world.pairing("P1"),
        last_day=date(2022, 10, 31),
        reason="受援机构注销",
    )
    page = pages("province_officer").get(URL)
    first = page.find_all(".q-timeline li")[0].text
    assert "终止结对" in first
    assert "2022-11-21 10:00" in first
    assert "受援机构注销" in first
    assert "已终止" in page.find(".q-page-header").text


def test_the_record_names_only_people_within_the_scope(pages: Pages):
    text = pages("sending_manager").get(URL).find(".q-timeline").text
    assert "演示甲一" in text
    assert "演示乙一" not in text


# ---- what is to be done next


def steps(page) -> list[str]:
    return [one.text for one in page.find_all(".q-tasks li")]


def test_a_finding_offers_the_one_click_that_mends_it_to_whoever_may(pages: Pages):
    page = pages("province_officer").get("/pairings/P2")
    finding = page.find("[data-code=no_agreement]")
    assert "依据：二(五)" in finding.text
    assert finding.find(".q-finding__actions a")["href"] == "/pairings/P2/agreement"
    page = pages("other_county_officer").get("/pairings/P2")
    assert page.find("[data-code=no_agreement] .q-finding__actions") is None
    assert "由省级民政部门登记" in page.find("[data-code=no_agreement]").text


def test_every_gap_names_have_need_and_clause(pages: Pages):
    page = pages("county_officer").get("/pairings/P1")
    side = page.find(".q-side")
    finding = side.find("[data-code=too_few_sent_days]")
    assert "援派工作日合计 0 / 40 天" in side.text
    assert finding.text.startswith("援派工作日不足。由援派人员填报")
    assert "依据：二(四)2" in finding.text


@pytest.mark.parametrize(
    "persona", ["sending_manager", "sending_staff", "receiving_manager", "receiving_staff"]
)
def test_each_side_reads_what_is_missing_on_both(pages: Pages, persona):
    page = pages(persona).get(URL)
    for side, need in zip(page.find_all(".q-side"), ("0 / 40 天", "0 / 120 天"), strict=True):
        assert need in side.text
    for code in ("too_few_sent_days", "too_few_received_days"):
        assert "工作日不足" in page.find(f"[data-code={code}]").text


def test_each_number_of_a_side_stands_once(pages: Pages, world: World):
    """They stood four times: in the finding twice, on the picture, and beside the bar."""
    for day in (14, 15, 16):
        approved(world, "sent1", date(2022, 11, day))
    for day in (17, 18):
        confirmed(world, "sent1", date(2022, 11, day))
    sent = pages("county_officer").get("/pairings/P1?year=2022").find(".q-side").text
    assert [sent.count(one) for one in ("3 / 40 天", "2 天 待县级核准", "还差 35 天")] == [1, 1, 1]
    assert sent.count("40") == 1
    assert "待审的都计入后，还差" in sent
    assert "现有" not in sent
    # Of three days that wait, one is of somebody who does not qualify: 40 - 3 - 3 would be 34.
    unqualified(world)
    sent = pages("county_officer").get("/pairings/P1?year=2022").find(".q-side").text
    assert "待审中能计入的 2 天都计入后，还差 35 天" in sent


def test_a_click_is_offered_once_on_a_card(pages: Pages, world: World):
    confirmed(world, "sent1", date(2022, 11, 17))
    page = pages("county_officer").get("/pairings/P1?year=2022")
    sent, received = page.find_all(".q-side")
    assert [one.text for one in sent.find_all(".btn")] == ["核准工作日：援派"]
    assert received.find_all(".btn") == []


def test_leads_to_the_working_days_of_the_year(pages: Pages):
    links = pages("county_officer").get("/pairings/P1?year=2023").links()
    assert ("查看 2023 年度全部工作日志", "/workdays?pairing=P1&year=2023") in links


@pytest.mark.parametrize(
    ("persona", "of_partner"),
    [("sending_manager", 3), ("receiving_manager", 3), ("sending_staff", 0)],
)
def test_days_lead_to_a_list_that_holds_them(pages: Pages, world: World, persona, of_partner):
    """Those of the partner led to the own list, which holds none of them."""
    for name in ("sent1", "received1"):
        approved(world, name, date(2022, 11, 16))
        confirmed(world, name, date(2022, 11, 17))
        logged(world, name, date(2022, 11, 18))
    client = pages(persona)
    page = client.get("/pairings/P1?year=2022")
    urls = [url for _, url in page.links() if "pairing=P1" in url]
    summary = client.get("/summary?year=2022").find_all(".q-main tbody a[href*='pairing=P1']")
    assert len(summary) == (2 if of_partner else 1)
    assert all(client.get(url).table_rows() for url in (*urls, *(one["href"] for one in summary)))
    assert sum(url.startswith("/workdays/partner") for url in urls) == of_partner
    assert "查看 2022 年度本方工作日志" in page.text
    assert all(side.find("h3 .q-tag") for side in page.find_all(".q-side"))


def test_a_manager_is_asked_for_people(pages: Pages):
    page = pages("other_manager").get("/pairings/P2")
    assert ("提名人员", "/pairings/P2/nomination") in page.links()
    assert any("援派人员已选派 0 人，应不少于 2 人，还差 2 人" in one for one in steps(page))


@pytest.mark.parametrize(
    ("persona", "offered"),
    [
        ("sending_province_officer", ["援派人员"]),
        ("county_officer", ["受援人员"]),
        ("province_officer", []),
    ],
)
def test_whoever_approves_a_side_is_led_to_the_queue(pages: Pages, world: World, persona, offered):
    end_assignment(world.deed(), world.assignment("received3"), date(2022, 2, 28), "产假")
    for manager, key, side in (
        ("sending_manager", "unqualified", Side.SENT),
        ("receiving_manager", "received3", Side.RECEIVED),
    ):
        nominate(
            world.deed(manager),
            pairing=world.pairing("P1"),
            person=world.person(key),
            side=side,
            starts_on=date(2022, 3, 1),
            ends_on=None,
        )
    found = [one for one in steps(pages(persona).get(URL)) if "待审批" in one]
    assert len(found) == 2
    assert [one[3:7] for one in found if "审批选派" in one] == offered


def test_nothing_is_left_to_do_where_everything_is_there(pages: Pages):
    assert pages("province_officer").get(URL).find(".q-tasks") is None


# ---- both provinces


def cross_pairing(world: World) -> None:
    terminate_pairing(world.deed(), world.pairing("P1"), last_day=date(2022, 6, 30), reason="测试")
    create_pairing(
        world.deed("sending_province_officer"),
        code="P9",
        sending=world.organisation("sending"),
        receiving=world.organisation("receiving"),
        county_code="640303",
        line=Line.KEY_COUNTY,
        starts_on=date(2022, 9, 1),
        ends_on=None,
    )


def test_the_other_province_sees_and_confirms_what_one_made(pages: Pages, world: World):
    cross_pairing(world)
    page = pages("province_officer").get("/pairings?year=2022").click("查看待确认的结对")
    assert [row["结对编号"] for row in page.table_rows()] == ["P9"]
    assert page.find('.q-nav__link[href="/pairings"]').text == "结对 1 件待办"
    page = page.click("P9")
    assert "待受援省确认" in page.find(".q-page-header").text
    page = page.submit(button="确认结对", follow=True)
    assert page.messages == ["已确认结对 P9，结对自现在起生效。"]
    assert page.find('.q-nav__link[href="/pairings"]').text == "结对"
    assert "待受援省确认" not in page.find(".q-page-header").text


def test_the_own_province_only_reads_that_the_other_has_to_confirm(pages: Pages, world: World):
    cross_pairing(world)
    client = pages("sending_province_officer")
    page = client.get("/pairings/P9")
    assert any("由受援省民政部门办理" in one for one in steps(page))
    refused = client.post("/pairings/P9/confirmation", expect=409)
    assert "等待受援方所在省" in refused.text


def test_a_county_cannot_confirm(pages: Pages, world: World):
    cross_pairing(world)
    pages("county_officer").post("/pairings/P9/confirmation", expect=403)


def test_costs_the_same_number_of_queries_for_few_people_and_for_many(pages: Pages, world: World):
    record_agreement(world.deed(), world.pairing("P2"), number="2号", signed_on=date(2022, 1, 1))
    client = pages("national_officer")
    client.get(URL)
    costs = []
    for url in (URL, "/pairings/P2"):
        with statements(pages.app) as sent:
            client.get(url)
        costs.append(len(sent))
    assert costs[0] == costs[1]
    assert world.assignment("sent1").state == AssignmentState.APPROVED


def test_until_then_the_page_says_what_waits_for_whom_and_offers_nothing_else(
    pages: Pages, world: World
):
    cross_pairing(world)
    page = pages("sending_province_officer").get("/pairings/P9")
    assert "待确认，尚未生效。" in page.text
    assert "还待受援省民政部门确认结对" in page.text
    assert "撤回结对" in page.find(".q-page-header").text
    assert "终止结对" not in page.find(".q-page-header").text
    assert page.find("#compliance") is None
    agreement = pages("sending_province_officer").get("/pairings/P9/agreement")
    assert "结对 P9 待确认，不能登记帮扶协议" in agreement.text
    assert agreement.find("main form") is None


def test_the_other_province_declines_with_a_reason_that_both_see(pages: Pages, world: World):
    cross_pairing(world)
    page = pages("province_officer").get("/pairings/P9").click("不同意结对")
    page = page.submit(button="不同意结对", values={"reason": ""}, expect=200)
    assert any("须填写原因" in one for one in page.errors)
    page = page.submit(button="不同意结对", values={"reason": "受援机构已注销"}, follow=True)
    assert page.messages == ["结对 P9 已不同意。"]
    page = pages("sending_province_officer").get("/pairings/P9")
    assert "未成立" in page.find(".q-page-header").text
    assert "受援机构已注销" in page.find(".q-timeline").text
    listed = pages("sending_province_officer").get("/pairings?year=2022&state=declined")
    assert [row["结对编号"] for row in listed.table_rows()] == ["P9"]


def test_after_its_term_a_pairing_is_no_longer_running(pages: Pages, world: World):
    world.pairing("P2").ends_on = date(2022, 6, 30)
    world.session.commit()
    page = pages("province_officer").get("/pairings/P2")
    assert "已期满" in page.find(".q-page-header").text
    listed = pages("province_officer").get("/pairings?year=2022&state=expired")
    assert [row["结对编号"] for row in listed.table_rows()] == ["P2"]
    running = pages("province_officer").get("/pairings?year=2022&state=active")
    assert "P2" not in [row["结对编号"] for row in running.table_rows()]


def test_the_timeline_calls_an_agreement_an_agreement(pages: Pages):
    timeline = pages("province_officer").get("/pairings/P1").find(".q-timeline").text
    assert "协议：演示协议1号" in timeline
    assert "原因：演示协议1号" not in timeline
