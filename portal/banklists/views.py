"""The pages of bank lists: one goes out, one comes back, is looked at and paid."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import Any

import flask
from flask import Blueprint

from forms.banklists import BankListForm, ConfirmListForm, ReturnedListForm
from portal.banklists import actions, queries
from portal.banklists.list_export import write_bank_list
from portal.banklists.reading_apart import LISTS
from portal.banklists.rules import MOST_ROWS, ListReading
from portal.banklists.shown_frame import carried, carried_back
from portal.documents.formats_export import FORMATS, IN_MEMORY, sha256_of
from portal.programme.queries import current_year, list_years
from portal.standards.money import format_yuan
from portal.web.addresses import number_in_query
from portal.web.downloads import announced, as_file
from portal.web.frame import db, deed, is_demo, keep, now, reading, requires, signed_in, today
from portal.web.refusals import refusals_shown_in

blueprint = Blueprint("banklists", __name__)


@blueprint.route("/funds/bank-list", methods=["GET", "POST"])
@requires("fund.pay", reads_first=True)
def show_bank_list() -> Any:
    """What is to be paid; a list that comes back is shown as payments, and nothing is written."""
    form = ReturnedListForm()
    if form.validate_on_submit():
        with refusals_shown_in(form):
            returned = LISTS.ask(form.file.data.read(), None)
            reading = actions.read_list(deed(), returned)
            shown = ConfirmListForm(formdata=None)
            shown.shown.data = carried(signed_in().account_id, returned)
            return _reading_page(shown, reading)
    return _page(BankListForm(formdata=None), form)


@blueprint.post("/funds/bank-list/payments")
@requires("fund.pay")
def pay_bank_list() -> Any:
    """Pay what was shown, as long as each row still holds."""
    form = ConfirmListForm()
    if form.validate_on_submit():
        with refusals_shown_in(form):
            returned = carried_back(signed_in().account_id, form.shown.data or "")
            made, reading = actions.pay_by_list(deed(), returned)
            if reading.bad:
                db().rollback()
                return _reading_page(form, reading)
            total = format_yuan(reading.total_fen)
            said = f"已按清单登记拨付 {len(made)} 笔，合计 {total} 元。"
            flask.flash(said if made else "清单里的各行都已登记过，没有新的拨付。", "success")
            return flask.redirect(
                flask.url_for("funding.list_fund_allocations", state="to_confirm", year=_year())
            )
    return _page(BankListForm(formdata=None), ReturnedListForm(formdata=None), form.form_errors)


def _reading_page(form: ConfirmListForm, reading: ListReading) -> Any:
    return flask.render_template(
        "banklists/confirm_bank_list.html", form=form, reading=reading, year=_year()
    )


@blueprint.post("/funds/bank-list/workbook")
@requires("fund.pay")
def send_bank_list() -> Any:
    form = BankListForm()
    if form.validate_on_submit():
        with refusals_shown_in(form):
            year = _year()
            rows = queries.list_for_bank(db(), signed_in(), year)
            reason = form.reason.data or ""
            accounts = actions.accounts_in_clear(deed(), rows, reason) if reason else {}
            file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by whoever sends it
            write_bank_list(rows, accounts, file, year=year, made_at=now(), is_demo=is_demo())
            actions.record_list(deed(), year, len(rows), sha256_of(file))
            name = f"{year}年度拨付银行清单（{today()}）.xlsx"
            answer = as_file(
                file,
                name=name,
                plain_name=f"qianshou-bank-list-{today()}.xlsx",
                mimetype=FORMATS["xlsx"].mimetype,
            )
            return keep(announced(answer, file, name=name, rows=len(rows)))
    return _page(form, ReturnedListForm(formdata=None))


def _page(form: BankListForm, returned: ReturnedListForm, refused: Sequence[str] = ()) -> Any:
    session, year = reading(), _year()
    rows = queries.list_for_bank(session, signed_in(), year)
    return flask.render_template(
        "banklists/show_bank_list.html",
        form=form,
        returned=returned,
        refused=refused,
        rows=len(rows),
        total_fen=sum(one.left_fen for one in rows),
        clear=sum(one.sealed is not None for one in rows),
        year=year,
        years=list_years(session),
        most=MOST_ROWS,
    )


def _year() -> int:
    asked = number_in_query("year")
    years = list_years(reading())
    return asked if asked in years else current_year(reading(), today())
