"""Refusals of an action shown in the form that asked for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask_wtf import FlaskForm

from portal.refusals import Conflict, Refused
from portal.web.frame import db
from portal.web.refused_attempts import note_refused


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
