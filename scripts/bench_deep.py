"""Addresses of pages deep inside a list, without walking there.

The portal gives a page only its neighbours. Here it is asked, in this process, for one page as
long as all those before the wanted one: its link to the next page is the wanted address.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, NamedTuple
from unittest import mock
from urllib.parse import quote

import flask

from app import create_app
from portal import paging
from portal.settings import Settings
from scripts.bench_web import Client

DEPTH = 4_000
"""The page that is compared with the first; of a shorter list the last full one."""


class DeepPage(NamedTuple):
    path: str
    number: int


def deep_pages(settings: Settings, client: Client, paths: list[str]) -> list[DeepPage]:
    """Return for the first page of each list the address of the deep one, as ``client`` sees it."""
    app = create_app(settings)
    try:
        return [_deep_page(app, client, path) for path in paths]
    finally:
        app.extensions["qianshou_database"].engine.dispose()


def _deep_page(app: flask.Flask, client: Client, path: str) -> DeepPage:
    wanted = (DEPTH - 1) * paging.PAGE_SIZE
    rows, cursor = _edge(app, client, path, wanted)
    if cursor is None:
        wanted = (rows - 1) // paging.PAGE_SIZE * paging.PAGE_SIZE
        rows, cursor = _edge(app, client, path, wanted)
    if cursor is None:
        message = f"{path} has only {rows} rows"
        raise RuntimeError(message)
    joint = "&" if "?" in path else "?"
    return DeepPage(f"{path}{joint}cursor={quote(cursor)}", wanted // paging.PAGE_SIZE + 1)


def _edge(app: flask.Flask, client: Client, path: str, size: int) -> tuple[int, str | None]:
    """Return how many rows a list has within ``size``, and the cursor behind the last of them."""
    edges: list[tuple[int, str | None]] = []
    read = paging.read_slice

    @functools.wraps(read)
    def noting(*args: Any, **options: Any) -> Any:
        make: Callable[..., Any] = options["make"]
        found = read(*args, **{**options, "size": size, "make": lambda _: None})
        edges.append((len(found.rows), found.after))
        return read(*args, **{**options, "make": make})

    browser = app.test_client()
    for name, value in client.cookies.items():
        browser.set_cookie(name, value)
    with ExitStack() as stack:
        for name, module in list(sys.modules.items()):
            if name.startswith("portal.") and vars(module).get("read_slice") is read:
                stack.enter_context(mock.patch.object(module, "read_slice", noting))
        answer = browser.get(path)
    if answer.status_code != 200 or len(edges) != 1:  # noqa: PLR2004 - OK
        message = f"{path} answered {answer.status_code} with {len(edges)} lists"
        raise RuntimeError(message)
    return edges[0]
