"""Pages of 投诉建议: write, what came of it, the administrators' inbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import flask
from flask import Blueprint

from forms.feedback import AnswerForm, FeedbackForm, InboxFilters
from models.types import FeedbackKind, FeedbackState
from portal.access.actor import VISITOR
from portal.access.attempt_actions import claim, network_of
from portal.access.loading import Unseen
from portal.access.policy import PUBLIC
from portal.deeds import Deed
from portal.enrolment import house
from portal.feedback import actions, queries, rules
from portal.feedback.queries import Filters, MessageRow
from portal.web.frame import actor, close_session, database, db, deed, now, requires, signed_in
from portal.web.lists import page_size
from portal.web.pages import pager
from portal.web.refusals import edits_kept_in, refusals_shown_in

blueprint = Blueprint("feedback", __name__)

WINDOW = timedelta(hours=1)
NUMBER = "feedback_number"
"""Under this name the cookie keeps the reference number until it has been shown."""

TOO_MANY = (
    f"同一网络地址 1 小时内未登录提交的上限是 {rules.MOST_FROM_ADDRESS} 条。"
    "您写的内容还在下面：请先登录再提交，或 1 小时后再试。"
)


@blueprint.app_template_filter("page_name")
def write_page_name(path: str) -> str:
    """Write the path of a page with the name of its door: 汇总（/summary）."""
    for door in house().doors:
        url = flask.url_for(door.endpoint)
        if path == url or (url != "/" and path.startswith(f"{url}/")):
            return f"{door.label}（{path}）"
    return path


@blueprint.route("/feedback", methods=["GET", "POST"])
@requires(PUBLIC)
def send_feedback() -> Any:
    found = actor()
    form = FeedbackForm(data={"page": rules.local_path(flask.request.args.get("page", ""))})
    if found is not None:
        del form.contact
    if form.validate_on_submit():
        if found is None and not _may_write_from_here():
            form.form_errors.append(TOO_MANY)
            return _form_page(form), 429, {"Retry-After": str(int(WINDOW.total_seconds()))}
        with refusals_shown_in(form):
            sent = actions.send_feedback(Deed(db(), found or VISITOR, now()), _message(form))
            flask.session[NUMBER] = queries.number_of(sent.public_id)
            return flask.redirect(flask.url_for(".show_receipt"))
    return _form_page(form)


def _form_page(form: FeedbackForm) -> str:
    return flask.render_template("feedback/send_feedback.html", form=form, rules=rules)


def _may_write_from_here() -> bool:
    """Take one of the messages of a visitor's address, in a transaction of its own."""
    close_session()
    key = f"feedback {network_of(flask.request.remote_addr or '')}"
    with database().writing() as session:
        taken = claim(session, key, now(), WINDOW)
    return taken <= rules.MOST_FROM_ADDRESS


def _message(form: FeedbackForm) -> actions.Message:
    contact = form.contact.data or "" if "contact" in form else ""
    page = form.page.data or ""
    return actions.Message(FeedbackKind(form.kind.data), form.text.data, page, contact)


@blueprint.get("/feedback/receipt")
@requires(PUBLIC)
def show_receipt() -> Any:
    number = flask.session.get(NUMBER)
    if number is None:
        return flask.redirect(flask.url_for(".send_feedback"))
    return flask.render_template("feedback/show_receipt.html", number=number)


@blueprint.get("/feedback/mine")
@requires("self.use")
def list_own() -> Any:
    found = queries.list_own(db(), signed_in().account_id, cursor=flask.request.args.get("cursor"))
    return flask.render_template(
        "feedback/list_own.html", found=found, pager=pager(found, has_sizes=False)
    )


@blueprint.get("/feedback/inbox")
@requires("feedback.read")
def list_inbox() -> Any:
    form = InboxFilters(flask.request.args)
    cursor = flask.request.args.get("cursor")
    found = queries.list_inbox(db(), _filters_of(form), cursor=cursor, size=page_size())
    return flask.render_template(
        "feedback/list_inbox.html", form=form, found=found, pager=pager(found)
    )


def _filters_of(form: InboxFilters) -> Filters:
    asked = form.asked
    return Filters(
        state=FeedbackState(asked["state"]) if asked["state"] else None,
        kind=FeedbackKind(asked["kind"]) if asked["kind"] else None,
        number=asked["number"] or "",
    )


@blueprint.get("/feedback/inbox/<message_id>")
@requires("feedback.read")
def show_message(message_id: str) -> Any:
    row = _row(message_id)
    return _message_page(row, AnswerForm(data={"version": row.version}))


@blueprint.post("/feedback/inbox/<message_id>/answers")
@requires("feedback.answer")
def answer_feedback(message_id: str) -> Any:
    message = queries.find_message(db(), message_id)
    if message is None:
        raise Unseen("feedback")
    form = AnswerForm()
    if form.validate_on_submit():
        with edits_kept_in(form, lambda: AnswerForm(None, version=_row(message_id).version)):
            state = FeedbackState(form.state_after.data)
            actions.answer_feedback(deed(), message, form.text.data, state, seen=form.version.data)
            flask.flash("答复已保存，提交人在“我的投诉建议”中可以看到。", "success")
            return flask.redirect(flask.url_for(".show_message", message_id=message_id))
    return _message_page(_row(message_id), form)


def _row(message_id: str) -> MessageRow:
    row = queries.find_row(db(), message_id, with_names=signed_in().holds("feedback.answer"))
    if row is None:
        raise Unseen("feedback")
    return row


def _message_page(row: MessageRow, form: AnswerForm) -> str:
    return flask.render_template("feedback/show_message.html", row=row, form=form)
