"""Listening to the portal while it answers: which parameters it reads, and what goes wrong inside.

    with listening() as heard:
        ...                   # requests
        heard.names           # every name read from a query or a form
        heard.faults          # what was logged of a fault

Nothing is committed meanwhile, so that one copy of the database serves for any number of requests.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import flask
from werkzeug.datastructures import ImmutableMultiDict
from wtforms.form import BaseForm

from tests.support.arena import nothing_is_committed


@dataclass
class Heard:
    """What was heard so far; whoever asks again empties it before."""

    names: set[str] = field(default_factory=set)
    forms: dict[str, type] = field(default_factory=dict)
    """The class of the form that has read a name."""
    faults: list[str] = field(default_factory=list)

    def forget(self) -> None:
        self.names.clear()
        self.forms.clear()
        self.faults.clear()


@contextmanager
def listening(app: flask.Flask) -> Iterator[Heard]:
    """Listen to an app; it reads and writes as ever, but what it writes is taken back."""
    heard = Heard()
    log, listener = logging.getLogger("qianshou"), _Listener(heard)
    log.addHandler(listener)
    try:
        with (
            mock.patch.object(app, "request_class", _request_noted_by(heard)),
            mock.patch.object(BaseForm, "process", _process_noted_by(heard)),
            nothing_is_committed(),
        ):
            yield heard
    finally:
        log.removeHandler(listener)


def _request_noted_by(heard: Heard) -> type[flask.Request]:
    class Noting(ImmutableMultiDict):
        def __contains__(self, name: object) -> bool:
            heard.names.add(str(name))
            return super().__contains__(name)

        def __getitem__(self, name: str) -> Any:
            heard.names.add(name)
            return super().__getitem__(name)

    class Request(flask.Request):
        parameter_storage_class = Noting

    return Request


def _process_noted_by(heard: Heard) -> Any:
    process = BaseForm.process

    def noted(form: BaseForm, formdata: Any = None, *args: Any, **options: Any) -> None:
        heard.names |= {one.name for one in form}
        heard.forms |= dict.fromkeys((one.name for one in form), type(form))
        process(form, formdata, *args, **options)

    return noted


class _Listener(logging.Handler):
    """Hears of a fault with its traceback, and of a constraint that stood in for a rule."""

    def __init__(self, heard: Heard) -> None:
        super().__init__(logging.WARNING)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info and record.exc_info[1] is not None:
            self._heard.faults.append(_words_of(record.exc_info[1]))
        elif record.getMessage().startswith("refused by a constraint"):
            self._heard.faults.append(record.getMessage().partition("\n")[0][:200])


def _words_of(fault: BaseException) -> str:
    """KeyError at ready.py:181: 'x'; the place is the innermost of this project's own."""
    places = [
        one
        for one in traceback.extract_tb(fault.__traceback__)
        if "site-packages" not in one.filename and "/lib/python" not in one.filename
    ]
    where = f"{places[-1].filename.rpartition('/')[2]}:{places[-1].lineno}" if places else "?"
    return f"{type(fault).__name__} at {where}: {str(fault).partition(chr(10))[0][:160]}"
