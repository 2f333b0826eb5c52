"""Pages of the ledger book: whose there are, one of them, and its files."""

from __future__ import annotations

import tempfile
from typing import Any

import flask
from flask import Blueprint

from forms.fields import options
from forms.ledger import BookCopyForm, BookFilters, BooksFilters
from models import Organisation
from models.types import FundSource
from portal.access.loading import Unseen
from portal.documents.description_rules import written
from portal.documents.formats_export import FORMATS, IN_MEMORY, sha256_of
from portal.enrolment import house
from portal.ledger import book_queries as queries
from portal.ledger.actions import record_book
from portal.ledger.book_export import (
    LINE_COLUMNS,
    WholeBook,
    document_of,
    foot_facts,
    line_cells,
    paid_table,
    subtotals,
    sum_of_page,
)
from portal.ledger.book_queries import BOOK, BookAsked
from portal.ledger.book_rules import BookLine
from portal.programme.queries import current_year, list_years
from portal.web.addresses import number_in_query
from portal.web.downloads import announced, as_file
from portal.web.frame import (
    close_session,
    database,
    db,
    deed,
    is_demo,
    keep,
    now,
    requires,
    signed_in,
    today,
)
from portal.web.lists import page_size
from portal.web.pages import pager

blueprint = Blueprint("ledger", __name__)

KINDS = ("xlsx", "pdf", "docx")


@blueprint.get("/ledger")
@requires("fund.read")
def list_books() -> Any:
    form = BooksFilters(flask.request.args)
    year = number_in_query("year") or current_year(db(), today())
    years = list_years(db())
    if year not in years:
        raise Unseen("year")
    found = queries.list_books(
        db(),
        signed_in(),
        form.asked["q"] or "",
        year=year,
        cursor=flask.request.args.get("cursor"),
        size=page_size(),
    )
    return flask.render_template(
        "ledger/list_books.html",
        form=form,
        year=year,
        years=years,
        found=found,
        pager=pager(found),
    )


@blueprint.route("/ledger/<credit_code>/<year:year>", methods=["GET", "POST"])
@requires("fund.read", BOOK)
def show_book(organisation: Organisation, year: int) -> Any:
    years = list_years(db())
    if year not in years:
        raise Unseen("year")
    if not queries.may_read_book(db(), signed_in(), organisation.id, year):
        return flask.render_template(
            "ledger/withheld_book.html", organisation=organisation, year=year, years=years
        )
    filters = BookFilters(flask.request.args)
    source = filters.asked["source"]
    asked = BookAsked(organisation.id, year, FundSource(source) if source else None)
    form = BookCopyForm()
    form.kind.choices = options((kind, FORMATS[kind].label) for kind in KINDS)
    if form.validate_on_submit():
        return _copied(organisation.credit_code, organisation.name, asked, form.kind.data)
    found = queries.read_page(
        db(), asked, cursor=flask.request.args.get("cursor"), size=page_size()
    )
    foot = queries.foot_of_book(db(), asked)
    return flask.render_template(
        "ledger/show_book.html",
        organisation=organisation,
        pairings=queries.pairings_of(db(), signed_in(), organisation.id, year),
        year=year,
        years=years,
        filters=filters,
        form=form,
        columns=LINE_COLUMNS,
        rows=[_shown(line) for line in found.rows],
        sum_of_page=_sum_of(found.rows) if found.rows else None,
        pager=pager(found),
        facts=[(label, _yuan(value)) for label, value in foot_facts(foot)],
        paid=paid_table(queries.list_paid(db(), asked)),
        subtotals=subtotals(foot),
    )


def _shown(line: BookLine) -> dict[str, str]:
    return {**_texts(line_cells(line)), "url": _page_of(line)}


def _page_of(line: BookLine) -> str:
    """Return the address of what a line is of; none of what has no page, or none for the actor."""
    page = house().object_pages.get(line.subject[0]) if line.subject else None
    if page is None or line.subject is None or not signed_in().holds(page.permission):
        return ""
    named: dict[str, Any] = {page.argument: line.subject[1]}
    return flask.url_for(page.endpoint, **named)


def _sum_of(lines: list[BookLine]) -> dict[str, str]:
    cells = sum_of_page([line_cells(line) for line in lines])
    return {**_texts(cells), LINE_COLUMNS[0].label: "合计"}


def _texts(cells: Any) -> dict[str, str]:
    """Return cells as paper shows them, by the heading of their column."""
    return {
        column.label: written(cell, column.kind)
        for column, cell in zip(LINE_COLUMNS, cells, strict=True)
    }


def _yuan(value: int | str) -> str:
    return value if isinstance(value, str) else written(value, "fen")


def _copied(credit_code: str, name: str, asked: BookAsked, kind: str) -> Any:
    """Return the whole book as a file, written while no transaction is open."""
    actor, instant, shows_demo = signed_in(), now(), is_demo()
    close_session()
    with database().reading() as session:
        book = WholeBook(
            organisation=name,
            credit_code=credit_code,
            pairings=queries.pairings_of(session, actor, asked.organisation_id, asked.year),
            year=asked.year,
            source=asked.source,
            paid=queries.list_paid(session, asked),
            lines=queries.read_all(session, asked),
            foot=queries.foot_of_book(session, asked),
            made_at=instant,
            is_demo=shows_demo,
        )
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by whoever sends it
    FORMATS[kind].write(document_of(book), file)
    record_book(
        deed(),
        credit_code,
        kind=kind,
        year=book.year,
        source=book.source_words,
        rows=len(book.lines),
        sha256=sha256_of(file),
    )
    named = f"{name}{book.title}.{kind}"
    answer = as_file(
        file,
        name=named,
        plain_name=f"qianshou-ledger-{credit_code}-{asked.year}.{kind}",
        mimetype=FORMATS[kind].mimetype,
    )
    said = f"资金来源：{book.source_words}"
    return keep(announced(answer, file, name=named, rows=len(book.lines), said=said))
