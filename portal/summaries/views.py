"""Pages of the summary: the whole, a province, and the files that leave the portal."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from typing import IO, Any

import flask
from flask import Blueprint

from forms.fields import options
from forms.summaries import ExportForm, KnownDaysFilters, SummaryFilters
from models import Pairing
from models.types import Line, Mode, Side
from portal.access.loading import Unseen
from portal.clock import date_of, end_of
from portal.compliance.pace_rules import Pace
from portal.compliance.queries import read_sides
from portal.compliance.rules import TITLES as COMPLIANCE_TITLES
from portal.documents.description_rules import SIGNATURES
from portal.documents.formats_export import IN_MEMORY, sha256_of
from portal.documents.listing_actions import slot_of
from portal.documents.reporter_queries import reporting_unit
from portal.jobs.queries import find_in_slot
from portal.pairings.choice_queries import provinces_paired
from portal.pairings.queries import PAIRING
from portal.places.queries import list_provinces
from portal.programme.queries import current_year, list_years, policy_of_year
from portal.summaries.actions import ask_for_export, record_export
from portal.summaries.column_export import range_of
from portal.summaries.document_export import line_over, pairings_of, summed_parts
from portal.summaries.export import EXPORTS, names_of
from portal.summaries.ground_queries import sees_province
from portal.summaries.known_day_queries import ORDERS, DaysAsked, known_days, known_sums
from portal.summaries.money_queries import READ as MONEY_READ
from portal.summaries.queries import Summary, shortages_in, summary_of, unofficial_years
from portal.summaries.rules import SORTS, TITLES, Filters, refusals_for_as_of
from portal.web.addresses import number_in_query
from portal.web.downloads import announced, as_file
from portal.web.form_keys import key_of, new_form_key
from portal.web.frame import (
    close_session,
    database,
    db,
    deed,
    keep,
    now,
    requires,
    signed_in,
    today,
)
from portal.web.lists import page_size
from portal.web.pages import pager
from portal.web.refusals import refusals_shown_in

blueprint = Blueprint("summaries", __name__)

READ, EXPORT = "summary.read", "summary.export"
USUAL_KIND = "xlsx"
PRINTED = "html"
"""The one export that is a page."""
PRINTED_AT_MOST = 600
"""Pairings up to which the page, sent to a printer, holds them all; the export has no such limit."""
EXPORTED_AT_ONCE = 2000
"""Lines up to which a file is written while its reader waits; a longer one is a background job."""


@blueprint.get("/summary")
@requires(READ)
def show_summary() -> Any:
    return _page("summaries/show_summary.html", None)


@blueprint.get("/summary/provinces/<code>")
@requires(READ)
def show_province(code: str) -> Any:
    if not sees_province(db(), signed_in(), READ, code):
        raise Unseen("province")
    return _page("summaries/show_province.html", code)


@blueprint.get("/summary/pairings/<code>")
@requires("pairing.read", PAIRING)
def show_known_days(pairing: Pairing) -> Any:
    form = KnownDaysFilters(flask.request.args)
    asked = form.asked
    year = _year(number_in_query("year"))
    refusals = refusals_for_as_of(asked["as_of"], today())
    as_of = asked["as_of"] if asked["as_of"] and not refusals else today()
    known_before = end_of(as_of)
    side = Side(asked["side"]) if asked["side"] else None
    days = DaysAsked(
        pairing.id,
        year,
        policy_of_year(db(), year, known_before=known_before),
        known_before,
        side,
    )
    sort = flask.request.args.get("sort", "-date")
    cursor = flask.request.args.get("cursor")
    found = known_days(db(), signed_in(), days, sort=sort, cursor=cursor, size=page_size())
    return flask.render_template(
        "summaries/show_known_days.html",
        pairing=pairing,
        form=form,
        refusals=refusals,
        year=year,
        as_of=as_of,
        side=side,
        sums=known_sums(db(), days),
        read_sides=read_sides(pairing, signed_in()),
        policy=days.policy,
        found=found,
        sort=sort if sort in ORDERS else "-date",
        pager=pager(found),
    )


@blueprint.route("/summary/exports", methods=["GET", "POST"])
@requires(EXPORT)
def export_summary() -> Any:
    form = ExportForm(flask.request.form if flask.request.method == "POST" else flask.request.args)
    form.kind.choices = options([*((key, kind.label) for key, kind in EXPORTS.items()), PRINT])
    form.finding.choices += _finding_choices()
    form.year.data = _year(form.year.data)
    if not form.is_submitted():
        form.kind.data = form.kind.data or USUAL_KIND
    if form.is_submitted() and form.validate():
        with refusals_shown_in(form):
            return _exported(form)
    running = find_in_slot(db(), slot_of(signed_in()))
    return flask.render_template(
        "summaries/export_summary.html", form=form, of_which=_of_which(form), running=running
    )


def _finding_choices() -> list[tuple[str, str]]:
    knows_money = signed_in().holds(MONEY_READ)
    return options((TITLES if knows_money else COMPLIANCE_TITLES).items())


def _of_which(form: ExportForm) -> str | None:
    """Return in words of which province the pairings are exported, None if of all."""
    name = dict(list_provinces(db())).get(form.province.data or "")
    return (
        name
        and name + {"received": "受援", "sent": "援派"}.get(form.side.data or "", "") + "的结对"
    )


PRINT = (PRINTED, "打印版网页（浏览器打印）")


def _page(template: str, province: str | None) -> Any:
    form = SummaryFilters(flask.request.args)
    paired = provinces_paired(db(), signed_in(), READ, {Side.RECEIVED: form.province.data})
    form.province.choices += options(paired[Side.RECEIVED])
    form.finding.choices += _finding_choices()
    asked = form.asked
    refusals = refusals_for_as_of(asked["as_of"], today())
    as_of = None if refusals else asked["as_of"]
    year = _year(number_in_query("year"))
    side = _side() if province else None
    found = summary_of(
        db(),
        year,
        now=now(),
        as_of=as_of,
        actor=signed_in(),
        permission=READ,
        filters=replace(
            _filters_of(asked),
            **(
                _of_province(province, side)
                if province
                else _of_province(asked["province"] or None, "received")
            ),
            county=_county_in(province),
        ),
    )
    sort = flask.request.args.get("sort", "county")
    if sort.removeprefix("-") not in SORTS:
        sort = "county"
    lines = found.pairings.page(sort, flask.request.args.get("cursor"), page_size())
    return flask.render_template(
        template,
        summary=found,
        code=province,
        side=side,
        county=next((one for one in found.counties if one.code == _county_in(province)), None),
        name=found.province_names.get(province or "", ""),
        form=form,
        refusals=refusals,
        years=list_years(db()),
        year=year,
        lines=lines,
        pager=pager(lines),
        shortages=shortages_in(found),
        titles=titles_for(found),
        view=_view(found),
        sort=sort,
        unofficial_years=unofficial_years(db(), found),
        printed=on_paper(found) if found.listed <= PRINTED_AT_MOST else None,
        asked=_asked(form, year),
    )


DAYS, MONEY = "days", "money"
"""What the tables of the page are about."""


def _view(found: Summary) -> str:
    return MONEY if found.knows_money and flask.request.args.get("view") == MONEY else DAYS


def titles_for(found: Summary) -> Mapping[str, str]:
    """Return the findings that a reader may know of; money's come last."""
    return TITLES if found.knows_money else COMPLIANCE_TITLES


SIDES = {"received": "receiving_province", "sent": "sending_province"}


def _side() -> str | None:
    """Return the side of the province to which its page is narrowed, if any."""
    asked = flask.request.args.get("side")
    return asked if asked in SIDES else None


def _of_province(province: str | None, side: str | None) -> dict[str, Any]:
    """Return the filter of a province: on either side, or on one."""
    return {SIDES.get(side or "", "either_province"): province}


def _county_in(province: str | None) -> str | None:
    """Return the county that the page of a province is narrowed to, if any."""
    return flask.request.args.get("county") if province else None


def _year(asked: int | None) -> int:
    """Return the year asked for, else the current one; raise :class:`Unseen` if there is no such."""
    year = asked or current_year(db(), today())
    if year not in list_years(db()):
        raise Unseen("year")
    return year


def _filters_of(asked: Mapping[str, Any]) -> Filters:
    """Return which lines are meant by what a form has accepted."""
    return Filters(
        line=Line(asked["line"]) if asked["line"] else None,
        mode=Mode(asked["mode"]) if asked["mode"] else None,
        finding=asked["finding"] or None,
        compliant={"yes": True, "no": False}.get(asked["compliant"] or ""),
        pace=Pace(asked["pace"]) if asked["pace"] else None,
    )


def _asked(form: SummaryFilters, year: int) -> dict[str, Any]:
    """Return the query of this page, for links that keep what is asked but lead to one province."""
    args = flask.request.args
    kept = {
        name: args.get(name)
        for name in form.data
        if name != form.province.short_name and not form[name].errors
    }
    if args.get("view") == MONEY:
        kept["view"] = MONEY
    return {"year": year, **{name: value for name, value in kept.items() if value}}


def _exported(form: ExportForm) -> Any:
    actor, instant, kind = signed_in(), now(), form.kind.data
    filters = replace(
        _filters_of(form.data), **_of_province(form.province.data or None, form.side.data)
    )
    # Writing a file takes seconds; no transaction that could keep others waiting stays open.
    close_session()
    with database().reading() as session:
        found = summary_of(
            session,
            form.year.data,
            now=instant,
            as_of=form.as_of.data,
            actor=actor,
            permission=EXPORT,
            filters=filters,
        )
        if kind != PRINTED and found.listed > EXPORTED_AT_ONCE:
            return _asked_for(form, filters)
        # Closed by whoever sends it. On disk if it is large.
        file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115
        found = replace(found, reporter=reporting_unit(session, actor, EXPORT, date_of(instant)))
        if kind == PRINTED:
            write_page(found, file)
        else:
            EXPORTS[kind].write(found, file)
    record_export(
        deed(),
        year=found.year,
        kind=kind,
        purpose=form.purpose.data,
        as_of=found.as_of,
        filters=filters,
        rows=found.listed,
        sha256=sha256_of(file),
    )
    return keep(_sent(found, form, file))


def _asked_for(form: ExportForm, filters: Filters) -> Any:
    """Have a long file written in the background, and show how far it is."""
    job = ask_for_export(
        deed(),
        key=key_of(flask.request) or new_form_key(),
        year=form.year.data,
        kind=form.kind.data,
        purpose=form.purpose.data,
        as_of=form.as_of.data,
        filters=filters,
    )
    return flask.redirect(flask.url_for("jobs.show_job", job_id=job.public_id))


def _sent(found: Summary, form: ExportForm, file: IO[bytes]) -> Any:
    kind = form.kind.data
    if kind == PRINTED:
        return flask.send_file(file, mimetype="text/html")
    name, plain_name = names_of(found, kind, form.province.data)
    answer = as_file(file, name=name, plain_name=plain_name, mimetype=EXPORTS[kind].mimetype)
    said = f"范围：{range_of(found)}；数据截至 {found.as_of}"
    return announced(answer, file, name=name, rows=found.listed, said=said)


def on_paper(found: Summary) -> dict[str, Any]:
    """Return what the printer gets of a page of the summary instead of what the screen shows."""
    return {"pairing_table": pairings_of(found), "signatures": SIGNATURES}


def write_page(found: Summary, file: IO[bytes]) -> None:
    """Write the whole summary as one page to print, in pieces: unbuffered Jinja is ten times slower."""
    app = flask.current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001
    template = app.jinja_env.get_template("summaries/print_summary.html")
    context = {
        "summary": found,
        **on_paper(found),
        "area_tables": summed_parts(found),
        "above": line_over(found),
        "is_long": found.listed > PRINTED_AT_MOST,
    }
    app.update_template_context(context)
    stream = template.stream(context)
    stream.enable_buffering(1000)
    for part in stream:
        file.write(part.encode())
