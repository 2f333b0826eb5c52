"""Forms of the queues on which days are decided."""

from __future__ import annotations

from typing import Any

from wtforms import (
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import Length
from wtforms.widgets import CheckboxInput, ListWidget

from forms.base import FilterForm, Form, VersionedForm
from forms.fields import DateField, is_number, options, options_of, up_to
from forms.procedures import ChosenNumbersForm
from models.types import Side
from portal.confirmations.rules import STOCK_REASONS, Attention, Tab, reason_of_return
from portal.procedures.rules import MAX_REASON
from portal.standards.text import is_blank


class ReasonOfReturn(Form):
    """Why something is sent back: what is said often, by a tick, and words of one's own."""

    stock = SelectMultipleField(
        "常用原因",
        choices=options(STOCK_REASONS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    reason = TextAreaField("退回原因", render_kw=up_to(MAX_REASON))

    def validate_reason(self, field: Any) -> None:
        if is_blank(field.data) and not self.stock.data:
            raise ValidationError("请写明退回原因，便于填报人修改。")

    @property
    def words(self) -> str:
        """What the person reads."""
        return reason_of_return(self.stock.data or (), self.reason.data)


class ReturnForm(ReasonOfReturn, VersionedForm):
    """Sending a day back: the one that was shown, not what it became."""


class ChosenDaysForm(ChosenNumbersForm):
    """The days that were ticked in a queue; ``listed`` are those of one button.

    A cell of a month may stand for two halves of a day: what is ticked names both.
    """

    listed = HiddenField()

    @property
    def tokens(self) -> list[str]:
        return " ".join([*super().tokens, self.listed.data or ""]).split()


class ReturnChosenForm(ReasonOfReturn, ChosenDaysForm):
    """Sending the rows back that were ticked, for one reason; ``shown`` are all that can be ticked."""

    shown = HiddenField()

    @property
    def offered(self) -> dict[int, int]:
        """What the page shows: what was ticked before, were it ticked no more since."""
        pairs = [one.rpartition("-")[::2] for one in (self.shown.data or "").split()]
        earlier = {int(one): int(two) for one, two in pairs if is_number(one) and is_number(two)}
        return {**earlier, **self.seen}


class QueueFilters(FilterForm):
    """``tab`` and ``reason`` are no fields of the page: its links say them."""

    pairing = StringField("结对编号", validators=[Length(max=40)])
    person = StringField("姓名", validators=[Length(max=60)])
    side = SelectField("援派或受援", choices=options_of(Side, "全部"))
    reason = SelectField("需留意的原因", choices=options_of(Attention, "全部"))
    first_day = DateField("从")
    last_day = DateField("到")
    tab = SelectField("分类", choices=options_of(Tab, ""))
