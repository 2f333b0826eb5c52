"""Forms of pairings: filters, a new one, the agreement, the end."""

from __future__ import annotations

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import FilterForm, Form, VersionedForm
from forms.fields import DateField, options, options_of, up_to
from models.types import Line, Mode
from portal.compliance.pace_rules import Pace
from portal.pairings.rules import MAX_AGREEMENT_NUMBER, MAX_CODE
from portal.procedures.rules import MAX_REASON

MAX_TYPED = 200


class PairingFilters(FilterForm):
    q = StringField("编号、机构或县", validators=[Length(max=100)])
    sending = SelectField("援派省份", choices=options([], "全部"))
    receiving = SelectField("受援省份", choices=options([], "全部"))
    line = SelectField("任务线", choices=options_of(Line, "全部"))
    mode = SelectField("帮扶方式", choices=options_of(Mode, "全部"))
    compliant = SelectField("达标", choices=options([("yes", "达标"), ("no", "未达标")], "全部"))
    pace = SelectField("进度", choices=options_of(Pace, "全部"))
    finding = SelectField("未达标事项", choices=options([], "全部"))
    state = SelectField("状态", choices=options([], "全部"))


class CreatePairingForm(Form):
    sending = StringField(
        "援派机构",
        validators=[InputRequired("请选择或填写援派机构。"), Length(max=MAX_TYPED)],
    )
    receiving = StringField(
        "受援机构",
        validators=[InputRequired("请选择或填写受援机构。"), Length(max=MAX_TYPED)],
    )
    county = StringField("受援县", validators=[Length(max=60)])
    line = SelectField("任务线", choices=options_of(Line))
    starts_on = DateField("开始日期", validators=[InputRequired("请填写开始日期。")])
    ends_on = DateField("结束日期", validators=[Optional()])
    code = StringField("结对编号", render_kw=up_to(MAX_CODE))
    exception_reason = TextAreaField("一对一例外的申请理由", validators=[Length(max=MAX_REASON)])


class RefusalForm(VersionedForm):
    """Saying no to a proposed pairing, or taking it back."""

    reason = TextAreaField(
        "原因",
        validators=[InputRequired("不同意或撤回结对须填写原因。"), Length(max=MAX_REASON)],
    )


class ExceptionForm(VersionedForm):
    """The decision on a second partner; the opinion is needed where it is refused."""

    decision = RadioField(
        "决定",
        choices=options([("grant", "批准例外"), ("refuse", "不批准（结对随之不成立）")]),
        validators=[InputRequired("请选择批准或不批准。")],
    )
    reason = TextAreaField("意见", validators=[Length(max=MAX_REASON)])


class AgreementForm(VersionedForm):
    number = StringField(
        "协议编号",
        validators=[
            InputRequired("请填写协议编号。"),
        ],
        render_kw=up_to(MAX_AGREEMENT_NUMBER),
    )
    signed_on = DateField("签订日期", validators=[InputRequired("请填写签订日期。")])


class TerminationForm(VersionedForm):
    NOT_STORED = frozenset({"last_day", "reason"})

    last_day = DateField("最后一日", validators=[InputRequired("请填写结对的最后一日。")])
    reason = TextAreaField(
        "终止原因",
        validators=[InputRequired("终止结对须填写原因。"), Length(max=MAX_REASON)],
    )
