"""Fields that read what people write."""

from __future__ import annotations

from typing import Any

from wtforms import DateField as PlainDateField

from portal.standards.dates import parse_date


class DateField(PlainDateField):
    """A date as 2022-03-01, 2022/3/1 or 2022年3月1日; says what is expected if it is none."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = " ".join(valuelist).strip()
        self.data = None
        if not text:
            return
        self.data = parse_date(text)
        if self.data is None:
            message = f"“{text[:30]}”不是日期，请按 2022-03-01 的格式填写。"
            raise ValueError(message)
