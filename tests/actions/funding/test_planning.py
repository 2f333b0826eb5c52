"""The standard of a year: for whom how much, planned once however many plan at once."""

from __future__ import annotations

import pytest

from models import FundAllocation
from models.database import Database
from models.types import Mode
from portal.funding.actions import PlannedFunds
from portal.funding.planning_actions import Standard, plan_one, plan_standard
from portal.funding.planning_queries import standard_of_year
from portal.funding.planning_rules import (
    Paired,
    plan_of_year,
    refusals_for_excess,
    stamp_of,
)
from portal.funding.rules import FROM_NATION
from portal.funding.stage_rules import Lack
from portal.funding.standing_rules import Part
from portal.programme.policy import Policy, policy_from_rows
from portal.refusals import Refused
from tests.support.clock import Clock
from tests.support.money import PROVINCIAL, SUBSIDY, YEAR
from tests.support.parallel import at_once
from tests.support.world import World

POLICY: Policy = policy_from_rows({})
"""30,000 across provinces, 20,000 within one, 30,000 from the province that sends."""


def paired(organisation: int, mode: Mode, number: int = 1) -> Paired:
    return Paired(organisation, "演示机构", "演示省", number, f"P{number}", mode)


def test_of_several_pairings_the_dearer_bears_the_subsidy_once():
    rows = plan_of_year(
        [paired(1, Mode.IN_PROVINCE, 1), paired(1, Mode.CROSS_PROVINCE, 2)], {}, SUBSIDY, POLICY
    )
    assert [(row.pairing.pairing_code, row.amount_fen) for row in rows] == [("P2", 3_000_000)]


def test_five_cross_and_ten_in_province_are_planned_350000_by_the_ministry():
    pairs = [paired(number, Mode.CROSS_PROVINCE, number) for number in range(5)]
    pairs += [paired(number, Mode.IN_PROVINCE, number) for number in range(5, 15)]
    assert sum(row.amount_fen for row in plan_of_year(pairs, {}, SUBSIDY, POLICY)) == 35_000_000
    left = plan_of_year(pairs, {0: 3_000_000, 1: 1_000_000, 2: 9_000_000}, SUBSIDY, POLICY)
    assert [row.amount_fen for row in left[:4]] == [0, 2_000_000, 0, 3_000_000]


@pytest.mark.parametrize(
    ("source", "asked", "note", "refused"),
    [
        (SUBSIDY, 1_000_000, "", False),
        (SUBSIDY, 1_000_001, "", True),
        (SUBSIDY, 1_000_001, "演示：上级追加", False),
        (PROVINCIAL, 9_000_000, "", False),
    ],
)
def test_more_than_is_due_of_the_subsidy_needs_a_reason(source, asked, note, refused):
    found = refusals_for_excess(
        source, due_fen=3_000_000, there_fen=2_000_000, asked_fen=asked, note=note
    )
    assert bool(found) == refused


@pytest.mark.parametrize(
    ("figures", "unconfirmed", "next_one"),
    [
        # due, planned, approved, disbursed, received
        ((3, 0, 0, 0, 0), False, Lack.UNPLANNED),
        ((3, 3, 0, 0, 0), False, Lack.UNAPPROVED),
        ((3, 1, 3, 0, 0), False, Lack.UNPAID),
        ((3, 1, 3, 3, 0), True, Lack.UNCONFIRMED),
        ((3, 0, 3, 3, 2), False, None),
        ((3, 0, 3, 3, 3), False, None),
    ],
)
def test_says_whose_step_comes_next(figures, unconfirmed, next_one):
    assert Part(*figures).next_want(is_unconfirmed=unconfirmed) is next_one


def test_of_many_who_plan_the_standard_at_once_one_does(world_database: Database, clock: Clock):
    with world_database.writing() as session:
        actor = World(session, clock).actor("national_officer")
        rows = standard_of_year(session, actor, YEAR, SUBSIDY, FROM_NATION)
        shown = stamp_of([row for row in rows if row.amount_fen])

    def plan(world: World) -> object:
        return plan_standard(
            world.deed("national_officer"), Standard(YEAR, SUBSIDY, "演示民政部"), shown
        )

    answers = at_once(world_database, clock, [plan] * 4)
    assert answers.count("done") == 1
    with world_database.reading() as session:
        assert World(session, clock).count(FundAllocation) == 3


def test_plans_nothing_for_a_year_in_which_the_pairing_is_not(world: World):
    plan = PlannedFunds(world.pairing(), 2030, SUBSIDY, "演示民政部", 100)
    with pytest.raises(Refused) as caught:
        plan_one(world.deed("national_officer"), plan)
    assert [one.code for one in caught.value.refusals] == ["outside_work_year"]
