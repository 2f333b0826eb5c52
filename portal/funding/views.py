"""The first page of money: of an organisation its year, of an office how all stand."""

from __future__ import annotations

from typing import Any

import flask

from forms.funding import StandingFilters
from models import Organisation
from portal.access.loading import Unseen
from portal.access.scope import reaches
from portal.enrolment import house
from portal.funding import funding_forms, overview_queries, payment_views
from portal.funding import organisation_queries as purse
from portal.funding.allocation_views import blueprint, chosen_year
from portal.funding.entitlement_rules import shortages
from portal.funding.organisation_queries import PURSE
from portal.funding.queries import sources_of, standing_of
from portal.funding.rules import PARTS
from portal.funding.stage_rules import TONES
from portal.funding.standing_rules import CATEGORIES, RAISED_CLAUSE, parts_of
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
    form = StandingFilters(flask.request.args)
    funding_forms.offer_provinces(reading(), signed_in(), form)
    filters = funding_forms.standings_asked(form, year)
    sort = flask.request.args.get("sort", overview_queries.DEFAULT_ORDER)
    if year not in years:
        return flask.render_template("funding/show_funds.html", years=years, year=year, form=form)
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
        own=sources_of(signed_in(), "fund.plan"),
    )


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
        claim=next((one for one in house().pages if one.permission == CLAIM), None)
        if signed_in().holds(CLAIM)
        else None,
        categories=CATEGORIES,
        raised_clause=RAISED_CLAUSE,
        tones=TONES,
    )
