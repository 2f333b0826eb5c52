"""资金安排: planned, approved by another, cut as far as it is not paid. Pure.

The ministry's subsidy is the nation's to plan and pay, the guarantee the sending province's (三(一), 三(二)).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from models.types import AllocationState, FundSource
from portal.funding.rules import not_ones_own
from portal.ledger.amount_rules import (
    YearFacts,
    refusals_for_finishing,
    refusals_for_name,
    refusals_for_number,
    refusals_for_year,
)
from portal.pairings.life_rules import PairingLife, Use, refusals_for_use
from portal.procedures.rules import Bar, Beginning, Life, Step
from portal.refusals import Refusal


def refusals_for_plan(
    source: FundSource,
    *,
    life: PairingLife,
    year: YearFacts,
    may_plan: Collection[FundSource],
    payer: str,
    document_number: str | None,
) -> list[Refusal]:
    """Say why money cannot be planned for the sending organisation of a pairing (B42, 三(一), 三(二))."""
    found = [*refusals_for_use(Use.FUND, life, "pairing"), *refusals_for_year(life.code, year)]
    if source not in may_plan:
        found.append(not_ones_own(source))
    found += refusals_for_name(payer, "payer", "拨款方")
    return found + refusals_for_number(document_number, "document_number", "文号")


class FundingFacts(NamedTuple):
    """An allocation as far as its steps ask. ``may_decide`` are the sources of whoever asks."""

    label: str
    state: AllocationState
    source: FundSource
    planned_by_person_id: int | None
    left_fen: int
    year: YearFacts
    may_decide: frozenset[FundSource] = frozenset()


def _own_source(facts: FundingFacts) -> Iterable[Refusal]:
    if facts.source not in facts.may_decide:
        yield not_ones_own(facts.source)


def _year_is_open(facts: FundingFacts) -> Sequence[Refusal]:
    return refusals_for_year(facts.label, facts.year)


def _may_be_cut(facts: FundingFacts) -> Sequence[Refusal]:
    return refusals_for_finishing(facts.year)


def _something_is_left(facts: FundingFacts) -> Iterable[Refusal]:
    if facts.left_fen <= 0:
        yield Refusal("", "over_balance", "这项资金已全部拨付，没有可以核减的余额。")


NOT_OWN_PLAN = Bar(
    ("planned_by_person_id",),
    "own_entry",
    "本人编制的资金安排不能由本人核定，请由另一位同事办理；没有的，请系统管理员开设账号。",
)

LIFE: Life[FundingFacts] = Life(
    name="fund_allocation",
    noun="资金安排",
    title="资金安排：编制、核定、核减",
    states=AllocationState,
    path=(AllocationState.PLANNED, AllocationState.APPROVED),
    beginnings=(
        Beginning("planned", "编制资金安排", AllocationState.PLANNED, ("planned_by_person_id",)),
    ),
    steps=(
        Step(
            "approved",
            "核定",
            "核定资金安排",
            (AllocationState.PLANNED,),
            AllocationState.APPROVED,
            "fund.approve",
            tone="primary",
            bars=(NOT_OWN_PLAN,),
            guards=(_year_is_open,),
            needless=(_own_source,),
            signs=("approved_by_person_id",),
        ),
        Step(
            "declined",
            "不予核定",
            "不予核定",
            (AllocationState.PLANNED,),
            AllocationState.DECLINED,
            "fund.approve",
            tone="danger",
            needs_reason=True,
            needless=(_own_source,),
        ),
        Step(
            "reduced",
            "核减未拨付的余额",
            "核减未拨付的余额",
            (AllocationState.APPROVED,),
            permission="fund.approve",
            tone="danger",
            needs_reason=True,
            bars=(NOT_OWN_PLAN,),
            guards=(_may_be_cut,),
            needless=(_own_source, _something_is_left),
        ),
        # A file is taken back as a whole while nobody has built on it.
        Step(
            "import_undone",
            "撤销导入",
            "撤销导入",
            (AllocationState.PLANNED, AllocationState.APPROVED),
            AllocationState.DECLINED,
        ),
    ),
)
