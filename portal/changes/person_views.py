"""Changing a person's record: name, phone and start of service, certificates."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.people import CertificateForm, EditPersonForm
from models import Pairing, Person
from models.types import CertLevel
from portal.changes import actions
from portal.pairings.queries import PAIRING
from portal.people import queries
from portal.people.queries import PERSON
from portal.people.rules import CertificateFacts, PersonFacts
from portal.staffing.frozen_queries import refusals_for_qualifying
from portal.web.frame import asked_for, db, deed, requires
from portal.web.refusals import edits_kept_in, refuse_if_changed, stamp_of

blueprint = Blueprint("people", __name__)


@blueprint.route("/people/<person_id>/edit", methods=["GET", "POST"])
@requires("person.write", PERSON)
def edit_person(person: Person) -> Any:
    form = EditPersonForm(obj=person)
    pairing = _pairing()
    if form.validate_on_submit():
        with edits_kept_in(form, lambda: _edit_form(person)):
            actions.edit_person(deed(), person, _facts_of(form), version=form.version.data)
            flask.flash("人员信息已保存，援派资格已随之复核。", "success")
            return _on_to(pairing, person)
    closed = refusals_for_qualifying(db(), person.id)
    return flask.render_template(
        "changes/edit_person.html", form=form, person=person, closed=closed, pairing=pairing
    )


def _edit_form(person: Person) -> EditPersonForm:
    """Return the form as it is opened now, with the mask of the phone to be compared by."""
    return EditPersonForm(None, obj=person, phone=person.phone_masked)


@blueprint.route("/people/<person_id>/certificates/new", methods=["GET", "POST"])
@requires("person.write", PERSON)
def record_certificate(person: Person) -> Any:
    shown = _certificates(person)
    pairing = _pairing()
    form = CertificateForm(version=stamp_of(shown))
    if form.validate_on_submit():
        with edits_kept_in(form, lambda: _certificate_form(person, form.certificate_level.data)):
            refuse_if_changed(form, stamp_of(shown))
            facts = CertificateFacts(
                level=CertLevel(form.certificate_level.data),
                number=form.certificate_number.data,
                issued_on=form.certificate_issued_on.data,
            )
            actions.record_certificate(deed(), person, facts)
            flask.flash(f"已登记{facts.level.label}证书，援派资格已随之复核。", "success")
            return _on_to(pairing, person)
    return flask.render_template(
        "changes/record_certificate.html",
        form=form,
        person=person,
        pairing=pairing,
        certificates=queries.certificates_of(db(), person.id),
        closed=refusals_for_qualifying(db(), person.id),
    )


def _certificates(person: Person) -> list[CertificateFacts]:
    return [
        CertificateFacts(one.level, one.number, one.issued_on)
        for one in queries.certificates_of(db(), person.id)
    ]


def _certificate_form(person: Person, level: str) -> CertificateForm:
    """Return the form with what is recorded of a level now: that is what recording it mends."""
    shown = _certificates(person)
    stored = next((one for one in shown if one.level.value == level), None)
    data = {"version": stamp_of(shown), "certificate_level": level}
    if stored is not None:
        data |= {"certificate_number": stored.number, "certificate_issued_on": stored.issued_on}
    return CertificateForm(None, data=data)


def _pairing() -> Pairing | None:
    """Return the pairing to which the person is to be nominated next, if the address names one."""
    found: Pairing | None = asked_for("for", PAIRING, "assignment.write")
    return found


def _on_to(pairing: Pairing | None, person: Person) -> Any:
    if pairing is None:
        url = flask.url_for("people.show_person", person_id=person.public_id)
    else:
        url = flask.url_for("staffing.nominate", code=pairing.code, person=person.public_id)
    return flask.redirect(url)


def _facts_of(form: EditPersonForm) -> PersonFacts:
    """Return what the form holds; the ID number stays as it is."""
    return PersonFacts(
        name=form.name.data,
        id_number="",
        phone=form.phone.data,
        service_started_on=form.service_started_on.data,
    )
