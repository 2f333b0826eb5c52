"""The form of an activity that a manager writes for several people."""

from __future__ import annotations

from typing import Any

from wtforms import SelectMultipleField, TextAreaField, ValidationError
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from forms.fields import DateField, up_to
from forms.workdays import EntryForm
from portal.procedures.rules import MAX_REASON


class ActivityForm(EntryForm):
    """One activity: its date, what was done, and who took part, each by the public id."""

    worked_on = DateField("日期", validators=[InputRequired("请填写日期。")])
    late_reason = TextAreaField("补录原因", render_kw=up_to(MAX_REASON))
    people = SelectMultipleField(
        "参加人员",
        choices=[],
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def validate_description(self, field: Any) -> None:
        if not field.data:
            raise ValidationError("请用一句话写明做了什么。")
