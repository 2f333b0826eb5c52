"""Pages of transfers: the list of a year, one of them, passing on, confirming, deciding."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.fields import options
from forms.transfers import ArrivalForm, TransferDecisionForm, TransferFilters, TransferForm
from models import FundTransfer, Organisation, Pairing
from models.types import FundSource, TransferState
from portal.access.scope import reaches
from portal.funding.funding_forms import amount_of
from portal.pairings.queries import PAIRING
from portal.procedures.offer_rules import offers, reasons_off, step_bar
from portal.procedures.queries import permissions_on
from portal.procedures.timeline_queries import Track, timeline
from portal.programme.queries import current_year, list_years
from portal.standards.money import format_yuan
from portal.transfers import actions, queries
from portal.transfers.queries import TRANSFER
from portal.transfers.rules import LIFE, NOT_ALLOWED, TONES, TransferAsked
from portal.web.addresses import number_in_query
from portal.web.frame import db, deed, reading, requires, signed_in, today
from portal.web.lists import page_size
from portal.web.pages import pager
from portal.web.refusals import refusals_shown_in

blueprint = Blueprint("transfers", __name__)


def _chosen_year(years: list[int]) -> int:
    asked = number_in_query("year")
    return asked if asked in years else current_year(reading(), today())


@blueprint.get("/transfers")
@requires("fund.read")
def list_transfers() -> Any:
    years = list_years(db())
    year = _chosen_year(years)
    form = TransferFilters(flask.request.args)
    state = form.asked["state"]
    found = queries.list_transfers(
        db(),
        signed_in(),
        year,
        TransferState(state) if state else None,
        cursor=flask.request.args.get("cursor"),
        size=page_size(),
    )
    return flask.render_template(
        "transfers/list_transfers.html",
        form=form,
        found=found,
        pager=pager(found),
        year=year,
        years=years,
        tones=TONES,
    )


@blueprint.route("/pairings/<code>/transfers/new", methods=["GET", "POST"])
@requires("fund.transfer", PAIRING)
def pass_on(pairing: Pairing) -> Any:
    form = TransferForm()
    years = list_years(db())
    year = _chosen_year(years)
    form.year.choices = options((str(one), f"{one} 年度") for one in years)
    form.source.choices = options((one.value, one.label) for one in FundSource)
    if form.validate_on_submit():
        with refusals_shown_in(form):
            made = actions.pass_on(deed(), pairing, form.year.data, _asked_in(form))
            amount = format_yuan(made.amount_fen)
            flask.flash(f"已登记转付 {amount} 元，待对方机构确认收到。", "success")
            return _to(made)
    elif not form.is_submitted():
        form.year.data = year
        form.paid_on.data = today()
    number = pairing.sending_organisation_id
    return flask.render_template(
        "transfers/pass_on.html",
        form=form,
        pairing=pairing,
        sender=db().get_one(Organisation, number),
        receiver=db().get_one(Organisation, pairing.receiving_organisation_id),
        year=year,
        cash=queries.cash_of(db(), number, year)
        if number in queries.own_organisations(signed_in(), "fund.transfer")
        else {},
        closed=None if queries.is_allowed(db(), today()) else NOT_ALLOWED.sentence,
    )


def _asked_in(form: TransferForm) -> TransferAsked:
    assert form.paid_on.data is not None  # required by the form
    assert form.agreed_on.data is not None
    return TransferAsked(
        FundSource(form.source.data),
        amount_of(form.amount.data, "转付金额"),
        form.paid_on.data,
        form.voucher_number.data or "",
        form.agreement_number.data or "",
        form.agreed_on.data,
        form.clause.data or "",
    )


@blueprint.get("/transfers/<transfer_id>")
@requires("fund.read", TRANSFER)
def show_transfer(transfer: FundTransfer) -> Any:
    offered = offers(
        LIFE,
        queries.facts_of(db(), signed_in(), transfer),
        person_id=signed_in().person_id,
        permissions=permissions_on(db(), signed_in(), LIFE, transfer),
        principals_for=signed_in().principals_for,
    )
    belonging = _belonging(transfer)
    sides = (("援派机构", belonging["sender"]), ("受援机构", belonging["receiver"]))
    return flask.render_template(
        "transfers/show_transfer.html",
        **belonging,
        purses=[side for side in sides if reaches(db(), signed_in(), "fund.read", side[1])],
        offers=offered,
        off=reasons_off(offered),
        bar=step_bar(LIFE, transfer.state),
        tones=TONES,
        events=timeline(db(), Track(LIFE, FundTransfer, FundTransfer.id == transfer.id)),
    )


@blueprint.route("/transfers/<transfer_id>/receipt", methods=["GET", "POST"])
@requires("fund.accept", TRANSFER)
def confirm_transfer(transfer: FundTransfer) -> Any:
    form = ArrivalForm(version=transfer.version)
    if form.validate_on_submit():
        with refusals_shown_in(form):
            assert form.received_on.data is not None  # required by the form
            actions.confirm_transfer(
                deed(), transfer, received_on=form.received_on.data, seen=form.version.data
            )
            amount = format_yuan(transfer.amount_fen)
            flask.flash(f"已确认收到转付 {amount} 元，计入本机构可用结余。", "success")
            return _to(transfer)
    elif not form.is_submitted():
        form.received_on.data = today()
    return flask.render_template(
        "transfers/confirm_transfer.html", form=form, **_belonging(transfer)
    )


WITH_REASON = {
    # Each verb with its address, what is said when it is done, and what it leads to.
    "declined": (
        "/refusal",
        "已不予确认。",
        "金额仍在援派机构账上，可用结余不变；确有转付的，由援派机构核对后重新登记。",
    ),
    "withdrawn": ("/withdrawal", "已撤回转付。", "金额仍在本机构账上，可用结余不变。"),
    "reversed": (
        "/reversal",
        "已冲销转付，金额退回援派机构。",
        "台账记一笔相反的账，本机构可用结余减少、援派机构增加；每笔只能冲销一次。",
    ),
}


def _lay(verb: str) -> None:
    """Lay the page on which a step with a reason is taken."""
    path, done, leads_to = WITH_REASON[verb]
    step = LIFE.step(verb)
    assert step.permission is not None  # somebody takes each of them

    @blueprint.route(
        f"/transfers/<transfer_id>{path}", methods=["GET", "POST"], endpoint=f"decide_{verb}"
    )
    @requires(step.permission, TRANSFER)
    def page(transfer: FundTransfer) -> Any:
        form = TransferDecisionForm(version=transfer.version)
        if form.validate_on_submit():
            with refusals_shown_in(form):
                reason, seen = form.reason.data or "", form.version.data
                actions.decide_transfer(deed(), transfer, reason, verb=verb, seen=seen)
                flask.flash(done, "success")
                return _to(transfer)
        return flask.render_template(
            "transfers/decide_transfer.html",
            form=form,
            step=step,
            leads_to=leads_to,
            **_belonging(transfer),
        )


for _verb in WITH_REASON:
    _lay(_verb)


def _belonging(transfer: FundTransfer) -> dict[str, Any]:
    return {
        "transfer": transfer,
        "sender": db().get_one(Organisation, transfer.organisation_id),
        "receiver": db().get_one(Organisation, transfer.receiving_organisation_id),
        "pairing": db().get_one(Pairing, transfer.pairing_id),
    }


def _to(transfer: FundTransfer) -> Any:
    return flask.redirect(flask.url_for(".show_transfer", transfer_id=transfer.public_id))
