"""Forms of what every life has: the rows that were chosen, each in the version that was shown."""

from __future__ import annotations

from wtforms import SelectMultipleField

from forms.base import Form
from forms.fields import is_number


class ChosenForm(Form):
    """The rows that were ticked in a queue, each as id-version."""

    chosen = SelectMultipleField("所选条目", choices=[], validate_choice=False)

    @property
    def seen(self) -> dict[str, int]:
        """The version in which each chosen row was shown, by its id."""
        pairs = [token.rpartition("-")[::2] for token in self.chosen.data or []]
        return {one: int(version) for one, version in pairs if one and is_number(version)}
