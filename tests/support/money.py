"""Money of the small programme: planned, approved and paid through the actions of the portal."""

from __future__ import annotations

from datetime import date

from models import Disbursement, FundAllocation
from models.types import FundSource, Role
from portal.funding.actions import PlannedFunds, plan_allocations
from portal.funding.payment_actions import Payment, confirm_receipt, disburse
from tests.support.world import World, open_accounts

YEAR = 2022
PAID_ON = date(2022, 3, 1)
RECEIVED_ON = date(2022, 3, 4)
SUBSIDY, PROVINCIAL = FundSource.MCA_SUBSIDY, FundSource.PROVINCIAL


def approved(
    world: World, fen: int = 3_000_000, source: FundSource = SUBSIDY, pairing: str = "P1"
) -> FundAllocation:
    """Return an allocation that the operator brought in, which is approved."""
    plan = PlannedFunds(world.pairing(pairing), YEAR, source, "演示拨款方", fen)
    return plan_allocations(world.deed(), [plan])[0]


def paid(
    world: World,
    fen: int = 3_000_000,
    source: FundSource = SUBSIDY,
    *,
    allocation: FundAllocation | None = None,
    voucher: str = "演示凭证1",
) -> Disbursement:
    """Return a payment out of an allocation; without one, of its whole amount."""
    one = allocation or approved(world, fen, source)
    return disburse(world.deed(), [Payment(one, fen, PAID_ON, voucher)])[0]


def received(
    world: World, fen: int = 3_000_000, source: FundSource = SUBSIDY, **kind: str
) -> Disbursement:
    """Return a payment that the organisation has in its bank."""
    payment = paid(world, fen, source, **kind)
    confirm_receipt(
        world.deed("sending_manager"), payment, received_on=RECEIVED_ON, received_fen=fen
    )
    return payment


COLLEAGUES = {
    "sending_province_colleague": (Role.PROV_CIVIL, "350000", None),
    "national_colleague": (Role.NAT_CIVIL, "CN", None),
}
"""Who approves what the officer of the small world planned."""


def with_colleagues(world: World) -> None:
    """Open the accounts of the second officers of the nation and of the sending province."""
    open_accounts(world.deed(), COLLEAGUES, {}, {})
    world.session.commit()


def planned(
    world: World,
    fen: int = 3_000_000,
    source: FundSource = PROVINCIAL,
    *,
    persona: str = "sending_province_officer",
    pairing: str = "P1",
) -> FundAllocation:
    """Return an allocation that waits for a colleague's approval."""
    plan = PlannedFunds(world.pairing(pairing), YEAR, source, "演示拨款方", fen, note="演示说明")
    return plan_allocations(world.deed(persona), [plan])[0]
