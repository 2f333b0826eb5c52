"""The choice of theme and density."""

from __future__ import annotations

from wtforms import HiddenField, RadioField

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
