"""Tables on A4 paper, drawn straight on the canvas: a layout engine is quadratic in the rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import IO, Any, NamedTuple

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen.canvas import Canvas

from portal.settings import PORTAL, ROOT

SERIF, SERIF_BOLD = "QianshouSerif", "QianshouSerifBold"
FONTS = {SERIF: "NotoSerifSC-Regular.ttf", SERIF_BOLD: "NotoSerifSC-Bold.ttf"}

WIDTH, HEIGHT = landscape(A4)
MARGIN = 36.0
SIZE, LEADING = 7.5, 10.0
"""Type size of a table and the distance of its lines, in points."""
PADDING = 3.0
FOOT = 40.0
"""Height of the line below a table that is filled in by hand."""
GREY = 0.62
NEVER_FIRST = frozenset("、，。；：！？）》」』”’%％·")
"""What must not begin a line."""
LAST_OF_BMP = 0xFFFF


class PaperColumn(NamedTuple):
    """A column of a table: heading, width in points, and whether it holds numbers."""

    label: str
    width: float
    is_number: bool = False


class Paper:
    """Pages of one document: a title page of facts, tables with repeated headings, page numbers.

    What is known only at the end (the number of pages, the hash of the rows) is drawn as a form
    that earlier pages refer to.
    """

    def __init__(self, file: IO[bytes], title: str, *, subject: str) -> None:
        register_fonts()
        self._canvas = Canvas(
            file,
            pagesize=(WIDTH, HEIGHT),
            pageCompression=1,
            initialFontName=SERIF,
            lang="zh-CN",
        )
        self._canvas.setTitle(title)
        self._canvas.setSubject(subject)
        self._canvas.setAuthor(PORTAL)
        self._canvas.setCreator(PORTAL)
        self._page = 0
        self._y = 0.0

    def cover(self, title: str, facts: Sequence[tuple[str, str]], *, later: str) -> None:
        """Draw the title page; the value of the fact labelled ``later`` is given to ``close``."""
        canvas = self._canvas
        self._begin_page()
        canvas.setFont(SERIF_BOLD, 20)
        canvas.drawCentredString(WIDTH / 2, self._y - 28, title)
        y = self._y - 66
        for label, value in facts:
            canvas.setFont(SERIF_BOLD, 10.5)
            canvas.drawString(MARGIN + 60, y, label)
            canvas.setFont(SERIF, 10.5)
            if label == later:
                self._later_at = (MARGIN + 230, y)
                canvas.doForm("later")
            for line in wrapped(value, WIDTH - 2 * MARGIN - 240, 10.5):
                canvas.drawString(MARGIN + 230, y, line)
                y -= 17
            y -= 3 if value else 20
        self._end_page()

    def table(
        self,
        heading: str,
        columns: Sequence[PaperColumn],
        rows: Iterable[Sequence[str]],
        *,
        foot: Sequence[str] = (),
    ) -> None:
        """Draw a table from a new page on; its heading row stands on each of its pages.

        ``foot`` names what is filled in by hand below its end.
        """
        self._begin_page()
        self._canvas.setFont(SERIF_BOLD, 13)
        self._canvas.drawString(MARGIN, self._y - 13, heading)
        self._y -= 24
        text = self._begin_table(columns)
        rules: list[tuple[float, float, float, float]] = []
        right = MARGIN + sum(column.width for column in columns)
        for row, is_last in _with_last(rows):
            cells = [
                wrapped(cell, column.width - 2 * PADDING, SIZE)
                for cell, column in zip(row, columns, strict=True)
            ]
            height = max(map(len, cells)) * LEADING + 4
            # The last row stands with its foot: nobody signs an empty page.
            needed = height + FOOT if is_last and foot else height
            if self._y - needed < MARGIN + 18:
                self._finish_table(text, rules)
                self._end_page()
                self._begin_page()
                text = self._begin_table(columns)
            self._draw_row(text, columns, cells)
            self._y -= height
            rules.append((MARGIN, self._y, right, self._y))
        self._finish_table(text, rules)
        if foot:
            self._draw_foot(foot)
        self._end_page()

    def close(self, *, later: str, footer: str) -> None:
        """Draw what is known now, and write the file."""
        canvas = self._canvas
        canvas.beginForm("later", 0, 0, WIDTH, HEIGHT)
        canvas.setFont(SERIF, 10.5)
        canvas.drawString(*self._later_at, later)
        canvas.endForm()
        canvas.beginForm("footer", 0, 0, WIDTH, HEIGHT)
        canvas.setFont(SERIF, 8)
        canvas.drawString(MARGIN, MARGIN - 12, footer)
        canvas.drawRightString(WIDTH - MARGIN, MARGIN - 12, f"共 {self._page} 页")
        canvas.endForm()
        canvas.save()

    def _draw_foot(self, labels: Sequence[str]) -> None:
        """Draw a line to be filled in by hand."""
        self._canvas.setFont(SERIF, 10.5)
        for place, label in enumerate(labels):
            x = MARGIN + place * (WIDTH - 2 * MARGIN) / len(labels)
            self._canvas.drawString(x, self._y - FOOT + 6, f"{label}：")
        self._y -= FOOT

    def _begin_page(self) -> None:
        self._page += 1
        self._y = HEIGHT - MARGIN

    def _end_page(self) -> None:
        canvas = self._canvas
        canvas.setFont(SERIF, 8)
        canvas.drawRightString(WIDTH - MARGIN - 48, MARGIN - 12, f"第 {self._page} 页")
        canvas.doForm("footer")
        canvas.showPage()

    def _begin_table(self, columns: Sequence[PaperColumn]) -> Any:
        """Draw the heading row and return the text object of the rows on this page."""
        canvas = self._canvas
        labels = [wrapped(column.label, column.width - 2 * PADDING, SIZE) for column in columns]
        height = max(map(len, labels)) * LEADING + 6
        canvas.setFillGray(0.92)
        width = sum(column.width for column in columns)
        canvas.rect(MARGIN, self._y - height, width, height, stroke=0, fill=1)
        canvas.setFillGray(0)
        text = canvas.beginText()
        text.setFont(SERIF_BOLD, SIZE)
        self._draw_row(text, columns, labels)
        text.setFont(SERIF, SIZE)
        self._y -= height
        return text

    def _draw_row(
        self, text: Any, columns: Sequence[PaperColumn], cells: Sequence[Sequence[str]]
    ) -> None:
        x, top = MARGIN, self._y - LEADING
        for column, lines in zip(columns, cells, strict=True):
            y = top
            for line in lines:
                left = x + PADDING
                if column.is_number:
                    left = x + column.width - PADDING - width_of(line, SIZE)
                text.setTextOrigin(left, y)
                text.textOut(line)
                y -= LEADING
            x += column.width

    def _finish_table(self, text: Any, rules: list[tuple[float, float, float, float]]) -> None:
        canvas = self._canvas
        canvas.drawText(text)
        canvas.setLineWidth(0.4)
        canvas.setStrokeGray(GREY)
        canvas.lines(rules)
        canvas.setStrokeGray(0)
        rules.clear()


def _with_last(rows: Iterable[Sequence[str]]) -> Iterator[tuple[Sequence[str], bool]]:
    """Yield each row, and whether it is the last."""
    waiting = None
    for row in rows:
        if waiting is not None:
            yield waiting, False
        waiting = row
    if waiting is not None:
        yield waiting, True


@lru_cache(maxsize=4096)
def wrapped(text: str, width: float, size: float) -> tuple[str, ...]:
    """Break a text into lines of at most ``width`` points, anywhere but before a closing mark."""
    if len(text) * size <= width:  # no glyph is wider than the type is high
        return (text,)
    lines: list[str] = []
    line, used = "", 0.0
    for character in text:
        own = width_of(character, size)
        if used + own > width and line:
            carried = line[-1] if character in NEVER_FIRST and len(line) > 1 else ""
            lines.append(line[: len(line) - len(carried)])
            line, used = carried, width_of(carried, size)
        line += character
        used += own
    return (*lines, line)


def width_of(text: str, size: float) -> float:
    """Return the width of a text in the body type, in points."""
    widths, missing = _widths()
    return sum(widths.get(ord(character), missing) for character in text) * size / 1000


@cache
def _widths() -> tuple[dict[int, float], float]:
    face = pdfmetrics.getFont(SERIF).face
    return face.charWidths, face.defaultWidth


@cache
def register_fonts() -> None:
    """Load the vendored fonts, once and only when a PDF is wanted: each takes 25 MB."""
    _mend_text_of_rare_characters()
    for name, file in FONTS.items():
        path = ROOT / "static" / "vendor" / "fonts" / file
        pdfmetrics.registerFont(ttfonts.TTFont(name, str(path)))


def _mend_text_of_rare_characters() -> None:
    """Let characters beyond U+FFFF (rare names) be found and copied.

    reportlab 5.1 writes their code in five digits, where PDF wants UTF-16.
    """
    original = ttfonts.makeToUnicodeCMap

    def mended(name: str, subset: Sequence[int]) -> str:
        table: str = original(name, subset)
        for position, code in enumerate(subset):
            if code > LAST_OF_BMP:
                units = chr(code).encode("utf-16-be").hex().upper()
                table = table.replace(
                    f"<{position:02X}> <{code:04X}>", f"<{position:02X}> <{units}>", 1
                )
        return table

    ttfonts.makeToUnicodeCMap = mended
