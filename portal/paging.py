"""Keyset paging: a page of a list costs the same wherever it stands, and never shifts.

    orders = [Order(Pairing.starts_on, descending=True), Order(Pairing.id)]
    found = read_slice(session, select, orders, cursor=cursor, make=PairingRow._make)

The cursor in the URL holds the keys of the row at the edge of a page. One that nobody could have
been given leads to the first page.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

PAGE_SIZE = 50
PAGE_SIZES = (20, 50, 100)
"""What one may choose between; each page costs the same number of queries."""

COUNT_CAP = 1000
"""Beyond it a list says 1,000+: counting hundreds of thousands of rows helps nobody."""

LONGEST_CURSOR = 4000
"""The longest line that the server reads; the keys of a row take a tenth of it."""

FURTHEST = 9
"""Digits of a place in a list; a longer one was typed by somebody."""

LARGEST_KEY = 2**53 - 1
"""Of the numbers by which lists are sorted; JSON and every database hold it exactly."""

T = TypeVar("T")


class Order(NamedTuple):
    """One key of an order: a column or expression that is never NULL. The last one is unique."""

    column: Any
    descending: bool = False


@dataclass(frozen=True, slots=True)
class Slice(Generic[T]):
    """One page of a list. ``count`` stops at ``COUNT_CAP`` + 1; a cursor is None at either end.

    ``start`` is how many rows came before the page when one turned to it; None if nobody can say.
    """

    rows: list[T]
    count: int
    before: str | None
    after: str | None
    start: int | None = None

    @property
    def is_capped(self) -> bool:
        """Are there more than were counted?"""
        return self.count > COUNT_CAP

    @property
    def count_text(self) -> str:
        return f"共 {COUNT_CAP:,}+ 条" if self.is_capped else f"共 {self.count:,} 条"

    @property
    def place_text(self) -> str:
        """第 51–100 条，共 160 条; of a list on one page only how many there are."""
        is_whole = not (self.before or self.after)
        if is_whole or self.start is None or not self.rows:
            return self.count_text
        return f"第 {self.start + 1:,}–{self.start + len(self.rows):,} 条，{self.count_text}"


def read_slice(
    session: Session,
    wanted: sa.Select[Any],
    orders: Sequence[Order],
    *,
    cursor: str | None,
    make: Callable[[Sequence[Any]], T],
    size: int = PAGE_SIZE,
    among: Sequence[sa.Select[Any]] = (),
    count: int | None = None,
) -> Slice[T]:
    """Return one page of what ``wanted`` selects (two queries); ``make`` takes a row's columns.

    ``among`` selects the keys of the wanted rows from the table that has the orders, each row once: the
    page is chosen there, and only its rows are joined. ``count`` is what was counted before.
    """
    keys, is_backwards = _read_cursor(cursor, orders)
    beside = _read_place(cursor) if keys is not None else 0
    in_order = [
        order.column.desc() if order.descending != is_backwards else order.column.asc()
        for order in orders
    ]

    def page_of(rows: sa.Select[Any]) -> sa.Select[Any]:
        if keys is not None:
            rows = rows.where(_beyond(orders, keys, is_backwards=is_backwards))
        return rows.order_by(*in_order).limit(size + 1)

    if among:
        (key,) = among[0].selected_columns
        pages = (sa.select(page_of(some).subquery()) for some in among)
        page = wanted.where(key.in_(sa.union_all(*pages))).order_by(*in_order).limit(size + 1)
    else:
        page = page_of(wanted)
    found = session.execute(page.add_columns(*(order.column for order in orders))).all()
    has_more = len(found) > size
    found = found[:size]
    if is_backwards:
        found = found[::-1]
    start = _start(beside, len(found), is_backwards=is_backwards, has_more=has_more)
    return Slice(
        rows=[make(row[: -len(orders)]) for row in found],
        count=count_capped(session, wanted) if count is None else count,
        before=_cursor("b", found[0], orders, start)
        if found and (has_more if is_backwards else keys is not None)
        else None,
        after=_cursor("a", found[-1], orders, _end(start, len(found)))
        if found and (has_more or is_backwards)
        else None,
        start=start,
    )


def _start(beside: int | None, length: int, *, is_backwards: bool, has_more: bool) -> int | None:
    """Return how many rows come before a page, by the place that its cursor held.

    The first page says so itself, whatever was entered or left the list in the meantime.
    """
    if not is_backwards:
        return beside
    if not has_more:
        return 0
    return None if beside is None else max(beside - length, 0)


def _end(start: int | None, length: int) -> int | None:
    return None if start is None else start + length


def count_capped(session: Session, wanted: sa.Select[Any]) -> int:
    """Count what a query selects, but no further than ``COUNT_CAP`` + 1."""
    # Which columns a row has says nothing of how many there are, but building them is half the cost.
    bare = wanted.with_only_columns(sa.literal(1).label("one"), maintain_column_froms=True)
    some = bare.order_by(None).limit(COUNT_CAP + 1).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(some)) or 0


def _beyond(
    orders: Sequence[Order], keys: Sequence[Any], *, is_backwards: bool
) -> sa.ColumnElement[bool]:
    """Return the condition of the rows that come after (or before) the one with these keys."""
    condition: sa.ColumnElement[bool] | None = None
    for order, stored in zip(reversed(orders), reversed(keys), strict=True):
        key = sa.literal(stored, order.column.type)  # no database is asked whether x > true
        goes_down = order.descending != is_backwards
        further = order.column < key if goes_down else order.column > key
        if condition is None:
            condition = further
        else:
            # The first says nothing new, but an index begins there: an OR makes it walk from its start.
            beside = order.column <= key if goes_down else order.column >= key
            alike = sa.and_(order.column == key, condition)
            condition = sa.and_(beside, sa.or_(further, alike))
    assert condition is not None  # each list has an order
    return condition


def _cursor(direction: str, row: Sequence[Any], orders: Sequence[Order], place: int | None) -> str:
    """Return the keys of a row, and how many rows stood before the edge of the page beside it."""
    keys = json.dumps(list(row[-len(orders) :]), ensure_ascii=False, default=_written)
    text = direction + base64.urlsafe_b64encode(keys.encode()).decode().rstrip("=")
    return text if place is None else f"{text}.{place}"


def _read_place(cursor: str | None) -> int | None:
    """Return the place in a cursor; it is only shown, no row is found by it."""
    place = (cursor or "").partition(".")[2]
    return int(place) if place.isascii() and place.isdecimal() and len(place) <= FURTHEST else None


def _written(key: date) -> str:
    return key.isoformat()


def _read_cursor(cursor: str | None, orders: Sequence[Order]) -> tuple[list[Any] | None, bool]:
    """Return the keys of a cursor and whether it looks back; no keys for the first page."""
    if not cursor or len(cursor) > LONGEST_CURSOR:
        return None, False
    try:
        coded = cursor[1:].partition(".")[0]
        text = base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)).decode()
        stored = json.loads(text)
        keys = [_key(order, value) for order, value in zip(orders, stored, strict=True)]
    except (ValueError, TypeError, OverflowError, RecursionError):
        return None, False
    return keys, cursor[0] == "b"


def _key(order: Order, stored: Any) -> Any:
    """Return a key as its column holds it; raise ValueError or TypeError if no row could."""
    kind = order.column.type.python_type
    if issubclass(kind, datetime):
        instant = datetime.fromisoformat(stored)
        if instant.tzinfo is None:
            raise ValueError(stored)
        return instant.astimezone(UTC)
    if issubclass(kind, date):
        return date.fromisoformat(stored)
    if issubclass(kind, bool):
        return _exactly(bool, stored)
    if issubclass(kind, int):
        return _within_reach(_exactly(int, stored))
    if issubclass(kind, float):
        return float(_within_reach(stored))
    text = _exactly(str, stored)
    text.encode()  # half a pair of surrogates is no character
    if "\0" in text:
        raise ValueError(text)
    return kind(text)


def _exactly(kind: type[T], value: Any) -> T:
    if type(value) is not kind:  # True is an int, too
        raise TypeError(value)
    return value


def _within_reach(number: float) -> float:
    """Return a number that every column of its kind holds; neither NaN nor infinity is one."""
    if not abs(number) <= LARGEST_KEY:
        raise ValueError(number)
    return number
