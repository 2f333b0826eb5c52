"""A masked value is shown in clear only if there is one and somebody says what for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from portal.clock import SHANGHAI
from portal.personal_data.rules import MAX_REASON, MOST_REVEALS, refusals_for_reveal


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
    found = refusals_for_reveal(reason=reason, is_recorded=is_recorded, lately=[])
    assert [one.code for one in found] == codes


def test_says_when_it_goes_on_after_too_many_in_an_hour():
    first = datetime(2022, 11, 21, 9, 30, 20, tzinfo=SHANGHAI)
    lately = [first + timedelta(minutes=number) for number in range(MOST_REVEALS)]
    assert not refusals_for_reveal(reason="核对", is_recorded=True, lately=lately[1:])
    (found,) = refusals_for_reveal(reason="核对", is_recorded=True, lately=lately)
    assert found.code == "too_many_reveals"
    assert f"最多查看 {MOST_REVEALS} 项" in found.sentence
    assert "北京时间 10:31 之后可以继续" in found.sentence
