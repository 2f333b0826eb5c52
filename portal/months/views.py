"""Pages of months: the own one with its declaration, and who has declared."""

from __future__ import annotations

from datetime import date
from typing import Any

import flask
from flask import Blueprint

from forms.fields import options
from forms.months import MonthFilters, OwnMonthFilters
from portal.months import actions, list_queries, queries
from portal.months.list_queries import MonthsAsked
from portal.months.queries import OwnMonth
from portal.months.rules import NO_SUCH_MONTH, name_of
from portal.refusals import Refused
from portal.web.addresses import number_in_query
from portal.web.frame import db, deed, requires, signed_in, today
from portal.web.lists import page_size
from portal.web.pages import pager

blueprint = Blueprint("months", __name__)

SHOWN_MONTHS = 24
"""How far back a month can be chosen: two years, this month included."""


def months_up_to(day: date) -> list[date]:
    """Return the first days of the months that can be chosen, the latest first."""
    count = day.year * 12 + day.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(count, count - SHOWN_MONTHS, -1)]


def _choices() -> dict[str, date]:
    return {f"{one:%Y-%m}": one for one in months_up_to(today())}


@blueprint.get("/months/own")
@requires("workday.write")
def show_own() -> Any:
    filters, own = _own(flask.request.args)
    return flask.render_template("months/show_own.html", filters=filters, own=own)


@blueprint.post("/months/declaration")
@requires("workday.write")
def declare_month() -> Any:
    own = _asked_own()
    actions.declare_month(deed(), own)
    flask.flash(f"{name_of(own.month)}已声明填完。有补充时直接填报，声明随之失效。", "success")
    return _to(own)


@blueprint.post("/months/withdrawal")
@requires("workday.write")
def withdraw_declaration() -> Any:
    own = _asked_own()
    actions.withdraw_declaration(deed(), own)
    flask.flash(f"{name_of(own.month)}的“已填完”声明已撤回。", "success")
    return _to(own)


def _to(own: OwnMonth) -> Any:
    url = flask.url_for(".show_own", pairing=own.place.code, month=own.key)
    return flask.redirect(url)


def _asked_own() -> OwnMonth:
    """Return the own month that was posted; never another in its place."""
    _, own = _own(flask.request.form)
    asked = flask.request.form
    if own is None or (asked.get("month"), asked.get("pairing")) != (own.key, own.place.code):
        raise Refused([NO_SUCH_MONTH])
    return own


def _own(asked: Any) -> tuple[OwnMonthFilters, OwnMonth | None]:
    person_id = signed_in().person_id
    assert person_id is not None  # every account has a person
    places = queries.list_places(db(), person_id)
    filters, months = OwnMonthFilters(asked), _choices()
    filters.pairing.choices = options((one.code, one.label) for one in places)
    filters.month.choices = options((key, name_of(one)) for key, one in months.items())
    found = filters.asked
    if not places:
        return filters, None
    place = next((one for one in places if one.code == found["pairing"]), places[0])
    key = found["month"] or next(iter(months))
    filters.pairing.data, filters.month.data = place.code, key
    return filters, queries.own_month(db(), place, person_id, months[key], today())


@blueprint.get("/months")
@requires("assignment.read")
def list_months() -> Any:
    form, months = MonthFilters(flask.request.args), _choices()
    form.month.choices = options((key, name_of(one)) for key, one in months.items())
    asked = form.asked
    key = asked["month"] or next(iter(months))
    form.month.data = key
    filters = MonthsAsked(
        months[key],
        pairing=asked["pairing"] or "",
        person=asked["person"] or "",
        declared=asked["declared"] or "",
        area=str(number_in_query("area") or ""),
    )
    counties = list_queries.counties_of(db(), signed_in(), filters)
    cursor = flask.request.args.get("cursor")
    found = list_queries.list_people(db(), signed_in(), filters, cursor=cursor, size=page_size())
    return flask.render_template(
        "months/list_months.html",
        form=form,
        month=name_of(months[key]),
        found=found,
        pager=pager(found),
        area=filters.area,
        of_area=list_queries.name_of_area(counties, filters.area),
        areas=list_queries.areas_of(counties),
        share=list_queries.share_of(counties),
    )
