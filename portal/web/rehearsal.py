"""Trying an action out: it runs with all its rules and effects, and is rolled back.

A form that changes much offers a second button, ``<button name="deed" value="rehearse">``. The
view runs the action, asks :func:`undone`, and shows what would have happened.
"""

from __future__ import annotations

import flask

from portal.web.frame import db

REHEARSE = "rehearse"


def is_rehearsal() -> bool:
    """Does the form only ask what would happen?"""
    return flask.request.form.get("deed") == REHEARSE


def undone() -> bool:
    """Undo what was just done, if the form only asked what would happen; return whether it did."""
    if not is_rehearsal():
        return False
    db().rollback()
    return True
