"""The page of bank lists: one goes out, one comes back."""

from __future__ import annotations

import tempfile
from typing import Any

import flask
from flask import Blueprint

from forms.banklists import BankListForm, ReturnedListForm
from portal.banklists import actions, queries
from portal.banklists.list_export import write_bank_list
from portal.banklists.reading_apart import LISTS
from portal.banklists.rules import MOST_ROWS
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
    form = ReturnedListForm()
    bad: list[Any] = []
    if form.validate_on_submit():
        with refusals_shown_in(form):
            returned = LISTS.ask(form.file.data.read(), None)
            made, bad = actions.pay_by_list(deed(), returned)
            if made:
                total = format_yuan(sum(one.amount_fen for one in made))
                left_out = sum(one.is_unpaid for one in returned)
                said = f"；{left_out} 行未填拨付日期和凭证号，没有登记" if left_out else ""
                flask.flash(f"已按清单登记拨付 {len(made)} 笔，合计 {total} 元{said}。", "success")
                return flask.redirect(
                    flask.url_for("funding.list_fund_allocations", state="to_confirm", year=_year())
                )
    return _page(BankListForm(formdata=None), form, bad)


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
    return _page(form, ReturnedListForm(formdata=None), [])


def _page(form: BankListForm, returned: ReturnedListForm, bad: list[Any]) -> Any:
    session, year = reading(), _year()
    rows = queries.list_for_bank(session, signed_in(), year)
    return flask.render_template(
        "banklists/show_bank_list.html",
        form=form,
        returned=returned,
        bad=bad,
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
