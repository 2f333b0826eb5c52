"""The two queues on which days are decided, what a decision would do, its undoing, and returns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import flask
from flask import Blueprint

from forms.confirmations import ChosenDaysForm, QueueFilters, ReturnChosenForm, ReturnForm
from models import Workday
from models.types import Side
from portal.accounts.grant_queries import is_only_manager
from portal.confirmations import actions
from portal.confirmations.attention_queries import MOST_READ, QueueAsked
from portal.confirmations.effect_actions import (
    APPROVAL,
    CONFIRMATION,
    Decision,
    effect_of,
    find_chosen,
)
from portal.confirmations.grid_queries import read_grid
from portal.confirmations.grid_rules import month_asked
from portal.confirmations.queue_queries import Queue, list_chosen, read_queue
from portal.confirmations.reversal_actions import reverse_decision
from portal.confirmations.rules import Attention, Tab
from portal.refusals import Refusal, refuse_if
from portal.standards.dates import last_of_month, parse_month
from portal.web.addresses import number_in_query, with_this_query
from portal.web.frame import db, deed, requires, signed_in, today
from portal.web.pages import (
    Pager,
    flash_undoable,
    forget_undoable,
    still_undoable,
    url_with,
)
from portal.web.refusals import refusals_shown_in
from portal.web.rehearsal import is_rehearsal
from portal.workdays.dossier_queries import dossier_of, list_alike
from portal.workdays.life_rules import ONLY_MANAGER, UNDO_FOR
from portal.workdays.queries import WORKDAY

blueprint = Blueprint("confirmations", __name__)

ONE = "/workdays/<int:workday_id>"
NONE_TO_RETURN = Refusal("", "missing_value", "请先勾选要退回的条目。")


@blueprint.route("/workdays/confirmation", methods=["GET", "POST"])
@requires("workday.confirm")
def confirm_workdays() -> Any:
    return _decide(CONFIRMATION)


@blueprint.route("/workdays/approval", methods=["GET", "POST"])
@requires("workday.approve")
def approve_workdays() -> Any:
    return _decide(APPROVAL)


def _decide(decision: Decision) -> Any:
    """Decide on what was chosen, or show what that would do; else show the queue."""
    form, filters, effect = ChosenDaysForm(), QueueFilters(flask.request.args), None
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
    asked, tab = _asked(filters)
    queue = read_queue(
        db(), signed_in(), decision.step, asked, tab=tab, page=number_in_query("page") or 1
    )
    return flask.render_template(
        f"confirmations/{decision.act.__name__}.html",
        form=form,
        filters=filters,
        queue=queue,
        pager=_pager(queue),
        tabs=_tabs(queue),
        action=_this_queue(),
        effect=effect,
        way_out=_way_out(queue) if decision is CONFIRMATION else None,
        undoable=still_undoable(flask.request.path, UNDO_FOR),
    )


def _way_out(queue: Queue) -> str | None:
    """Say what can be done with days that nobody of the organisation may confirm; None if there are none."""
    is_barred = Attention.NOT_YOURS in queue.reasons
    return ONLY_MANAGER if is_barred and is_only_manager(db(), signed_in()) else None


def _asked(filters: QueueFilters) -> tuple[QueueAsked, Tab | None]:
    found = filters.asked
    tab = Tab(found["tab"]) if found["tab"] else None
    side, reason = found["side"], found["reason"]
    asked = QueueAsked(
        pairing=found["pairing"],
        person=found["person"],
        side=Side(side) if side else None,
        first_day=found["first_day"],
        last_day=found["last_day"],
        reason=Attention(reason) if reason else None,
    )
    return asked, tab


def _tabs(queue: Queue) -> list[dict[str, Any]]:
    return [
        {
            "label": tab.label,
            "url": url_with(tab=tab.value, page=None, reason=None),
            "count": count,
            "active": tab is queue.tab,
        }
        for tab, count in queue.counts.items()
    ]


def _pager(queue: Queue) -> Pager:
    here = queue.page
    more = f"；只列出最前面的 {MOST_READ:,} 条" if queue.is_cut else ""
    return Pager(
        url_with(page=str(here - 1)) if here > 1 else None,
        url_with(page=str(here + 1)) if here < queue.pages else None,
        f"{queue.tab.label} {queue.counts[queue.tab]:,} 条，{queue.days} 天{more}",
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
    return with_this_query(flask.request.path, "page")


@blueprint.route(ONE + "/confirmation/return", methods=["GET", "POST"])
@requires("workday.confirm", WORKDAY)
def return_to_person(workday: Workday) -> Any:
    return _return(workday, CONFIRMATION, "returned")


@blueprint.route(ONE + "/approval/return", methods=["GET", "POST"])
@requires("workday.approve", WORKDAY)
def return_from_county(workday: Workday) -> Any:
    return _return(workday, APPROVAL, "returned_by_county")


def _return(workday: Workday, decision: Decision, verb: str) -> Any:
    form = ReturnForm(version=workday.version)
    queue = _where_from(decision)
    if form.validate_on_submit():
        with refusals_shown_in(form):
            batch = actions.return_workday(
                deed(), workday, form.words, verb=verb, seen=form.version.data
            )
            whose = f"{dossier_of(db(), workday).person_name} {workday.worked_on}"
            _flash_undoable(f"已退回 {whose} 的日志，填报人修改后会重新提交。", decision, batch)
            return flask.redirect(queue)
    return flask.render_template(
        "confirmations/return_workday.html",
        form=form,
        workday=workday,
        dossier=dossier_of(db(), workday),
        alike=list_alike(db(), signed_in(), workday),
        queue=queue,
    )


@blueprint.post("/workdays/confirmation/returns")
@requires("workday.confirm")
def return_to_people() -> Any:
    return _return_chosen(CONFIRMATION, "returned")


@blueprint.post("/workdays/approval/returns")
@requires("workday.approve")
def return_many_from_county() -> Any:
    return _return_chosen(APPROVAL, "returned_by_county")


def _return_chosen(decision: Decision, verb: str) -> Any:
    """Ask why what was ticked is sent back, then send it back."""
    form = ReturnChosenForm()
    queue = _where_from(decision)
    if not form.offered:
        flask.flash(NONE_TO_RETURN.sentence, "warning")
        return flask.redirect(queue)
    if "reason" in flask.request.form and form.validate_on_submit():
        with refusals_shown_in(form):
            refuse_if([] if form.seen else [NONE_TO_RETURN])
            chosen = find_chosen(db(), signed_in(), decision, form.seen)
            batch = actions.return_workdays(deed(), chosen, form.words, verb=verb, seen=form.seen)
            said = f"已退回 {len(chosen)} 条日志，填报人修改后会重新提交。"
            _flash_undoable(said, decision, batch)
            return flask.redirect(queue)
    return flask.render_template(
        "confirmations/return_workdays.html",
        form=form,
        rows=list_chosen(db(), find_chosen(db(), signed_in(), decision, form.offered)),
        ticked=set(form.seen),
        action=flask.request.full_path.rstrip("?"),
        queue=queue,
    )


def _where_from(decision: Decision) -> str:
    """Return the page on which the days were ticked: the month that the address names, or the queue."""
    if decision is CONFIRMATION and parse_month(month := flask.request.args.get("month")):
        return flask.url_for(".show_grid", month=month)
    return with_this_query(flask.url_for(f".{decision.act.__name__}"), "page")


@blueprint.route("/workdays/grid", methods=["GET", "POST"])
@requires("workday.confirm")
def show_grid() -> Any:
    form, first = ChosenDaysForm(), month_asked(flask.request.args.get("month"), today())
    here = flask.url_for(".show_grid", month=f"{first:%Y-%m}")
    if form.validate_on_submit():
        with refusals_shown_in(form):
            chosen = find_chosen(db(), signed_in(), CONFIRMATION, form.seen)
            batch = actions.confirm_workdays(deed(), chosen, seen=form.seen)
            _flash_undoable(CONFIRMATION.done.format(len(chosen)), CONFIRMATION, batch)
            return flask.redirect(here)
    return flask.render_template(
        "confirmations/show_grid.html",
        form=form,
        grid=read_grid(db(), signed_in(), first, today()),
        here=here,
        returns=flask.url_for(".return_to_people", month=f"{first:%Y-%m}"),
        earlier=flask.url_for(".show_grid", month=f"{first - timedelta(days=1):%Y-%m}"),
        later=flask.url_for(
            ".show_grid", month=f"{last_of_month(first) + timedelta(days=1):%Y-%m}"
        ),
    )
