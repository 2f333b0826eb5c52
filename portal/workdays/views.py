"""Pages of working days: log, list, show, change, take back, correct."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta
from typing import Any

import flask
from flask import Blueprint

from forms.workdays import ChosenForm, LogForm, QueueFilters, ReturnForm
from models import Person, Workday
from models.types import WorkdayState
from portal.access.policy import Reach
from portal.access.scope import reaches
from portal.audit.trail import last_number
from portal.files.queries import board_of
from portal.paging import Slice
from portal.pairings.life_rules import Use, refusals_for_use
from portal.pairings.queries import lives_without_effect
from portal.programme.queries import policy_of_year, policy_on
from portal.refusals import Refusal
from portal.web.addresses import number_in_query, with_this_query
from portal.web.frame import db, deed, requires, signed_in, today
from portal.web.pages import (
    count_on_door,
    flash_undoable,
    forget_undoable,
    pager,
    still_undoable,
)
from portal.web.refusals import edits_kept_in, refusals_shown_in
from portal.web.rehearsal import is_rehearsal
from portal.workdays import actions, corrections, form_filling, lists, queues, reversals, rules
from portal.workdays.deciding import APPROVAL, CONFIRMATION, Decision, effect_of, find_chosen
from portal.workdays.dossier import dossier_of
from portal.workdays.own import (
    Place,
    entries_on,
    find_own_entry,
    get_pairing,
    last_entry_of,
    places_of,
    progress_of,
)
from portal.workdays.queries import WORKDAY, halves_taken
from portal.workdays.reversal_rules import UNDO_FOR
from portal.workdays.waiting import count_waiting

blueprint = Blueprint("workdays", __name__)
count_on_door(blueprint, "workdays.list_workdays", count_waiting)

ONE = "/workdays/<int:workday_id>"


@blueprint.get("/workdays")
@requires("workday.read")
def list_workdays() -> Any:
    form = form_filling.list_filters(db(), flask.request.args, today())
    filters = form_filling.filters_of(form)
    policy = policy_of_year(db(), filters.year)
    sort = flask.request.args.get("sort", lists.DEFAULT_ORDER)
    cursor = flask.request.args.get("cursor")
    found = lists.list_workdays(db(), signed_in(), filters, policy, sort=sort, cursor=cursor)
    return flask.render_template(
        "workdays/list_workdays.html",
        form=form,
        filters=filters,
        found=found,
        pager=pager(found),
        sort=sort,
        sums=lists.sums_of(db(), signed_in(), filters, policy),
        sees_others=any(reach != Reach.SELF for reach, _ in signed_in().reaches("workday.read")),
    )


@blueprint.route("/workdays/new", methods=["GET", "POST"])
@requires("workday.write")
def log_workday() -> Any:
    named = places_of(db(), _person_id(), today())
    places = [place for place in named if place.is_confirmed]
    # What was posted needs nothing to be filled in; logging is what the portal does most.
    is_new = flask.request.method == "GET"
    last = last_entry_of(db(), _person_id()) if is_new else None
    taken = sum(halves_taken(db(), _person_id(), today())) if is_new else 0
    form = form_filling.log_form(db(), places, today(), _like(), last, taken_half_days=taken)
    policy = policy_on(db(), today())
    form_filling.offer_steps(form, policy)
    if form.validate_on_submit():
        with refusals_shown_in(form):
            workday = actions.log_workday(
                deed(),
                pairing=get_pairing(db(), form.pairing.data),
                person=db().get_one(Person, _person_id()),
                entry=form_filling.entry_of(form, form.chosen_day),
                submit=not form.as_draft.data,
            )
            return flask.redirect(flask.url_for(".show_receipt", workday_id=workday.id))
    return flask.render_template(
        "workdays/log_workday.html",
        form=form,
        places=places,
        refused=_why_not_yet(named),
        last=last or last_entry_of(db(), _person_id()),
        taken_half_days=taken,
        entries_of_day=_entries_in_the_way(form),
        policy=policy,
        day_words={
            day: form_filling.words_on(db(), day) for day in (today(), today() - timedelta(days=1))
        },
    )


def _why_not_yet(named: Sequence[Place]) -> list[Refusal]:
    """Say of each pairing that is not in effect why no day can be logged for it."""
    lives = lives_without_effect(db(), {one.pairing_id for one in named if not one.is_confirmed})
    return [refusal for life in lives.values() for refusal in refusals_for_use(Use.LOG, life)]


def _entries_in_the_way(form: LogForm) -> list[Workday]:
    """Return the own entries of the chosen date, if its days were refused for them."""
    days_refused = bool(form.days.data and form.days.errors)
    return entries_on(db(), _person_id(), form.chosen_day) if days_refused else []


def _person_id() -> int:
    person_id = signed_in().person_id
    assert person_id is not None  # every account has a person
    return person_id


def _like() -> Workday | None:
    """Return the own entry that is to be copied, if the URL names one."""
    number = number_in_query("like")
    return None if number is None else find_own_entry(db(), signed_in(), number)


@blueprint.get(ONE + "/receipt")
@requires("workday.write", WORKDAY)
def show_receipt(workday: Workday) -> Any:
    return flask.render_template(
        "workdays/show_receipt.html",
        workday=workday,
        dossier=dossier_of(db(), workday),
        progress=progress_of(
            db(),
            pairing_id=workday.pairing_id,
            year=workday.year,
            side=workday.side,
            person_id=workday.person_id,
        ),
        words=form_filling.words_on(db(), workday.worked_on),
    )


@blueprint.get(ONE)
@requires("workday.read", WORKDAY)
def show_workday(workday: Workday) -> Any:
    may = {
        permission: reaches(db(), signed_in(), permission, workday)
        for permission in ("workday.write", "workday.confirm", "workday.approve")
    }
    return flask.render_template(
        "workdays/show_workday.html",
        workday=workday,
        dossier=dossier_of(db(), workday),
        files=board_of(db(), signed_in(), workday),
        lag_days=lists.lag_of(workday.entered_at, workday.worked_on),
        words=form_filling.words_on(db(), workday.worked_on),
        is_own=signed_in().person_id in (workday.person_id, workday.entered_by_person_id),
        may_write=may["workday.write"],
        may_confirm=may["workday.confirm"],
        may_approve=may["workday.approve"],
    )


@blueprint.route(ONE + "/edit", methods=["GET", "POST"])
@requires("workday.write", WORKDAY)
def edit_workday(workday: Workday) -> Any:
    form = form_filling.edit_form(db(), workday)
    form_filling.offer_steps(form, policy_on(db(), workday.worked_on))
    if form.validate_on_submit():
        with edits_kept_in(form, lambda: form_filling.edit_form(db(), workday, as_sent=False)):
            day = form.worked_on.data if "worked_on" in form else None
            actions.edit_workday(
                deed(),
                workday,
                form_filling.entry_of(form, day or workday.worked_on),
                submit=not form.as_draft.data,
                seen=form.version.data,
            )
            return flask.redirect(flask.url_for(".show_receipt", workday_id=workday.id))
    return flask.render_template(
        "workdays/edit_workday.html",
        form=form,
        workday=workday,
        dossier=dossier_of(db(), workday),
    )


@blueprint.post(ONE + "/submission")
@requires("workday.write", WORKDAY)
def submit_workday(workday: Workday) -> Any:
    actions.submit_workday(deed(), workday)
    return flask.redirect(flask.url_for(".show_receipt", workday_id=workday.id))


@blueprint.post(ONE + "/recall")
@requires("workday.write", WORKDAY)
def recall_workday(workday: Workday) -> Any:
    actions.recall_workday(deed(), workday)
    flask.flash("已撤回，请修改后重新提交。", "success")
    return flask.redirect(flask.url_for(".edit_workday", workday_id=workday.id))


@blueprint.post(ONE + "/abandonment")
@requires("workday.write", WORKDAY)
def give_up_workday(workday: Workday) -> Any:
    actions.give_up_workday(deed(), workday)
    flask.flash(f"{workday.worked_on} 的这条日志已作废，该日可重新填报。", "success")
    return flask.redirect(flask.url_for(".list_workdays"))


@blueprint.post(ONE + "/deletion")
@requires("workday.write", WORKDAY)
def delete_draft(workday: Workday) -> Any:
    actions.delete_draft(deed(), workday)
    flask.flash(f"{workday.worked_on} 的草稿已删除。", "success")
    return flask.redirect(flask.url_for(".list_workdays"))


@blueprint.route(ONE + "/correction", methods=["GET", "POST"])
@requires("workday.write", WORKDAY)
def correct_workday(workday: Workday) -> Any:
    form = form_filling.correction_form(db(), workday)
    form_filling.offer_steps(form, policy_on(db(), workday.worked_on))
    if form.validate_on_submit():
        with refusals_shown_in(form):
            correction = corrections.correct_workday(
                deed(),
                workday,
                form_filling.entry_of(form, workday.worked_on),
                form.reason.data,
            )
            flask.flash("更正已提交，核准前原条目继续有效。", "success")
            return flask.redirect(flask.url_for(".show_workday", workday_id=correction.id))
    return flask.render_template(
        "workdays/correct_workday.html",
        form=form,
        workday=workday,
        dossier=dossier_of(db(), workday),
    )


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
                count = decision.act(deed(), chosen, seen=form.seen)
                _flash_undoable(decision.done.format(count), decision)
                return flask.redirect(_this_queue())
        if form.seen:
            chosen = find_chosen(db(), signed_in(), decision, form.seen)
            effect = effect_of(deed(), decision, chosen, form.seen)
            db().rollback()
    asked = {name: value for name, value in filters.asked.items() if value}
    found = waiting(db(), signed_in(), **asked, cursor=flask.request.args.get("cursor"))
    return flask.render_template(
        f"workdays/{decision.act.__name__}.html",
        form=form,
        filters=filters,
        found=found,
        groups=grouped(found.rows),
        pager=pager(found),
        action=_this_queue(),
        effect=effect,
        undoable=still_undoable(flask.request.path, UNDO_FOR),
    )


def _flash_undoable(sentence: str, decision: Decision) -> None:
    """Say what was done, with a button that takes it back."""
    undo = ".undo_approval" if decision is APPROVAL else ".undo_confirmation"
    flash_undoable(sentence, flask.url_for(undo, number=last_number(db())))


@blueprint.post("/workdays/confirmation/<int:number>/reversal")
@requires("workday.confirm")
def undo_confirmation(number: int) -> Any:
    return _undo(number, CONFIRMATION)


@blueprint.post("/workdays/approval/<int:number>/reversal")
@requires("workday.approve")
def undo_approval(number: int) -> Any:
    return _undo(number, APPROVAL)


def _undo(number: int, decision: Decision) -> Any:
    forget_undoable(flask.request.path)
    verb, count = reversals.reverse_decision(deed(), number, decision.permission)
    flask.flash(f"已撤销{verb}，{count} 条恢复到{verb}前的状态。", "success")
    return flask.redirect(flask.url_for(f".{decision.act.__name__}"))


def _this_queue() -> str:
    """Return the queue with its filters, from its first page: what is decided leaves it."""
    return with_this_query(flask.request.path, "cursor")


@blueprint.route(ONE + "/confirmation/return", methods=["GET", "POST"])
@requires("workday.confirm", WORKDAY)
def return_to_person(workday: Workday) -> Any:
    return _return(workday, CONFIRMATION, rules.WAITING_STATES)


@blueprint.route(ONE + "/approval/return", methods=["GET", "POST"])
@requires("workday.approve", WORKDAY)
def return_from_county(workday: Workday) -> Any:
    return _return(workday, APPROVAL, {WorkdayState.CONFIRMED})


def _return(workday: Workday, decision: Decision, expected: Collection[WorkdayState]) -> Any:
    form, queue = ReturnForm(), flask.url_for(f".{decision.act.__name__}")
    if form.validate_on_submit():
        with refusals_shown_in(form):
            actions.return_workday(deed(), workday, form.reason.data, expected=expected)
            whose = f"{dossier_of(db(), workday).person_name} {workday.worked_on}"
            _flash_undoable(f"已退回 {whose} 的日志，填报人修改后会重新提交。", decision)
            return flask.redirect(queue)
    return flask.render_template(
        "workdays/return_workday.html",
        form=form,
        workday=workday,
        dossier=dossier_of(db(), workday),
        queue=queue,
    )
