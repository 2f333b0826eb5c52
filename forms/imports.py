"""Forms of the imports room."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from forms.base import FilterForm, Form
from forms.fields import DateField, IntegerField


class UploadForm(Form):
    file = FileField("文件", validators=[FileRequired("请选择要导入的文件。")])


class MonthForm(FilterForm):
    """Any day of the month for which a template is to be prepared."""

    month = DateField("月份", validators=[Optional()])


class ApplicationForm(Form):
    accept_valid = BooleanField("有错误的行先不导入，只导入正确的行")


class MendingForm(Form):
    """The refused cells of a file; their fields bear row and column, and the room knows which.

    ``then`` is ``next`` where the page is only saved, and the next one asked for.
    """

    then = HiddenField()


class UndoingForm(Form):
    """The click that takes a file back: what it does stands on the page."""


class ClaimsForm(Form):
    """The claims of a file as they were shown: which file, and how many."""

    batch = HiddenField(validators=[InputRequired("请先选择要办理的导入。")])
    seen = IntegerField(widget=HiddenInput(), validators=[InputRequired("请刷新页面后再办理。")])


class RefusalForm(ClaimsForm):
    reason = TextAreaField(
        "不予确认的原因",
        validators=[
            InputRequired("请填写不予确认的原因，导入人会看到。"),
            Length(max=500, message="原因不超过500字。"),
        ],
    )
