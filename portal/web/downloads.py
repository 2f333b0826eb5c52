"""Answers that a browser keeps as a file: the one place that names them, and that tells the page.

The page that asked for a file stays, and no event says that it has come. The answer carries a
cookie that names the form instance, the rows, the size, the file and what is in it; the script of
the page (static/js/download.js, form[data-download]) waits for it, takes it away, frees the button
and says what was made. Without script the browser's own list of downloads says it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import quote

import flask

from portal.web.form_keys import FIELD

NAME = "Content-Disposition"
"""The header that says under which name a file is kept."""
SANDBOX = "default-src 'none'; sandbox"
COOKIE = "qianshou-made"
SECONDS = 60
MOST_SAID = 150
_KEY = re.compile(r"[\w-]{8,40}", re.ASCII)


def as_file(content: IO[bytes], *, name: str, plain_name: str, mimetype: str) -> Any:
    """Return a file as an answer to be kept under its Chinese ``name``.

    ``plain_name`` is for programs that know only ASCII: it says in English what is in the file.
    """
    content.seek(0)
    response = flask.send_file(content, mimetype=mimetype)
    # Werkzeug makes the plain name from the other one, of which only the ending is ASCII.
    response.headers[NAME] = _disposition(name, plain_name)
    return response


def attachment(
    pieces: Iterator[bytes], *, name: str, plain_name: str, mimetype: str, size_bytes: int
) -> flask.Response:
    """Return what somebody uploaded, piece by piece; a browser that shows it all the same runs nothing."""
    response = flask.Response(pieces, mimetype=mimetype)
    response.headers[NAME] = _disposition(name, plain_name)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.content_length = size_bytes
    return response


def _disposition(name: str, plain_name: str) -> str:
    return f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def announced(
    answer: flask.Response, content: IO[bytes], *, name: str, rows: int, said: str = ""
) -> flask.Response:
    """Return the answer with the word that this file, of so many rows, was made.

    ``said`` is what it holds: filters, the day until which it is known.
    """
    key = flask.request.form.get(FIELD, "")
    if _KEY.fullmatch(key):
        size = content.seek(0, os.SEEK_END)
        content.seek(0)
        answer.set_cookie(
            COOKIE,
            # A cookie holds 4 KB, and each of these characters nine bytes of it.
            ".".join([key, str(rows), str(size), _written(name), _written(said[:MOST_SAID])]),
            max_age=SECONDS,
            secure=flask.current_app.config["SESSION_COOKIE_SECURE"],
            samesite="Strict",
        )
    return answer


def _written(text: str) -> str:
    """Return a text as a part of the cookie holds it: the dots are between the parts."""
    return quote(text, safe="").replace(".", "%2E")
