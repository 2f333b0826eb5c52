"""Pages of payments: one, many at once, what arrived; what an organisation raised itself."""

from __future__ import annotations

from typing import Any

import flask

from forms.funding import (
    FundDecisionForm,
    IncomeForm,
    IncomeReversalForm,
    PayManyForm,
    PaymentForm,
    ReceiptForm,
    vouchers_in,
)
from models import Disbursement, FundAllocation, FundIncome, Organisation, Pairing
from models.types import FundSource, Side
from portal.access.loading import Unseen
from portal.funding import actions, funding_forms, list_queries, payment_actions, payment_queries
from portal.funding.actions import Raised
from portal.funding.allocation_views import blueprint, chosen_year, to_allocation
from portal.funding.list_queries import FUND, PAYMENT
from portal.funding.organisation_queries import INCOME
from portal.funding.payment_actions import Payment
from portal.funding.payment_rules import numbered
from portal.funding.queries import left_of
from portal.funding.record_queries import belonging_of
from portal.pairings.queries import PAIRING
from portal.programme.queries import list_years
from portal.refusals import Refusal, Refused
from portal.standards.money import format_yuan, plain_yuan
from portal.web.frame import db, deed, requires, signed_in, today
from portal.web.pages import pager
from portal.web.refusals import refusals_shown_in

# ---- paying


@blueprint.route("/funds/allocations/<fund_id>/payments/new", methods=["GET", "POST"])
@requires("fund.pay", FUND)
def pay_allocation(allocation: FundAllocation) -> Any:
    form = PaymentForm()
    if form.validate_on_submit():
        with refusals_shown_in(form):
            amount = funding_forms.amount_of(form.amount.data, "拨付金额")
            assert form.paid_on.data is not None  # required by the form
            payment = Payment(allocation, amount, form.paid_on.data, form.voucher_number.data or "")
            payment_actions.disburse(deed(), [payment])
            flask.flash(f"已登记拨付 {format_yuan(amount)} 元，待收款机构确认到账。", "success")
            return to_allocation(allocation)
    elif not form.is_submitted():
        form.amount.data = plain_yuan(left_of(allocation))
        form.paid_on.data = today()
    return flask.render_template(
        "funding/pay_allocation.html",
        form=form,
        allocation=allocation,
        belonging=belonging_of(db(), allocation),
        left_fen=left_of(allocation),
    )


@blueprint.route("/funds/payments/new", methods=["GET", "POST"])
@requires("fund.pay")
def pay_many() -> Any:
    form = PayManyForm()
    years = list_years(db())
    year = chosen_year(years)
    if form.validate_on_submit():
        with refusals_shown_in(form):
            made = payment_actions.disburse(deed(), _payments_in(form))
            total = format_yuan(sum(one.amount_fen for one in made))
            flask.flash(f"已登记拨付 {len(made)} 笔，合计 {total} 元，待机构确认到账。", "success")
            return flask.redirect(
                flask.url_for(".list_fund_allocations", year=year, state="to_confirm")
            )
    elif not form.is_submitted():
        form.paid_on.data = today()
    found = payment_queries.list_to_pay(
        db(), signed_in(), year, cursor=flask.request.args.get("cursor")
    )
    return flask.render_template(
        "funding/pay_many.html",
        form=form,
        found=found,
        pager=pager(found, has_sizes=False),
        typed=vouchers_in(flask.request.form),
        chosen=form.tokens,
        year=year,
        years=years,
    )


def _payments_in(form: PayManyForm) -> list[Payment]:
    """Return a payment of all that is left for each ticked row; raise :class:`Refused` for none."""
    seen = form.seen
    found = list_queries.chosen_allocations(db(), signed_in(), "fund.pay", sorted(seen))
    if len(found) != len(seen):
        raise Unseen("allocation")
    if not found:
        raise Refused([Refusal("", "missing_value", "请先勾选要拨付的资金安排。")])
    payment_actions.refuse_if_changed(found, seen)
    typed = vouchers_in(flask.request.form)
    numbers = numbered(form.prefix.data or "", len(found))
    vouchers = [
        typed.get(one.public_id) or number for one, number in zip(found, numbers, strict=True)
    ]
    if not all(vouchers):
        sentence = "请填写凭证号前缀，或为所选的每一笔填写凭证号。"
        raise Refused([Refusal("prefix", "missing_value", sentence)])
    assert form.paid_on.data is not None  # required by the form
    return [
        Payment(one, left_of(one), form.paid_on.data, voucher)
        for one, voucher in zip(found, vouchers, strict=True)
    ]


# ---- what became of a payment


@blueprint.route("/funds/payments/<payment_id>/receipt", methods=["GET", "POST"])
@requires("fund.receive", PAYMENT)
def confirm_receipt(payment: Disbursement) -> Any:
    form = ReceiptForm(version=payment.version)
    allocation = db().get_one(FundAllocation, payment.allocation_id)
    if form.validate_on_submit():
        with refusals_shown_in(form):
            amount = funding_forms.amount_of(form.amount.data, "到账金额")
            assert form.received_on.data is not None  # required by the form
            payment_actions.confirm_receipt(
                deed(),
                payment,
                received_on=form.received_on.data,
                received_fen=amount,
                reason=form.reason.data,
                seen=form.version.data,
            )
            flask.flash(f"已确认到账 {format_yuan(amount)} 元，可以使用。", "success")
            return _to_purse(allocation)
    elif not form.is_submitted():
        form.amount.data = plain_yuan(payment.amount_fen)
        form.received_on.data = today()
    return flask.render_template(
        "funding/confirm_receipt.html",
        form=form,
        payment=payment,
        allocation=allocation,
        belonging=belonging_of(db(), allocation),
    )


def _to_purse(allocation: FundAllocation) -> Any:
    organisation = db().get_one(Organisation, allocation.organisation_id)
    return flask.redirect(
        flask.url_for(
            ".show_organisation", credit_code=organisation.credit_code, year=allocation.year
        )
    )


@blueprint.route("/funds/payments/<payment_id>/receipt/reversal", methods=["GET", "POST"])
@requires("fund.receive", PAYMENT)
def reverse_receipt(payment: Disbursement) -> Any:
    return _take_back(payment, "冲销到账", "已冲销到账，可以重新确认。")


@blueprint.route("/funds/payments/<payment_id>/reversal", methods=["GET", "POST"])
@requires("fund.pay", PAYMENT)
def reverse_payment(payment: Disbursement) -> Any:
    return _take_back(payment, "冲销拨付", "已冲销拨付，金额回到已核定未拨付。")


def _take_back(payment: Disbursement, title: str, said: str) -> Any:
    """Ask why, then take back what was confirmed or paid by mistake."""
    form = FundDecisionForm(version=payment.version)
    allocation = db().get_one(FundAllocation, payment.allocation_id)
    verb = (
        payment_actions.reverse_receipt
        if title == "冲销到账"
        else payment_actions.reverse_disbursement
    )
    if form.validate_on_submit():
        with refusals_shown_in(form):
            verb(deed(), payment, form.reason.data or "", seen=form.version.data)
            flask.flash(said, "success")
            return to_allocation(allocation)
    return flask.render_template(
        "funding/take_back_payment.html",
        title=title,
        form=form,
        payment=payment,
        allocation=allocation,
        belonging=belonging_of(db(), allocation),
    )


# ---- what an organisation raised itself


@blueprint.route("/pairings/<code>/incomes/new", methods=["GET", "POST"])
@requires("fund.raise", PAIRING)
def record_income(pairing: Pairing) -> Any:
    form = IncomeForm()
    years = list_years(db())
    funding_forms.offer_raised(form)
    funding_forms.offer_years(form, years)
    organisation, side = _own_side(pairing)
    if form.validate_on_submit():
        with refusals_shown_in(form):
            assert form.received_on.data is not None  # required by the form
            raised = Raised(
                pairing,
                side,
                form.year.data,
                FundSource(form.source.data),
                form.payer.data or "",
                funding_forms.amount_of(form.amount.data, "金额"),
                form.received_on.data,
                form.voucher_number.data or "",
                form.note.data or "",
            )
            made = actions.record_income(deed(), raised)
            flask.flash(f"已登记自行筹措 {format_yuan(made.amount_fen)} 元。", "success")
            return _to_incomes(organisation, made.year)
    elif not form.is_submitted():
        form.year.data = chosen_year(years)
        form.received_on.data = today()
    return flask.render_template(
        "funding/record_income.html",
        form=form,
        pairing=pairing,
        organisation=organisation,
        year=chosen_year(years),
    )


def _own_side(pairing: Pairing) -> tuple[Organisation, Side]:
    """Return the actor's own organisation in a pairing, and on which side it stands."""
    own = signed_in().organisations_for("fund.raise") or ()
    sides = {
        Side.SENT: db().get_one(Organisation, pairing.sending_organisation_id),
        Side.RECEIVED: db().get_one(Organisation, pairing.receiving_organisation_id),
    }
    return next((one, side) for side, one in sides.items() if one.credit_code in own)


@blueprint.route("/funds/incomes/<income_id>/reversal", methods=["GET", "POST"])
@requires("fund.raise", INCOME)
def reverse_income(income: FundIncome) -> Any:
    form = IncomeReversalForm()
    organisation = db().get_one(Organisation, income.organisation_id)
    if form.validate_on_submit():
        with refusals_shown_in(form):
            actions.reverse_income(deed(), income, form.reason.data or "")
            flask.flash(f"已冲销 {format_yuan(income.amount_fen)} 元的收入。", "success")
            return _to_incomes(organisation, income.year)
    return flask.render_template(
        "funding/reverse_income.html", form=form, income=income, organisation=organisation
    )


def _to_incomes(organisation: Organisation, year: int) -> Any:
    return flask.redirect(
        flask.url_for(
            ".show_organisation",
            credit_code=organisation.credit_code,
            year=year,
            _anchor="incomes",
        )
    )
