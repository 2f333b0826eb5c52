"""Show 1: planned, approved by another, paid, confirmed with ten yuan less, claimed with a photo, booked,
disallowed, repaid, settled; each timeline tells its part, the ledger book all of it."""

from __future__ import annotations

import re

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from models import Disbursement, Expenditure, FundAllocation, FundTransfer, Organisation, Pairing
from models.types import DisbursementState, ExpenditureState
from portal.access.queries import find_actor
from portal.deeds import Deed
from portal.funding.payment_actions import confirm_receipt
from portal.spending.actions import repay, return_claim
from portal.transfers.actions import decide_transfer
from tests.e2e.conftest import DESKTOP, PHONE, DemoPortal
from tests.e2e.further_cases import COLLEAGUE, PAIRING
from tests.e2e.page_checks import layout_faults_of
from tests.e2e.thumb import A_MINUTE, Thumb
from tests.support.measured import Measured

PROVINCE, MANAGER, STAFF = "yanshi-prov-send", "yanshi-send-mgr", "yanshi-send-staff"
VOUCHER, FEE = "演示闽社2026-1", "演示：银行手续费 10 元"
JUDGED_WITHIN_MS = 30_000
"""The first file of a server waits for the process that judges it."""


def test_the_life_of_money_from_its_plan_to_its_settlement(
    demo: DemoPortal, measured: Measured
) -> None:
    organisation = with_nothing_else_open(demo)
    allocation = plan_approve_and_pay(demo)
    later(demo)
    with demo.visited(MANAGER, PHONE) as page:
        thumb = confirm_with_a_difference(page)
        measured(
            "taps to confirm a payment with a difference", f"{thumb.taps}, two of them to type"
        )
        assert thumb.taps <= 5
        page.goto(allocation)
        paid = [f"{what}：凭证 {VOUCHER}" for what in ("确认到账", "登记拨付")]
        tells(page, *paid, "核定资金安排", "编制资金安排")
        expect(page.locator(".q-timeline__why").first).to_have_text(f"差额原因：{FEE}")

    later(demo)
    with demo.visited(STAFF, PHONE) as page:
        thumb = claim(page)
        expenditure = page.url
    measured("a claim with a photo on a phone", str(thumb))
    assert thumb.seconds < A_MINUTE
    later(demo)
    with demo.visited(MANAGER, PHONE) as page:
        page.goto(expenditure)
        page.get_by_role("button", name="入账").tap()
        expect(page.get_by_text("已入账 1 笔，共 128.50 元。")).to_be_visible()
    later(demo)
    with demo.visited(PROVINCE, DESKTOP) as page:
        page.goto(expenditure)
        page.get_by_role("link", name="不予认可").click()
        page.get_by_label("原因").fill("演示：与计划实施无关")
        page.get_by_role("button", name="不予认可").click()
        expect(page.get_by_text("机构须将款项退回本计划资金账户")).to_be_visible()
    later(demo)
    with demo.visited(MANAGER, PHONE) as page:
        page.goto(expenditure)
        page.get_by_role("link", name="登记退回").tap()
        page.get_by_label("凭证号").fill("演示回单7")
        page.get_by_role("button", name="登记退回").tap()
        tells(page, "登记退回", "不予认可，须退回", "入账", "登记支出")
        assert layout_faults_of(page) == []

    thumb = Thumb()
    settlement = settle(demo, thumb)
    measured("a settlement, from handing in to closed, by both sides", str(thumb))
    assert thumb.taps <= SETTLED_BY
    later(demo)
    with demo.visited(MANAGER, PHONE) as page:
        page.goto(settlement)
        tells(page, "核对退回，办结", "登记余款已退回拨款方", "核定，余款须退回拨款方", "提交结算")
        page.goto(f"/ledger/{organisation}/2026?source=social")
        lines = page.get_by_role("table").first.locator("tbody .q-lead")
        expect(lines).to_have_text([re.compile(f"^{what}") for what in BOOK])


SETTLED_BY = 14
"""Taps, of both sides: handed in, settled, what is left returned, closed."""
BOOK = ("到账：", "演示：小组活动材料", "不予认可：", "退回：", "退回拨款方：")
"""How the lines of the ledger book begin that this money left there, in their order."""


def with_nothing_else_open(demo: DemoPortal) -> str:
    """Finish what the demonstration has left open of the shown organisation; return its code."""
    now = demo.app.extensions["qianshou_settings"].now()
    with demo.app.extensions["qianshou_database"].writing() as session:
        actor = find_actor(session, MANAGER)
        assert actor is not None
        deed = Deed(session, actor, now)
        code, number = session.execute(
            sa.select(Organisation.credit_code, Organisation.id)
            .join(Pairing, Pairing.sending_organisation_id == Organisation.id)
            .where(Pairing.code == PAIRING)
        ).one()
        paid = (
            sa.select(Disbursement)
            .join(FundAllocation)
            .where(
                FundAllocation.organisation_id == number,
                Disbursement.state == DisbursementState.PAID,
            )
        )
        for one in session.scalars(paid).all():
            confirm_receipt(deed, one, received_on=deed.today, received_fen=one.amount_fen)
        spent = sa.select(Expenditure).where(Expenditure.organisation_id == number)
        for one in session.scalars(spent).all():
            if one.state == ExpenditureState.CLAIMED:
                return_claim(deed, one, "演示：年末清理", verb="returned")
            elif one.state == ExpenditureState.DISALLOWED:
                repay(deed, one, deed.today, "演示回单6")
        for one in session.scalars(sa.select(FundTransfer).where(FundTransfer.state == "paid")):
            decide_transfer(deed, one, "演示：年末清理", verb="withdrawn")
    return str(code)


def plan_approve_and_pay(demo: DemoPortal) -> str:
    """Return the address of the allocation."""
    later(demo)
    with demo.visited(PROVINCE, PHONE) as page:
        page.goto(f"/pairings/{PAIRING}/funds/new?year=2026")
        page.get_by_label("资金来源").select_option(label="社会资金")
        page.get_by_label("金额").fill("８，０００")
        page.get_by_label("拨款方").fill("演示社会资助方")
        assert layout_faults_of(page) == []
        page.get_by_role("button", name="提交核定").tap()
        expect(page.get_by_text("已编制 8,000.00 元，待本级另一位同事核定")).to_be_visible()
        expect(page.get_by_text("本人编制的资金安排不能由本人核定")).to_be_visible()
        assert layout_faults_of(page) == []
        address = page.url
    later(demo)
    with demo.visited(COLLEAGUE, PHONE) as page:
        page.goto("/")
        expect(page.get_by_role("link", name="去核定 ：待核定的资金安排")).to_be_visible()
        page.goto(address)
        page.get_by_role("button", name="核定", exact=True).tap()
        page.get_by_role("dialog").get_by_role("button").last.tap()
        expect(page.get_by_text("已核定 8,000.00 元，可以拨付")).to_be_visible()
        later(demo)
        page.get_by_role("link", name="登记拨付").tap()
        page.get_by_label("凭证号").fill(VOUCHER)
        assert layout_faults_of(page) == []
        page.get_by_role("button", name="登记拨付").tap()
        expect(page.get_by_text("已登记拨付 8,000.00 元")).to_be_visible()
    return address


def confirm_with_a_difference(page: Page) -> Thumb:
    thumb = Thumb()
    page.goto("/")
    thumb.tap(page.get_by_role("link", name=re.compile("去确认")).first)
    expect(page.get_by_text("本年可用")).to_be_visible()
    assert layout_faults_of(page) == []
    waiting = page.get_by_role("region", name="待确认到账").filter(has_text=VOUCHER)
    thumb.tap(waiting.get_by_role("link", name=re.compile("确认到账")))
    thumb.type(page.get_by_label("到账金额"), "7990")
    thumb.type(page.get_by_label("差额原因"), FEE)
    assert layout_faults_of(page) == []
    thumb.tap(page.get_by_role("button", name="确认到账"))
    expect(page.get_by_text("已确认到账 7,990.00 元，可以使用")).to_be_visible()
    return thumb


def claim(page: Page) -> Thumb:
    """From the first page to the receipt, as somebody does who knows the way."""
    thumb = Thumb()
    thumb.watch(page)
    page.goto("/")
    thumb.tap(page.get_by_role("link", name="登记支出"))
    thumb.type(page.get_by_label("金额"), "128.50")
    thumb.choose(page.locator("label.q-tile", has_text="活动费用"))
    thumb.choose(page.locator("label.q-tile", has_text="社会资金"))
    thumb.type(page.get_by_label("收款人"), "演示文具店")
    thumb.type(page.get_by_label("用途摘要"), "演示：小组活动材料")
    thumb.photograph(page.get_by_label("拍票据"))
    assert layout_faults_of(page) == []
    thumb.tap(page.get_by_role("button", name="提交登记"))
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("活动费用 128.50 元", timeout=JUDGED_WITHIN_MS)
    expect(page.get_by_role("link", name="票据.png").first).to_be_visible()
    thumb.rest(page)
    return thumb


def settle(demo: DemoPortal, thumb: Thumb) -> str:
    """Hand the year in, settle it, return what is left and close it; return the address."""
    later(demo)
    with demo.visited(MANAGER, PHONE) as page:
        thumb.watch(page)
        page.goto("/funds")
        thumb.tap(page.get_by_role("link", name="提交年度结算"))
        thumb.choose(page.get_by_label("退回拨款方"))
        assert layout_faults_of(page) == []
        thumb.tap(page.get_by_role("button", name="提交结算"))
        expect(page.get_by_text("已提交结算，等待省级民政部门核定")).to_be_visible()
        address = page.url
        thumb.rest(page)
    later(demo)
    with demo.visited(PROVINCE, PHONE) as page:
        thumb.watch(page)
        page.goto(address)
        thumb.tap(page.get_by_role("link", name="核定", exact=True))
        expect(page.get_by_label("退回拨款方")).to_be_checked()
        thumb.tap(page.get_by_role("button", name="核定", exact=True))
        expect(page.get_by_text("已核定，余款由机构退回拨款方并登记后办结。")).to_be_visible()
        thumb.rest(page)
    later(demo)
    with demo.visited(MANAGER, PHONE) as page:
        thumb.watch(page)
        page.goto(address)
        thumb.tap(page.get_by_role("link", name="登记退回余款"))
        thumb.type(page.get_by_label("凭证号"), "演示回单8")
        thumb.tap(page.get_by_role("button", name="登记退回"))
        expect(page.get_by_text("已登记退回，等待省级民政部门核对办结。")).to_be_visible()
        thumb.rest(page)
    later(demo)
    with demo.visited(PROVINCE, PHONE) as page:
        thumb.watch(page)
        page.goto(address)
        thumb.tap(page.get_by_role("button", name="办结"))
        thumb.tap(page.get_by_role("dialog").get_by_role("button").last)
        expect(page.locator(".q-page-header .q-tag")).to_have_text(re.compile("已办结"))
        thumb.rest(page)
    return address


def later(demo: DemoPortal) -> None:
    """The next one does the next thing: what is of one instant has no order in a timeline."""
    demo.app.extensions["qianshou_settings"].now.pass_time(minutes=5)


def tells(page: Page, *steps: str) -> None:
    """The timeline names each step once, the latest first."""
    expect(page.locator(".q-timeline__what")).to_have_text(list(steps))
