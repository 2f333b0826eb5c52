"""A form that is sent twice has one effect: a double click, a retry on a weak signal.

Each form instance carries a random key. The first POST that succeeds stores where it led; the
same key again is answered from there, the same key with another body is a conflict.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import cast

import flask
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.wrappers import Request, Response

from models import FormKey
from models.database import run
from portal.access.actor import Actor
from portal.refusals import Conflict, Refusal

FIELD = "form_key"

_FIND = sa.select(FormKey.request_hash, FormKey.location).where(
    FormKey.account_id == sa.bindparam("account_id"), FormKey.key == sa.bindparam("key")
)
_KEEP = sa.insert(cast("sa.Table", FormKey.__table__))


def new_form_key() -> str:
    """Return the key of a new form instance, for a hidden field."""
    return secrets.token_urlsafe(16)


def answer_of(session: Session, actor: Actor, request: Request) -> Response | None:
    """Return the stored answer of this form instance, or None if it is new or has no key."""
    key = request.form.get(FIELD)
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
    key = request.form.get(FIELD)
    if key:
        row = {
            "account_id": actor.account_id,
            "key": key[:40],
            "request_hash": _hash_of(request),
            "location": response.location,
            "used_at": now,
        }
        run(session, _KEEP, row)


def _hash_of(request: Request) -> bytes:
    content = [request.path]
    content += [
        f"{name}\x1f{value}"
        for name in sorted(request.form)
        if name not in (FIELD, "csrf_token")
        for value in request.form.getlist(name)
    ]
    return hashlib.sha256("\x1e".join(content).encode()).digest()
