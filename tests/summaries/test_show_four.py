"""Show 4 of issue 10, through the portal: five pairings across provinces, ten within one.

At 50,000 yuan a year from the province all five pass the guarantee; at 29,999.99 the finding says so. The
ministry's part for the fifteen is 350,000 yuan: due, planned, and in the summary alike.
"""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models import KeyCounty, Pairing
from models.types import Line, Mode
from portal.funding.actions import PlannedFunds, plan_allocations
from portal.funding.payment_actions import Payment, confirm_receipt, disburse
from portal.funding.planning_queries import standard_of_year
from portal.funding.rules import FROM_NATION
from portal.organisations.actions import register_organisation
from portal.pairings.actions import create_pairing
from portal.summaries.queries import summary_of
from tests.support.money import PAID_ON, PROVINCIAL, RECEIVED_ON, SUBSIDY, YEAR
from tests.support.world import World, organisation_facts

MINISTRY_FEN = 35_000_000


def pair(world: World, number: int, seat: str, county: str) -> Pairing:
    """Pair two new organisations, which sit in ``seat`` and ``county``."""
    deed = world.deed()
    sides = [
        register_organisation(
            deed, organisation_facts("52", one, 100 + 2 * number + place, f"演示{number}{word}机构")
        )
        for place, (one, word) in enumerate(((seat, "援派"), (county, "受援")))
    ]
    return create_pairing(
        deed,
        code=f"S{number}",
        sending=sides[0],
        receiving=sides[1],
        county_code=county,
        line=Line.KEY_COUNTY,
        starts_on=date(2022, 1, 1),
        ends_on=None,
    )


@pytest.fixture
def fifteen(world: World) -> World:
    """Five pairings across provinces (three are of the small world), ten within 贵州."""
    counties = world.session.scalars(
        sa.select(KeyCounty.county_code)
        .where(KeyCounty.county_code.startswith("52"))
        .order_by(KeyCounty.county_code)
    ).all()
    free = [code for code in counties if code != world.pairing("P3").county_code]
    for number in range(2):
        pair(world, number, "350102", free[number])
    for number in range(2, 12):
        pair(world, number, "520102", free[number])
    return world


@pytest.mark.parametrize(
    ("fen", "said"),
    [
        (5_000_000, None),
        (
            2_999_999,
            "派出省的资金保障本年度到账 29,999.99 元，应不少于 30,000.00 元，还差 0.01 元。",
        ),
    ],
)
def test_five_across_provinces_and_ten_within_one(fifteen: World, fen: int, said: str | None):
    session, deed = fifteen.session, fifteen.deed()
    across = session.scalars(
        sa.select(Pairing).where(Pairing.mode == Mode.CROSS_PROVINCE).order_by(Pairing.id)
    ).all()
    assert len(across) == 5
    planned = plan_allocations(
        deed, [PlannedFunds(one, YEAR, PROVINCIAL, "演示省厅", fen) for one in across]
    )
    for payment in disburse(deed, [Payment(one, fen, PAID_ON, f"演示{one.id}") for one in planned]):
        confirm_receipt(deed, payment, received_on=RECEIVED_ON, received_fen=fen)
    session.commit()

    found = summary_of(session, YEAR, now=fifteen.clock())
    lines = {line.code: line for line in found.pairings}
    assert (found.totals.sums.due_cross, found.totals.sums.due_in_province) == (5, 10)
    for one in across:
        told = [
            finding.message
            for finding in lines[one.code].explained(found.policy)
            if finding.code == "province_short"
        ]
        assert told == ([said] if said else [])
    assert found.due_of(found.totals.sums).subsidy_fen == MINISTRY_FEN
    to_plan = standard_of_year(session, deed.actor, YEAR, SUBSIDY, FROM_NATION)
    assert sum(row.amount_fen for row in to_plan) == MINISTRY_FEN
