"""Forms of the programme: reasons, parameters, rows of the allocation table."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from forms.base import FilterForm, Form, VersionedForm
from forms.fields import DateField, IntegerField, options, options_of, up_to
from models.types import Line
from portal.procedures.rules import MAX_REASON


class ReasonForm(Form):
    """Why a work year is closed or opened again."""

    reason = TextAreaField(
        "原因",
        validators=[InputRequired("请填写原因。")],
        render_kw=up_to(MAX_REASON),
    )


class ClosingForm(ReasonForm):
    """Why a period is closed; ``is_sure`` where it still runs or days wait in it."""

    is_sure = BooleanField("仍要关闭")


class ProgrammeForm(Form):
    """A further period of the plan."""

    code = StringField(
        "编号",
        validators=[InputRequired("请填写编号。"), Length(max=40, message="编号不超过 40 位。")],
    )
    name = StringField(
        "名称",
        validators=[InputRequired("请填写名称。"), Length(max=200, message="名称不超过 200 字。")],
    )
    document_number = StringField("文号", validators=[Length(max=40, message="文号不超过 40 字。")])
    starts_on = DateField("开始日期", validators=[InputRequired("请填写开始日期。")])
    ends_on = DateField("结束日期", validators=[InputRequired("请填写结束日期。")])
    lays_years = BooleanField("同时按自然年设立全部工作年度", default=True)
    accepts_gap = BooleanField("允许间断")


class WorkYearForm(Form):
    """A work year: the common one, or the dates that a province has of its own."""

    year = IntegerField(
        "工作年度",
        validators=[
            InputRequired("请填写年份，例如 2027。"),
            NumberRange(1900, 2999, "年份应为四位数，例如 2027。"),
        ],
    )
    region_code = SelectField("适用范围")
    starts_on = DateField("开始日期", validators=[InputRequired("请填写开始日期。")])
    ends_on = DateField("结束日期", validators=[InputRequired("请填写结束日期。")])
    accepts_gap = BooleanField("允许间断")


class PolicyFilters(FilterForm):
    on = DateField("日期")


class _ParameterForm(VersionedForm):
    """From when on, and why; what the value is typed into depends on the parameter."""

    NOT_STORED = frozenset({"valid_from", "note"})

    valid_from = DateField("生效日期", validators=[InputRequired("请填写生效日期。")])
    note = TextAreaField(
        "调整理由或依据",
        validators=[InputRequired("请填写调整的理由或依据。")],
        render_kw=up_to(MAX_REASON),
    )


class TypedParameterForm(_ParameterForm):
    """A number or an amount."""

    value = StringField(
        "调整后的值",
        validators=[InputRequired("请填写调整后的值。"), Length(max=30)],
    )


class ChosenParameterForm(_ParameterForm):
    """One of the values that the portal can compute with."""

    value = SelectField("调整后的值", validators=[InputRequired("请选择调整后的值。")])


class TickedParameterForm(_ParameterForm):
    """Several of them."""

    value = SelectMultipleField(
        "调整后的值",
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[InputRequired("请至少选择一项。")],
    )


class AllocationForm(VersionedForm):
    """A row of the task-allocation table; the mode follows from the two provinces."""

    year = SelectField("工作年度", coerce=int)
    line = SelectField("任务线", choices=options_of(Line))
    sending_province_code = SelectField(
        "援派省份",
        choices=options([], "请选择"),
        validators=[InputRequired("请选择援派省份。")],
    )
    receiving_province_code = SelectField(
        "受援省份",
        choices=options([], "请选择"),
        validators=[InputRequired("请选择受援省份。")],
    )
    county_code = StringField("指定受援县", validators=[Length(max=60)])
    pairs = IntegerField("结对数量", validators=[InputRequired("请填写结对数量，应为整数。")])
