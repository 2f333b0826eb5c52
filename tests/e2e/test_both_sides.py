"""On a phone: a team's activity and each one's yes, a month declared complete, a day the other side disputes."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, DemoPortal
from tests.e2e.page_checks import layout_faults_of
from tests.e2e.test_phone import Hand
from tests.support.measured import Measured

WORDS = "演示：全队参加督导和案例讨论。"
REASON = "演示：当天没有到站，请核对。"


def test_a_team_is_logged_in_three_taps_and_each_confirms_with_one(
    demo: DemoPortal, measured: Measured
) -> None:
    hand = Hand()
    with demo.visited("yanshi-recv-mgr", PHONE) as page:
        page.goto("/activities/new")
        assert layout_faults_of(page) == []
        people = page.get_by_role("checkbox", checked=True).count()
        hand.tap(page.get_by_role("radio", name="人才培养"))
        hand.say(page.get_by_label("工作内容"), WORDS)
        hand.tap(page.get_by_role("button", name="为所选人员填报"))
        expect(page.get_by_text(f"已为 {people} 人代填")).to_be_visible()
        assert layout_faults_of(page) == []
    own = Hand()
    with demo.visited("yanshi-recv-staff", PHONE) as page:
        page.goto("/")
        assert layout_faults_of(page) == []
        item = page.get_by_role("listitem").filter(has_text=WORDS)
        own.tap(item.get_by_role("button", name="确认"))
        expect(page.get_by_text("并提交给本机构负责人")).to_be_visible()
        expect(page.get_by_role("listitem").filter(has_text=WORDS)).to_have_count(0)
    measured("taps to log an activity of a team", f"{hand.taps} for {people}, and {own.taps} each")
    assert hand.taps <= 3
    assert own.taps == 1


def test_a_month_with_days_missing_is_declared_with_one_tap(demo: DemoPortal) -> None:
    with demo.visited("yanshi-send-staff", PHONE) as page:
        page.goto("/months/own?month=2026-09")
        assert layout_faults_of(page) == []
        expect(page.get_by_text("没有填报的工作日")).to_be_visible()
        page.get_by_role("button", name="9 月已填完").tap()
        expect(page.get_by_text("2026年9月已声明填完")).to_be_visible()
    with demo.visited("yanshi-send-mgr", PHONE) as page:
        page.goto("/months?month=2026-09")
        assert layout_faults_of(page) == []
        expect(page.get_by_text("已声明填完 1 人")).to_be_visible()


def test_a_disputed_day_is_not_approved(demo: DemoPortal) -> None:
    with demo.visited("yanshi-recv-mgr", PHONE) as page:
        page.goto("/workdays/partner")
        assert layout_faults_of(page) == []
        row = page.get_by_role("row").filter(has_text="已确认").first
        row.get_by_role("checkbox").check()
        page.get_by_label("异议原因").fill(REASON)
        page.get_by_role("button", name="对所选提出异议").tap()
        expect(page.get_by_text("已对 1 条提出异议")).to_be_visible()
    with demo.visited("yanshi-county", PHONE) as page:
        page.goto("/workdays/disputed")
        assert layout_faults_of(page) == []
        page.get_by_role("row").filter(has_text=REASON).get_by_role("link").first.tap()
        expect(page.get_by_text("现在不能核准")).to_be_visible()
        expect(page.get_by_role("button", name="核准", exact=True)).to_have_count(0)
