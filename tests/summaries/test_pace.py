"""The pace of days in the summary: the rule over whole tables, and what keeps it true."""

from __future__ import annotations

from collections import Counter
from datetime import date
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from models import PairingYearTotal as Total
from models.types import DayKind, PairingState, Side
from portal.changes.actions import change_day, change_parameter, terminate_pairing
from portal.checks import verify
from portal.compliance.pace_queries import course_in, paces_on
from portal.compliance.pace_rules import RANKED, Pace
from portal.programme.actions import close_work_year
from portal.programme.queries import policy_of_year
from portal.programme.regime_queries import regime_of
from portal.staffing.actions import end_assignment
from portal.summaries.queries import Summary, summary_of
from portal.summaries.rules import SORTS, Filters, PairingLine
from portal.totals.check_queries import CHECKS
from tests.support.many_pairings import make_pairings
from tests.support.workdays import MONDAY, approved, logged
from tests.support.world import World

LAST = date(2022, 12, 31)


def summary(world: World, **asked: Any) -> Summary:
    return summary_of(world.session, asked.pop("year", 2022), now=world.clock(), **asked)


def line(world: World, code: str = "P1", **asked: Any) -> PairingLine:
    return next(one for one in summary(world, **asked).pairings if one.code == code)


def total(world: World, code: str = "P1", year: int = 2022) -> Total:
    world.session.expire_all()
    return world.session.get_one(Total, (world.pairing(code).id, year))


def assert_in_order(world: World) -> None:
    assert [fault for _, fault in verify(world.session, CHECKS) if fault] == []


@pytest.mark.parametrize("basis", ["pairing", "per_person"])
def test_every_row_stands_in_sql_as_the_rule_says(world: World, basis: str) -> None:
    """Sums, lines, pages, filters and order of 150 random rows, on some days of the year."""
    chance = Random(7)
    make_pairings(world.session, 150)
    if basis == "per_person":
        deed = world.deed("national_officer")
        change_parameter(deed, "day_basis", basis, date(2022, 1, 1), "演示调整")
    numbering = regime_of(world.session).numbering_of(2022)
    for row in world.session.scalars(sa.select(Total).where(Total.year == 2022)):
        for side, need in ((Side.SENT, 4000), (Side.RECEIVED, 12000)):
            have = chance.choice([0, need, chance.randrange(0, need, 50)])
            setattr(row, f"{side}_centidays", have)
            setattr(row, f"{side}_undecided_centidays", chance.choice([0, 100, need - have]))
            setattr(row, f"{side}_people", chance.randint(1, 4))
            least = chance.choice([have, have // 2])
            setattr(row, f"{side}_min_centidays", least)
            bit = 8 if side == Side.SENT else 16
            enough = (least if basis == "per_person" else have) >= need
            row.findings = row.findings & ~bit if enough else row.findings | bit
        row.working_days_before = chance.choice([0, 0, 120, 180])
        row.ends_on = chance.choice([LAST, LAST, date(2022, 11, 1)])
        row.working_days_through = numbering.through(row.ends_on)
    world.session.flush()
    seen: Counter[Pace | None] = Counter()
    for day in (date(2022, 3, 9), date(2022, 10, 3), date(2022, 12, 30)):
        world.clock.stand_on(day)
        found = summary(world)
        lines = list(found.pairings)
        paces = paces_on(world.session, 2022, day, policy_of_year(world.session, 2022))
        for one in lines:
            row = world.session.get_one(Total, (one.pairing_id, 2022))
            standing = paces.standing(row, is_effective=one.is_confirmed)
            assert (one.sent_pace, one.received_pace, one.latest_start_on) == standing
        counted = Counter(one.pace for one in lines if one.is_confirmed)
        assert found.totals.sums.paces == tuple(counted[pace] for pace in RANKED)
        seen += counted
        for sort in ("pace", "-pace"):
            keys, cursor = [], None
            while True:
                page = found.pairings.page(sort, cursor, 50)
                keys += [SORTS["pace"](one) for one in page.rows]
                cursor = page.after
                if cursor is None:
                    break
            assert keys == sorted(keys, reverse=sort.startswith("-"))
            assert len(keys) == len(lines)
        for pace in RANKED:
            some = summary(world, filters=Filters(pace=pace))
            assert some.totals.sums.pairings == counted[pace]
            assert {one.pace for one in some.pairings} <= {pace}
    assert set(seen) == {None, *RANKED}


def test_a_logged_day_moves_the_pace_at_once(world: World) -> None:
    world.clock.stand_on(date(2022, 11, 21))
    approved(world, "sent1", MONDAY)
    before = line(world)
    assert (before.sent_pace, before.latest_start_on) == (Pace.SLOW, date(2022, 12, 5))
    logged(world, "sent2", MONDAY)
    assert line(world).latest_start_on == date(2022, 12, 6)
    assert_in_order(world)


def test_a_day_that_becomes_a_rest_day_is_no_longer_there_to_be_worked(world: World) -> None:
    before = course_in(total(world, "P2"))
    deed = world.deed("national_officer")
    change_day(deed, date(2022, 12, 1), DayKind.HOLIDAY, name="演示假", source="演示通知")
    after = course_in(total(world, "P2"))
    assert (after.before, after.through) == (before.before, before.through - 1)
    assert_in_order(world)


def test_whoever_leaves_is_not_reckoned_with_to_the_end(world: World) -> None:
    assert (total(world).sent_people, total(world).received_people) == (2, 3)
    end_assignment(world.deed(), world.assignment("sent2"), date(2022, 11, 30), "调离")
    assert total(world).sent_people == 1
    # In the year after it was over nobody of them is left.
    assert total(world, year=2023).sent_people == 1
    end_assignment(world.deed(), world.assignment("sent1"), date(2022, 11, 30), "调离")
    assert total(world).sent_people == 2  # as many as the plan asks for
    assert_in_order(world)


def test_a_pairing_that_ended_has_no_pace_and_its_days_are_judged(world: World) -> None:
    world.clock.stand_on(date(2022, 11, 21))
    assert line(world, "P2").pace == Pace.OUT_OF_REACH
    terminate_pairing(world.deed(), world.pairing("P2"), last_day=date(2022, 11, 20), reason="注销")
    ended = line(world, "P2")
    assert (ended.pace, ended.latest_start_on, ended.is_compliant) == (None, None, False)
    assert total(world, "P2").ends_on == date(2022, 11, 20)
    known = line(world, "P2", as_of=date(2022, 11, 20))
    assert known.pace == Pace.OUT_OF_REACH
    assert_in_order(world)


def test_a_closed_year_has_no_pace_even_while_it_runs(world: World) -> None:
    assert line(world).pace is not None
    close_work_year(world.deed(), 2022, "演示：提前结束", is_sure=True)
    found = summary(world)
    assert {one.pace for one in found.pairings} == {None}
    assert found.totals.sums.paces == (0, 0, 0, 0)
    assert summary(world, filters=Filters(pace=Pace.SLOW)).listed == 0


def test_an_unconfirmed_pairing_has_no_pace(world: World) -> None:
    pairing = world.pairing("P2")
    pairing.state, pairing.confirmed_at = PairingState.PROPOSED, None
    world.session.flush()
    assert line(world, "P2").pace is None
    assert sum(summary(world).totals.sums.paces) == 2
