"""Pages of disputes: what the other side has handed in, and the days on which both do not agree."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.disputes import DisputedFilters, DisputeForm, PartnerFilters, VerdictForm
from forms.procedures import ChosenNumbersForm
from models import Workday
from portal.disputes import actions, queries
from portal.disputes.rules import PartnerScope
from portal.web.addresses import with_this_query
from portal.web.frame import db, deed, requires, signed_in, today
from portal.web.lists import page_size
from portal.web.pages import flash_undoable, pager
from portal.web.refusals import refusals_shown_in
from portal.workdays.dossier_queries import dossier_of
from portal.workdays.life_rules import LIFE
from portal.workdays.queries import WORKDAY

blueprint = Blueprint("disputes", __name__)

ONE = "/workdays/<int:workday_id>/dispute"


@blueprint.route("/workdays/partner", methods=["GET", "POST"])
@requires("workday.dispute")
def list_partner_days() -> Any:
    form, filters = DisputeForm(), PartnerFilters(flask.request.args)
    here = with_this_query(flask.request.path, "cursor")
    if form.validate_on_submit():
        with refusals_shown_in(form):
            count = actions.dispute_days(deed(), form.seen, form.reason.data)
            flask.flash(f"已对 {count} 条提出异议；了结之前，县级不能核准这些日子。", "success")
            return flask.redirect(here)
    asked = filters.asked
    found = queries.list_days(
        db(),
        signed_in(),
        "workday.dispute",
        today(),
        pairing=asked["pairing"] or "",
        person=asked["person"] or "",
        scope=PartnerScope(asked["scope"] or PartnerScope.OPEN),
        cursor=flask.request.args.get("cursor"),
        size=page_size(),
    )
    return flask.render_template(
        "disputes/list_partner_days.html",
        form=form,
        filters=filters,
        found=found,
        pager=pager(found),
        here=here,
    )


@blueprint.post("/workdays/partner/withdrawal")
@requires("workday.dispute")
def withdraw_disputes() -> Any:
    count = actions.withdraw_disputes(deed(), ChosenNumbersForm().seen)
    flask.flash(f"已撤回 {count} 条异议。", "success")
    return flask.redirect(flask.url_for(".list_partner_days"))


@blueprint.get("/workdays/disputed")
@requires("workday.read")
def list_disputed() -> Any:
    filters = DisputedFilters(flask.request.args)
    asked = {name: value for name, value in filters.asked.items() if value}
    found = queries.list_days(
        db(),
        signed_in(),
        "workday.read",
        today(),
        scope=PartnerScope.DISPUTED,
        cursor=flask.request.args.get("cursor"),
        size=page_size(),
        **asked,
    )
    return flask.render_template(
        "disputes/list_disputed.html", filters=filters, found=found, pager=pager(found)
    )


@blueprint.route(ONE + "/dismissal", methods=["GET", "POST"])
@requires("workday.approve", WORKDAY)
def dismiss_dispute(workday: Workday) -> Any:
    return _settle(workday, "dispute_dismissed")


@blueprint.route(ONE + "/upholding", methods=["GET", "POST"])
@requires("workday.approve", WORKDAY)
def uphold_dispute(workday: Workday) -> Any:
    return _settle(workday, "dispute_upheld")


def _settle(workday: Workday, verb: str) -> Any:
    """Ask the county why, then write what it says of a dispute."""
    form = VerdictForm(version=workday.version)
    day = flask.url_for("workdays.show_workday", workday_id=workday.id)
    dossier = dossier_of(db(), workday)
    if form.validate_on_submit():
        reason, seen = form.reason.data or "", form.version.data
        with refusals_shown_in(form):
            whose = f"{dossier.person_name} {workday.worked_on}"
            if verb == "dispute_dismissed":
                actions.dismiss_dispute(deed(), workday, reason, seen=seen)
                flask.flash(f"已认定对 {whose} 的异议不成立，双方会看到理由。", "success")
                return flask.redirect(day)
            batch = actions.uphold_dispute(deed(), workday, reason, seen=seen)
            flash_undoable(
                f"已认定对 {whose} 的异议成立，日志退回填报人，双方会看到理由。",
                flask.url_for("confirmations.undo_approval", batch=batch),
            )
            return flask.redirect(flask.url_for(".list_disputed"))
    return flask.render_template(
        "disputes/settle_dispute.html",
        form=form,
        workday=workday,
        dossier=dossier,
        step=LIFE.step(verb),
        back=day,
    )
