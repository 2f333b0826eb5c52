"""Figures that a test measured, printed once at the end of the run, whichever process ran it.

def test_weight(measured): measured("the worker's first page", "61 kB")
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

NAME = "measured"

Measured = Callable[[str, str], None]


@pytest.fixture
def measured(record_property: Callable[[str, object], None]) -> Measured:
    """Note a figure under a name; it travels with the test's report."""
    return lambda name, figure: record_property(NAME, f"{name}: {figure}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    lines = [
        str(value)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == NAME
    ]
    if lines:
        terminalreporter.section("measured")
        for line in lines:
            terminalreporter.write_line(line)
