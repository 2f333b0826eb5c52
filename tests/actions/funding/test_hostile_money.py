"""Money as an enemy and as an unlucky clerk would move it: by another's right, twice, while a year is closed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from models import Account, Disbursement, Expenditure, FundAllocation, FundIncome, LedgerEntry
from models.database import Database
from models.types import FundSource, Role, Side
from portal.accounts.actions import propose_grant
from portal.checks import verify
from portal.funding.actions import (
    PlannedFunds,
    Raised,
    approve_allocations,
    plan_allocations,
    record_income,
    reduce_allocation,
    reverse_income,
)
from portal.funding.check_queries import CHECKS as FUNDING_CHECKS
from portal.funding.payment_actions import (
    Payment,
    confirm_receipt,
    disburse,
    reverse_disbursement,
    reverse_receipt,
)
from portal.ledger.check_queries import CHECKS
from portal.programme.actions import close_work_year
from portal.refusals import Refused
from portal.settlements.check_queries import CHECKS as SETTLEMENT_CHECKS
from portal.spending.actions import book_expenditures, disallow, repay, take_back, withdraw_claim
from portal.spending.check_queries import CHECKS as SPENDING_CHECKS
from tests.support.clock import Clock
from tests.support.money import (
    PAID_ON,
    PROVINCIAL,
    RECEIVED_ON,
    SUBSIDY,
    YEAR,
    approved,
    paid,
    planned,
    received,
    with_colleagues,
)
from tests.support.parallel import at_once
from tests.support.settlements import CARRIED, handed_in
from tests.support.spending import claimed
from tests.support.world import World

ON_SQLITE = pytest.mark.parametrize("press", ["sqlite"], indirect=True)
"""What the rules answer alike, whatever the database."""
MANAGER, PROVINCE = "sending_manager", "sending_province_officer"


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in caught.value.refusals]


def raised(world: World, fen: int = 700, voucher: str = "演1", **changes: object) -> Raised:
    one = Raised(
        world.pairing(), Side.SENT, YEAR, FundSource.DONATION, "演示方", fen, RECEIVED_ON, voucher
    )
    return one._replace(**changes)


# ---- by another's right


def with_two_roles(world: World) -> None:
    """Make the officer of the nation one of the sending province, too."""
    account = world.session.scalars(
        sa.select(Account).where(Account.login == "national_officer")
    ).one()
    propose_grant(world.deed(), account, Role.PROV_CIVIL, "350000")
    world.session.flush()


@ON_SQLITE
@pytest.mark.parametrize(
    ("pairing", "source", "code"),
    [
        ("P1", SUBSIDY, None),
        ("P1", PROVINCIAL, None),
        ("P3", SUBSIDY, None),
        ("P3", PROVINCIAL, "outside_scope"),
        ("P3", FundSource.LOTTERY, "outside_scope"),
    ],
)
def test_an_officer_of_two_offices_gives_no_third_one_s_money(
    world: World, pairing: str, source: FundSource, code: str | None
) -> None:
    with_two_roles(world)
    deed = world.deed("national_officer")
    plan = PlannedFunds(world.pairing(pairing), YEAR, source, "演示拨款方", 100)
    waits = plan_allocations(world.deed(), [plan])[0]
    asks: list[Callable[[], object]] = [
        lambda: plan_allocations(deed, [plan]),
        lambda: disburse(deed, [Payment(waits, 1, PAID_ON, "演示凭证")]),
    ]
    for ask in asks:
        if code is None:
            ask()
            continue
        with pytest.raises(Refused) as caught:
            ask()
        assert codes(caught) == [code]


@ON_SQLITE
def test_nobody_approves_pays_and_confirms_alone(world: World) -> None:
    """One person with the roles of the payer and of the payee meets a colleague at each second step."""
    with_colleagues(world)
    one = planned(world)
    account = world.session.scalars(sa.select(Account).where(Account.login == PROVINCE)).one()
    propose_grant(world.deed(), account, Role.SEND_MGR, world.organisation("sending").credit_code)
    world.session.flush()
    both = world.deed(PROVINCE)
    with pytest.raises(Refused) as caught:
        approve_allocations(both, [one])
    assert codes(caught) == ["own_entry"]
    approve_allocations(world.deed("sending_province_colleague"), [one])
    (payment,) = disburse(both, [Payment(one, one.amount_fen, PAID_ON, "演示凭证")])
    asked = {"received_on": RECEIVED_ON, "received_fen": one.amount_fen}
    with pytest.raises(Refused) as caught:
        confirm_receipt(both, payment, **asked)
    assert codes(caught) == ["own_entry"]
    confirm_receipt(world.deed(MANAGER), payment, **asked)
    spent = claimed(world, source=PROVINCIAL)
    book_expenditures(both, [spent])
    with pytest.raises(Refused) as caught:
        disallow(both, spent, "演示：与计划无关")
    assert codes(caught) == ["same_person_twice"]


@ON_SQLITE
@pytest.mark.parametrize(
    ("paid_fen", "received_fen", "code"),
    [
        (3_000_000, 3_000_001, None),
        (3_000_000, 3_030_000, None),
        (3_000_000, 3_030_001, "over_balance"),
        (3_000_000, 30_000_000, "over_balance"),
        (10_000, 20_000, None),
        (10_000, 20_001, "over_balance"),
        (10_000, 1_000_000_000, "over_balance"),
        (3_000_000, 1, None),
    ],
)
def test_nobody_makes_money_by_confirming_it(
    world: World, paid_fen: int, received_fen: int, code: str | None
) -> None:
    payment = paid(world, paid_fen)
    asked = {"received_on": RECEIVED_ON, "received_fen": received_fen, "reason": "演示：利息"}
    found = []
    try:
        confirm_receipt(world.deed(MANAGER), payment, **asked)
    except Refused as refused:
        found = [one.code for one in refused.refusals]
    assert found == ([code] if code else [])
    assert [one.fault for one in verify(world.session, CHECKS) if one.fault] == []


# ---- twice


@ON_SQLITE
@pytest.mark.parametrize(
    ("changes", "is_another"),
    [
        ({}, False),
        ({"voucher_number": " 演1\u200b"}, False),
        ({"payer": "演示另一方", "note": "演示"}, False),
        ({"voucher_number": "演2"}, True),
        ({"amount_fen": 701}, True),
        ({"source": FundSource.SELF}, True),
    ],
)
def test_the_same_slip_of_raised_money_is_recorded_once(
    world: World, changes: dict, is_another: bool
) -> None:
    deed = world.deed(MANAGER)
    first = record_income(deed, raised(world))
    if is_another:
        record_income(deed, raised(world, **changes))
    else:
        with pytest.raises(Refused) as caught:
            record_income(deed, raised(world, **changes))
        assert codes(caught) == ["duplicate"]
        reverse_income(deed, first, "演示：金额填错")
        record_income(deed, raised(world, **changes))
    assert world.count(FundIncome) == 2


def test_the_same_slip_sent_at_once_counts_once_and_is_taken_back_once(
    world_database: Database, clock: Clock
) -> None:
    def record(world: World) -> object:
        return record_income(world.deed(MANAGER), raised(world))

    assert at_once(world_database, clock, [record] * 4) == ["done", *["duplicate"] * 3]

    def take_back(world: World) -> object:
        one = world.session.scalars(sa.select(FundIncome)).one()
        return reverse_income(world.deed(MANAGER), one, "演示：重复")

    assert at_once(world_database, clock, [take_back] * 4) == ["done", *["wrong_state"] * 3]
    with world_database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(LedgerEntry)) == 2


def test_what_was_taken_back_is_not_taken_back_again(world: World) -> None:
    payment = received(world)
    manager = world.deed(MANAGER)
    reverse_receipt(manager, payment, "演示：日期填错")
    reverse_disbursement(world.deed(), payment, "演示：重复登记")
    for again in (reverse_receipt, reverse_disbursement):
        with pytest.raises(Refused) as caught:
            again(world.deed(), payment, "演示：再来一次")
        assert codes(caught) == ["wrong_state"]
    one = claimed(world)
    received(world, voucher="演示凭证2")
    book_expenditures(manager, [one])
    disallow(world.deed(PROVINCE), one, "演示：与计划无关")
    repay(manager, one, manager.today, "演示回单")
    with pytest.raises(Refused) as caught:
        repay(manager, one, manager.today, "演示回单2")
    assert codes(caught) == ["wrong_state"]
    assert [one.fault for one in verify(world.session, CHECKS) if one.fault] == []


# ---- while the year is closed


def _pay(world: World) -> object:
    allocation = world.session.scalars(sa.select(FundAllocation)).one()
    return disburse(world.deed(PROVINCE), [Payment(allocation, 1, PAID_ON, "演示凭证9")])


def _receive(world: World) -> object:
    one = world.session.scalars(sa.select(Disbursement)).one()
    return confirm_receipt(
        world.deed(MANAGER), one, received_on=RECEIVED_ON, received_fen=one.amount_fen
    )


def _raise(world: World) -> object:
    return record_income(world.deed(MANAGER), raised(world))


def _claim(world: World) -> object:
    return claimed(world)


DEEDS = {"pay": _pay, "receive": _receive, "raise": _raise, "claim": _claim}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_is_booked_while_the_year_is_being_closed_waits_and_is_refused(
    world_database: Database, clock: Clock, deed: str
) -> None:
    with world_database.writing() as session:
        world = World(session, clock)
        paid(world, 100, PROVINCIAL, allocation=approved(world, 200, PROVINCIAL))
        before = world.count(LedgerEntry)

    def book() -> str:
        with world_database.open() as session:
            try:
                DEEDS[deed](World(session, clock))
                session.commit()
            except Refused as refused:
                return refused.refusals[0].code
        return "done"

    is_closed = threading.Event()
    with ThreadPoolExecutor(1) as threads, world_database.open() as session:
        close_work_year(World(session, clock).deed(), YEAR, "演示：关闭", is_sure=True)
        session.flush()
        answer = threads.submit(book)
        is_closed.wait(0.2)  # long enough to read the year as it was before
        session.commit()
        assert answer.result() == "closed_year"
    with world_database.reading() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(LedgerEntry)) == before


# ---- at the edge of a year


@ON_SQLITE
@pytest.mark.parametrize(
    ("hour", "code"), [((2022, 12, 31, 15, 59), "future_date"), ((2022, 12, 31, 16, 0), None)]
)
def test_the_day_of_a_booking_begins_at_midnight_in_beijing(
    world: World, clock: Clock, hour: tuple[int, ...], code: str | None
) -> None:
    clock.instant = datetime(*hour, tzinfo=UTC)
    on = date(2023, 1, 1)
    found = []
    try:
        record_income(world.deed(MANAGER), raised(world, year=2023, received_on=on))
    except Refused as refused:
        found = [one.code for one in refused.refusals]
    assert found == ([code] if code else [])
    with pytest.raises(Refused) as caught:
        claimed(world, spent_on=on)  # of 2022
    assert ("future_date" if code else "outside_work_year") in codes(caught)


# ---- with two sums of one year


def test_a_settlement_stands_on_what_was_there_when_it_was_handed_in(
    world_database: Database, clock: Clock
) -> None:
    with world_database.writing() as session:
        world = World(session, clock)
        received(world)
        book_expenditures(world.deed(MANAGER), [claimed(world)])
        number = claimed(world, payee="演示另一家").id

    def book(world: World) -> object:
        one = world.session.get_one(Expenditure, number)
        return book_expenditures(world.deed(MANAGER), [one])

    def submit(world: World) -> object:
        return handed_in(world, CARRIED)

    answers = at_once(world_database, clock, [book, submit, book, submit])
    assert set(answers) <= {
        "done",
        "open_claims",
        "wrong_state",
        "changed_meanwhile",
        "settled_year",
        "closed_year",
    }
    with world_database.reading() as session:
        assert [one.fault for one in verify(session, CHECKS) if one.fault] == []


# ---- at the same moment


def _of(world: World, model: Any) -> Any:
    return world.session.scalars(sa.select(model).order_by(model.id)).first()


def _spent(world: World) -> None:
    received(world)
    book_expenditures(world.deed(MANAGER), [claimed(world)])


def _disallowed(world: World) -> None:
    _spent(world)
    disallow(world.deed(PROVINCE), _of(world, Expenditure), "演示：与计划无关")


def _all_claimed(world: World) -> None:
    received(world, 10_000)
    claimed(world)


def _half_paid(world: World) -> None:
    paid(world, 100, PROVINCIAL, allocation=approved(world, 200, PROVINCIAL))


def _do(
    verb: Callable[..., object], persona: str | None, model: type, *args: object
) -> Callable[[World], object]:
    def attempt(world: World) -> object:
        one = _of(world, model)
        return verb(world.deed(persona), [one] if verb is book_expenditures else one, *args)

    return attempt


WHY = "演示：并发"
RACES = {
    "disallowed and taken back": (
        _spent,
        _do(disallow, PROVINCE, Expenditure, WHY),
        _do(lambda *asked: take_back(*asked, verb="reversed"), MANAGER, Expenditure, WHY),
    ),
    "repaid and found in order after all": (
        _disallowed,
        lambda world: repay(world.deed(MANAGER), _of(world, Expenditure), date(2022, 11, 21), "1"),
        _do(
            lambda *asked: take_back(*asked, verb="disallowance_reversed"),
            PROVINCE,
            Expenditure,
            WHY,
        ),
    ),
    "booked and withdrawn": (
        _all_claimed,
        _do(book_expenditures, MANAGER, Expenditure),
        _do(withdraw_claim, "sending_staff", Expenditure),
    ),
    "spent and not received after all": (
        _all_claimed,
        _do(book_expenditures, MANAGER, Expenditure),
        _do(reverse_receipt, MANAGER, Disbursement, WHY),
    ),
    "cut and paid": (
        _half_paid,
        _do(reduce_allocation, PROVINCE, FundAllocation, WHY),
        lambda world: disburse(
            world.deed(PROVINCE),
            [Payment(_of(world, FundAllocation), 100, PAID_ON, "演示9")],
        ),
    ),
    "received and taken back": (
        _half_paid,
        _receive,
        _do(reverse_disbursement, PROVINCE, Disbursement, WHY),
    ),
    "handed in and disallowed": (
        _spent,
        lambda world: handed_in(world, CARRIED),
        _do(disallow, PROVINCE, Expenditure, WHY),
    ),
}
SAID = {"done", "wrong_state", "changed_meanwhile", "over_balance", "settled_year", "to_repay"}


@pytest.mark.parametrize("race", RACES)
def test_of_two_deeds_that_undo_each_other_one_is_done(
    world_database: Database, clock: Clock, race: str
) -> None:
    prepare, one, other = RACES[race]
    with world_database.writing() as session:
        prepare(World(session, clock))
    answers = at_once(world_database, clock, [one, other, one, other])
    assert answers.count("done") == 1
    assert set(answers) <= SAID
    with world_database.reading() as session:
        checks = (*CHECKS, *SPENDING_CHECKS, *SETTLEMENT_CHECKS, *FUNDING_CHECKS)
        assert [one.fault for one in verify(session, checks) if one.fault] == []
