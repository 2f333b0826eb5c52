"""Opening programmes and work years, opening a closed year again, changing the policy."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.programme import ReasonForm
from portal.changes import actions, opening_actions
from portal.programme import forms, parameter_queries, work_year_queries
from portal.programme.effect_queries import Effect, effect_of, picture_from
from portal.programme.parameter_words import typed_text, unit_of
from portal.programme.period_rules import NewProgramme, NewWorkYear
from portal.programme.policy import Parameter
from portal.refusals import Refusal, Refused
from portal.web.frame import db, deed, requires, today
from portal.web.refusals import edits_kept_in, refusals_shown_in, refuse_if_changed, stamp_of
from portal.web.rehearsal import undone

blueprint = Blueprint("programme", __name__)


@blueprint.route("/programme/new", methods=["GET", "POST"])
@requires("programme.write")
def open_period() -> Any:
    form = forms.programme_form(db())
    opened = None
    if form.validate_on_submit():
        wanted = NewProgramme(**{name: form.data[name] for name in NewProgramme._fields})
        with refusals_shown_in(form):
            opened = opening_actions.open_programme(deed(), wanted)
            if not undone():
                flask.flash(f"计划“{form.code.data}”已设立：{opened.words}。", "success")
                return flask.redirect(flask.url_for("programme.show_programmes"))
    return flask.render_template("changes/open_period.html", form=form, opened=opened)


@blueprint.route("/programme/work-years/new", methods=["GET", "POST"])
@requires("programme.write")
def open_year() -> Any:
    missing = work_year_queries.first_day_missing(db(), today())
    form = forms.work_year_form(db(), missing or today())
    opened = None
    if form.validate_on_submit():
        wanted = NewWorkYear(**{name: form.data[name] for name in NewWorkYear._fields})
        with refusals_shown_in(form):
            opened = opening_actions.open_work_year(deed(), wanted)
            if not undone():
                flask.flash(f"工作年度已设立：{opened.words}。", "success")
                return flask.redirect(flask.url_for("programme.show_programmes"))
    return flask.render_template("changes/open_year.html", form=form, opened=opened)


@blueprint.route(
    "/programme/work-years/<year:year>/<region_code>/reopening", methods=["GET", "POST"]
)
@requires("programme.write")
def reopen(year: int, region_code: str) -> Any:
    found = work_year_queries.chosen(db(), year, region_code)
    form = ReasonForm()
    effect = None
    if form.validate_on_submit():
        with refusals_shown_in(form):
            before = picture_from(db(), year)
            changed = opening_actions.reopen_year(deed(), year, form.reason.data, region_code)
            effect = effect_of(before, picture_from(db(), year), workdays=changed)
            if not undone():
                flask.flash(f"{found.title}已重新开放，{effect.words}。", "success")
                return flask.redirect(flask.url_for("programme.show_programmes"))
    return flask.render_template(
        "changes/reopen.html",
        form=form,
        work_year=found,
        events=work_year_queries.history_of(db(), year, region_code),
        effect=effect,
    )


@blueprint.route("/programme/policy/<key>/change", methods=["GET", "POST"])
@requires("programme.write")
def change_parameter(key: str) -> Any:
    parameter = parameter_queries.chosen(key)
    current = parameter_queries.in_force(db(), key, today())
    rows = parameter_queries.list_history(db(), key)
    stamp = stamp_of(rows)

    def fresh(**formdata: None) -> Any:
        return forms.parameter_form(db(), parameter, current.value, today(), stamp, **formdata)

    form = fresh()
    effect = None
    if form.validate_on_submit():
        with edits_kept_in(form, lambda: fresh(formdata=None)):
            refuse_if_changed(form, stamp)
            effect = _change(parameter, form)
            if not undone():
                flask.flash(f"“{parameter.label}”已调整，{effect.words}。", "success")
                return flask.redirect(flask.url_for("programme.show_parameter", key=key))
    return flask.render_template(
        "changes/change_parameter.html",
        form=form,
        parameter=parameter,
        current=current,
        unit=unit_of(parameter),
        effect=effect,
        later=[row for row in rows if row.valid_from > today()],
    )


def _change(parameter: Parameter, form: Any) -> Effect:
    """Change a parameter as typed and say what that alters; raise :class:`Refused`."""
    typed = form.value.data
    text = typed_text(parameter, ",".join(typed) if isinstance(typed, list) else typed)
    if text is None:
        sentence = f"“{parameter.label}”应填金额（元，最多两位小数），实际为“{typed}”。"
        raise Refused([Refusal("value", "invalid_value", sentence)])
    # A province's work year may begin in the year before.
    first_year = form.valid_from.data.year - 1
    before = picture_from(db(), first_year)
    changed = actions.change_parameter(
        deed(), parameter.key, text, form.valid_from.data, form.note.data
    )
    return effect_of(before, picture_from(db(), first_year), workdays=changed)
