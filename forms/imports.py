"""Forms of the imports room."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from forms.base import Form


class UploadForm(Form):
    file = FileField("文件", validators=[FileRequired("请选择要导入的文件。")])


class ApplicationForm(Form):
    accept_valid = BooleanField("有错误的行先不导入，只导入正确的行")
