"""Pages of disputes: what the other side has handed in, and the days on which both do not agree."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.disputes import DisputedFilters, DisputeForm, PartnerFilters
from forms.procedures import ChosenNumbersForm
from portal.disputes import actions, queries
from portal.disputes.rules import PartnerScope
from portal.web.addresses import with_this_query
from portal.web.frame import db, deed, requires, signed_in, today
from portal.web.lists import page_size
from portal.web.pages import pager
from portal.web.refusals import refusals_shown_in

blueprint = Blueprint("disputes", __name__)


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
