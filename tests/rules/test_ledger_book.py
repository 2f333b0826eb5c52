"""What a line of the ledger book says of days, and what a book of odd rows comes to."""

from __future__ import annotations

from datetime import date

import pytest

from portal.ledger.book_rules import days_in_runs


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((), ""),
        ((7,), "11-07"),
        ((7, 8), "11-07 至 11-08"),
        ((8, 1, 2, 3, 8), "11-01 至 11-03、11-08"),
        ((1, 3, 4, 7), "11-01、11-03 至 11-04、11-07"),
    ],
)
def test_days_are_named_by_their_runs(days: tuple[int, ...], said: str) -> None:
    assert days_in_runs([date(2022, 11, day) for day in days]) == said
