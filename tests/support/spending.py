"""Expenditures of the small programme, claimed through the actions of the portal."""

from __future__ import annotations

from datetime import date
from typing import Any

from models import Expenditure
from models.types import ExpenseCategory
from portal.spending.actions import claim_expenditures
from portal.spending.claim_rules import SpendingClaim
from portal.spending.eligibility_rules import Spending
from tests.support.money import SUBSIDY, YEAR
from tests.support.world import World

SPENT_ON = date(2022, 6, 1)


def claim(
    world: World,
    fen: int = 10_000,
    category: ExpenseCategory = ExpenseCategory.ACTIVITY,
    *,
    organisation: str = "sending",
    pairing: str = "P1",
    claimed: dict[str, Any] | None = None,
    **changes: Any,
) -> SpendingClaim:
    """Return a claim of the sending organisation, without a voucher; ``changes`` are of what it says."""
    usual = {
        "source": SUBSIDY,
        "spent_on": SPENT_ON,
        "payee": "演示文具店",
        "purpose": "演示：小组活动材料",
    }
    return SpendingClaim(
        world.organisation(organisation).id,
        world.pairing(pairing).id,
        changes.pop("year", YEAR),
        Spending(category=category, amount_fen=fen, **{**usual, **changes}),
        **{"no_voucher_reason": "演示：摊贩不开票", **(claimed or {})},
    )


def claimed(
    world: World, fen: int = 10_000, persona: str | None = "sending_staff", **asked: Any
) -> Expenditure:
    """Return an expenditure that a member of staff claimed."""
    return claim_expenditures(world.deed(persona), [claim(world, fen, **asked)])[0]
