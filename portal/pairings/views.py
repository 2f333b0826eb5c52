"""Pages of pairings: the list of a year, one, a new one, the agreement, the end."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.fields import options
from forms.pairings import (
    AgreementForm,
    CreatePairingForm,
    PairingFilters,
)
from models import Pairing
from models.types import Line, Mode, Side
from portal.compliance.pace_rules import Pace
from portal.compliance.queries import explain
from portal.compliance.rules import FINDING_CODES, TITLES
from portal.documents.listing_frame import listing_answer
from portal.files.queries import board_of
from portal.pairings import (
    actions,
    choice_queries,
    decision_actions,
    frozen_queries,
    list_queries,
    offer_queries,
    record_queries,
)
from portal.pairings.life_rules import (
    Standing,
    Use,
    acting_provinces,
    refusals_for_use,
    sentence_after,
    sentence_on,
    standing_on,
)
from portal.pairings.list_queries import Filters
from portal.pairings.listing_export import LISTING
from portal.pairings.procedure_rules import LIFE
from portal.pairings.queries import (
    PAIRING,
    life_of,
)
from portal.places.queries import full_region_names, suggest_counties
from portal.procedures.timeline_queries import SHOWN_OF_SEVERAL, Track, timeline
from portal.programme.queries import current_year, list_years, policy_of_year
from portal.staffing.queries import track_of_people
from portal.web.addresses import number_in_query
from portal.web.door_counts import waiting_behind
from portal.web.frame import db, deed, reading, requires, signed_in, today
from portal.web.lists import page_size
from portal.web.pages import pager
from portal.web.refusals import edits_kept_in, refusals_shown_in, version_shown
from portal.web.rehearsal import undone

blueprint = Blueprint("pairings", __name__)


@blueprint.get("/pairings")
@requires("pairing.read")
def list_pairings() -> Any:
    form = _filter_form()
    years = list_years(db())
    year = _chosen_year(years)
    sort = flask.request.args.get("sort", list_queries.DEFAULT_ORDER)
    cursor = flask.request.args.get("cursor")
    found, sums = list_queries.list_pairings(
        db(),
        signed_in(),
        _filters_of(form, year),
        today=today(),
        sort=sort,
        cursor=cursor,
        size=page_size(),
    )
    return flask.render_template(
        "pairings/list_pairings.html",
        form=form,
        found=found,
        sums=sums,
        pager=pager(found),
        sort=sort,
        year=year,
        years=years,
        policy=policy_of_year(db(), year) if years else None,
        titles=TITLES,
        to_confirm=sum(waiting_behind("pairings.list_pairings")),
    )


@blueprint.route("/pairings/exports", methods=["GET", "POST"])
@requires("pairing.read", reads_first=True)
def export_pairings() -> Any:
    form = _filter_form()
    year = _chosen_year(list_years(reading()))
    return listing_answer(LISTING, form, _filters_of(form, year), said=(("年度", f"{year} 年度"),))


def _filter_form() -> PairingFilters:
    form = PairingFilters(flask.request.args)
    asked = {Side.SENT: form.sending.data, Side.RECEIVED: form.receiving.data}
    provinces = choice_queries.provinces_paired(reading(), signed_in(), "pairing.read", asked)
    form.sending.choices += options(provinces[Side.SENT])
    form.receiving.choices += options(provinces[Side.RECEIVED])
    form.finding.choices += options([(code, TITLES[code]) for code in FINDING_CODES])
    form.state.choices += options(Standing.choices())
    return form


def _chosen_year(years: list[int]) -> int:
    """Return the year in the URL, if there is such a work year, else the current one."""
    asked = number_in_query("year")
    return asked if asked in years else current_year(reading(), today())


def _filters_of(form: PairingFilters, year: int) -> Filters:
    asked = form.asked
    return Filters(
        year=year,
        text=asked["q"] or "",
        sending_province_code=asked["sending"] or "",
        receiving_province_code=asked["receiving"] or "",
        line=Line(asked["line"]) if asked["line"] else None,
        mode=Mode(asked["mode"]) if asked["mode"] else None,
        finding=asked["finding"] or "",
        is_compliant={"yes": True, "no": False}.get(asked["compliant"]),
        pace=Pace(asked["pace"]) if asked["pace"] else None,
        standing=Standing(asked["state"]) if asked["state"] else None,
    )


@blueprint.get("/pairings/<code>")
@requires("pairing.read", PAIRING)
def pairing(pairing: Pairing) -> Any:
    session, found = db(), signed_in()
    years = record_queries.years_of(session, pairing.id)
    year = _chosen_year_of(years)
    policy = policy_of_year(session, year)
    heads = record_queries.count_heads(session, pairing.id)
    life = life_of(session, pairing)
    offered = offer_queries.offered_on(session, found, pairing, life, today())
    return flask.render_template(
        "pairings/pairing.html",
        pairing=pairing,
        parties=record_queries.parties_of(session, pairing),
        readable=record_queries.readable_parties(session, found, pairing),
        county=full_region_names(session, [pairing.county_code])[pairing.county_code],
        years=years,
        year=year,
        policy=policy,
        explanation=explain(session, pairing, year, today(), found),
        heads=heads,
        files=board_of(session, found, pairing),
        members=record_queries.list_members(session, found, pairing.id, year),
        events=timeline(
            session,
            Track(LIFE, Pairing, Pairing.id == pairing.id),
            track_of_people(found, pairing.id),
            most=SHOWN_OF_SEVERAL,
        ),
        life=life,
        waits_on=sentence_on(life.waits) if life.waits else "",
        standing=standing_on(today(), pairing.state, pairing.starts_on, pairing.ends_on),
        steps=offer_queries.steps_of(pairing, heads, policy, life, today()),
        offered=offered,
        doors=_doors(pairing),
    )


def _doors(pairing: Pairing) -> dict[str, dict[str, Any]]:
    """Where the steps are taken that the head of the page offers."""
    refusal = flask.url_for("changes.pairings.decline_pairing", code=pairing.code)
    termination = flask.url_for("changes.pairings.terminate_pairing", code=pairing.code)
    return {
        "declined": {"url": refusal, "page": True},
        "withdrawn": {"url": refusal, "page": True},
        "terminated": {"url": termination, "page": True},
    }


def _chosen_year_of(years: list[int]) -> int:
    """Return the year in the URL, else the current one, else the nearest in which it stands."""
    asked = number_in_query("year")
    wanted = asked if asked in years else current_year(db(), today())
    return min(years, key=lambda year: abs(year - wanted), default=wanted)


@blueprint.route("/pairings/new", methods=["GET", "POST"])
@requires("pairing.write")
def create_pairing() -> Any:
    form = CreatePairingForm()
    preview = None
    if form.validate_on_submit():
        with refusals_shown_in(form):
            made = _create(form)
            if not undone():
                flask.flash(_words_on_creation(made), "success")
                return _to(made)
            preview = made
    elif not form.is_submitted():
        form.starts_on.data = today()
    acting = acting_provinces(signed_in())
    return flask.render_template(
        "pairings/create_pairing.html",
        form=form,
        preview=preview,
        parties=record_queries.parties_of(db(), preview) if preview else None,
        organisations=choice_queries.suggest_organisations(db(), acting),
        counties=suggest_counties(db()),
    )


def _words_on_creation(made: Pairing) -> str:
    waits = life_of(db(), made).waits
    return f"已建立结对 {made.code}" + (f"，{sentence_on(waits)}" if waits else "，即日生效。")


def _create(form: CreatePairingForm) -> Pairing:
    """Make the pairing as the form describes it."""
    chosen = choice_queries.choose(
        db(),
        sending=form.sending.data,
        receiving=form.receiving.data,
        county=form.county.data or "",
    )
    assert form.starts_on.data is not None  # required by the form
    return actions.create_pairing(
        deed(),
        code=form.code.data or None,
        sending=chosen.sending,
        receiving=chosen.receiving,
        county_code=chosen.county_code,
        line=Line(form.line.data),
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        exception_reason=form.exception_reason.data,
    )


@blueprint.post("/pairings/<code>/confirmation")
@requires("pairing.write", PAIRING)
def confirm_pairing(pairing: Pairing) -> Any:
    decision_actions.confirm_pairing(deed(), pairing, seen=version_shown())
    flask.flash(f"已确认结对 {pairing.code}，{sentence_after(life_of(db(), pairing))}", "success")
    return _to(pairing)


@blueprint.route("/pairings/<code>/agreement", methods=["GET", "POST"])
@requires("pairing.write", PAIRING)
def record_agreement(pairing: Pairing) -> Any:
    form = AgreementForm(data=_agreement(pairing))
    if form.validate_on_submit():
        with edits_kept_in(form, lambda: AgreementForm(None, data=_agreement(pairing))):
            assert form.signed_on.data is not None  # required by the form
            actions.record_agreement(
                deed(),
                pairing,
                number=form.number.data,
                signed_on=form.signed_on.data,
                version=form.version.data,
            )
            flask.flash("帮扶协议已登记。", "success")
            return _to(pairing)
    refused = [
        *refusals_for_use(Use.AGREE, life_of(db(), pairing)),
        *frozen_queries.refusals_for_first_agreement(db(), pairing),
    ]
    return flask.render_template(
        "pairings/record_agreement.html", form=form, pairing=pairing, refused=refused
    )


def _agreement(pairing: Pairing) -> dict[str, Any]:
    return {
        "number": pairing.agreement_number,
        "signed_on": pairing.agreement_signed_on,
        "version": pairing.version,
    }


def _to(pairing: Pairing) -> Any:
    return flask.redirect(flask.url_for(".pairing", code=pairing.code))
