"""Show 1, the end: a year of money is settled on a phone, and its timeline tells it."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, DemoPortal
from tests.e2e.page_checks import layout_faults_of
from tests.e2e.thumb import Thumb
from tests.support.measured import Measured


def test_the_province_settles_what_waits_from_its_first_page(
    demo: DemoPortal, measured: Measured
) -> None:
    thumb = Thumb()
    with demo.visited("yanshi-prov-send", PHONE) as page:
        page.goto("/")
        thumb.tap(page.get_by_role("link", name="去核定").filter(visible=True).last)
        expect(page.get_by_text("年度资金结算").first).to_be_visible()
        assert layout_faults_of(page) == []
        thumb.tap(page.get_by_role("link", name="核定", exact=True))
        expect(page.get_by_role("heading", level=1)).to_have_text("核定结算")
        assert layout_faults_of(page) == []
        # What the organisation wishes is chosen already.
        expect(page.get_by_label("退回拨款方")).to_be_checked()
        thumb.tap(page.get_by_role("button", name="核定", exact=True))
        expect(page.get_by_text("已核定，余款由机构退回拨款方并登记后办结。")).to_be_visible()
        expect(page.locator(".q-timeline__what")).to_have_text(
            ["核定，余款须退回拨款方", "提交结算"]
        )
        assert layout_faults_of(page) == []
    measured(
        "a settlement on a phone, by the province",
        f"{thumb.fields} fields, {thumb.taps} taps, {thumb.seconds:.0f} s",
    )
    assert thumb.taps <= 3


def test_the_manager_is_told_what_is_in_the_way_with_the_page_that_mends_it(
    demo: DemoPortal,
) -> None:
    with demo.visited("yanshi-send-mgr", PHONE) as page:
        page.goto("/funds")
        page.get_by_role("link", name="提交年度结算").tap()
        expect(page.get_by_text("笔支出待入账")).to_be_visible()
        assert layout_faults_of(page) == []
        page.get_by_role("link", name="去入账").tap()
        expect(page.get_by_role("heading", level=1)).to_have_text("支出")
