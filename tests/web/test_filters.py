"""What a filter does not accept asks for nothing, and the page says so beside the field."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import date
from typing import Any

import flask
import pytest
from werkzeug.datastructures import MultiDict
from wtforms import SelectField
from wtforms.fields.core import UnboundField

import forms
from forms.base import FilterForm
from tests.security.oddities import ANY, BLANKS
from tests.support.portal import Pages


def _filter_forms() -> Iterator[type[FilterForm]]:
    for module in pkgutil.iter_modules(forms.__path__):
        importlib.import_module(f"forms.{module.name}")
    waiting = [FilterForm]
    while waiting:
        found = waiting.pop().__subclasses__()
        yield from found
        waiting += found


def _fields() -> list[Any]:
    return [
        pytest.param(kind, name, id=f"{kind.__name__}.{name}")
        for kind in _filter_forms()
        for name in dir(kind)
        if isinstance(getattr(kind, name), UnboundField)
    ]


@pytest.fixture
def bare() -> Iterator[None]:
    with flask.Flask("bare").test_request_context():
        yield


def _asked(kind: type[FilterForm], *pairs: tuple[str, str]) -> FilterForm:
    form = kind(MultiDict(pairs))
    for field in form:
        if isinstance(field, SelectField) and field.choices is None:
            field.choices = []
    return form


@pytest.mark.parametrize(("kind", "name"), _fields())
def test_a_blank_filter_asks_for_nothing(bare: None, kind: type[FilterForm], name: str) -> None:
    for blank in BLANKS:
        form = _asked(kind, (name, blank))
        assert form.asked[name] is None
        assert not form[name].errors


@pytest.mark.parametrize(("kind", "name"), _fields())
def test_only_what_a_filter_accepts_is_asked_for(
    bare: None, kind: type[FilterForm], name: str
) -> None:
    for odd in ANY:
        form = _asked(kind, (name, odd))
        asked, field = form.asked[name], form[name]
        if asked is None:
            continue
        assert not field.errors
        if isinstance(field, SelectField):
            assert asked in [choice.value for choice in field.choices]
        else:
            assert isinstance(asked, date | str | int)


@pytest.mark.parametrize(
    ("persona", "path", "name"),
    [
        ("county_officer", "/summary", "line"),
        ("county_officer", "/summary", "as_of"),
        ("county_officer", "/pairings", "finding"),
        ("county_officer", "/people", "level"),
        ("county_officer", "/organisations", "type"),
        ("county_officer", "/assignments", "state"),
        ("county_officer", "/workdays", "month"),
        ("county_officer", "/dashboard", "province"),
        ("national_officer", "/programme/policy", "on"),
        ("audit_administrator", "/audit", "event"),
        ("system_administrator", "/accounts", "role"),
        ("system_administrator", "/feedback/inbox", "kind"),
    ],
)
def test_a_page_says_beside_the_field_what_it_did_not_accept(
    pages: Pages, persona: str, path: str, name: str
) -> None:
    page = pages(persona).get(f"{path}?{name}=nonsense")
    assert page.find(f"#{name}[aria-invalid=true]")
    error = page.find(f"#{name}-error")
    assert error
    assert "nonsense" in error.text
