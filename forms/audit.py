"""Forms of the audit room."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from forms.base import FilterForm, Form
from forms.fields import DateField


class AuditFilters(FilterForm):
    """``event`` gets its choices from the room."""

    first = DateField("起始日期")
    last = DateField("截止日期")
    actor = StringField("账号或姓名", validators=[Length(max=80)])
    event = SelectField("事项", choices=[])
    subject = StringField("对象（姓名、机构、结对编号）", validators=[Length(max=80)])


class AuditExportForm(Form):
    purpose = StringField(
        "用途",
        validators=[DataRequired("请填写导出用途，将记入审计。"), Length(max=200)],
    )
