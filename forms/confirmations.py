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


class ChosenForm(Form):
    """The rows that were ticked in a queue, each as id-version; ``listed`` are those of one button."""

    chosen = SelectMultipleField("所选条目", choices=[], validate_choice=False)
    listed = HiddenField()

    @property
    def seen(self) -> dict[int, int]:
        """The version in which each chosen entry was shown, by its id."""
        tokens = [*(self.chosen.data or []), *(self.listed.data or "").split()]
        pairs = [token.partition("-")[::2] for token in tokens]
        return {
            int(number): int(version)
            for number, version in pairs
            if is_number(number) and is_number(version)
        }


class ReturnChosenForm(ReasonOfReturn, ChosenForm):
    """Sending the rows back that were ticked, for one reason."""


class QueueFilters(FilterForm):
    """``tab`` and ``reason`` are no fields of the page: its links say them."""

    pairing = StringField("结对编号", validators=[Length(max=40)])
    person = StringField("姓名", validators=[Length(max=60)])
    side = SelectField("援派或受援", choices=options_of(Side, "全部"))
    reason = SelectField("需留意的原因", choices=options_of(Attention, "全部"))
    first_day = DateField("从")
    last_day = DateField("到")
    tab = SelectField("分类", choices=options_of(Tab, ""))
