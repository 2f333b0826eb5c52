"""The form of a note."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import DataRequired

from forms.base import Form


class NoteForm(Form):
    """A note; how long it may be, the rule says."""

    text = TextAreaField("备忘", validators=[DataRequired("请写明内容。")])
