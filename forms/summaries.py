"""Forms of the summaries room."""

from __future__ import annotations

from wtforms import RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from forms.base import FilterForm, Form
from forms.fields import DateField, IntegerField, options, options_of
from models.types import Line, Mode

COMPLIANT = (("yes", "达标"), ("no", "未达标"))


class SummaryFilters(FilterForm):
    """Which pairings the summary shows, and as known at the end of which day."""

    province = SelectField("受援省份", choices=options((), "全部"))
    line = SelectField("任务线", choices=options_of(Line, "全部"))
    mode = SelectField("帮扶方式", choices=options_of(Mode, "全部"))
    compliant = SelectField("是否达标", choices=options(COMPLIANT, "全部"))
    finding = SelectField("未达标事项", choices=options((), "全部"))
    as_of = DateField("数据截至")


class ExportForm(Form):
    """What is exported in which form, and for what; the filters come along from the page."""

    year = IntegerField(widget=HiddenInput(), validators=[InputRequired("请先选择工作年度。")])
    province = StringField(widget=HiddenInput(), validators=[Optional(), Length(max=6)])
    side = StringField(widget=HiddenInput(), validators=[Optional(), Length(max=8)])
    line = SelectField("任务线", choices=options_of(Line, "全部"), validators=[Optional()])
    mode = SelectField("帮扶方式", choices=options_of(Mode, "全部"), validators=[Optional()])
    compliant = SelectField("是否达标", choices=options(COMPLIANT, "全部"), validators=[Optional()])
    finding = SelectField("未达标事项", choices=options((), "全部"), validators=[Optional()])
    as_of = DateField("数据截至", validators=[Optional()])
    kind = RadioField("文件格式", validators=[InputRequired("请选择文件格式。")])
    purpose = StringField(
        "用途",
        validators=[
            InputRequired("请填写用途，例如“报送2022年度汇总表”。"),
            Length(max=200, message="用途不超过200字。"),
        ],
    )
