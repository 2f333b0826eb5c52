"""Several days on a phone of 390 px: ticked, over a holiday, copied; the taps are counted."""

from __future__ import annotations

import re
from datetime import date

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE, DemoPortal, picture
from tests.e2e.page_checks import layout_faults_of
from tests.e2e.test_phone import WORDS, Hand
from tests.support.browser import accessibility_violations
from tests.support.measured import Measured

MOST_TAPS = 8
NATIONAL_DAY = (date(2026, 9, 30), date(2026, 10, 9))


def open_days(page: Page) -> Locator:
    return page.locator(".q-day > input")


def read_out(page: Page) -> str:
    """Return what a screen reader is given, counters of the style sheet with it."""
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    texts = (one for one in tree["nodes"] if one.get("role", {}).get("value") == "StaticText")
    return "".join(one["name"]["value"] for one in texts)


@pytest.mark.parametrize("login", ["yanshi-send-staff", "yanshi-recv-staff"])
def test_five_forgotten_days_take_eight_taps_and_one_sentence(
    login: str, demo: DemoPortal, measured: Measured
) -> None:
    hand = Hand()
    with demo.visited(login, PHONE) as page:
        page.goto("/")
        hand.tap(page.get_by_role("link", name="补填其他日期"))
        expect(page.get_by_role("heading", level=1)).to_have_text("填报工作日")
        assert not layout_faults_of(page)
        assert accessibility_violations(page) == []
        measured(
            f"/workdays/new as {login}, 390 px", f"{page.evaluate('document.body.scrollHeight')} px"
        )
        picture(page, "log-month")
        for number in range(5):
            hand.tap(open_days(page).nth(number))
        hand.say(page.get_by_label("工作内容"), WORDS)
        hand.tap(page.get_by_role("button", name="提交"))
        expect(page.get_by_role("heading", level=1)).to_have_text("已提交 5 天")
        picture(page, "log-receipt")
    measured(
        f"taps for five forgotten days as {login}", f"{hand.taps}, and {hand.sentences} sentence"
    )
    assert hand.taps <= MOST_TAPS
    assert hand.sentences == 1


def test_a_span_over_the_national_day_holiday_skips_it(demo: DemoPortal) -> None:
    first, last = NATIONAL_DAY
    with demo.visited("yanshi-recv-staff", PHONE) as page:
        page.goto("/workdays/new")
        page.get_by_text("填一段日期").tap()
        page.get_by_label("从", exact=True).fill(first.isoformat())
        page.get_by_label("到", exact=True).fill(last.isoformat())
        # Late days ask why at once, before anything is sent.
        page.get_by_label("补录原因").fill("演示：国庆前后在村里，没有网络")
        page.get_by_label("工作内容").fill(WORDS)
        picture(page, "log-span")
        page.get_by_role("button", name="提交").tap()
        expect(page.get_by_role("heading", level=1)).to_contain_text("已提交")
        expect(page.get_by_text("9月30日、10月8日至9日，3 天")).to_be_visible()


def test_last_week_is_copied_and_looked_at_before_it_is_sent(demo: DemoPortal) -> None:
    with demo.visited("yanshi-recv-staff", PHONE) as page:
        page.goto("/workdays/new")
        page.get_by_role("link", name=re.compile("复制上周|复制上次下乡")).first.tap()
        page.wait_for_url(re.compile("copy="))
        assert page.locator(".q-day > input:checked").count() >= 1
        expect(page.get_by_text(re.compile("已照上周选好|已照上次下乡选好"))).to_be_visible()
        assert not layout_faults_of(page)
        picture(page, "log-copied")
        page.get_by_role("button", name="提交").tap()
        expect(page.get_by_role("heading", level=1)).to_contain_text("已提交")


def test_a_recent_text_is_put_in_without_losing_what_is_ticked(demo: DemoPortal) -> None:
    with demo.visited("yanshi-send-staff", PHONE) as page:
        page.goto("/workdays/new?month=2026-11")
        open_days(page).first.tap()
        recent = page.locator("[data-fill]").first
        words = recent.text_content()
        recent.tap()
        expect(page.get_by_label("工作内容")).to_have_value(words or "")
        expect(open_days(page).first).to_be_checked()
        # Left and opened again, the day is there with its words.
        page.goto("/workdays/new?month=2026-11")
        expect(page.get_by_label("工作内容")).to_have_value(words or "")
        expect(open_days(page).first).to_be_checked()
        assert "月历上已选 1 个日期" in read_out(page)


def test_the_reason_is_asked_while_a_late_day_is_ticked(demo: DemoPortal) -> None:
    with demo.visited("yanshi-recv-staff", PHONE) as page:
        page.goto("/workdays/new?month=2026-09")
        reason = page.get_by_label("补录原因")
        expect(reason).to_be_hidden()
        open_days(page).first.tap()
        expect(reason).to_be_visible()


def test_a_line_for_each_day_is_no_form_that_was_left(demo: DemoPortal) -> None:
    with demo.visited("yanshi-recv-staff", PHONE) as page:
        page.goto("/workdays/new?month=2026-11")
        for number in range(2):
            open_days(page).nth(number).tap()
        page.get_by_label("工作内容").fill(WORDS)
        page.get_by_role("button", name="所选几天各写一句").tap()
        expect(page.get_by_text("上次没有发出的内容已恢复")).to_be_hidden()
        lines = page.get_by_label("工作内容")
        expect(lines).to_have_count(2)
        expect(lines.first).to_have_value(WORDS)
        lines.first.fill("演示：第一天")
        picture(page, "log-lines")
        # Left and opened again, the words are there, though no line is.
        page.goto("/workdays/new")
        expect(page.get_by_label("工作内容")).to_have_value(f"演示：第一天\n{WORDS}")


def test_the_form_of_a_wide_screen_has_no_fault(demo: DemoPortal) -> None:
    with demo.visited("yanshi-recv-staff") as page:
        page.goto("/workdays/new?copy=week")
        assert not layout_faults_of(page)
        assert accessibility_violations(page) == []
        picture(page, "log-month")
