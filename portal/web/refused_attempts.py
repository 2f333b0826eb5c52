"""Keeping what somebody tried and was refused: its own transaction, since the attempt left none."""

from __future__ import annotations

import logging
from collections.abc import Collection

import flask
import sqlalchemy as sa

from portal.access.actor import VISITOR
from portal.access.attempt_actions import claim, network_of
from portal.access.policy import POLICY
from portal.audit import rules
from portal.deeds import Deed
from portal.web.frame import SAFE_METHODS, actor, database, declaration_of, now

log = logging.getLogger("qianshou")


def note_refused(codes: Collection[str]) -> None:
    """Add a row to the trail for the refused deed of this request, if such are kept.

    Nothing of the request may be open: on SQLite this would wait for its own transaction. The
    answer is the same with or without the row, so a database that is gone only leaves a line.
    """
    request = flask.request
    if request.method in SAFE_METHODS or request.endpoint is None:
        return
    permission = declaration_of(flask.current_app, request.endpoint).permission
    if not rules.is_kept(permission, codes):
        return
    found = actor() or VISITOR
    who = found.person_id or network_of(request.remote_addr or "")
    try:
        with database().writing() as session:
            number = claim(session, f"refused {who}", now(), rules.REFUSED_WINDOW)
            if rules.is_noted(number):
                Deed(session, found, now()).record(
                    "attempt.refused",
                    f"page:{rules.kept_path(request.path)}",
                    permission=POLICY[permission].label if permission in POLICY else None,
                    codes=sorted(set(codes)),
                    address=request.remote_addr,
                    attempt=number,
                )
    except sa.exc.OperationalError:
        log.warning("a refused attempt at %s was not kept", request.endpoint)
