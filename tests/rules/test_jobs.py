"""How soon a failed item is tried again, and when no more."""

from __future__ import annotations

import pytest

from portal.jobs.rules import MOST_ATTEMPTS, is_worn_out, wait_after


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(1, 5), (2, 20), (3, 80), (4, 320), (5, 900), (6, 900), (60, 900)]
)
def test_waits_longer_after_each_failure_up_to_a_cap(attempts: int, seconds: float) -> None:
    assert wait_after(attempts) == seconds


def test_gives_up_after_the_last_attempt_and_not_before() -> None:
    assert [is_worn_out(attempts) for attempts in range(1, MOST_ATTEMPTS + 1)] == [
        *([False] * (MOST_ATTEMPTS - 1)),
        True,
    ]
