"""The programmes and their work years: shown to everybody, closed and opened by the nation."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models import AuditEvent, WorkYear
from models.types import NATION, DayKind
from portal.changes.actions import change_day
from portal.programme.actions import close_work_year
from portal.programme.work_year_queries import find_work_year
from tests.support.workdays import approved, confirmed, logged

CLOSURE = "/programme/work-years/2022/CN/closure"
REOPENING = "/programme/work-years/2022/CN/reopening"
WHY = "演示：年度总结评估报告已报送"


def work_year(world, year=2022, region=NATION) -> WorkYear:
    return world.session.scalars(
        sa.select(WorkYear).where(WorkYear.year == year, WorkYear.region_code == region)
    ).one()


def own_dates(world, province="640000") -> WorkYear:
    row = WorkYear(
        programme_id=work_year(world).programme_id,
        year=2022,
        region_code=province,
        starts_on=date(2022, 1, 25),
        ends_on=date(2023, 1, 24),
    )
    world.session.add(row)
    return row


def last_event(world) -> AuditEvent:
    return world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()


class TestProgrammes:
    @pytest.mark.parametrize("persona", ["sending_staff", "audit_administrator", "evaluator"])
    def test_everybody_reads_them_and_only_the_nation_is_offered_a_deed(self, pages, persona):
        page = pages(persona).get("/programme")
        assert "民发〔2021〕105号" in page.text
        assert "2021-01-01 至 2025-12-31" in page.text
        rows = page.table_rows("2021-2025 工作年度")
        assert [row["工作年度"] for row in rows] == ["2021", "2022", "2023", "2024", "2025"]
        assert rows[1]["起止日期"] == "2022-01-01 至 2022-12-31"
        assert [row["状态"] for row in rows] == ["开放", "开放", "未开始", "未开始", "未开始"]
        assert "没有自定起止日期的省份" in page.text
        assert "办理" not in rows[0]
        rows = pages("national_officer").get("/programme").table_rows("2021-2025 工作年度")
        assert rows[0]["办理"].startswith("关闭")

    def test_say_who_closed_a_year_when_and_why(self, pages, world):
        close_work_year(world.deed("national_officer"), 2021, WHY)
        row = pages("county_officer").get("/programme").table_rows("2021-2025 工作年度")[0]
        assert row["状态"] == "已关闭"
        name = world.actor("national_officer").name
        assert row["由谁、何时、为何关闭"] == f"{name}，2022-11-21 10:00：{WHY}"

    def test_list_provinces_with_dates_of_their_own(self, pages, world):
        own_dates(world)
        page = pages("national_officer").get("/programme")
        (row,) = page.table_rows("2021-2025 自定起止日期的省份")
        assert row["受援省份"] == "宁夏回族自治区"
        assert row["起止日期"] == "2022-01-25 至 2023-01-24"

    def test_its_door_stands_in_the_navigation(self, pages):
        pages("county_officer").get("/").click("计划")


class TestClosing:
    def test_shows_what_would_stay_unfinished_and_closes(self, pages, world):
        approved(world, day=date(2022, 11, 14))
        confirmed(world, day=date(2022, 11, 15))
        logged(world, day=date(2022, 11, 16), half_days=1)
        logged(world, day=date(2022, 11, 17), submit=False)
        page = pages("national_officer").get(CLOSURE)
        assert page.table_rows("关闭后将停在原状态、不计入合计的工作日志") == [
            {"日志状态": "已确认", "条数": "1", "天数": "1"},
            {"日志状态": "已提交", "条数": "1", "天数": "0.5"},
            {"日志状态": "草稿", "条数": "1", "天数": "1"},
        ]
        kpis = [kpi.text for kpi in page.find_all(".q-kpi")]
        assert "3" in kpis[0]
        assert "2" in kpis[1]
        assert "该年度到 2022-12-31 才结束" in page.text
        page = page.submit(reason=WHY, expect=200)
        assert [error.split("；")[0] for error in page.errors] == [
            "2022 工作年度到 2022-12-31 才结束，现在关闭，此后的工作日将无法填报",
            "2022 工作年度还有 2 条日志待审，关闭后不再计入",
        ]
        assert work_year(world).closed_at is None
        page = page.submit(is_sure=True, follow=True)
        assert page.messages == ["2022 工作年度已关闭，不再接受填报、确认和核准。"]
        assert find_work_year(world.session, 2022, "CN").closed_reason == WHY
        assert last_event(world).event == "work_year.closed"

    def test_asks_for_the_reason(self, pages, world):
        page = pages("national_officer").get(CLOSURE).submit(reason=" ", expect=200)
        assert "原因：请填写原因。" in page.errors
        assert work_year(world).closed_at is None

    def test_a_province_with_own_dates_closes_for_itself(self, pages, world):
        own_dates(world)
        logged(world)
        client = pages("national_officer")
        page = client.get(CLOSURE)
        assert "没有未办结的工作日志" in page.text
        page = client.get("/programme/work-years/2022/640000/closure")
        assert page.h1 == "关闭 2022 工作年度（宁夏回族自治区）"
        assert len(page.table_rows(0)) == 1
        page.submit(reason=WHY, is_sure=True)
        assert work_year(world, region="640000").closed_at is not None
        assert work_year(world).closed_at is None

    def test_says_so_when_somebody_else_was_faster(self, pages, world):
        page = pages("national_officer").get(CLOSURE)
        close_work_year(world.deed("national_officer"), 2022, WHY)
        page = page.submit(reason="再关一次", expect=200)
        assert "已于 2022-11-21 10:00" in page.text
        assert find_work_year(world.session, 2022, "CN").closed_reason == WHY


class TestReopening:
    def test_shows_the_effect_first_and_then_opens(self, pages, world):
        logged(world, day=date(2022, 11, 14))
        close_work_year(world.deed("national_officer"), 2022, WHY)
        change_day(world.deed(), date(2022, 11, 14), DayKind.HOLIDAY, name="演示节", source="演示")
        page = pages("national_officer").get(REOPENING)
        before = world.count(AuditEvent)
        assert WHY in page.text
        page = page.submit(button="先看影响", reason="补正", expect=200)
        assert "试算结果（尚未保存）：1 条工作日志的计入情况变化，" in page.text
        assert work_year(world).closed_at is not None
        assert world.count(AuditEvent) == before
        page = page.submit(button="重新开放", follow=True)
        assert page.messages[0].startswith("2022 工作年度已重新开放")
        assert work_year(world).closed_at is None
        assert last_event(world).event == "work_year.reopened"

    def test_has_nothing_to_open_while_the_year_is_open(self, pages):
        assert "没有关闭，无须重新开放" in pages("national_officer").get(REOPENING).text


@pytest.mark.parametrize("path", [CLOSURE, REOPENING])
@pytest.mark.parametrize("persona", ["province_officer", "system_administrator"])
def test_others_may_not(pages, path, persona):
    pages(persona).get(path, 403)


@pytest.mark.parametrize("rest", ["2031/CN/closure", "2022/640000/closure", "2031/CN/reopening"])
def test_knows_no_such_year(pages, rest):
    pages("national_officer").get(f"/programme/work-years/{rest}", 404)


class TestOpening:
    def test_shows_the_effect_first_and_then_opens_a_period(self, pages, world):
        page = pages("national_officer").get("/programme").click("设立下一期计划")
        before = world.count(AuditEvent)
        page = page.submit(button="先看影响", name="下一期（演示）", expect=200)
        assert "设立 2026、2027、2028、2029、2030 工作年度；政策口径沿用“2021-2025”" in page.text
        assert world.count(AuditEvent) == before
        page = page.submit(button="设立", follow=True)
        assert page.messages[0].startswith("计划“2026-2030”已设立")
        rows = page.table_rows("2026-2030 工作年度")
        assert [row["工作年度"] for row in rows] == ["2026", "2027", "2028", "2029", "2030"]
        assert last_event(world).event == "programme.added"

    def test_a_gap_is_refused_until_it_is_declared(self, pages):
        page = pages("national_officer").get("/programme/new")
        asked = {"name": "下一期（演示）", "starts_on": "2026-07-01", "button": "设立"}
        page = page.submit(**asked, expect=200)
        assert page.errors[0].startswith("2026-01-01 至 2026-06-30 将不在任何一期计划内")
        assert page.submit(accepts_gap=True, button="设立").location == "/programme"

    def test_opens_the_dates_of_a_province(self, pages, world):
        page = pages("national_officer").get("/programme").click("设立工作年度")
        page = page.submit(
            year=2023,
            region_code="640000",
            starts_on="2023-01-01",
            ends_on="2023-11-30",
            button="设立",
            expect=200,
        )
        assert page.errors[0].startswith("2023-12-01 至 2023-12-31 将不在任何工作年度内")
        page = page.submit(accepts_gap=True, button="设立", follow=True)
        (row,) = page.table_rows("2021-2025 自定起止日期的省份")
        assert row["起止日期"] == "2023-01-01 至 2023-11-30"
        assert last_event(world).event == "work_year.opened"

    def test_closes_a_whole_period(self, pages, world, clock):
        clock.stand_on(date(2026, 1, 5))
        page = pages("national_officer").get("/programme/2021-2025/closure")
        rows = page.table_rows("将关闭的工作年度")
        assert [row["结对"] for row in rows] == ["0", "3", "3", "3", "3"]
        page = page.submit(reason=WHY, follow=True)
        assert page.messages == [
            "计划“2021-2025”已关闭：2021、2022、2023、2024、2025 工作年度不再接受填报和核准。"
        ]
        assert "无须再关" in pages("national_officer").get("/programme/2021-2025/closure").text
        pages("national_officer").get("/programme/2031/closure", 404)


@pytest.mark.parametrize(
    "path", ["/programme/new", "/programme/work-years/new", "/programme/2021-2025/closure"]
)
@pytest.mark.parametrize("persona", ["province_officer", "system_administrator"])
def test_others_open_and_close_nothing(pages, path, persona):
    pages(persona).get(path, 403)
