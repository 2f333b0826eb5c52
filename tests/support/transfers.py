"""Transfers of the small programme, made and confirmed through the actions of the portal."""

from __future__ import annotations

from datetime import date

from models import FundTransfer
from models.types import FundSource
from portal.changes.actions import change_parameter
from portal.transfers.actions import confirm_transfer, pass_on
from portal.transfers.rules import TransferAsked
from tests.support.money import SUBSIDY, YEAR
from tests.support.world import World

SENDER, RECEIVER = "sending_manager", "receiving_manager"
PASSED_ON, ARRIVED_ON = date(2022, 4, 1), date(2022, 4, 2)
AGREED = {
    "agreement_number": "演示协议1号",
    "agreed_on": date(2022, 1, 1),
    "clause": "演示：第四条 援派机构每年转付受援机构部分资金",
}


def allow_transfers(world: World) -> None:
    """Open the policy for the whole year."""
    change_parameter(
        world.deed("national_officer"), "allow_transfer", "true", date(2022, 1, 1), "演示"
    )
    world.session.commit()


def asked(fen: int = 500_000, source: FundSource = SUBSIDY, **changed: object) -> TransferAsked:
    values = {"paid_on": PASSED_ON, "voucher_number": "演示转1", **AGREED, **changed}
    return TransferAsked(source, fen, **values)  # type: ignore[arg-type] # of the names above


def passed_on(world: World, fen: int = 500_000, **changed: object) -> FundTransfer:
    return pass_on(world.deed(SENDER), world.pairing(), YEAR, asked(fen, **changed))


def arrived(world: World, fen: int = 500_000, **changed: object) -> FundTransfer:
    transfer = passed_on(world, fen, **changed)
    confirm_transfer(world.deed(RECEIVER), transfer, received_on=ARRIVED_ON)
    return transfer
