"""What the views answer by which a list leaves the portal: the page to print, the workbook.

    @blueprint.route("/organisations/exports", methods=["GET", "POST"])
    @requires("organisation.read")
    def export_organisations() -> Any:
        form = _filter_form()
        return listing_answer(LISTING, form, _filters_of(form))

The query is that of the list's own page, read by the same form: its filters are in force.
"""

from __future__ import annotations

import tempfile
from typing import Any

import flask
from wtforms.fields.choices import SelectFieldBase

from forms.base import FilterForm
from portal.documents.formats_export import FORMATS, IN_MEMORY, sha256_of
from portal.documents.listing_actions import ask_for_listing, record_listing
from portal.documents.listing_export import (
    ListedRows,
    Listing,
    document_of,
    names_of,
    title_of,
    write_listing,
)
from portal.documents.listing_rules import AsAsked, too_many_to_print
from portal.paging import COUNT_CAP
from portal.web.downloads import announced, as_file
from portal.web.form_keys import key_of, new_form_key
from portal.web.frame import close_session, database, db, deed, is_demo, keep, now, signed_in, today


def listing_answer(
    listing: Listing, form: FilterForm, filters: Any, *, said: tuple[tuple[str, str], ...] = ()
) -> Any:
    """Answer a GET with the page to print, a POST with the workbook, or with the job that writes it.

    ``said`` is what is asked for beside the form (the year).
    """
    asked = AsAsked(filters, flask.request.args.get("sort", ""), today(), (*said, *_said_by(form)))
    return _page(listing, asked) if flask.request.method == "GET" else _workbook(listing, asked)


def _said_by(form: FilterForm) -> tuple[tuple[str, str], ...]:
    """Return the filters in words, as far as they ask for anything."""
    return tuple((str(field.label.text), _text_of(field)) for field in form if field.data)


def _text_of(field: Any) -> str:
    if not isinstance(field, SelectFieldBase):
        return str(field.data)
    labels = (str(label) for value, label, *_ in field.iter_choices() if value == field.data)
    return next(labels, str(field.data))


def _page(listing: Listing, asked: AsAsked) -> Any:
    session, actor = db(), signed_in()
    first = listing.page(session, actor, asked, None)
    rows = ListedRows(listing, session, actor, asked)
    is_long = first.count > COUNT_CAP
    return flask.render_template(
        "documents/print_listing.html",
        listing=listing,
        title=title_of(listing, asked),
        count_text=first.count_text,
        refusal=too_many_to_print(first.count_text, COUNT_CAP) if is_long else None,
        document=None if is_long else document_of(rows, made_at=now(), is_demo=is_demo()),
        asked=asked,
    )


def _workbook(listing: Listing, asked: AsAsked) -> Any:
    actor, instant, shows_demo = signed_in(), now(), is_demo()
    # Writing a file takes seconds; no transaction that could keep others waiting stays open.
    close_session()
    with database().reading() as session:
        if listing.page(session, actor, asked, None).count > COUNT_CAP:
            return _asked_for(listing, asked)
        file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by whoever sends it
        rows = ListedRows(listing, session, actor, asked)
        count = write_listing(rows, file, made_at=instant, is_demo=shows_demo)
    names = names_of(listing, asked)
    record_listing(deed(), word=listing.word, asked=asked, rows=count, sha256=sha256_of(file))
    answer = as_file(
        file, name=names.name, plain_name=names.plain_name, mimetype=FORMATS["xlsx"].mimetype
    )
    said = f"筛选条件：{asked.in_words}；数据截至 {asked.on}"
    return keep(announced(answer, file, name=names.name, rows=count, said=said))


def _asked_for(listing: Listing, asked: AsAsked) -> Any:
    """Have a long file written in the background, and show how far it is."""
    job = ask_for_listing(
        deed(),
        key=key_of(flask.request) or new_form_key(),
        word=listing.word,
        title=title_of(listing, asked),
        asked=asked,
    )
    return flask.redirect(flask.url_for("jobs.show_job", job_id=job.public_id))
