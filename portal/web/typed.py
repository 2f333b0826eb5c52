"""What a refused form held, to be copied from the page that refuses it.

A form that outlived its session cannot be gone back to: the browser asks for the page again and
is shown the sign-in instead. So the page of the fault gives the words back.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from werkzeug.wrappers import Request
from wtforms import FileField, HiddenField, PasswordField, SelectField
from wtforms.fields.core import UnboundField
from wtforms.widgets import HiddenInput

from forms.base import Form


class Typed(NamedTuple):
    """A field as its form calls it, and what somebody wrote into it."""

    label: str
    text: str


SECRET = (PasswordField, HiddenField, FileField)


def typed_in(request: Request) -> list[Typed]:
    """Return what was written into the form of a request; nothing if another site sent it."""
    if urlsplit(request.headers.get("Origin", "")).netloc != request.host:
        return []
    fields = max(
        map(_fields_of, _forms(Form)),
        key=lambda one: (len(one.keys() & request.form.keys()), -len(one)),
        default={},
    )
    return [
        Typed(_label_of(field), text)
        for name, field in fields.items()
        for text in (_words_of(field, value.strip()) for value in request.form.getlist(name))
        if text
    ]


def _forms(form: type[Form]) -> Iterator[type[Form]]:
    for one in form.__subclasses__():
        yield one
        yield from _forms(one)


def _fields_of(form: type[Form]) -> dict[str, UnboundField]:
    found = {name: getattr(form, name) for name in dir(form)}
    fields = {name: one for name, one in found.items() if isinstance(one, UnboundField)}
    return dict(sorted(fields.items(), key=lambda pair: pair[1].creation_counter))


def _label_of(field: UnboundField) -> str:
    return str(field.args[0] if field.args else field.kwargs.get("label", ""))


def _words_of(field: UnboundField, value: str) -> str:
    """Return a text as it was written, a choice by its label; secrets and hidden parts not."""
    if issubclass(field.field_class, SECRET):
        return ""
    if isinstance(field.kwargs.get("widget"), HiddenInput):
        return ""
    if issubclass(field.field_class, SelectField):
        choices = field.kwargs.get("choices") or ()
        labels = {} if callable(choices) else {one.value: one.label for one in choices}
        return str(labels.get(value, "")) if value else ""
    return value
