"""Forms of expenditures: the claim, what is decided on it, the list's filters, a cell of the matrix."""

from __future__ import annotations

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from forms.base import FilterForm, Form, VersionedForm
from forms.fields import DateField, IntegerField, options, options_of, up_to
from models.types import ExpenditureState, ExpenseCategory, FundSource, Task
from portal.ledger.amount_rules import MAX_NUMBER, MAX_PAYER
from portal.procedures.rules import MAX_REASON
from portal.spending.eligibility_rules import MAX_PURPOSE, MAX_ROUTE
from portal.spending.rules import SpendingStates
from portal.spending.sampling_rules import LARGEST_SEED

VERDICTS = options([("yes", "开放：可列支"), ("no", "关闭：不可列支")])


class ClaimForm(Form):
    """An expenditure as somebody claims it. ``list_days`` is the name of a button.

    ``person``, ``days``, ``route`` and ``other_reason`` belong to one category each; which of them are
    needed is the rule's to say. ``photo`` comes from the camera, ``file`` from wherever it is.
    """

    amount = StringField("金额", validators=[InputRequired("请填写金额。")])
    category = RadioField(
        "支出类别",
        choices=options_of(ExpenseCategory),
        validators=[InputRequired("请选择支出类别。")],
    )
    source = RadioField(
        "资金来源", choices=options_of(FundSource), validators=[InputRequired("请选择资金来源。")]
    )
    spent_on = DateField("支出日期", validators=[InputRequired("请填写支出日期。")])
    payee = StringField(
        "收款人", validators=[InputRequired("请填写收款人。")], render_kw=up_to(MAX_PAYER)
    )
    purpose = StringField(
        "用途摘要", validators=[InputRequired("请填写用途摘要。")], render_kw=up_to(MAX_PURPOSE)
    )
    other_reason = StringField("列入“其他”的理由", render_kw=up_to(MAX_REASON))
    route = StringField("路线", render_kw=up_to(MAX_ROUTE))
    travelled_from = DateField("出发日期", validators=[Optional()])
    travelled_until = DateField("返回日期", validators=[Optional()])
    person = SelectField("付给谁", validators=[Optional()], choices=options([], "请选择"))
    days = SelectMultipleField(
        "工作日",
        choices=[],
        coerce=int,
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    photo = FileField("拍票据")
    file = FileField("票据文件")
    no_voucher_reason = StringField("没有票据的原因", render_kw=up_to(MAX_REASON))
    task = SelectField("关联任务", validators=[Optional()], choices=options_of(Task, "不关联"))
    invoice_number = StringField("发票或单据号", render_kw=up_to(MAX_NUMBER))
    list_days = BooleanField()

    @property
    def chosen(self) -> FileStorage | None:
        """The voucher, whichever way it came, or None."""
        fields = (self._fields.get("photo"), self._fields.get("file"))
        return next((one.data for one in fields if one and one.data), None)


class EditClaimForm(ClaimForm, VersionedForm):
    """A claim that is written anew; its vouchers stand on its page."""

    NOT_STORED = frozenset({"days", "photo", "file", "list_days"})


class AnswerForm(VersionedForm):
    answer = TextAreaField(
        "为什么不是重复",
        validators=[InputRequired("请写明为什么不是重复的支出。")],
        render_kw=up_to(MAX_REASON),
    )


class ReasonForm(VersionedForm):
    reason = TextAreaField("原因", render_kw=up_to(MAX_REASON))


class RepaymentForm(VersionedForm):
    repaid_on = DateField("退回日期", validators=[InputRequired("请填写退回日期。")])
    voucher_number = StringField("凭证号", render_kw=up_to(MAX_NUMBER))


class SpendingFilters(FilterForm):
    q = StringField("收款人、用途或单据号", validators=[Length(max=100)])
    state = SelectField(
        "状态", choices=[*options_of(SpendingStates, "有效支出"), *options_of(ExpenditureState)]
    )
    source = SelectField("资金来源", choices=options_of(FundSource, "全部"))
    category = SelectField("支出类别", choices=options_of(ExpenseCategory, "全部"))
    organisation = StringField("机构", validators=[Length(max=100)])
    pairing = StringField("结对编号", validators=[Length(max=40)])


class SampleForm(FilterForm):
    seed = IntegerField("随机种子", most=LARGEST_SEED, validators=[Optional()])


class CellForm(Form):
    """A cell of a province's matrix, opened or closed from a day on."""

    source = SelectField("资金来源", choices=options_of(FundSource))
    category = SelectField("支出类别", choices=options_of(ExpenseCategory))
    is_allowed = RadioField(
        "调整为", choices=VERDICTS, validators=[InputRequired("请选择开放或关闭。")]
    )
    valid_from = DateField("自哪天起", validators=[InputRequired("请填写自哪天起。")])
    reason = StringField("依据", render_kw=up_to(MAX_REASON))
