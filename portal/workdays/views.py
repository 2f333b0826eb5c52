"""Pages of working days: log, list, show, change, take back, correct."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import flask
from flask import Blueprint

from forms.workdays import LogForm
from models import Workday
from portal.access.policy import Reach
from portal.documents.listing_frame import listing_answer
from portal.files.queries import board_of
from portal.pairings.life_rules import Use, refusals_for_use
from portal.pairings.queries import lives_without_effect
from portal.procedures.queries import permissions_on
from portal.procedures.rules import offers, reasons_off
from portal.programme.queries import policy_of_year, policy_on
from portal.refusals import Refusal
from portal.web.addresses import number_in_query
from portal.web.frame import db, deed, reading, requires, signed_in, today
from portal.web.pages import pager
from portal.web.refusals import edits_kept_in, refusals_shown_in
from portal.workdays import actions, entry_forms
from portal.workdays import list_queries as lists
from portal.workdays.dossier_queries import dossier_of
from portal.workdays.fact_queries import facts_of_days
from portal.workdays.life_rules import LIFE, refusals_if_closed
from portal.workdays.listing_export import LISTING
from portal.workdays.own_queries import (
    Posting,
    entries_on,
    find_own_entry,
    last_entry_of,
    postings_of,
    progress_of,
)
from portal.workdays.placing_rules import place
from portal.workdays.queries import WORKDAY, grounds_of, halves_taken

blueprint = Blueprint("workdays", __name__)

ONE = "/workdays/<int:workday_id>"


@blueprint.get("/workdays")
@requires("workday.read")
def list_workdays() -> Any:
    form = entry_forms.list_filters(db(), flask.request.args, today())
    filters = entry_forms.filters_of(form)
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
    # What was posted needs nothing to be filled in; logging is what the portal does most.
    is_new = flask.request.method == "GET"
    last = last_entry_of(db(), _person_id()) if is_new else None
    taken = sum(halves_taken(db(), _person_id(), today())) if is_new else 0
    form = entry_forms.log_form(places, today(), _like(), last, taken_half_days=taken)
    if not is_new:
        entry_forms.offer_chosen(form, reading())
    if form.validate_on_submit():
        with refusals_shown_in(form):
            entry = entry_forms.entry_of(form, form.chosen_day)
            (posting,) = (one for one in places if one.code == form.pairing.data)
            grounds = grounds_of(reading(), posting.pairing_id, _person_id(), entry.worked_on)
            placement = place(grounds, entry, today=today())
            number = actions.log_placed(deed(), placement, submit=not form.as_draft.data)
            return flask.redirect(flask.url_for(".show_receipt", workday_id=number))
    policy = policy_on(db(), today())
    entry_forms.fill_choices(form, db(), {one.county_code: one.county_name for one in places})
    entry_forms.offer_steps(form, policy)
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
            day: entry_forms.words_on(db(), day) for day in (today(), today() - timedelta(days=1))
        },
    )


def _why_not_yet(named: Sequence[Posting]) -> list[Refusal]:
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
        words=entry_forms.words_on(db(), workday.worked_on),
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
    )
    return flask.render_template(
        "workdays/show_workday.html",
        workday=workday,
        dossier=dossier,
        files=board_of(db(), signed_in(), workday),
        offers=offered,
        off=reasons_off(offered),
        closed=refusals_if_closed(facts),
        lag_days=lists.lag_of(workday.entered_at, workday.worked_on),
        words=entry_forms.words_on(db(), workday.worked_on),
        is_own=signed_in().person_id in (workday.person_id, workday.entered_by_person_id),
        may_write="workday.write" in permissions,
    )


@blueprint.route(ONE + "/edit", methods=["GET", "POST"])
@requires("workday.write", WORKDAY)
def edit_workday(workday: Workday) -> Any:
    form = entry_forms.edit_form(db(), workday)
    entry_forms.offer_steps(form, policy_on(db(), workday.worked_on))
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
