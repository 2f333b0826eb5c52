"""The week of work of tests/summaries, for the pages that show it."""

from tests.summaries.conftest import busy

__all__ = ["busy"]
