"""The columns of a kind, and a sheet read by them."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from portal.imports.cell_rules import BadCell, Fault, Parse, refuse_no_content
from portal.imports.sheet_rules import Sheet, SheetColumn, is_blank
from portal.refusals import Refusal, Refused

MAX_FAULTS = 200_000
"""Of one file: one for each row of the largest. More are a file that is no such table."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a kind. ``default`` stands where an optional cell is empty or the column is missing.

    ``note`` says in Chinese what belongs there; ``choices`` are offered as a drop-down, ``look``
    is how the template formats the cells: text, date or number. ``mask`` hides personal data
    where a page shows a cell. A row that has something in the column called ``instead`` may leave
    a required cell empty, and a file that has that column this one out; ``apart`` is the column that
    tells two apart who have the same there.
    """

    name: str
    parse: Parse
    note: str
    is_required: bool = False
    default: Any = None
    choices: tuple[str, ...] = ()
    look: str = "text"
    width: int = 16
    mask: Callable[[str], str] | None = None
    instead: str = ""
    apart: str = ""

    @property
    def as_required(self) -> str:
        """The column as a list of the required ones names it: with what may stand instead."""
        return f"{self.name}或{self.instead}（和{self.apart}）" if self.instead else self.name


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is wrong with the file as a whole; ``row`` is that of the header."""

    column: str
    code: str
    sentence: str
    row: int


class TooManyFaults(Refused):
    """So many cells are wrong that telling all of them would take more memory than the file."""

    def __init__(self) -> None:
        sentence = (
            f"错误超过 {MAX_FAULTS // 10_000} 万处，已停止检查。多半是列错位或选错了导入的种类，"
            "请对照模板修改后再上传。"
        )
        super().__init__([Refusal("", "too_many_faults", sentence)])


@dataclass(frozen=True, slots=True)
class Parsed:
    """A sheet by the columns of a kind: its values, and what is wrong with which cell.

    ``faults`` has the faulty cells of a row by its index; their value is the column's default.
    """

    numbers: Sequence[int]
    values: dict[str, Sequence[Any]]
    codes: dict[str, array[int] | None]
    faults: dict[int, list[tuple[str, Fault]]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.numbers)

    def unread(self, index: int) -> frozenset[str]:
        """Return the columns whose cell in a row could not be read."""
        return frozenset(column for column, _ in self.faults.get(index, ()))

    def column(self, name: str) -> Iterator[Any]:
        """Yield the value of a column for every row."""
        codes, values = self.codes[name], self.values[name]
        return repeat(values[0], len(self)) if codes is None else map(values.__getitem__, codes)

    def value(self, index: int, name: str) -> Any:
        """Return the value of a column for one row."""
        codes, values = self.codes[name], self.values[name]
        return values[0 if codes is None else codes[index]]

    def rows(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Yield the values of some columns for every row."""
        return zip(*map(self.column, names), strict=True)

    def distinct(self, name: str) -> set[Any]:
        """Return the values that a column has anywhere, without None."""
        return set(self.values[name]) - {None}


def file_faults(sheet: Sheet, columns: Sequence[Column], label: str) -> list[FileFault]:
    """Say what is wrong with the headers: a required one missing, or one twice."""
    headers = [column.header for column in sheet.columns if column.header]
    missing = [
        column
        for column in columns
        if column.is_required and not {column.name, column.instead} & set(headers)
    ]
    doubled = sorted({header for header in headers if headers.count(header) > 1})
    row = sheet.header_row
    known = "、".join(column.name + ("*" if column.is_required else "") for column in columns)
    return [
        *(
            FileFault(
                column.name,
                "missing_column",
                f"第{row}行缺少必填列“{column.name}”{_or_instead(column)}。"
                f"《{label}》的列为：{known}。请下载模板对照。",
                row,
            )
            for column in missing
        ),
        *(
            FileFault(name, "duplicate_column", f"列“{name}”出现了两次，请删除多余的一列。", row)
            for name in doubled
            if name in {column.name for column in columns}
        ),
    ]


def _or_instead(column: Column) -> str:
    return f"，或“{column.instead}”（和“{column.apart}”）" if column.instead else ""


def unknown_headers(sheet: Sheet, columns: Sequence[Column]) -> list[str]:
    """Return the headers that no column of the kind has."""
    known = {column.name for column in columns}
    return [
        column.header for column in sheet.columns if column.header and column.header not in known
    ]


def parse_sheet(sheet: Sheet, columns: Sequence[Column]) -> Parsed:
    """Read every distinct cell once. The required columns are there (see :func:`file_faults`)."""
    parsed = Parsed(sheet.numbers, {}, {})
    found = 0
    faults: dict[int, list[tuple[str, Fault]]] = defaultdict(list)
    for column in columns:
        source = sheet.find(column.name)
        if source is None:
            parsed.values[column.name], parsed.codes[column.name] = [column.default], None
            if column.is_required:
                missing = Fault("missing_value", _missing(column))
                for index in _blank_in(sheet, column.instead):
                    faults[index].append((column.instead, missing))
            continue
        values, bad = _read(column, source)
        parsed.values[column.name], parsed.codes[column.name] = values, source.codes
        if bad:
            named = _filled_in(sheet, column.instead) if column.instead else frozenset[int]()
            for index, number in enumerate(source.codes):
                if number in bad and not (index in named and bad[number].code == "missing_value"):
                    faults[index].append((column.name, bad[number]))
                    found += 1
                    if found > MAX_FAULTS:
                        raise TooManyFaults
    parsed.faults.update(faults)
    return parsed


def _read(column: Column, source: SheetColumn) -> tuple[list[Any], dict[int, Fault]]:
    values: list[Any] = []
    faults: dict[int, Fault] = {}
    for number, cell in enumerate(source.cells):
        value = None
        try:
            if not is_blank(cell):
                refuse_no_content(cell)
                value = column.parse(cell)
        except BadCell as bad:
            faults[number] = bad.fault
        # A cell may hold invisible characters alone.
        if value is None or value == "":
            value = column.default
            if column.is_required and number not in faults:
                faults[number] = Fault("missing_value", _missing(column))
        values.append(value)
    return values, faults


def _missing(column: Column) -> str:
    other = f"；也可以不填此列，改填“{column.instead}”" if column.instead else ""
    return f"必填，请填写：{column.note.rstrip('。')}{other}。"


def _filled_in(sheet: Sheet, header: str) -> frozenset[int]:
    """Return the indexes of the rows that hold something in a column."""
    column = sheet.find(header)
    if column is None:
        return frozenset()
    filled = {code for code, cell in enumerate(column.cells) if not is_blank(cell)}
    return frozenset(index for index, code in enumerate(column.codes) if code in filled)


def _blank_in(sheet: Sheet, header: str) -> list[int]:
    filled = _filled_in(sheet, header)
    return [index for index in range(len(sheet)) if index not in filled]
