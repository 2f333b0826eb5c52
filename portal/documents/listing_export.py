"""A list of the portal as a document: all the rows that its page would show, page after page.

A room declares its list once, in its ``listing_export.py``: which function reads a page of it, the
columns, and what a row says under each. What leaves the portal is read by the function that the page reads by, so it
holds the same rows, in the same scope, with the same masks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Generic, TypeVar

from portal.clock import SHANGHAI
from portal.documents.description_rules import (
    SIGNATURES,
    Cell,
    Column,
    Document,
    Facts,
    Row,
    Table,
    chinese_date,
)
from portal.documents.formats_export import Names
from portal.documents.listing_rules import MOST_ROWS, AsAsked, too_many_rows
from portal.documents.reporter_queries import area_in_words, reporting_unit
from portal.documents.xlsx_export import write_xlsx
from portal.paging import Slice
from portal.refusals import Refused

PIECE = 500
"""Rows read at a time."""

L = TypeVar("L")


@dataclass(frozen=True, slots=True)
class Listed(Generic[L]):
    """A column of a list, and what a line says under it."""

    column: Column
    cell: Callable[[L], Cell]


def _as_they_are(_session: Any, _asked: AsAsked, rows: Sequence[Any]) -> Sequence[Any]:
    return rows


@dataclass(frozen=True, slots=True)
class Listing:
    """A list that can leave the portal. ``title`` stands over it (机构名单), after its year if it has one.

    ``read`` is the function that its page reads by; ``given`` what that is given beside the filters
    (the day, the policy of the year). ``lines`` makes of the rows of a page what the columns ask, as
    they are where nothing else is read. ``sums`` are the cells of the last row by their labels.
    ``filters`` is the type of its filters; ``height`` how many lines a usual row takes. ``shown_at`` is its
    page, where that is not the ``list_…`` of its room.
    """

    word: str
    label: str
    title: str
    permission: str
    filters: type[Any]
    read: Callable[..., Slice[Any]]
    given: Callable[[Any, AsAsked], Mapping[str, Any]]
    listed: tuple[Listed[Any], ...]
    lines: Callable[[Any, AsAsked, Sequence[Any]], Iterable[Any]] = _as_they_are
    sums: Callable[[Any, Any, AsAsked], Mapping[str, Cell] | None] = lambda *_: None
    unit: str = ""
    height: int = 1
    shown_at: str = ""

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(one.column for one in self.listed)

    def page(self, session: Any, actor: Any, asked: AsAsked, cursor: str | None) -> Slice[Any]:
        """Return the rows of a page, as the list itself reads them."""
        given = self.given(session, asked)
        return self.read(
            session, actor, asked.filters, sort=asked.sort, cursor=cursor, size=PIECE, **given
        )

    def rows(self, session: Any, asked: AsAsked, page: Sequence[Any]) -> Iterator[Row]:
        """Yield the rows of a page under the columns."""
        cells = [one.cell for one in self.listed]
        for line in self.lines(session, asked, page):
            yield [cell(line) for cell in cells]

    def total(self, session: Any, actor: Any, asked: AsAsked) -> Row | None:
        """Return the last row; None where nothing is added up."""
        sums = self.sums(session, actor, asked)
        return None if sums is None else [sums.get(one.label) for one in self.columns]


@dataclass(slots=True)
class ListedRows:
    """The rows of a list under its columns, read anew by each iteration; ``tell`` hears how many."""

    listing: Listing
    session: Any
    actor: Any
    asked: AsAsked
    tell: Callable[[int], None] = lambda _: None
    count: int = 0

    def __iter__(self) -> Iterator[Row]:
        cursor, self.count = None, 0
        while True:
            page = self.listing.page(self.session, self.actor, self.asked, cursor)
            self.count += len(page.rows)
            if self.count > MOST_ROWS:
                raise Refused([too_many_rows(MOST_ROWS)])
            self.tell(self.count)
            yield from self.listing.rows(self.session, self.asked, page.rows)
            if page.after is None:
                return
            cursor = page.after


def title_of(listing: Listing, asked: AsAsked) -> str:
    """Return what stands over a list: 机构名单, 2025年度结对名单."""
    year = getattr(asked.filters, "year", None)
    return f"{year}年度{listing.title}" if year else listing.title


def names_of(listing: Listing, asked: AsAsked) -> Names:
    """Return the names of its file."""
    return Names(
        f"{title_of(listing, asked)}（截至{asked.on}）.xlsx",
        f"qianshou-{listing.word}-as-of-{asked.on}.xlsx",
    )


def document_of(rows: ListedRows, *, made_at: datetime, is_demo: bool) -> Document:
    """Describe a list, on whatever it is written."""
    listing, asked = rows.listing, rows.asked
    title = title_of(listing, asked)
    unit = reporting_unit(rows.session, rows.actor, listing.permission, asked.on)
    area = area_in_words(rows.actor, listing.permission)
    chosen = f"筛选条件：{asked.in_words}　　" if asked.said else ""
    notes = [
        *([("数据性质", "演示数据，非真实业务")] if is_demo else []),
        ("列表", listing.label),
        ("筛选条件", asked.in_words),
        ("数据截至", asked.on.isoformat()),
        ("生成时间（北京时间）", f"{made_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"),
        ("范围", f"{area}范围内的记录；证件号码等个人信息与页面一样遮盖。"),
    ]
    return Document(
        title=title,
        subject=f"{title}，数据截至 {asked.on}",
        made_at=made_at,
        parts=(
            Table(
                heading=title,
                sheet=listing.label,
                columns=listing.columns,
                rows=rows,
                total=listing.total(rows.session, rows.actor, asked),
                unit=listing.unit,
                lines=listing.height,
                empty="没有符合条件的记录。",
            ),
        ),
        is_across=True,
        above=f"填报单位：{unit}　　{chosen}数据截至：{chinese_date(asked.on)}",
        notes=Facts(tuple(notes)),
        signatures=SIGNATURES,
        foot=f"{title} · 数据截至 {asked.on}",
    )


def write_listing(rows: ListedRows, file: IO[bytes], *, made_at: datetime, is_demo: bool) -> int:
    """Write the workbook of a list; return how many rows it has."""
    write_xlsx(document_of(rows, made_at=made_at, is_demo=is_demo), file)
    return rows.count
