"""Pages of allocations: the list of a year, one, planning, deciding."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.funding import (
    AllocationFilters,
    FundDecisionForm,
    PlanForm,
    PlanManyForm,
    StandardFilters,
)
from forms.procedures import ChosenForm
from models import FundAllocation, Organisation, Pairing
from models.types import FundSource
from portal.access.loading import Unseen
from portal.documents.listing_frame import listing_answer
from portal.funding import actions, funding_forms, list_queries, planning_actions
from portal.funding.actions import PlannedFunds
from portal.funding.list_queries import FUND
from portal.funding.listing_export import LISTING
from portal.funding.planning_actions import Standard
from portal.funding.planning_queries import payer_of, standard_of_year
from portal.funding.planning_rules import part_of, refusals_for_standard, stamp_of
from portal.funding.queries import standing_of
from portal.funding.record_queries import FundDossier, PaymentRow, belonging_of, dossier_of
from portal.funding.rules import PARTS
from portal.funding.stage_rules import TONES, bar_of
from portal.pairings.queries import PAIRING
from portal.programme.queries import current_year, list_years
from portal.programme.regime_queries import regime_of
from portal.refusals import Refusal, Refused, refuse_if
from portal.standards.money import format_yuan
from portal.web.addresses import number_in_query
from portal.web.frame import db, deed, reading, requires, signed_in, today
from portal.web.lists import page_size
from portal.web.pages import pager
from portal.web.refusals import refusals_shown_in, version_shown

blueprint = Blueprint("funding", __name__)
"""Of the whole room; the other modules of views add their pages."""


def chosen_year(years: list[int]) -> int:
    """Return the year in the URL, if there is such a work year, else the current one."""
    asked = number_in_query("year")
    return asked if asked in years else current_year(reading(), today())


# ---- the list of a year


@blueprint.get("/funds/allocations")
@requires("fund.read")
def list_fund_allocations() -> Any:
    form = _filter_form()
    years = list_years(db())
    year = chosen_year(years)
    filters = funding_forms.allocations_asked(form, year)
    sort = flask.request.args.get("sort", list_queries.DEFAULT_ORDER)
    found = list_queries.list_allocations(
        db(),
        signed_in(),
        filters,
        today=today(),
        sort=sort,
        cursor=flask.request.args.get("cursor"),
        size=page_size(),
    )
    return flask.render_template(
        "funding/list_allocations.html",
        form=form,
        found=found,
        sums=list_queries.sums_of(db(), signed_in(), filters),
        pager=pager(found),
        sort=sort,
        year=year,
        years=years,
        tones=TONES,
    )


@blueprint.route("/funds/allocations/exports", methods=["GET", "POST"])
@requires("fund.read", reads_first=True)
def export_fund_allocations() -> Any:
    form = _filter_form()
    year = chosen_year(list_years(reading()))
    filters = funding_forms.allocations_asked(form, year)
    return listing_answer(LISTING, form, filters, said=(("年度", f"{year} 年度"),))


def _filter_form() -> AllocationFilters:
    form = AllocationFilters(flask.request.args)
    funding_forms.offer_provinces(reading(), signed_in(), form)
    return form


@blueprint.post("/funds/allocations/approval")
@requires("fund.approve")
def approve_allocations() -> Any:
    seen = ChosenForm().seen
    found = list_queries.chosen_allocations(db(), signed_in(), "fund.approve", sorted(seen))
    if len(found) != len(seen):
        raise Unseen("allocation")
    if not found:
        raise Refused([Refusal("chosen", "missing_value", "请先勾选要核定的资金安排。")])
    actions.approve_allocations(deed(), found, seen={one.id: seen[one.public_id] for one in found})
    total = format_yuan(sum(one.amount_fen for one in found))
    flask.flash(f"已核定 {len(found)} 项资金安排，合计 {total} 元。", "success")
    return flask.redirect(flask.url_for(".list_fund_allocations", year=found[0].year))


# ---- planning


@blueprint.route("/pairings/<code>/funds/new", methods=["GET", "POST"])
@requires("fund.plan", PAIRING)
def plan_allocation(pairing: Pairing) -> Any:
    form = PlanForm()
    years = list_years(db())
    funding_forms.offer_sources(signed_in(), form)
    funding_forms.offer_years(form, years)
    if form.validate_on_submit():
        with refusals_shown_in(form):
            plan = PlannedFunds(
                pairing,
                form.year.data,
                FundSource(form.source.data),
                form.payer.data or "",
                funding_forms.amount_of(form.amount.data, "金额"),
                form.document_number.data,
                form.note.data or "",
            )
            made = planning_actions.plan_one(deed(), plan)
            flask.flash(
                f"已编制 {format_yuan(made.amount_fen)} 元，待本级另一位同事核定。", "success"
            )
            return to_allocation(made)
    year = form.year.data if form.year.data in years else chosen_year(years)
    belonging = standing_of(db(), pairing.sending_organisation_id, year)
    if not form.is_submitted():
        form.year.data = year
        form.payer.data = payer_of(
            db(), signed_in(), funding_forms.own_source(signed_in(), None), today()
        )
    return flask.render_template(
        "funding/plan_allocation.html",
        form=form,
        pairing=pairing,
        organisation=db().get_one(Organisation, pairing.sending_organisation_id),
        standing=belonging,
        year=year,
    )


@blueprint.route("/funds/plan/<year:year>", methods=["GET", "POST"])
@requires("fund.plan")
def plan_year(year: int) -> Any:
    years = list_years(reading())
    if year not in years:
        raise Unseen("year")
    asked = StandardFilters(flask.request.args)
    funding_forms.offer_sources(signed_in(), asked)
    source = funding_forms.own_source(signed_in(), asked.source.data)
    asked.source.data = source.value
    form = PlanManyForm()
    each = None
    with refusals_shown_in(asked):
        if asked.amount.data:
            each = funding_forms.amount_of(asked.amount.data, "每家金额")
        refuse_if(refusals_for_standard(source, each, regime_of(db()).policy_of_year(year)))
    if asked.errors:
        each = None
    elif form.validate_on_submit():
        with refusals_shown_in(form):
            standard = Standard(
                year,
                source,
                form.payer.data or "",
                form.document_number.data,
                form.note.data or "",
                each,
            )
            made = planning_actions.plan_standard(deed(), standard, form.shown.data or 0)
            total = format_yuan(sum(one.amount_fen for one in made))
            flask.flash(
                f"已为 {len(made)} 家机构编制 {source.label}，合计 {total} 元，待另一位同事核定。",
                "success",
            )
            return flask.redirect(
                flask.url_for(
                    ".list_fund_allocations", year=year, source=source.value, state="planned"
                )
            )
    part = part_of(source)
    assert part is not None  # what somebody plans is a part of what is due
    rows = standard_of_year(db(), signed_in(), year, source, PARTS[part], each)
    lacking = [one for one in rows if one.amount_fen]
    form.shown.data = stamp_of(lacking)
    form.shown.raw_data = None
    if not form.is_submitted():
        form.payer.data = payer_of(db(), signed_in(), source, today())
    return flask.render_template(
        "funding/plan_year.html",
        asked=asked,
        form=form,
        year=year,
        years=years,
        source=source,
        lacking=lacking,
        planned=len(rows) - len(lacking),
        total_fen=sum(one.amount_fen for one in lacking),
        is_standard=part == "subsidy",
    )


# ---- one allocation


@blueprint.get("/funds/allocations/<fund_id>")
@requires("fund.read", FUND)
def show_allocation(allocation: FundAllocation) -> Any:
    found = dossier_of(db(), signed_in(), allocation)
    return flask.render_template(
        "funding/show_allocation.html",
        allocation=allocation,
        found=found,
        doors=_doors(allocation, found),
        payment_doors=_payment_doors,
        bar=bar_of(found.stage),
        tones=TONES,
    )


def _doors(allocation: FundAllocation, found: FundDossier) -> dict[str, dict[str, Any]]:
    """Return where each step is taken, for ``components/offers.html``."""

    def url(endpoint: str) -> str:
        return flask.url_for(endpoint, fund_id=allocation.public_id)

    return {
        "approved": {
            "url": url(".approve_allocation"),
            "hidden": {"version": allocation.version},
            "confirm": f"核定给{found.belonging.organisation.name}的 "
            f"{format_yuan(allocation.amount_fen)} 元？",
        },
        "declined": {"url": url(".decline_allocation")},
        "reduced": {"url": url(".reduce_allocation")},
    }


def _payment_doors(payment: PaymentRow) -> dict[str, dict[str, Any]]:
    def url(endpoint: str) -> str:
        return flask.url_for(endpoint, payment_id=payment.public_id)

    return {
        "received": {"url": url(".confirm_receipt"), "page": True},
        "receipt_reversed": {"url": url(".reverse_receipt")},
        "reversed": {"url": url(".reverse_payment")},
    }


@blueprint.post("/funds/allocations/<fund_id>/approval")
@requires("fund.approve", FUND)
def approve_allocation(allocation: FundAllocation) -> Any:
    seen = version_shown()
    actions.approve_allocations(
        deed(), [allocation], seen=None if seen is None else {allocation.id: seen}
    )
    flask.flash(f"已核定 {format_yuan(allocation.amount_fen)} 元，可以拨付。", "success")
    return to_allocation(allocation)


@blueprint.route("/funds/allocations/<fund_id>/declining", methods=["GET", "POST"])
@requires("fund.approve", FUND)
def decline_allocation(allocation: FundAllocation) -> Any:
    form = FundDecisionForm(version=allocation.version)
    if form.validate_on_submit():
        with refusals_shown_in(form):
            actions.decline_allocation(
                deed(), allocation, form.reason.data or "", seen=form.version.data
            )
            flask.flash("已不予核定，编制人可以看到原因。", "success")
            return to_allocation(allocation)
    return _decision_page("不予核定", form, allocation)


@blueprint.route("/funds/allocations/<fund_id>/reduction", methods=["GET", "POST"])
@requires("fund.approve", FUND)
def reduce_allocation(allocation: FundAllocation) -> Any:
    form = FundDecisionForm(version=allocation.version)
    if form.validate_on_submit():
        with refusals_shown_in(form):
            left = format_yuan(
                allocation.amount_fen - allocation.disbursed_fen - allocation.reduced_fen
            )
            actions.reduce_allocation(
                deed(), allocation, form.reason.data or "", seen=form.version.data
            )
            flask.flash(f"已核减未拨付的 {left} 元。", "success")
            return to_allocation(allocation)
    return _decision_page("核减未拨付的余额", form, allocation)


def _decision_page(title: str, form: FundDecisionForm, allocation: FundAllocation) -> Any:
    return flask.render_template(
        "funding/decide_allocation.html",
        title=title,
        form=form,
        allocation=allocation,
        belonging=belonging_of(db(), allocation),
    )


def to_allocation(allocation: FundAllocation) -> Any:
    return flask.redirect(flask.url_for(".show_allocation", fund_id=allocation.public_id))
