"""Forms of the calendar room."""

from __future__ import annotations

from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from forms.base import Form, VersionedForm

PLAIN = "plain"
"""The choice of a date that no notice names."""


class DayForm(VersionedForm):
    """``kind`` gets its choices from the weekday."""

    kind = SelectField("类型", validators=[InputRequired("请选择类型。")])
    name = StringField("所属节日", validators=[Optional(), Length(max=40)])
    source = StringField(
        "依据",
        validators=[InputRequired("请填写依据，例如国务院办公厅通知的文号。"), Length(max=200)],
    )


class NoticeForm(Form):
    source = StringField(
        "通知名称和文号",
        validators=[InputRequired("请填写通知名称和文号。"), Length(max=200)],
    )
    table = TextAreaField("粘贴表格", validators=[Optional(), Length(max=20_000)])
    file = FileField("或上传 CSV 文件", validators=[Optional()])
