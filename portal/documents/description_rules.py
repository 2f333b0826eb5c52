"""What a document says, whatever it is rendered on: plain values, and how a cell is written.

A capability makes one :class:`Document`; the exports of this room and ``documents/_document.html``
render it. Layout follows GB/T 9704-2012 for what is text (upright), and the width of a table for
what is a report (across).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from portal.documents.heading_rules import words_of
from portal.standards.money import format_yuan

Cell: TypeAlias = str | int | float | date | None
Row: TypeAlias = Sequence[Cell]

NUMBERS = frozenset({"number", "days", "share", "yuan", "fen"})
"""Kinds of columns that hold amounts and stand flush right; a year is a name."""
UNBROKEN = frozenset({"code", "date"})
"""Kinds of columns that no line breaks."""


MOST_UPRIGHT = 7
"""Columns that fit side by side on a sheet that stands upright."""
SHORT = 14
"""Characters up to which our own words stand in the middle of a column of a sheet."""
BESIDE = "附列（不打印）"
"""The common heading of what other programs and those who filter want, and paper has no room for."""


class Column(NamedTuple):
    """A column of a table: heading, kind, width in characters of a sheet.

    ``kind`` is number, days, share, year, yuan, fen (cells in fen, shown as 30,000.00 yuan), date, code
    (no line breaks it), text (our own words) or typed (what people wrote).
    Neighbours with the same ``group`` stand under it as their common heading, where ``head`` is
    what is left to say. ``is_beside`` puts it right of what is printed, for other programs; such
    columns are the last.
    """

    label: str
    kind: str
    width: float
    group: str = ""
    head: str = ""
    is_beside: bool = False

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS

    @property
    def is_short(self) -> bool:
        """Is it a short word of ours, which stands in the middle, clear of numbers beside it?"""
        return self.kind in ("code", "date", "text", "year") and self.width <= SHORT

    @property
    def heading(self) -> str:
        """What stands above the column, below the heading that it shares."""
        return self.head or self.label


class Printed(NamedTuple):
    """A column on paper, made of cells of the table: empty ones are left out, the rest joined.

    ``of`` names the columns by their labels; of none, it is the running number. ``width`` is its
    part of the paper's width, in points where the paper lies across. ``after`` closes what
    ``between`` has opened.
    """

    label: str
    width: float
    of: tuple[str, ...]
    between: str = ""
    after: str = ""
    group: str = ""


class PaperColumn(NamedTuple):
    """A column as paper and pages show it."""

    label: str
    width: float
    is_number: bool = False
    is_short: bool = False
    is_code: bool = False
    group: str = ""

    @property
    def words(self) -> list[str]:
        """Between which a page may break the heading."""
        return words_of(self.label)

    @property
    def full_label(self) -> str:
        """The heading with what stands above it: 援派人数."""
        return self.group + self.label


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns. ``rows`` is read anew by each iteration, so that it may be long.

    ``printed`` says how it stands on paper, as it is where empty. ``total`` is a last row, which
    no filter of a workbook takes along. ``unit`` says of what its figures are. ``lines`` is how
    many lines a usual row takes on a sheet. ``is_hashed`` says that the hash of the document is
    that of these rows. ``page_total`` makes of the rows of a page of paper or of a sheet its last line
    (本页合计).
    """

    heading: str
    sheet: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    printed: tuple[Printed, ...] = ()
    total: Row | None = None
    unit: str = ""
    lines: int = 1
    is_hashed: bool = False
    empty: str = "没有记录。"
    page_total: Callable[[Sequence[Row]], Row] | None = None

    @property
    def sheet_columns(self) -> tuple[Column, ...]:
        """The columns that a sheet prints: all but those beside it."""
        return tuple(one for one in self.columns if not one.is_beside)

    @property
    def paper_columns(self) -> tuple[PaperColumn, ...]:
        """The columns as they stand on paper."""
        if not self.printed:
            return tuple(
                PaperColumn(
                    one.heading,
                    one.width,
                    is_number=one.is_number,
                    is_short=one.is_short,
                    is_code=one.kind in UNBROKEN,
                    group=one.group,
                )
                for one in self.sheet_columns
            )
        found = {one.label: one for one in self.columns}
        return tuple(
            PaperColumn(
                one.label,
                one.width,
                is_number=found[one.of[0]].is_number if one.of else True,
                is_short=len(one.of) == 1 and found[one.of[0]].is_short,
                is_code=len(one.of) == 1 and found[one.of[0]].kind in UNBROKEN,
                group=one.group,
            )
            for one in self.printed
        )

    @property
    def page_columns(self) -> tuple[PaperColumn, ...]:
        """The columns of a page: those of paper without a running number."""
        runs = bool(self.printed) and not self.printed[0].of
        return self.paper_columns[1:] if runs else self.paper_columns

    @property
    def page_shares(self) -> list[float]:
        """How much of the width of a page each of its columns has, in per cent."""
        widths = [one.width for one in self.page_columns]
        return [round(100 * width / sum(widths), 1) for width in widths]

    @property
    def is_wide(self) -> bool:
        """Has it more columns than fit on a phone, or on a sheet that stands upright?"""
        return len(self.page_columns) > MOST_UPRIGHT

    @property
    def card_labels(self) -> list[str]:
        """What stands beside each cell on a phone, where the head is gone.

        The common heading is said again if some label stands under two of them: 援派人数, 受援人数.
        """
        columns = self.page_columns
        is_unique = len({one.label for one in columns}) == len(columns)
        return [one.label if is_unique else one.full_label for one in columns]

    @property
    def heads(self) -> list[Heading]:
        """The upper line of the head on a page; none where no columns stand under a common one."""
        columns = self.page_columns
        return head_of(columns) if has_two_lines(columns) else []

    def paper_rows(self, take: Callable[[Row], None] | None = None) -> Iterable[list[str]]:
        """Yield each row as paper shows it; ``take`` is given the cells it was made of."""
        write = self._writer()
        for number, row in enumerate(self.rows, start=1):
            if take is not None:
                take(row)
            yield write(number, row)

    @property
    def paper_total(self) -> list[str] | None:
        """The last row as paper shows it."""
        return None if self.total is None else self.paper_line(self.total)

    def paper_line(self, row: Row) -> list[str]:
        """Return a row that bears no number as paper shows it."""
        return self._writer()(None, row)

    def hashed(self, row: Row) -> str:
        """Return a row as the hash of the document reads it: amounts in yuan, as a workbook has them."""
        cells = zip(row, self.columns, strict=True)
        return text_of(
            [
                in_yuan(cell) if one.kind == "fen" and isinstance(cell, int) else cell
                for cell, one in cells
            ]
        )

    def _writer(self) -> Callable[[int | None, Row], list[str]]:
        """Return the function that writes a row for paper: its places are looked up once."""
        kinds = [one.kind for one in self.columns]
        if not self.printed:
            kinds = kinds[: len(self.sheet_columns)]
            return lambda _number, row: [
                written(cell, kind) for cell, kind in zip(row, kinds, strict=False)
            ]
        places = {one.label: place for place, one in enumerate(self.columns)}
        recipes = [
            ([(places[label], kinds[places[label]]) for label in one.of], one.between, one.after)
            for one in self.printed
        ]

        def write(number: int | None, row: Row) -> list[str]:
            line = []
            for sources, between, after in recipes:
                if len(sources) == 1:
                    place, kind = sources[0]
                    cell = row[place]
                    line.append(cell if isinstance(cell, str) else written(cell, kind))
                elif not sources:
                    line.append("" if number is None else str(number))
                else:
                    texts = [text for at, kind in sources if (text := written(row[at], kind))]
                    line.append(between.join(texts) + (after if len(texts) > 1 else ""))
            return line

        return write


def written(cell: Cell, kind: str) -> str:
    """Return a cell as pages and paper show it: 16,488, 1.3, 93.8%, 30,000.00, nothing for nothing.

    Days have one decimal at most, as in a workbook: halves go up.
    """
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return cell.isoformat()
    if kind == "fen":
        return format_yuan(int(cell))
    if kind == "share":
        return f"{cell:.1%}"
    if kind == "year":
        return str(cell)
    if isinstance(cell, float):
        tenths = (round(cell * 100) + 5) // 10
        return f"{tenths / 10:,}" if tenths % 10 else f"{tenths // 10:,}"
    return f"{cell:,}"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is said in a word each: label and value."""

    rows: tuple[tuple[str, Cell], ...]

    @property
    def written(self) -> list[tuple[str, str]]:
        """The labels and values as texts; a year has no separator of thousands."""
        return [(label, written(value, "year")) for label, value in self.rows]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading (一、…), perhaps none, and paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


Part: TypeAlias = Facts | Section | Table


SIGNATURES = ("填报人", "审核人", "单位（盖章）", "日期")
"""What is filled in by hand at the foot of a report."""

LONGEST_BESIDE = 40
"""Characters of a note that still stands beside others on a line."""


class Seal(NamedTuple):
    """落款: who signs with their seal, and the day of the document (成文日期)."""

    who: str
    on: date

    @property
    def written_on(self) -> str:
        """The day as documents write it."""
        return chinese_date(self.on)


@dataclass(frozen=True, slots=True)
class Document:
    """A document. ``made_at`` is the instant of what it says.

    ``mark`` stands above the title (演示). ``is_across`` lays the paper across, for wide tables.
    A report has ``notes`` (说明): what else is to be said of its figures, on the last sheet and at
    the end of the paper; each of its tables stands on a sheet of its own, with ``above`` over it.
    ``digest_label`` names the note that is the hash of its hashed rows, known when they are
    written. ``signatures`` are filled in by hand below the last part; ``footnotes`` stand at the
    end, ``foot`` at the foot of each page.
    """

    title: str
    subject: str
    made_at: datetime
    parts: tuple[Part, ...]
    number: str = ""
    mark: str = ""
    addressees: tuple[str, ...] = ()
    is_across: bool = False
    above: str = ""
    notes: Facts | None = None
    digest_label: str = ""
    signatures: tuple[str, ...] = ()
    seal: Seal | None = None
    footnotes: tuple[str, ...] = ()
    foot: str = ""

    @property
    def tables(self) -> tuple[Table, ...]:
        """Its tables, in their order."""
        return tuple(part for part in self.parts if isinstance(part, Table))

    @property
    def sections(self) -> tuple[Section, ...]:
        """Its sections of text, in their order."""
        return tuple(part for part in self.parts if isinstance(part, Section))

    @property
    def facts(self) -> tuple[tuple[str, Cell], ...]:
        """The facts among its parts, in their order."""
        return tuple(row for part in self.parts if isinstance(part, Facts) for row in part.rows)

    @property
    def note_lines(self) -> list[str]:
        """The notes as lines of small print: short ones side by side; the hash is still to come."""
        if self.notes is None:
            return []
        short: list[str] = []
        lines: list[str] = []
        for label, value in self.notes.written:
            is_long = len(value) > LONGEST_BESIDE or label == self.digest_label
            (lines if is_long else short).append(f"{label}：{value}")
        return ["；".join(short), *lines]

    def line_over(self, table: Table) -> tuple[str, str]:
        """What stands over a table on its own sheet, at the left and at the right."""
        return self.above, f"单位：{table.unit}" if table.unit else ""

    def line_on_paper(self, table: Table) -> tuple[str, str]:
        """The same on paper, where one table follows the other: the left part once."""
        left, right = self.line_over(table)
        return left if table is self.tables[0] else "", right


class Heading(NamedTuple):
    """A cell of a table's head: how many columns it spans, and whether both lines are its own."""

    label: str
    span: int
    is_tall: bool
    first: int

    @property
    def words(self) -> list[str]:
        """Between which a page may break it."""
        return words_of(self.label)


def head_of(columns: Sequence[Column | PaperColumn]) -> list[Heading]:
    """Return the upper line of a head: groups over their columns, single columns over both lines."""
    found: list[Heading] = []
    for place, column in enumerate(columns):
        last = found[-1] if found else None
        if column.group and last and not last.is_tall and last.label == column.group:
            found[-1] = last._replace(span=last.span + 1)
        elif column.group:
            found.append(Heading(column.group, 1, is_tall=False, first=place))
        else:
            found.append(Heading(_heading_of(column), 1, is_tall=True, first=place))
    return found


def _heading_of(column: Column | PaperColumn) -> str:
    return column.heading if isinstance(column, Column) else column.label


def has_two_lines(columns: Sequence[Column | PaperColumn]) -> bool:
    """Does any column stand under a common heading?"""
    return any(column.group for column in columns)


def chinese_date(day: date) -> str:
    """Return a date as documents write it: 2026年11月3日."""
    return f"{day.year}年{day.month}月{day.day}日"


def in_days(centidays: int) -> int | float:
    """Return hundredths of a day as days: a whole number where they are whole."""
    whole, rest = divmod(centidays, 100)
    return centidays / 100 if rest else whole


def in_yuan(fen: int) -> int | float:
    """Return fen as yuan: a whole number where they are whole."""
    return in_days(fen)


def text_of(cells: Row) -> str:
    """Return a row as the hash of a document reads it: cells joined by U+001F, ended by a line feed."""
    return "\x1f".join("" if cell is None else str(cell) for cell in cells) + "\n"
