"""Settlements of the demonstration: one closed, one that waits for the shown province."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from models import Disbursement, FundAllocation, FundYearTotal, Organisation
from models.types import DisbursementState, ExpenseCategory, SettlementOutcome
from portal.funding.payment_actions import confirm_receipt
from portal.programme.queries import get_work_year
from portal.settlements import actions
from portal.settlements.figure_queries import left_of
from portal.settlements.queries import bearing_pairing
from portal.spending.actions import claim_expenditures
from portal.spending.claim_rules import SpendingClaim
from portal.spending.eligibility_rules import Spending
from portal.stage import Stage

SPENT_AGO, SUBMITTED_AGO, SETTLED_AGO, CLOSED_AGO = (timedelta(days=some) for some in (18, 9, 6, 2))
KEPT_FEN = 180_000
"""What is left of each."""


def show_settlements(stage: Stage) -> None:
    """Have two organisations of the shown province hand in the year: their pairings end early."""
    year = stage.deed.today.year
    spent_on = stage.deed.today - SPENT_AGO
    if spent_on < get_work_year(stage.deed.session, year).starts_on:
        return
    for place, organisation in enumerate(_others(stage, year)):
        _spend(stage, organisation, year, spent_on)
        operator = replace(stage.deed, now=stage.deed.now - SUBMITTED_AGO)
        settlement = actions.submit_settlement(
            operator,
            organisation,
            year,
            wish=SettlementOutcome.RETURNED_TO_PAYER,
            said="演示：本年度任务已完成，提前结算",
        )
        if place == 0:
            province = stage.deed_of("yanshi-prov-send", stage.deed.now - SETTLED_AGO)
            actions.settle(province, [settlement], said="演示：同意")
            back = replace(stage.deed, now=stage.deed.now - CLOSED_AGO)
            actions.send_back(back, settlement, back.today, f"演示退{year}-1")
            actions.close_settlement(
                stage.deed_of("yanshi-prov-send", stage.deed.now - CLOSED_AGO), settlement
            )


BOUGHT = (
    # A part of what there is, in per cent, its category, payee and purpose.
    (40, ExpenseCategory.ACTIVITY, "演示印务中心", "演示：社工站活动材料"),
    (35, ExpenseCategory.MEALS, "演示食堂", "演示：驻点人员餐补"),
    (25, ExpenseCategory.INSURANCE, "演示保险公司", "演示：派出人员意外险"),
)


def _others(stage: Stage, year: int) -> list[Organisation]:
    """Return two organisations of the shown province that have received money."""
    return list(
        stage.deed.session.scalars(
            sa.select(Organisation)
            .join(FundYearTotal, FundYearTotal.organisation_id == Organisation.id)
            .where(
                FundYearTotal.year == year,
                FundYearTotal.balance_fen > KEPT_FEN,
                Organisation.province_code == stage.sending.province_code,
                Organisation.id != stage.sending.id,
            )
            .order_by(Organisation.id)
            .limit(2)
        )
    )


def _spend(stage: Stage, organisation: Organisation, year: int, day: date) -> None:
    """Confirm what is on its way, and spend all but a little of the subsidy."""
    session = stage.deed.session
    operator = replace(stage.deed, now=stage.deed.now - SPENT_AGO)
    for payment in session.scalars(
        sa.select(Disbursement)
        .join(FundAllocation, FundAllocation.id == Disbursement.allocation_id)
        .where(
            FundAllocation.organisation_id == organisation.id,
            FundAllocation.year == year,
            Disbursement.state == DisbursementState.PAID,
        )
    ).all():
        confirm_receipt(
            operator, payment, received_on=operator.today, received_fen=payment.amount_fen
        )
    pairing = bearing_pairing(session, organisation.id, year)
    assert pairing is not None  # it has received money for one
    left = dict(left_of(session, [(organisation.id, year)])[organisation.id, year])
    for source, fen in left.items():
        spent = fen - KEPT_FEN
        claim_expenditures(
            operator,
            [
                SpendingClaim(
                    organisation.id,
                    pairing.id,
                    year,
                    Spending(
                        source=source,
                        category=category,
                        amount_fen=spent * share // 100,
                        spent_on=day,
                        payee=f"{payee}（{organisation.id}号，{source.label}）",
                        purpose=purpose,
                    ),
                    no_voucher_reason="演示：票据存机构",
                )
                for share, category, payee, purpose in BOUGHT
                if spent > 0
            ],
        )
