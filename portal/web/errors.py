"""Error pages: what happened, what to do next, and a reference number that is also in the log."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote

import flask
import sqlalchemy as sa
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, TooManyRequests

from portal import schema
from portal.access.actor import Actor
from portal.access.loading import Forbidden, Unseen
from portal.access.policy import POLICY
from portal.audit.rules import FORBIDDEN, UNSEEN
from portal.enrolment import house
from portal.refusals import Conflict, Refused
from portal.web.error_words import (
    MISSING_TO_VISITORS,
    NOT_GRANTED_YET,
    SCHEMA_BEHIND,
    SESSION_OVER,
    STALE_FORM,
    WORDS,
    Words,
)
from portal.web.frame import (
    SessionOver,
    actor,
    close_session,
    database,
    leave_the_database_alone,
    now,
)
from portal.web.pages import write_instant
from portal.web.refused_attempts import note_refused
from portal.web.typed import Typed, typed_in

log = logging.getLogger("qianshou")

SERVER_FAULT = 500
LONGEST_PATH = 200
MEGABYTE = 1024 * 1024


class Link(NamedTuple):
    """Where to go from a page of a fault."""

    label: str
    url: str


def register_errors(app: flask.Flask) -> None:
    """Answer every fault with a page of its own."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, lambda _fault: _stale_form())
    app.register_error_handler(SessionOver, _session_over)
    app.register_error_handler(TooManyRequests, _too_many)
    app.register_error_handler(Unseen, _unseen)
    app.register_error_handler(Forbidden, _forbidden)
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Conflict, _refused)
    app.register_error_handler(StaleDataError, lambda _fault: _changed_meanwhile())
    app.register_error_handler(sa.exc.IntegrityError, _integrity)
    app.register_error_handler(sa.exc.OperationalError, _database_gone)
    app.register_error_handler(sa.exc.ProgrammingError, _database_gone)
    app.register_error_handler(Exception, _unexpected)
    app.before_request(_refuse_former_schema)


def _http(fault: HTTPException) -> flask.Response:
    code = fault.code or SERVER_FAULT
    cause = getattr(fault, "original_exception", None)
    if isinstance(
        cause, sa.exc.OperationalError | sa.exc.ProgrammingError
    ):  # while another page of a fault was made
        return _database_gone(cause)
    match code:
        case 404:
            return _missing()
        case 413:
            return _page(413, reasons=[_size_limit()])
    return _page(code if code in WORDS else _nearest(code), status=code, cause=cause)


def _nearest(code: int) -> int:
    return 400 if code < SERVER_FAULT else SERVER_FAULT


def _unseen(_fault: Unseen) -> flask.Response:
    close_session()
    note_refused([UNSEEN])
    return _missing()


def _missing() -> flask.Response:
    found = actor()
    if found is None:
        ways = [Link("登录后再看", flask.url_for("access.sign_in"))]
        return _page(404, words=MISSING_TO_VISITORS, ways=ways)
    search = Link("搜索", flask.url_for("search.search"))
    return _page(404, ways=[*_lists_near(flask.request.path, found), search])


def _lists_near(path: str, found: Actor) -> list[Link]:
    """Return the list in which the wanted object would stand, if the actor may open it."""
    return [
        Link(f"打开“{door.label}”", url)
        for door in house().doors
        if found.holds(door.permission)
        and len(url := flask.url_for(door.endpoint)) > 1
        and f"{path}/".startswith(f"{url}/")
    ]


def _size_limit() -> str:
    limit = flask.current_app.config["MAX_CONTENT_LENGTH"] or 0
    return f"一次上传最多 {limit / MEGABYTE:.3g} MB。"


def _stale_form() -> flask.Response:
    """Give back what was typed: going back shows the sign-in, not the form, to the signed-out."""
    path = flask.request.path
    again = [] if _arguments_of(path) is None else [Link("重新打开那个页面", path)]
    return _page(400, words=STALE_FORM, ways=again, typed=typed_in(flask.request))


def _session_over(fault: SessionOver) -> flask.Response:
    """Give back what was typed, and lead to the form again by way of the sign-in."""
    path = flask.request.path
    again = path if _arguments_of(path) is not None else None
    ways = [Link("重新登录", flask.url_for("access.sign_in", next=again))]
    return _page(
        400, words=SESSION_OVER, reasons=[str(fault)], ways=ways, typed=typed_in(flask.request)
    )


def _too_many(fault: TooManyRequests) -> flask.Response:
    """Say when to try again; whoever limits says it with ``retry_after``."""
    reasons = [fault.description] if fault.description != TooManyRequests.description else []
    wait = fault.retry_after
    if wait is not None:
        until = wait if isinstance(wait, datetime) else now() + timedelta(seconds=wait)
        reasons.append(f"请在北京时间 {write_instant(until + timedelta(minutes=1))} 之后再试。")
    answer = _page(429, reasons=[reason for reason in reasons if reason])
    if wait is not None:
        seconds = (wait - now()).total_seconds() if isinstance(wait, datetime) else wait
        answer.headers["Retry-After"] = str(max(1, round(seconds)))
    return answer


def _forbidden(fault: Forbidden) -> flask.Response:
    close_session()
    note_refused([FORBIDDEN])
    found = actor()
    if found is not None and not found.grants:
        own = Link("修改密码", flask.url_for("access.change_password"))
        return _page(403, words=NOT_GRANTED_YET, ways=[own])
    permission = POLICY[fault.permission]
    roles = "、".join(role.label for role in permission.reaches)
    return _page(
        403, reasons=[f"这项操作需要的权限：{permission.label}。", f"有此权限的角色：{roles}。"]
    )


def _refused(fault: Refused) -> flask.Response:
    close_session()
    note_refused([refusal.code for refusal in fault.refusals])
    return _page(
        409,
        reasons=[refusal.sentence for refusal in fault.refusals],
        ways=_newest_state(),
        typed=typed_in(flask.request),
    )


def _changed_meanwhile() -> flask.Response:
    return _page(
        409,
        reasons=["在您打开页面之后，别人已修改了这条记录。"],
        ways=_newest_state(),
        typed=typed_in(flask.request),
    )


def _integrity(fault: sa.exc.IntegrityError) -> flask.Response:
    # A constraint said no after the rules said yes: somebody else was faster.
    log.warning("refused by a constraint: %s", fault.orig)
    return _page(
        409,
        reasons=["同一时间有另一项操作占用了该名额或日期，请刷新后核对。"],
        ways=_newest_state(),
        typed=typed_in(flask.request),
    )


def _newest_state() -> list[Link]:
    """Return the page of the object that was to be changed, else the page of the form itself."""
    path = flask.request.path
    parents = list(_parents(path))
    shown = next((one for one in parents if _arguments_of(one)), None)
    if shown is None:
        candidates = (path, *parents)
        shown = next((one for one in candidates if _arguments_of(one) is not None), None)
    return [Link("查看最新情况", shown)] if shown else []


def _parents(path: str) -> Iterator[str]:
    """Yield the addresses above a path, the nearest first, the first page left out."""
    parts = path.strip("/").split("/")
    for count in range(len(parts) - 1, 0, -1):
        yield "/" + "/".join(parts[:count])


def _arguments_of(path: str) -> dict[str, object] | None:
    """Return what a page's address names, or None if no page stands there."""
    try:
        _, values = flask.current_app.url_map.bind("").match(path, method="GET")
    except HTTPException:
        return None
    return dict(values)


def _database_gone(fault: sa.exc.OperationalError | sa.exc.ProgrammingError) -> flask.Response:
    """Say that the database cannot be reached, or that it waits for its upgrade, or neither.

    A table or column that is not there is an OperationalError on SQLite, a ProgrammingError on
    PostgreSQL; once the schema is the newest it is a fault of the portal.
    """
    close_session()
    if schema.is_behind(database()):
        log.error("the database is of a former release; run: %s", schema.COMMAND)
        flask.current_app.extensions[schema.BEHIND] = True
        return _page(503, words=SCHEMA_BEHIND, cause=fault)
    return _page(503 if isinstance(fault, sa.exc.OperationalError) else SERVER_FAULT, cause=fault)


def _refuse_former_schema() -> flask.Response | None:
    """Say on every page that the database waits for its upgrade, from when it was found out."""
    app = flask.current_app
    if not app.extensions.get(schema.BEHIND) or flask.request.endpoint == "static":
        return None
    app.extensions[schema.BEHIND] = schema.is_behind(database())
    return _page(503, words=SCHEMA_BEHIND) if app.extensions[schema.BEHIND] else None


def _unexpected(fault: Exception) -> flask.Response:
    return _page(500, cause=fault)


def _page(
    code: int,
    *,
    status: int | None = None,
    words: Words | None = None,
    reasons: Sequence[str] = (),
    ways: Sequence[Link] = (),
    typed: Sequence[Typed] = (),
    cause: BaseException | None = None,
) -> flask.Response:
    status = status or code
    reference = secrets.token_hex(4).upper()
    _note(reference, status, cause)
    close_session()
    if code >= SERVER_FAULT:
        leave_the_database_alone()
    page = flask.render_template(
        "errors/error.html",
        code=status,
        words=words or WORDS[code],
        reasons=reasons,
        ways=ways,
        typed=typed,
        reference=reference,
    )
    return flask.make_response(page, status)


def _note(reference: str, status: int, cause: BaseException | None) -> None:
    """Write the line under which an administrator finds a page again: no query, no name, no text."""
    request = flask.request
    write = log.error if cause is not None else log.warning
    write(
        "reference %s %s %s %s %s",
        reference,
        status,
        request.method if request.method.isalpha() else "?",
        quote(request.path[:LONGEST_PATH]),
        request.endpoint or "-",
        exc_info=cause,
    )
