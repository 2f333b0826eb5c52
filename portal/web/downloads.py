"""Telling a page that the file it asked for has come: the page stays, and no event says so.

The answer carries a cookie that names the form instance, the rows and the file; the script of the
page (static/js/download.js, form[data-download]) waits for it, takes it away, frees the button
and says what was made. Without script the browser's own list of downloads says it.
"""

from __future__ import annotations

import re
from urllib.parse import quote

import flask

from portal.web.form_keys import FIELD

COOKIE = "qianshou-made"
SECONDS = 60
_KEY = re.compile(r"[\w-]{8,40}", re.ASCII)


def announced(answer: flask.Response, *, name: str, rows: int) -> flask.Response:
    """Return the answer with the word that this file, of so many rows, was made."""
    key = flask.request.form.get(FIELD, "")
    if _KEY.fullmatch(key):
        answer.set_cookie(
            COOKIE,
            f"{key}.{rows}.{quote(name)}",
            max_age=SECONDS,
            secure=flask.current_app.config["SESSION_COOKIE_SECURE"],
            samesite="Strict",
        )
    return answer
