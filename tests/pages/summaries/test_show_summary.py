"""The national page: sums that lead to their rows, filters, past state, scopes."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import PairingState
from portal.calendar.actions import drop_year
from tests.support.many_pairings import make_pairings
from tests.support.page_client import Page
from tests.support.statements import statements


def provinces(page: Page) -> dict[str, dict[str, str]]:
    return {row["受援省份"]: row for row in page.table_rows("分省汇总")}


def codes(page: Page) -> list[str]:
    if any(words in page.text for words in ("没有符合条件的结对", "年度还没有结对")):
        return []
    return [row["结对编号"] for row in page.table_rows("结对明细")]


@pytest.mark.usefixtures("busy")
def test_shows_the_sums_of_the_nation(pages) -> None:
    page = pages("national_officer").get("/summary?year=2022")
    assert page.h1 == "2022 年度汇总"
    rows = provinces(page)
    assert rows["宁夏回族自治区"]["实际结对"] == "2"
    assert rows["宁夏回族自治区"]["重点县覆盖"] == "2 / 5"
    assert rows["宁夏回族自治区"]["援派工作日"] == "2.5"
    assert rows["青海省"]["实际结对"] == "0"
    assert len(rows) == 10
    figures = {node.text for node in page.find_all(".q-kpi")}
    assert any("3 / 160" in figure for figure in figures)
    assert not any("人均" in figure for figure in figures)  # the table below has it
    assert "1.3／0.5" in page.text
    figures = [
        node.text for node in pages("province_officer").get("/summary?year=2022").find_all(".q-kpi")
    ]
    assert any("受援工作日" in one and "最少 0.5 天；待审 1 天" in one for one in figures)
    assert any("2 / 5" in one and one.endswith("未覆盖：原州区、西吉县、海原县") for one in figures)


@pytest.mark.parametrize(
    ("who", "query", "words", "offers"),
    [
        ("other_staff", "", "2022 年度还没有结对", False),
        ("other_staff", "&pace=slow", "没有符合条件的结对", True),
        ("national_officer", "&province=510000", "没有符合条件的结对", True),
    ],
)
def test_blames_filters_only_where_there_are_some(pages, who, query, words, offers) -> None:
    page = pages(who).get(f"/summary?year=2022{query}")
    assert words in page.text
    assert ("清除筛选" in page.text) is offers


@pytest.mark.usefixtures("busy")
def test_one_province_is_one_table_and_a_line_of_findings(pages) -> None:
    """It had four tables, each with the same row."""
    client = pages("province_officer")
    page = client.get("/summary?year=2022")
    captions = [one.text for one in page.find_all("main .q-screen-only caption, main caption")]
    assert {one for one in captions if "打印" not in one} == {"结对明细"}
    assert "未达标事项：" in page.text
    narrowed = page.click("未登记帮扶协议 1 对")
    assert codes(narrowed) == ["P2"]
    nation = pages("national_officer").get("/summary?year=2022&province=640000")
    assert codes(nation) == ["P1", "P2"]
    assert "分省汇总" not in nation.text
    export = next(url for text, url in nation.links() if text == "导出")
    assert "province=640000" in export
    assert "side=received" in export


def test_the_present_year_stands_first_and_those_to_come_are_folded(pages) -> None:
    page = pages("national_officer").get("/summary?year=2022")
    years = page.find(".q-years")
    assert [one.text for one in years.find_all("a")] == ["2022", "2021", "2023", "2024", "2025"]
    assert [one.text for one in years.find_all("details a")] == ["2023", "2024", "2025"]
    assert years.find("details[open]") is None
    assert page.click("2024").find(".q-years details[open]")


@pytest.mark.usefixtures("busy")
def test_lists_the_pairings_with_what_they_lack(pages) -> None:
    page = pages("national_officer").get("/summary?year=2022")
    rows = {row["结对编号"]: row for row in page.table_rows("结对明细")}
    assert list(rows) == ["P3", "P1", "P2"]
    assert "受援人数不足、援派工作日不足、受援工作日不足" in rows["P1"]["进度"]
    assert "未登记帮扶协议" in rows["P2"]["进度"]
    assert rows["P1"]["受援工作日"] == "1.5 待审 1"


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("day", ["", "&as_of=2022-11-20"])
def test_says_how_many_days_each_province_lacks_pair_by_pair(pages, day: str) -> None:
    page = pages("national_officer").get(f"/summary?year=2022{day}")
    lines = page.table_rows("结对明细")
    rows = {row["受援省份"]: row for row in page.table_rows("未达标事项")}
    for side, need in (("援派", 40), ("受援", 120)):
        days = [float(row[f"{side}工作日"].split()[0]) for row in lines]
        lacking = [float(row[f"{side}还差（天）"]) for row in rows.values()]
        assert sum(lacking) == sum(max(need - one, 0) for one in days) > 0
    assert page.text.count("还差天数最多") == 1


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("day", "order"),
    [("", ["P2", "P1", "P3"]), ("&as_of=2022-11-20", ["P1", "P2", "P3"])],
)
def test_counts_filters_and_sorts_by_the_pace(pages, day: str, order: list[str]) -> None:
    client = pages("national_officer")
    page = client.get(f"/summary?year=2022&sort=pace{day}")
    counts = [one.text for one in page.find_all(".q-paces li")]
    assert counts == ["已完成 0 对", "按进度 0 对", "偏慢 0 对", "来不及 3 对"]
    row = provinces(page)["宁夏回族自治区"]
    assert (row["偏慢"], row["来不及"]) == ("0", "2")
    url = next(url for text, url in page.links() if "640000" in url and "pace=" in url)
    assert codes(client.get(url.partition("#")[0])) == ["P1", "P2"]
    rows = {row["结对编号"]: row["进度"] for row in page.table_rows("结对明细")}
    # Two people of P1 have done 2.5 days; P2 has nobody, so two are reckoned with; one person of P3
    # no longer does 39 days in 30, nor do three received ones anywhere.
    assert list(rows) == order
    assert rows["P2"].startswith("来不及 须增派人员")
    url = next(url for _, url in page.links() if "pace=out_of_reach" in url)
    assert codes(client.get(url.partition("#")[0])) == order
    assert codes(client.get(f"/summary?year=2022&pace=slow{day}")) == []


@pytest.mark.usefixtures("busy")
def test_who_sorts_a_list_far_down_comes_back_to_it(pages) -> None:
    links = pages("national_officer").get("/summary?year=2022").links()
    assert {url.partition("#")[2] for _, url in links if "sort=sent_days" in url} == {"pairings"}


@pytest.mark.usefixtures("busy")
def test_some_pairings_say_nothing_of_coverage(pages) -> None:
    """It said of the pairings that fall short that they cover 45 of 160 counties."""
    client = pages("national_officer")
    for asked, planned, covered in (
        ("compliant=no", False, False),
        ("pace=out_of_reach", False, False),
        ("finding=no_agreement", False, False),
        ("mode=cross_province", True, False),
        ("", True, True),
    ):
        page = client.get(f"/summary?year=2022&{asked}")
        row = provinces(page)["宁夏回族自治区"]
        assert ("应结对" in row, "重点县覆盖" in row) == (planned, covered), asked
        figures = [node.text for node in page.find_all(".q-kpi")]
        assert any("重点帮扶县覆盖" in figure for figure in figures) == covered, asked


@pytest.mark.usefixtures("busy")
def test_every_number_leads_to_its_rows(pages) -> None:
    client = pages("national_officer")
    rows = client.get("/summary?year=2022").find_all(".q-main tbody a[href]")
    urls = {row.get("href").partition("#")[0] for row in rows}
    assert len(urls) > 30
    for url in urls:
        client.get(url)


@pytest.mark.usefixtures("busy")
def test_a_finding_leads_to_the_pairings_that_have_it(pages) -> None:
    page = pages("national_officer").get("/summary?year=2022")
    (row,) = [row for row in page.table_rows("未达标事项") if row["受援省份"] == "宁夏回族自治区"]
    assert (row["未登记帮扶协议"], row["受援人数不足"]) == ("1", "2")
    url = next(url for _, url in page.links() if "finding=no_agreement" in url and "640000" in url)
    assert codes(page.client.get(url.partition("#")[0])) == ["P2"]


@pytest.mark.usefixtures("busy")
def test_filters_stand_in_the_url_and_are_kept(pages) -> None:
    page = pages("national_officer").get("/summary?year=2022&finding=no_agreement&compliant=no")
    assert codes(page) == ["P3", "P2"]
    assert page.find("select[name=finding] option[selected]").get("value") == "no_agreement"
    url = next(url for text, url in page.links() if text == "宁夏回族自治区")
    assert "finding=no_agreement" in url
    assert "compliant=no" in url
    assert codes(pages("national_officer").get("/summary?year=2022&compliant=yes")) == []
    on_paper = [node.text for node in page.find_all("p.q-print-only")]
    assert "工作年度：2022；是否达标：未达标；未达标事项：未登记帮扶协议" in on_paper


def test_what_is_no_choice_asks_for_nothing(pages) -> None:
    page = pages("national_officer").get("/summary?line=x&mode=y&finding=z&compliant=q&sort=w")
    assert len(codes(page)) == 3


@pytest.mark.usefixtures("busy")
def test_a_past_day_shows_what_was_known_and_says_so(pages) -> None:
    page = pages("national_officer").get("/summary?year=2022&as_of=2022-11-20")
    assert "2022-11-20 结束时系统已知的情况" in page.text
    assert provinces(page)["宁夏回族自治区"]["援派工作日"] == "0"
    now = page.click("查看目前的情况")
    assert provinces(now)["宁夏回族自治区"]["援派工作日"] == "2.5"


def test_a_day_to_come_is_refused_and_the_present_shown(pages) -> None:
    page = pages("national_officer").get("/summary?year=2022&as_of=2030-01-01")
    assert "晚于今天" in page.text
    assert len(codes(page)) == 3


def test_the_year_is_chosen_in_the_url_and_an_unknown_one_is_not_found(pages) -> None:
    client = pages("national_officer")
    assert client.get("/summary").h1 == "2022 年度汇总"
    assert client.get("/summary").click("2024").h1 == "2024 年度汇总"
    client.get("/summary?year=1999", 404)


def test_warns_of_a_calendar_without_official_notice(world, pages) -> None:
    drop_year(world.deed(), 2022)
    page = pages("national_officer").get("/summary?year=2022")
    assert "2022 年的节假日和调休安排尚未录入" in page.text
    assert page.click("录入工作日历").status == 200
    assert "录入工作日历" not in pages("province_officer").get("/summary?year=2022").text


@pytest.mark.parametrize(
    ("persona", "seen"),
    [
        ("province_officer", ["P1", "P2"]),
        ("other_province_officer", ["P3"]),
        ("county_officer", ["P1"]),
        ("sending_manager", ["P1"]),
        ("receiving_staff", ["P1"]),
        ("other_staff", []),
        ("evaluator", ["P1", "P2"]),
    ],
)
def test_everybody_sees_the_own_scope_only(pages, persona: str, seen: list[str]) -> None:
    page = pages(persona).get("/summary?year=2022")
    assert codes(page) == seen
    assert ("P3" in page.text) == ("P3" in seen)
    foreign = pages(persona).get("/summary?year=2022&province=110000")
    assert ("范围之外的不显示" in foreign.text) == (persona != "national_officer")


def test_whoever_sees_single_pairings_is_shown_no_coverage(pages) -> None:
    for persona in ("county_officer", "sending_manager"):
        page = pages(persona).get("/summary?year=2022")
        assert "重点帮扶县覆盖" not in page.text
        assert "分省汇总" not in page.text


def test_administrators_have_no_summary(pages) -> None:
    pages("system_administrator").get("/summary", 403)
    pages().get("/summary", 302)


def test_pages_hold_fifty_and_lead_on(world, pages) -> None:
    make_pairings(world.session, 120)
    first = pages("national_officer").get("/summary?year=2022&sort=-sent_days")
    second = first.click("下一页")
    assert (len(codes(first)), len(codes(second))) == (50, 50)
    assert not set(codes(first)) & set(codes(second))
    assert codes(second.click("上一页")) == codes(first)
    assert "共 123 条" in first.text


def test_costs_the_same_for_3_and_for_203_pairings(world, pages, portal) -> None:
    numbers = []
    for more in (0, 200):
        make_pairings(world.session, more)
        client = pages("national_officer")
        client.get("/summary?year=2022")
        with statements(portal) as sent:
            client.get("/summary?year=2022")
        numbers.append(len(sent))
    assert numbers[0] == numbers[1]


def test_asks_for_the_present_year_by_the_clock(world, pages, clock) -> None:
    clock.stand_on(date(2023, 3, 1))
    assert pages("national_officer").get("/summary").h1 == "2023 年度汇总"
    over = pages("national_officer").get("/summary?year=2022").table_rows("结对明细")
    assert {row["是否达标"].split()[0] for row in over} == {"未达标"}


def test_the_printer_gets_every_pairing_above_their_total(world, pages) -> None:
    """It got the 50 of the page above a total of 160."""
    make_pairings(world.session, 120)
    page = pages("national_officer").get("/summary?year=2022")
    printed = page.table_rows("打印的结对明细")
    assert len({row["结对编号"] for row in printed}) == 123
    (table,) = page.find_all(".q-print-only table")
    assert "123 对" in table.text
    assert len(page.find_all(".q-screen-only table tbody tr")) == 50


def test_more_pairings_than_a_page_can_hold_are_not_printed_in_part(world, pages) -> None:
    make_pairings(world.session, 600)
    page = pages("national_officer").get("/summary?year=2022")
    assert "打印的结对明细" not in page.html
    assert "结对明细共 603 对，请用“导出”打印" in page.text


def test_a_pairing_that_waits_for_a_province_is_listed_and_not_counted(world, pages) -> None:
    pairing = world.pairing("P2")
    pairing.state, pairing.confirmed_at = PairingState.PROPOSED, None
    world.session.commit()
    page = pages("national_officer").get("/summary?year=2022")
    assert codes(page) == ["P3", "P1", "P2"]
    rows = {row["结对编号"]: row for row in page.table_rows("结对明细")}
    assert rows["P2"]["进度"] == "待确认 不计入合计"
    assert provinces(page)["宁夏回族自治区"]["实际结对"] == "1"
    assert provinces(page)["宁夏回族自治区"]["重点县覆盖"] == "1 / 5"
    assert "另有 1 对待确认，不计入" in page.text


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
@pytest.mark.parametrize("cursor", ["9" * 5000, "9" * 30, "²", "-1"])
def test_a_place_that_no_page_has_shows_a_page_as_it_was_known(world, pages, cursor) -> None:
    page = pages("national_officer").get(f"/summary?year=2022&as_of=2022-11-20&cursor={cursor}")
    assert page.status == 200
