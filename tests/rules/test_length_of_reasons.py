"""A reason is as long as its rule says, whatever door it comes by."""

from __future__ import annotations

import pytest

from portal.procedures import rules as procedures


@pytest.mark.parametrize(
    ("more", "codes"), [(-1000, ["missing_value"]), (0, []), (1, ["text_too_long"])]
)
def test_refuses_a_reason_that_is_too_long_and_none(more, codes) -> None:
    found = procedures.refusals_for_reason("字" * (procedures.MAX_REASON + more))
    assert [one.code for one in found] == codes


def test_counts_a_line_break_once() -> None:
    assert procedures.refusals_for_reason("字\r\n" * (procedures.MAX_REASON // 2)) == []
