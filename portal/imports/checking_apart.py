"""Reading a file and judging every row of it, without writing anything."""

from __future__ import annotations

import gc
import hashlib
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from portal.deeds import Deed
from portal.imports.cell_rules import as_text
from portal.imports.column_rules import (
    Column,
    Parsed,
    TooManyFaults,
    file_faults,
    parse_sheet,
    unknown_headers,
)
from portal.imports.fact_rules import Setting
from portal.imports.kind import Kind
from portal.imports.reading_apart import Unreadable, read_sheet
from portal.imports.report_rules import Caution, Report, RowError, Verdict
from portal.imports.sheet_rules import HEADER_ROW, Sheet, without_unfilled
from portal.refusals import Refusal, Refused
from portal.standards.file_name import file_name_of

NAMED_COLUMNS = 5
"""Columns that are not read of which so many are named."""

FORM_ID = "qianshou.import."
"""What our templates write into a workbook, before the word of the kind."""


PREPARED = ".own"
"""And behind it, where the template came filled with the own people."""

UNFILLED = "模板中预先填好的各行都还没有填写其余内容。请填写要导入的行，其他行留空即可，再上传。"


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was read; ``sheet`` is None if it could not be, ``fault`` says why."""

    kind: Kind
    name: str
    digest: bytes
    sheet: Sheet | None
    fault: RowError | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A file with everything that was found out about it.

    Without a verdict the file as a whole is of no use, and the report says why.
    """

    file: File
    report: Report
    parsed: Parsed | None = None
    facts: Any = None
    verdict: Verdict | None = None

    def is_writable(self, *, accept_valid: bool) -> bool:
        """Is there anything to write, and nothing that forbids it?"""
        return self.report.accepted > 0 and (accept_valid or not self.report.refused)

    def shown_cell(self, error: RowError) -> str:
        """Return the cell that an error is about as a page may show it; "" if there is none."""
        sheet, kind = self.file.sheet, self.file.kind
        cell = sheet.cell(error.row, error.column) if sheet else None
        if cell is None:
            return ""
        column = next((one for one in kind.columns if one.name == error.column), None)
        return shown_text(column, as_text(cell).strip())

    def whose(self, index: int, faulty: str = "") -> str:
        """Return whose row it is, as a page may show it: as the register calls them, else as the file does.

        ``faulty`` is the column of an error, whose cell names nobody. "" if nothing names anybody.
        """
        kind, sheet, parsed = self.file.kind, self.file.sheet, self.parsed
        if sheet is None or parsed is None:
            return ""
        if name := kind.name_in_register(self.facts, parsed.value(index, kind.called_by[-1])):
            return name
        columns = {column.name: column for column in kind.columns}
        for header in kind.called_by:
            source = sheet.find(header) if header != faulty else None
            text = as_text(source.cells[source.codes[index]]).strip() if source else ""
            if text:
                return shown_text(columns[header], text)
        return ""


def shown_text(column: Column | None, text: str) -> str:
    """Return what a cell holds as a page may show it: personal data masked."""
    # Without a digit it is no number of a person but an error or a slip, which is to be seen.
    has_digit = any(map(str.isdigit, text))
    return column.mask(text) if column and column.mask and has_digit else text


def read_file(kind: Kind, name: str, content: bytes) -> File:
    """Read a file for a kind; slow for a large one, and needs no database."""
    name = file_name_of(name)
    digest = hashlib.sha256(content).digest()
    try:
        headers = [column.name for column in kind.columns]
        sheet = read_sheet(content, kind.sheet_names, headers)
    except Unreadable as unreadable:
        fault = RowError(HEADER_ROW, "", unreadable.code, unreadable.sentence)
        return File(kind, name, digest, None, fault)
    if sheet.form_id == FORM_ID + kind.word.value + PREPARED:
        sheet = without_unfilled(sheet, kind.prepared)
        if not len(sheet):
            fault = RowError(sheet.header_row, "", "no_rows", UNFILLED)
            return File(kind, name, digest, None, fault)
    return File(kind, name, digest, sheet)


def check(deed: Deed, file: File) -> Checked:
    """Judge every row in the name of the actor; raise :class:`Refused` if the kind is not theirs."""
    kind, sheet = file.kind, file.sheet
    if not kind.is_open_to(deed.actor):
        raise Refused(
            [
                Refusal(
                    "",
                    "not_permitted",
                    f"您的角色不能导入《{kind.label}》。如确需导入，请联系管理员。",
                )
            ]
        )
    if sheet is None:
        return Checked(file, _report_of_file(file, 0, [file.fault] if file.fault else []))
    faults = [
        RowError(fault.row, fault.column, fault.code, fault.sentence)
        for fault in file_faults(sheet, kind.columns, kind.label)
    ]
    if faults:
        return Checked(file, _report_of_file(file, len(sheet), faults))
    try:
        parsed = parse_sheet(sheet, kind.columns)
        return judge(deed, file, parsed, kind.gather(deed, parsed))
    except TooManyFaults as stopped:
        faults = [RowError(HEADER_ROW, "", one.code, one.sentence) for one in stopped.refusals]
        return Checked(file, _report_of_file(file, len(sheet), faults))


def judge(deed: Deed, file: File, parsed: Parsed, facts: Any) -> Checked:
    """Judge the rows by given facts."""
    kind = file.kind
    with _undisturbed():
        verdict = kind.judge(parsed, facts, Setting(deed.actor, deed.today, file.name))
    report = Report(
        kind=kind.word.value,
        file=file.name,
        sheet=file.sheet.name if file.sheet else None,
        rows=len(parsed),
        accepted=len(verdict.plan),
        refused=len(verdict.refused),
        unchanged=verdict.unchanged,
        warnings=(*_about_the_sheet(file), *verdict.warnings),
        applied=False,
        errors=tuple(verdict.errors),
        decided=verdict.decided,
        changed=verdict.changed,
    )
    assert report.rows == report.accepted + report.refused + report.unchanged
    return Checked(file, report, parsed, facts, verdict)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep the collector of cycles from looking through 100,000 new rows again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _report_of_file(file: File, rows: int, errors: list[RowError]) -> Report:
    """Return the report on a file that is refused as a whole."""
    return Report(
        kind=file.kind.word.value,
        file=file.name,
        sheet=file.sheet.name if file.sheet else None,
        rows=rows,
        accepted=0,
        refused=rows,
        unchanged=0,
        warnings=tuple(_about_the_sheet(file)),
        applied=False,
        errors=tuple(errors),
    )


def _about_the_sheet(file: File) -> list[Caution]:
    if file.sheet is None:
        return []
    row = file.sheet.header_row
    cautions = [
        Caution("unknown_column", f"第{row}行的列“{header}”不在模板中，已忽略。", array("I"))
        for header in unknown_headers(file.sheet, file.kind.columns)
    ]
    form_id = file.sheet.form_id
    if form_id and form_id.removesuffix(PREPARED) != FORM_ID + file.kind.word.value:
        sentence = f"这份文件不是《{file.kind.label}》的模板，请确认选对了导入的种类。"
        cautions.append(Caution("other_template", sentence, array("I")))
    if file.sheet.beside:
        sentence = "只有模板之外的列有内容，没有读取；如有漏填，请补上。"
        cautions.append(Caution("empty_row", sentence, file.sheet.beside))
    if file.sheet.left_out:
        named = "、".join(f"“{header}”" for header in file.sheet.left_out[:NAMED_COLUMNS])
        sentence = (
            f"另有 {len(file.sheet.left_out)} 列不在模板中（{named}等），没有读取，错误行文件中也没有；"
            "如不需要，请删除后再上传。"
        )
        cautions.append(Caution("unknown_column", sentence, array("I")))
    if file.sheet.hidden:
        sentence = "在文件中被筛选或隐藏，没有显示，也已读取；不需要的请从文件中删除。"
        cautions.append(Caution("hidden_row", sentence, file.sheet.hidden))
    if file.sheet.hidden_columns:
        named = "、".join(f"“{header}”" for header in file.sheet.hidden_columns)
        sentence = f"列{named}在文件中被隐藏，没有显示，也已读取；请取消隐藏后核对。"
        cautions.append(Caution("hidden_column", sentence, array("I")))
    if file.sheet.other_sheets:
        named = "、".join(f"“{name}”" for name in file.sheet.other_sheets[:NAMED_COLUMNS])
        sentence = (
            f"只读取了工作表“{file.sheet.name}”，另有 {len(file.sheet.other_sheets)} 个工作表"
            f"（{named}）没有读取；如有要导入的内容，请另存为单独的文件。"
        )
        cautions.append(Caution("other_sheet", sentence, array("I")))
    return cautions
