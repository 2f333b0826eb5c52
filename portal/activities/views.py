"""Pages of activities: write one for several people, see who confirmed; the person's two answers."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.activities import ActivityForm
from forms.fields import options
from forms.procedures import ChosenNumbersForm
from models import Pairing, Workday
from portal.accounts.grant_queries import is_only_manager
from portal.activities import actions, queries
from portal.activities.queries import OwnTeam, TeamMember
from portal.activities.rules import refusals_for_choice
from portal.programme.queries import policy_on
from portal.refusals import refuse_if
from portal.web.frame import db, deed, now, requires, signed_in, today
from portal.web.refusals import refusals_shown_in, version_shown
from portal.workdays.entry_forms import (
    entry_of,
    fill_choices,
    offer_steps,
    rest_note_on,
    short_day,
)
from portal.workdays.handing_in_actions import hand_in_all
from portal.workdays.life_rules import ONLY_MANAGER
from portal.workdays.queries import WORKDAY

blueprint = Blueprint("activities", __name__)

ONE = "/workdays/<int:workday_id>"


@blueprint.route("/activities/new", methods=["GET", "POST"])
@requires("workday.propose")
def log_activity() -> Any:
    teams = queries.list_teams(db(), signed_in(), today())
    asked = flask.request.args.get("team")
    team = next((one for one in teams if one.key == asked), teams[0] if teams else None)
    members = queries.list_members(db(), signed_in(), team, today()) if team else []
    form = ActivityForm(data={"worked_on": today(), "people": [one.public_id for one in members]})
    form.people.choices = options((one.public_id, one.name) for one in members)
    policy = policy_on(db(), today())
    fill_choices(form, db(), {team.county_code: team.county_name} if team else {})
    offer_steps(form, policy)
    if team and form.validate_on_submit():
        with refusals_shown_in(form):
            _write(form, team, members)
            return flask.redirect(flask.url_for(".log_activity", team=team.key))
    return flask.render_template(
        "activities/log_activity.html",
        form=form,
        teams=teams,
        team=team,
        members=members,
        policy=policy,
        activities=queries.list_activities(db(), signed_in(), now()),
        rest_note=rest_note_on(db(), form.worked_on.data) if form.worked_on.data else None,
        warning=ONLY_MANAGER if is_only_manager(db(), signed_in()) else None,
    )


def _write(form: ActivityForm, team: OwnTeam, members: list[TeamMember]) -> None:
    chosen = set(form.people.data or ())
    people = [one for one in members if one.public_id in chosen]
    refuse_if(refusals_for_choice(len(chosen), len(people)))
    assert form.worked_on.data is not None  # required by the form
    entry = entry_of(form, form.worked_on.data)
    pairing = db().get_one(Pairing, team.pairing_id)
    actions.log_activity(deed(), pairing, people, entry)
    day = short_day(entry.worked_on)
    flask.flash(f"已为 {len(people)} 人代填 {day} 的活动，待各人确认后才算提交。", "success")
    if note := rest_note_on(db(), entry.worked_on):
        flask.flash(f"{day} 是{note}。", "warning")


@blueprint.post("/activities/withdrawal")
@requires("workday.propose")
def withdraw_days() -> Any:
    count = actions.withdraw_days(deed(), ChosenNumbersForm().seen)
    flask.flash(f"已撤回 {count} 条代填，这些人当日可另行填报。", "success")
    return flask.redirect(flask.url_for(".log_activity"))


@blueprint.post("/activities/acceptances")
@requires("workday.write")
def accept_days() -> Any:
    for sentence, tone in hand_in_all(deed(), ChosenNumbersForm().seen).said("确认"):
        flask.flash(sentence, tone)
    return flask.redirect(flask.url_for("home.home"))


@blueprint.post(ONE + "/acceptance")
@requires("workday.write", WORKDAY)
def accept_day(workday: Workday) -> Any:
    actions.accept_day(deed(), workday, seen=version_shown())
    flask.flash(
        f"已确认 {short_day(workday.worked_on)} 的工作日，并提交给本机构负责人。", "success"
    )
    return flask.redirect(flask.url_for("home.home"))


@blueprint.post(ONE + "/disavowal")
@requires("workday.write", WORKDAY)
def decline_day(workday: Workday) -> Any:
    actions.decline_day(deed(), workday, seen=version_shown())
    day = short_day(workday.worked_on)
    flask.flash(f"已注明 {day} 的这条不是您的工作日，代填的人会看到；该日可自行填报。", "success")
    return flask.redirect(flask.url_for("home.home"))
