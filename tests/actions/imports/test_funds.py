"""Money from a file: planned, paid, received, raised; what is refused, what comes back."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from models import (
    Disbursement,
    Expenditure,
    FundAccount,
    FundAllocation,
    FundIncome,
    ImportBatch,
    LedgerEntry,
)
from models.types import (
    AllocationState,
    DisbursementState,
    ExpenditureState,
    FundAccountKind,
    ImportKind,
)
from portal.checks import verify
from portal.funding.actions import approve_allocations
from portal.funding.payment_actions import confirm_receipt, reverse_receipt
from portal.imports.actions import undo
from portal.imports.kinds import KINDS
from portal.ledger.queries import money_of
from portal.refusals import Refused
from portal.rooms import HOUSE
from tests.support.imports import Row, check_rows, codes_of, import_rows
from tests.support.money import RECEIVED_ON, SUBSIDY, YEAR, approved, paid, received
from tests.support.statements import statements_of
from tests.support.world import World

KIND = ImportKind.FUNDS


def row(entry: str = "计划", fen: str = "30000", day: str = "2022-03-01", **cells: Any) -> Row:
    return {
        "结对编号": "P1",
        "年度": "2022",
        "类型": entry,
        "资金来源": "部级补助",
        "支出类别": "",
        "金额": fen,
        "日期": day,
        "凭证号": "演示凭证1",
        "摘要": "",
        **cells,
    }


WHOLE = [
    # Not in the order in which money moves.
    row("到账", day="2022-03-04"),
    row("拨付", day="2022-03-02"),
    row("计划", day="2022-03-02", 凭证号="演示文1号"),
    row("计划", day="2022-02-01", 资金来源="省级配套", 凭证号="演示文2号", 金额="50000.00"),
    row("拨付", day="2022-04-01", 资金来源="省级配套", 金额="２０，０００．５０"),
    row("到账", day="2022-05-01", 资金来源="慈善捐赠", 金额="1,000", 摘要="演示基金会"),
    row(
        "支出", "1234.56", "2022-03-04", 支出类别="活动费用", 凭证号="演示发票1", 摘要="演示：督导"
    ),
    row(
        "支出",
        "300",
        "2022-05-01",
        资金来源="慈善捐赠",
        支出类别="其他",
        凭证号="",
        摘要="演示：印刷",
    ),
]


def balances(world: World) -> dict[FundAccountKind, int]:
    rows = world.session.execute(
        sa.select(FundAccount.kind, sa.func.sum(FundAccount.balance_fen)).group_by(FundAccount.kind)
    )
    return {kind: int(fen) for kind, fen in rows if fen}


def money(world: World) -> Any:
    return money_of(world.session, world.organisation("sending").id, YEAR)


def test_brings_the_life_of_money_in_whatever_the_order_of_the_rows(world: World):
    checked = import_rows(world, KIND, WHOLE)
    assert checked.report.applied, checked.report.errors
    assert checked.report.decided == len(WHOLE)
    assert [one.code for one in checked.report.warnings] == ["self_raised"]
    found = money(world)
    assert (found.approved_fen, found.disbursed_fen) == (8_000_000, 5_000_050)
    assert (found.subsidy_received_fen, found.received_fen) == (3_000_000, 3_100_000)
    assert (found.spent_fen, found.balance_fen) == (153_456, 3_100_000 - 153_456)
    states = world.session.scalars(sa.select(FundAllocation.state)).all()
    assert set(states) == {AllocationState.APPROVED}
    booked = world.session.scalars(
        sa.select(LedgerEntry.booked_on).where(LedgerEntry.allocation_id.is_not(None))
    ).all()
    assert sorted(str(day) for day in booked) == ["2022-02-01", "2022-03-02"]


def test_a_second_import_changes_nothing(world: World):
    import_rows(world, KIND, WHOLE)
    before = world.count(LedgerEntry)
    again = import_rows(world, KIND, WHOLE).report
    assert (again.unchanged, again.accepted, again.applied) == (len(WHOLE), 0, False)
    assert world.count(LedgerEntry) == before


def test_what_an_officer_plans_waits_for_another_and_cannot_be_paid_before(world: World):
    officer = "sending_province_officer"
    plan = row(资金来源="省级配套", 凭证号="演示文2号")
    refused = import_rows(world, KIND, [plan, row("拨付", 资金来源="省级配套")], persona=officer)
    assert codes_of(refused) == [(3, "金额", "over_balance")]
    assert not refused.report.applied
    done = import_rows(world, KIND, [plan], persona=officer)
    assert (done.report.applied, done.report.decided) == (True, 0)
    (allocation,) = world.session.scalars(sa.select(FundAllocation)).all()
    assert allocation.state is AllocationState.PLANNED
    with pytest.raises(Refused):
        approve_allocations(world.deed(officer), [allocation])


def test_a_manager_confirms_what_arrived_and_records_what_was_raised(world: World):
    payment = paid(world, voucher="演示凭证1")
    rows = [
        row("到账", "29990", "2022-03-04", 摘要="银行手续费 10 元"),
        row("到账", "500", "2022-03-05", 资金来源="自筹", 凭证号="演示收据1"),
    ]
    assert import_rows(world, KIND, rows, persona="sending_manager").report.applied
    world.session.refresh(payment)
    assert (payment.state, payment.received_fen) == (DisbursementState.RECEIVED, 2_999_000)
    assert payment.difference_reason == "银行手续费 10 元"
    assert money(world).received_fen == 2_999_000 + 50_000
    assert import_rows(world, KIND, rows, persona="sending_manager").report.unchanged == 2


def spending(fen: str = "100", category: str = "活动费用", **cells: Any) -> Row:
    return row("支出", fen, "2022-03-10", 支出类别=category, 摘要="演示：活动", **cells)


REFUSED: list[tuple[str, str | None, list[Row], tuple[str, str]]] = [
    ("more than approved", None, [row("拨付", "30000.01")], ("金额", "over_balance")),
    ("a plan that is a mere plan", None, [row("拨付", 资金来源="省级配套")], ("金额", "over_balance")),
    ("what nobody paid", None, [row("到账")], ("金额", "over_balance")),
    ("a payment without its voucher", None, [row("拨付", 凭证号="")], ("凭证号", "missing_value")),
    ("a year without work", None, [row(年度="1999")], ("年度", "outside_work_year")),
    ("a year beyond any column", None, [row(年度="99999999999")], ("年度", "outside_work_year")),
    ("a pairing of nobody", None, [row(结对编号="没有")], ("结对编号", "unknown_pairing")),
    ("a day to come", None, [row("拨付", day="2099-01-01")], ("日期", "future_date")),
    ("a day before the year", None, [row("拨付", day="2021-01-01")], ("日期", "outside_work_year")),
    ("the same twice", None, [row("拨付"), row("拨付")], ("凭证号", "duplicate_row")),
    ("the ministry's by a province", "sending_province_officer", [row()], ("资金来源", "outside_scope")),
    ("the other province's", "province_officer", [row(资金来源="省级配套")], ("结对编号", "unknown_pairing")),
    ("a plan of a manager", "sending_manager", [row()], ("资金来源", "outside_scope")),
    ("a receipt of a partner", "receiving_manager", [row("到账", 资金来源="自筹", 角色="援派")], ("类型", "outside_scope")),
    ("a subsidy of the receiving side", "receiving_manager", [row("到账")], ("资金来源", "outside_scope")),
    ("a plan for the receiving side", None, [row(角色="受援")], ("类型", "not_eligible")),
    ("a payment to the receiving side", None, [row("拨付", 角色="受援")], ("类型", "not_eligible")),
    ("the other side's own", "sending_manager", [row("到账", 资金来源="自筹", 角色="受援")], ("类型", "outside_scope")),
    ("what the other side spent", "sending_manager", [spending(角色="受援")], ("类型", "outside_scope")),
    (
        "what the sending side raised, spent by the receiving one",
        None,
        [row("到账", "100", "2022-03-09", 资金来源="自筹"), spending(资金来源="自筹", 角色="受援")],
        ("金额", "over_balance"),
    ),
    *(
        (f"the amount {amount}", None, [row(金额=amount)], ("金额", "invalid_amount"))
        for amount in ("0", "-1", "0.001", "1e5", "NaN", "壹万元", "10" * 9, 12.345, 10**18)
    ),
    ("what is not there", None, [spending("0.01")], ("金额", "over_balance")),
    (
        "lottery money for wages",
        None,
        [row("到账", "100", "2022-03-09", 资金来源="彩票公益金"), spending(category="工资津贴", 资金来源="彩票公益金")],
        ("资金来源", "not_eligible"),
    ),
    (
        "more of the category other than its part",
        None,
        [row("到账", "100", "2022-03-09", 资金来源="自筹"), spending("10.01", "其他", 资金来源="自筹")],
        ("金额", "over_cap"),
    ),
    ("an expenditure of no category", None, [spending(category="")], ("支出类别", "missing_value")),
    ("an expenditure by the province", "sending_province_officer", [spending()], ("类型", "outside_scope")),
    ("no amount", None, [row(金额="")], ("金额", "missing_value")),
]  # fmt: skip


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_refuses_what_the_pages_refuse(world: World):
    approved(world)
    for what, persona, rows, expected in REFUSED:
        checked = check_rows(world, KIND, rows, persona=persona)
        assert [(column, code) for _, column, code in codes_of(checked)] == [expected], what
        assert all(error.message.endswith("。") for error in checked.report.errors), what


def test_what_a_manager_spent_waits_for_another_to_book_it(world: World):
    received(world)
    rows = [spending("1000000", 凭证号="演示发票9"), spending("5", 凭证号="演示发票10")]
    done = import_rows(world, KIND, rows, persona="sending_manager").report
    assert (done.applied, done.decided) == (True, 0)
    assert set(world.session.scalars(sa.select(Expenditure.state))) == {ExpenditureState.CLAIMED}
    assert money(world).spent_fen == 0
    assert import_rows(world, KIND, rows, persona="sending_manager").report.unchanged == 2


OF_THE_RECEIVING_SIDE = [
    row("到账", "5000", "2022-03-05", 资金来源="慈善捐赠", 摘要="演示基金会"),
    row(
        "到账",
        "2000.50",
        "2022-03-06",
        资金来源="省级配套",
        凭证号="演示回单7",
        摘要="演示县民政局",
    ),
    row(
        "支出", "1200.25", "2022-03-07", 资金来源="慈善捐赠", 支出类别="活动费用", 摘要="演示：活动"
    ),
]


def test_a_receiving_organisation_brings_in_what_it_raised_and_spent(world: World):
    """In its own book (三(三)): the sending side's money, and what is due to it, stay as they are."""
    manager = "receiving_manager"
    done = import_rows(world, KIND, OF_THE_RECEIVING_SIDE, persona=manager).report
    assert (done.applied, done.warnings) == (True, ())
    own = world.organisation("receiving").id
    assert set(world.session.scalars(sa.select(FundIncome.organisation_id))) == {own}
    assert set(world.session.scalars(sa.select(Expenditure.organisation_id))) == {own}
    found = money_of(world.session, own, YEAR)
    assert (found.received_fen, found.spent_fen) == (700_050, 0)
    assert not any(money(world))
    assert import_rows(world, KIND, OF_THE_RECEIVING_SIDE, persona=manager).report.unchanged == 3


def test_the_operator_says_whose_money_a_row_is(world: World):
    same = [{**one, "角色": "受援"} for one in OF_THE_RECEIVING_SIDE]
    of_both = [*same, *({**one, "角色": ""} for one in OF_THE_RECEIVING_SIDE[::2])]
    assert import_rows(world, KIND, of_both).report.applied
    own = world.organisation("receiving").id
    found = money_of(world.session, own, YEAR)
    assert (found.received_fen, found.spent_fen) == (700_050, 120_025)
    assert (money(world).received_fen, money(world).spent_fen) == (500_000, 120_025)
    assert import_rows(world, KIND, of_both).report.unchanged == 5
    batch = world.session.scalars(sa.select(ImportBatch)).first()
    assert take_back(world, batch) == 5
    assert balances(world) == {}


def test_writes_exactly_the_good_rows_if_asked_to(world: World):
    rows = [*WHOLE, row("拨付", "99999", 凭证号="演示凭证9")]
    assert not import_rows(world, KIND, rows).report.applied
    assert balances(world) == {}
    done = import_rows(world, KIND, rows, accept_valid=True).report
    assert (done.applied, done.accepted, done.refused) == (True, len(WHOLE), 1)


def brought(world: World, rows: list[Row], persona: str | None = None) -> ImportBatch:
    assert import_rows(world, KIND, rows, persona=persona).report.applied
    world.clock.pass_time(minutes=1)
    return world.session.scalars(sa.select(ImportBatch).order_by(ImportBatch.id.desc())).first()


def take_back(world: World, batch: ImportBatch, persona: str | None = None) -> int:
    with world.session.begin_nested():
        done = undo(world.deed(persona), batch, KINDS[KIND])
    world.session.expire_all()
    return done.count


def test_a_file_is_taken_back_by_opposite_rows_and_comes_in_anew(world: World):
    batch = brought(world, WHOLE)
    assert take_back(world, batch) == len(WHOLE)
    assert balances(world) == {}
    assert not any(money(world))
    states = set(world.session.scalars(sa.select(Disbursement.state)))
    assert states == {DisbursementState.REVERSED}
    assert import_rows(world, KIND, WHOLE).report.applied
    assert money(world).received_fen == 3_100_000
    world.session.commit()
    assert not [one for one in verify(world.session, HOUSE.checks) if one.fault]


def test_receipts_of_a_file_are_taken_back_alone(world: World):
    payment = paid(world)
    batch = brought(world, [row("到账", day=str(RECEIVED_ON))], "sending_manager")
    assert take_back(world, batch, "sending_manager") == 1
    world.session.refresh(payment)
    assert (payment.state, payment.received_on) == (DisbursementState.PAID, None)
    assert balances(world)[FundAccountKind.TRANSIT] == 3_000_000


def pays_more(world: World) -> None:
    allocation = world.session.scalars(
        sa.select(FundAllocation).where(FundAllocation.source != SUBSIDY)
    ).one()
    paid(world, 100, allocation=allocation, voucher="演示凭证77")


def takes_a_receipt_back(world: World) -> None:
    arrived = sa.select(Disbursement).where(Disbursement.state == DisbursementState.RECEIVED)
    payment = world.session.scalars(arrived).one()
    reverse_receipt(world.deed("sending_manager"), payment, "演示：日期填错")
    confirm_receipt(
        world.deed("sending_manager"),
        payment,
        received_on=RECEIVED_ON,
        received_fen=payment.amount_fen,
    )


def spends(world: World) -> None:
    more = [spending("28000", 凭证号="演示发票7")]
    assert import_rows(world, KIND, more).report.applied


@pytest.mark.parametrize(
    ("built", "said"),
    [(spends, "已有支出"), (pays_more, "此后有拨付"), (takes_a_receipt_back, "现为“已到账”")],
)
def test_what_somebody_built_on_keeps_the_whole_file(world: World, built: Any, said: str):
    batch = brought(world, WHOLE[:6])
    built(world)
    before = balances(world)
    with pytest.raises(Refused, match=said):
        take_back(world, batch)
    assert balances(world) == before


def test_a_long_file_asks_no_more_than_a_short_one(world: World):
    counts = []
    for many in (3, 30):
        rows = [
            one
            for number in range(many)
            for one in (
                row("计划", "100", 凭证号=f"演示文{many}-{number}"),
                row("拨付", "100", 凭证号=f"演示凭证{many}-{number}"),
                row("到账", "100", 凭证号=f"演示凭证{many}-{number}"),
            )
        ]
        with statements_of(world.session) as said:
            assert import_rows(world, KIND, rows).report.applied
        counts.append(sum(not one.startswith("INSERT") for one in said))
    assert counts[0] == counts[1]


def test_stored_money_is_the_same_whoever_brought_it(world: World):
    received(world)
    assert world.count(FundIncome) == 0
    same = [
        row("计划", 凭证号="", day="2022-01-05"),
        row("拨付", day="2022-03-01"),
        row("到账", day="2022-03-04", 凭证号=""),
    ]
    assert check_rows(world, KIND, same).report.unchanged == 3
