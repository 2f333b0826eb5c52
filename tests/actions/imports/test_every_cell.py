"""Every column of every kind of import against every sort of cell that says nothing.

None of them may become what stands for an empty cell: a day submitted, a term to the end.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from typing import Any

import pytest

from models.types import ImportKind
from portal.imports import cell_rules
from portal.imports.column_rules import Column, Parsed, parse_sheet
from portal.imports.kinds import KINDS
from portal.imports.reading_apart import read_sheet
from tests.support import raw_workbook as raw

ERRORS = (
    "#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!",
    "#GETTING_DATA", "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "#BUSY!",
)  # fmt: skip
NOTHING = {
    **{f"the error {error}": raw.error(error) for error in ERRORS},
    **{f"a formula {how}": cell for how, cell in raw.FORMULAS_WITHOUT_RESULT.items()},
    "an error as text": raw.text(" #n/a "),
    "an error in full width": raw.text("＃ＲＥＦ！"),
    "an error of LibreOffice": raw.text("Err:502"),
    "a column that was too narrow": raw.text("########"),
    "a number of 16 digits": raw.number("1234567890123456"),
    "a number of 20 digits": raw.number("2.0190611010203E+19"),
    "scientific notation": raw.text("6.53228E+17"),
    "a truth": raw.TRUE,
    "a truth as text": raw.text("FALSE"),
}
"""Cells from which nothing can be read, whatever the column."""

SOMETHING = {
    "a date": (raw.a_date(44621), date(2022, 3, 1)),
    "a date and time": (raw.a_date(44621).replace("44621", "44621.5"), datetime(2022, 3, 1, 12)),  # noqa: DTZ001
    "a fraction": (raw.number("0.5"), 0.5),
    "a small number": (raw.number("1"), 1.0),
}
"""Cells that are read in some columns and refused in the others."""

KINDS_AND_COLUMNS = [
    pytest.param(kind, column, id=f"{word.value}-{column.name}")
    for word, kind in KINDS.items()
    for column in kind.columns
]


@cache
def parsed_of(word: ImportKind) -> tuple[Parsed, list[tuple[str, str]]]:
    """Read one workbook with every cell in every column, and say what each of its rows holds."""
    columns = KINDS[word].columns
    rows: list[list[str | None]] = [[raw.text(column.name) for column in columns]]
    held = []
    written = {**NOTHING, **{name: cell for name, (cell, _) in SOMETHING.items()}}
    for place, column in enumerate(columns):
        for name, cell in written.items():
            row: list[str | None] = [None] * len(columns)
            row[place] = cell
            rows.append(row)
            held.append((column.name, name))
    sheet = read_sheet(raw.raw_workbook(rows), (), [column.name for column in columns])
    assert list(sheet.numbers) == list(range(2, len(rows) + 1)), "a row was taken for a blank one"
    return parse_sheet(sheet, columns), held


@pytest.mark.parametrize(("kind", "column"), KINDS_AND_COLUMNS)
def test_a_cell_that_says_nothing_is_refused_and_never_read_as_empty(kind: Any, column: Column):
    parsed, held = parsed_of(kind.word)
    for index, (name, what) in enumerate(held):
        if name == column.name and what in NOTHING:
            faults = dict(parsed.faults.get(index, ()))
            assert name in faults, what
            assert faults[name].code != "missing_value", what
            assert faults[name].sentence.endswith("。"), what


@pytest.mark.parametrize(("kind", "column"), KINDS_AND_COLUMNS)
def test_a_cell_of_another_sort_is_read_as_it_shows_or_refused(kind: Any, column: Column):
    parsed, held = parsed_of(kind.word)
    values = list(parsed.column(column.name))
    for index, (name, what) in enumerate(held):
        if name == column.name and what in SOMETHING and name not in parsed.unread(index):
            shown = SOMETHING[what][1]
            may_be = {cell_rules.as_text(shown), shown}
            if isinstance(shown, datetime):
                may_be.add(shown.date())
            elif isinstance(shown, float):
                units = {cell_rules.half_days: 2, cell_rules.amount: 100}
                may_be.add(round(shown * units.get(column.parse, 1)))
            assert values[index] in may_be, what


def test_the_sentences_say_what_stands_there_and_how_to_mend_it():
    parsed, held = parsed_of(ImportKind.WORKDAYS)
    said = {
        what: dict(parsed.faults[index])["状态"].sentence
        for index, (name, what) in enumerate(held)
        if name == "状态" and what in NOTHING
    }
    assert "错误值 #SPILL!" in said["the error #SPILL!"]
    assert "清空该单元格" in said["the error #REF!"]
    assert "没有保存它的计算结果" in said["a formula without a value"]
    assert "TRUE" in said["a truth"]


@pytest.mark.parametrize("prefix", ["", "x:"])
@pytest.mark.parametrize("places", [True, False])
def test_finds_them_however_a_program_writes_its_xml(prefix, places):
    rows = [
        [raw.text("名称"), raw.text("数量"), raw.text("备注")],
        [raw.text("甲"), raw.error("#REF!"), raw.EMPTY_RESULT],
        [raw.text("乙"), raw.number("1"), raw.NO_RESULT],
        [raw.NO_RESULT, raw.error("#N/A"), raw.error("#N/A")],
    ]
    sheet = read_sheet(raw.raw_workbook(rows, prefix=prefix, places=places))
    found = [sheet.row(index) for index in range(len(sheet))]
    assert found == [
        ["甲", "#REF!", ""],
        ["乙", 1.0, "#公式无结果!"],
        ["#公式无结果!", "#N/A", "#N/A"],
    ]


def test_finds_one_in_a_sheet_of_many_pieces():
    """Of two megabytes, which is read in more than one piece."""
    rows = [[raw.text("名称"), raw.text("状态")]]
    rows += [[raw.text(f"行{number} " + "长" * 100), raw.text("好")] for number in range(6_000)]
    rows[5_432][1] = raw.error("#REF!")
    rows[-1][1] = raw.NO_RESULT
    sheet = read_sheet(raw.raw_workbook(rows, hidden=[3, 5_000]))
    states = {sheet.numbers[index]: sheet.row(index)[1] for index in range(len(sheet))}
    assert {row: state for row, state in states.items() if state != "好"} == {
        5_433: "#REF!",
        6_001: "#公式无结果!",
    }
    assert list(sheet.hidden) == [3, 5_000]
