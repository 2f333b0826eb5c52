"""The form of a correction."""

from __future__ import annotations

from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired

from forms.fields import up_to
from forms.workdays import DAYS_OR_NONE, EntryForm
from portal.procedures.rules import MAX_REASON


class CorrectionForm(EntryForm):
    """A correction of an approved day."""

    days = RadioField("更正为", choices=DAYS_OR_NONE, validators=[InputRequired("请选择天数。")])
    reason = TextAreaField(
        "更正原因",
        validators=[InputRequired("请写明更正原因。")],
        render_kw=up_to(MAX_REASON),
    )
