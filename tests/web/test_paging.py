"""A list is walked forwards and backwards, whatever its order; a foreign cursor harms nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models.base import UtcDateTime, enum_column
from models.database import Database
from portal.paging import COUNT_CAP, Order, Slice, _read_cursor, read_slice
from tests.security.oddities import CURSORS, KEYS, cursor_of

METADATA = sa.MetaData()
ITEM = sa.Table(
    "item",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("name", sa.String(10), nullable=False),
)
ORDERS = [Order(ITEM.c.day, descending=True), Order(ITEM.c.name), Order(ITEM.c.id)]


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"
    BLUE = "blue"


KINDS: dict[str, tuple[Any, Callable[[int], Any]]] = {
    # Every kind of column that a list may be sorted by, and its value in a row.
    "whole": (sa.BigInteger, lambda number: number % 4 - 2),
    "share": (sa.Float, lambda number: number % 4 / 7),
    "text": (sa.String(10), lambda number: "乙甲丙a"[number % 4]),
    "day": (sa.Date, lambda number: date(2022, 1, 1 + number % 4)),
    "instant": (UtcDateTime, lambda number: datetime(2022, 1, 1, number % 4, 30, tzinfo=UTC)),
    "claim": (sa.Boolean, lambda number: number % 3 == 0),
    "choice": (enum_column(Colour, "choice"), lambda number: list(Colour)[number % 3]),
}
SORTED = sa.Table(
    "sorted",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    *(sa.Column(name, kind, nullable=False) for name, (kind, _) in KINDS.items()),
)
ROWS = 11


@pytest.fixture
def rows(database: Database) -> Iterator[Session]:
    with database.open() as session:
        SORTED.create(session.connection())
        made = ({name: make(number) for name, (_, make) in KINDS.items()} for number in range(ROWS))
        session.execute(sa.insert(SORTED), list(made))
        yield session


def _orders(name: str, *, is_descending: bool) -> list[Order]:
    return [Order(SORTED.c[name], descending=is_descending), Order(SORTED.c.id)]


def _read_sorted(session: Session, orders: list[Order], cursor: str | None) -> Slice[int]:
    return read_slice(
        session, sa.select(SORTED.c.id), orders, cursor=cursor, make=lambda row: row[0], size=4
    )


@pytest.mark.parametrize("is_descending", [False, True])
@pytest.mark.parametrize("name", KINDS)
def test_a_list_is_walked_to_its_end_and_back_by_every_kind_of_column(rows, name, is_descending):
    orders = _orders(name, is_descending=is_descending)
    pages = [_read_sorted(rows, orders, None)]
    while pages[-1].after and len(pages) < ROWS:
        pages.append(_read_sorted(rows, orders, pages[-1].after))
    whole = rows.scalars(
        sa.select(SORTED.c.id).order_by(
            SORTED.c[name].desc() if is_descending else SORTED.c[name], SORTED.c.id
        )
    )
    assert [row for page in pages for row in page.rows] == list(whole)
    back = pages[-1]
    for _ in pages[1:]:
        back = _read_sorted(rows, orders, back.before)
    assert back.rows == pages[0].rows


@pytest.mark.parametrize("name", KINDS)
def test_no_cursor_breaks_a_list_whatever_it_is_sorted_by(rows, name):
    orders = _orders(name, is_descending=False)
    for cursor in (*CURSORS, *(cursor_of(f"[{key},1]") for key in KEYS)):
        if _read_cursor(cursor, orders)[0] is not None:  # else the first page is read
            _read_sorted(rows, orders, cursor)


@pytest.fixture
def items() -> Iterator[Session]:
    engine = sa.create_engine("sqlite://")
    METADATA.create_all(engine)
    with Session(engine) as session:
        session.execute(
            sa.insert(ITEM),
            [
                {"id": number, "day": date(2022, 1, 1 + number % 3), "name": "乙甲丙"[number % 2]}
                for number in range(11)
            ],
        )
        yield session
    engine.dispose()


def _read(session: Session, cursor: str | None) -> Slice[int]:
    return read_slice(
        session, sa.select(ITEM.c.id), ORDERS, cursor=cursor, make=lambda row: row[0], size=4
    )


def _all(session: Session) -> list[int]:
    keys = (ITEM.c.day.desc(), ITEM.c.name, ITEM.c.id)
    return list(session.scalars(sa.select(ITEM.c.id).order_by(*keys)))


def test_walks_to_the_end_and_back_over_the_same_rows(items):
    pages = [_read(items, None)]
    while pages[-1].after:
        pages.append(_read(items, pages[-1].after))
    assert [row for page in pages for row in page.rows] == _all(items)
    assert [len(page.rows) for page in pages] == [4, 4, 3]
    back = [pages[-1]]
    while back[-1].before:
        back.append(_read(items, back[-1].before))
    assert [page.rows for page in reversed(back)] == [page.rows for page in pages]


def test_says_which_rows_stand_on_a_page_on_the_way_there_and_back(items):
    pages = [_read(items, None)]
    while pages[-1].after:
        pages.append(_read(items, pages[-1].after))
    places = ["第 1–4 条，共 11 条", "第 5–8 条，共 11 条", "第 9–11 条，共 11 条"]
    assert [page.place_text for page in pages] == places
    back = [pages[-1]]
    while back[-1].before:
        back.append(_read(items, back[-1].before))
    assert [page.place_text for page in reversed(back)] == places


def test_the_place_follows_another_size_and_a_row_that_came_before(items):
    second = _read(items, None).after
    wanted = sa.select(ITEM.c.id)
    page = read_slice(items, wanted, ORDERS, cursor=second, make=lambda row: row[0], size=20)
    assert page.place_text == "第 5–11 条，共 11 条"
    items.execute(sa.insert(ITEM), [{"id": 99, "day": date(2023, 1, 1), "name": "新"}])
    assert _read(items, page.before).place_text == "第 1–4 条，共 12 条"
    assert _read(items, _read(items, page.before).before).start == 0


@pytest.mark.parametrize("place", ["", ".", ".x", ".-1", ".9999999999", ".１", ".1.2"])
def test_a_cursor_without_its_place_finds_the_rows_and_says_how_many(items, place):
    after = _read(items, None).after
    assert after is not None
    page = _read(items, after.partition(".")[0] + place)
    assert page.rows == _all(items)[4:8]
    assert page.place_text == "共 11 条"


def test_a_list_on_one_page_only_says_how_many(items):
    page = read_slice(items, sa.select(ITEM.c.id), ORDERS, cursor=None, make=lambda row: row[0])
    assert page.place_text == "共 11 条"


def test_the_first_page_has_nothing_before_it(items):
    assert _read(items, None).before is None


@pytest.mark.parametrize("cursor", ["a", "aW10", "a!!!", "bbnVsbA", "aWyJ4IiwxLDJd", "x" * 500])
def test_a_cursor_that_was_never_given_leads_to_the_first_page(items, cursor):
    assert _read(items, cursor).rows == _read(items, None).rows


def test_counts_no_further_than_it_says(items):
    items.execute(
        sa.insert(ITEM),
        [{"id": number, "day": date(2022, 1, 1), "name": "x"} for number in range(20, 1200)],
    )
    page = _read(items, None)
    assert page.count == COUNT_CAP + 1
    assert page.count_text == "共 1,000+ 条"
