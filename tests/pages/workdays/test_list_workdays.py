"""The list of working days: scope, filters, sums, order, and the way to the next page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models import Workday
from models.types import Task, WorkMode
from portal.workdays.actions import give_up_workday, recall_workday
from tests.support.portal import Pages
from tests.support.workdays import MONDAY, approved, confirmed, logged
from tests.support.world import World

SUNDAY = date(2022, 11, 20)


def people(rows: list[dict[str, str]]) -> list[str]:
    return [row["姓名"] for row in rows]


def test_each_sees_the_days_within_their_reach(pages: Pages, world: World):
    for worker in ("sent1", "sent2", "received1"):
        logged(world, worker)
    logged(world, "foreign", code="P3")
    names = {key: world.person(key).name for key in ("sent1", "sent2", "received1", "foreign")}
    expected = {
        "sending_manager": {"sent1", "sent2"},
        "receiving_manager": {"received1"},
        "county_officer": {"sent1", "sent2", "received1"},
        "province_officer": {"sent1", "sent2", "received1"},
        "sending_province_officer": {"sent1", "sent2", "received1"},
        "other_province_officer": {"foreign"},
        "foreign_manager": {"foreign"},
        "national_officer": {"sent1", "sent2", "received1", "foreign"},
        "other_county_officer": set(),
        "other_manager": set(),
    }
    for persona, keys in expected.items():
        page = pages(persona).get("/workdays")
        rows = page.table_rows() if keys else []
        assert set(people(rows)) == {names[key] for key in keys}, persona


def test_a_worker_sees_only_their_own_days(pages: Pages, world: World):
    logged(world)
    logged(world, "sent2", description="别人的内容")
    page = pages("sending_staff").get("/workdays")
    assert len(page.table_rows()) == 1
    assert "别人的内容" not in page.html


def test_an_empty_list_says_what_to_do(pages: Pages):
    page = pages("sending_staff").get("/workdays")
    assert "2022 年度还没有日志" in page.text
    assert ("填报工作日", "/workdays/new") in page.links()
    assert "选派人员填报后会出现在这里" in pages("county_officer").get("/workdays").text
    assert "没有符合条件的日志" in pages("county_officer").get("/workdays?state=approved").text


def test_a_line_says_what_kind_of_date_it_was_and_how_late_it_was_entered(
    pages: Pages, world: World
):
    logged(world, day=SUNDAY)
    logged(world, day=date(2022, 11, 21))
    logged(world, day=date(2022, 10, 8), late_reason="山路中断")
    rows = pages("county_officer").get("/workdays").table_rows()
    assert [row["日期"] for row in rows] == [
        "2022-11-21",
        "2022-11-20 休息日",
        "2022-10-08 调休上班",
    ]
    assert [row["填报"] for row in rows] == ["当日", "1 天后补录", "44 天后补录"]


def test_a_line_says_what_counts_and_what_waits(pages: Pages, world: World):
    approved(world)
    confirmed(world, day=MONDAY + timedelta(1), half_days=1)
    logged(world, day=MONDAY + timedelta(2), submit=False)
    page = pages("sending_staff").get("/workdays?sort=date")
    assert [row["计入"] for row in page.table_rows()] == ["1 天", "待审 0.5 天", "—"]
    assert [row["状态"] for row in page.table_rows()] == ["已核准", "已确认", "草稿"]
    figures = [one.text for one in page.find_all(".q-kpi")]
    assert figures == ["所列合计 2.5天", "已计入 1天", "待审 0.5天", "未提交 1天"]


FILTERED = [
    ("", ["甲一", "甲一", "甲二", "乙一"]),
    ("state=approved", ["甲一"]),
    ("state=submitted", ["甲一", "乙一"]),
    ("state=waiting", ["甲一", "甲二", "乙一"]),
    ("state=nonsense", ["甲一", "甲一", "甲二", "乙一"]),
    ("side=received", ["乙一"]),
    ("person=甲一", ["甲一", "甲一"]),
    ("person=%25", []),
    ("pairing=P1&person=甲二", ["甲二"]),
    ("pairing=P2", []),
    ("month=2022-10", ["甲一"]),
    ("month=2022-11&side=sent", ["甲一", "甲二"]),
    ("month=2022-13", ["甲一", "甲一", "甲二", "乙一"]),
    ("year=2023", []),
    ("year=1999", ["甲一", "甲一", "甲二", "乙一"]),
    ("side=sent&state=submitted&month=2022-10", ["甲一"]),
]


def test_filters_stand_in_the_url(pages: Pages, world: World):
    approved(world)
    logged(world, day=date(2022, 10, 31))
    confirmed(world, "sent2")
    logged(world, "received1")
    client = pages("county_officer")
    for query, expected in FILTERED:
        page = client.get(f"/workdays?{query}")
        rows = page.table_rows() if expected else []
        assert sorted(people(rows)) == sorted(f"演示{name}" for name in expected), query
        years = [one.text for one in page.find_all("select[name=year] option")]
        assert years == (["2023 年", "2022 年"] if query == "year=2023" else ["2022 年"])


def test_a_month_of_another_year_is_meant_in_the_year_asked_for(pages: Pages, world: World):
    logged(world, day=date(2022, 10, 31))
    logged(world, "sent2")
    page = pages("county_officer").get("/workdays?year=2022&month=2021-10")
    assert people(page.table_rows()) == ["演示甲一"]


def test_what_is_superseded_is_listed_only_when_asked_for(pages: Pages, world: World):
    workday = logged(world)
    recall_workday(world.deed("sending_staff"), workday)
    give_up_workday(world.deed("sending_staff"), workday)
    client = pages("sending_staff")
    assert "还没有日志" in client.get("/workdays").text
    assert [row["状态"] for row in client.get("/workdays?state=superseded").table_rows()] == [
        "已失效"
    ]


def test_the_order_can_be_turned_round(pages: Pages, world: World):
    logged(world, day=MONDAY + timedelta(1))
    logged(world, day=MONDAY)
    client = pages("sending_staff")

    def dates(sort: str) -> list[str]:
        rows = client.get(f"/workdays?sort={sort}").table_rows()
        return [row["日期"][-2:] for row in rows]

    assert dates("-date") == ["15", "14"]
    assert dates("date") == ["14", "15"]
    assert dates("entered") == ["15", "14"]
    assert dates("-entered") == ["14", "15"]
    assert dates("nonsense") == ["15", "14"]


def many(world: World, count: int) -> None:
    assignment = world.assignment("sent1")
    world.session.execute(
        sa.insert(Workday),
        [
            {
                "pairing_id": assignment.pairing_id,
                "assignment_id": assignment.id,
                "person_id": assignment.person_id,
                "side": assignment.side,
                "year": 2022,
                "worked_on": date(2022, 1, 1) + timedelta(number % 300),
                "half_days": 1,
                "takes_first_half": number < 300,
                "takes_second_half": number >= 300,
                "mode": WorkMode.ONSITE,
                "task": Task.T1,
                "description": "演示",
                "state": "submitted",
                "is_rest_day": False,
                "worth_centidays": 50,
                "entered_by_operator": True,
                "entered_at": world.clock(),
            }
            for number in range(count)
        ],
    )


def test_a_long_list_is_paged_without_loss_or_repetition(pages: Pages, world: World):
    many(world, 120)
    page = pages("county_officer").get("/workdays?sort=date")
    assert "共 120 条" in page.text
    seen = [row["日期"] for row in page.table_rows()]
    while any(text == "下一页" for text, _ in page.links()):
        page = page.click("下一页")
        seen += [row["日期"] for row in page.table_rows()]
    assert len(seen) == 120
    assert seen == sorted(seen)


def test_beyond_a_thousand_rows_neither_count_nor_sums_are_exact(
    pages: Pages, world: World, monkeypatch
):
    monkeypatch.setattr("portal.workdays.list_queries.COUNT_CAP", 100)
    monkeypatch.setattr("portal.paging.COUNT_CAP", 100)
    many(world, 120)
    page = pages("county_officer").get("/workdays")
    assert "共 100+ 条" in page.text
    assert page.find_all(".q-kpi") == []
    assert "缩小筛选范围" in page.text


@pytest.fixture
def statements(portal) -> Callable[[], int]:
    seen = [0]
    engine = portal.extensions["qianshou_database"].engine

    def note(*_: object) -> None:
        seen[0] += 1

    sa.event.listen(engine, "before_cursor_execute", note)

    def since_last() -> int:
        count, seen[0] = seen[0], 0
        return count

    return since_last


@pytest.mark.parametrize(
    ("persona", "path"),
    [
        ("county_officer", "/workdays"),
        ("sending_staff", "/workdays"),
        ("sending_manager", "/workdays/confirmation"),
        ("county_officer", "/workdays/approval"),
    ],
)
def test_a_list_costs_the_same_for_one_row_and_for_a_hundred(
    pages: Pages, world: World, statements: Callable[[], int], persona: str, path: str
):
    state = "confirmed" if "approval" in path else "submitted"
    client = pages(persona)
    many(world, 1)
    world.session.execute(sa.update(Workday).values(state=state))
    client.get(path)
    statements()
    client.get(path)
    one = statements()
    world.session.execute(sa.delete(Workday))
    many(world, 100)
    world.session.execute(sa.update(Workday).values(state=state))
    page = client.get(path)
    assert statements() == one
    assert len(page.find_all("tbody tr")) >= 50
