"""Forms of settlements: handing in, settling, returning what is left; what the list is asked for."""

from __future__ import annotations

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import FilterForm, Form, VersionedForm
from forms.fields import DateField, options, options_of, up_to
from models.types import SettlementOutcome
from portal.ledger.amount_rules import MAX_NUMBER
from portal.procedures.rules import MAX_REASON
from portal.settlements.rules import SettlementStage

OUTCOMES = options(
    [
        (SettlementOutcome.CARRIED_OVER.value, "结转下年使用"),
        (SettlementOutcome.RETURNED_TO_PAYER.value, "退回拨款方"),
    ]
)


class SettlementFilters(FilterForm):
    q = StringField("机构名称或信用代码", validators=[Length(max=100)])
    province = SelectField("机构所在省", choices=options([], "全部"))
    stage = SelectField("进度", choices=options_of(SettlementStage, "全部"))


class SubmitForm(VersionedForm):
    """Handing in a year. ``version`` is that of what was sent back, 0 the first time."""

    wish = RadioField("余款", choices=OUTCOMES, validators=[Optional()])
    note = TextAreaField("说明", render_kw=up_to(MAX_REASON))


class SettleForm(VersionedForm):
    outcome = RadioField("余款", choices=OUTCOMES, validators=[Optional()])
    note = TextAreaField("意见", render_kw=up_to(MAX_REASON))


class SettlementReasonForm(VersionedForm):
    reason = TextAreaField("原因", render_kw=up_to(MAX_REASON))


class SendBackForm(VersionedForm):
    returned_on = DateField("退回日期", validators=[InputRequired("请填写退回日期。")])
    voucher_number = StringField("凭证号", render_kw=up_to(MAX_NUMBER))


class SettlementCopyForm(Form):
    """In which form a settlement is taken out."""

    kind = SelectField("文件格式", validators=[InputRequired("请选择文件格式。")])
