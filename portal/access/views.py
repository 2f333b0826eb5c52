"""Signing in and out, and the own password."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import flask
import sqlalchemy as sa
from flask import Blueprint
from flask_login import login_user, logout_user
from werkzeug.exceptions import TooManyRequests

from forms.access import ChangePasswordForm, ForgottenForm, SignInForm
from models import Account
from portal.access import actions, request_actions, session_actions
from portal.access.actor import VISITOR
from portal.access.attempt_actions import (
    ADDRESS_WINDOW,
    KNOWN_FOR,
    Origin,
    claim,
    forget_failures,
    network_of,
    note_failure,
    take_attempt,
)
from portal.access.demo_account_rules import DEMO_PASSWORD
from portal.access.policy import PUBLIC, SIGNED_IN
from portal.access.queries import ending_of, find_actor, find_signed_in
from portal.audit.rules import TOO_MANY_SIGN_INS
from portal.deeds import Deed
from portal.web.frame import (
    actor,
    close_session,
    database,
    db,
    deed,
    now,
    reading,
    requires,
    settings,
    signed_in,
)
from portal.web.path_rules import is_own_path
from portal.web.refusals import refusals_shown_in
from portal.web.refused_attempts import note_refused
from portal.web.signing import passwords, sign_in_page

blueprint = Blueprint("access", __name__)

DEVICE_BYTES = 32
DEVICE_MARK = re.compile(r"[\w-]{43}", re.ASCII)
"""So many bytes as they stand in a cookie."""

NOTED_EVERY = timedelta(minutes=1)
REQUEST_WINDOW = timedelta(hours=1)
MOST_REQUESTS = 10
"""Requests for a new password from one address in its window; an office shares one address."""

ASKED = "请求已发出。登录名无误的，安全管理员会核实您的身份，重置后告知您初始密码。"
TOO_MANY_REQUESTS = f"同一网络地址 1 小时内请求重置密码的上限是 {MOST_REQUESTS} 次，请 1 小时后再试，或电话联系安全管理员。"
WRONG = "登录名或密码不正确；连续错误 5 次将锁定 15 分钟。"
WRONG_CURRENT = "当前密码不正确；连续错误 5 次将锁定 15 分钟。"


@blueprint.route("/sign-in", methods=["GET", "POST"])
@requires(PUBLIC)
def sign_in() -> Any:
    if actor():
        return flask.redirect(_next_page())
    form = SignInForm()
    if form.validate_on_submit():
        account = _checked(form.login.data.lower(), form.password.data)
        if account is not None:
            return _open_session(account)
        form.form_errors.append(WRONG)
    return sign_in_page(form)


@blueprint.route("/password/forgotten", methods=["GET", "POST"])
@requires(PUBLIC)
def ask_for_password() -> Any:
    """Ask the administrator for a new password; who has an account the answer does not tell."""
    if actor():
        return flask.redirect(flask.url_for("access.change_password"))
    form = ForgottenForm()
    if form.validate_on_submit():
        if not _may_ask_from_here():
            form.form_errors.append(TOO_MANY_REQUESTS)
            seconds = str(int(REQUEST_WINDOW.total_seconds()))
            return _forgotten_page(form), HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": seconds}
        visiting = Deed(db(), VISITOR, now())
        request_actions.ask_for_password(visiting, form.login.data.lower(), _origin().address)
        flask.flash(ASKED, "success")
        return flask.redirect(flask.url_for("access.sign_in"))
    return _forgotten_page(form)


def _forgotten_page(form: ForgottenForm) -> str:
    return flask.render_template("access/ask_for_password.html", form=form)


def _may_ask_from_here() -> bool:
    """Take one of the requests of a visitor's address, in a transaction of its own."""
    close_session()
    with database().writing() as session:
        taken = claim(session, f"forgotten {network_of(_origin().address)}", now(), REQUEST_WINDOW)
    return taken <= MOST_REQUESTS


@blueprint.post("/sign-out")
@requires(SIGNED_IN)
def sign_out() -> Any:
    session_id = signed_in().session_id
    if session_id is not None:
        session_actions.end_session(deed(), session_id)
    logout_user()
    flask.session.clear()
    return flask.redirect(flask.url_for("access.sign_in"))


@blueprint.route("/password", methods=["GET", "POST"])
@requires(SIGNED_IN)
def change_password() -> Any:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        if _checked(signed_in().login, form.current.data) is None:
            form.current.errors = [*form.current.errors, WRONG_CURRENT]
        else:
            with refusals_shown_in(form):
                account = db().get_one(Account, signed_in().account_id)
                actions.set_password(
                    deed(), account, form.password.data, passwords(), by_owner=True
                )
                logout_user()
                flask.session.clear()
                flask.flash("密码已修改，请用新密码重新登录。", "success")
                return flask.redirect(flask.url_for("access.sign_in"))
    return flask.render_template("access/change_password.html", form=form)


def _checked(login: str, password: str) -> Account | None:
    """Return the account if the password is right and it is open; record the failure if not.

    An attempt is taken first and compared afterwards: the comparison is slow by design, so it
    stands between two short transactions, and no number of parallel attempts gets a sixth one.
    """
    close_session()
    origin = _origin()
    with database().writing() as session:
        attempt = take_attempt(session, login, origin, now())
    account = attempt.account
    matches = passwords().matches(account.password_hash if account else None, password)
    if settings().is_production and password == DEMO_PASSWORD:
        matches = False  # it is published: an account that has it has none
    if account is not None and matches and not account.is_disabled:
        with database().writing() as session:
            forget_failures(session, account, origin, attempt.where)
        return account
    with database().writing() as session:
        note_failure(session, login, attempt, now())
    if attempt.is_address_spent:
        note_refused([TOO_MANY_SIGN_INS])
        raise TooManyRequests(retry_after=int(ADDRESS_WINDOW.total_seconds()))
    network = network_of(origin.address)
    subject = f"account:{account.public_id}" if account else f"address:{network}"
    with database().writing() as session:
        Deed(session, VISITOR, now()).record("session.refused", subject, address=origin.address)
    return None


def _origin() -> Origin:
    """Return from where this request comes; a mark that this portal never gave out is none."""
    device = flask.request.cookies.get(_device_cookie(), "")
    return Origin(flask.request.remote_addr or "", device if DEVICE_MARK.fullmatch(device) else "")


def _device_cookie() -> str:
    return f"{flask.current_app.config['SESSION_COOKIE_NAME']}-device"


def _open_session(account: Account) -> Any:
    visitor = find_actor(db(), account.login)
    stored = db().scalar(
        sa.select(Account).where(
            Account.id == account.id, Account.password_hash == account.password_hash
        )
    )
    if visitor is None or stored is None:  # disabled, or its password changed, a moment ago
        return flask.redirect(flask.url_for("access.sign_in"))
    origin = _origin()
    device = origin.device or secrets.token_urlsafe(DEVICE_BYTES)
    token = session_actions.start_session(
        Deed(db(), visitor, now()), stored, origin.address, device
    )
    found = find_signed_in(db(), token, now())
    assert found is not None
    # A new session cookie at sign-in: nothing that an attacker planted before survives.
    flask.session.clear()
    login_user(found.actor)
    answer = flask.make_response(flask.redirect(_next_page()))
    config = flask.current_app.config
    answer.set_cookie(
        _device_cookie(),
        device,
        max_age=KNOWN_FOR,
        secure=config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite=config["SESSION_COOKIE_SAMESITE"],
    )
    return answer


def _next_page() -> str:
    """Return where the visitor wanted to go, if that is a page of this portal."""
    wanted = flask.request.args.get("next", "")
    return wanted if is_own_path(wanted) else flask.url_for("home.home")


def load_actor(token: str) -> Any:
    """Return the actor of a session cookie, for Flask-Login; note once a minute that it lives."""
    instant = now()
    found = find_signed_in(reading(), token, instant)
    if found is None:
        flask.g.session_over = ending_of(reading(), token, instant)
        return None
    if instant - found.last_seen_at > NOTED_EVERY:
        assert found.actor.session_id is not None
        _note_use(found.actor.session_id)
    return found.actor


def _note_use(session_id: int) -> None:
    """Write the last use, unless somebody else is writing for long: a page does not wait for it."""
    close_session()
    try:
        with database().writing(is_brief=True) as session:
            session_actions.touch_session(session, session_id, now())
    except sa.exc.OperationalError:
        flask.current_app.logger.info("the last use of session %s was not noted", session_id)
