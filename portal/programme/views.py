"""Pages of the programme: work years, the dated policy, the task-allocation table."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.fields import options
from forms.programme import AllocationForm, ClosingForm, PolicyFilters
from models import Allocation
from models.types import Line
from portal.access.loading import Unseen
from portal.places.queries import list_provinces, suggest_counties
from portal.programme import allocation_queries, forms, parameter_queries, work_year_queries
from portal.programme.actions import close_programme, close_work_year
from portal.programme.allocation_actions import facts_of, remove_allocation, set_allocation
from portal.programme.queries import current_year, get_work_year, list_years, programme_of
from portal.summaries import quota_queries as quotas
from portal.web.addresses import number_in_query
from portal.web.frame import db, deed, requires, signed_in, today
from portal.web.refusals import edits_kept_in, refusals_shown_in, refuse_if_changed, stamp_of

blueprint = Blueprint("programme", __name__)


@blueprint.get("/programme")
@requires("programme.read")
def show_programmes() -> Any:
    return flask.render_template(
        "programme/show_programmes.html", programmes=work_year_queries.list_programmes(db())
    )


@blueprint.route("/programme/<code>/closure", methods=["GET", "POST"])
@requires("programme.write")
def close_period(code: str) -> Any:
    found = next((one for one in work_year_queries.list_programmes(db()) if one.code == code), None)
    if found is None:
        raise Unseen("programme")
    form = ClosingForm()
    if form.validate_on_submit():
        with refusals_shown_in(form):
            years = close_programme(deed(), code, form.reason.data, is_sure=form.is_sure.data)
            closed = "、".join(map(str, years))
            flask.flash(f"计划“{code}”已关闭：{closed} 工作年度不再接受填报和核准。", "success")
            return flask.redirect(flask.url_for("programme.show_programmes"))
    open_years = [one for one in (*found.years, *found.own_years) if one.closed_at is None]
    return flask.render_template(
        "programme/close_period.html",
        form=form,
        programme=found,
        rows=[(one, work_year_queries.standing_of(db(), one)) for one in open_years],
    )


@blueprint.route("/programme/work-years/<year:year>/<region_code>/closure", methods=["GET", "POST"])
@requires("programme.write")
def close_year(year: int, region_code: str) -> Any:
    found = work_year_queries.chosen(db(), year, region_code)
    form = ClosingForm()
    if form.validate_on_submit():
        with refusals_shown_in(form):
            is_sure = form.is_sure.data
            close_work_year(deed(), year, form.reason.data, region_code, is_sure=is_sure)
            flask.flash(f"{found.title}已关闭，不再接受填报、确认和核准。", "success")
            return flask.redirect(flask.url_for("programme.show_programmes"))
    return flask.render_template(
        "programme/close_year.html",
        form=form,
        work_year=found,
        events=work_year_queries.history_of(db(), year, region_code),
        standing=work_year_queries.standing_of(db(), found),
        is_running=today() <= found.ends_on,
    )


@blueprint.get("/programme/policy")
@requires("programme.read")
def show_policy() -> Any:
    form = PolicyFilters(flask.request.args)
    day = form.on.data = form.asked["on"] or today()
    return flask.render_template(
        "programme/show_policy.html",
        form=form,
        day=day,
        groups=parameter_queries.list_in_force(db(), day),
        programme=programme_of(db(), day),
    )


@blueprint.get("/programme/policy/<key>")
@requires("programme.read")
def show_parameter(key: str) -> Any:
    parameter = parameter_queries.chosen(key)
    current = parameter_queries.in_force(db(), key, today())
    rows = parameter_queries.list_history(db(), key)
    return flask.render_template(
        "programme/show_parameter.html",
        parameter=parameter,
        current=current,
        history=parameter_queries.standings(rows, current.row, today()),
    )


@blueprint.get("/programme/allocations")
@requires("allocation.read")
def show_allocations() -> Any:
    year = _year()
    rows = allocation_queries.list_allocations(db(), signed_in(), year)
    view = allocation_queries.view_of(signed_in())
    quota = quotas.beside(db(), view, year, rows, today())
    return flask.render_template(
        "programme/show_allocations.html",
        year=year,
        years=list_years(db()),
        rows=rows,
        sums=allocation_queries.sums_of(rows),
        view=view,
        is_closed=get_work_year(db(), year).closed_at is not None,
        comparison=quota.comparison,
        coverage=quota.coverage,
    )


@blueprint.route("/programme/allocations/new", methods=["GET", "POST"])
@requires("allocation.write")
def add_allocation() -> Any:
    return _allocation_form({"year": _year(), "line": Line.KEY_COUNTY.value, "version": 0}, None)


@blueprint.route("/programme/allocations/<int:allocation_id>/edit", methods=["GET", "POST"])
@requires("allocation.write")
def change_allocation(allocation_id: int) -> Any:
    row = _allocation(allocation_id)
    return _allocation_form(_data_of(row), row)


@blueprint.post("/programme/allocations/<int:allocation_id>/removal")
@requires("allocation.write")
def remove_one_allocation(allocation_id: int) -> Any:
    row = _allocation(allocation_id)
    year = row.year
    remove_allocation(deed(), row)
    flask.flash("这一行已从任务分配表中删除。", "success")
    return flask.redirect(flask.url_for("programme.show_allocations", year=year))


def _year() -> int:
    years = list_years(db())
    year = number_in_query("year") or current_year(db(), today())
    if year not in years:
        raise Unseen("year")
    return year


def _data_of(row: Allocation) -> dict[str, Any]:
    facts = facts_of(row)
    return {**facts._asdict(), "line": facts.line.value, "version": stamp_of(facts)}


def _allocation(allocation_id: int) -> Allocation:
    found = db().get(Allocation, allocation_id, with_for_update=flask.request.method == "POST")
    if found is None:
        raise Unseen("allocation")
    return found


def _allocation_form(data: dict[str, Any], row: Allocation | None) -> Any:
    form = AllocationForm(data=data)
    form.year.choices = options([(str(year), str(year)) for year in list_years(db())])
    provinces = options(list_provinces(db()), "请选择")
    form.sending_province_code.choices = form.receiving_province_code.choices = provinces
    if form.validate_on_submit():
        with edits_kept_in(form, lambda: AllocationForm(None, data=_data_of(row) if row else data)):
            refuse_if_changed(form, data["version"])
            set_allocation(deed(), forms.allocation_in(db(), form), replacing=row)
            flask.flash("任务分配表已更新。", "success")
            return flask.redirect(flask.url_for("programme.show_allocations", year=form.year.data))
    return flask.render_template(
        "programme/edit_allocation.html",
        form=form,
        is_new=row is None,
        year=data["year"],
        counties=suggest_counties(db()),
    )
