"""A document as a Word file; long tables are left to the workbook, in words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import IO, Any

from docx.document import Document as WordDocument

from portal.documents.description_rules import (
    Document,
    Facts,
    PaperColumn,
    Row,
    Section,
    Table,
    has_two_lines,
    head_of,
)
from portal.documents.docx_style_export import (
    BLACK,
    BODY,
    ER_HAO,
    PITCH,
    SAN_HAO,
    SONG,
    TITLE,
    TWIPS,
    WU_HAO,
    XIAO_SI,
    XIAO_WU,
    clean,
    element_of,
    inner_twips,
    new_word_file,
    number_pages,
    run_properties,
    text_run,
)
from portal.documents.heading_rules import heading_lines
from portal.settings import PORTAL

MOST_ROWS = 1000
"""Rows of one table. Word lays out a table as a whole: with ten thousand it stands still."""

KEPT_ROWS = 3
"""Rows that stand with the line to be signed."""
FEW_COLUMNS = 10
LIU_HAO = 7.5
BESIDE = 60
"""Twips between a text and the line beside it."""


def write_docx(document: Document, file: IO[bytes]) -> None:
    """Write the document as a Word file."""
    word = new_word_file(is_across=document.is_across)
    _set_properties(word, document)
    writer = _Writer(document)
    writer.head()
    for part in document.parts:
        writer.part(part)
    writer.ending()
    body = word.element.body
    for element in writer.elements:
        body.insert(len(body) - 1, element)  # before the section's own properties
    number_pages(word, is_across=document.is_across, foot=writer.foot)
    word.save(file)


def _set_properties(word: WordDocument, document: Document) -> None:
    properties = word.core_properties
    properties.title, properties.subject = clean(document.title), document.subject
    properties.author = properties.last_modified_by = PORTAL
    properties.comments = ""
    properties.created = properties.modified = document.made_at.replace(tzinfo=None)


class _Writer:
    """Gathers the elements of the body in their order."""

    def __init__(self, document: Document) -> None:
        self.elements: list[Any] = []
        self._document = document
        self._digest = hashlib.sha256()
        self._later: Any = None
        self._inner = inner_twips(is_across=document.is_across)

    @property
    def foot(self) -> str:
        """What stands at the foot of a report's pages."""
        document = self._document
        hashed = f" · 校验值 {self._digest.hexdigest()[:16]}" if document.digest_label else ""
        return document.foot + hashed

    def head(self) -> None:
        document = self._document
        if document.mark:
            self._line(document.mark, BLACK, XIAO_SI, align="right")
        if document.number:
            self._line(document.number, BODY, SAN_HAO, align="right", after=12)
        self._line(document.title, TITLE, ER_HAO, align="center", after=8, pitch=30)
        if document.addressees:
            self._line(f"{'、'.join(document.addressees)}：", BODY, SAN_HAO)

    def part(self, part: Facts | Section | Table) -> None:
        if isinstance(part, Facts):
            self._facts(part)
        elif isinstance(part, Section):
            if part.heading:
                self._line(part.heading, BLACK, SAN_HAO, is_indented=True, keeps_with_next=True)
            for paragraph in part.paragraphs:
                self._line(paragraph, BODY, SAN_HAO, is_indented=True)
        else:
            self._table(part)

    def ending(self) -> None:
        """Write what stands below the last part; after a table there is always a paragraph."""
        document = self._document
        if document.signatures:
            self._signatures(document.signatures)
        if document.seal:
            for place, text in enumerate((document.seal.who, document.seal.written_on)):
                self._line(
                    text, BODY, SAN_HAO, align="right", before=0 if place else 56, right_chars=2,
                    keeps_with_next=not place,
                )  # fmt: skip
        small = [(note, 6.0) for note in document.footnotes]
        small += [(note, 0.0 if place else 8) for place, note in enumerate(document.note_lines)]
        for place, (note, before) in enumerate(small, start=1):
            # Nor does small print stand on a page of its own.
            keeps = bool(document.signatures) and place < len(small)
            self._line(
                note, SONG, XIAO_WU, pitch=13, before=before, align="left", keeps_with_next=keeps
            )
            if note == f"{document.digest_label}：":
                self._later = self.elements[-1].xpath(".//w:t")[0]
        if self.elements and self.elements[-1].tag.endswith("}tbl"):
            # Word wants a paragraph after a table; a whole line of it may ask for a page of its own.
            self.elements.append(
                element_of('<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>')
            )
        if self._later is not None:
            self._later.text += self._digest.hexdigest()

    def _line(
        self,
        text: str,
        font: str,
        size: float,
        *,
        align: str = "both",
        before: float = 0,
        after: float = 0,
        pitch: float = 0,
        right_chars: int = 0,
        is_indented: bool = False,
        keeps_with_next: bool = False,
    ) -> None:
        pitch = pitch or (PITCH if size >= SAN_HAO else size * 1.6)
        first = f'w:firstLineChars="200" w:firstLine="{size * 2 * TWIPS:g}"' if is_indented else ""
        right = right_chars * 100
        last = f'w:rightChars="{right}" w:right="{right_chars * size * TWIPS:g}"' if right else ""
        self.elements.append(
            element_of(
                "<w:p><w:pPr>"
                + ("<w:keepNext/><w:keepLines/>" if keeps_with_next else "")
                + f'<w:spacing w:before="{before * TWIPS:g}" w:after="{after * TWIPS:g}"'
                f' w:line="{pitch * TWIPS:g}" w:lineRule="exact"/>'
                + (f"<w:ind {first} {last}/>" if first or last else "")
                + f'<w:jc w:val="{align}"/></w:pPr>{text_run(text, run_properties(font, size))}</w:p>'
            )
        )

    def _signatures(self, labels: Sequence[str]) -> None:
        """Write the line that is filled in by hand, as wide as the paper."""
        properties = run_properties(SONG, WU_HAO)
        stops = [round(place * self._inner / len(labels)) for place in range(1, len(labels))]
        has_small_print = bool(self._document.footnotes or self._document.notes)
        keep = "<w:keepNext/>" if has_small_print else ""
        tabs = "".join(f'<w:tab w:val="left" w:pos="{stop}"/>' for stop in stops)
        runs = f"<w:r>{properties}<w:tab/></w:r>".join(
            text_run(f"{label}：", properties) for label in labels
        )
        self.elements.append(
            element_of(
                f'<w:p><w:pPr>{keep}<w:tabs>{tabs}</w:tabs><w:spacing w:before="{14 * TWIPS}"'
                f' w:line="{17 * TWIPS}" w:lineRule="exact"/></w:pPr>{runs}</w:p>'
            )
        )

    def _sides(self, left: str, right: str) -> None:
        """Write what stands over a table on one line: at the left, at the right."""
        small = run_properties(SONG, XIAO_WU)
        self.elements.append(
            element_of(
                f'<w:p><w:pPr><w:keepNext/><w:tabs><w:tab w:val="right" w:pos="{self._inner}"/></w:tabs>'
                f'<w:spacing w:line="{14 * TWIPS}" w:lineRule="exact"/></w:pPr>{text_run(left, small)}'
                f"<w:r>{small}<w:tab/></w:r>{text_run(right, small)}</w:p>"
            )
        )

    def _facts(self, facts: Facts) -> None:
        size = XIAO_SI if not self._document.is_across else WU_HAO
        longest = max((len(label) for label, _ in facts.rows), default=0)
        beside = round((longest + 2) * size * TWIPS)
        widths = (beside, self._inner - beside)
        rows = []
        for label, value in facts.written:
            cells = (
                _cell(text_run(label, run_properties(BLACK, size)), widths[0], size),
                _cell(text_run(value, run_properties(SONG, size)), widths[1], size),
            )
            rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>")
        table = element_of(_table_xml(widths, rows))
        self.elements.append(table)
        self._gap()

    def _table(self, table: Table) -> None:
        document, is_last = self._document, table is self._document.parts[-1]
        if table.heading:
            self._line(
                table.heading, BLACK, WU_HAO if document.is_across else SAN_HAO, before=6, after=4,
                keeps_with_next=True,
            )  # fmt: skip
        rows, left_out = self._rows_of(table)
        if left_out:
            self._line(left_out, BODY, WU_HAO)
            return
        if table.paper_total is not None:
            rows.append(table.paper_total)
        if not rows:
            self._line(table.empty, SONG, WU_HAO)
            return
        over = document.line_on_paper(table)
        if any(over):
            self._sides(*over)
        columns = table.paper_columns
        size = XIAO_WU if document.is_across else WU_HAO
        if len(columns) > FEW_COLUMNS:
            size = LIU_HAO
        scale = self._inner / sum(column.width for column in columns)
        widths = [round(column.width * scale) for column in columns]
        lines = _head_rows(columns, widths, size)
        for place, row in enumerate(rows, start=1):
            # Nobody signs an empty page: the last rows stay with the line to be signed.
            keeps = is_last and bool(document.signatures) and place > len(rows) - KEPT_ROWS
            is_total = table.total is not None and place == len(rows)
            lines.append(_row(row, columns, widths, size, is_total=is_total, keeps=keeps))
        self.elements.append(element_of(_table_xml(widths, lines)))
        if not is_last:
            self._gap()

    def _rows_of(self, table: Table) -> tuple[list[list[str]], str]:
        """Return the rows, or none of them and in words why; the hash is of all in any case."""

        def take(row: Row) -> None:
            self._digest.update(table.hashed(row).encode())

        found: list[list[str]] = []
        count = 0
        for count, row in enumerate(table.paper_rows(take if table.is_hashed else None), start=1):
            if count <= MOST_ROWS:
                found.append(row)
        if count <= MOST_ROWS:
            return found, ""
        return [], (
            f"“{table.heading}”共 {count:,} 行，超过 Word 文件每表 {MOST_ROWS:,} 行的上限，"
            "此处不列。请导出 Excel 工作簿或 PDF，其中各行俱全。"
        )

    def _gap(self) -> None:
        self._line("", SONG, XIAO_WU, pitch=10)


def _head_rows(columns: Sequence[PaperColumn], widths: Sequence[int], size: float) -> list[str]:
    """Return the rows of the head, of one line or two; Word repeats them on each page."""
    repeated = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
    if not has_two_lines(columns):
        cells = [
            _head_cell(one.label, width, size) for one, width in zip(columns, widths, strict=True)
        ]
        return [f"<w:tr>{repeated}{''.join(cells)}</w:tr>"]
    upper, lower = [], []
    for head in head_of(columns):
        own = range(head.first, head.first + head.span)
        width = sum(widths[one] for one in own)
        merged = '<w:vMerge w:val="restart"/>' if head.is_tall else ""
        merged = f'<w:gridSpan w:val="{head.span}"/>{merged}'
        upper.append(_head_cell(head.label, width, size, merged=merged))
        for one in own:
            label, merged = ("", "<w:vMerge/>") if head.is_tall else (columns[one].label, "")
            lower.append(_head_cell(label, widths[one], size, merged=merged))
    return [f"<w:tr>{repeated}{''.join(cells)}</w:tr>" for cells in (upper, lower)]


def _head_cell(label: str, width: int, size: float, *, merged: str = "") -> str:
    """Return a cell of the head, broken where a heading breaks."""
    properties = run_properties(BLACK, size)
    lines = heading_lines(label, (width - 2 * BESIDE) / TWIPS / size)
    runs = f"<w:r>{properties}<w:br/></w:r>".join(text_run(line, properties) for line in lines)
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EDEDED"/>'
    return _cell(runs, width, size, align="center", looks=merged + shade, keeps=True)


def _row(
    row: Sequence[str],
    columns: Sequence[PaperColumn],
    widths: Sequence[int],
    size: float,
    *,
    is_total: bool,
    keeps: bool,
) -> str:
    properties = run_properties(BLACK if is_total else SONG, size)
    cells = (
        _cell(
            text_run(text, properties),
            width,
            size,
            align="right" if column.is_number else "center" if column.is_short else "left",
            keeps=keeps,
        )
        for text, width, column in zip(row, widths, columns, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def _cell(
    runs: str,
    width: int,
    size: float,
    *,
    align: str = "left",
    looks: str = "",
    keeps: bool = False,
) -> str:
    keep = "<w:keepNext/>" if keeps else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{looks}'
        f'<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>{keep}'
        f'<w:spacing w:before="20" w:after="20" w:line="{size * 1.3 * TWIPS:.0f}" w:lineRule="exact"/>'
        f'<w:jc w:val="{align}"/></w:pPr>{runs}</w:p></w:tc>'
    )


def _table_xml(widths: Sequence[int], rows: Iterable[str]) -> str:
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{sides}'
        f'</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="{BESIDE}" w:type="dxa"/>'
        f'<w:right w:w="{BESIDE}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )
