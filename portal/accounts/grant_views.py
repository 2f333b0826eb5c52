"""Confirming many grants at once, scopes by name while somebody types, and the own account."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.accounts import ScopeQuestion
from forms.fields import is_number
from forms.procedures import ChosenForm
from models import Account
from portal.access.loading import Unseen
from portal.access.policy import SIGNED_IN
from portal.accounts import actions, grant_queries, holder_queries, own_queries, queries
from portal.refusals import Refusal, Refused
from portal.web.frame import db, deed, now, requires, signed_in

blueprint = Blueprint("accounts", __name__)
"""Of the whole room; views.py adds the pages of one account."""


@blueprint.get("/accounts/grants")
@requires("account.secure")
def list_grants() -> Any:
    return flask.render_template(
        "accounts/list_grants.html", waiting=grant_queries.list_waiting(db(), signed_in())
    )


@blueprint.post("/accounts/grants/confirmation")
@requires("account.secure")
def confirm_grants() -> Any:
    seen = {int(one): version for one, version in ChosenForm().seen.items() if is_number(one)}
    if not seen:
        raise Refused([Refusal("chosen", "missing_value", "请先勾选要确认的授权。")])
    found = grant_queries.chosen_grants(db(), signed_in(), sorted(seen))
    if len(found) != len(seen):
        raise Unseen("grant")
    actions.confirm_grants(deed(), found, seen=seen)
    flask.flash(f"已确认 {len(found)} 项授权，即时生效。", "success")
    return flask.redirect(flask.url_for(".list_grants"))


@blueprint.get("/accounts/scopes")
@requires("account.write")
def list_scopes() -> Any:
    """Answer the options of a scope's field while somebody types; without script nobody asks."""
    text = ScopeQuestion(flask.request.args).asked["scope_code"] or ""
    return flask.render_template(
        "accounts/_scopes.html", scopes=holder_queries.list_scopes(db(), text)
    )


@blueprint.get("/me")
@requires(SIGNED_IN)
def show_own() -> Any:
    account = db().get_one(Account, signed_in().account_id)
    return flask.render_template(
        "accounts/show_own.html",
        own=own_queries.view_own(db(), signed_in(), account),
        sessions=queries.list_sessions(db(), account, now()),
    )
