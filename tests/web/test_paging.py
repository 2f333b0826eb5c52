"""A list is walked forwards and backwards, whatever its order; a foreign cursor harms nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.paging import COUNT_CAP, Order, Slice, read_slice

METADATA = sa.MetaData()
ITEM = sa.Table(
    "item",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("name", sa.String(10), nullable=False),
)
ORDERS = [Order(ITEM.c.day, descending=True), Order(ITEM.c.name), Order(ITEM.c.id)]


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
