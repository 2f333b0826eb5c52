"""The first page of money: of an organisation its year, of an office how all stand."""

from __future__ import annotations

from typing import Any

import flask

from forms.funding import StandingFilters
from models import Organisation
from portal.access.loading import Unseen
from portal.access.scope import reaches
from portal.documents.listing_export import Listing
from portal.documents.listing_frame import listing_answer
from portal.doors import Door
from portal.enrolment import house
from portal.funding import funding_forms, overview_queries, payment_views
from portal.funding import organisation_queries as purse
from portal.funding.allocation_views import blueprint, chosen_year
from portal.funding.entitlement_rules import shortages
from portal.funding.ground_queries import StandingsAsked, watched_parts
from portal.funding.organisation_queries import PURSE
from portal.funding.queries import sources_of, standing_of
from portal.funding.rules import FROM_NATION, PARTS
from portal.funding.stage_rules import TONES, Given
from portal.funding.standing_export import PROVINCES, STANDINGS
from portal.funding.standing_rules import CATEGORIES, LOTTERY_NOTE, RAISED_CLAUSE, TITLES, parts_of
from portal.funding.transfer_queries import list_passed, passed_by_source
from portal.ledger.book_queries import may_read_book
from portal.ledger.queries import settlements_of
from portal.programme.queries import current_year, list_years
from portal.programme.regime_queries import regime_of
from portal.web.frame import db, reading, requires, signed_in, today
from portal.web.lists import page_size
from portal.web.pages import pager

__all__ = ["blueprint", "payment_views"]

CLAIM = "spending.claim"
"""Whoever holds it is offered the page by which some other room has it used."""


@blueprint.get("/funds")
@requires("fund.read")
def show_funds() -> Any:
    years = list_years(db())
    year = chosen_year(years)
    own = signed_in().organisations_for("fund.read")
    if own is None:
        return _overview(years, year)
    organisations = purse.own_organisations(db(), sorted(own))
    if len(organisations) == 1:
        return _purse(organisations[0], years, year)
    return flask.render_template(
        "funding/list_organisations.html", organisations=organisations, year=year
    )


def _overview(years: list[int], year: int) -> Any:
    form, filters = _standings(years, year)
    sort = flask.request.args.get("sort", overview_queries.DEFAULT_ORDER)
    if year not in years:
        return flask.render_template(
            "funding/show_funds.html", years=years, year=year, form=form, behind=_behind()
        )
    found = overview_queries.list_standings(
        db(),
        signed_in(),
        filters,
        sort=sort,
        cursor=flask.request.args.get("cursor"),
        size=page_size(),
    )
    everything = filters._replace(text="", want=None)
    provinces = overview_queries.by_province(db(), signed_in(), everything)
    return flask.render_template(
        "funding/show_funds.html",
        form=form,
        found=found,
        pager=pager(found),
        sort=sort,
        year=year,
        years=years,
        whole=overview_queries.whole_of(db(), signed_in(), everything),
        provinces=provinces if len(provinces) > 1 else [],
        wants=overview_queries.count_wants(db(), signed_in(), everything),
        own=sources_of(signed_in(), "fund.plan") if filters.given != Given.TO_US else (),
        watched=[TITLES[part] for part in watched_parts(signed_in(), filters)],
        given=filters.given,
        behind=_behind(),
    )


def _standings(years: list[int], year: int) -> tuple[StandingFilters, StandingsAsked]:
    """Return what is asked for; a province that sends nobody is shown those who come to it."""
    form = StandingFilters(flask.request.args)
    funding_forms.offer_provinces(reading(), signed_in(), form)
    filters = funding_forms.standings_asked(form, year)
    own = sources_of(signed_in(), "fund.plan")
    if not own or own & FROM_NATION:
        return form, filters._replace(given=None)
    if filters.given is None and year in years:
        by_us = overview_queries.sends_any(db(), signed_in(), year)
        filters = filters._replace(given=Given.BY_US if by_us else Given.TO_US)
    return form, filters


def _behind() -> list[Door]:
    """Return the pages one step further that the actor may open."""
    return [
        one for one in house().behind("funding.show_funds") if signed_in().holds(one.permission)
    ]


@blueprint.route("/funds/exports", methods=["GET", "POST"])
@requires("fund.read", reads_first=True)
def export_standings() -> Any:
    return _exported(STANDINGS)


@blueprint.route("/funds/provinces/exports", methods=["GET", "POST"])
@requires("fund.read", reads_first=True)
def export_provinces() -> Any:
    return _exported(PROVINCES)


def _exported(listing: Listing) -> Any:
    years = list_years(reading())
    year = chosen_year(years)
    form, filters = _standings(years, year)
    if year not in years or signed_in().organisations_for("fund.read") is not None:
        return flask.redirect(flask.url_for(".show_funds"))
    return listing_answer(listing, form, filters, said=(("年度", f"{year} 年度"),))


@blueprint.get("/funds/organisations/<credit_code>/<year:year>")
@requires("fund.read", PURSE)
def show_organisation(organisation: Organisation, year: int) -> Any:
    years = list_years(db())
    if year not in years:
        raise Unseen("year")
    if not may_read_book(db(), signed_in(), organisation.id, year):
        return flask.render_template(
            "funding/withheld_purse.html", organisation=organisation, year=year, years=years
        )
    return _purse(organisation, years, year)


def _purse(organisation: Organisation, years: list[int], year: int) -> Any:
    """Return the page of an organisation's money in a year."""
    session, number = db(), organisation.id
    is_year = year in years
    standing = standing_of(session, number, year) if is_year else None
    sources = purse.by_source(session, number, year)
    expected = purse.list_expected(session, number, year)
    passed = list_passed(session, number, year)
    own = signed_in().organisations_for("fund.read") or ()
    may_confirm = organisation.credit_code in (signed_in().organisations_for("fund.receive") or ())
    return flask.render_template(
        "funding/show_organisation.html",
        organisation=organisation,
        year=year,
        years=years,
        standing=standing,
        parts=parts_of(standing.due, standing.money, sources, [one.source for one in expected])
        if standing
        else [],
        shortages={one.code: one for one in shortages(standing.due, standing.money)}
        if standing
        else {},
        sources=sources,
        lines=purse.list_lines(session, number, year),
        expected=expected,
        incomes=purse.list_incomes(session, number, year),
        passed=passed,
        passed_by_source=passed_by_source(passed),
        pairings=purse.list_pairings(session, signed_in(), number, year),
        may_pass_on=is_year and bool(regime_of(session).policy_of_year(year)["allow_transfer"]),
        is_own=organisation.credit_code in own,
        is_current=year == current_year(session, today()),
        may_confirm=may_confirm,
        may_review=signed_in().holds("fund.review")
        and reaches(session, signed_in(), "fund.review", organisation),
        settlement=settlements_of(session, [(number, year)]).get((number, year)),
        own_sources=sources_of(signed_in(), "fund.plan"),
        parts_sources=PARTS,
        behind=_behind(),
        claim=next((one for one in house().pages if one.permission == CLAIM), None)
        if signed_in().holds(CLAIM)
        else None,
        categories=CATEGORIES,
        raised_clause=RAISED_CLAUSE,
        lottery_note=LOTTERY_NOTE,
        tones=TONES,
    )
