"""/pairings/<code>/termination: ending a pairing, with its effect shown before."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import PairingState
from tests.support.portal import Pages
from tests.support.workdays import logged
from tests.support.world import World

URL = "/pairings/P1/termination"


def test_ends_on_the_day_and_says_why(pages: Pages, world: World):
    page = pages("province_officer").get("/pairings/P1").click("终止结对")
    page = page.submit(button="终止结对", last_day="2022-10-31", reason="受援机构注销", follow=True)
    assert page.messages == ["结对 P1 已终止。"]
    assert world.pairing("P1").state == PairingState.TERMINATED
    assert ("终止结对", URL) not in page.links()
    assert "该结对已终止，最后一日为 2022-10-31，不能恢复" in page.text


def test_an_exception_nobody_asked_for_leads_back(pages: Pages):
    page = pages("province_officer").get("/pairings/P1/exceptions/received")
    assert page.click("返回结对").path == "/pairings/P1"


def test_shows_the_effect_of_another_day_without_ending_anything(pages: Pages, world: World):
    page = pages("province_officer").get(URL)
    assert "在 2022-11-21 终止的影响" in page.text
    page = page.submit(button="查看影响", last_day="2023-06-30", expect=200)
    assert page.errors == []
    assert "在 2023-06-30 终止的影响" in page.text
    assert "退出 2024、2025 年度" in page.text
    assert "5 段选派提前到该日结束" in page.text
    assert world.pairing("P1").ends_on == date(2025, 12, 31)


def test_a_later_working_day_stands_in_the_way_and_is_named(pages: Pages, world: World):
    workday = logged(world)
    before = workday.worked_on.replace(day=workday.worked_on.day - 1)
    page = pages("province_officer").get(URL)
    page = page.submit(button="查看影响", last_day=before.isoformat(), expect=200)
    assert "该日之后还有 1 条工作日志" in page.text
    page = page.submit(button="终止结对", last_day=before.isoformat(), reason="注销", expect=200)
    assert any("还有工作日志" in one for one in page.errors)
    assert world.pairing("P1").state == PairingState.CONFIRMED


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"reason": ""}, "终止原因：终止结对须填写原因。"),
        ({"last_day": ""}, "最后一日：请填写结对的最后一日。"),
        ({"last_day": "2026-01-01"}, "最后一日：最后一日应在结对期限内"),
    ],
)
def test_says_what_is_wrong(pages: Pages, world: World, values, error):
    page = pages("province_officer").get(URL)
    values = {"last_day": "2022-10-31", "reason": "注销", **values}
    page = page.submit(button="终止结对", values=values, expect=200)
    assert any(one.startswith(error) for one in page.errors), page.errors
    assert world.pairing("P1").state == PairingState.CONFIRMED


@pytest.mark.parametrize(
    ("persona", "status"),
    [("county_officer", 403), ("sending_manager", 403), ("other_province_officer", 404)],
)
def test_nobody_else_gets_the_form(pages: Pages, persona, status):
    pages(persona).get(URL, status)
