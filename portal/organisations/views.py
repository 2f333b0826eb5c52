"""Pages of organisations: list, one, register, edit, contact in clear."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.fields import options
from forms.organisations import EditOrganisationForm, OrganisationFilters, RegisterOrganisationForm
from forms.personal_data import DisclosureForm
from models import Organisation
from models.types import NATION, OrgType, ScopeKind, Side
from portal.access.scope import reaches
from portal.documents.listing_frame import listing_answer
from portal.files.queries import board_of
from portal.organisations import actions, queries
from portal.organisations.listing_export import LISTING
from portal.organisations.queries import ORGANISATION, Filters
from portal.organisations.rules import OrganisationFacts
from portal.people.queries import Filters as PeopleFilters
from portal.people.queries import list_people
from portal.places.queries import full_region_names, list_provinces
from portal.programme.queries import current_year
from portal.standards.text import trimmed
from portal.web.frame import db, deed, keep, reading, requires, signed_in, today
from portal.web.lists import page_size
from portal.web.pages import pager
from portal.web.refusals import edits_kept_in, refusals_shown_in

blueprint = Blueprint("organisations", __name__)

MEMBERS_SHOWN = 20


@blueprint.get("/organisations")
@requires("organisation.read")
def list_organisations() -> Any:
    form = _filter_form()
    year = current_year(db(), today())
    sort = flask.request.args.get("sort", queries.DEFAULT_ORDER)
    found = queries.list_organisations(
        db(),
        signed_in(),
        _filters_of(form),
        year=year,
        sort=sort,
        cursor=flask.request.args.get("cursor"),
        size=page_size(),
    )
    return flask.render_template(
        "organisations/list_organisations.html",
        form=form,
        found=found,
        pager=pager(found),
        sort=sort,
        year=year,
        sees_the_nation=_sees_the_nation(),
    )


@blueprint.route("/organisations/exports", methods=["GET", "POST"])
@requires("organisation.read", reads_first=True)
def export_organisations() -> Any:
    form = _filter_form()
    return listing_answer(LISTING, form, _filters_of(form))


def _filter_form() -> OrganisationFilters:
    form = OrganisationFilters(flask.request.args)
    form.province.choices += options(list_provinces(reading()) if _sees_the_nation() else [])
    return form


def _sees_the_nation() -> bool:
    return any(grant.scope_code == NATION for grant in signed_in().grants)


def _filters_of(form: OrganisationFilters) -> Filters:
    """Return what is asked for; what is no choice of the form asks for nothing."""
    asked = form.asked
    role = asked["role"] or ""
    return Filters(
        text=asked["q"] or "",
        province_code=asked["province"] or "",
        type=OrgType(asked["type"]) if asked["type"] else None,
        role=Side(role) if role in set(Side) else role,
    )


@blueprint.get("/organisations/<credit_code>")
@requires("organisation.read", ORGANISATION)
def show_organisation(organisation: Organisation) -> Any:
    found, session = signed_in(), db()
    pairings = queries.list_pairings_of(session, found, organisation.id, today())
    return flask.render_template(
        "organisations/show_organisation.html",
        organisation=organisation,
        seat=full_region_names(session, [organisation.region_code])[organisation.region_code],
        pairings=pairings,
        files=board_of(session, found, organisation),
        events=queries.history_of(session, found, organisation.id),
        members=_members(organisation),
        sees_partners=any(grant.scope_kind != ScopeKind.ORGANISATION for grant in found.grants),
        may_edit=reaches(session, found, "organisation.write", organisation),
        may_register_people=reaches(session, found, "person.write", organisation),
    )


def _members(organisation: Organisation) -> Any:
    """Return the first people of an organisation that the actor may see; the rest is a click away."""
    return list_people(
        db(),
        signed_in(),
        PeopleFilters(organisation=organisation.credit_code),
        on=today(),
        size=MEMBERS_SHOWN,
    )


@blueprint.route("/organisations/new", methods=["GET", "POST"])
@requires("organisation.register")
def register_organisation() -> Any:
    form = RegisterOrganisationForm()
    seats = queries.list_seats(db(), signed_in(), "organisation.register")
    if form.validate_on_submit():
        with refusals_shown_in(form):
            organisation = actions.register_organisation(
                deed(), _facts_of(form, form.credit_code.data)
            )
            flask.flash(f"已登记“{organisation.name}”。", "success")
            return _to(organisation)
    elif not form.is_submitted() and len(seats) == 1:
        form.region_code.data = seats[0].code
    return flask.render_template(
        "organisations/register_organisation.html",
        form=form,
        seats=seats,
        seat_name=_seat_name(form.region_code.data),
    )


@blueprint.route("/organisations/<credit_code>/edit", methods=["GET", "POST"])
@requires("organisation.write", ORGANISATION)
def edit_organisation(organisation: Organisation) -> Any:
    form = EditOrganisationForm(obj=organisation)
    if form.validate_on_submit():
        with edits_kept_in(form, lambda: _edit_form(organisation)):
            actions.edit_organisation(
                deed(),
                organisation,
                _facts_of(form, organisation.credit_code),
                version=form.version.data,
            )
            flask.flash("机构信息已保存。", "success")
            return _to(organisation)
    return flask.render_template(
        "organisations/edit_organisation.html",
        form=form,
        organisation=organisation,
        seats=queries.list_seats(db(), signed_in(), "organisation.write"),
        seat_name=_seat_name(form.region_code.data),
    )


def _edit_form(organisation: Organisation) -> EditOrganisationForm:
    """Return the form as it is opened now, with the masks of what is sealed to be compared by."""
    return EditOrganisationForm(
        None,
        obj=organisation,
        contact_phone=organisation.contact_phone_masked,
        bank_account=organisation.bank_account_masked,
    )


@blueprint.get("/organisations/seat")
@requires("organisation.write")
def show_seat() -> Any:
    """The name behind a region code, for whoever is typing one."""
    code = flask.request.args.get("region_code", "")
    return flask.render_template("organisations/show_seat.html", seat_name=_seat_name(code))


@blueprint.route(
    "/organisations/<credit_code>/disclosures/<any(contact_phone, bank_account):column>",
    methods=["GET", "POST"],
)
@requires("organisation.write", ORGANISATION)
def reveal(organisation: Organisation, column: str) -> Any:
    form = DisclosureForm()
    page = {
        "form": form,
        "what": actions.REVEALABLE[column],
        "owner": organisation.name,
        "masked": getattr(organisation, f"{column}_masked"),
        "back": flask.url_for(".show_organisation", credit_code=organisation.credit_code),
        "place": ("机构", flask.url_for(".list_organisations")),
    }
    if form.validate_on_submit():
        with refusals_shown_in(form):
            clear = actions.reveal(deed(), organisation, column, form.reason.data)
            return keep(flask.render_template("personal_data/reveal.html", **page, clear=clear))
    return flask.render_template("personal_data/reveal.html", **page, clear=None)


def _to(organisation: Organisation) -> Any:
    return flask.redirect(flask.url_for(".show_organisation", credit_code=organisation.credit_code))


def _facts_of(form: Any, credit_code: str) -> OrganisationFacts:
    return OrganisationFacts(
        credit_code=credit_code,
        name=form.name.data,
        type=OrgType(form.type.data),
        type_reason=form.type_reason.data,
        region_code=form.region_code.data,
        legal_representative=form.legal_representative.data,
        contact_name=form.contact_name.data,
        contact_phone=form.contact_phone.data,
        bank_account=form.bank_account.data,
        founded_on=form.founded_on.data,
        bank_name=form.bank_name.data,
    )


def _seat_name(code: str | None) -> str | None:
    """Return the full name of a seat by its code, or None if nobody can have a seat there."""
    region = queries.find_seat(db(), trimmed(code or ""))
    return full_region_names(db(), [region.code])[region.code] if region else None
