"""How one wants one's lists: rows a page, and the columns left out of each list.

Kept in a cookie, like the last objects opened: a choice of a person at a browser, which costs no
query and leaves with the browser. It names its owner by a mark; whoever signs in next starts anew.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import flask

from portal.paging import PAGE_SIZE, PAGE_SIZES
from portal.web.display import KEPT_SECONDS
from portal.web.frame import actor

COOKIE = "qianshou_lists"
"""Its value is ``owner/size/endpoint:column+column/endpoint:column``."""

MOST_LISTS = 20
MOST_COLUMNS = 20
LONGEST_COOKIE = 3000
"""Browsers keep 4,096 characters with the name and what goes with it."""

NAME = re.compile(r"[a-z][a-z0-9_]{0,39}(?:\.[a-z][a-z0-9_]{0,39}){0,2}", re.ASCII)
"""An endpoint or the key of a column."""


class Lists(NamedTuple):
    """Rows a page, and by the endpoint of a list the keys of the columns that are left out."""

    size: int = PAGE_SIZE
    hidden: Mapping[str, tuple[str, ...]] = {}

    def without(self, endpoint: str, columns: Sequence[str]) -> Lists:
        """Return the choice with other columns left out of one list, the latest list last."""
        hidden = {key: value for key, value in self.hidden.items() if key != endpoint}
        if columns:
            hidden[endpoint] = tuple(columns)
        return self._replace(hidden=hidden)


def lists_of(cookie: str | None, owner: str) -> Lists:
    """Read the cookie; whatever it says wrongly, or of somebody else, is as usual."""
    if not cookie or len(cookie) > LONGEST_COOKIE:
        return Lists()
    whose, *rest = cookie.split("/")
    if whose != owner or not rest:
        return Lists()
    size, *parts = rest
    hidden = {}
    for part in parts[:MOST_LISTS]:
        endpoint, _, text = part.partition(":")
        columns = [name for name in text.split("+")[:MOST_COLUMNS] if NAME.fullmatch(name)]
        if NAME.fullmatch(endpoint) and columns:
            hidden[endpoint] = tuple(columns)
    return Lists(next((one for one in PAGE_SIZES if str(one) == size), PAGE_SIZE), hidden)


def lists() -> Lists:
    """Return how whoever is signed in wants lists at this browser."""
    return lists_of(flask.request.cookies.get(COOKIE), _owner())


def page_size() -> int:
    """Return how many rows a page holds."""
    return lists().size


def shown_columns(columns: Sequence[Any]) -> list[Any]:
    """Return the columns of this page's list that are wanted; the first names the row and stays."""
    hidden = lists().hidden.get(flask.request.endpoint or "", ())
    return [column for at, column in enumerate(columns) if at == 0 or column["key"] not in hidden]


def keep_lists(response: flask.Response, chosen: Lists) -> None:
    """Have the browser keep a choice for a year; of too many lists the earliest are forgotten."""
    parts = [f"{endpoint}:{'+'.join(columns)}" for endpoint, columns in chosen.hidden.items()]
    head = f"{_owner()}/{chosen.size}"
    kept = parts[-MOST_LISTS:]
    while kept and len("/".join([head, *kept])) > LONGEST_COOKIE:
        del kept[0]
    response.set_cookie(
        COOKIE,
        "/".join([head, *kept]),
        max_age=KEPT_SECONDS,
        secure=flask.current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def _owner() -> str:
    """Return a mark of whoever is signed in; it tells two people at one browser apart, no more."""
    found = actor()
    return hashlib.sha256(f"lists {found.account_id if found else 0}".encode()).hexdigest()[:12]
