"""The task-allocation table: who sees which rows, whether pairings follow it, and writing it."""

from __future__ import annotations

import json
from datetime import date

import pytest
import sqlalchemy as sa

from models import Allocation, AuditEvent
from models.types import Line, Mode
from portal.changes.actions import terminate_pairing
from portal.programme.actions import close_work_year
from portal.programme.allocation_actions import set_allocation, write_allocations
from portal.programme.rules import AllocationFacts
from tests.support.statements import statements
from tests.support.unconfirmed import confirm, unconfirm

URL = "/programme/allocations?year=2022"
FUJIAN, NINGXIA, CHONGQING, GUIZHOU = "350000", "640000", "500000", "520000"
TABLE = "2022 年度任务分配"
CHECK = "2022 年度计划与实际结对"


def allocated(world, sending=FUJIAN, receiving=NINGXIA, pairs=2, county=""):
    facts = AllocationFacts(2022, sending, receiving, pairs, Line.KEY_COUNTY, county)
    return set_allocation(world.deed("national_officer"), facts)


def rows(world) -> list[tuple[str, str, str, int]]:
    wanted = sa.select(
        Allocation.sending_province_code,
        Allocation.receiving_province_code,
        Allocation.county_code,
        Allocation.pairs,
    ).order_by(Allocation.id)
    return [tuple(row) for row in world.session.execute(wanted)]


def last_event(world) -> AuditEvent:
    return world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()


def filled(**changes):
    return {
        "year": "2022",
        "line": "key_county",
        "sending_province_code": FUJIAN,
        "receiving_province_code": NINGXIA,
        "county_code": "",
        "pairs": "3",
        **changes,
    }


class TestTable:
    def test_shows_rows_sums_by_mode_and_the_comparison(self, pages, world):
        allocated(world, pairs=3)
        allocated(world, sending=NINGXIA, pairs=1)
        page = pages("national_rural_officer").get(URL)
        assert [list(row.values()) for row in page.table_rows(TABLE)[:2]] == [
            ["宁夏回族自治区", "福建省", "跨省帮扶", "重点县", "不指定", "3"],
            ["宁夏回族自治区", "宁夏回族自治区", "省内帮扶", "重点县", "不指定", "1"],
        ]
        found = {
            (row["援派省份"], row["受援省份"]): (row["计划"], row["实际"][0], row["差额"])
            for row in page.table_rows(CHECK)
        }
        assert found["福建省", "宁夏回族自治区"] == ("3", "2", "少 1 对")
        assert found["宁夏回族自治区", "宁夏回族自治区"] == ("1", "0", "少 1 对")
        assert found["重庆市", "贵州省"] == ("0", "1", "多 1 对（表中没有）")
        kpis = [kpi.text for kpi in page.find_all(".q-kpi")]
        assert ["3" in kpis[0], "1" in kpis[1], "3" in kpis[2]] == [True, True, True]
        assert "3 / 160" in kpis[3]

    def test_a_pairing_that_ended_early_counts_as_in_the_summary_and_is_said_to_be_over(
        self, pages, world
    ):
        allocated(world)
        terminate_pairing(
            world.deed("province_officer"),
            world.pairing("P2"),
            last_day=date(2022, 10, 31),
            reason="演示",
        )
        row = pages("province_officer").get(URL).table_rows(CHECK)[0]
        assert (row["实际"][0], row["其中已终止"], row["差额"]) == ("2", "1", "相符")

    def test_lists_the_key_counties_without_a_pairing(self, pages, world):
        allocated(world, pairs=1, county="640422")
        page = pages("province_officer").get(URL)
        table = page.table_rows("2022 年度未覆盖的重点帮扶县")
        codes = [row["代码"] for row in table]
        assert "640422" in codes
        assert "640303" not in codes
        assert all(code.startswith("64") for code in codes)
        (row,) = [row for row in table if row["代码"] == "640422"]
        assert (row["县"], row["任务分配表中指定的结对"]) == ("西吉县", "1")

    def test_what_a_province_has_not_confirmed_is_still_missing(self, pages, world):
        allocated(world)
        unconfirm(world)
        client = pages("province_officer")
        for compared, is_missing in ((("1", "少 1 对"), True), (("2", "相符"), False)):
            page = client.get(URL)
            (row,) = page.table_rows(CHECK)
            assert (row["实际"][0], row["差额"]) == compared
            open_counties = [one["代码"] for one in page.table_rows("2022 年度未覆盖的重点帮扶县")]
            assert ("640303" in open_counties) is is_missing
            if is_missing:
                confirm(world)

    @pytest.mark.parametrize(
        ("persona", "seen"),
        [
            ("national_officer", 4),
            ("province_officer", 3),
            ("sending_province_officer", 2),
            ("other_province_officer", 1),
            ("association", 3),
            ("county_officer", 2),
            ("other_county_officer", 3),
            ("prefecture_officer", 3),
            ("sending_manager", 2),
            ("receiving_manager", 3),
            ("foreign_manager", 1),
        ],
    )
    def test_everybody_sees_the_rows_that_concern_them(self, pages, world, persona, seen):
        allocated(world)
        allocated(world, county="640324")
        allocated(world, sending=NINGXIA)
        allocated(world, sending=CHONGQING, receiving=GUIZHOU)
        page = pages(persona).get(URL)
        table = page.table_rows(TABLE)
        assert len([row for row in table if row["受援省份"] != "合计"]) == seen

    def test_compares_only_for_whole_provinces(self, pages, world):
        allocated(world)
        page = pages("county_officer").get(URL)
        assert "与实际结对核对" not in page.text
        assert "查看我的结对" in page.text

    @pytest.mark.parametrize("persona", ["sending_staff", "system_administrator", "evaluator"])
    def test_others_see_neither_page_nor_tab(self, pages, persona):
        pages(persona).get(URL, 403)
        assert "任务分配表" not in pages(persona).get("/programme").text

    def test_says_what_to_do_while_it_is_empty(self, pages):
        assert "新增一行" in pages("national_officer").get(URL).text
        text = pages("province_officer").get(URL).text
        assert "由国家级民政（社会工作）部门编制" in text
        pages("national_officer").get("/programme/allocations?year=2031", 404)

    def test_costs_the_same_for_one_row_and_for_many(self, pages, world, portal):
        allocated(world)
        client = pages("national_officer")
        client.get(URL)
        with statements(portal) as few:
            client.get(URL)
        for county in ("640324", "640303", "640422", "640402"):
            allocated(world, pairs=1, county=county)
        with statements(portal) as many:
            client.get(URL)
        assert len(many) == len(few)


class TestWriting:
    def test_adds_a_row_and_records_it(self, pages, world):
        page = pages("national_officer").get(URL).click("新增一行")
        page = page.submit(values=filled(county_code="红寺堡区"), follow=True)
        assert page.messages == ["任务分配表已更新。"]
        assert rows(world) == [(FUJIAN, NINGXIA, "640303", 3)]
        row = world.session.scalars(sa.select(Allocation)).one()
        assert row.mode == Mode.CROSS_PROVINCE
        event = last_event(world)
        assert (event.event, event.subject) == ("allocation.set", f"allocation:{row.id}")
        assert json.loads(event.facts)["pairs"] == 3

    def test_a_changed_row_replaces_the_old_one(self, pages, world):
        row = allocated(world)
        page = pages("national_officer").get(URL).click("修改福建省到宁夏回族自治区")
        assert page.find("[name=pairs]")["value"] == "2"
        values = filled(sending_province_code=NINGXIA, pairs="5")
        page.submit(values=values, follow=True)
        assert rows(world) == [(NINGXIA, NINGXIA, "", 5)]
        assert world.session.get_one(Allocation, row.id).mode == Mode.IN_PROVINCE
        facts = json.loads(last_event(world).facts)
        assert (facts["pairs_before"], facts["sending_province_code_before"]) == (2, FUJIAN)

    def test_removes_a_row(self, pages, world):
        allocated(world)
        page = pages("national_officer").get(URL).submit(button="删除", follow=True)
        assert page.messages == ["这一行已从任务分配表中删除。"]
        assert rows(world) == []
        event = last_event(world)
        assert event.event == "allocation.removed"
        assert json.loads(event.facts)["pairs"] == 2

    @pytest.mark.parametrize(
        ("values", "error"),
        [
            ({"pairs": "0"}, "结对数量：结对数量应为 1–999 的整数，实际为 0。"),
            ({"pairs": "drei"}, "结对数量："),
            ({"sending_province_code": ""}, "援派省份：请选择援派省份。"),
            ({"line": "tibet_xinjiang"}, "受援省份：任务线“援藏援疆”的受援省份应为"),
            ({"county_code": "没有这样的县"}, "指定受援县：受援县代码“没有这样的县”不是现行的"),
            ({"county_code": "520204"}, "指定受援县：受援县“水城区”不属于受援省份"),
            ({"county_code": "640104"}, "指定受援县：“兴庆区”不在160个"),
            ({"year": "2021"}, "工作年度：2021 工作年度已关闭"),
            ({}, "2022 年度这两个省份、任务线和受援县已有一行，结对数量为 2"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(self, pages, world, values, error):
        allocated(world)
        close_work_year(world.deed(), 2021, "演示")
        page = pages("national_officer").get("/programme/allocations/new?year=2022")
        page = page.submit(values=filled(**values), expect=200)
        assert any(one.startswith(error) for one in page.errors), page.errors
        assert len(rows(world)) == 1

    def test_a_closed_year_is_not_written(self, pages, world):
        row = allocated(world)
        close_work_year(world.deed(), 2022, "演示")
        client = pages("national_officer")
        page = client.get(URL)
        assert "任务分配表不能再改" in page.text
        assert not page.find_all("main form[method=post]")
        client.post(f"/programme/allocations/{row.id}/removal", {}, expect=409)
        page = client.get(f"/programme/allocations/{row.id}/edit")
        page = page.submit(values=filled(year="2023"), expect=200)
        assert any("2022 工作年度已关闭" in one for one in page.errors)
        assert rows(world) == [(FUJIAN, NINGXIA, "", 2)]

    def test_a_file_writes_through_the_same_door_and_updates_what_is_there(self, world):
        allocated(world)
        new = AllocationFacts(2022, CHONGQING, GUIZHOU, 4, Line.KEY_COUNTY)
        changed = AllocationFacts(2022, FUJIAN, NINGXIA, 7, Line.KEY_COUNTY)
        before = world.count(AuditEvent)
        write_allocations(world.deed(), [new, changed])
        assert rows(world) == [(FUJIAN, NINGXIA, "", 7), (CHONGQING, GUIZHOU, "", 4)]
        assert world.count(AuditEvent) == before

    @pytest.mark.parametrize("persona", ["province_officer", "national_rural_officer"])
    def test_others_only_read(self, pages, world, persona):
        row = allocated(world)
        client = pages(persona)
        assert "新增一行" not in client.get(URL).text
        client.get("/programme/allocations/new", 403)
        client.get(f"/programme/allocations/{row.id}/edit", 403)
        client.post(f"/programme/allocations/{row.id}/removal", {}, expect=403)

    @pytest.mark.parametrize("number", ["999", "99999999999999999999"])
    def test_knows_no_such_row(self, pages, number):
        client = pages("national_officer")
        client.get(f"/programme/allocations/{number}/edit", 404)
        client.post(f"/programme/allocations/{number}/removal", {}, expect=404)
