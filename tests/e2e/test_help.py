"""The tour with the keyboard and on a phone; what was typed survives a page that had expired."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import DESKTOP, PHONE, DemoPortal

WORDS = "演示：这段话写了很久，不能丢。"


def test_the_tour_goes_step_by_step_with_the_keyboard_and_goes_for_good(demo: DemoPortal) -> None:
    with demo.visited("yanshi-evaluator", DESKTOP) as page:
        page.goto("/")
        tour = page.locator("[data-tour]")
        expect(tour.locator("li:visible")).to_have_count(1)
        expect(tour.get_by_text("第 1 步，共 4 步")).to_be_visible()
        tour.get_by_role("button", name="下一步").press("Enter")
        expect(tour.get_by_text("第 2 步，共 4 步")).to_be_visible()
        expect(tour.locator("li:visible")).to_be_focused()
        page.keyboard.press("Escape")
        expect(tour.locator("li:visible")).to_have_count(0)
        expect(tour.locator("summary")).to_be_focused()
        # It traps nobody: the page behind it is there and the next stop of the keyboard.
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        tour.get_by_role("button", name="知道了").click()
        expect(page).to_have_url(f"{demo.url}/")
        expect(page.locator("[data-tour]")).to_have_count(0)


def test_on_a_phone_the_tour_is_one_line_and_covers_nothing(demo: DemoPortal) -> None:
    with demo.visited("yanshi-recv-staff", PHONE) as page:
        page.goto("/")
        tour = page.locator("[data-tour]")
        expect(tour.locator("li:visible")).to_have_count(0)
        box = tour.bounding_box()
        main = page.locator("main").bounding_box()
        assert box
        assert main
        assert box["height"] <= 72
        assert box["y"] + box["height"] <= main["y"] + 1
        assert tour.get_by_role("button", name="知道了").bounding_box()["height"] >= 44  # type: ignore[index] # it is visible


def test_without_script_the_tour_is_a_list_that_opens(demo: DemoPortal) -> None:
    with demo.visited("yanshi-association", PHONE, java_script_enabled=False) as page:
        page.goto("/")
        page.locator("[data-tour] summary").click()
        expect(page.locator("[data-tour] li:visible")).to_have_count(4)
        page.get_by_role("button", name="知道了").click()
        expect(page.locator("[data-tour]")).to_have_count(0)


def test_going_back_from_an_expired_page_finds_what_was_typed(demo: DemoPortal) -> None:
    context = demo.context(None)
    page = context.new_page()
    page.goto("/feedback?page=/sign-in")
    page.get_by_label("建议").check()
    page.get_by_label("内容").fill(WORDS)
    context.clear_cookies()  # the token in the page is worth nothing now
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("页面已过期，请重新提交")
    page.go_back()
    expect(page.get_by_label("内容")).to_have_value(WORDS)
    context.close()
