"""Every field of every form that takes an amount × odd amounts: the right value, or its sentence.

A form that is new is missed here until it has a door: the fields are found in the forms themselves.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from wtforms.fields.core import UnboundField

import forms
from models import AwardRule, Disbursement, Expenditure, FundAllocation, FundIncome, FundTransfer
from portal.ledger.amount_rules import MOST_FEN
from tests.support.amounts import KINDS, LONG, MISSING, NONE, RIGHT, WRONG, Odd
from tests.support.money import PROVINCIAL, YEAR, approved, paid, received
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.transfers import AGREED, allow_transfers
from tests.support.world import World


class Opened(NamedTuple):
    """A form with all but its amount, and where that would stand once it is sent."""

    page: Page
    fields: dict[str, str]
    kept: sa.Select[Any] | None
    form: str | None = None
    button: str | None = None


MOST = 1_000_000_000

FEW = (
    [] if os.environ.get("ODD_AMOUNTS") else [one for one in (*WRONG, *LONG) if one.typed in KINDS]
)
"""One of each kind; ``ODD_AMOUNTS=1`` types all that the rule is asked for (tests/rules/test_amounts.py)."""


def fields_of_amounts() -> Iterator[tuple[str, str]]:
    """Yield class and name of every field that takes an amount in yuan."""
    for module in pkgutil.iter_modules(forms.__path__):
        if module.name == "design":  # the samples of /design
            continue
        for found in vars(importlib.import_module(f"forms.{module.name}")).values():
            if isinstance(found, type) and found.__module__ == f"forms.{module.name}":
                for name, field in vars(found).items():
                    if isinstance(field, UnboundField) and _is_amount(name, field):
                        yield found.__name__, name


def _is_amount(name: str, field: UnboundField) -> bool:
    is_decimal = (field.kwargs.get("render_kw") or {}).get("inputmode") == "decimal"
    return is_decimal or "amount" in name or name.endswith(("_fen", "_yuan"))


def plan(world: World, pages: Pages) -> Opened:
    page = pages("sending_province_officer").get(f"/pairings/P1/funds/new?year={YEAR}")
    last = sa.select(FundAllocation.amount_fen).order_by(FundAllocation.id.desc()).limit(1)
    return Opened(page, {"source": "provincial", "payer": "演示", "year": str(YEAR)}, last)


def standard(world: World, pages: Pages) -> Opened:
    page = pages("sending_province_officer").get(f"/funds/plan/{YEAR}")
    return Opened(page, {"source": "provincial"}, None, "form[method=get]")


def pay(world: World, pages: Pages) -> Opened:
    one = approved(world, MOST, PROVINCIAL)
    page = pages("sending_province_officer").get(f"/funds/allocations/{one.public_id}/payments/new")
    kept = sa.select(Disbursement.amount_fen).where(Disbursement.allocation_id == one.id)
    return Opened(page, {"paid_on": "2022-03-01", "voucher_number": "演示1"}, kept)


def receive(world: World, pages: Pages) -> Opened:
    one = paid(world, MOST, PROVINCIAL)
    page = pages("sending_manager").get(f"/funds/payments/{one.public_id}/receipt")
    kept = sa.select(Disbursement.received_fen).where(Disbursement.id == one.id)
    return Opened(page, {"received_on": "2022-03-04", "reason": "演示"}, kept)


def raise_income(world: World, pages: Pages) -> Opened:
    page = pages("sending_manager").get("/pairings/P1/incomes/new")
    fields = {"source": "self", "payer": "演示", "received_on": "2022-05-01", "voucher_number": "1"}
    last = sa.select(FundIncome.amount_fen).order_by(FundIncome.id.desc()).limit(1)
    return Opened(page, {**fields, "year": str(YEAR)}, last)


def pass_on(world: World, pages: Pages) -> Opened:
    before = world.count(FundTransfer)
    received(world, MOST_FEN, voucher=f"演示转付{before}")
    if not before:
        allow_transfers(world)
    page = pages("sending_manager").get("/pairings/P1/transfers/new")
    fields = {
        "source": "mca_subsidy",
        "paid_on": "2022-05-01",
        "voucher_number": f"演示{before}",
        **AGREED,
        "agreed_on": "2022-01-01",
    }
    last = sa.select(FundTransfer.amount_fen).order_by(FundTransfer.id.desc()).limit(1)
    return Opened(page, {**fields, "year": str(YEAR)}, last)


def claim(world: World, pages: Pages) -> Opened:
    page = pages("sending_staff").get("/spending/new")
    fields = {
        "category": "activity",
        "source": "mca_subsidy",
        "payee": "演示",
        "purpose": "演示",
        "spent_on": "2022-11-18",
    }
    last = sa.select(Expenditure.amount_fen).order_by(Expenditure.id.desc()).limit(1)
    return Opened(page, fields, last, button="提交登记")


def give(world: World, pages: Pages) -> Opened:
    page = pages("sending_province_officer").get("/awards/rules")
    fields = {
        "level": "assistant",
        "giving": "fixed",
        "notice_days": "5",
        "valid_from": "2022-11-18",
        "document": "演示",
        "reason": "演示",
    }
    last = sa.select(AwardRule.amount_fen).order_by(AwardRule.id.desc()).limit(1)
    return Opened(page, fields, last)


DOORS: dict[tuple[str, str], Callable[[World, Pages], Opened]] = {
    ("PlanForm", "amount"): plan,
    ("StandardFilters", "amount"): standard,
    ("PaymentForm", "amount"): pay,
    ("ReceiptForm", "amount"): receive,
    ("IncomeForm", "amount"): raise_income,
    ("TransferForm", "amount"): pass_on,
    ("ClaimForm", "amount"): claim,
    ("AwardRuleForm", "amount"): give,
}


def test_every_field_of_an_amount_has_its_door() -> None:
    assert set(fields_of_amounts()) == set(DOORS)


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
@pytest.mark.parametrize("field", DOORS, ids="-".join)
def test_an_odd_amount_is_refused_with_its_sentence(
    world: World, pages: Pages, field: tuple[str, str]
) -> None:
    silent = []
    page, fields, kept, form, button = DOORS[field](world, pages)
    for odd in FEW or (*WRONG, *LONG):
        page = page.submit(form, button=button, expect=200, **{**fields, field[1]: odd.typed})
        if field[0] == "StandardFilters" and odd.words == MISSING:
            continue  # what is left empty is the standard
        if not any(odd.words in said or (odd in LONG and NONE in said) for said in page.errors):
            silent.append((odd.typed[:30], page.errors))
        assert kept is None or world.session.scalar(kept) is None, odd.typed
    assert silent == []


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "field", [one for one in DOORS if one[0] != "StandardFilters"], ids="-".join
)
def test_an_amount_is_what_was_typed(world: World, pages: Pages, field: tuple[str, str]) -> None:
    stands, chosen = [], [one for one in RIGHT if not FEW or one.typed in KINDS]
    for odd in chosen:
        world.clock.pass_time(seconds=1)  # two rules of one instant are one too many
        page, fields, kept, form, button = DOORS[field](world, pages)
        page.submit(
            form, button=button, expect=302, follow=False, **{**fields, field[1]: odd.typed}
        )
        assert kept is not None
        stands.append(Odd(odd.typed, world.session.scalar(kept)))
    assert stands == chosen
