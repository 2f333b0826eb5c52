"""Nothing of the money of a closed work year changes: every verb of money is tried on one.

As in tests/actions/test_closed_years.py the verbs are found, not listed. All are tried on one world, each
in a savepoint of its own: on the open year, where it works, and on the same year closed, where it is
refused with ``closed_year`` and moves nothing.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

import portal.funding
import portal.settlements
import portal.spending
from models import (
    Disbursement,
    Expenditure,
    FundAccount,
    FundAllocation,
    FundIncome,
    LedgerEntry,
    Settlement,
)
from models.types import FundSource, Side
from portal.funding import actions as funding
from portal.funding import payment_actions as payments
from portal.funding import planning_actions as planning
from portal.funding import set_actions as sets
from portal.programme.actions import close_work_year
from portal.refusals import Refused
from portal.settlements import actions as settlements
from portal.spending import actions as spending
from tests.support.money import (
    PAID_ON,
    PROVINCIAL,
    RECEIVED_ON,
    YEAR,
    approved,
    paid,
    planned,
    received,
    with_colleagues,
)
from tests.support.settlements import CARRIED, SENT_BACK, handed_in
from tests.support.spending import claim, claimed
from tests.support.world import World

MANAGER, PROVINCE, COLLEAGUE = (
    "sending_manager",
    "sending_province_officer",
    "sending_province_colleague",
)
ROOMS = (portal.funding, portal.spending, portal.settlements)
TABLES = (
    Disbursement, Expenditure, FundAccount, FundAllocation, FundIncome, LedgerEntry, Settlement,
)  # fmt: skip
"""Not the sums beside the ledger: a row of zeros is laid to be held."""

Act = Callable[[World], Callable[[], Any]]


def case(make: Callable[[World], Any], act: Callable[[World, Any], Any]) -> Act:
    """Return a case: ``make`` lays what the verb is tried on, ``act`` is the verb."""

    def prepare(world: World) -> Callable[[], Any]:
        thing = make(world)
        return lambda: act(world, thing)

    return prepare


def nothing(_world: World) -> None:
    return None


def booked(world: World) -> Expenditure:
    received(world)
    one = claimed(world)
    spending.book_expenditures(world.deed(MANAGER), [one])
    return one


def disallowed(world: World) -> Expenditure:
    one = booked(world)
    spending.disallow(world.deed(PROVINCE), one, "演示")
    return one


def of_another_kind(world: World) -> Expenditure:
    received(world)
    return claimed(world, category=spending.ExpenseCategory.OTHER, other_reason="演示")


def raised(world: World) -> Any:
    one = funding.Raised(
        world.pairing(), Side.SENT, YEAR, FundSource.SELF, "演示", 100, RECEIVED_ON, "演示1"
    )
    return funding.record_income(world.deed(MANAGER), one)


def settlement(world: World, wish: Any = CARRIED) -> Settlement:
    received(world)
    return handed_in(world, wish)


def to_be_sent_back(world: World) -> Settlement:
    one = settlement(world, SENT_BACK)
    settlements.settle(world.deed(PROVINCE), [one])
    return one


def sent_back(world: World) -> Settlement:
    one = to_be_sent_back(world)
    settlements.send_back(world.deed(MANAGER), one, world.deed().today, "演示退1")
    return one


def standard(world: World) -> Any:
    what = planning.Standard(YEAR, PROVINCIAL, "演示拨款方", None, "", None)
    lacking = [
        one
        for one in planning.standard_of_year(
            world.session,
            world.actor(PROVINCE),
            YEAR,
            PROVINCIAL,
            planning._part_of(PROVINCIAL),
            None,
        )
        if one.amount_fen
    ]
    return what, planning.rules.stamp_of(lacking)


def plan(world: World) -> funding.PlannedFunds:
    return funding.PlannedFunds(world.pairing(), YEAR, PROVINCIAL, "演示拨款方", 100)


CASES: dict[str, Act] = {
    "funding.plan_allocations": case(
        nothing, lambda world, _: funding.plan_allocations(world.deed(PROVINCE), [plan(world)])
    ),
    "funding.approve_allocations": case(
        planned, lambda world, one: funding.approve_allocations(world.deed(COLLEAGUE), [one])
    ),
    "funding.reduce_allocation": case(
        lambda world: approved(world, source=PROVINCIAL),
        lambda world, one: funding.reduce_allocation(world.deed(PROVINCE), one, "演示"),
    ),
    "funding.record_income": case(nothing, lambda world, _: raised(world)),
    "funding.reverse_income": case(
        raised, lambda world, one: funding.reverse_income(world.deed(MANAGER), one, "演示")
    ),
    "planning_actions.plan_one": case(
        nothing, lambda world, _: planning.plan_one(world.deed(PROVINCE), plan(world))
    ),
    "planning_actions.plan_standard": case(
        standard, lambda world, one: planning.plan_standard(world.deed(PROVINCE), *one)
    ),
    "payment_actions.disburse": case(
        lambda world: approved(world, source=PROVINCIAL),
        lambda world, one: payments.disburse(
            world.deed(PROVINCE), [payments.Payment(one, 100, PAID_ON, "演示9")]
        ),
    ),
    "payment_actions.confirm_receipt": case(
        paid,
        lambda world, one: payments.confirm_receipt(
            world.deed(MANAGER), one, received_on=RECEIVED_ON, received_fen=one.amount_fen
        ),
    ),
    "payment_actions.reverse_receipt": case(
        received, lambda world, one: payments.reverse_receipt(world.deed(MANAGER), one, "演示")
    ),
    "payment_actions.reverse_disbursement": case(
        lambda world: paid(world, source=PROVINCIAL),
        lambda world, one: payments.reverse_disbursement(world.deed(PROVINCE), one, "演示"),
    ),
    "set_actions.confirm_receipts": case(
        paid,
        lambda world, one: sets.confirm_receipts(
            world.deed(MANAGER), [sets.Receipt(one, RECEIVED_ON, one.amount_fen)]
        ),
    ),
    "spending.claim_expenditures": case(received, lambda world, _: claimed(world)),
    "spending.edit_claim": case(
        claimed,
        lambda world, one: spending.edit_claim(world.deed("sending_staff"), one, claim(world, 7)),
    ),
    "spending.approve_expenditures": case(
        of_another_kind,
        lambda world, one: spending.approve_expenditures(world.deed(PROVINCE), [one]),
    ),
    "spending.book_expenditures": case(
        lambda world: (received(world), claimed(world))[1],
        lambda world, one: spending.book_expenditures(world.deed(MANAGER), [one]),
    ),
    "spending.disallow": case(
        booked, lambda world, one: spending.disallow(world.deed(PROVINCE), one, "演示")
    ),
    "spending.repay": case(
        disallowed,
        lambda world, one: spending.repay(world.deed(MANAGER), one, world.deed().today, "演示1"),
    ),
    "spending.take_back": case(
        booked,
        lambda world, one: spending.take_back(world.deed(MANAGER), one, "演示", verb="reversed"),
    ),
    "settlements.submit_settlement": case(received, lambda world, _: handed_in(world)),
    "settlements.settle": case(
        settlement, lambda world, one: settlements.settle(world.deed(PROVINCE), [one])
    ),
    "settlements.send_back": case(
        to_be_sent_back,
        lambda world, one: settlements.send_back(
            world.deed(MANAGER), one, world.deed().today, "演示退2"
        ),
    ),
    "settlements.close_settlement": case(
        sent_back, lambda world, one: settlements.close_settlement(world.deed(PROVINCE), one)
    ),
    "settlements.reopen_settlement": case(
        to_be_sent_back,
        lambda world, one: settlements.reopen_settlement(world.deed(PROVINCE), one, "演示"),
    ),
}

HARMLESS = {
    # What these do moves no money; each says why.
    "funding.decline_allocation": "what waits was never approved",
    "spending.withdraw_claim": "what waits was never booked",
    "spending.return_claim": "the same",
    "spending.answer_question": "words about what waits",
    "spending.accept_samples": "looked at; what was spent stays",
    "cell_actions.change_cell": "a dated rule of a province, for claims to come",
    "settlements.withdraw_settlement": "what waits to be settled; nothing moved with it",
    "settlements.return_settlement": "the same",
    "settlements.record_paper": "the trail of a download",
    # Parts of verbs, called by these alone.
    "funding.record_incomes": "the same as record_income, of several",
    "payment_actions.take_from": "a part of disburse and of what reverses it",
    "set_actions.take_back_brought": "a part of the undoing of a file, which refuses closed years",
    "set_actions.take_back_expenditures": "the same",
}


def verbs() -> set[str]:
    """Return the functions of the rooms of money that take a deed, as module and name."""
    found = set()
    for room in ROOMS:
        for one in pkgutil.iter_modules(room.__path__):
            if not one.name.endswith("actions") or one.name == "demo_actions":
                continue
            module = importlib.import_module(f"{room.__name__}.{one.name}")
            shown = one.name if one.name != "actions" else room.__name__.rpartition(".")[2]
            for verb, function in inspect.getmembers(module, inspect.isfunction):
                is_own = function.__module__ == module.__name__ and not verb.startswith("_")
                if is_own and "deed" in list(inspect.signature(function).parameters)[:1]:
                    found.add(f"{shown}.{verb}")
    return {one for one in found if ".refusals_" not in one}


def test_every_verb_of_money_is_tried_on_a_closed_year() -> None:
    assert verbs() == set(CASES) | set(HARMLESS)


def picture(world: World) -> list[Any]:
    world.session.flush()
    return [
        world.session.execute(
            sa.select(model.__table__).order_by(*model.__table__.primary_key)
        ).all()
        for model in TABLES
    ]


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_no_verb_moves_money_of_a_closed_year(world: World) -> None:
    with_colleagues(world)
    for name, prepare in CASES.items():
        for is_closed in (False, True):
            step = world.session.begin_nested()
            act = prepare(world)
            if is_closed:
                close_work_year(world.deed("national_officer"), YEAR, "演示")
            before = picture(world)
            if is_closed:
                with pytest.raises(Refused) as caught:
                    act()
                assert "closed_year" in {one.code for one in caught.value.refusals}, name
            else:
                act()
            assert (picture(world) == before) == is_closed, name
            step.rollback()
            world.session.expire_all()
