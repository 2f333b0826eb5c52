"""The first page as each role sees it."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import Task, WorkMode
from portal.workdays.actions import log_workday
from portal.workdays.rules import Entry
from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.world import PERSONAS, World


def test_a_visitor_is_asked_to_sign_in(pages: Pages) -> None:
    assert "登录" in pages().get("/").text


@pytest.mark.parametrize("persona", sorted(PERSONAS))
def test_opens_for_every_role(pages: Pages, persona: str) -> None:
    assert "待办" in pages(persona).get("/").text


def logged(world: World, count: int) -> None:
    for number in range(count):
        log_workday(
            world.deed("sending_staff"),
            pairing=world.pairing(),
            person=world.person("sent1"),
            entry=Entry(
                date(2022, 11, 1 + number), 2, WorkMode.ONSITE, Task.T1, None, "演示", None
            ),
            submit=True,
        )


def test_what_waits_appears_and_vanishes_with_its_state(pages: Pages, world: World) -> None:
    manager = pages("sending_manager")
    assert "待确认的工作日志" not in manager.get("/").text
    logged(world, 3)
    page = manager.get("/")
    assert "待确认的工作日志" in page.text
    queue = page.click("去确认：待确认的工作日志")
    assert queue.h1


def test_a_worker_sees_the_own_days_and_what_is_missing(pages: Pages, world: World) -> None:
    logged(world, 3)
    page = pages("sending_staff").get("/")
    assert "待确认或核准 3 天" in page.text
    assert "还差 37 天" in page.text
    rows = page.table_rows("2022 年各月工作日")
    assert rows == [{"月份": "11 月", "已核准（天）": "0", "待确认或核准（天）": "3"}]


def test_an_officer_sees_what_lags_with_its_reasons(pages: Pages) -> None:
    rows = pages("province_officer").get("/").table_rows("离要求最远的结对")
    assert {row["结对编号"] for row in rows} >= {"P1", "P2"}
    assert all("援派工作日不足" in row["存在的问题"] for row in rows)


def test_administrators_see_no_pairings(pages: Pages) -> None:
    assert "离要求最远的结对" not in pages("system_administrator").get("/").text


def test_costs_the_same_number_of_queries_for_one_day_and_for_many(
    pages: Pages, world: World
) -> None:
    worker = pages("sending_staff")
    logged(world, 1)
    worker.get("/")  # the first page of a process asks once whether this is a demonstration
    with statements(pages.app) as few:
        worker.get("/")
    for day in range(2, 20):
        entry = Entry(date(2022, 10, day), 2, WorkMode.ONSITE, Task.T1, None, "演示", "演示补录")
        deed = world.deed("sending_staff")
        person = world.person("sent1")
        log_workday(deed, pairing=world.pairing(), person=person, entry=entry, submit=True)
    with statements(pages.app) as many:
        worker.get("/")
    assert len(many) == len(few)
