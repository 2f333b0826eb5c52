"""Changing the calendar: one day, a year's notice."""

from __future__ import annotations

from datetime import date
from typing import Any

import flask
from flask import Blueprint

from forms.calendar import PLAIN, DayForm, NoticeForm
from forms.fields import options
from models.types import DayKind
from portal.access.loading import Unseen
from portal.calendar import queries
from portal.calendar.notice_rules import Reading, decode_table, read_notice_table
from portal.calendar.rules import FIRST_YEAR, LAST_YEAR, kinds_for, weekday_of
from portal.changes.actions import change_day, change_year, remove_year
from portal.refusals import Refusal, refuse_if
from portal.web.frame import db, deed, requires
from portal.web.refusals import edits_kept_in, refusals_shown_in, refuse_if_changed, stamp_of
from portal.web.rehearsal import undone

blueprint = Blueprint("calendar", __name__)

YEAR = f"/calendar/<year(min={FIRST_YEAR}, max={LAST_YEAR}):year>"


@blueprint.route("/calendar/days/<text>", methods=["GET", "POST"])
@requires("calendar.write")
def edit_day(text: str) -> Any:
    day = _date_in(text)
    stored = queries.find_day(db(), day)
    form = DayForm(data=_as_data(stored))
    form.kind.choices = options(
        [(PLAIN, _plain_label(day)), *((kind.value, kind.label) for kind in kinds_for(day))]
    )
    effect = None
    if form.validate_on_submit():
        kind = None if form.kind.data == PLAIN else DayKind(form.kind.data)
        with edits_kept_in(form, lambda: DayForm(None, data=_as_data(queries.find_day(db(), day)))):
            refuse_if_changed(form, _as_data(stored)["version"])
            changed = change_day(
                deed(), day, kind, name=form.name.data or "", source=form.source.data
            )
            if not undone():
                flask.flash(f"{day} 已改为“{_label(day, kind)}”，{_effect(changed)}。", "success")
                return flask.redirect(flask.url_for("calendar.show_year", year=day.year))
            effect = _effect(changed)
    return flask.render_template(
        "changes/edit_day.html",
        form=form,
        day=day,
        weekday=weekday_of(day),
        stored=stored,
        effect=effect,
    )


@blueprint.route(YEAR + "/notice", methods=["GET", "POST"])
@requires("calendar.write")
def load_notice(year: int) -> Any:
    form = NoticeForm()
    effect = None
    if form.validate_on_submit():
        with refusals_shown_in(form):
            found = _reading(form, year)
            refuse_if(found.refusals)
            changed = change_year(deed(), year, found.rows, source=form.source.data)
            if not undone():
                flask.flash(
                    f"{year} 年的安排已录入 {len(found.rows)} 个日期，{_effect(changed)}。",
                    "success",
                )
                return flask.redirect(flask.url_for("calendar.show_year", year=year))
            effect = f"共 {len(found.rows)} 个日期，{_effect(changed)}"
    return flask.render_template(
        "changes/load_notice.html", form=form, view=queries.view_year(db(), year), effect=effect
    )


@blueprint.post(YEAR + "/removal")
@requires("calendar.write")
def remove_notice(year: int) -> Any:
    changed = remove_year(deed(), year)
    flask.flash(f"{year} 年的安排已撤下，暂按周一至周五计算，{_effect(changed)}。", "success")
    return flask.redirect(flask.url_for("calendar.show_year", year=year))


def _date_in(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Unseen("day") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Unseen("day")
    return day


def _as_data(stored: Any) -> dict[str, Any]:
    shown = (
        {"kind": PLAIN}
        if stored is None
        else {"kind": stored.kind.value, "name": stored.name, "source": stored.source}
    )
    return {**shown, "version": stamp_of(shown)}


def _plain_label(day: date) -> str:
    return "普通工作日（周一至周五）" if not kinds_for(day)[1:] else "普通周末"


def _label(day: date, kind: DayKind | None) -> str:
    return kind.label if kind else _plain_label(day)


def _effect(changed: int) -> str:
    if changed == 0:
        return "没有工作日志因此变化"
    return f"{changed} 条工作日志的计入情况随之重算"


def _reading(form: NoticeForm, year: int) -> Reading:
    """Return what the file says, or else the pasted table."""
    if not form.file.data:
        return read_notice_table(form.table.data or "", year)
    text = decode_table(form.file.data.read())
    if text is None:
        return Reading(
            [],
            [
                Refusal(
                    "file",
                    "invalid_value",
                    "该文件不是 CSV 文本。Excel 工作簿请另存为 CSV，或复制单元格后粘贴到上面的框中。",
                )
            ],
        )
    return read_notice_table(text, year)
