"""The whole journey in a real browser: logged on a phone, confirmed, approved, counted."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, DemoPortal, picture

WORDS = "演示：今天在社工站带教个案记录，走访两户。"
PAIRING = "YS26-640303"


def counted_sent_days(page: Page) -> float:
    """Read the sent days of the pairing from the national summary's file of today."""
    page.goto("/summary?year=2026")
    answer = page.request.get(f"/pairings/{PAIRING}?year=2026")
    found = re.search(r"([\d.]+) / 40", answer.text())
    assert found, "the pairing page shows sent days against 40"
    return float(found.group(1))


def test_a_day_logged_on_a_phone_is_counted_in_the_national_summary(demo: DemoPortal) -> None:
    with demo.opened("yanshi-national") as page:
        before = counted_sent_days(page)
        picture(page, "national-summary")

    with demo.opened("yanshi-send-staff", PHONE) as page:
        picture(page, "home-worker")
        page.goto("/workdays/new")
        page.get_by_role("radio", name="人才培养").check()
        page.get_by_label("工作内容").fill(WORDS)
        picture(page, "journey-1-worker")
        page.get_by_role("button", name="提交").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("已提交")
        picture(page, "journey-2-receipt")

    with demo.opened("yanshi-send-mgr") as page:
        page.goto("/workdays/confirmation")
        page.get_by_role("checkbox", name=re.compile("2026-11-20")).check()
        picture(page, "journey-2-manager")
        page.get_by_role("button", name="确认所选").click()
        expect(page.get_by_text("已确认")).not_to_have_count(0)

    with demo.opened("yanshi-county") as page:
        page.goto("/workdays/approval")
        page.get_by_role("checkbox", name=re.compile("2026-11-20")).check()
        picture(page, "journey-3-county")
        page.get_by_role("button", name="核准所选").click()
        expect(page.get_by_text("已核准")).not_to_have_count(0)

    with demo.opened("yanshi-national") as page:
        assert counted_sent_days(page) == before + 1


def test_pictures_of_the_pages_that_a_reader_wants_to_see(demo: DemoPortal) -> None:
    with demo.opened("yanshi-prov") as page:
        for name, path in (
            ("home-province", "/"),
            ("pairings", "/pairings"),
            ("pairing", f"/pairings/{PAIRING}?year=2026"),
            ("summary-province", "/summary?year=2025"),
        ):
            answer = page.goto(path)
            assert answer is not None
            assert answer.ok
            picture(page, name)
    with demo.opened("yanshi-national") as page:
        page.goto("/dashboard?year=2026")
        expect(page.locator("canvas, [data-chart] svg").first).to_be_visible()
        picture(page, "charts")
