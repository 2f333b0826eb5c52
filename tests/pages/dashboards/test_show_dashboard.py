"""The page of pictures: what each says, its table, what filters it, who sees it."""

from __future__ import annotations

import json
from typing import Any

import pytest
import sqlalchemy as sa

from models import PairingYearTotal
from models.types import Line, Mode
from portal.maps.actions import upload_map
from portal.programme.allocation_actions import AllocationFacts, set_allocation
from tests.support.many_pairings import make_pairings
from tests.support.maps import NUMBER, map_file
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.workdays import approved
from tests.support.world import World

URL = "/dashboard?year=2022"


def drawing(page: Page, key: str) -> dict[str, Any]:
    place = page.find(f"[data-chart={key}]")
    assert place is not None, f"no picture {key}"
    return json.loads(place["data-drawing"])


def words(page: Page, key: str) -> str:
    found = page.find(f"#{key}-words")
    assert found is not None
    return found.text


def table(page: Page, title: str) -> dict[str, dict[str, str]]:
    rows = page.table_rows(f"{title}（数据表）")
    return {next(iter(row.values())): row for row in rows}


PROGRESS, HEAT = "累计工作日与应有进度", "各月计入工作日（按结对）"
FLOW, REGIONS, STAGES = "援派省份 → 受援省份", "各省受援结对与达标", "结对进展到哪一步"
COUNTIES = "各县受援结对与达标"


@pytest.mark.usefixtures("busy")
def test_adds_the_months_up_beside_the_even_pace(pages: Pages) -> None:
    """Three pairings need 120 and 360 days; 2.5 and 1.5 are counted, all in November."""
    page = pages("national_officer").get(URL)
    rows = table(page, PROGRESS)
    assert rows["2022年10月"]["援派累计计入"] == "0"
    today = rows["2022年11月21日"]
    assert today["援派累计计入"] == "2.5"
    assert today["受援累计计入"] == "1.5"
    assert today["受援待审"] == "1"
    assert today["受援预测区间"] == "1.5～2.5"
    assert f"到今天应有 {today['援派应有进度']} 天" in words(page, "progress")
    assert rows["2022年11月"]["援派累计计入"] == "—"
    assert rows["2022年12月"]["援派累计计入"] == "—"
    assert rows["2022年12月"]["援派应有进度"] == "120"
    assert rows["2022年12月"]["受援应有进度"] == "360"
    assert "援派累计计入 2.5 天" in words(page, "progress")
    assert "另有 1 天待审" in words(page, "progress")
    sides = drawing(page, "progress")["sides"]
    assert [side["name"] for side in sides] == ["援派", "受援"]
    assert sides[0]["counted"] == [*[0.0] * 10, 2.5, None, None]


@pytest.mark.usefixtures("busy")
def test_says_how_many_pairings_have_enough_by_themselves(world, pages: Pages) -> None:
    enough = world.session.get(PairingYearTotal, (world.pairing("P1").id, 2022))
    enough.received_centidays, enough.received_pending_centidays = 36_000, 0
    world.session.commit()
    page = pages("national_officer").get(URL)
    sent, received = words(page, "progress").split("受援累计")
    assert "按对看，3 对中已够天数的 0 对，按各对目前的速度到年末约 0 对。" in sent
    assert "按对看，3 对中已够天数的 1 对，按各对目前的速度到年末约 1 对。" in received


@pytest.mark.usefixtures("busy")
def test_shows_the_days_of_each_pairing_by_month(pages: Pages) -> None:
    page = pages("national_officer").get(URL)
    rows = table(page, HEAT)
    assert rows["P1 红寺堡区"]["11月"] == "4"
    assert rows["P1 红寺堡区"]["合计"] == "4"
    assert rows["P2 同心县"]["合计"] == "0"
    assert [10, 1, 4.0] in drawing(page, "heat")["cells"]
    assert drawing(page, "heat")["links"][1] == "/pairings/P1?year=2022"
    assert "2 对全年尚无计入" in words(page, "heat")


@pytest.mark.usefixtures("busy")
def test_shows_who_sends_to_whom(pages: Pages) -> None:
    page = pages("national_officer").get(URL)
    rows = table(page, FLOW)
    assert rows["福建省"]["受援省份"] == "宁夏回族自治区"
    assert rows["福建省"]["结对"] == "2"
    assert rows["福建省"]["援派工作日"] == "2.5"
    links = {(one["source"], one["target"]): one for one in drawing(page, "flow")["links"]}
    one = links["福建（援派）", "宁夏（受援）"]
    assert (one["value"], one["link"]) == (2, "/dashboard?year=2022&sending=350000&province=640000")


def test_a_province_that_helps_itself_is_drawn_from_one_end_to_the_other(world, pages) -> None:
    province = {"sending_province_code": "640000", "mode": Mode.IN_PROVINCE}
    world.session.execute(
        sa.update(PairingYearTotal)
        .where(PairingYearTotal.pairing_id == world.pairing("P1").id)
        .values(province)
    )
    page = pages("national_officer").get(URL)
    links = drawing(page, "flow")["links"]
    own = [one for one in links if one["link"].count("640000") == 2]
    assert len(links) == 3
    for one in own:
        assert one["source"].removesuffix("（援派）") == one["target"].removesuffix("（受援）")
    assert len(own) == 1
    assert "省内帮扶" in words(page, "flow")


@pytest.mark.usefixtures("busy")
def test_counts_how_far_the_pairings_have_come(world, pages: Pages) -> None:
    set_allocation(world.deed(), AllocationFacts(2022, "350000", "640000", 4, Line.KEY_COUNTY))
    page = pages("national_officer").get(URL)
    rows = {name: (row["对数"], row["尚未"]) for name, row in table(page, STAGES).items()}
    assert rows == {
        "任务分配": ("4", "1"),
        "已建立结对": ("3", "0"),
        "已登记帮扶协议": ("1", "2"),
        "双方均有已批准人员": ("1", "2"),
        "已有工作日计入": ("1", "2"),
        "达标": ("0", "3"),
    }
    assert [one["value"] for one in drawing(page, "stages")["stages"]] == [4, 3, 1, 1, 1, 0]


@pytest.mark.usefixtures("busy")
def test_each_province_is_a_tile_that_filters(pages: Pages) -> None:
    page = pages("national_officer").get(URL)
    assert "示意图（非地图）" in page.text
    assert len(page.find_all("#regions svg rect.q-tilemap__box")) >= 34
    links = {link.text.split("：")[0]: link["href"] for link in page.find_all("#regions svg a")}
    assert links["宁夏回族自治区"] == "/dashboard?year=2022&province=640000"
    assert links["福建省"] == "/dashboard?year=2022&sending=350000"
    assert "北京市" not in links
    rows = table(page, REGIONS)
    assert rows["宁夏回族自治区"]["重点县覆盖"] == "2 / 5"
    assert rows["贵州省"]["受援结对"] == "1"
    assert rows["福建省"]["援派结对"] == "2"


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("asked", "pairings"),
    [
        ("province=640000", {"P1 红寺堡区", "P2 同心县"}),
        ("sending=500000", {"P3 水城区"}),
        ("province=640000&sending=500000", set()),
        ("county=640303", {"P1 红寺堡区"}),
        ("finding=no_agreement", {"P2 同心县", "P3 水城区"}),
        ("mode=in_province", set()),
        ("line=key_county", {"P1 红寺堡区", "P2 同心县", "P3 水城区"}),
        (
            "line=nonsense&mode=nonsense&finding=nonsense&province=x",
            {"P1 红寺堡区", "P2 同心县", "P3 水城区"},
        ),
    ],
)
def test_one_filter_holds_for_all_pictures(pages: Pages, asked: str, pairings: set[str]) -> None:
    page = pages("national_officer").get(f"{URL}&{asked}")
    if not pairings:
        assert "没有符合条件的结对" in page.text
        assert page.find("[data-chart]") is None
        assert ("清除筛选", "/dashboard?year=2022") in page.links()
        return
    assert set(table(page, HEAT)) == pairings
    if {"P2 同心县", "P3 水城区"} <= pairings:  # else from one province: a line says nothing
        assert sum(one["value"] for one in drawing(page, "flow")["links"]) == len(pairings)
    else:
        assert page.find("#flow") is None
    assert table(page, STAGES)["已建立结对"]["对数"] == str(len(pairings))
    needed = drawing(page, "progress")["sides"][0]["needed"]
    assert needed[-1] == 40 * len(pairings)


@pytest.mark.parametrize(
    ("persona", "pairings"),
    [
        ("national_officer", 3),
        ("national_rural_officer", 3),
        ("province_officer", 2),
        ("sending_province_officer", 2),
        ("other_province_officer", 1),
        ("prefecture_officer", 2),
        ("county_officer", 1),
        ("other_county_officer", 1),
        ("sending_manager", 1),
        ("foreign_manager", 1),
        ("evaluator", 2),
        ("association", 2),
    ],
)
def test_shows_what_lies_in_the_readers_scope(pages: Pages, persona: str, pairings: int) -> None:
    page = pages(persona).get(URL)
    assert table(page, STAGES)["已建立结对"]["对数"] == str(pairings)
    assert any(link.text == "图表" for link in page.find_all("header nav a"))


@pytest.mark.parametrize("persona", ["sending_staff", "receiving_staff", "system_administrator"])
def test_workers_and_administrators_have_no_dashboard(pages: Pages, persona: str) -> None:
    pages(persona).get(URL, expect=403)


def test_a_narrow_reader_sees_no_coverage(pages: Pages) -> None:
    page = pages("prefecture_officer").get(URL)
    assert {row["已覆盖"] for row in table(page, COUNTIES).values()} == {"—"}
    assert "覆盖" not in words(page, "regions")


def test_one_province_is_shown_by_its_counties(pages: Pages) -> None:
    """Whoever looks at one province saw the tiles of all, one of them coloured."""
    page = pages("province_officer").get(URL)
    assert page.find(".q-tilemap > svg") is None
    tiles = [one.text for one in page.find_all(".q-county")]
    assert tiles[:2] == ["红寺堡区 重点县1 对，达标 0", "同心县 重点县1 对，达标 0"]
    assert sum("尚无结对" in one for one in tiles) == 3
    assert table(page, COUNTIES)["同心县"]["已覆盖"] == "是"
    narrowed = page.click("同心县 重点县1 对，达标 0")
    assert "只看 同心县 的结对" in narrowed.text
    assert narrowed.find("#regions") is None
    of_one = pages("national_officer").get(f"{URL}&province=640000")
    assert "宁夏回族自治区受援的结对，截至" in of_one.text


def test_a_reader_of_one_pairing_sees_no_picture_that_says_nothing(
    pages: Pages, world: World
) -> None:
    approved(world)
    page = pages("county_officer").get(URL)
    assert [one["id"] for one in page.find_all(".q-picture")] == ["progress", "stages", "heat"]
    assert words(page, "heat") == "计入最多的月份是 2022年11月（1 天），全年 1 天。"


def test_the_curve_stands_on_days_not_on_months(pages: Pages) -> None:
    """Today's step was as wide as a whole month."""
    found = drawing(pages("national_officer").get(URL), "progress")
    assert (found["starts"], found["ends"][0]) == ("2022-01-01", "2022-01-31")
    assert found["ends"][-3:] == ["2022-11-21", "2022-11-30", "2022-12-31"]


def test_a_year_without_pairings_says_so_once(pages: Pages) -> None:
    page = pages("province_officer").get("/dashboard?year=2021")
    assert page.text.count("2021 年度还没有结对") == 1
    assert "建立结对" in [text for text, _ in page.links()]
    assert page.find("[data-chart]") is None


def test_an_unknown_year_is_missing(pages: Pages) -> None:
    pages("national_officer").get("/dashboard?year=1999", expect=404)


@pytest.mark.parametrize("count", [30, 400])
def test_many_pairings_are_shown_by_province(world, pages: Pages, count: int) -> None:
    make_pairings(world.session, count)
    page = pages("national_officer").get(URL)
    rows = page.table_rows("各月计入工作日（按受援省份）（数据表）")
    assert len({row["受援省份"] for row in rows}) == len(rows) > 3


def test_the_pairings_of_one_province_are_shown_by_county(world, pages: Pages) -> None:
    make_pairings(world.session, 400)
    page = pages("national_officer").get(f"{URL}&province=520000")
    rows = page.table_rows("各月计入工作日（按受援县）（数据表）")
    assert len(rows) == 20
    assert all(float(row["3月"].replace(",", "")) > 0 for row in rows)


def test_costs_the_same_whatever_it_shows_and_reads_no_working_day(world, pages: Pages) -> None:
    client = pages("national_officer")
    client.get(URL)
    with statements(pages.app) as for_three:
        client.get(URL)
    make_pairings(world.session, 500)
    with statements(pages.app) as for_many:
        client.get(URL)
    assert len(for_three) == len(for_many)
    assert not [sent for sent in for_many if " workday" in sent.replace('"', "").lower()]


def test_offers_the_map_only_where_one_stands(world, pages: Pages) -> None:
    client = pages("national_officer")
    assert client.get(f"{URL}&view=map").find("[data-map]") is None
    deed = world.deed("system_administrator")
    upload_map(deed, approval_number=NUMBER, file_name="a.json", content=map_file())
    page = client.get(URL)
    assert "示意图（非地图）" in page.text
    shown = page.click("地图")
    assert f"审图号：{NUMBER}" in shown.text
    assert "示意图（非地图）" not in shown.text
    assert shown.find("[data-map]")["data-map"].startswith("/maps/current.json?v=")
    ningxia = [one for one in drawing(shown, "map")["regions"] if one["code"] == "640000"]
    assert ningxia[0]["link"].startswith("/dashboard?year=2022&province=640000")
