"""How long a text may be: the limit of its rule, in the form, on the page and in a file alike."""

from __future__ import annotations

import importlib
import pkgutil

import flask
import pytest
import sqlalchemy as sa
from wtforms import PasswordField, StringField
from wtforms.validators import Length

import forms
from forms.base import FilterForm, Form
from forms.feedback import AnswerForm, FeedbackForm
from forms.organisations import RegisterOrganisationForm
from forms.pairings import AgreementForm, CreatePairingForm
from forms.people import CertificateForm, RegisterPersonForm
from forms.personal_data import DisclosureForm
from forms.workdays import EntryForm
from models import Workday
from models.types import ImportKind
from portal.feedback import rules as feedback
from portal.organisations import rules as organisations
from portal.pairings import rules as pairings
from portal.people import rules as people
from portal.personal_data import rules as personal_data
from portal.workdays import rules as workdays
from tests.support.imports import check_rows, workday

NEW = "/workdays/new"
TEN_LINES = "\r\n".join(["长" * 199] * 10)
"""1,999 characters for whoever wrote them; a browser sends 2,008."""

LIMITS = [
    (EntryForm, "description", workdays.MAX_DESCRIPTION),
    (RegisterOrganisationForm, "name", organisations.MAX_NAME),
    (RegisterOrganisationForm, "type_reason", organisations.MAX_REASON),
    (RegisterOrganisationForm, "legal_representative", organisations.MAX_SHORT_TEXT),
    (RegisterOrganisationForm, "contact_name", organisations.MAX_SHORT_TEXT),
    (RegisterPersonForm, "name", people.MAX_NAME),
    (CertificateForm, "certificate_number", people.MAX_NUMBER),
    (CreatePairingForm, "code", pairings.MAX_CODE),
    (AgreementForm, "number", pairings.MAX_AGREEMENT_NUMBER),
    (DisclosureForm, "reason", personal_data.MAX_REASON),
    (FeedbackForm, "text", feedback.LONGEST),
    (AnswerForm, "text", feedback.LONGEST_REPLY),
]


def every_form() -> list[type[Form]]:
    for module in pkgutil.iter_modules(forms.__path__):
        importlib.import_module(f"forms.{module.name}")
    found, waiting = [], [Form, FilterForm]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        found.append(kind)
    return found


@pytest.mark.parametrize(("kind", "name", "limit"), LIMITS)
def test_a_form_has_the_limit_of_the_rule(kind, name, limit):
    assert getattr(kind, name).kwargs["render_kw"] == {"maxlength": limit}


def test_in_every_form_a_line_break_counts_once(portal: flask.Flask):
    """Whatever is typed over lines is as long as it looks; the limit falls where it stands."""
    limited = 0
    for kind in every_form():
        for name, field in vars(kind).items():
            made = getattr(field, "field_class", None)
            limits = [
                one
                for one in getattr(field, "kwargs", {}).get("validators", ())
                if isinstance(one, Length)
            ]
            is_text = made and issubclass(made, StringField) and not issubclass(made, PasswordField)
            if not (is_text and limits):
                continue
            most = limits[0].max
            for text, is_too_long in (
                ("字\r\n" * (most // 2 - 1) + "字字", False),
                ("字\r\n" * (most // 2) + "字字", True),
            ):
                with portal.test_request_context("/", method="POST", data={name: text}):
                    form = kind(meta={"csrf": False})
                    form[name].validate(form)
                    said = " ".join(form[name].errors)
                    assert ("超过" in said or "长" in said) == is_too_long, (kind, name, said)
            limited += 1
    assert limited > 20


def test_ten_lines_of_199_characters_are_1999(pages, world):
    page = pages("sending_staff").get(NEW)
    page.submit(task="t1", description=TEN_LINES, button="提交", follow=True)
    stored = world.session.scalars(sa.select(Workday.description)).one()
    assert (len(stored), stored.count("\n"), "\r" in stored) == (1999, 9, False)


def test_a_file_counts_them_alike(world):
    rows = [workday(工作内容=TEN_LINES), workday(day="2022-11-02", 工作内容=TEN_LINES + "长长")]
    report = check_rows(world, ImportKind.WORKDAYS, rows).report
    assert [(error.row, error.code) for error in report.errors] == [(3, "text_too_long")]


def test_the_page_counts_to_the_same_limit_and_says_what_is_too_long(pages, world):
    page = pages("sending_staff").get(NEW)
    limit = str(workdays.MAX_DESCRIPTION)
    assert page.find("textarea[name=description]")["maxlength"] == limit
    page = page.submit(task="t1", description="长" * 2001, button="提交", expect=200)
    assert any("工作内容 2001 字，超过上限 2000 字，请精简。" in error for error in page.errors)
    assert world.count(Workday) == 0
