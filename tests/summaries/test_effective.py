"""What counts is one thing everywhere (B43): rule, SQL, summary, allocation page, pictures, as-of.

Random pairings: not confirmed, confirmed later, terminated on their first day or in mid-year, to
come, two in one county, two of one sending organisation; and a province with a year of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
import sqlalchemy as sa

from models import KeyCounty, Pairing, PairingDecision, PairingYear, PairingYearTotal, WorkYear
from models.types import Line, Mode, PairingState
from portal.compliance.pace_rules import Course
from portal.compliance.rules import Tally
from portal.dashboards.queries import dashboard_of
from portal.funding.entitlement_rules import subsidy_fen
from portal.pairings.effective_queries import InYear, in_year
from portal.pairings.rules import Term, covers, is_effective, takes_part_in
from portal.programme.allocation_queries import view_of
from portal.programme.policy import DEFAULT_POLICY
from portal.summaries import quota_queries
from portal.summaries.ground_queries import key_counties_on
from portal.summaries.queries import Summary, summary_of
from portal.summaries.rules import NO_FILTERS, Filters
from portal.totals.rules import course_values, total_values
from tests.support.many_pairings import make_pairings
from tests.support.world import World

YEAR, FIRST, LAST = 2022, date(2022, 1, 1), date(2022, 12, 31)
OWN_PROVINCE, OWN = "620000", Term(date(2021, 7, 1), date(2022, 6, 30))
"""甘肃's work year of the test: over when the others are in the middle of theirs."""
COUNT = 160
DAYS = [date(2022, 1, 1), date(2022, 3, 1), date(2022, 7, 1), date(2022, 12, 30), LAST]
STARTS = [date(2021, 3, 1), FIRST, FIRST, date(2022, 3, 1), date(2022, 6, 30), LAST]


@dataclass(frozen=True)
class Made:
    """A pairing as it was made; what became of it, and when that was known."""

    id: int
    county_code: str
    mode: Mode
    sender: int
    sending: str
    receiving: str
    starts_on: date
    planned_end: date
    ends_on: date
    confirmed_on: date | None
    terminated_on: date | None

    @property
    def year(self) -> Term:
        return OWN if self.receiving == OWN_PROVINCE else Term(FIRST, LAST)

    def term(self, known: date | None) -> Term:
        """Return its dates as known at the end of a day; as they stand, without one."""
        is_over = self.terminated_on and (known is None or self.terminated_on <= known)
        return Term(self.starts_on, self.ends_on if is_over else self.planned_end)

    def is_confirmed(self, known: date | None) -> bool:
        return self.confirmed_on is not None and (known is None or self.confirmed_on <= known)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


def randomised(world: World, seed: int) -> list[Made]:
    """Write pairings with whatever can happen to them in a year, and how they came about."""
    random, session = Random(seed), world.session
    session.execute(sa.delete(PairingYearTotal))
    session.execute(sa.delete(PairingYear))
    session.add(
        WorkYear(
            programme_id=1, year=YEAR, region_code=OWN_PROVINCE,
            starts_on=OWN.starts_on, ends_on=OWN.ends_on,
        )
    )  # fmt: skip
    make_pairings(session, COUNT)
    pairings = session.scalars(sa.select(Pairing).order_by(Pairing.id)).all()
    counties = session.scalars(sa.select(KeyCounty.county_code)).all()[:60]
    senders = [one.sending_organisation_id for one in pairings]
    made = [_one(random, session, one, random.choice(counties), senders) for one in pairings]
    session.flush()
    session.expire_all()
    return made


def _one(random: Random, session, pairing: Pairing, county: str, senders: list[int]) -> Made:
    starts = random.choice(STARTS)
    planned = max(starts, random.choice([date(2022, 3, 1), LAST, date(2025, 12, 31)]))
    terminated_on, ends = None, planned
    if random.random() < 0.4:
        ends = random.choice([starts, starts + timedelta(1), min(planned, date(2022, 6, 1))])
        ends = min(max(ends, starts), planned)
        terminated_on = random.choice([date(2022, 1, 20), date(2022, 6, 2)])
    confirmed_on = random.choice([None, date(2022, 1, 10), date(2022, 1, 10), date(2022, 5, 5)])
    receiving = f"{county[:2]}0000"
    sender = random.choice(senders)
    # An organisation is seated in one province: of key counties, so that some are paired within.
    sending = ["350000", "500000", "620000", "510000"][sender // 2 % 4]
    mode = Mode.IN_PROVINCE if sending == receiving else Mode.CROSS_PROVINCE
    pairing.county_code, pairing.mode, pairing.line = county, mode, Line.KEY_COUNTY
    pairing.sending_province_code, pairing.receiving_province_code = sending, receiving
    pairing.sending_organisation_id = sender
    pairing.starts_on, pairing.ends_on = starts, ends
    pairing.confirmed_at = at(confirmed_on) if confirmed_on else None
    if terminated_on:
        pairing.state = PairingState.TERMINATED
    else:
        pairing.state = PairingState.CONFIRMED if confirmed_on else PairingState.PROPOSED
    session.execute(sa.delete(PairingDecision).where(PairingDecision.pairing_id == pairing.id))
    for kind, day, ends_after in (
        ("created", date(2022, 1, 4), planned),
        ("terminated", terminated_on, ends),
    ):
        if day:
            session.add(
                PairingDecision(
                    pairing_id=pairing.id,
                    kind=kind,
                    state_after=pairing.state,
                    ends_on_after=ends_after,
                    at=at(day),
                )
            )
    session.execute(sa.delete(PairingYearTotal).where(PairingYearTotal.pairing_id == pairing.id))
    codes = {"line": pairing.line, "mode": mode, "county_code": county,
             "sending_province_code": sending, "receiving_province_code": receiving}  # fmt: skip
    tally = Tally(2, 2, 3, 0, random.randrange(6000), 12000, 0, 0, 1, 1, has_agreement=True)
    values = total_values(tally, DEFAULT_POLICY)
    course = course_values(Course(min(ends, LAST), 0, 249, 2, 3))
    session.execute(
        sa.insert(PairingYearTotal),
        {"pairing_id": pairing.id, "year": YEAR, **codes, **values, **course},
    )
    session.flush()
    return Made(
        pairing.id, county, mode, pairing.sending_organisation_id, sending, receiving,
        starts, planned, ends, confirmed_on, terminated_on,
    )  # fmt: skip


@pytest.fixture(params=[1, 2])
def made(request, world: World) -> Iterator[list[Made]]:
    found = randomised(world, request.param)
    # The world must hold what it is there for.
    effective = [effective_now(one) for one in found]
    assert 10 < sum(effective) < len(found) - 10
    return found


def effective_now(one: Made, known: date | None = None) -> bool:
    return is_effective(one.year, one.term(known), is_confirmed=one.is_confirmed(known))


def ids(world: World, condition: sa.ColumnElement[bool]) -> set[int]:
    return set(world.session.scalars(sa.select(Pairing.id).where(condition)))


def test_rule_and_conditions_say_the_same_of_every_pairing_and_day(world, made) -> None:
    asked: InYear = in_year(world.session, YEAR)
    listed = {one.id for one in made if takes_part_in(one.year, one.term(None))}
    assert ids(world, asked.takes_part()) == listed
    assert ids(world, asked.is_effective()) == {one.id for one in made if effective_now(one)}
    for day in DAYS:
        covering = {
            one.id
            for one in made
            if covers(one.year, one.term(None), day, is_confirmed=one.is_confirmed(None))
        }
        assert ids(world, asked.covers(day)) == covering, day


def expected(made: list[Made], day: date, known: date | None) -> dict[str, object]:
    """Say by the pure rule alone what a summary must say."""
    lines = [one for one in made if takes_part_in(one.year, one.term(known))]
    effective = [one for one in lines if one.is_confirmed(known)]
    covering = [
        one for one in effective if covers(one.year, one.term(known), day, is_confirmed=True)
    ]
    by_sender: dict[int, list[Made]] = defaultdict(list)
    for one in effective:
        by_sender[one.sender].append(one)
    bearers = [
        min(some, key=lambda one: (one.mode == Mode.IN_PROVINCE, one.id))
        for some in by_sender.values()
    ]
    return {
        "listed": {one.id for one in lines},
        "effective": {one.id for one in effective},
        "counties": {one.county_code for one in covering},
        "bearers": {one.id for one in bearers},
        "subsidy": sum(subsidy_fen(one.mode, DEFAULT_POLICY) for one in bearers),
        "senders": len(by_sender),
    }


def said(found: Summary) -> dict[str, object]:
    lines = list(found.pairings)
    return {
        "listed": {line.pairing_id for line in lines},
        "effective": {line.pairing_id for line in lines if line.is_confirmed},
        "counties": {county.code for county in found.counties if county.is_covered},
        "bearers": {line.pairing_id for line in lines if line.bears_due},
        "subsidy": found.due_of(found.totals.sums).subsidy_fen,
        "senders": found.totals.organisations.sending,
    }


def test_summary_allocation_page_and_pictures_say_the_same_today(world, made) -> None:
    for day in (date(2022, 3, 1), date(2022, 7, 1), date(2023, 2, 1)):
        world.clock.stand_on(day)
        _same_on(world, made, day)


def _same_on(world: World, made: list[Made], day: date) -> None:
    session, actor = world.session, world.actor("national_officer")
    found = summary_of(session, YEAR, now=world.clock(), actor=actor)
    assert said(found) == expected(made, day, None)
    sums = found.totals.sums
    # The provinces of either side add up to the whole, and so do the lines.
    for part in (found.provinces, found.senders):
        assert sum(one.sums.pairings for one in part) == sums.pairings
        assert sum(one.sums.received_centidays for one in part) == sums.received_centidays
    lines = [line for line in found.pairings if line.is_confirmed]
    assert sum(line.received_centidays for line in lines) == sums.received_centidays

    of_year, view = in_year(session, YEAR), view_of(actor)
    table = quota_queries.compare(session, view, of_year, [])
    assert sum(row.actual for row in table) == sums.pairings
    assert sum(row.unconfirmed for row in table) == found.listed - sums.pairings
    sent = {row.sending_province_code: 0 for row in table if row.actual}
    for row in table:
        if row.actual:
            sent[row.sending_province_code] += row.actual
    assert sent == {one.code: one.sums.pairings for one in found.senders}
    coverage = quota_queries.coverage_of(session, view, of_year, LAST, day, [])
    assert coverage.covered == found.totals.key_counties_covered > 0

    pictures = dashboard_of(session, YEAR, actor=actor, today=day, filters=NO_FILTERS)
    assert pictures.totals.sums == sums
    assert pictures.totals.key_counties_covered == coverage.covered
    assert sum(flow.pairings for flow in pictures.flows) == sums.pairings


def test_a_past_day_is_judged_by_what_was_known_then(world, made) -> None:
    world.clock.stand_on(date(2022, 12, 1))
    for day in (date(2022, 1, 15), date(2022, 3, 1), date(2022, 6, 2)):
        found = summary_of(world.session, YEAR, now=world.clock(), as_of=day)
        assert said(found) == expected(made, day, day), day


@pytest.mark.parametrize("as_of", [None, date(2022, 6, 2)])
def test_what_is_due_adds_up_whatever_is_asked_for(world, made, as_of) -> None:
    """Once for each sending organisation: no filter moves it to another pairing."""
    world.clock.stand_on(date(2022, 12, 1))

    def due(**asked) -> int:
        found = summary_of(
            world.session, YEAR, now=world.clock(), as_of=as_of, filters=Filters(**asked)
        )
        return found.due_of(found.totals.sums).province_fen

    whole = due()
    assert whole == sum(due(mode=mode) for mode in Mode) > 0
    provinces = sorted(set(key_counties_on(world.session, LAST).values()))
    assert whole == sum(due(receiving_province=code) for code in provinces)
