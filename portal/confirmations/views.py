"""The two queues on which days are decided, what a decision would do, its undoing, and returns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import flask
from flask import Blueprint

from forms.confirmations import ChosenForm, QueueFilters, ReturnForm
from models import Workday
from portal.confirmations import actions
from portal.confirmations import queue_queries as queues
from portal.confirmations.effect_actions import (
    APPROVAL,
    CONFIRMATION,
    Decision,
    effect_of,
    find_chosen,
)
from portal.confirmations.reversal_actions import reverse_decision
from portal.paging import Slice
from portal.web.addresses import with_this_query
from portal.web.frame import db, deed, requires, signed_in
from portal.web.pages import (
    flash_undoable,
    forget_undoable,
    pager,
    still_undoable,
)
from portal.web.refusals import refusals_shown_in
from portal.web.rehearsal import is_rehearsal
from portal.workdays.dossier_queries import dossier_of
from portal.workdays.life_rules import UNDO_FOR
from portal.workdays.queries import WORKDAY

blueprint = Blueprint("confirmations", __name__)

ONE = "/workdays/<int:workday_id>"


@blueprint.route("/workdays/confirmation", methods=["GET", "POST"])
@requires("workday.confirm")
def confirm_workdays() -> Any:
    return _decide(CONFIRMATION, queues.list_to_confirm, queues.by_person_and_week)


@blueprint.route("/workdays/approval", methods=["GET", "POST"])
@requires("workday.approve")
def approve_workdays() -> Any:
    return _decide(APPROVAL, queues.list_to_approve, queues.by_pairing)


def _decide(
    decision: Decision,
    waiting: Callable[..., Slice[queues.QueueRow]],
    grouped: Callable[[Sequence[queues.QueueRow]], list[queues.Group]],
) -> Any:
    """Decide on what was chosen, or show what that would do; else show the queue."""
    form, filters, effect = ChosenForm(), QueueFilters(flask.request.args), None
    if form.validate_on_submit():
        with refusals_shown_in(form):
            chosen = find_chosen(db(), signed_in(), decision, form.seen)
            if not is_rehearsal():
                batch = decision.act(deed(), chosen, seen=form.seen)
                _flash_undoable(decision.done.format(len(chosen)), decision, batch)
                return flask.redirect(_this_queue())
        if form.seen:
            chosen = find_chosen(db(), signed_in(), decision, form.seen)
            effect = effect_of(deed(), decision, chosen, form.seen)
            db().rollback()
    asked = {name: value for name, value in filters.asked.items() if value}
    found = waiting(db(), signed_in(), **asked, cursor=flask.request.args.get("cursor"))
    return flask.render_template(
        f"confirmations/{decision.act.__name__}.html",
        form=form,
        filters=filters,
        found=found,
        groups=grouped(found.rows),
        pager=pager(found, has_sizes=False),
        action=_this_queue(),
        effect=effect,
        undoable=still_undoable(flask.request.path, UNDO_FOR),
    )


def _flash_undoable(sentence: str, decision: Decision, batch: str) -> None:
    """Say what was done, with a button that takes it back."""
    undo = ".undo_approval" if decision is APPROVAL else ".undo_confirmation"
    flash_undoable(sentence, flask.url_for(undo, batch=batch))


@blueprint.post("/workdays/confirmation/<batch>/reversal")
@requires("workday.confirm")
def undo_confirmation(batch: str) -> Any:
    return _undo(batch, CONFIRMATION)


@blueprint.post("/workdays/approval/<batch>/reversal")
@requires("workday.approve")
def undo_approval(batch: str) -> Any:
    return _undo(batch, APPROVAL)


def _undo(batch: str, decision: Decision) -> Any:
    forget_undoable(flask.request.path)
    verb, count = reverse_decision(deed(), batch)
    flask.flash(f"已撤销{verb}，{count} 条恢复到{verb}前的状态。", "success")
    return flask.redirect(flask.url_for(f".{decision.act.__name__}"))


def _this_queue() -> str:
    """Return the queue with its filters, from its first page: what is decided leaves it."""
    return with_this_query(flask.request.path, "cursor")


@blueprint.route(ONE + "/confirmation/return", methods=["GET", "POST"])
@requires("workday.confirm", WORKDAY)
def return_to_person(workday: Workday) -> Any:
    return _return(workday, CONFIRMATION, "returned")


@blueprint.route(ONE + "/approval/return", methods=["GET", "POST"])
@requires("workday.approve", WORKDAY)
def return_from_county(workday: Workday) -> Any:
    return _return(workday, APPROVAL, "returned_by_county")


def _return(workday: Workday, decision: Decision, verb: str) -> Any:
    form, queue = ReturnForm(version=workday.version), flask.url_for(f".{decision.act.__name__}")
    if form.validate_on_submit():
        with refusals_shown_in(form):
            batch = actions.return_workday(
                deed(), workday, form.reason.data, verb=verb, seen=form.version.data
            )
            whose = f"{dossier_of(db(), workday).person_name} {workday.worked_on}"
            _flash_undoable(f"已退回 {whose} 的日志，填报人修改后会重新提交。", decision, batch)
            return flask.redirect(queue)
    return flask.render_template(
        "confirmations/return_workday.html",
        form=form,
        workday=workday,
        dossier=dossier_of(db(), workday),
        queue=queue,
    )
