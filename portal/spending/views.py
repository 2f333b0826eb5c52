"""Pages of expenditures: the list, one of them, a sample to look at, the matrix of a province."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Any

import flask

from forms.spending import CellForm, SampleForm, SpendingFilters
from models import Expenditure, Organisation, Person
from models.types import ExpenditureState, ExpenseCategory, FundSource
from portal.access.loading import Forbidden
from portal.access.policy import Reach
from portal.access.scope import province_reached
from portal.documents.listing_frame import listing_answer
from portal.files.queries import board_of
from portal.procedures.offer_rules import offers, reasons_off, step_bar
from portal.procedures.queries import permissions_on
from portal.procedures.timeline_queries import Track, timeline
from portal.programme.queries import current_year, list_years
from portal.spending import (
    cell_actions,
    day_queries,
    ground_queries,
    list_queries,
    place_queries,
    queries,
)
from portal.spending.alike_queries import list_alike
from portal.spending.decision_views import blueprint
from portal.spending.eligibility_rules import matrix_on
from portal.spending.list_queries import ExpenditureFilters
from portal.spending.listing_export import LISTING
from portal.spending.queries import EXPENDITURE
from portal.spending.rules import LIFE, SpendingStates
from portal.spending.sampling_rules import LARGEST_SEED, SAMPLE
from portal.web.addresses import number_in_query
from portal.web.frame import db, deed, reading, requires, signed_in, today
from portal.web.lists import page_size
from portal.web.pages import pager
from portal.web.refusals import refusals_shown_in

__all__ = ["blueprint"]


@blueprint.get("/spending")
@requires("spending.read")
def list_expenditures() -> Any:
    form, year = SpendingFilters(flask.request.args), _year()
    filters = _filters_of(form, year)
    sort = flask.request.args.get("sort", list_queries.DEFAULT_ORDER)
    found = list_queries.list_expenditures(
        db(),
        signed_in(),
        filters,
        sort=sort,
        cursor=flask.request.args.get("cursor"),
        size=page_size(),
    )
    if signed_in().holds("spending.claim"):  # who claims answers, who books waits for it
        found = replace(found, rows=list_queries.with_questions(db(), found.rows))
    return flask.render_template(
        "spending/list_expenditures.html",
        form=form,
        filters=filters,
        found=found,
        pager=pager(found),
        sort=sort,
        sums=list_queries.sums_of(db(), signed_in(), filters),
        year=year,
        years=list_years(db()),
        sees_others=any(reach != Reach.SELF for reach, _ in signed_in().reaches("spending.read")),
        sees_many=any(
            reach not in (Reach.SELF, Reach.ORGANISATION)
            for reach, _ in signed_in().reaches("spending.read")
        ),
    )


@blueprint.route("/spending/exports", methods=["GET", "POST"])
@requires("spending.read", reads_first=True)
def export_expenditures() -> Any:
    form, year = SpendingFilters(flask.request.args), _year()
    said = (("工作年度", str(year)),)
    return listing_answer(LISTING, form, _filters_of(form, year), said=said)


def _year() -> int:
    years = list_years(reading())
    asked = number_in_query("year")
    return asked if asked in years else current_year(reading(), today())


def _filters_of(form: SpendingFilters, year: int) -> ExpenditureFilters:
    asked = form.asked
    state = asked["state"]
    return ExpenditureFilters(
        year,
        state=(SpendingStates(state) if state in {*SpendingStates} else ExpenditureState(state))
        if state
        else None,
        source=FundSource(asked["source"]) if asked["source"] else None,
        category=ExpenseCategory(asked["category"]) if asked["category"] else None,
        pairing=asked["pairing"],
        organisation=asked["organisation"],
        q=asked["q"],
    )


@blueprint.get("/spending/<expenditure_id>")
@requires("spending.read", EXPENDITURE)
def show_expenditure(expenditure: Expenditure) -> Any:
    (facts,) = queries.facts_of(db(), signed_in(), [expenditure], today())
    offered = offers(
        LIFE,
        facts,
        person_id=signed_in().person_id,
        permissions=permissions_on(db(), signed_in(), LIFE, expenditure),
        principals_for=signed_in().principals_for,
    )
    track = Track(LIFE, Expenditure, Expenditure.id == expenditure.id)
    paid = expenditure.paid_person_id
    return flask.render_template(
        "spending/show_expenditure.html",
        expenditure=expenditure,
        organisation=db().get_one(Organisation, expenditure.organisation_id),
        place=place_queries.place_of(db(), expenditure.organisation_id, expenditure.pairing_id),
        person=db().get_one(Person, paid) if paid else None,
        days=day_queries.days_of(db(), expenditure.id),
        facts=facts,
        offers=offered,
        off=reasons_off(offered),
        bar=step_bar(LIFE, expenditure.state),
        alike=list_alike(db(), signed_in(), expenditure),
        files=board_of(db(), signed_in(), expenditure),
        events=timeline(db(), track),
    )


@blueprint.get("/spending/sample")
@requires("spending.review")
def draw_sample() -> Any:
    form = SampleForm(flask.request.args)
    year = _year()
    seed = form.asked["seed"]
    rows = [] if seed is None else list_queries.draw_sample(db(), signed_in(), year, seed)
    return flask.render_template(
        "spending/draw_sample.html",
        form=form,
        rows=rows,
        seed=seed,
        next_seed=secrets.randbelow(LARGEST_SEED) + 1,
        size=SAMPLE,
        waiting=list_queries.not_sampled(db(), signed_in(), year),
        year=year,
        years=list_years(db()),
    )


@blueprint.route("/spending/rules", methods=["GET", "POST"])
@requires("spending.rule")
def change_rules() -> Any:
    code = _province()
    form = CellForm(data={"valid_from": today()})
    if form.validate_on_submit():
        with refusals_shown_in(form):
            assert form.valid_from.data is not None  # required by the form
            cell_actions.change_cell(
                deed(),
                code,
                FundSource(form.source.data),
                ExpenseCategory(form.category.data),
                is_allowed=form.is_allowed.data == "yes",
                valid_from=form.valid_from.data,
                reason=form.reason.data or "",
            )
            flask.flash("已调整本省支出范围，从所填日期起的支出按新规定核对。", "success")
            return flask.redirect(flask.url_for(".change_rules"))
    province = place_queries.province_name(db(), code)
    rules = ground_queries.cell_rules(db(), [code])[code]
    return flask.render_template(
        "spending/change_rules.html",
        form=form,
        matrix=matrix_on(province, rules, today()),
        rules=sorted(rules, key=lambda one: one.recorded_at, reverse=True),
        categories=list(ExpenseCategory),
    )


def _province() -> str:
    """Return the province whose matrix somebody changes; raise :class:`Forbidden` without one."""
    code = province_reached(db(), signed_in(), "spending.rule")
    if code is None:
        raise Forbidden("spending.rule")
    return code
