"""A form that is sent twice has one effect: a double click, a retry on a weak signal.

Each form instance carries a random key. The first POST that succeeds stores where it led; the
same key again is answered from there, the same key with another body is a conflict. The body is
every field and every file, by name and content.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from datetime import datetime
from typing import cast

import flask
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Request, Response

from models import FormKey
from models.database import run
from portal.access.actor import Actor
from portal.refusals import Conflict, Refusal

FIELD = "form_key"
LONGEST_KEY = 40
PIECE_BYTES = 1024 * 1024

_FIND = sa.select(FormKey.request_hash, FormKey.location).where(
    FormKey.account_id == sa.bindparam("account_id"), FormKey.key == sa.bindparam("key")
)
_KEEP = sa.insert(cast("sa.Table", FormKey.__table__))


def new_form_key() -> str:
    """Return the key of a new form instance, for a hidden field."""
    return secrets.token_urlsafe(16)


def key_of(request: Request) -> str:
    """Return the key of the form instance that a request sends, or nothing."""
    return request.form.get(FIELD, "")[:LONGEST_KEY]


def answer_of(session: Session, actor: Actor, request: Request) -> Response | None:
    """Return the stored answer of this form instance, or None if it is new or has no key."""
    key = key_of(request)
    if not key:
        return None
    stored = run(session, _FIND, {"account_id": actor.account_id, "key": key}).one_or_none()
    if stored is None:
        return None
    if stored.request_hash != _hash_of(request):
        raise Conflict(
            [Refusal("", "form_reused", "这张表单已提交过一次且内容不同。请重新打开页面后再填写。")]
        )
    return flask.redirect(stored.location)


def remember(
    session: Session, actor: Actor, request: Request, response: Response, now: datetime
) -> None:
    """Store where this form instance led, in the same transaction as its effect."""
    key = key_of(request)
    if key:
        row = {
            "account_id": actor.account_id,
            "key": key,
            "request_hash": _hash_of(request),
            "location": response.location,
            "used_at": now,
        }
        run(session, _KEEP, row)


def _hash_of(request: Request) -> bytes:
    whole = hashlib.sha256()
    for part in _parts(request):
        # Each part by its own hash: no text can pass for the end of one and the next.
        whole.update(part)
    return whole.digest()


def _parts(request: Request) -> Iterator[bytes]:
    yield _hash_of_texts(request.path)
    for name in sorted(request.form):
        if name not in (FIELD, "csrf_token"):
            yield _hash_of_texts("field", name, *request.form.getlist(name))
    for name in sorted(request.files):
        for file in request.files.getlist(name):
            yield _hash_of_texts("file", name, file.filename or "")
            yield _hash_of_file(file)


def _hash_of_texts(*texts: str) -> bytes:
    found = hashlib.sha256()
    for text in texts:
        found.update(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())
    return found.digest()


def _hash_of_file(file: FileStorage) -> bytes:
    """Return the hash of an upload, read piece by piece; whoever reads it next begins at its start."""
    found = hashlib.sha256()
    file.seek(0)
    while piece := file.read(PIECE_BYTES):
        found.update(piece)
    file.seek(0)
    return found.digest()
