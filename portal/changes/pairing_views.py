"""Ending pairings: a proposal taken back or declined, a second partner granted or not, termination."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.pairings import ExceptionForm, RefusalForm, TerminationForm
from models import Pairing
from models.types import Side
from portal.changes import actions
from portal.pairings import record_queries
from portal.pairings.life_rules import sentence_after
from portal.pairings.procedure_rules import LIFE, verb_of_refusal
from portal.pairings.queries import (
    PAIRING,
    facts_of,
    life_of,
    partners,
    termination_effect,
)
from portal.pairings.writing_actions import SENDING_OR_RECEIVING
from portal.web.frame import db, deed, requires, signed_in, today
from portal.web.refusals import edits_kept_in, refusals_shown_in
from portal.web.rehearsal import is_rehearsal

blueprint = Blueprint("pairings", __name__)


@blueprint.route("/pairings/<code>/refusal", methods=["GET", "POST"])
@requires("pairing.write", PAIRING)
def decline_pairing(pairing: Pairing) -> Any:
    form = RefusalForm(version=pairing.version)
    verb = verb_of_refusal(facts_of(db(), signed_in(), pairing))
    if form.validate_on_submit():
        with refusals_shown_in(form):
            actions.decline_pairing(deed(), pairing, form.reason.data, seen=form.version.data)
            flask.flash(
                f"结对 {pairing.code} 已{'撤回' if verb == 'withdrawn' else '不同意'}。", "success"
            )
            return _to(pairing)
    return flask.render_template(
        "changes/decline_pairing.html",
        form=form,
        pairing=pairing,
        verb=LIFE.step(verb).label,
        heads=record_queries.count_heads(db(), pairing.id),
    )


@blueprint.route("/pairings/<code>/exceptions/<any(sent, received):side>", methods=["GET", "POST"])
@requires("pairing.write", PAIRING)
def decide_on_exception(pairing: Pairing, side: str) -> Any:
    form = ExceptionForm(version=pairing.version)
    chosen = Side(side)
    if form.validate_on_submit():
        with refusals_shown_in(form):
            is_granted = form.decision.data == "grant"
            actions.decide_on_exception(
                deed(),
                pairing,
                chosen,
                is_granted=is_granted,
                opinion=form.reason.data or "",
                seen=form.version.data,
            )
            if is_granted:
                after = sentence_after(life_of(db(), pairing))
                flask.flash(f"已批准一对一例外，{after}", "success")
            else:
                flask.flash(f"未批准一对一例外，结对 {pairing.code} 不成立。", "success")
            return _to(pairing)
    name = SENDING_OR_RECEIVING[chosen]
    years = record_queries.years_of(db(), pairing.id)
    return flask.render_template(
        "changes/decide_on_exception.html",
        form=form,
        pairing=pairing,
        party=record_queries.parties_of(db(), pairing)[chosen],
        request_=record_queries.request_of(db(), pairing.id, chosen),
        taken=partners(db(), getattr(pairing, f"{name}_organisation_id"), years, name),
    )


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
        "changes/terminate_pairing.html",
        form=form,
        pairing=pairing,
        effect=termination_effect(db(), pairing, form.last_day.data)
        if form.last_day.data
        else None,
    )


def _to(pairing: Pairing) -> Any:
    return flask.redirect(flask.url_for("pairings.pairing", code=pairing.code))
