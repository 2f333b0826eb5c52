"""Forms of attached files."""

from __future__ import annotations

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired, Optional, ValidationError

from forms.base import Form
from forms.fields import up_to
from portal.files.rules import MAX_REASON


class AttachmentForm(Form):
    """``peg`` is left out where there is one only, ``photo`` (from the camera) where it is no photo."""

    peg = RadioField("这是什么", validators=[InputRequired("请选择这份文件是什么。")])
    file = FileField("文件")
    photo = FileField("拍照")

    def validate_file(self, _field: FileField) -> None:
        if self.chosen is None:
            raise ValidationError("请选择要上传的文件。")

    @property
    def chosen(self) -> FileStorage | None:
        """The file, whichever way it came, or None."""
        fields = (self._fields.get("photo"), self.file)
        return next((field.data for field in fields if field and field.data), None)


class RemovalForm(Form):
    reason = StringField("移除原因", validators=[Optional()], render_kw=up_to(MAX_REASON))
