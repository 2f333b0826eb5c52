"""What an organisation spent, booked into the ledger as the portal does it, and a year of it."""

from __future__ import annotations

from datetime import date, timedelta

from models import Expenditure
from models.base import new_public_id
from models.types import ExpenditureState, ExpenseCategory, FundSource, LedgerKind, Side, Task
from portal.funding.actions import Raised, record_income
from portal.ledger.actions import post, reverse
from portal.ledger.rules import Book, LedgerRow
from tests.support.money import PROVINCIAL, SUBSIDY, YEAR, received
from tests.support.world import World

SPENT_ON = date(2022, 4, 1)


def spent(
    world: World,
    fen: int,
    category: ExpenseCategory = ExpenseCategory.ACTIVITY,
    source: FundSource = SUBSIDY,
    *,
    day: date = SPENT_ON,
    **columns: object,
) -> tuple[Expenditure, int]:
    """Return an expenditure of the sending organisation that is booked, and its row of the ledger."""
    deed = world.deed("sending_manager")
    pairing = world.pairing()
    one = Expenditure(
        public_id=new_public_id(),
        organisation_id=pairing.sending_organisation_id,
        pairing_id=pairing.id,
        year=YEAR,
        source=source,
        category=category,
        amount_fen=fen,
        spent_on=day,
        state=ExpenditureState.BOOKED,
        claimed_by_person_id=world.person("sent1").id,
        booked_by_person_id=deed.actor.person_id,
        created_at=deed.now,
        **{"payee": "演示收款人", "purpose": "演示活动物料", "task": Task.T3, **columns},
    )
    deed.session.add(one)
    deed.session.flush()
    row = row_of(LedgerKind.EXPENDITURE, one, day)
    (entry_id,) = post(deed, [row])
    deed.record("ledger.exported", "organisation:演示")  # an audit row a change
    return one, entry_id


def row_of(kind: LedgerKind, one: Expenditure, day: date, note: str = "") -> LedgerRow:
    book = Book(one.organisation_id, one.year, one.source)
    return LedgerRow(kind, book, one.amount_fen, ("expenditure_id", one.id), day, note)


def disallowed(world: World, one: Expenditure, *, repaid: bool = False) -> None:
    """Have an expenditure disallowed, and perhaps repaid."""
    deed, day = world.deed("sending_province_officer"), SPENT_ON + timedelta(days=30)
    post(deed, [row_of(LedgerKind.DISALLOWANCE, one, day, "演示：超出支出范围")])
    one.state = ExpenditureState.DISALLOWED
    deed.record("ledger.exported", "organisation:演示")
    if repaid:
        deed = world.deed("sending_manager")
        post(deed, [row_of(LedgerKind.REPAYMENT, one, day, "演示：已退回专户")])
        one.state = ExpenditureState.REPAID
        deed.record("ledger.exported", "organisation:演示")
    world.session.flush()


def taken_back(world: World, one: Expenditure, entry_id: int) -> None:
    """Take the booking of an expenditure back."""
    reverse(world.deed("sending_manager"), [entry_id], "演示：重复登记")
    one.state = ExpenditureState.REVERSED
    world.session.flush()


def a_year(world: World) -> None:
    """Book a year of the sending organisation: 30,000 + 40,000 came in and 500 raised, with every kind."""
    received(world)
    received(world, 4_000_000, PROVINCIAL, voucher="演示回单2")
    record_income(
        world.deed("sending_manager"),
        Raised(world.pairing(), Side.SENT, YEAR, FundSource.DONATION, "演示爱心企业", 50_000,
               date(2022, 3, 20), "演示捐赠票据1"),
    )  # fmt: skip
    spent(world, 123_456)
    spent(
        world, 300_000, ExpenseCategory.TRANSPORT, route="福州—红寺堡",
        travelled_from=SPENT_ON, travelled_until=SPENT_ON + timedelta(days=2), invoice_number="演示客票8",
    )  # fmt: skip
    spent(
        world, 500_001, ExpenseCategory.WAGES, PROVINCIAL, paid_person_id=world.person("sent1").id,
        purpose="演示驻点补贴",
    )  # fmt: skip
    spent(world, 10_000, ExpenseCategory.OTHER, other_reason="演示：打印费")
    wrong, entry_id = spent(world, 77_700, ExpenseCategory.MEALS)
    taken_back(world, wrong, entry_id)
    refused, _ = spent(world, 20_000, ExpenseCategory.MEALS)
    disallowed(world, refused, repaid=True)
    disallowed(world, spent(world, 5_000, ExpenseCategory.INSURANCE)[0])
