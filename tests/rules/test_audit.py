"""Which refused attempts are kept, and that whoever sends many does not fill the trail."""

from __future__ import annotations

import pytest

from portal.audit.rules import FORBIDDEN, KEPT_CODES, MOST_REFUSED, is_kept, is_noted


@pytest.mark.parametrize(
    ("permission", "codes", "expected"),
    [
        ("account.write", ["invalid_value"], True),
        ("account.secure", ["wrong_state"], True),
        ("workday.approve", ["wrong_state"], False),
        ("organisation.write", ["invalid_value", "missing_value"], False),
        ("workday.approve", ["wrong_state", "own_entry"], True),
        *((permission, [code], True) for permission in ("public", "x") for code in KEPT_CODES),
        ("pairing.write", [FORBIDDEN], True),
    ],
)
def test_keeps_what_somebody_tries_that_is_not_theirs(permission, codes, expected):
    assert is_kept(permission, codes) is expected


def test_a_flood_leaves_a_row_for_each_power_of_ten():
    noted = [number for number in range(1, 100_001) if is_noted(number)]
    assert noted == [*range(1, MOST_REFUSED + 1), 100, 1000, 10_000, 100_000]
