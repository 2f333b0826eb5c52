"""Pages of accounts: list, one, open, grants, sessions, first passwords."""

from __future__ import annotations

from typing import Any

import flask

from forms.accounts import AccountFilters, GrantForm, LinkForm, OpenAccountForm
from forms.fields import options
from forms.programme import ReasonForm
from models import Account
from models.types import Role
from portal.access import actions as access_actions
from portal.access import request_actions, session_actions
from portal.access.password_store import make_password
from portal.access.queries import only_administrator_of
from portal.accounts import actions, grant_queries, holder_queries, queries
from portal.accounts.deputy_views import blueprint as deputies
from portal.accounts.grant_views import blueprint
from portal.accounts.queries import ACCOUNT, Filters
from portal.procedures.offer_rules import reasons_off
from portal.refusals import Refusal, Refused
from portal.web.frame import db, deed, keep, now, requires, signed_in
from portal.web.lists import page_size
from portal.web.pages import pager
from portal.web.refusals import refusals_shown_in
from portal.web.signing import passwords

__all__ = ["blueprint"]

blueprint.register_blueprint(deputies)


@blueprint.get("/accounts")
@requires("account.read")
def list_accounts() -> Any:
    form = AccountFilters(flask.request.args)
    form.state.choices += options(queries.STATES)
    found = queries.list_accounts(
        db(), _filters_of(form), now(), cursor=flask.request.args.get("cursor"), size=page_size()
    )
    return flask.render_template(
        "accounts/list_accounts.html", form=form, found=found, pager=pager(found), now=now()
    )


def _filters_of(form: AccountFilters) -> Filters:
    asked = form.asked
    role = Role(asked["role"]) if asked["role"] else None
    return Filters(text=asked["q"] or "", role=role, state=asked["state"] or "")


@blueprint.route("/accounts/new", methods=["GET", "POST"])
@requires("account.write")
def open_account() -> Any:
    form = OpenAccountForm()
    if form.validate_on_submit():
        with refusals_shown_in(form):
            role = Role(form.role.data)
            code = holder_queries.resolve_scope(db(), form.scope_code.data, role)
            candidates = holder_queries.list_candidates(db(), role, code, form.name.data)
            _offer(form, candidates)
            password = make_password()
            account = actions.open_account(
                deed(),
                login=form.login.data,
                password_hash=passwords().hash(password),
                name=form.name.data,
                role=role,
                scope_code=code,
                person=holder_queries.choose(role, candidates, form.holder.data or ""),
                must_change_password=True,
            )
            return _shown_once(account, password, "账号已开设")
    return flask.render_template("accounts/open_account.html", form=form)


def _offer(form: OpenAccountForm, candidates: list[holder_queries.Candidate]) -> None:
    """Offer the people of the name to choose from; the field stands in the page only then."""
    pairs = [(one.person.public_id, one.words) for one in candidates]
    form.holder.choices = options(
        [*pairs, (holder_queries.NOBODY_YET, "另一位同名人员")] if pairs else [], "请选择"
    )


def _shown_once(account: Account, password: str, title: str) -> Any:
    """Answer with the first password: it stands on this page only, and nowhere else."""
    return keep(
        flask.render_template(
            "accounts/first_password.html",
            account=account,
            view=queries.view_account(db(), account),
            password=password,
            title=title,
        )
    )


@blueprint.get("/accounts/<account_id>")
@requires("account.read", ACCOUNT)
def show_account(account: Account) -> Any:
    view = queries.view_account(db(), account)
    grants = grant_queries.list_grants(db(), signed_in(), account.id)
    return flask.render_template(
        "accounts/show_account.html",
        view=view,
        grants=grants,
        off=reasons_off(offer for row in grants for offer in row.offers),
        events=grant_queries.list_events(db(), grants),
        sessions=queries.list_sessions(db(), account, now()),
        asked_at=queries.asked_for_password_at(db(), account.id),
        others=queries.list_other_accounts(db(), account),
        only=only_administrator_of(db(), account.id, locks=False),
        now=now(),
    )


@blueprint.route("/accounts/<account_id>/grants/new", methods=["GET", "POST"])
@requires("account.write", ACCOUNT)
def propose_grant(account: Account) -> Any:
    form = GrantForm()
    if form.validate_on_submit():
        with refusals_shown_in(form):
            role = Role(form.role.data)
            code = holder_queries.resolve_scope(db(), form.scope_code.data, role)
            actions.propose_grant(deed(), account, role, code)
            flask.flash("授权已提出，待安全管理员确认后生效。", "success")
            return _to(account)
    return flask.render_template(
        "accounts/propose_grant.html", form=form, view=queries.view_account(db(), account)
    )


@blueprint.post("/accounts/<account_id>/grants/<int:grant_id>/confirmation")
@requires("account.secure", ACCOUNT)
def confirm_grant(account: Account, grant_id: int) -> Any:
    actions.confirm_grant(deed(), grant_queries.get_grant(db(), account, grant_id))
    flask.flash("授权已确认，即时生效。", "success")
    return _to(account)


@blueprint.post("/accounts/<account_id>/grants/<int:grant_id>/revocation")
@requires("account.secure", ACCOUNT)
def revoke_grant(account: Account, grant_id: int) -> Any:
    actions.revoke_grant(deed(), grant_queries.get_grant(db(), account, grant_id))
    flask.flash("授权已撤销，该账号须重新登录。", "success")
    return _to(account)


@blueprint.route("/accounts/<account_id>/grants/<int:grant_id>/declining", methods=["GET", "POST"])
@requires("account.secure", ACCOUNT)
def decline_grant(account: Account, grant_id: int) -> Any:
    grant = grant_queries.get_grant(db(), account, grant_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_shown_in(form):
            actions.decline_grant(deed(), grant, form.reason.data)
            flask.flash("授权申请未予确认。", "success")
            return _to(account)
    view = queries.view_account(db(), account)
    labels = [row.label for row in view.grants if row.grant.id == grant_id]
    return flask.render_template(
        "accounts/decline_grant.html",
        form=form,
        view=view,
        label=labels[0] if labels else grant.role.label,
    )


@blueprint.post("/accounts/<account_id>/grants/<int:grant_id>/withdrawal")
@requires("account.write", ACCOUNT)
def withdraw_grant(account: Account, grant_id: int) -> Any:
    actions.withdraw_grant(deed(), grant_queries.get_grant(db(), account, grant_id))
    flask.flash("授权申请已撤回。", "success")
    return _to(account)


@blueprint.post("/accounts/<account_id>/disablement")
@requires("account.write", ACCOUNT)
def disable_account(account: Account) -> Any:
    actions.disable_account(deed(), account)
    flask.flash("账号已停用，其登录立即失效。", "success")
    return _to(account)


@blueprint.post("/accounts/<account_id>/enablement")
@requires("account.write", ACCOUNT)
def enable_account(account: Account) -> Any:
    access_actions.disable_account(deed(), account, disabled=False)
    flask.flash("账号已启用。", "success")
    return _to(account)


@blueprint.post("/accounts/<account_id>/unlocking")
@requires("account.secure", ACCOUNT)
def unlock_account(account: Account) -> Any:
    access_actions.unlock_account(deed(), account)
    flask.flash("账号已解锁，可以重新登录。", "success")
    return _to(account)


@blueprint.post("/accounts/<account_id>/password")
@requires("account.secure", ACCOUNT)
def reset_password(account: Account) -> Any:
    password = access_actions.reset_password(deed(), account, passwords())
    return _shown_once(account, password, "密码已重置")


@blueprint.post("/accounts/<account_id>/password-request/dismissal")
@requires("account.secure", ACCOUNT)
def dismiss_password_request(account: Account) -> Any:
    request_actions.dismiss_request(deed(), account)
    flask.flash("没有重置密码，该请求已了结。", "success")
    return _to(account)


@blueprint.post("/accounts/<account_id>/sessions/end")
@requires("account.secure", ACCOUNT)
def end_all_sessions(account: Account) -> Any:
    ended = session_actions.end_sessions(deed(), account)
    flask.flash(f"已结束 {ended} 个登录。", "success")
    return _to(account)


@blueprint.post("/accounts/<account_id>/sessions/<int:session_id>/end")
@requires("account.secure", ACCOUNT)
def end_one_session(account: Account, session_id: int) -> Any:
    ended = session_actions.end_sessions(deed(), account, session_id)
    flask.flash("该登录已结束。" if ended else "该登录此前已经结束。", "success")
    return _to(account)


@blueprint.route("/accounts/<account_id>/holder", methods=["GET", "POST"])
@requires("account.write", ACCOUNT)
def link_holder(account: Account) -> Any:
    view = queries.view_account(db(), account)
    form = LinkForm(name=view.name)
    if form.validate_on_submit():
        with refusals_shown_in(form):
            found = queries.list_registered_of_name(db(), account, form.name.data)
            candidates = [
                holder_queries.Candidate(
                    person, f"{person.name}（证件号码 {person.id_number_masked}）"
                )
                for person in found
            ]
            form.holder.choices = options(
                [(one.person.public_id, one.words) for one in candidates], "请选择"
            )
            person = holder_queries.choose(Role.SEND_STAFF, candidates, form.holder.data or "")
            if person is None:
                raise Refused([_not_registered(form.name.data)])
            actions.link_person(deed(), account, person)
            flask.flash(f"账号已关联到登记人员 {person.name}。", "success")
            return _to(account)
    return flask.render_template("accounts/link_holder.html", form=form, view=view)


def _not_registered(name: str) -> Refusal:
    return Refusal(
        "name",
        "not_registered",
        f"该账号所在机构没有登记名为“{name}”的人员，请先由机构负责人登记。",
    )


def _to(account: Account) -> Any:
    return flask.redirect(flask.url_for("accounts.show_account", account_id=account.public_id))
