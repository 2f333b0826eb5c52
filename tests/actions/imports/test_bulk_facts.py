"""The facts of many rows are those that a page would find for each."""

from __future__ import annotations

from datetime import date, timedelta

import sqlalchemy as sa

from models import Organisation, PairingYear, Programme, Region, WorkYear
from models.types import ImportKind
from portal.imports.column_rules import parse_sheet
from portal.imports.kinds import KINDS
from portal.imports.kinds.organisations import REGION, Organisations
from portal.imports.kinds.pairing_queries import gather
from portal.imports.queries import load_counties, load_work_years
from portal.organisations.queries import find_seat
from portal.pairings.queries import partners, place_of
from portal.programme.queries import find_work_year_on, list_work_years_between, programme_of
from portal.programme.regime_queries import regime_of
from portal.programme.regime_rules import YearOf
from portal.workdays.rules import Year
from tests.support.imports import credit_code_of, sheet_of

DAYS = [date(2020, 6, 1) + timedelta(days=97 * number) for number in range(24)]
PROVINCES = ("640000", "350000", "520000")


def _year(one):
    if one is None:
        return None
    is_closed = one.is_closed if isinstance(one, YearOf) else one.closed_at is not None
    return Year(one.year, one.starts_on, one.ends_on, is_closed)


def test_work_years(world):
    programme = world.session.scalars(sa.select(Programme)).one()
    world.session.add(
        WorkYear(
            programme_id=programme.id,
            year=2022,
            region_code="640000",
            starts_on=date(2022, 3, 1),
            ends_on=date(2023, 2, 28),
            closed_at=world.clock(),
            closed_reason="演示",
        )
    )
    world.session.flush()
    years = load_work_years(world.session)
    # A province's own dates stand instead of the common ones of that year.
    assert date(2022, 1, 4) in DAYS
    regime = regime_of(world.session)
    assert find_work_year_on(world.session, date(2022, 1, 4), "640000") is None
    for province in PROVINCES:
        for day in DAYS:
            stored = _year(find_work_year_on(world.session, day, province))
            assert _year(regime.year_on(day, province)) == stored, (day, province)
            assert years.on(day, province) == stored, (day, province)
            last = day + timedelta(days=400)
            listed = list_work_years_between(world.session, day, last, province)
            assert years.between(day, last, province) == [_year(one) for one in listed]


def test_counties(world):
    codes = ["640303", "640104", "640300", "640000", "520221", "999999", "540102"]
    counties = load_counties(world.session, codes)
    for code in codes:
        for day in (date(2021, 8, 26), date(2021, 8, 27), date(2022, 7, 1)):
            assert counties.place_on(code, day) == place_of(world.session, code, day), (code, day)


def test_partners_and_programmes(world):
    rows = world.session.scalars(sa.select(PairingYear).where(PairingYear.year == 2024))
    for row in rows:
        row.occupies_sending = False
    world.session.flush()
    organisations = world.session.scalars(sa.select(Organisation)).all()
    facts = gather(
        world.deed(),
        codes=["P1"],
        credit_codes=[one.credit_code for one in organisations],
        county_codes=[],
        first_days=DAYS,
    )
    years = [2021, 2022, 2023, 2024, 2025]
    for one in organisations:
        for side in ("sending", "receiving"):
            found = facts.partners[side].get(one.id, {})
            assert found == partners(world.session, one.id, years, side), (one.name, side)
    for day in DAYS:
        programme = programme_of(world.session, day)
        assert facts.last_day_of_programme(day) == (programme.ends_on if programme else day)


def test_seats(world):
    codes = world.session.scalars(
        sa.select(Region.code).where(Region.province_code.in_(["640000", "460000", "620000"]))
    ).all()
    rows = [{REGION: code, "统一社会信用代码": credit_code_of("sending")} for code in codes]
    kind = KINDS[ImportKind.ORGANISATIONS]
    assert isinstance(kind, Organisations)
    facts = kind.gather(world.deed(), parse_sheet(sheet_of(rows), kind.columns))
    expected = {code for code in codes if find_seat(world.session, code)}
    assert set(facts.seats) == expected
    assert 50 < len(expected) < len(codes)
