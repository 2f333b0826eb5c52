"""The curve, its pace and its band; the classes of a tile; the grid itself."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import DayKind, Side
from portal.calendar.rules import Calendar
from portal.dashboards.rules import (
    SHADES,
    curve,
    months_between,
    need_of,
    shade_of,
    whole_days,
)
from portal.dashboards.tile_rules import COLUMNS, PLACES, ROWS
from portal.programme.policy import DEFAULT_POLICY, Policy

PLAIN = Calendar({}, frozenset())
FEBRUARY_OFF = Calendar(
    {
        date(2023, 2, day): DayKind.HOLIDAY
        for day in range(1, 29)
        if date(2023, 2, day).weekday() < 5
    },
    frozenset(),
)
"""A calendar in which nobody works in February 2023."""

YEAR = (date(2023, 1, 1), date(2023, 12, 31))
QUARTER = (date(2023, 1, 1), date(2023, 3, 31))
"""Of 2023, with 22, 20 and 23 plain working days."""


def of_quarter(today: date, calendar: Calendar = PLAIN, **changes):
    facts = {"counted": {}, "waiting": {}, "need": 6500, **changes}
    return curve(Side.SENT, year=QUARTER, calendar=calendar, today=today, **facts)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        (date(2022, 1, 1), date(2022, 12, 31), list(range(202201, 202213))),
        (date(2021, 11, 15), date(2022, 2, 3), [202111, 202112, 202201, 202202]),
        (date(2022, 5, 31), date(2022, 5, 31), [202205]),
        (date(2022, 5, 31), date(2022, 5, 30), []),
    ],
)
def test_a_year_has_the_months_that_it_touches(first: date, last: date, months) -> None:
    spans = list(months_between(first, last))
    assert [span.month for span in spans] == months
    if spans:
        assert (spans[0].first, spans[-1].last) == (first, last)


@pytest.mark.parametrize(
    ("side", "pairings", "changes", "days"),
    [
        (Side.SENT, 1, {}, 40),
        (Side.RECEIVED, 1, {}, 120),
        (Side.SENT, 160, {}, 6400),
        (Side.SENT, 0, {}, 0),
        (Side.SENT, 2, {"day_basis": "per_person"}, 2 * 2 * 40),
        (Side.RECEIVED, 2, {"day_basis": "per_person"}, 2 * 3 * 120),
        (Side.SENT, 3, {"min_sent_days": 30.5}, 91.5),
    ],
)
def test_needs_the_least_days_of_each_pairing(side, pairings, changes, days) -> None:
    policy = Policy({**DEFAULT_POLICY.values, **changes})
    assert need_of(side, pairings, policy) == days * 100


@pytest.mark.parametrize(
    ("amount", "part", "whole", "rounded"),
    [
        (6500, 22, 65, 2200),
        (1000, 1, 3, 300),
        (1000, 1, 20, 100),
        (1000, 1, 21, 0),
        (1000, 5, 0, 0),
        (0, 5, 7, 0),
    ],
)
def test_a_pace_is_in_whole_days(amount: int, part: int, whole: int, rounded: int) -> None:
    assert whole_days(amount, part, whole) == rounded


def test_the_pace_is_even_over_working_days_and_ends_at_the_need() -> None:
    assert [p.needed for p in of_quarter(date(2023, 2, 10)).points] == [2200, 4200, 6500]
    off = of_quarter(date(2023, 2, 10), FEBRUARY_OFF, need=4500)
    assert [point.needed for point in off.points] == [2200, 2200, 4500]


def test_days_add_up_and_stop_with_the_month_of_today() -> None:
    found = of_quarter(date(2023, 2, 10), counted={202301: 500, 202302: 150}, waiting={202302: 200})
    assert [point.counted for point in found.points] == [500, 650, None]
    assert [point.waiting for point in found.points] == [0, 200, None]
    assert (found.counted, found.waiting) == (650, 200)


def test_the_band_carries_the_pace_on_from_counted_to_all_that_waits() -> None:
    """30 of 65 working days are over on 10 February; 30 days counted, 15 wait."""
    found = of_quarter(date(2023, 2, 10), counted={202301: 3000}, waiting={202302: 1500})
    assert (found.low, found.high) == (6500, 9800)
    assert [(point.low, point.high) for point in found.points] == [
        (None, None),
        (4200, 6300),
        (6500, 9800),
    ]


@pytest.mark.parametrize("today", [date(2022, 12, 31), date(2023, 4, 1), date(2023, 1, 1)])
def test_there_is_no_band_outside_the_year_or_before_its_first_working_day(today: date) -> None:
    found = of_quarter(today, counted={202301: 3000})
    assert (found.low, found.high) == (None, None)
    assert all(point.low is None for point in found.points)


@pytest.mark.parametrize(
    ("today", "counted", "needed", "behind"),
    [
        (date(2022, 12, 31), 0, 0, 0),
        (date(2023, 1, 31), 1000, 2200, 1200),
        (date(2023, 1, 31), 2200, 2200, 0),
        (date(2023, 1, 31), 5000, 2200, 0),
        (date(2024, 1, 1), 6000, 6500, 500),
    ],
)
def test_is_behind_by_what_is_missing_to_the_pace(today, counted, needed, behind) -> None:
    found = of_quarter(today, counted={202301: counted})
    assert (found.needed_now, found.behind) == (needed, behind)


@pytest.mark.parametrize(
    ("compliant", "pairings", "level"),
    [(0, 0, 0), (0, 1, 1), (1, 3, 2), (1, 2, 3), (2, 3, 3), (3, 3, 4), (1, 1, 4)],
)
def test_a_tile_is_as_dark_as_its_share_of_compliant_pairings(compliant, pairings, level) -> None:
    assert shade_of(compliant, pairings) is SHADES[level]


def test_each_region_has_a_tile_of_its_own_inside_the_grid() -> None:
    assert len(PLACES) == 34
    assert len({(place.column, place.row) for place in PLACES.values()}) == 34
    assert all(
        place.column in range(COLUMNS) and place.row in range(ROWS) for place in PLACES.values()
    )
