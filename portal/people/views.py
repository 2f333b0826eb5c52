"""Pages of people: list, one, register, numbers in clear."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.people import PeopleFilters, RegisterPersonForm
from forms.personal_data import DisclosureForm
from models import Organisation, Pairing, Person
from models.types import CertLevel, ScopeKind, Side
from portal.access.loading import Unseen
from portal.access.scope import reaches
from portal.documents.listing_frame import listing_answer
from portal.documents.queries import list_documents
from portal.files.queries import board_of
from portal.organisations.queries import ORGANISATION, list_reached
from portal.pairings.queries import PAIRING
from portal.people import actions, queries
from portal.people.listing_export import LISTING
from portal.people.qualifying_queries import is_only_received
from portal.people.queries import PERSON, Filters
from portal.people.rules import PersonFacts
from portal.procedures.timeline_queries import SHOWN_OF_SEVERAL, timeline
from portal.staffing.queries import checks_of, list_nominable, track_of_person
from portal.web.frame import asked_for, db, deed, keep, requires, signed_in, today
from portal.web.lists import page_size
from portal.web.pages import pager
from portal.web.refusals import refusals_shown_in

blueprint = Blueprint("people", __name__)


@blueprint.get("/people")
@requires("person.read")
def list_people() -> Any:
    form = PeopleFilters(flask.request.args)
    sort = flask.request.args.get("sort", queries.DEFAULT_ORDER)
    found = queries.list_people(
        db(),
        signed_in(),
        _filters_of(form),
        on=today(),
        sort=sort,
        cursor=flask.request.args.get("cursor"),
        size=page_size(),
    )
    return flask.render_template(
        "people/list_people.html",
        form=form,
        found=found,
        pager=pager(found),
        sort=sort,
        own_organisations=list_reached(db(), signed_in(), "person.write"),
        sees_many=any(grant.scope_kind != ScopeKind.ORGANISATION for grant in signed_in().grants),
    )


@blueprint.route("/people/exports", methods=["GET", "POST"])
@requires("person.read", reads_first=True)
def export_people() -> Any:
    form = PeopleFilters(flask.request.args)
    return listing_answer(LISTING, form, _filters_of(form))


def _filters_of(form: PeopleFilters) -> Filters:
    asked = form.asked
    level = asked["level"] or ""
    return Filters(
        text=asked["q"] or "",
        organisation=asked["organisation"] or "",
        level=CertLevel(level) if level in set(CertLevel) else level,
        is_qualified={"yes": True, "no": False}.get(asked["qualified"]),
    )


@blueprint.get("/people/<person_id>")
@requires("person.read", PERSON)
def show_person(person: Person) -> Any:
    session, found = db(), signed_in()
    assignments = queries.list_assignments_of(session, found, person.id)
    may_edit = reaches(session, found, "person.write", person)
    return flask.render_template(
        "people/show_person.html",
        person=person,
        organisation=queries.organisation_of(session, person),
        certificates=queries.certificates_of(session, person.id),
        files=board_of(session, found, person),
        service_months=queries.service_months(person.service_started_on, today()),
        checks=checks_of(session, person.id, Side.SENT, today()),
        only_receives=is_only_received(session, person),
        assignments=assignments,
        days=queries.list_days_of(session, found, person.id),
        issued=list_documents(session, found, [row.id for row in assignments]),
        events=timeline(session, track_of_person(found, person.id), most=SHOWN_OF_SEVERAL),
        may_edit=may_edit,
        nominable=list_nominable(session, found, person, today()) if may_edit else [],
        may_reveal=reaches(session, found, "person.reveal", person),
    )


@blueprint.route("/organisations/<credit_code>/people/new", methods=["GET", "POST"])
@requires("person.write", ORGANISATION)
def register_person(organisation: Organisation) -> Any:
    form = RegisterPersonForm()
    pairing = _pairing_of(organisation)
    if form.validate_on_submit():
        with refusals_shown_in(form):
            facts = PersonFacts(
                name=form.name.data,
                id_number=form.id_number.data,
                phone=form.phone.data,
                service_started_on=form.service_started_on.data,
            )
            person = actions.register_person(deed(), organisation, facts)
            flask.flash(f"已登记“{person.name}”。", "success")
            return _to(person) if pairing is None else _on_to(pairing, person)
    return flask.render_template(
        "people/register_person.html", form=form, organisation=organisation, pairing=pairing
    )


def _pairing_of(organisation: Organisation) -> Pairing | None:
    """Return the pairing to which somebody of an organisation is to be nominated, if asked for."""
    pairing: Pairing | None = asked_for("for", PAIRING, "assignment.write")
    if pairing is not None and organisation.id not in (
        pairing.sending_organisation_id,
        pairing.receiving_organisation_id,
    ):
        raise Unseen("pairing")
    return pairing


def _on_to(pairing: Pairing, person: Person) -> Any:
    """Lead on to the next step: of whoever is received nobody asks a certificate."""
    if person.organisation_id == pairing.sending_organisation_id:
        url = flask.url_for(
            "changes.people.record_certificate",
            person_id=person.public_id,
            **{"for": pairing.code},  # type: ignore[arg-type] # a reserved word names the argument
        )
    else:
        url = flask.url_for("staffing.nominate", code=pairing.code, person=person.public_id)
    return flask.redirect(url)


@blueprint.route(
    "/people/<person_id>/disclosures/<any(id_number, phone):column>", methods=["GET", "POST"]
)
@requires("person.reveal", PERSON)
def reveal(person: Person, column: str) -> Any:
    form = DisclosureForm()
    page = {
        "form": form,
        "what": actions.REVEALABLE[column],
        "owner": person.name,
        "masked": getattr(person, f"{column}_masked"),
        "back": flask.url_for(".show_person", person_id=person.public_id),
        "place": ("人员", flask.url_for(".list_people")),
    }
    if form.validate_on_submit():
        with refusals_shown_in(form):
            clear = actions.reveal(deed(), person, column, form.reason.data)
            return keep(flask.render_template("personal_data/reveal.html", **page, clear=clear))
    return flask.render_template("personal_data/reveal.html", **page, clear=None)


def _to(person: Person) -> Any:
    return flask.redirect(flask.url_for(".show_person", person_id=person.public_id))
