"""Which refused attempts are kept, and that whoever sends many does not fill the trail."""

from __future__ import annotations

import pytest

from portal.audit.rules import (
    FORBIDDEN,
    KEPT_CODES,
    LONGEST_PATH,
    MOST_REFUSED,
    is_kept,
    is_noted,
    kept_path,
)


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


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/accounts/6xYt43Hhl554XZ2h/disablement", "/accounts/6xYt43Hhl554XZ2h/disablement"),
        ("/organisations/52350102Y00000016P/edit", "/organisations/52350102Y00000016P/edit"),
        ("/calendar/days/2022-11-21", "/calendar/days/2022-11-21"),
        ("/pairings/2022-640303-01/refusal", "/pairings/2022-640303-01/refusal"),
        ("/people/110105198503010112/edit", "/people/…/edit"),
        ("/people/11010519850301011X/edit", "/people/…/edit"),
        ("/people/x13800138000y", "/people/…"),
        ("/people/110105-19850301-0112", "/people/…"),
        ("/people/张三/edit", "/people/…/edit"),
        ("/people/a b\u202e/edit", "/people/…/edit"),
        ("/x" * 60, "/x" * (LONGEST_PATH // 2)),
    ],
)
def test_nothing_personal_stands_in_the_address_of_an_attempt(path, expected):
    assert kept_path(path) == expected
