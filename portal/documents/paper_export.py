"""Pages of A4, drawn straight on the canvas: a layout engine is quadratic in the rows of a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any, NamedTuple

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from portal.documents.description_rules import PaperColumn, has_two_lines, head_of
from portal.documents.font_export import SERIF, SERIF_BOLD, register_fonts, width_of, wrapped
from portal.documents.heading_rules import heading_lines
from portal.settings import PORTAL

rl_config.useA85 = 0
"""Pages as bytes, not as text: a fifth smaller, in the file and while it is made."""

PADDING = 3.0
SUM_LINES = 2
"""Lines that the sum of a page takes at most."""
FOOT = 40.0
"""Height of the line below a table that is filled in by hand."""
NOTE = 8.0
AROUND = 4.0
"""Above and below the lines of a row, together."""
GREY = 0.5
INDENT = "\u3000\u3000"
"""首行缩进: two characters."""


class Layout(NamedTuple):
    """A page in points: its size, its margins, the sizes of its types."""

    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    title: float
    body: float
    leading: float
    facts: float

    @property
    def inner(self) -> float:
        """The width between the margins."""
        return self.width - self.left - self.right


SHORT, LONG = float(A4[0]), float(A4[1])
ACROSS = Layout(LONG, SHORT, 36, 36, 36, 36, title=20, body=10.5, leading=17, facts=10.5)
"""A report: wide tables ask for narrow margins."""
UPRIGHT = Layout(
    SHORT, LONG, 37 * mm, 35 * mm, 28 * mm, 26 * mm, title=22, body=16, leading=28, facts=12
)
"""A page of text after GB/T 9704-2012: 22 lines of 28 characters (三号)."""

FEW_COLUMNS = 10
SMALL, LARGE = (7.5, 10.0), (9.5, 14.0)
"""Type size of a table and the distance of its lines: with many columns, with few."""


class Paper:
    """Pages of one document, filled from the top; the next begins where one is full.

    What is known only at the end (the number of pages, the hash of the rows) is drawn as a form
    that earlier pages refer to.
    """

    def __init__(self, file: IO[bytes], layout: Layout, title: str, *, subject: str) -> None:
        register_fonts()
        self.layout = layout
        self._canvas = Canvas(
            file,
            pagesize=(layout.width, layout.height),
            pageCompression=1,
            initialFontName=SERIF,
            lang="zh-CN",
        )
        self._canvas.setTitle(title)
        self._canvas.setSubject(subject)
        self._canvas.setAuthor(PORTAL)
        self._canvas.setCreator(PORTAL)
        self._page = 0
        self._later_at: tuple[float, float] | None = None
        self.new_page()

    def new_page(self) -> None:
        """Leave the rest of the page empty."""
        if self._page:
            self._end_page()
        self._page += 1
        self._y = self.layout.height - self.layout.top

    def line(
        self, text: str, size: float, *, is_bold: bool = False, align: str = "left", gap: float = 0
    ) -> None:
        """Draw a text in lines of its own: left, centre or right, with a gap after it."""
        leading = size * 1.4
        for part in wrapped(text, self.layout.inner, size):
            self._need(leading)
            self._canvas.setFont(SERIF_BOLD if is_bold else SERIF, size)
            left, right = self.layout.left, self.layout.width - self.layout.right
            baseline = self._y - size
            if align == "centre":
                self._canvas.drawCentredString((left + right) / 2, baseline, part)
            elif align == "right":
                self._canvas.drawRightString(right - 2 * size, baseline, part)
            else:
                self._canvas.drawString(left, baseline, part)
            self._y -= leading
        self._y -= gap

    def section(self, heading: str, paragraphs: Sequence[str]) -> None:
        """Draw paragraphs of body text below their heading, the first line of each indented."""
        layout = self.layout
        for text, font in ((heading, SERIF_BOLD), *((one, SERIF) for one in paragraphs)):
            for part in wrapped(INDENT + text, layout.inner, layout.body) if text else ():
                self._need(layout.leading)
                self._canvas.setFont(font, layout.body)
                self._canvas.drawString(layout.left, self._y - layout.body, part)
                self._y -= layout.leading

    def sides(self, left: str, right: str, size: float) -> None:
        """Draw what stands over a table on one line: at the left, at the right."""
        self._need(size * 1.6)
        self._canvas.setFont(SERIF, size)
        self._canvas.drawString(self.layout.left, self._y - size, left)
        self._canvas.drawRightString(self.layout.width - self.layout.right, self._y - size, right)
        self._y -= size * 1.6

    def facts(self, rows: Sequence[tuple[str, str]]) -> None:
        """Draw labels with their values."""
        layout, size = self.layout, self.layout.facts
        beside = max((width_of(label, size) for label, _ in rows), default=0) + 2 * size
        for label, value in rows:
            lines = wrapped(value, layout.inner - beside, size) or ("",)
            self._need(len(lines) * size * 1.6)
            self._canvas.setFont(SERIF_BOLD, size)
            self._canvas.drawString(layout.left, self._y - size, label)
            self._canvas.setFont(SERIF, size)
            for part in lines:
                self._canvas.drawString(layout.left + beside, self._y - size, part)
                self._y -= size * 1.6
        self._y -= size * 0.6

    def table(
        self,
        heading: str,
        columns: Sequence[PaperColumn],
        rows: Iterable[Sequence[str]],
        *,
        empty: str,
        over: tuple[str, str] = ("", ""),
        has_total: bool = False,
        sum_of_page: Callable[[int], Sequence[str]] | None = None,
        below: float = 0,
        is_whole: bool = False,
    ) -> None:
        """Draw a table; its head stands on each of its pages. ``over`` stands between it and its
        heading; ``has_total``: its last row is the sum. ``sum_of_page`` is given how many rows stand
        on a page and returns its last line. ``below`` is the height of what stays with the last row,
        for nobody signs an empty page; a table that ``is_whole`` stays on one page with it.
        """
        size, leading = LARGE if len(columns) <= FEW_COLUMNS else SMALL
        scale = self.layout.inner / sum(column.width for column in columns)
        columns = [column._replace(width=column.width * scale) for column in columns]
        # A heading at the foot of a page would stand without its table.
        self._need(24 + 6 * leading)
        if is_whole:
            rows = list(rows)
            tall = sum(_height_of(columns, row, size, leading) for row in rows)
            self._need(24 + 2 * NOTE + 2 * leading + AROUND + tall + below)
        if heading:
            self.line(heading, 13, is_bold=True, gap=0 if any(over) else 6)
        if any(over):
            self.sides(*over, NOTE)
        drawn = _Rows(self, columns, size, leading, sum_of_page)
        is_empty = True
        for row, is_last in _with_last(rows):
            is_empty = False
            is_total = is_last and has_total
            if is_total:
                drawn.sum_up()
            drawn.add(row, is_total=is_total, below=below if is_last else 0)
        drawn.end()
        if is_empty:
            self._y -= AROUND
            self.line(empty, size)
        self._y -= 10

    def signatures(self, labels: Sequence[str]) -> None:
        """Draw a line to be filled in by hand."""
        self._need(FOOT - 10)
        self._canvas.setFont(SERIF, 10.5)
        for place, label in enumerate(labels):
            x = self.layout.left + place * self.layout.inner / len(labels)
            self._canvas.drawString(x, self._y - FOOT + 16, f"{label}：")
        self._y -= FOOT - 10

    def height_of(self, *, notes: Sequence[str]) -> float:
        """Return the height of the line that is filled in by hand, with the notes below it."""
        lines = sum(len(wrapped(text, self.layout.inner, NOTE)) for text in notes)
        return FOOT + (NOTE + lines * NOTE * 1.4 if notes else 0)

    def notes(self, texts: Sequence[str], *, later: str = "") -> None:
        """Draw small print, apart from what stands above it; what follows the text ``later`` is
        given to ``close``."""
        self._y -= NOTE
        for text in texts:
            self.line(text, NOTE)
            if text == later:
                x = self.layout.left + width_of(text, NOTE)
                self._later_at = (x, self._y + NOTE * 0.4)
                self._canvas.doForm("later")

    def seal(self, who: str, day: str) -> None:
        """Draw who signs and the day, one line above the other, with room for the seal."""
        size = self.layout.body
        self._need(5 * self.layout.leading)
        self._y -= 2 * self.layout.leading
        for text in (who, day):
            self.line(text, size, align="right")

    def close(self, *, later: str, foot: str) -> None:
        """Draw what is known now, and write the file."""
        self._end_page()
        canvas, layout = self._canvas, self.layout
        if self._later_at:
            canvas.beginForm("later", 0, 0, layout.width, layout.height)
            canvas.setFont(SERIF, NOTE)
            canvas.drawString(*self._later_at, later)
            canvas.endForm()
        canvas.beginForm("footer", 0, 0, layout.width, layout.height)
        canvas.setFont(SERIF, 8)
        canvas.drawString(layout.left, layout.bottom - 12, foot)
        if layout is ACROSS:
            canvas.drawString(self._number_at, layout.bottom - 12, f"共 {self._page} 页")
        canvas.endForm()
        canvas.save()

    @property
    def _number_at(self) -> float:
        """Where the number of pages stands, which is known last: with room for four digits."""
        return self.layout.width - self.layout.right - 40

    def has_room(self, height: float) -> bool:
        """Is there room for a row of a table, with its line?"""
        return self._y - height >= self.layout.bottom + 2

    def _need(self, height: float) -> None:
        if self._y - height < self.layout.bottom:
            self.new_page()

    def _end_page(self) -> None:
        canvas, layout = self._canvas, self.layout
        if layout is ACROSS:
            canvas.setFont(SERIF, 8)
            x, y = self._number_at, layout.bottom - 12
            canvas.drawRightString(x, y, f"第 {self._page} 页，")
        else:
            # 四号, one character from the outer edge: odd pages right, even pages left.
            canvas.setFont(SERIF, 14)
            number, y = f"— {self._page} —", layout.bottom - 7 * mm - 14
            if self._page % 2:
                canvas.drawRightString(layout.width - layout.right - 14, y, number)
            else:
                canvas.drawString(layout.left + 14, y, number)
        canvas.doForm("footer")
        canvas.showPage()

    def begin_table(self, columns: Sequence[PaperColumn], size: float, leading: float) -> _Grid:
        """Draw the head; return the grid of the rows on this page, with the text in it."""
        canvas, top = self._canvas, self._y
        heads = head_of(columns)
        above = leading + AROUND if has_two_lines(columns) else 0
        labels = [heading_lines(one.label, (one.width - 2 * PADDING) / size) for one in columns]
        tall = max((len(labels[one.first]) for one in heads if one.is_tall), default=0)
        low = max((len(labels[at]) for at, one in enumerate(columns) if one.group), default=0)
        height = above + max(low * leading + AROUND, tall * leading + AROUND - above)
        canvas.setFillGray(0.92)
        canvas.rect(self.layout.left, top - height, self.layout.inner, height, 0, 1)
        canvas.setFillGray(0)
        canvas.setFont(SERIF_BOLD, size)
        text = canvas.beginText()
        text.setFont(SERIF, size)
        self._y -= height
        right = self.layout.width - self.layout.right
        grid = _Grid(
            text, [(self.layout.left, y, right, y) for y in (top, self._y)], [(right, top)]
        )
        x = self.layout.left
        for head in heads:
            grid.down.append((x, top))
            own = range(head.first, head.first + head.span)
            width = sum(columns[at].width for at in own)
            if head.is_tall:
                self._draw_heading(labels[head.first], x, top, width, height, size, leading)
            else:
                self._draw_heading((head.label,), x, top, width, above, size, leading)
                grid.across.append((x, top - above, x + width, top - above))
                inner = x
                for at in own:
                    if at > head.first:
                        grid.down.append((inner, top - above))
                    self._draw_heading(
                        labels[at], inner, top - above, columns[at].width, height - above, size, leading
                    )  # fmt: skip
                    inner += columns[at].width
            x += width
        return grid

    def _draw_heading(
        self,
        lines: Sequence[str],
        x: float,
        top: float,
        width: float,
        height: float,
        size: float,
        leading: float,
    ) -> None:
        """Draw a heading in the middle of its cell."""
        y = top - (height - len(lines) * leading) / 2 - leading + (leading - size) / 2 + size * 0.12
        for line in lines:
            self._canvas.drawCentredString(x + width / 2, y, line)
            y -= leading

    def draw_row(
        self,
        grid: _Grid,
        columns: Sequence[PaperColumn],
        cells: Sequence[Sequence[str]],
        size: float,
        leading: float,
    ) -> None:
        """Draw a row of wrapped cells, and the line below it."""
        x, most, text = self.layout.left, max(map(len, cells)), grid.text
        for column, lines in zip(columns, cells, strict=True):
            y = self._y - leading - (most - len(lines)) * leading / 2
            for line in lines:
                left = x + PADDING
                if column.is_number:
                    left = x + column.width - PADDING - width_of(line, size)
                elif column.is_short:
                    left = x + (column.width - width_of(line, size)) / 2
                text.setTextOrigin(left, y)
                text.textOut(line)
                y -= leading
            x += column.width
        self._y -= most * leading + AROUND
        grid.across.append((self.layout.left, self._y, x, self._y))

    def finish_table(self, grid: _Grid) -> None:
        canvas = self._canvas
        canvas.drawText(grid.text)
        canvas.setLineWidth(0.4)
        canvas.setStrokeGray(GREY)
        canvas.lines([*grid.across, *((x, top, x, self._y) for x, top in grid.down)])
        canvas.setStrokeGray(0)


class _Rows:
    """The rows of a table, page after page, each page ended by its sum if one is asked for."""

    def __init__(
        self,
        paper: Paper,
        columns: Sequence[PaperColumn],
        size: float,
        leading: float,
        sum_of_page: Callable[[int], Sequence[str]] | None,
    ) -> None:
        self._paper, self._columns, self._size, self._leading = paper, columns, size, leading
        self._sum_of_page = sum_of_page
        self._kept_free = SUM_LINES * leading + AROUND if sum_of_page else 0
        self._on_page = 0
        self._grid = paper.begin_table(columns, size, leading)

    def add(self, row: Sequence[str], *, is_total: bool, below: float) -> None:
        """Draw a row, on the next page if it has no room on this one with what stands ``below``."""
        cells, height = self._cells_of(row)
        if not self._paper.has_room(height + below + (0 if is_total else self._kept_free)):
            self.end()
            self._paper.new_page()
            self._grid = self._paper.begin_table(self._columns, self._size, self._leading)
        self._draw(cells, is_bold=is_total)
        self._on_page += not is_total

    def sum_up(self) -> None:
        """Draw the sum of the rows on this page, once."""
        if self._sum_of_page and self._on_page:
            self._draw(self._cells_of(self._sum_of_page(self._on_page))[0], is_bold=True)
        self._on_page = 0

    def end(self) -> None:
        self.sum_up()
        self._paper.finish_table(self._grid)

    def _cells_of(self, row: Sequence[str]) -> tuple[Sequence[Sequence[str]], float]:
        cells = [
            wrapped(cell, column.width - 2 * PADDING, self._size)
            for cell, column in zip(row, self._columns, strict=True)
        ]
        return cells, max(map(len, cells)) * self._leading + AROUND

    def _draw(self, cells: Sequence[Sequence[str]], *, is_bold: bool) -> None:
        text = self._grid.text
        if is_bold:
            text.setFont(SERIF_BOLD, self._size)
        self._paper.draw_row(self._grid, self._columns, cells, self._size, self._leading)
        if is_bold:
            text.setFont(SERIF, self._size)


def _height_of(
    columns: Sequence[PaperColumn], row: Sequence[str], size: float, leading: float
) -> float:
    cells = zip(row, columns, strict=True)
    lines = max(len(wrapped(cell, one.width - 2 * PADDING, size)) for cell, one in cells)
    return lines * leading + AROUND


class _Grid(NamedTuple):
    """What a table has drawn on a page: its text, its lines across, and where those down begin."""

    text: Any
    across: list[tuple[float, float, float, float]]
    down: list[tuple[float, float]]


def _with_last(rows: Iterable[Sequence[str]]) -> Iterator[tuple[Sequence[str], bool]]:
    """Yield each row, and whether it is the last."""
    waiting = None
    for row in rows:
        if waiting is not None:
            yield waiting, False
        waiting = row
    if waiting is not None:
        yield waiting, True
