"""What is asked of a list that leaves the portal, as a request and a job know it: pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, NamedTuple, TypeVar, get_args, get_type_hints

from portal.refusals import Refusal

MOST_ROWS = 200_000
"""Rows of one workbook: Excel takes a million, but nobody reads them."""

T = TypeVar("T")


class AsAsked(NamedTuple):
    """What the page of a list was asked for: its filters, its order, on which day, and the filters in
    words: each as (label, what was chosen or typed)."""

    filters: Any
    sort: str
    on: date
    said: tuple[tuple[str, str], ...] = ()

    @property
    def in_words(self) -> str:
        return "；".join(f"{label}：{text}" for label, text in self.said) or "无"

    @property
    def stored(self) -> dict[str, Any]:
        """All of it as JSON can hold it."""
        filters = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.filters._asdict().items()
        }
        return {**self._asdict(), "filters": filters, "on": self.on.isoformat()}


def restored(filters: type[Any], stored: Mapping[str, Any]) -> AsAsked:
    """Return what was stored; ``filters`` is the type of its filters, whose values are texts by now."""
    hints = get_type_hints(filters)
    values = {name: _typed(value, hints[name]) for name, value in stored["filters"].items()}
    said = tuple((label, text) for label, text in stored["said"])
    return AsAsked(filters(**values), stored["sort"], date.fromisoformat(stored["on"]), said)


def _typed(value: Any, hint: Any) -> Any:
    """Return a value as its field holds it: a code word of a closed set, a date, else itself."""
    if not isinstance(value, str):
        return value
    for kind in get_args(hint) or (hint,):
        if kind is date:
            return date.fromisoformat(value)
        if isinstance(kind, type) and issubclass(kind, Enum) and value in {*kind}:
            return kind(value)
    return value


def too_many_rows(found: int) -> Refusal:
    return Refusal(
        "",
        "too_many_rows",
        f"一个文件至多 {MOST_ROWS:,} 行，所选已超过 {found:,} 行。请先缩小筛选范围（如指定年度、月份或结对），再分次导出。",
    )


def too_many_to_print(found: str, most: int) -> Refusal:
    return Refusal(
        "",
        "too_many_to_print",
        f"打印页至多 {most:,} 行，所列{found}。请先缩小筛选范围，或导出 Excel 后打印，其中各行俱全。",
    )
