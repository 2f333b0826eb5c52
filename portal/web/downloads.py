"""Answers that a browser keeps as a file: the one place that names them."""

from __future__ import annotations

from typing import IO, Any
from urllib.parse import quote

import flask


def as_file(content: IO[bytes], *, name: str, plain_name: str, mimetype: str) -> Any:
    """Return a file as an answer to be kept under its Chinese ``name``.

    ``plain_name`` is for programs that know only ASCII: it says in English what is in the file.
    """
    content.seek(0)
    response = flask.send_file(content, mimetype=mimetype)
    # Werkzeug makes the plain name from the other one, of which only the ending is ASCII.
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain_name}\"; filename*=UTF-8''{quote(name, safe='')}"
    )
    return response
