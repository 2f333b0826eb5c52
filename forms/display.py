"""The choices of how the portal is shown: theme and density, rows a page, columns of a list."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField

from forms.base import Form
from forms.fields import options


class DisplayForm(Form):
    """``back`` is the path of this portal where the choice was made.

    Without the key against double submission: it would answer a repeated choice without its cookie.
    """

    form_key = None  # so WTForms leaves a field of the base out

    theme = RadioField("主题")
    density = RadioField("表格密度")
    back = HiddenField(default="")

    def offer(self, themes: dict[str, str], densities: dict[str, str]) -> None:
        self.theme.choices = options(themes.items())
        self.density.choices = options(densities.items())


class ListForm(Form):
    """How many rows a page holds, or which of the offered columns of a list are shown."""

    form_key = None  # as above

    size = SelectField("每页条数", coerce=int, default=0, validate_choice=False)
    list = HiddenField(default="")
    offered = SelectMultipleField("可选的列", validate_choice=False)
    shown = SelectMultipleField("显示的列", validate_choice=False)
    whole = HiddenField(default="")
    back = HiddenField(default="")
