"""The form that stands before masked values."""

from __future__ import annotations

from wtforms import StringField
from wtforms.validators import InputRequired

from forms.base import Form
from forms.fields import up_to
from portal.personal_data.rules import MAX_REASON


class DisclosureForm(Form):
    """Why somebody wants to see a masked value in clear."""

    reason = StringField(
        "查看事由",
        validators=[
            InputRequired("请填写查看事由。"),
        ],
        render_kw=up_to(MAX_REASON),
    )
