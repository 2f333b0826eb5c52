"""When an approved day may be corrected."""

from __future__ import annotations

import pytest

from models.types import WorkdayState
from portal.corrections.rules import refusals_for_correction


@pytest.mark.parametrize("state", WorkdayState)
def test_only_approved_entries_are_corrected(state):
    found = refusals_for_correction(state, "日期填错", has_open=False)
    assert bool(found) == (state != WorkdayState.APPROVED)


def test_a_second_correction_waits_for_the_first():
    found = refusals_for_correction(WorkdayState.APPROVED, "日期填错", has_open=True)
    assert [(one.field, one.code) for one in found] == [("", "wrong_state")]
