"""Forms of staffing: filters, nominating, deciding, ending, replacing, excepting."""

from __future__ import annotations

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import FilterForm, Form, VersionedForm
from forms.fields import DateField, options, options_of, up_to
from models.types import AssignmentState, Side
from portal.procedures.rules import MAX_REASON

QUALIFIED = options([("yes", "符合"), ("no", "不符合"), ("excepted", "例外批准")], "全部")


class NominationFilters(FilterForm):
    q = StringField("姓名、机构或结对编号", validators=[Length(max=100)])
    side = SelectField("角色", choices=options_of(Side, "全部"))
    qualified = SelectField("援派资格", choices=QUALIFIED)


class AssignmentFilters(NominationFilters):
    state = SelectField(
        "状态", choices=options([("on_duty", "目前在岗"), *AssignmentState.choices()], "全部")
    )


class ReasonForm(Form):
    """A step that needs a reason."""

    reason = TextAreaField(
        "原因",
        validators=[InputRequired("请填写原因。")],
        render_kw=up_to(MAX_REASON),
    )


class DecisionForm(ReasonForm, VersionedForm):
    """A decision against somebody, or beside the rule: on what was shown, not on what it became."""


class NominationForm(Form):
    person = SelectField("人员", choices=[], validators=[InputRequired("请选择人员。")])
    starts_on = DateField("开始日期", validators=[InputRequired("请填写开始日期。")])
    ends_on = DateField("结束日期", validators=[Optional()])


class ReplacementForm(ReasonForm):
    person = SelectField("接替人员", choices=[], validators=[InputRequired("请选择接替人员。")])
    starts_on = DateField("接替首日", validators=[InputRequired("请填写接替首日。")])


class EndForm(ReasonForm):
    last_day = DateField("最后一日", validators=[InputRequired("请填写选派的最后一日。")])
