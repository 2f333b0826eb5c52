"""Every form of the portal reads texts as a person sees them; a required one shows something."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator

import flask
import pytest
from wtforms import PasswordField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, InputRequired

import forms
from forms.access import SignInForm
from forms.base import FilterForm, Form

UNSEEN = ["\u200b", "\u3164", "\u00a0", "\u2800", "\u202d\u202c", "\u3000\r\n\t"]

for module in pkgutil.iter_modules(forms.__path__):
    importlib.import_module(f"forms.{module.name}")


def below(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


FORMS = sorted(
    {*below(Form), *below(FilterForm)}, key=lambda one: f"{one.__module__}.{one.__name__}"
)


def texts_of(form: Form | FilterForm) -> list[Field]:
    return [
        field
        for field in form
        if isinstance(field, StringField) and not isinstance(field, PasswordField)
    ]


def is_required(field: Field) -> bool:
    return any(isinstance(one, DataRequired | InputRequired) for one in field.validators)


@pytest.fixture
def app() -> flask.Flask:
    app = flask.Flask(__name__)
    app.config |= {"SECRET_KEY": "only here", "WTF_CSRF_ENABLED": False}
    return app


def filled(app: flask.Flask, kind: type, text: str) -> Form | FilterForm:
    with app.test_request_context():
        names = [field.name for field in texts_of(kind(formdata=None))]
    with app.test_request_context(method="POST", data=dict.fromkeys(names, text)):
        form = kind(flask.request.form)
        for field in form:
            if getattr(field, "choices", ()) is None:
                field.choices = []
        form.validate()
        return form


@pytest.mark.parametrize("kind", FORMS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_text_comes_in_as_it_is_seen(app, kind):
    for field in texts_of(filled(app, kind, "\u202d\u200b 张\u00a0伟 \r\n丽\u202c\u3164\0")):
        assert field.data == "张 伟 \n丽", field.name


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
@pytest.mark.parametrize("kind", FORMS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_required_text_shows_something(app, kind, unseen):
    for field in filter(is_required, texts_of(filled(app, kind, unseen))):
        assert field.errors, field.name


def test_a_password_is_what_was_typed(app):
    typed = " \u200b密码 "
    with app.test_request_context(method="POST", data={"login": typed, "password": typed}):
        form = SignInForm(flask.request.form)
    assert (form.login.data, form.password.data) == ("密码", typed)


def test_there_are_required_texts(app):
    """Else the tests above would pass by having nothing to look at."""
    found = [
        field for kind in FORMS for field in texts_of(filled(app, kind, "")) if is_required(field)
    ]
    assert len(found) > 20
