"""The base of all forms: Chinese messages, a key against double submission."""

from __future__ import annotations

import secrets
from typing import Any

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, PasswordField

from portal.standards.text import plain


class _Meta(FlaskForm.Meta):
    """Chinese messages; every text comes in as a reader sees it, before any field looks at it.

    So no field can forget it, and a required one that shows nothing is empty. Only a password is
    what was typed.
    """

    locales = ("zh",)

    def wrap_formdata(self, form: Any, formdata: Any) -> Any:
        sent = super().wrap_formdata(form, formdata)
        if not sent:
            return sent
        typed = {field.name for field in form if isinstance(field, PasswordField)}
        return MultiDict(
            (name, plain(value) if isinstance(value, str) and name not in typed else value)
            for name in sent
            for value in sent.getlist(name)
        )


class Form(FlaskForm):
    """A form whose second submission has no second effect (portal/web/form_keys.py)."""

    Meta = _Meta

    form_key = HiddenField(default=lambda: secrets.token_urlsafe(16))


class FilterForm(FlaskForm):
    """Filters of a list; they stand in the URL, so there is nothing to protect."""

    class Meta(_Meta):
        csrf = False


def stripped(value: Any) -> Any:
    """Take white space off both ends of a text; leave anything else as it is.

    NUL, which no keyboard types and PostgreSQL does not store, goes too.
    """
    return value.replace("\0", "").strip() if isinstance(value, str) else value
