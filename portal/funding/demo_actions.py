"""Money of the demonstration: the open year planned, approved, paid and received, something in each state."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from models import Disbursement, FundAllocation, Pairing
from models.types import FundSource, Side
from portal.clock import start_of
from portal.deeds import Deed
from portal.funding.actions import PlannedFunds, Raised, plan_allocations, record_income
from portal.funding.payment_actions import Payment, confirm_receipt, disburse
from portal.funding.planning_queries import list_paired
from portal.funding.planning_rules import plan_of_year
from portal.funding.queries import left_of
from portal.programme.queries import get_work_year
from portal.programme.regime_queries import regime_of
from portal.stage import Stage

NATION, PROVINCE = "演示·民政部", "演示·福建省民政厅"
FOUNDATION = "演示社会福利基金会"
APPROVED_AGO, PAID_AGO, RECEIVED_AGO = timedelta(days=60), timedelta(days=40), timedelta(days=36)
PLANNED_AGO = timedelta(days=3)
UNPAID_EVERY, OF_PROVINCE = 8, 3
"""Of the subsidies every eighth is not paid yet, of what the shown province gives every third."""
CONFIRMED_EVERY = 3
"""Of the subsidies that were paid every third is confirmed: each is a deed of its own."""
BANK_FEE_FEN = 1_000
RAISED_FEN, LOTTERY_FEN = 1_200_000, 500_000


def show_money(stage: Stage) -> None:
    """Plan the subsidy for all and the guarantee of the shown province, and pay most of it."""
    year = stage.deed.today.year
    at = _instants(stage, year)
    national = stage.deed_of("yanshi-national", at(PAID_AGO).now)
    sender = stage.deed_of("yanshi-prov-send", at(PAID_AGO).now)
    subsidies = _plan(at(APPROVED_AGO), year, FundSource.MCA_SUBSIDY, NATION)
    province = stage.sending.province_code
    guarantees = _plan(at(APPROVED_AGO), year, FundSource.PROVINCIAL, PROVINCE, province)
    own = [one for one in (*subsidies, *guarantees) if one.organisation_id == stage.sending.id]
    paid = _pay(national, _but(subsidies, UNPAID_EVERY, own), f"演示国拨{year}")
    paid += _pay(sender, _but(guarantees, OF_PROVINCE, own), f"演示闽拨{year}")
    _confirm(stage, at, paid, {one.id for one in own}, guarantees)
    _raise(stage, at, year)
    # Of the province that sends, by its officer: it waits for a colleague.
    plan_allocations(
        stage.deed_of("yanshi-prov-send", at(PLANNED_AGO).now),
        [
            PlannedFunds(
                stage.pairing,
                year,
                FundSource.LOTTERY,
                PROVINCE,
                LOTTERY_FEN,
                f"演示闽民函〔{year}〕9号",
                "演示：购置培训教具",
            )
        ],
    )


def _instants(stage: Stage, year: int) -> Callable[[timedelta], Deed]:
    """Return the operator's deed some days ago, never before the work year began."""
    begins = start_of(get_work_year(stage.deed.session, year).starts_on)
    return lambda ago: replace(stage.deed, now=max(begins, stage.deed.now - ago))


def _plan(
    deed: Deed, year: int, source: FundSource, payer: str, province_code: str = ""
) -> list[FundAllocation]:
    """Have the server's operator bring in what is due to each; it is approved with that."""
    policy = regime_of(deed.session).policy_of_year(year)
    rows = plan_of_year(list_paired(deed.session, deed.actor, year), {}, source, policy)
    pairings = {
        one.id: one
        for one in deed.session.scalars(
            sa.select(Pairing).where(
                Pairing.id.in_([row.pairing.pairing_id for row in rows]),
                Pairing.sending_province_code == province_code if province_code else sa.true(),
            )
        )
    }
    return plan_allocations(
        deed,
        [
            PlannedFunds(pairing, year, source, payer, row.due_fen, f"演示函〔{year}〕1号")
            for row in rows
            if (pairing := pairings.get(row.pairing.pairing_id))
        ],
    )


def _but(
    allocations: Sequence[FundAllocation], every: int, kept: Collection[FundAllocation]
) -> list[FundAllocation]:
    """Leave out every so manyth, but none of those that are kept."""
    return [one for place, one in enumerate(allocations, start=1) if place % every or one in kept]


def _pay(deed: Deed, allocations: Iterable[FundAllocation], prefix: str) -> list[Disbursement]:
    return disburse(
        deed,
        [
            Payment(one, left_of(one), deed.today, f"{prefix}-{place:03}")
            for place, one in enumerate(allocations, start=1)
        ],
    )


def _confirm(
    stage: Stage,
    at: Callable[[timedelta], Deed],
    paid: Sequence[Disbursement],
    own: Collection[int],
    guarantees: Sequence[FundAllocation],
) -> None:
    """Confirm some of what was paid; the shown organisation has its first payment, ten yuan less, and
    the other one waits for its manager."""
    manager = stage.deed_of("yanshi-send-mgr", at(RECEIVED_AGO).now)
    first, *_ = [one for one in paid if one.allocation_id in own]
    confirm_receipt(
        manager,
        first,
        received_on=manager.today,
        received_fen=first.amount_fen - BANK_FEE_FEN,
        reason="演示：银行手续费 10 元",
    )
    operator = at(RECEIVED_AGO)
    others = [one for one in paid if one.allocation_id not in own]
    given = {one.id for one in guarantees}
    some = [one for one in others if one.allocation_id in given]
    some += [one for one in others if one.allocation_id not in given][::CONFIRMED_EVERY]
    for one in some:
        confirm_receipt(operator, one, received_on=operator.today, received_fen=one.amount_fen)


def _raise(stage: Stage, at: Callable[[timedelta], Deed], year: int) -> None:
    manager = stage.deed_of("yanshi-send-mgr", at(RECEIVED_AGO).now)
    record_income(
        manager,
        Raised(
            stage.pairing,
            Side.SENT,
            year,
            FundSource.DONATION,
            FOUNDATION,
            RAISED_FEN,
            manager.today,
            f"演示捐{year}-7",
            "演示：定向捐赠",
        ),
    )
