"""Forms of the transfers room: passing on, confirming, deciding."""

from __future__ import annotations

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from forms.base import FilterForm, Form, VersionedForm
from forms.fields import DateField, options_of, up_to
from forms.funding import MAX_TYPED, YUAN
from models.types import TransferState
from portal.ledger.amount_rules import MAX_NUMBER
from portal.procedures.rules import MAX_REASON


class TransferFilters(FilterForm):
    state = SelectField("状态", choices=options_of(TransferState, "全部"))


class TransferForm(Form):
    """What was paid over to the partner, and by which item of the agreement."""

    year = SelectField("工作年度", coerce=int, choices=[])
    source = SelectField("资金来源", choices=[], validators=[InputRequired("请选择资金来源。")])
    amount = StringField(
        "转付金额",
        validators=[InputRequired("请填写转付金额。"), Length(max=MAX_TYPED)],
        render_kw=YUAN,
    )
    paid_on = DateField("转付日期", validators=[InputRequired("请填写转付日期。")])
    voucher_number = StringField(
        "凭证号", validators=[InputRequired("请填写凭证号。")], render_kw=up_to(MAX_NUMBER)
    )
    agreement_number = StringField(
        "协议编号", validators=[InputRequired("请填写协议编号。")], render_kw=up_to(MAX_NUMBER)
    )
    agreed_on = DateField("协议日期", validators=[InputRequired("请填写协议日期。")])
    clause = TextAreaField(
        "协议条款",
        validators=[InputRequired("请照录协议中约定转付的条款。")],
        render_kw=up_to(MAX_REASON),
    )


class ArrivalForm(VersionedForm):
    """What the bank's slip of the receiving organisation says."""

    NOT_STORED = frozenset({"received_on"})

    received_on = DateField("到账日期", validators=[InputRequired("请按银行回单填写到账日期。")])


class TransferDecisionForm(VersionedForm):
    NOT_STORED = frozenset({"reason"})

    reason = TextAreaField(
        "原因", validators=[InputRequired("请填写原因。")], render_kw=up_to(MAX_REASON)
    )
