"""The week of work of tests/summaries, for the lists that show it."""

from tests.summaries.conftest import busy

__all__ = ["busy"]
