"""Every field of every form that takes an amount × odd amounts: the right value, or its sentence.

A form that is new is missed here until it has a door: the fields are found in the forms themselves.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from wtforms.fields.core import UnboundField

import forms
from models import Disbursement, FundAllocation, FundIncome
from tests.support.amounts import KINDS, LONG, NONE, RIGHT, WRONG, Odd
from tests.support.money import PROVINCIAL, YEAR, approved, paid
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.world import World

Door = Callable[[World, Pages, str, int], tuple[Page, sa.Select[tuple[int | None]] | None]]
"""Types an amount, with the status that is expected; returns the page and where the amount would stand."""

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


def plan(world: World, pages: Pages, typed: str, expect: int):
    page = pages("sending_province_officer").get(f"/pairings/P1/funds/new?year={YEAR}")
    answer = page.submit(
        source="provincial", amount=typed, payer="演示", year=str(YEAR), expect=expect, follow=False
    )
    last = sa.select(FundAllocation.amount_fen).order_by(FundAllocation.id.desc()).limit(1)
    return answer, last


def standard(world: World, pages: Pages, typed: str, expect: int):
    page = pages("sending_province_officer").get(f"/funds/plan/{YEAR}")
    answer = page.submit("form[method=get]", source="provincial", amount=typed, expect=200)
    return answer, None


def pay(world: World, pages: Pages, typed: str, expect: int):
    one = approved(world, MOST, PROVINCIAL)
    page = pages("sending_province_officer").get(f"/funds/allocations/{one.public_id}/payments/new")
    answer = page.submit(
        amount=typed, paid_on="2022-03-01", voucher_number="演示1", expect=expect, follow=False
    )
    return answer, sa.select(Disbursement.amount_fen).where(Disbursement.allocation_id == one.id)


def receive(world: World, pages: Pages, typed: str, expect: int):
    one = paid(world, 3_000_000, PROVINCIAL)
    page = pages("sending_manager").get(f"/funds/payments/{one.public_id}/receipt")
    answer = page.submit(
        amount=typed, received_on="2022-03-04", reason="演示", expect=expect, follow=False
    )
    kept = sa.select(Disbursement.received_fen).where(Disbursement.id == one.id)
    return answer, kept.where(Disbursement.received_fen.is_not(None))


def raise_income(world: World, pages: Pages, typed: str, expect: int):
    page = pages("sending_manager").get("/pairings/P1/incomes/new")
    answer = page.submit(
        source="self", amount=typed, payer="演示", received_on="2022-05-01", voucher_number="1",
        year=str(YEAR), expect=expect, follow=False,
    )  # fmt: skip
    return answer, sa.select(FundIncome.amount_fen).order_by(FundIncome.id.desc()).limit(1)


DOORS: dict[tuple[str, str], Door] = {
    ("PlanForm", "amount"): plan,
    ("StandardFilters", "amount"): standard,
    ("PaymentForm", "amount"): pay,
    ("ReceiptForm", "amount"): receive,
    ("IncomeForm", "amount"): raise_income,
}


def test_every_field_of_an_amount_has_its_door() -> None:
    assert set(fields_of_amounts()) == set(DOORS)


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
@pytest.mark.parametrize("field", DOORS, ids="-".join)
def test_an_odd_amount_is_refused_with_its_sentence(
    world: World, pages: Pages, field: tuple[str, str]
) -> None:
    silent = []
    for odd in FEW or (*WRONG, *LONG):
        page, kept = DOORS[field](world, pages, odd.typed, 200)
        if field[0] == "StandardFilters" and odd.words == "请填写":
            continue  # what is left empty is the standard
        if not any(odd.words in said or (odd in LONG and NONE in said) for said in page.errors):
            silent.append((odd.typed[:30], page.errors))
        assert kept is None or world.session.scalar(kept) is None, odd.typed
    assert silent == []


@pytest.mark.parametrize(
    "field", [one for one in DOORS if one[0] != "StandardFilters"], ids="-".join
)
def test_an_amount_is_what_was_typed(world: World, pages: Pages, field: tuple[str, str]) -> None:
    kept, chosen = [], [one for one in RIGHT if not FEW or one.typed in KINDS]
    for odd in chosen:
        _, stands = DOORS[field](world, pages, odd.typed, 302)
        assert stands is not None
        kept.append(Odd(odd.typed, world.session.scalar(stands)))
    assert kept == chosen
