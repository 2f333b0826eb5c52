"""Transfers of the demonstration: one confirmed by the partner, one that waits for it."""

from __future__ import annotations

from datetime import timedelta

from models.types import FundSource
from portal.changes.actions import change_parameter
from portal.programme.queries import get_work_year
from portal.stage import Stage
from portal.transfers.actions import confirm_transfer, pass_on
from portal.transfers.queries import cash_of
from portal.transfers.rules import TransferAsked

PAID_AGO, CONFIRMED_AGO, WAITING_AGO, AGREED_AGO = (
    timedelta(days=some) for some in (12, 10, 2, 30)
)
PASSED_FEN, WAITING_FEN = 200_000, 100_000
CLAUSE = (
    "演示：第四条 援派机构每年从到账资金中转付受援机构不超过 5,000 元，用于受援站点的活动物料。"
)


def show_transfer(stage: Stage) -> None:
    """Open the policy for the year, and have the shown organisation pass on some of a donation."""
    year, source = stage.deed.today.year, FundSource.DONATION
    begins = get_work_year(stage.deed.session, year).starts_on
    agreed_on = stage.deed.today - AGREED_AGO
    cash = cash_of(stage.deed.session, stage.sending.id, year).get(source, 0)
    if agreed_on < begins or cash < PASSED_FEN + WAITING_FEN:
        return
    change_parameter(stage.deed, "allow_transfer", "true", begins, "演示：协议约定的转付")
    for place, (ago, fen) in enumerate(((PAID_AGO, PASSED_FEN), (WAITING_AGO, WAITING_FEN)), 1):
        sender = stage.deed_of("yanshi-send-mgr", stage.deed.now - ago)
        asked = TransferAsked(
            source,
            fen,
            sender.today,
            f"演示转{year}-{place}",
            f"演示协议{year}-1",
            agreed_on,
            CLAUSE,
        )
        transfer = pass_on(sender, stage.pairing, year, asked)
        if ago == PAID_AGO:
            receiver = stage.deed_of("yanshi-recv-mgr", stage.deed.now - CONFIRMED_AGO)
            confirm_transfer(receiver, transfer, received_on=receiver.today)
