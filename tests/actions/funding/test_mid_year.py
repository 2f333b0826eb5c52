"""A pairing that ends, changes its mode or is replaced in mid-year (B44, decision 60): what stays due, what
may no longer be paid, what is finished all the same. Nothing of it is recomputed in silence."""

from __future__ import annotations

from datetime import date

import pytest

from models import Disbursement, FundAllocation, Organisation
from models.types import AllocationState, Line, OrgType, SettlementOutcome
from portal.changes.actions import terminate_pairing
from portal.funding.actions import (
    PlannedFunds,
    approve_allocations,
    plan_allocations,
    reduce_allocation,
)
from portal.funding.ground_queries import StandingsAsked
from portal.funding.overview_queries import list_standings
from portal.funding.payment_actions import (
    Payment,
    confirm_receipt,
    disburse,
    reverse_disbursement,
    reverse_receipt,
)
from portal.funding.planning_queries import standard_of_year
from portal.funding.queries import standing_of
from portal.funding.rules import FROM_NATION
from portal.ledger.queries import money_of
from portal.organisations.actions import register_organisation
from portal.pairings.actions import create_pairing
from portal.refusals import Refused
from portal.settlements.actions import close_settlement, send_back, settle, submit_settlement
from tests.support.money import SUBSIDY, YEAR, approved, paid, received, with_colleagues
from tests.support.world import World, organisation_facts

ENDS_ON = date(2022, 6, 30)


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in caught.value.refusals]


def end(world: World, last_day: date = ENDS_ON) -> None:
    terminate_pairing(
        world.deed("province_officer"), world.pairing(), last_day=last_day, reason="演示：退出"
    )


def due(world: World, year: int = YEAR) -> tuple[int, int]:
    found = standing_of(world.session, world.organisation("sending").id, year).due
    return found.subsidy_fen, found.province_fen


def to_plan(world: World, year: int = YEAR) -> int:
    """Return what a further plan of the ministry would ask for the organisation."""
    number = world.organisation("sending").id
    rows = standard_of_year(world.session, world.deed().actor, year, SUBSIDY, FROM_NATION)
    return sum(row.amount_fen for row in rows if row.pairing.organisation_id == number)


def replaced(world: World, *, in_province: bool) -> None:
    """Pair the organisation anew from the next day on, across provinces or within its own."""
    end(world)
    seat, serial = ("350203", 31) if in_province else ("640324", 32)
    partner: Organisation = register_organisation(
        world.deed(), organisation_facts("52", seat, serial, "演示新受援机构")
    )
    assert partner.type == OrgType.SOCIAL_WORK
    create_pairing(
        world.deed(),
        code="P9",
        sending=world.organisation("sending"),
        receiving=partner,
        county_code=seat,
        line=Line.CONTINUATION if in_province else Line.KEY_COUNTY,
        starts_on=date(2022, 7, 1),
        ends_on=None,
    )


def advance(world: World, *, state: str) -> FundAllocation:
    """Return an allocation of the next year, made before the pairing ended."""
    plan = PlannedFunds(world.pairing(), YEAR + 1, SUBSIDY, "演示拨款方", 3_000_000)
    deed = world.deed("national_officer") if state == "planned" else world.deed()
    (one,) = plan_allocations(deed, [plan])
    return one


def paid_in_january(world: World) -> tuple[FundAllocation, Disbursement]:
    """Return what was paid for the next year, of which the pairing turned out to have no day."""
    given = advance(world, state="approved")
    world.clock.stand_on(date(2023, 2, 1))
    (payment,) = disburse(world.deed(), [Payment(given, 3_000_000, date(2023, 1, 10), "演示")])
    end(world, date(2022, 12, 31))
    return given, payment


# ---- it ends


def test_the_year_in_which_it_ends_stays_due_and_payable(world: World):
    one = approved(world)
    end(world)
    assert due(world) == (3_000_000, 3_000_000)
    payment = paid(world, allocation=one)
    confirm_receipt(
        world.deed("sending_manager"), payment, received_on=date(2022, 3, 4), received_fen=3_000_000
    )
    assert money_of(world.session, one.organisation_id, YEAR).balance_fen == 3_000_000
    assert to_plan(world) == 0


def test_of_a_year_after_its_end_nothing_is_due_approved_or_paid_but_it_may_be_cut(world: World):
    with_colleagues(world)
    planned, given = advance(world, state="planned"), advance(world, state="approved")
    end(world)
    assert due(world, YEAR + 1) == (0, 0)
    for act in (
        lambda: approve_allocations(world.deed("national_colleague"), [planned]),
        lambda: disburse(world.deed(), [Payment(given, 1, date(2022, 11, 1), "演示")]),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert codes(caught) == ["outside_work_year"]
    reduce_allocation(world.deed("national_officer"), given, "演示：结对终止")
    assert (given.reduced_fen, given.state) == (3_000_000, AllocationState.APPROVED)
    assert money_of(world.session, given.organisation_id, YEAR + 1).approved_fen == 0


def test_what_was_paid_before_the_end_is_confirmed_shown_and_returned_by_settlement(world: World):
    given, payment = paid_in_january(world)
    today, manager = date(2023, 2, 1), world.deed("sending_manager")
    confirm_receipt(manager, payment, received_on=today, received_fen=3_000_000)
    reverse_receipt(manager, payment, "演示：填错")
    confirm_receipt(manager, payment, received_on=today, received_fen=3_000_000)
    rows = list_standings(
        world.session, world.actor("national_officer"), StandingsAsked(YEAR + 1)
    ).rows
    (row,) = [row for row in rows if row.organisation_id == given.organisation_id]
    assert (row.subsidy.due_fen, row.guarantee.due_fen, row.received_fen) == (0, 0, 3_000_000)
    assert row.wants == ()
    settlement = submit_settlement(
        manager,
        world.organisation("sending"),
        YEAR + 1,
        wish=SettlementOutcome.RETURNED_TO_PAYER,
    )
    settle(world.deed("sending_province_officer"), [settlement])
    send_back(manager, settlement, today, "演示退1")
    close_settlement(world.deed("sending_province_officer"), settlement)
    assert money_of(world.session, given.organisation_id, YEAR + 1).balance_fen == 0


def test_a_payment_that_nobody_confirmed_is_taken_back_after_the_end(world: World):
    given, payment = paid_in_january(world)
    reverse_disbursement(world.deed("national_officer"), payment, "演示：结对终止")
    reduce_allocation(world.deed("national_officer"), given, "演示：结对终止")
    assert given.reduced_fen == 3_000_000


# ---- it changes its mode, or is replaced


@pytest.mark.parametrize("in_province", [True, False])
@pytest.mark.parametrize("stage", ["nothing", "approved", "received"])
def test_replaced_in_the_year_the_dearer_counts_once_and_nothing_is_asked_for_twice(
    world: World, stage: str, *, in_province: bool
):
    if stage == "approved":
        approved(world)
    elif stage == "received":
        received(world)
    replaced(world, in_province=in_province)
    assert due(world) == (3_000_000, 3_000_000)
    assert to_plan(world) == (3_000_000 if stage == "nothing" else 0)
    assert due(world, YEAR + 1) == (2_000_000 if in_province else 3_000_000, 3_000_000)
    number = world.organisation("sending").id
    kept = {"nothing": 0, "approved": 0, "received": 3_000_000}[stage]
    assert money_of(world.session, number, YEAR).received_fen == kept


def test_from_within_the_province_to_across_the_difference_is_still_due(world: World):
    replaced(world, in_province=True)
    plan = PlannedFunds(world.pairing("P9"), YEAR + 1, SUBSIDY, "演示拨款方", 2_000_000)
    plan_allocations(world.deed(), [plan])
    assert to_plan(world, YEAR + 1) == 0
    terminate_pairing(
        world.deed("sending_province_officer"),
        world.pairing("P9"),
        last_day=date(2022, 12, 31),
        reason="演示",
    )
    create_pairing(
        world.deed(),
        code="P10",
        sending=world.organisation("sending"),
        receiving=world.organisation("receiving"),
        county_code="640303",
        line=Line.KEY_COUNTY,
        starts_on=date(2023, 1, 1),
        ends_on=None,
    )
    assert due(world, YEAR + 1) == (3_000_000, 3_000_000)
    assert to_plan(world, YEAR + 1) == 1_000_000
