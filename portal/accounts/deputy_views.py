"""代理: lending an own role, and seeing who stands in for whom; on both sides."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.accounts import DeputyForm
from forms.fields import options
from portal.accounts import deputy_queries as queries
from portal.accounts.deputy_actions import end_lent_role, lend_role
from portal.web.frame import db, deed, requires, signed_in, today
from portal.web.refusals import refusals_shown_in

blueprint = Blueprint("deputies", __name__)


@blueprint.route("/deputies", methods=["GET", "POST"])
@requires("self.use")
def show_deputies() -> Any:
    lendable = queries.list_lendable(db(), signed_in())
    form = DeputyForm()
    people = {one: words for role in lendable for one, words in role.candidates}
    form.grant.choices = options([(str(one.grant_id), one.label) for one in lendable])
    form.deputy.choices = options(people.items(), "请选择")
    if form.validate_on_submit():
        starts_on, ends_on = form.starts_on.data, form.ends_on.data
        assert starts_on is not None  # both are required
        assert ends_on is not None
        with refusals_shown_in(form):
            grant = queries.find_own_grant(db(), signed_in(), int(form.grant.data))
            account = queries.find_account(db(), form.deputy.data)
            lend_role(deed(), grant, account, starts_on, ends_on)
            flask.flash("已委托代理，到期自动结束，也可随时提前结束。", "success")
            return flask.redirect(flask.url_for(".show_deputies"))
    if not form.is_submitted():
        form.starts_on.data = today()
    return flask.render_template(
        "accounts/show_deputies.html",
        form=form,
        lendable=lendable,
        has_candidates=bool(people),
        lent=queries.list_lent(db(), signed_in()),
        borrowed=queries.list_borrowed(db(), signed_in()),
    )


@blueprint.post("/deputies/<int:grant_id>/end")
@requires("self.use")
def end_deputy(grant_id: int) -> Any:
    lent = queries.find_lent(db(), signed_in(), grant_id)
    if lent is None:
        flask.flash("没有这项代理，或者它不是您的。", "warning")
    else:
        end_lent_role(deed(), lent)
        flask.flash("代理已结束，即时生效。", "success")
    return flask.redirect(flask.url_for(".show_deputies"))
