"""最近打开: the last objects that this account opened in this browser, in a signed cookie.

The cookie holds the account's number and, of each object, its kind and what stands in its URL:
no name, and nothing is written to the database. Read by another account it holds nothing; what
the reader may no longer see is not shown (``list_opened`` asks within the scope).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import flask
from itsdangerous import BadSignature, URLSafeSerializer

from portal.enrolment import house
from portal.finding import ObjectPage
from portal.web.frame import actor

COOKIE = "qianshou-recent"
KEPT = 8
OK = 200
CLEARED_BY = "access.sign_out"


class Opened(NamedTuple):
    """An object by its kind and by what stands in its URL."""

    kind: str
    key: str


def opened_last() -> list[Opened]:
    """Return what the actor opened last in this browser, latest first."""
    found = actor()
    try:
        stored: Any = _signer().loads(flask.request.cookies.get(COOKIE, ""))
        account_id, *pairs = stored
        opened = [Opened(str(kind), str(key)) for kind, key in pairs]
    except (BadSignature, TypeError, ValueError):
        return []
    return opened[:KEPT] if found and account_id == found.account_id else []


def note_opened(response: flask.Response) -> flask.Response:
    """After each request: put the object that it showed first, or forget all at sign-out."""
    request = flask.request
    if request.endpoint == CLEARED_BY:
        if COOKIE in request.cookies:
            response.delete_cookie(COOKIE, **_where())
    elif (
        request.method == "GET"
        and response.status_code == OK
        and (page := _page_of(request.endpoint))
        and (found := actor())
    ):
        latest = Opened(page.kind, str((request.view_args or {})[page.argument]))
        before = opened_last()
        if before[:1] != [latest]:
            kept = [latest, *(one for one in before if one != latest)][:KEPT]
            value = _signer().dumps([found.account_id, *kept])
            response.set_cookie(COOKIE, value, **_where())
    return response


def _page_of(endpoint: str | None) -> ObjectPage | None:
    pages = house().object_pages.values()
    return next((page for page in pages if page.endpoint == endpoint), None)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(flask.current_app.config["SECRET_KEY"], salt="recent")


def _where() -> dict[str, Any]:
    """The attributes of the cookie; it ends with the browser."""
    return {
        "httponly": True,
        "samesite": "Lax",
        "secure": flask.current_app.config["SESSION_COOKIE_SECURE"],
    }
