"""Fields that read what people write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import DateField as PlainDateField
from wtforms.fields import SelectChoice

from models.types import Labelled
from portal.standards.dates import parse_date


def options(pairs: Iterable[tuple[str, str]], empty: str | None = None) -> list[SelectChoice]:
    """Return (value, label) pairs as the choices of a select; ``empty`` words the choice of none."""
    chosen = [SelectChoice(value, label) for value, label in pairs]
    return chosen if empty is None else [SelectChoice("", empty), *chosen]


def options_of(kind: type[Labelled], empty: str | None = None) -> list[SelectChoice]:
    """Return the members of a closed set as the choices of a select."""
    return options(kind.choices(), empty)


def up_to(most: int) -> dict[str, int]:
    """Return what makes a page count along to a limit of the rules, while somebody types.

    To refuse what is longer is left to the rule, which says it together with every other refusal.
    """
    return {"maxlength": most}


class DateField(PlainDateField):
    """A date as 2022-03-01, 2022/3/1, 2022.3.1 or 2022年3月1日; says what is expected if it is none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = " ".join(valuelist).strip()
        self.data = None
        if not text:
            return
        self.data = parse_date(text)
        if self.data is None:
            message = f"“{text[:30]}”不是日期，请按 2022-03-01 的格式填写。"
            raise ValueError(message)
