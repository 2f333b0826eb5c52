"""Workbooks with cells as other programs write them, which no library of ours can write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape

import openpyxl

from portal.imports.sheet_xml_rules import letters

SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

Written = str
"""The attributes and the inside of a cell, as in ``t="e"><v>#REF!</v>``."""


def text(content: str) -> Written:
    return f't="inlineStr"><is><t xml:space="preserve">{escape(content)}</t></is>'


def number(shown: str) -> Written:
    return f"><v>{shown}</v>"


def a_date(serial: int) -> Written:
    return f's="1"><v>{serial}</v>'


def error(shown: str) -> Written:
    return f't="e"><v>{shown}</v>'


TRUE = 't="b"><v>1</v>'
NO_RESULT = "><f>A1&amp;B1</f><v></v>"
FORMULAS_WITHOUT_RESULT = {
    "as openpyxl writes it": NO_RESULT,
    "without a value": "><f>1+1</f>",
    "with an empty element": "><f>1+1</f><v/>",
    "of a text, without a value": 't="str"><f>1+1</f>',
    "shared": '><f t="shared" si="0"/><v></v>',
    "with an error without a text": 't="e"><f>1+1</f><v></v>',
}
EMPTY_RESULT = 't="str"><f>IF(1=1,"","x")</f><v></v>'


def raw_workbook(
    rows: Iterable[Sequence[Written | None]],
    *,
    hidden: Iterable[int] = (),
    prefix: str = "",
    places: bool = True,
) -> bytes:
    """Return a workbook of one sheet; ``hidden`` are rows from 1, ``prefix`` stands before elements."""
    p, unseen = prefix, set(hidden)
    lines = []
    for row, cells in enumerate(rows, start=1):
        attributes = (f' r="{row}"' if places else "") + (' hidden="1"' if row in unseen else "")
        inside = "".join(
            f"<{p}c{f' r={chr(34)}{letters(place)}{row}{chr(34)}' if places else ''} "
            f"{_prefixed(cell, p)}</{p}c>"
            for place, cell in enumerate(cells)
            if cell is not None
        )
        lines.append(f"<{p}row{attributes}>{inside}</{p}row>")
    xmlns = f"xmlns:{p[:-1]}" if p else "xmlns"
    sheet = (
        f'<?xml version="1.0"?><{p}worksheet {xmlns}="{NAMESPACE}">'
        f"<{p}sheetData>{''.join(lines)}</{p}sheetData></{p}worksheet>"
    )
    return repacked(_plain_workbook(), {SHEET: sheet.encode()})


def repacked(content: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return a workbook with some of its parts replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            after.writestr(name, parts.get(name, before.read(name)))
    return out.getvalue()


def _plain_workbook() -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = date(2022, 3, 1)  # brings the format of a date, number 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _prefixed(cell: Written, prefix: str) -> str:
    for name in ("is", "t", "v", "f"):
        for tag in ("<", "</"):
            for end in (">", " ", "/"):
                cell = cell.replace(f"{tag}{name}{end}", f"{tag}{prefix}{name}{end}")
    return cell
