"""Forms of the queues on which days are decided."""

from __future__ import annotations

from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from forms.base import FilterForm, Form, VersionedForm
from forms.fields import is_number, up_to
from portal.procedures.rules import MAX_REASON


class ReturnForm(VersionedForm):
    """Sending a day back: the one that was shown, not what it became."""

    reason = TextAreaField(
        "退回原因",
        validators=[InputRequired("请写明退回原因，便于填报人修改。")],
        render_kw=up_to(MAX_REASON),
    )


class ChosenForm(Form):
    """The rows that were ticked in a queue, each as id-version."""

    chosen = SelectMultipleField("所选条目", choices=[], validate_choice=False)

    @property
    def seen(self) -> dict[int, int]:
        """The version in which each chosen entry was shown, by its id."""
        pairs = [token.partition("-")[::2] for token in self.chosen.data or []]
        return {
            int(number): int(version)
            for number, version in pairs
            if is_number(number) and is_number(version)
        }


class QueueFilters(FilterForm):
    pairing = StringField("结对编号", validators=[Length(max=40)])
    person = StringField("姓名", validators=[Length(max=60)])
