"""Refusals of an action shown in the form that asked for it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, TypeVar

import flask
from flask_wtf import FlaskForm
from sqlalchemy.orm.exc import StaleDataError

from forms.base import VersionedForm
from forms.fields import is_number
from portal.procedures.rules import CHANGED_MEANWHILE
from portal.refusals import Conflict, Refused
from portal.web.frame import db
from portal.web.refused_attempts import note_refused

V = TypeVar("V", bound=VersionedForm)

STAMP_BYTES = 6
"""Of a hash: what a form carries as its version where its row has none (a hidden number)."""


@contextmanager
def refusals_shown_in(form: FlaskForm) -> Iterator[None]:
    """Put every refusal beside its field, and those of no field into ``form.form_errors``.

    What the action wrote before it was refused is rolled back at once.
    """
    try:
        yield
    except Conflict:
        raise
    except Refused as refused:
        db().rollback()
        note_refused([refusal.code for refusal in refused.refusals])
        for refusal in refused.refusals:
            field = form._fields.get(refusal.field)
            if field is None or field.type in ("HiddenField", "CSRFTokenField"):
                form.form_errors.append(refusal.sentence)
            else:
                field.errors = [*field.errors, refusal.sentence]


@contextmanager
def edits_kept_in(form: V, anew: Callable[[], V]) -> Iterator[None]:
    """The same for a form that changes what others may change meanwhile.

    Nobody's edit is lost: the page shows what stands there now beside what was typed, and the next
    click saves (409). ``anew`` returns the form as it would be opened now, without what was sent.
    """
    try:
        with refusals_shown_in(form):
            yield
    except (Conflict, StaleDataError):
        db().rollback()
        form.overtake(anew())
        flask.after_this_request(_conflicting)


def _conflicting(response: flask.Response) -> flask.Response:
    response.status_code = HTTPStatus.CONFLICT
    return response


def version_shown() -> int | None:
    """Return the version that a deed's button carried: what its page showed; None if it has none."""
    version = flask.request.form.get("version", "")
    return int(version) if is_number(version) else None


def stamp_of(*shown: Any) -> int:
    """Return a number that changes with what a page showed: a version for what has none."""
    content = hashlib.sha256(repr(shown).encode()).digest()
    return int.from_bytes(content[:STAMP_BYTES])


def refuse_if_changed(form: VersionedForm, now_shown: int) -> None:
    """Raise :class:`Conflict` if what the form was opened with is not what is shown now."""
    if form.version.data != now_shown:
        raise Conflict([CHANGED_MEANWHILE])
