"""What is judged apart, judged once: the process that judges gets a content and a question only.

For tests that send the same file many times, and ask about everything else. Whether the process
apart does its work has tests of its own (tests/actions/test_files.py, tests/actions/imports).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from portal.apart import Apart
from portal.refusals import Refused

_known: dict[tuple[object, ...], Any] = {}


@contextmanager
def judged_once() -> Iterator[None]:
    """Have each content judged once in this process of the tests, for each question."""
    ask = Apart._ask

    def remembered(one: Apart[Any], content: bytes, question: Any) -> Any:
        key = (one.function, content, question)
        if key not in _known:
            try:
                _known[key] = ask(one, content, question)
            except Refused as refused:
                _known[key] = refused
        if isinstance(_known[key], Refused):
            raise Refused(_known[key].refusals)
        return _known[key]

    with mock.patch.object(Apart, "_ask", remembered):
        yield
