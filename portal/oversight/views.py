"""Pages of supervision: how far money is used."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.fields import options
from forms.oversight import ExecutionFilters
from portal.documents.listing_frame import listing_answer
from portal.oversight import execution_queries
from portal.oversight.execution_queries import ExecutionAsked
from portal.oversight.execution_rules import ExecutionBy
from portal.oversight.listing_export import LISTING
from portal.programme.queries import current_year, list_years
from portal.web.addresses import number_in_query
from portal.web.frame import db, reading, requires, signed_in, today
from portal.web.lists import page_size
from portal.web.pages import pager

blueprint = Blueprint("oversight", __name__)


@blueprint.get("/funds/execution")
@requires("fund.read")
def list_fund_execution() -> Any:
    year = _year()
    form = _execution_form(year)
    asked = _execution_asked(form, year)
    sort = flask.request.args.get("sort", execution_queries.DEFAULT_ORDER)
    found = execution_queries.list_execution(
        db(),
        signed_in(),
        asked,
        sort=sort,
        cursor=flask.request.args.get("cursor"),
        size=page_size(),
    )
    return flask.render_template(
        "oversight/list_fund_execution.html",
        form=form,
        asked=asked,
        found=found,
        pager=pager(found),
        sort=sort,
        sums=execution_queries.sums_of(db(), signed_in(), asked),
        year=year,
        years=list_years(db()),
        ways=list(ExecutionBy),
    )


@blueprint.route("/funds/execution/exports", methods=["GET", "POST"])
@requires("fund.read", reads_first=True)
def export_fund_execution() -> Any:
    year = _year()
    form = _execution_form(year)
    return listing_answer(
        LISTING, form, _execution_asked(form, year), said=(("工作年度", str(year)),)
    )


def _year() -> int:
    years = list_years(reading())
    asked = number_in_query("year")
    return asked if asked in years else current_year(reading(), today())


def _execution_form(year: int) -> ExecutionFilters:
    form = ExecutionFilters(flask.request.args)
    form.province.choices += options(
        execution_queries.provinces_in_reach(reading(), signed_in(), year)
    )
    return form


def _execution_asked(form: ExecutionFilters, year: int) -> ExecutionAsked:
    asked = form.asked
    return ExecutionAsked(
        year,
        by=ExecutionBy(asked["by"]) if asked["by"] else ExecutionBy.ORGANISATION,
        text=asked["q"] or "",
        province_code=asked["province"] or "",
    )
