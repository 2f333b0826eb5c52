"""The ledger: what moves, what is refused, what nobody can change."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from models import FundAccount, FundAllocation, FundYearTotal, LedgerEntry
from models.database import Database
from models.types import FundAccountKind as Kind
from models.types import FundSource
from portal.funding.actions import (
    PlannedFunds,
    approve_allocations,
    plan_allocations,
    reduce_allocation,
)
from portal.funding.payment_actions import (
    Payment,
    confirm_receipt,
    disburse,
    reverse_disbursement,
    reverse_receipt,
)
from portal.funding.queries import standing_of
from portal.ledger.queries import money_of
from portal.refusals import Refused
from tests.support.clock import Clock
from tests.support.money import PAID_ON, PROVINCIAL, RECEIVED_ON, YEAR, approved, paid, received
from tests.support.parallel import at_once
from tests.support.world import World


def balances(world: World) -> dict[Kind, int]:
    rows = world.session.execute(sa.select(FundAccount.kind, FundAccount.balance_fen))
    return {kind: fen for kind, fen in rows if fen}


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in caught.value.refusals]


def test_moves_what_is_approved_through_the_accounts(world: World):
    payment = received(world)
    assert balances(world) == {Kind.OUTSIDE: -3_000_000, Kind.CASH: 3_000_000}
    money = money_of(world.session, world.organisation("sending").id, YEAR)
    assert (money.approved_fen, money.disbursed_fen) == (3_000_000, 3_000_000)
    assert (money.subsidy_received_fen, money.province_received_fen) == (3_000_000, 0)
    assert money.balance_fen == 3_000_000
    assert payment.received_on == RECEIVED_ON


def test_explains_a_difference_or_refuses_it(world: World):
    payment, manager = paid(world), world.deed("sending_manager")
    asked = {"received_on": RECEIVED_ON, "received_fen": 2_999_000}
    with pytest.raises(Refused) as caught:
        confirm_receipt(manager, payment, **asked)
    assert "少 10.00 元" in caught.value.refusals[0].sentence
    confirm_receipt(manager, payment, **asked, reason="银行手续费 10 元")
    assert balances(world)[Kind.DIFFERENCE] == 1_000
    money = money_of(world.session, world.organisation("sending").id, YEAR)
    assert (money.received_fen, money.balance_fen) == (2_999_000, 2_999_000)


def test_never_pays_more_than_is_approved(world: World):
    allocation = approved(world)
    paid(world, 2_999_999, allocation=allocation)
    with pytest.raises(Refused) as caught:
        paid(world, 2, allocation=allocation, voucher="演示凭证2")
    assert codes(caught) == ["over_balance"]
    assert "尚可拨付 0.01 元" in caught.value.refusals[0].sentence
    paid(world, 1, allocation=allocation, voucher="演示凭证3")


def test_pays_nothing_before_another_approved(world: World):
    officer = world.deed("sending_province_officer")
    plan = PlannedFunds(world.pairing(), YEAR, PROVINCIAL, "演示省民政厅", 3_000_000)
    (allocation,) = plan_allocations(officer, [plan])
    with pytest.raises(Refused) as caught:
        disburse(officer, [Payment(allocation, 1, PAID_ON, "演示凭证")])
    assert "wrong_state" in codes(caught)
    with pytest.raises(Refused) as caught:
        approve_allocations(officer, [allocation])
    assert codes(caught) == ["own_entry"]
    assert balances(world) == {}


@pytest.mark.parametrize(
    ("persona", "source"),
    [("sending_province_officer", FundSource.MCA_SUBSIDY), ("national_officer", PROVINCIAL)],
)
def test_plans_only_what_is_ones_own_to_pay(world: World, persona: str, source: FundSource):
    plan = PlannedFunds(world.pairing(), YEAR, source, "演示拨款方", 100)
    with pytest.raises(Refused) as caught:
        plan_allocations(world.deed(persona), [plan])
    assert codes(caught) == ["outside_scope"]


def test_takes_a_mistake_back_once_and_leaves_both_rows(world: World):
    payment = received(world)
    manager = world.deed("sending_manager")
    reverse_receipt(manager, payment, "演示：日期填错")
    assert Kind.CASH not in balances(world)
    with pytest.raises(Refused):
        reverse_receipt(manager, payment, "演示：再来一次")
    reverse_disbursement(world.deed(), payment, "演示：重复登记")
    allocation = world.session.get_one(FundAllocation, payment.allocation_id)
    assert allocation.disbursed_fen == 0
    reduce_allocation(world.deed(), allocation, "演示：结对终止")
    assert balances(world) == {}
    assert world.count(LedgerEntry) == 6
    sums = world.session.scalars(sa.select(FundYearTotal)).one()
    assert sums.balance_fen == sums.approved_fen == sums.received_fen == 0


def test_says_what_is_due_and_short(world: World):
    organisation = world.organisation("sending").id
    standing = standing_of(world.session, organisation, YEAR)
    assert standing.due == (3_000_000, 3_000_000)
    assert standing_of(world.session, world.organisation("receiving").id, YEAR).due == (0, 0)


def test_the_database_refuses_a_reversal_that_is_no_mirror(world: World):
    received(world)
    wrong = (
        "INSERT INTO ledger_entry (at, booked_on, kind, debit_account_id, credit_account_id,"
        " amount_fen, allocation_id, reversal_of_id, note)"
        " SELECT at, booked_on, kind, credit_account_id, debit_account_id, amount_fen - 1,"
        " allocation_id, id, '' FROM ledger_entry WHERE kind = 'approval'"
    )
    with pytest.raises(DBAPIError, match="reversal"), world.session.begin_nested():
        world.session.execute(sa.text(wrong))


def test_of_many_payments_of_the_last_yuan_one_is_made(world_database: Database, clock: Clock):
    with world_database.writing() as session:
        allocation_id = approved(World(session, clock), 10_000).id

    def attempt(number: int):
        def pay(world: World) -> object:
            one = world.session.get_one(FundAllocation, allocation_id)
            return disburse(world.deed(), [Payment(one, 10_000, PAID_ON, f"演示{number}")])

        return pay

    answers = at_once(world_database, clock, [attempt(number) for number in range(6)])
    assert answers == ["done", *["over_balance"] * 5]
    with world_database.reading() as session:
        assert session.get_one(FundAllocation, allocation_id).disbursed_fen == 10_000
