"""The base of all forms: Chinese messages, a key against double submission."""

from __future__ import annotations

import secrets
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField

from portal.standards.text import one_line_break


class Form(FlaskForm):
    """A form whose second submission has no second effect (portal/web/form_keys.py)."""

    class Meta(FlaskForm.Meta):
        locales = ("zh",)

    form_key = HiddenField(default=lambda: secrets.token_urlsafe(16))


class FilterForm(FlaskForm):
    """Filters of a list; they stand in the URL, so there is nothing to protect."""

    class Meta(FlaskForm.Meta):
        csrf = False
        locales = ("zh",)


def stripped(value: Any) -> Any:
    """Take white space off both ends of a text and count a line break once; leave anything else.

    NUL, which no keyboard types and PostgreSQL does not store, goes too.
    """
    return one_line_break(value.replace("\0", "")).strip() if isinstance(value, str) else value
