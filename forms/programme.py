"""Forms of the programme: reasons, parameters, rows of the allocation table."""

from __future__ import annotations

from wtforms import IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from forms.base import FilterForm, Form, VersionedForm, stripped
from forms.fields import DateField, options, options_of
from models.types import Line

MAX_REASON = 1000


class ReasonForm(Form):
    """Why a work year is closed or opened again."""

    reason = TextAreaField(
        "原因",
        filters=[stripped],
        validators=[InputRequired("请填写原因。"), Length(max=MAX_REASON)],
    )


class PolicyFilters(FilterForm):
    on = DateField("日期", validators=[Optional()])


class _ParameterForm(VersionedForm):
    """From when on, and why; what the value is typed into depends on the parameter."""

    NOT_STORED = frozenset({"valid_from", "note"})

    valid_from = DateField("生效日期", validators=[InputRequired("请填写生效日期。")])
    note = TextAreaField(
        "调整理由或依据",
        filters=[stripped],
        validators=[InputRequired("请填写调整的理由或依据。"), Length(max=MAX_REASON)],
    )


class TypedParameterForm(_ParameterForm):
    """A number or an amount."""

    value = StringField(
        "调整后的值",
        filters=[stripped],
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
    county_code = StringField("指定受援县", filters=[stripped], validators=[Length(max=60)])
    pairs = IntegerField("结对数量", validators=[InputRequired("请填写结对数量，应为整数。")])
