"""Files for the tests of imports, without a file: rows as they would stand in one."""

from __future__ import annotations

import io
from array import array
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import openpyxl

from models.types import ImportKind
from portal.imports.actions import carry_out
from portal.imports.checking_apart import Checked, File, check
from portal.imports.kinds import KINDS
from portal.imports.sheet_rules import Cell, Sheet, make_sheet
from portal.standards.credit_code import make_credit_code
from portal.standards.id_number import make_id_number
from tests.support.world import ORGANISATIONS, PEOPLE, World

Row = Mapping[str, Any]


def sheet_of(rows: Sequence[Row]) -> Sheet:
    """Return a sheet with the headers in the order in which the rows name them."""
    headers = list(dict.fromkeys(name for row in rows for name in row))
    columns: list[tuple[list[Cell], array[int]]] = []
    for header in headers:
        numbers: dict[Any, int] = {}
        codes = array("I")
        for row in rows:
            cell = row.get(header, "")
            cell = "" if cell is None else float(cell) if isinstance(cell, int) else cell
            codes.append(numbers.setdefault((type(cell), cell), len(numbers)))
        columns.append(([cell for _, cell in numbers], codes))
    return make_sheet(headers, columns, len(rows))


def file_of(kind: ImportKind, rows: Sequence[Row], name: str = "演示.xlsx") -> File:
    return File(KINDS[kind], name, bytes(32), sheet_of(rows))


def check_rows(
    world: World, kind: ImportKind, rows: Sequence[Row], *, persona: str | None = None
) -> Checked:
    return check(world.deed(persona), file_of(kind, rows))


def import_rows(
    world: World,
    kind: ImportKind,
    rows: Sequence[Row],
    *,
    persona: str | None = None,
    accept_valid: bool = False,
) -> Checked:
    """Check and write, as the command and the page do."""
    checked = check_rows(world, kind, rows, persona=persona)
    return carry_out(world.deed(persona), checked, accept_valid=accept_valid)


def codes_of(checked: Checked) -> list[tuple[int, str, str]]:
    """Return row, column and code of every error."""
    return [(error.row, error.column, error.code) for error in checked.report.errors]


def id_number(key: str) -> str:
    """Return the ID number of a person of the small world."""
    _, _, birth, serial, _, _ = PEOPLE[key]
    return make_id_number("110105", birth, serial)


def credit_code_of(key: str) -> str:
    """Return the credit code of an organisation of the small world."""
    return make_credit_code(*ORGANISATIONS[key][:3])


def workday(person: str = "sent1", day: str | date = "2022-11-01", **cells: Any) -> Row:
    """Return a good row of a working day; ``cells`` replace or add some."""
    row = {
        "结对编号": "P1",
        "身份证件号": id_number(person),
        "日期": day,
        "天数": "1",
        "任务": "社工站建设",
        "工作内容": f"演示：{person} {day}",
    }
    return {**row, **cells}


def workbook(rows: Iterable[Sequence[Any]], sheet: str = "Sheet1") -> bytes:
    """Return the bytes of a workbook."""
    book = openpyxl.Workbook()
    active = book.active
    assert active is not None
    active.title = sheet
    for row in rows:
        active.append(list(row))
    for cell in (one for line in active.iter_rows() for one in line):
        if isinstance(cell.value, str):
            cell.data_type = "s"  # typed in as text, also where it looks like a formula
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_table(rows: Sequence[Row]) -> list[list[Any]]:
    """Return rows with their headers, for a workbook or a text file."""
    headers = list(dict.fromkeys(name for row in rows for name in row))
    return [headers, *([row.get(name) for name in headers] for row in rows)]
