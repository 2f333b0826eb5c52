"""A masked value is shown in clear only if there is one and somebody says what for."""

from __future__ import annotations

import pytest

from portal.personal_data.rules import MAX_REASON, refusals_for_reveal


@pytest.mark.parametrize(
    ("reason", "is_recorded", "codes"),
    [
        ("核对名单", True, []),
        ("长" * MAX_REASON, True, []),
        ("", True, ["missing_value"]),
        ("  \n", True, ["missing_value"]),
        ("长" * (MAX_REASON + 1), True, ["text_too_long"]),
        ("核对名单", False, ["missing_value"]),
        ("", False, ["missing_value", "missing_value"]),
    ],
)
def test_says_every_reason_why_not(reason, is_recorded, codes):
    found = refusals_for_reveal(reason=reason, is_recorded=is_recorded)
    assert [one.code for one in found] == codes
