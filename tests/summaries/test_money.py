"""The money of sending organisations in the summary: due, received, spent, short, as of a day, by whom."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from models import FundYearTotal, LedgerEntry, Pairing
from models.types import FundSource, Side
from portal.funding.actions import (
    PlannedFunds,
    Raised,
    approve_allocations,
    plan_allocations,
    record_income,
)
from portal.funding.ground_queries import StandingsAsked
from portal.funding.overview_queries import whole_of
from portal.funding.payment_actions import (
    Payment,
    confirm_receipt,
    disburse,
    reverse_disbursement,
    reverse_receipt,
)
from portal.ledger.book_queries import BookAsked, foot_of_book, read_all
from portal.ledger.known_queries import money_known
from portal.ledger.rules import Money
from portal.summaries.export import EXPORTS, line_json
from portal.summaries.queries import Summary, summary_of
from portal.summaries.rules import MONEY_SORTS, SORTS, Filters, PairingLine
from tests.conftest import SMALL, TODAY
from tests.support.books import a_year
from tests.support.clock import Clock
from tests.support.databases import Press
from tests.support.money import PROVINCIAL, RECEIVED_ON, YEAR, approved, paid, received
from tests.support.statements import statements_of
from tests.support.world import World

MONEY_KEYS = (
    "subsidy_due_fen", "subsidy_received_fen", "province_due_fen", "province_received_fen",
    "received_fen", "spent_fen", "balance_fen",
)  # fmt: skip


def summary(world: World, **asked: Any) -> Summary:
    if persona := asked.pop("persona", None):
        asked["actor"] = world.actor(persona)
    return summary_of(world.session, YEAR, now=world.clock(), **asked)


def line(found: Summary, code: str = "P1") -> PairingLine:
    return next(one for one in found.pairings if one.code == code)


def as_json(found: Summary) -> dict[str, Any]:
    file = io.BytesIO()
    EXPORTS["json"].write(found, file)
    read: dict[str, Any] = json.loads(file.getvalue())
    return read


def short_of(found: Summary, code: str = "P1") -> dict[str, tuple[int, int, str]]:
    said = line_json(line(found, code), found)["findings"]
    return {
        one["code"]: (one["have"], one["need"], one["clause"])
        for one in said
        if one["clause"].startswith("三")
    }


def test_says_what_is_due_received_short_and_left(world: World):
    assert short_of(summary(world)) == {
        "subsidy_short": (0, 3_000_000, "三(一)"),
        "province_short": (0, 3_000_000, "三(二)"),
    }
    received(world)
    received(world, 2_999_999, PROVINCIAL)
    record_income(
        world.deed("sending_manager"),
        Raised(
            world.pairing(), Side.SENT, YEAR, FundSource.SELF, "演示", 100, RECEIVED_ON, "演示收据1"
        ),
    )
    found = summary(world)
    assert short_of(found) == {"province_short": (2_999_999, 3_000_000, "三(二)")}
    written = as_json(found)
    (pairing,) = (one for one in written["pairings"] if one["code"] == "P1")
    expected = [3_000_000, 3_000_000, 3_000_000, 2_999_999, 6_000_099, 0, 6_000_099]
    assert [pairing[key] for key in MONEY_KEYS] == expected
    assert pairing["compliant"] is False
    assert [written["totals"][key] for key in MONEY_KEYS][1::2] == [3_000_000, 2_999_999, 0]
    for key in MONEY_KEYS:
        assert sum(one[key] for one in written["provinces"]) == written["totals"][key], key
        assert sum(one[key] for one in written["pairings"]) == written["totals"][key], key
    fujian = next(one for one in written["provinces"] if one["code"] == "350000")
    assert (fujian["province_received_fen"], fujian["subsidy_received_fen"]) == (2_999_999, 0)
    assert found.to_key_counties.received_fen == 6_000_099


def test_filters_by_what_is_short_and_sums_what_it_keeps(world: World):
    received(world)
    short = summary(world, filters=Filters(finding="subsidy_short"))
    assert {one.code for one in short.pairings} == {"P2", "P3"}
    assert (short.listed, short.totals.sums.pairings) == (2, 2)
    assert short.totals.sums.having("subsidy_short") == 2
    assert [one.code for one in short.pairings.page("code", None, 50).rows] == ["P2", "P3"]
    assert short.totals.organisations.sending == 2
    whole = summary(world)
    assert (whole.totals.sums.having("subsidy_short"), whole.listed) == (2, 3)


def test_each_organisations_money_stands_once_on_the_line_that_bears_it(world: World):
    received(world)
    other = world.pairing("P2")
    other.sending_organisation_id = world.organisation("sending").id
    world.session.flush()
    found = summary(world)
    assert line(found).money.received_fen == 3_000_000
    assert line(found, "P2").money == Money()
    assert "subsidy_short" not in short_of(found, "P2")
    assert found.money_of(found.totals.sums).received_fen == 3_000_000


def test_an_unconfirmed_pairing_has_no_money_to_record(world: World):
    world.session.execute(
        sa.update(Pairing).where(Pairing.code == "P2").values(confirmed_at=None, state="proposed")
    )
    written = as_json(summary(world))
    (pairing,) = (one for one in written["pairings"] if one["code"] == "P2")
    assert [pairing[key] for key in MONEY_KEYS] == [0, None, 0, None, None, None, None]


SEEN = {
    # By persona: the codes of the pairings of which the money is shown.
    "national_officer": {"P1", "P2", "P3"},
    "national_rural_officer": {"P1", "P2", "P3"},
    "province_officer": {"P1", "P2"},
    "sending_province_officer": {"P1", "P2"},
    "county_officer": {"P1"},
    "county_rural_officer": set(),
    "prefecture_rural_officer": set(),
    "sending_manager": {"P1"},
    "receiving_manager": set(),
    "sending_staff": set(),
    "evaluator": {"P1", "P2"},
}


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_shows_money_to_those_who_may_read_it(world: World):
    received(world)
    for persona, codes in SEEN.items():
        found = summary(world, persona=persona)
        assert {one.code for one in found.pairings if one.money is not None} == codes, persona
        page = found.pairings.page("code", None, 50).rows
        assert {one.code for one in page if one.money is not None} == codes, persona
        shown = found.money_of(found.totals.sums).received_fen
        assert shown == (3_000_000 if "P1" in codes else 0), persona
        if not codes:
            assert found.totals.sums.having("subsidy_short") == 0, persona


def lives(world: World) -> None:
    """Money of many kinds over some days, one instant each; mistakes are taken back."""
    world.clock.stand_on(date(2022, 11, 7))
    first = received(world)
    world.clock.pass_time(days=1)
    payment = paid(world, 4_000_000, PROVINCIAL, voucher="演示凭证8")
    world.clock.pass_time(days=1)
    confirm_receipt(
        world.deed("sending_manager"),
        payment,
        received_on=RECEIVED_ON,
        received_fen=4_000_500,
        reason="演示：利息",
    )
    world.clock.pass_time(days=1)
    reverse_receipt(world.deed("sending_manager"), first, "演示：日期填错")
    world.clock.pass_time(days=1)
    reverse_disbursement(world.deed(), first, "演示：重复")
    plan = PlannedFunds(
        world.pairing("P2"), YEAR, FundSource.DONATION, "演示基金会", 100, dated=date(2022, 3, 1)
    )
    (planned,) = plan_allocations(world.deed("sending_province_officer"), [plan])
    world.clock.pass_time(days=1)
    approve_allocations(world.deed(), [planned])
    disburse(world.deed(), [Payment(planned, 60, RECEIVED_ON, "演示凭证9")])


def test_the_past_is_what_the_kept_sums_were_on_that_day(world: World):
    """The sums of every day are those that were kept then, by the same rows."""
    lives(world)
    instants = sorted(set(world.session.scalars(sa.select(LedgerEntry.at))))
    kept = {
        (one.organisation_id, tuple(getattr(one, name) for name in Money._fields))
        for one in world.session.scalars(sa.select(FundYearTotal))
    }
    world.clock.pass_time(days=2)
    now = money_known(world.session, YEAR, world.clock())
    assert {(number, tuple(money)) for number, money in now.items()} == kept
    assert len(instants) == 6
    ready, known = summary(world), summary(world, as_of=date(2022, 11, 13))
    assert known.is_past_state
    assert [(one.money, one.findings) for one in known.pairings] == [
        (one.money, one.findings) for one in ready.pairings
    ]
    assert known.totals.sums.money == ready.totals.sums.money
    assert known.totals.sums.missed == ready.totals.sums.missed
    before = line(summary(world, as_of=date(2022, 11, 7))).money
    assert (before.subsidy_received_fen, before.province_received_fen) == (3_000_000, 0)
    assert line(summary(world, as_of=date(2022, 11, 6))).money == Money()


def test_costs_the_same_however_many_rows_the_ledger_has(world: World):
    with statements_of(world.session) as before:
        as_json(summary(world))
    lives(world)
    world.session.flush()
    with statements_of(world.session) as after:
        as_json(summary(world))
    assert len(after) == len(before)


@pytest.mark.parametrize("key", MONEY_SORTS)
def test_lines_are_sorted_by_money_now_and_as_of_a_day(world: World, key: str):
    received(world, 100)
    received(world, 700, PROVINCIAL)
    for pairing, fen in (("P2", 300), ("P3", 200)):
        payment = paid(
            world, fen, allocation=approved(world, fen, pairing=pairing), voucher=f"演示{pairing}"
        )
        confirm_receipt(world.deed(), payment, received_on=RECEIVED_ON, received_fen=fen)
    world.session.commit()
    world.clock.stand_on(date(2022, 11, 25))
    for as_of in (None, date(2022, 11, 24)):
        found = summary(world, as_of=as_of)
        for sort in (key, f"-{key}"):
            rows, cursor = [], None
            while True:
                page = found.pairings.page(sort, cursor, 2)
                rows += [SORTS[key](one) for one in page.rows]
                if (cursor := page.after) is None:
                    break
            assert rows == sorted(rows, reverse=sort.startswith("-"))
            assert len(rows) == found.listed
    assert key == "spent" or len(set(rows)) > 1


def test_the_share_of_key_counties_has_one_definition(world: World):
    received(world)
    found = summary(world)
    whole = whole_of(world.session, world.deed().actor, StandingsAsked(YEAR))
    assert found.to_key_counties.received_fen == whole.key_received_fen == 3_000_000


def written_by(press: Press) -> dict[str, bytes]:
    """Return what a database says of a year of money, as of two days, in the formats that programs read."""
    found = {}
    with press.opened(SMALL) as database, database.open() as session:
        world = World(session, Clock(TODAY))
        a_year(world)
        session.flush()
        for as_of in (None, TODAY, date(2022, 11, 1)):
            for kind in ("json", "csv"):
                file = io.BytesIO()
                EXPORTS[kind].write(summary(world, as_of=as_of), file)
                found[f"{kind} as of {as_of}"] = file.getvalue()
        asked = BookAsked(world.organisation("sending").id, YEAR)
        found["book"] = repr((read_all(session, asked), foot_of_book(session, asked))).encode()
    return found


def test_both_databases_write_the_same_bytes(sqlite_press: Press, postgres_press: Press):
    """The rows were booked in the same order: not a figure, not a line, not a comma differs."""
    assert written_by(sqlite_press) == written_by(postgres_press)
