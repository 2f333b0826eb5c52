"""Pages of the programme: work years, the dated policy, the task-allocation table."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.programme import ReasonForm
from portal.access.loading import Unseen
from portal.programme import work_years
from portal.programme.actions import close_work_year
from portal.programme.effects import effect_of, lines_from
from portal.programme.work_years import WorkYearRow
from portal.web.frame import db, deed, requires, today
from portal.web.refusals import refusals_shown_in
from portal.web.rehearsal import undone
from portal.workdays.revaluation import reopen_year

blueprint = Blueprint("programme", __name__)


@blueprint.get("/programme")
@requires("programme.read")
def show_programmes() -> Any:
    return flask.render_template(
        "programme/show_programmes.html", programmes=work_years.list_programmes(db())
    )


@blueprint.route("/programme/work-years/<int:year>/<region_code>/closure", methods=["GET", "POST"])
@requires("programme.write")
def close_year(year: int, region_code: str) -> Any:
    found = _work_year(year, region_code)
    form = ReasonForm()
    if form.validate_on_submit():
        with refusals_shown_in(form):
            close_work_year(deed(), year, form.reason.data, region_code)
            flask.flash(f"{found.title}已关闭，不再接受填报、确认和核准。", "success")
            return flask.redirect(flask.url_for("programme.show_programmes"))
    return flask.render_template(
        "programme/close_year.html",
        form=form,
        work_year=found,
        standing=work_years.standing_of(db(), found),
        is_running=today() <= found.ends_on,
    )


@blueprint.route(
    "/programme/work-years/<int:year>/<region_code>/reopening", methods=["GET", "POST"]
)
@requires("programme.write")
def reopen(year: int, region_code: str) -> Any:
    found = _work_year(year, region_code)
    form = ReasonForm()
    effect = None
    if form.validate_on_submit():
        with refusals_shown_in(form):
            before = lines_from(db(), year)
            changed = reopen_year(deed(), year, form.reason.data, region_code)
            effect = effect_of(before, lines_from(db(), year), workdays=changed)
            if not undone():
                flask.flash(f"{found.title}已重新开放，{effect.words}。", "success")
                return flask.redirect(flask.url_for("programme.show_programmes"))
    return flask.render_template("programme/reopen.html", form=form, work_year=found, effect=effect)


def _work_year(year: int, region_code: str) -> WorkYearRow:
    found = work_years.find_work_year(db(), year, region_code)
    if found is None:
        raise Unseen("work_year")
    return found
