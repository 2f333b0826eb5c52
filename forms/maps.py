"""Forms of the maps room."""

from __future__ import annotations

from flask_wtf.file import FileField, FileRequired
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from forms.base import Form


class MapForm(Form):
    approval_number = StringField(
        "审图号",
        validators=[
            InputRequired("请填写地图的审图号，例如 GS（2024）0650号。"),
            Length(max=60, message="审图号不超过60字。"),
        ],
    )
    file = FileField("GeoJSON 文件", validators=[FileRequired("请选择地图文件。")])
