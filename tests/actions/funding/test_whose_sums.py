"""Sums of a whole organisation and year are read by whoever may see every row of them, and nobody else.

An organisation with two pairings: the county of the first sees that pairing, and none of the money of the
second; the sums of the year hold both (decision 53).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from models import Settlement
from models.types import Line
from portal.asked import Asked
from portal.changes.actions import terminate_pairing
from portal.dashboards.queries import dashboard_of
from portal.funding.ground_queries import StandingsAsked
from portal.funding.overview_queries import (
    by_province,
    list_standings,
    whole_of,
)
from portal.ledger.book_queries import list_books, may_read_book
from portal.organisations.actions import register_organisation
from portal.pairings.actions import create_pairing
from portal.settlements.actions import submit_settlement
from portal.settlements.list_queries import SettlementsAsked, list_settlements
from portal.settlements.search_queries import find_settlements
from portal.summaries.queries import summary_of
from portal.summaries.rules import NO_FILTERS, Filters
from tests.support.money import PROVINCIAL, YEAR, approved, received
from tests.support.portal import Pages
from tests.support.settlements import SENT_BACK
from tests.support.world import World, organisation_facts

WHOLLY = ("national_officer", "sending_province_officer", "sending_manager")
PARTLY = (
    "county_officer",
    "prefecture_officer",
    "province_officer",
    "province_rural_officer",
    "other_province_officer",
    "evaluator",
)
"""Each sees one of the two pairings: they lie in different provinces."""
BOTH_FEN = 5_000_000


@pytest.fixture
def twice_paired(world: World) -> World:
    """P1 in 宁夏 until June, P9 in 贵州 from July on; money for each."""
    received(world)
    terminate_pairing(world.deed(), world.pairing(), last_day=date(2022, 6, 30), reason="演示")
    partner = register_organisation(
        world.deed(), organisation_facts("52", "520204", 33, "水城区演示新社会工作服务中心")
    )
    create_pairing(
        world.deed(),
        code="P9",
        sending=world.organisation("sending"),
        receiving=partner,
        county_code="520204",
        line=Line.KEY_COUNTY,
        starts_on=date(2022, 7, 1),
        ends_on=None,
    )
    received(world, 2_000_000, allocation=approved(world, 2_000_000, PROVINCIAL, "P9"))
    world.session.commit()
    return world


def _summary(world: World, persona: str, as_of: date | None = None) -> int:
    found = summary_of(
        world.session, YEAR, now=world.clock(), actor=world.actor(persona), as_of=as_of
    )
    by_line = [line.money.received_fen for line in found.pairings if line.money]
    whole = found.money_of(found.totals.sums).received_fen
    assert sum(by_line) == whole
    return whole


def _dashboard(world: World, persona: str) -> int:
    found = dashboard_of(
        world.session,
        YEAR,
        actor=world.actor(persona),
        today=world.clock().date(),
        filters=NO_FILTERS,
    )
    return found.money.steps[-1].received_fen if found.money.steps else 0


def _finding(world: World, persona: str) -> int:
    """A filter tells as much as a number."""
    found = summary_of(
        world.session,
        YEAR,
        now=world.clock(),
        actor=world.actor(persona),
        filters=Filters(finding="province_short"),
    )
    return BOTH_FEN * sum(line.code in ("P1", "P9") for line in found.pairings)


def _found(world: World, persona: str) -> int:
    """The settlement of the year is found by its organisation, with what is left."""
    if world.count(Settlement) == 0:
        submit_settlement(
            world.deed("sending_manager"), world.organisation("sending"), YEAR, wish=SENT_BACK
        )
    name = world.organisation("sending").name
    found = find_settlements(
        world.session, world.actor(persona), Asked((name,), name), world.clock().date()
    )
    return BOTH_FEN * len(found.hits)


ASKED: dict[str, Callable[[World, str], int]] = {
    "overview": lambda world, persona: sum(
        row.received_fen
        for row in list_standings(world.session, world.actor(persona), StandingsAsked(YEAR)).rows
    ),
    "sums of the overview": lambda world, persona: (
        whole_of(world.session, world.actor(persona), StandingsAsked(YEAR)).received_fen
    ),
    "provinces of the overview": lambda world, persona: sum(
        one.sums.received_fen
        for one in by_province(world.session, world.actor(persona), StandingsAsked(YEAR))
    ),
    "books": lambda world, persona: sum(
        row.received_fen
        for row in list_books(world.session, world.actor(persona), "", year=YEAR).rows
    ),
    "settlements": lambda world, persona: sum(
        row.received_fen
        for row in list_settlements(
            world.session, world.actor(persona), SettlementsAsked(YEAR)
        ).rows
    ),
    "search": _found,
    "book": lambda world, persona: (
        BOTH_FEN
        * may_read_book(world.session, world.actor(persona), world.organisation("sending").id, YEAR)
    ),
    "summary": _summary,
    "summary as of a day": lambda world, persona: _summary(world, persona, date(2022, 11, 24)),
    "finding of the summary": _finding,
    "pictures": _dashboard,
}


@pytest.mark.parametrize("name", ASKED)
def test_whoever_sees_a_part_reads_no_sum_of_the_whole(twice_paired: World, name: str):
    twice_paired.clock.stand_on(date(2022, 11, 25))
    read = {persona: ASKED[name](twice_paired, persona) for persona in (*WHOLLY, *PARTLY)}
    assert read == {**dict.fromkeys(WHOLLY, BOTH_FEN), **dict.fromkeys(PARTLY, 0)}


def test_a_settlement_is_shown_and_taken_out_whole_or_not_at_all(pages: Pages, twice_paired: World):
    one = submit_settlement(
        twice_paired.deed("sending_manager"),
        twice_paired.organisation("sending"),
        YEAR,
        wish=SENT_BACK,
    )
    twice_paired.session.commit()
    address = f"/settlements/{one.public_id}"
    assert "50,000.00" in pages("sending_province_officer").get(address).text
    # The later pairing, in 贵州, bears the settlement; its office sees one of the two.
    pages("other_province_officer").get(address, expect=404)
