"""Forms of what every life has: the rows that were chosen, each in the version that was shown."""

from __future__ import annotations

from wtforms import SelectMultipleField

from forms.base import Form
from forms.fields import is_number


class TickedForm(Form):
    """The rows that were ticked in a queue, each as id-version."""

    chosen = SelectMultipleField("所选条目", choices=[], validate_choice=False)

    @property
    def tokens(self) -> list[str]:
        return list(self.chosen.data or ())

    @property
    def pairs(self) -> list[tuple[str, int]]:
        """Each id with the version in which it was shown; what is no such pair is left out."""
        pairs = [token.rpartition("-")[::2] for token in self.tokens]
        return [(one, int(version)) for one, version in pairs if one and is_number(version)]


class ChosenForm(TickedForm):
    """Rows that are named by a public id."""

    @property
    def seen(self) -> dict[str, int]:
        """The version in which each chosen row was shown, by its id."""
        return dict(self.pairs)


class ChosenNumbersForm(TickedForm):
    """Rows that are named by a number."""

    @property
    def seen(self) -> dict[int, int]:
        """The version in which each chosen row was shown, by its number."""
        return {int(one): version for one, version in self.pairs if is_number(one)}
