"""Pages of settlements: the list of a year, one of them."""

from __future__ import annotations

from typing import Any

import flask

from forms.fields import options
from forms.settlements import (
    SettlementFilters,
)
from models import Organisation, Settlement
from models.types import ExpenseCategory
from portal.documents.listing_frame import listing_answer
from portal.procedures.offer_rules import offers, reasons_off, step_bar
from portal.procedures.queries import permissions_on
from portal.procedures.timeline_queries import Track, timeline
from portal.programme.queries import current_year, list_years
from portal.settlements import decision_views, list_queries, queries
from portal.settlements.figure_queries import figures_of
from portal.settlements.list_queries import SettlementsAsked
from portal.settlements.listing_export import LISTING
from portal.settlements.paper_views import blueprint, copy_form, refuse_partly_seen
from portal.settlements.queries import SETTLEMENT
from portal.settlements.rules import LIFE, TONES, SettlementStage
from portal.settlements.submission_views import ONE
from portal.web.addresses import number_in_query
from portal.web.frame import (
    db,
    reading,
    requires,
    signed_in,
    today,
)
from portal.web.lists import page_size
from portal.web.pages import pager

__all__ = ["blueprint", "decision_views"]


@blueprint.get("/settlements")
@requires("fund.read")
def list_settlements() -> Any:
    form, year = _filter_form(), _year()
    filters = _asked(form, year)
    sort = flask.request.args.get("sort", list_queries.DEFAULT_ORDER)
    found = list_queries.list_settlements(
        db(),
        signed_in(),
        filters,
        sort=sort,
        cursor=flask.request.args.get("cursor"),
        size=page_size(),
    )
    return flask.render_template(
        "settlements/list_settlements.html",
        form=form,
        found=found,
        pager=pager(found),
        sort=sort,
        sums=list_queries.sums_of(db(), signed_in(), filters),
        year=year,
        years=list_years(db()),
        stages=list(SettlementStage),
        tones=TONES,
    )


@blueprint.route("/settlements/exports", methods=["GET", "POST"])
@requires("fund.read", reads_first=True)
def export_settlements() -> Any:
    form, year = _filter_form(), _year()
    return listing_answer(LISTING, form, _asked(form, year), said=(("工作年度", str(year)),))


def _year() -> int:
    years = list_years(reading())
    asked = number_in_query("year")
    return asked if asked in years else current_year(reading(), today())


def _filter_form() -> SettlementFilters:
    form = SettlementFilters(flask.request.args)
    form.province.choices += options(list_queries.provinces_in_reach(reading(), signed_in()))
    return form


def _asked(form: SettlementFilters, year: int) -> SettlementsAsked:
    asked = form.asked
    return SettlementsAsked(
        year,
        text=asked["q"] or "",
        province_code=asked["province"] or "",
        stage=SettlementStage(asked["stage"]) if asked["stage"] else None,
    )


@blueprint.get(ONE)
@requires("fund.read", SETTLEMENT)
def show_settlement(settlement: Settlement) -> Any:
    session, actor = db(), signed_in()
    refuse_partly_seen(session, actor, settlement)
    (facts,) = queries.facts_of(session, [settlement])
    offered = offers(
        LIFE,
        facts,
        person_id=actor.person_id,
        permissions=permissions_on(session, actor, LIFE, settlement),
        principals_for=actor.principals_for,
    )
    form = copy_form()
    return flask.render_template(
        "settlements/show_settlement.html",
        settlement=settlement,
        organisation=session.get_one(Organisation, settlement.organisation_id),
        figures=figures_of(session, settlement.organisation_id, settlement.year),
        categories=list(ExpenseCategory),
        offers=offered,
        off=reasons_off(offered),
        bar=step_bar(LIFE, settlement.state),
        events=timeline(session, Track(LIFE, Settlement, Settlement.id == settlement.id)),
        tones=TONES,
        stage=SettlementStage(settlement.state.value),
        form=form,
    )
