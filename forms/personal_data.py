"""The form that stands before masked values."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from forms.base import Form, stripped


class DisclosureForm(Form):
    """Why somebody wants to see a masked value in clear."""

    reason = StringField(
        "查看事由",
        filters=[stripped],
        validators=[
            InputRequired("请填写查看事由。"),
            Length(max=200, message="事由不超过200字。"),
        ],
    )
