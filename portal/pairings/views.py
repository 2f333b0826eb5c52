"""Pages of pairings: the list of a year, one, a new one, the agreement, the end."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.fields import options
from forms.pairings import AgreementForm, CreatePairingForm, PairingFilters, TerminationForm
from models import Pairing
from models.types import Line, Mode, PairingState, Side
from portal.access.scope import reaches
from portal.compliance.queries import explain
from portal.compliance.rules import FINDING_CODES, TITLES
from portal.pairings import actions, choices, listing, record
from portal.pairings.listing import Filters
from portal.pairings.queries import PAIRING, confirmed_sides, termination_effect
from portal.pairings.rules import KINDS, sides_of, waiting_side
from portal.pairings.steps import People, Step, next_steps
from portal.places.queries import full_region_names, list_provinces
from portal.programme.policy import Policy
from portal.programme.queries import current_year, list_years, policy_of_year
from portal.staffing.rules import KINDS as STAFFING_KINDS
from portal.web.addresses import number_in_query
from portal.web.frame import db, deed, requires, signed_in, today
from portal.web.pages import count_on_door, pager
from portal.web.refusals import edits_kept_in, refusals_shown_in
from portal.web.rehearsal import is_rehearsal, undone

blueprint = Blueprint("pairings", __name__)
count_on_door(blueprint, "pairings.list_pairings", listing.count_to_confirm)

WAITING = "waiting"
"""The choice of the state filter that is no state of a pairing."""


@blueprint.get("/pairings")
@requires("pairing.read")
def list_pairings() -> Any:
    form = PairingFilters(flask.request.args)
    provinces = options(list_provinces(db()))
    form.sending.choices += provinces
    form.receiving.choices += provinces
    form.finding.choices += options([(code, TITLES[code]) for code in FINDING_CODES])
    years = list_years(db())
    year = _chosen_year(years)
    sort = flask.request.args.get("sort", listing.DEFAULT_ORDER)
    cursor = flask.request.args.get("cursor")
    found, sums = listing.list_pairings(
        db(), signed_in(), _filters_of(form, year), sort=sort, cursor=cursor
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
        to_confirm=listing.count_to_confirm(db(), signed_in()),
    )


def _chosen_year(years: list[int]) -> int:
    """Return the year in the URL, if there is such a work year, else the current one."""
    asked = number_in_query("year")
    return asked if asked in years else current_year(db(), today())


def _filters_of(form: PairingFilters, year: int) -> Filters:
    asked = form.asked
    state = asked["state"]
    return Filters(
        year=year,
        text=asked["q"] or "",
        sending_province_code=asked["sending"] or "",
        receiving_province_code=asked["receiving"] or "",
        line=Line(asked["line"]) if asked["line"] else None,
        mode=Mode(asked["mode"]) if asked["mode"] else None,
        finding=asked["finding"] or "",
        is_compliant={"yes": True, "no": False}.get(asked["compliant"]),
        state=PairingState(state) if state in set(PairingState) else None,
        waiting=state == WAITING,
    )


@blueprint.get("/pairings/<code>")
@requires("pairing.read", PAIRING)
def pairing(pairing: Pairing) -> Any:
    session, found = db(), signed_in()
    years = record.years_of(session, pairing.id)
    year = _chosen_year_of(years)
    policy = policy_of_year(session, year)
    heads = record.count_heads(session, pairing.id)
    waiting = _waiting_side(pairing)
    return flask.render_template(
        "pairings/pairing.html",
        pairing=pairing,
        parties=record.parties_of(session, pairing),
        readable=record.readable_parties(session, found, pairing),
        county=full_region_names(session, [pairing.county_code])[pairing.county_code],
        years=years,
        year=year,
        policy=policy,
        explanation=explain(session, pairing, year, today(), found),
        heads=heads,
        members=record.list_members(session, found, pairing.id, year),
        decisions=record.list_decisions(session, found, pairing.id),
        kinds=KINDS | STAFFING_KINDS,
        waiting=waiting,
        steps=_steps(pairing, heads, policy, waiting),
        allowed=_allowed(pairing),
    )


def _chosen_year_of(years: list[int]) -> int:
    """Return the year in the URL, else the current one, else the nearest in which it stands."""
    asked = number_in_query("year")
    wanted = asked if asked in years else current_year(db(), today())
    return min(years, key=lambda year: abs(year - wanted), default=wanted)


def _waiting_side(pairing: Pairing) -> Side | None:
    return waiting_side(pairing.mode, pairing.state, confirmed_sides(db(), pairing.id))


def _steps(
    pairing: Pairing, heads: dict[Side, record.Heads], policy: Policy, waiting: Side | None
) -> list[Step]:
    need = {Side.SENT: policy["min_sent_staff"], Side.RECEIVED: policy["min_received_staff"]}
    return next_steps(
        state=pairing.state,
        is_over=pairing.ends_on < today(),
        waiting=waiting,
        people={side: People(*heads[side], need[side]) for side in Side},
    )


def _allowed(pairing: Pairing) -> set[str]:
    """Return the verbs that the page offers to whoever reads it, some of them for a side."""
    session, found = db(), signed_in()
    own = record.own_sides(found, pairing)
    deciding = record.deciding_sides(session, found, pairing.id)
    verbs = {f"nominate_{side}" for side in own} | {f"approve_{side}" for side in deciding}
    if own and pairing.ends_on >= today():
        verbs.add("nominate")
    if reaches(session, found, "pairing.write", pairing):
        provinces = (pairing.sending_province_code, pairing.receiving_province_code)
        acting = sides_of(actions.acting_provinces(found), *provinces)
        verbs |= {"agreement", "terminate", *(f"confirm_{side}" for side in acting)}
    return verbs


@blueprint.route("/pairings/new", methods=["GET", "POST"])
@requires("pairing.write")
def create_pairing() -> Any:
    form = CreatePairingForm()
    preview = None
    if form.validate_on_submit():
        with refusals_shown_in(form):
            made = _create(form)
            if not undone():
                flask.flash(f"已建立结对 {made.code}。", "success")
                return _to(made)
            preview = made
    elif not form.is_submitted():
        form.starts_on.data = today()
    acting = actions.acting_provinces(signed_in())
    return flask.render_template(
        "pairings/create_pairing.html",
        form=form,
        preview=preview,
        parties=record.parties_of(db(), preview) if preview else None,
        organisations=choices.suggest_organisations(db(), acting),
        counties=choices.suggest_counties(db()),
    )


def _create(form: CreatePairingForm) -> Pairing:
    """Make the pairing as the form describes it."""
    chosen = choices.choose(
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
    actions.confirm_pairing(deed(), pairing)
    flask.flash(f"已确认结对 {pairing.code}。", "success")
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
    return flask.render_template("pairings/record_agreement.html", form=form, pairing=pairing)


def _agreement(pairing: Pairing) -> dict[str, Any]:
    return {
        "number": pairing.agreement_number,
        "signed_on": pairing.agreement_signed_on,
        "version": pairing.version,
    }


@blueprint.route("/pairings/<code>/termination", methods=["GET", "POST"])
@requires("pairing.write", PAIRING)
def terminate_pairing(pairing: Pairing) -> Any:
    form = TerminationForm(last_day=min(today(), pairing.ends_on), version=pairing.version)
    if form.validate_on_submit() and not is_rehearsal():
        with edits_kept_in(form, lambda: TerminationForm(None, version=pairing.version)):
            assert form.last_day.data is not None  # required by the form
            actions.terminate_pairing(
                deed(),
                pairing,
                last_day=form.last_day.data,
                reason=form.reason.data,
                version=form.version.data,
            )
            flask.flash(f"结对 {pairing.code} 已终止。", "success")
            return _to(pairing)
    if is_rehearsal():
        form.reason.errors = []
    return flask.render_template(
        "pairings/terminate_pairing.html",
        form=form,
        pairing=pairing,
        effect=termination_effect(db(), pairing, form.last_day.data)
        if form.last_day.data
        else None,
    )


def _to(pairing: Pairing) -> Any:
    return flask.redirect(flask.url_for(".pairing", code=pairing.code))
