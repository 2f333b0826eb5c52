"""The rows behind a figure of an earlier day: what they were then, and that they add up to it."""

from __future__ import annotations

from datetime import date

import pytest

from models import Workday
from models.types import Side
from portal.clock import end_of
from portal.confirmations.actions import approve_workdays, confirm_workdays
from portal.corrections.actions import correct_workday
from portal.programme.queries import policy_of_year
from portal.summaries.known_day_queries import DaysAsked, known_days, known_sums
from portal.summaries.queries import summary_of
from tests.summaries.conftest import MONDAY, TUESDAY
from tests.support.portal import Pages
from tests.support.workdays import entry, logged
from tests.support.world import World

TODAY, NEXT, LATER = date(2022, 11, 21), date(2022, 11, 22), date(2022, 11, 23)


def asked(world: World, day: date, side: Side | None = None, code: str = "P1") -> DaysAsked:
    policy = policy_of_year(world.session, 2022)
    return DaysAsked(world.pairing(code).id, 2022, policy, end_of(day), side)


def shown(world: World, day: date) -> list[tuple[str, str, float, str, bool]]:
    found = known_days(world.session, world.actor("county_officer"), asked(world, day), sort="date")
    return [
        (f"{one.worked_on:%d}", one.side.value, one.half_days / 2, one.state.value, one.counts)
        for one in found.rows
    ]


def test_a_day_stands_as_it_did_then(busy: World) -> None:
    workday = logged(busy, "sent2", TUESDAY)
    busy.clock.stand_on(NEXT)
    confirm_workdays(busy.deed("sending_manager"), [workday])
    busy.clock.stand_on(LATER)
    approve_workdays(busy.deed("county_officer"), [workday])
    states = {
        day: [row[3:] for row in shown(busy, day) if row[:2] == ("15", "sent")]
        for day in (TODAY, NEXT, LATER)
    }
    assert states == {
        TODAY: [("approved", True), ("submitted", False)],
        NEXT: [("approved", True), ("confirmed", False)],
        LATER: [("approved", True), ("approved", True)],
    }


def test_what_was_corrected_later_stands_uncorrected(busy: World) -> None:
    original = next(
        one
        for one in known_days(
            busy.session, busy.actor("county_officer"), asked(busy, TODAY, Side.RECEIVED)
        ).rows
        if one.worked_on == MONDAY and one.half_days == 2
    )
    busy.clock.stand_on(NEXT)
    correction = correct_workday(
        busy.deed(), busy.session.get_one(Workday, original.id), entry(MONDAY, 1), "多记了半天"
    )
    confirm_workdays(busy.deed("receiving_manager"), [correction])
    approve_workdays(busy.deed("county_officer"), [correction])
    received = [row for row in shown(busy, TODAY) if row[:2] == ("14", "received")]
    assert sorted(row[2] for row in received if row[4]) == [0.5, 1.0]
    received = [row for row in shown(busy, NEXT) if row[:2] == ("14", "received")]
    assert sorted(row[2] for row in received if row[4]) == [0.5, 0.5]


@pytest.mark.parametrize("day", [date(2022, 11, 13), TODAY, NEXT])
def test_the_rows_add_up_to_the_summary_of_that_day(busy: World, day: date) -> None:
    late = logged(busy, "sent2", TUESDAY)
    busy.clock.stand_on(NEXT)
    confirm_workdays(busy.deed("sending_manager"), [late])
    busy.clock.stand_on(LATER)
    found = summary_of(busy.session, 2022, now=busy.clock(), as_of=day)
    line = next(one for one in found.pairings if one.code == "P1")
    sums = known_sums(busy.session, asked(busy, day))
    assert sums[Side.SENT] == (line.sent_centidays, line.sent_pending_centidays)
    assert sums[Side.RECEIVED] == (line.received_centidays, line.received_pending_centidays)
    rows = shown(busy, day)
    assert sum(row[2] for row in rows if row[4]) * 100 == sum(one for one, _ in sums.values())


def test_a_figure_of_then_leads_to_the_days_of_then(pages: Pages, busy: World) -> None:
    busy.clock.stand_on(NEXT)
    client = pages("national_officer")
    page = client.get(f"/summary?year=2022&as_of={TODAY}")
    (link,) = {url for _, url in page.links() if "/pairings/P1?" in url and "side=sent" in url}
    days = client.get(link)
    assert "按 2022-11-21 结束时系统已知的情况" in days.text
    rows = days.table_rows("P1 截至 2022-11-21 的工作日志")
    assert [row["日期"] for row in rows] == ["2022-11-15", "2022-11-14", "2022-11-14"]
    assert {row["当时是否计入"] for row in rows} == {"计入"}
    assert "2.5" in days.find(".q-kpis").text


def test_a_date_to_come_shows_the_present_and_says_so(pages: Pages, busy: World) -> None:
    page = pages("county_officer").get("/summary/pairings/P1?year=2022&as_of=2023-01-01")
    assert "晚于今天" in page.text
    assert len(page.find_all("tbody tr")) == 6


def test_days_of_the_partner_are_summed_and_not_listed(pages: Pages, busy: World) -> None:
    url = "/summary/pairings/P1?year=2022&as_of=2022-11-21&side=sent"
    assert "对方的工作日" not in pages("county_officer").get(url).text
    assert "对方的工作日不列明细" in pages("receiving_manager").get(url).text


def test_days_of_a_pairing_out_of_reach_are_not_there(pages: Pages, busy: World) -> None:
    pages("county_officer").get("/summary/pairings/P3?year=2022&as_of=2022-11-20", expect=404)
