"""Pages of the calendar: a year."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from portal.calendar import queries
from portal.calendar.rules import FIRST_YEAR, LAST_YEAR
from portal.web.frame import db, requires, today

blueprint = Blueprint("calendar", __name__)


@blueprint.get("/calendar")
@requires("calendar.read")
def calendar() -> Any:
    return flask.redirect(flask.url_for("calendar.show_year", year=today().year))


@blueprint.get(f"/calendar/<year(min={FIRST_YEAR}, max={LAST_YEAR}):year>")
@requires("calendar.read")
def show_year(year: int) -> Any:
    return flask.render_template(
        "calendar/show_year.html",
        view=queries.view_year(db(), year),
        standings=queries.list_year_standings(db(), today()),
    )
