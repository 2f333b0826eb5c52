"""Fields that read what people write."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import DateField as PlainDateField  # noqa: TID251 - made whole here
from wtforms import IntegerField as PlainIntegerField  # noqa: TID251 - made whole here
from wtforms.fields import SelectChoice

from models.types import Labelled
from portal.standards.dates import EARLIEST_YEAR, LATEST_YEAR, is_date_of_another_age, parse_date

LARGEST = 2**31 - 1
"""Of the whole numbers in forms; every integer column holds it."""


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
            if is_date_of_another_age(text):
                message = (
                    f"日期应在 {EARLIEST_YEAR} 年至 {LATEST_YEAR} 年之间，实际为“{text[:30]}”。"
                )
            raise ValueError(message)


class IntegerField(PlainIntegerField):
    """A whole number of at most so many, else what a column holds; says so if it is none."""

    data: Any

    def __init__(self, label: str | None = None, *, most: int = LARGEST, **options: Any) -> None:
        super().__init__(label, **options)
        self.most = most

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = valuelist[0] if valuelist else ""
        self.data = None
        if not text:
            return
        try:
            number = int(text)
        except ValueError:
            number = self.most + 1
        if abs(number) > self.most:
            message = f"“{text[:30]}”不是 {self.most:,} 以内的整数，请用数字填写。"
            raise ValueError(message)
        self.data = number


def is_number(text: str) -> bool:
    """Is a text a number that a column of ids or versions can hold?"""
    return text.isascii() and text.isdigit() and len(text) < 16  # noqa: PLR2004 - fits a bigint
