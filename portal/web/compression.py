"""Style sheets and scripts travel compressed: the first page must come through a weak signal.

Only static files, which hold no secret and reflect nothing. Pages stay as they are: they carry a
token beside what somebody typed, and their compressed length would tell of both (BREACH).
"""

from __future__ import annotations

import gzip
import re
from functools import lru_cache
from pathlib import Path

import flask

from portal.web import downloads

COMPRESSIBLE = frozenset({"text/css", "text/javascript", "application/javascript", "image/svg+xml"})
WORTH_IT_BYTES = 500

COMMENTS = {
    ".css": re.compile(rb"/\*(?!!).*?\*/", re.DOTALL),
    # Of scripts those that fill their lines: what stands behind code may be within a string.
    ".js": re.compile(rb"^[ \t]*(?:/\*(?!!).*?\*/|//[^\n]*)[ \t]*$", re.DOTALL | re.MULTILINE),
}
"""All but licences; they are a fifth of what our own sheets and scripts would weigh."""

NOT_NEEDED = ("Accept-Ranges", downloads.NAME, "Last-Modified")
"""Headers that say of a file shown in a page nothing that its address and ETag do not say."""

INDENTATION = re.compile(rb"\n\s*")


def compress_static(response: flask.Response) -> flask.Response:
    """Answer a static text file compressed, if the browser takes that."""
    if flask.request.endpoint != "static" or response.mimetype not in COMPRESSIBLE:
        return response
    response.vary.add("Accept-Encoding")
    is_whole = response.status_code == 200 and flask.request.method == "GET"  # noqa: PLR2004 - OK
    if not is_whole or not flask.request.accept_encodings.quality("gzip"):
        return response
    assert flask.request.view_args is not None
    folder = flask.current_app.static_folder
    assert folder is not None
    path = Path(folder, flask.request.view_args["filename"])
    if path.stat().st_size < WORTH_IT_BYTES:
        return response
    response.close()  # the file that would have been sent
    response.direct_passthrough = False
    response.set_data(_compressed(path, path.stat().st_mtime_ns))
    response.content_encoding = "gzip"
    for name in NOT_NEEDED:
        response.headers.pop(name, None)
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)
    return response


@lru_cache(maxsize=64)
def _compressed(path: Path, _changed_ns: int) -> bytes:
    """Compress once for each state of a file; without what only its writers read."""
    content = path.read_bytes()
    if path.suffix in COMMENTS and "vendor" not in path.parts:
        content = INDENTATION.sub(b"\n", COMMENTS[path.suffix].sub(b"", content))
    return gzip.compress(content, 9, mtime=0)
