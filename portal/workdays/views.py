"""Pages of working days: log, list, show, change, take back, correct."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import flask
from flask import Blueprint

from forms.procedures import ChosenNumbersForm
from forms.workdays import LogForm
from models import Workday
from portal.access.policy import Reach
from portal.accounts.grant_queries import is_only_manager
from portal.documents.listing_frame import listing_answer
from portal.files.queries import board_of
from portal.months.inbox_queries import reopened_months
from portal.pairings.life_rules import Use, refusals_for_use
from portal.pairings.queries import lives_without_effect
from portal.procedures.offer_rules import offers, reasons_off
from portal.procedures.queries import permissions_on
from portal.programme.queries import policy_of_year, policy_on
from portal.refusals import Refusal
from portal.standards.dates import parse_date, parse_month
from portal.web.addresses import number_in_query
from portal.web.door_counts import waiting_behind
from portal.web.frame import db, deed, reading, requires, signed_in, today
from portal.web.lists import page_size
from portal.web.pages import pager
from portal.web.refusals import edits_kept_in
from portal.web.refused_attempts import note_refused
from portal.workdays import actions, entry_forms, log_forms
from portal.workdays import list_queries as lists
from portal.workdays.dossier_queries import Alike, dossier_of, list_alike
from portal.workdays.fact_queries import facts_of_days
from portal.workdays.handing_in_actions import hand_in_all
from portal.workdays.life_rules import LIFE, NOT_OWN, ONLY_MANAGER, refusals_if_closed
from portal.workdays.listing_export import LISTING
from portal.workdays.log_forms import AskedDays
from portal.workdays.month_rules import in_words
from portal.workdays.own_queries import (
    Posting,
    find_own_entry,
    logged_with,
    next_empty_day,
    postings_of,
    progress_of,
)
from portal.workdays.placing_rules import place_all
from portal.workdays.queries import WORKDAY, grounds_of_days
from portal.workdays.rules import MOST_DAYS_AT_ONCE, is_late, note_on_rest_day
from portal.workdays.waiting_queries import NOTHING, Waiting

blueprint = Blueprint("workdays", __name__)

ONE = "/workdays/<int:workday_id>"


def waiting_days() -> Waiting:
    """Return what waits for whoever is signed in, for the tabs; the door has asked for it."""
    counts = waiting_behind("workdays.list_workdays")
    return Waiting._make(counts) if counts else NOTHING


@blueprint.app_context_processor
def _for_templates() -> dict[str, Callable[[], Waiting]]:
    return {"waiting_days": waiting_days}


@blueprint.get("/workdays")
@requires("workday.read")
def list_workdays() -> Any:
    form = entry_forms.list_filters(db(), flask.request.args, today())
    filters = entry_forms.filters_of(form)
    policy = policy_of_year(db(), filters.year)
    sort = flask.request.args.get("sort", lists.DEFAULT_ORDER)
    cursor = flask.request.args.get("cursor")
    found = lists.list_workdays(
        db(), signed_in(), filters, policy, sort=sort, cursor=cursor, size=page_size()
    )
    return flask.render_template(
        "workdays/list_workdays.html",
        form=form,
        filters=filters,
        found=found,
        pager=pager(found),
        sort=sort,
        sums=None if found.is_capped else lists.sums_of(db(), signed_in(), filters, policy),
        sees_others=any(reach != Reach.SELF for reach, _ in signed_in().reaches("workday.read")),
    )


@blueprint.route("/workdays/exports", methods=["GET", "POST"])
@requires("workday.read", reads_first=True)
def export_workdays() -> Any:
    form = entry_forms.list_filters(reading(), flask.request.args, today())
    return listing_answer(LISTING, form, entry_forms.filters_of(form))


@blueprint.route("/workdays/new", methods=["GET", "POST"])
@requires("workday.write", reads_first=True)
def log_workday() -> Any:
    named = postings_of(reading(), _person_id(), today())
    places = [one for one in named if one.is_confirmed]
    form = None
    if flask.request.method == "POST":
        form = log_forms.sent_form(reading(), places)
        logged = _log(form, places)
        if logged:
            count = len(logged) if logged[1:] else None
            to = flask.url_for(".show_receipt", workday_id=logged[0], days=count)
            return flask.redirect(to)
    desk = log_forms.desk_of(reading(), _person_id(), places, today(), asked=_asked(), sent=form)
    return flask.render_template(
        "workdays/log_workday.html", desk=desk, form=desk.form, refused=_why_not_yet(named)
    )


def _log(form: LogForm, places: Sequence[Posting]) -> list[int]:
    """Log what was sent, and return its numbers; none if it is to be shown once more."""
    if form.apart.data:
        if form.says_which_days() and (days := log_forms.days_meant(reading(), form)):
            log_forms.open_apart(form, days)
        return []
    days = log_forms.days_meant(reading(), form) if form.validate_on_submit() else []
    if not days:
        return []
    (posting,) = (one for one in places if one.code == form.pairing.data)
    grounds = grounds_of_days(reading(), posting.pairing_id, _person_id(), days)
    placed = place_all(grounds, log_forms.entries_of(form, days), today=today())
    if placed.refused:
        note_refused([one.code for refusals in placed.refused.values() for one in refusals])
        log_forms.show_refusals(form, days, placed.refused)
        return []
    submit = not form.as_draft.data
    if days[1:]:
        return actions.log_all_placed(deed(), placed.placements, submit=submit)
    return [actions.log_placed(deed(), placed.placements[0], submit=submit)]


def _asked() -> AskedDays:
    """Read what the address asks the form to begin with; what is no such thing asks for nothing."""
    asked = flask.request.args
    month = parse_month(asked.get("month"))
    days = sorted({day for day in map(parse_date, asked.getlist("day")) if day})
    return AskedDays(month, days[:MOST_DAYS_AT_ONCE], _like(), asked.get("copy"))


def _why_not_yet(named: Sequence[Posting]) -> list[Refusal]:
    """Say of each pairing that is not in effect why no day can be logged for it."""
    without = {one.pairing_id for one in named if not one.is_confirmed}
    lives = lives_without_effect(reading(), without)
    return [refusal for life in lives.values() for refusal in refusals_for_use(Use.LOG, life)]


def _person_id() -> int:
    person_id = signed_in().person_id
    assert person_id is not None  # every account has a person
    return person_id


def _like() -> Workday | None:
    """Return the own entry that is to be copied, if the URL names one."""
    number = number_in_query("like")
    return None if number is None else find_own_entry(reading(), signed_in(), number)


@blueprint.get(ONE + "/receipt")
@requires("workday.write", WORKDAY)
def show_receipt(workday: Workday) -> Any:
    logged = logged_with(db(), workday, number_in_query("days") or 1)
    return flask.render_template(
        "workdays/show_receipt.html",
        workday=workday,
        logged=logged,
        days_in_words=in_words([one.day for one in logged]),
        reopened=reopened_months(db(), signed_in()),
        next_day=next_empty_day(db(), workday, logged[-1].day, today()),
        dossier=dossier_of(db(), workday),
        progress=progress_of(
            db(),
            pairing_id=workday.pairing_id,
            year=workday.year,
            side=workday.side,
            person_id=workday.person_id,
        ),
        words=entry_forms.words_on(db(), workday.worked_on),
        rest_note=note_on_rest_day(policy_on(db(), workday.worked_on)),
    )


@blueprint.get(ONE)
@requires("workday.read", WORKDAY)
def show_workday(workday: Workday) -> Any:
    dossier = dossier_of(db(), workday)
    permissions = permissions_on(db(), signed_in(), LIFE, workday)
    (facts,) = facts_of_days(db(), [workday])
    offered = offers(
        LIFE,
        facts._replace(has_open_correction=dossier.has_open_correction),
        person_id=signed_in().person_id,
        permissions=permissions,
        principals_for=signed_in().principals_for,
    )
    off = reasons_off(offered)
    is_barred = any(one.code == NOT_OWN.code for offer in offered for one in offer.off)
    return flask.render_template(
        "workdays/show_workday.html",
        workday=workday,
        dossier=dossier,
        files=board_of(db(), signed_in(), workday),
        alike=_alike(workday, permissions),
        offers=offered,
        off=off,
        way_out=ONLY_MANAGER if is_barred and is_only_manager(db(), signed_in()) else None,
        closed=refusals_if_closed(facts),
        lag_days=lists.lag_of(workday.entered_at, workday.worked_on),
        words=entry_forms.words_on(db(), workday.worked_on),
        is_own=signed_in().person_id in (workday.person_id, workday.entered_by_person_id),
        may_write="workday.write" in permissions,
    )


def _alike(workday: Workday, permissions: Collection[str]) -> list[Alike]:
    """Return what says the same, to somebody for whom the day waits."""
    steps = (LIFE.step("confirmed"), LIFE.step("approved"))
    waits = any(workday.state in one.source and one.permission in permissions for one in steps)
    return list_alike(db(), signed_in(), workday) if waits else []


@blueprint.route(ONE + "/edit", methods=["GET", "POST"])
@requires("workday.write", WORKDAY)
def edit_workday(workday: Workday) -> Any:
    form = entry_forms.edit_form(db(), workday)
    policy = policy_on(db(), workday.worked_on)
    entry_forms.offer_steps(form, policy)
    if form.validate_on_submit():
        with edits_kept_in(form, lambda: entry_forms.edit_form(db(), workday, as_sent=False)):
            day = form.worked_on.data if "worked_on" in form else None
            actions.edit_workday(
                deed(),
                workday,
                entry_forms.entry_of(form, day or workday.worked_on),
                submit=not form.as_draft.data,
                seen=form.version.data,
            )
            return flask.redirect(flask.url_for(".show_receipt", workday_id=workday.id))
    return flask.render_template(
        "workdays/edit_workday.html",
        form=form,
        workday=workday,
        dossier=dossier_of(db(), workday),
        is_late=is_late(workday.worked_on, today(), policy),
    )


@blueprint.post(ONE + "/submission")
@requires("workday.write", WORKDAY)
def submit_workday(workday: Workday) -> Any:
    actions.submit_workday(deed(), workday)
    return flask.redirect(flask.url_for(".show_receipt", workday_id=workday.id))


@blueprint.post("/workdays/submissions")
@requires("workday.write")
def submit_workdays() -> Any:
    for sentence, tone in hand_in_all(deed(), ChosenNumbersForm().seen).said("提交"):
        flask.flash(sentence, tone)
    return flask.redirect(flask.url_for(".list_workdays"))


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
