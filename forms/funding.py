"""Forms of the funding room: filters, planning, deciding, paying, confirming what arrived."""

from __future__ import annotations

from typing import Any

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from forms.base import LARGEST_STAMP, FilterForm, Form, VersionedForm
from forms.fields import DateField, IntegerField, options, options_of, up_to
from forms.procedures import ChosenForm
from models.types import FundSource
from portal.funding.stage_rules import AllocationFilter, Given, Lack
from portal.ledger.amount_rules import MAX_NUMBER, MAX_PAYER
from portal.procedures.rules import MAX_REASON

YUAN = {"inputmode": "decimal", "autocomplete": "off"}
"""What makes a phone offer digits for an amount."""

MAX_TYPED = 60
"""Characters of an amount as it is typed; what it means, the rules say."""

VOUCHER_FIELD = "voucher-"
"""Before the id of an allocation: the field with the number of its own voucher."""


class AllocationFilters(FilterForm):
    q = StringField("机构、结对编号或拨款方", validators=[Length(max=100)])
    source = SelectField("资金来源", choices=options_of(FundSource, "全部"))
    province = SelectField("援派省份", choices=options([], "全部"))
    state = SelectField("状态", choices=options_of(AllocationFilter, "全部"))


class StandingFilters(FilterForm):
    q = StringField("机构或结对编号", validators=[Length(max=100)])
    province = SelectField("援派省份", choices=options([], "全部"))
    want = SelectField("要办的事", choices=options_of(Lack, "全部"))
    given = SelectField("派出省", choices=options_of(Given, "全部"))


class PlanForm(Form):
    """One allocation for the sending organisation of a pairing."""

    year = SelectField("工作年度", coerce=int, choices=[])
    source = SelectField("资金来源", choices=[], validators=[InputRequired("请选择资金来源。")])
    amount = StringField(
        "金额",
        validators=[InputRequired("请填写金额。"), Length(max=MAX_TYPED)],
        render_kw=YUAN,
    )
    payer = StringField(
        "拨款方", validators=[InputRequired("请填写拨款方。")], render_kw=up_to(MAX_PAYER)
    )
    document_number = StringField("文号", render_kw=up_to(MAX_NUMBER))
    note = TextAreaField("说明", render_kw=up_to(MAX_REASON))


class StandardFilters(FilterForm):
    """Of which money, and how much for each: what the preview of a year's plan is asked for."""

    source = SelectField("资金来源", choices=options([]))
    amount = StringField("每家金额", validators=[Length(max=MAX_TYPED)], render_kw=YUAN)


class PlanManyForm(Form):
    """The standard of a year for all who lack it, as the preview showed it."""

    shown = IntegerField(most=LARGEST_STAMP, widget=HiddenInput())
    payer = StringField(
        "拨款方", validators=[InputRequired("请填写拨款方。")], render_kw=up_to(MAX_PAYER)
    )
    document_number = StringField("文号", render_kw=up_to(MAX_NUMBER))
    note = TextAreaField("说明", render_kw=up_to(MAX_REASON))


class FundDecisionForm(VersionedForm):
    """Declining, cutting, taking back: on what was shown, with a reason."""

    NOT_STORED = frozenset({"reason"})

    reason = TextAreaField(
        "原因", validators=[InputRequired("请填写原因。")], render_kw=up_to(MAX_REASON)
    )


class PaymentForm(Form):
    """One payment out of an allocation."""

    amount = StringField(
        "拨付金额",
        validators=[InputRequired("请填写拨付金额。"), Length(max=MAX_TYPED)],
        render_kw=YUAN,
    )
    paid_on = DateField("拨付日期", validators=[InputRequired("请填写拨付日期。")])
    voucher_number = StringField(
        "凭证号", validators=[InputRequired("请填写凭证号。")], render_kw=up_to(MAX_NUMBER)
    )


class PayManyForm(ChosenForm):
    """All that is left of the ticked allocations, on one day."""

    paid_on = DateField("拨付日期", validators=[InputRequired("请填写拨付日期。")])
    prefix = StringField("凭证号前缀", render_kw=up_to(MAX_NUMBER))


class ReceiptForm(VersionedForm):
    """What the bank's slip says of a payment."""

    NOT_STORED = frozenset({"received_on", "amount", "reason"})

    received_on = DateField("到账日期", validators=[InputRequired("请按银行回单填写到账日期。")])
    amount = StringField(
        "到账金额",
        validators=[InputRequired("请填写到账金额。"), Length(max=MAX_TYPED)],
        render_kw=YUAN,
    )
    reason = StringField("差额原因", render_kw=up_to(MAX_REASON))


class IncomeForm(Form):
    """What an organisation raised itself for a pairing."""

    year = SelectField("工作年度", coerce=int, choices=[])
    source = SelectField("资金来源", choices=[], validators=[InputRequired("请选择资金来源。")])
    amount = StringField(
        "金额",
        validators=[InputRequired("请填写金额。"), Length(max=MAX_TYPED)],
        render_kw=YUAN,
    )
    payer = StringField(
        "付款方", validators=[InputRequired("请填写付款方。")], render_kw=up_to(MAX_PAYER)
    )
    received_on = DateField("到账日期", validators=[InputRequired("请填写到账日期。")])
    voucher_number = StringField(
        "凭证号", validators=[InputRequired("请填写凭证号。")], render_kw=up_to(MAX_NUMBER)
    )
    note = TextAreaField("说明", validators=[Optional()], render_kw=up_to(MAX_REASON))


class IncomeReversalForm(Form):
    reason = TextAreaField(
        "原因", validators=[InputRequired("请填写原因。")], render_kw=up_to(MAX_REASON)
    )


def vouchers_in(sent: Any) -> dict[str, str]:
    """Return, by the id of an allocation, the number of a voucher that was typed for it alone."""
    return {
        name.removeprefix(VOUCHER_FIELD): value
        for name, value in sent.items()
        if name.startswith(VOUCHER_FIELD)
    }
