"""Signing in and out, and the own password."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import flask
import sqlalchemy as sa
from flask import Blueprint
from flask_login import login_user, logout_user
from sqlalchemy.orm import Session

from forms.access import ChangePasswordForm, SignInForm
from models import Account
from portal.access import actions, rules
from portal.access.actor import Actor
from portal.access.policy import PUBLIC
from portal.access.queries import find_actor, find_signed_in
from portal.access.signing import passwords, sign_in_page
from portal.deeds import Deed
from portal.refusals import refuse_if
from portal.web.frame import (
    actor,
    close_session,
    database,
    db,
    deed,
    now,
    requires,
    signed_in,
)
from portal.web.refusals import refusals_shown_in

blueprint = Blueprint("access", __name__)

NOTED_EVERY = timedelta(minutes=1)
WRONG = "登录名或密码不正确；连续错误 5 次将锁定 15 分钟。"


@blueprint.route("/sign-in", methods=["GET", "POST"])
@requires(PUBLIC)
def sign_in() -> Any:
    if actor():
        return flask.redirect(flask.url_for("home.home"))
    form = SignInForm()
    if form.validate_on_submit():
        account = _checked(form.login.data, form.password.data)
        if account is not None:
            return _open_session(account)
        form.form_errors.append(WRONG)
    return sign_in_page(form)


@blueprint.post("/sign-out")
@requires("self.use")
def sign_out() -> Any:
    session_id = signed_in().session_id
    if session_id is not None:
        actions.end_session(deed(), session_id)
    logout_user()
    return flask.redirect(flask.url_for("access.sign_in"))


@blueprint.route("/password", methods=["GET", "POST"])
@requires("self.use")
def change_password() -> Any:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        account = db().get_one(Account, signed_in().account_id)
        if not passwords().matches(account.password_hash, form.current.data):
            form.current.errors = [*form.current.errors, "当前密码不正确。"]
        else:
            with refusals_shown_in(form):
                refuse_if(rules.refusals_for_password(form.password.data, login=account.login))
                hashed = passwords().hash(form.password.data)
                actions.set_password(deed(), account, hashed, by_owner=True)
                logout_user()
                flask.flash("密码已修改，请用新密码重新登录。", "success")
                return flask.redirect(flask.url_for("access.sign_in"))
    return flask.render_template("access/change_password.html", form=form)


def _checked(login: str, password: str) -> Account | None:
    """Return the account if the password is right and it is not locked; count failures.

    The comparison is slow by design, so it stands between two short transactions, never in one.
    """
    with database().reading() as session:
        account = session.scalar(sa.select(Account).where(Account.login == login))
    is_locked = (
        account is not None and account.locked_until is not None and account.locked_until > now()
    )
    matches = passwords().matches(account.password_hash if account else None, password)
    if account is not None and matches and not is_locked and not account.is_disabled:
        return account
    with database().writing() as session:
        actions.count_failure(Deed(session, _visitor(session, login), now()), login)
    return None


def _visitor(session: Session, login: str) -> Actor:
    return find_actor(session, login) or Actor(None, None, login[:60], "未登录")


def _open_session(account: Account) -> Any:
    stored = db().get_one(Account, account.id)
    visitor = find_actor(db(), account.login)
    assert visitor is not None
    token = actions.start_session(
        Deed(db(), visitor, now()), stored, flask.request.remote_addr or ""
    )
    found = find_signed_in(db(), token, now())
    assert found is not None
    # A new session cookie at sign-in: nothing that an attacker planted before survives.
    flask.session.clear()
    login_user(found[0])
    return flask.redirect(_next_page())


def _next_page() -> str:
    wanted = flask.request.args.get("next", "")
    parts = urlsplit(wanted)
    if (
        wanted.startswith("/")
        and not wanted.startswith("//")
        and not parts.netloc
        and "\\" not in wanted
    ):
        return wanted
    return flask.url_for("home.home")


def load_actor(token: str) -> Any:
    """Return the actor of a session cookie, for Flask-Login; note once a minute that it lives."""
    instant = now()
    with database().reading() as session:
        found = find_signed_in(session, token, instant)
    if found is None:
        return None
    found_actor, web_session = found
    if instant - web_session.last_seen_at > NOTED_EVERY:
        close_session()
        with database().writing() as session:
            actions.touch_session(session, web_session.id, instant)
    return found_actor
