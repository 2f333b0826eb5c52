"""What a view gets from its request, and what happens around it."""

from __future__ import annotations

import copy
import functools
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, cast

import flask
import sqlalchemy as sa
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from models import Programme
from models.database import Database
from portal.access.actor import Actor
from portal.access.loading import Declaration, Forbidden, Loader, Undeclared, Unseen
from portal.access.policy import PUBLIC, SIGNED_IN
from portal.access.queries import Ending
from portal.clock import date_of
from portal.deeds import Deed
from portal.refusals import Overtaken
from portal.settings import Settings
from portal.web import form_keys

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
SERIALISATION_FAULTS = frozenset({"40001", "40P01"})
TRIES = 3
REDIRECTS = range(300, 400)
MOST_VALUES = 20_000
"""Of a form: 5,000 rows with what a page asks of each; 65,535 are too many for PostgreSQL."""
OPEN_WITHOUT_OWN_PASSWORD = frozenset(
    {"access.change_password", "access.sign_out", "display.show_display", "display.choose_display"}
)
"""All that somebody may open who still has the password that an administrator gave out."""


class SessionOver(Exception):
    """Somebody sent a form when their session was over; says why it is."""


def database() -> Database:
    """Return the database of the running app."""
    return cast("Database", flask.current_app.extensions["qianshou_database"])


def settings() -> Settings:
    return cast("Settings", flask.current_app.extensions["qianshou_settings"])


def is_demo() -> bool:
    """Does this installation hold a demonstration programme? Asked once a process."""
    known = flask.current_app.extensions.get("qianshou_is_demo")
    if known is None and "is_bare" not in flask.g:
        with database().reading() as session:
            known = bool(session.scalar(sa.select(sa.exists().where(Programme.is_demo.is_(True)))))
        flask.current_app.extensions["qianshou_is_demo"] = known
    return bool(known)


def now() -> datetime:
    """Return the instant of this request: one for the whole request."""
    if "now" not in flask.g:
        flask.g.now = settings().now()
    return cast("datetime", flask.g.now)


def today() -> date:
    return date_of(now())


def db() -> Session:
    """Return the session of this request: read-only for GET, one writing transaction for POST."""
    if "db" not in flask.g:
        _close("reading")  # what it read may no longer be so
        flask.g.db = database().open(read_only=flask.request.method in SAFE_METHODS)
    return cast("Session", flask.g.db)


def reading() -> Session:
    """Return a session that only reads, and locks nothing: for GET that of the request.

    For POST it is who is signed in, and whatever a view finds out before it writes; what of it can
    race, the write proves (docs/decisions/0034). It ends with the first use of :func:`db`.
    """
    if flask.request.method in SAFE_METHODS:
        return db()
    if "reading" not in flask.g:
        flask.g.reading = database().open(read_only=True)
    return cast("Session", flask.g.reading)


def actor() -> Actor | None:
    """Return who is signed in, or None."""
    return cast("Actor", current_user._get_current_object()) if current_user else None  # noqa: SLF001 - flask-login's proxy has no public way


def signed_in() -> Actor:
    """Return who is signed in; only for views that are not public."""
    found = actor()
    if found is None:
        raise Unseen("actor")
    return found


def deed() -> Deed:
    """Return the deed of this request, for an action; in whose place, the page's permission says."""
    permission = declaration_of(flask.current_app, flask.request.endpoint or "static").permission
    return Deed(db(), signed_in(), now(), signed_in().deputy_for(permission))


def asked_for(argument: str, loader: Loader, permission: str) -> Any:
    """Return the object that a query argument names, as an address would; None without one.

    It is found like any other: raise :class:`Unseen` (404) or :class:`Forbidden` (403).
    """
    named = flask.request.args.get(argument)
    if not named:
        return None
    (key,) = loader.columns
    return loader.find(db(), signed_in(), permission, {key: named})


def keep(answer: str | Response) -> Response:
    """Mark an answer that is not a redirect as one to commit (a reveal, an export)."""
    flask.g.keep = True
    return flask.make_response(answer)


def leave_the_database_alone() -> None:
    """From here on nobody is signed in and nothing is asked: a fault's page may not fail too."""
    flask.g.is_bare = True
    flask.g._login_user = None  # noqa: SLF001 - flask-login has no public way to say it
    close_session()


def refuse_unstorable() -> None:
    """Answer 400 to what no page sends: text with a NUL, which PostgreSQL cannot store, and more
    values than a statement may name."""
    values = sum(len(some) for _, some in flask.request.form.lists())
    if values > MOST_VALUES:
        raise BadRequest
    texts = [flask.request.path]
    for sent in (flask.request.args, flask.request.form):
        texts += [text for pair in sent.items(multi=True) for text in pair]
    if any("\0" in text for text in texts):
        raise BadRequest


def requires(
    permission: str, loader: Loader | None = None, *, reads_first: bool = False
) -> Callable[[Any], Any]:
    """Declare what a view needs; stands between the route and the view.

    A view that ``reads_first`` begins to write by itself, by its first use of ``db()``: who is
    signed in, whether its form was sent before, and what it asks of :func:`reading`, is read
    without a lock.
    """
    declaration = Declaration(permission, loader, reads_first=reads_first)

    def declare(view: Any) -> Any:
        @functools.wraps(view)
        def framed(**values: Any) -> Any:
            return _run(view, declaration, values)

        framed.declaration = declaration  # type: ignore[attr-defined] # read by declaration_of
        return framed

    return declare


def declaration_of(app: flask.Flask, endpoint: str) -> Declaration:
    """Return the declaration of an endpoint; raise :class:`Undeclared` if it has none."""
    if endpoint == "static":
        return Declaration(PUBLIC)
    declaration = getattr(app.view_functions[endpoint], "declaration", None)
    if declaration is None:
        message = f"endpoint {endpoint} declares no permission"
        raise Undeclared(message)
    return cast("Declaration", declaration)


def refuse_undeclared(app: flask.Flask) -> None:
    """Default deny: raise at start-up if any endpoint and method has no declaration."""
    for rule in app.url_map.iter_rules():
        declaration_of(app, rule.endpoint)


def _run(view: Any, declaration: Declaration, values: dict[str, Any]) -> Any:
    if flask.request.method in SAFE_METHODS:
        return flask.make_response(_call(view, declaration, values))
    before = copy.deepcopy(dict(flask.session))
    for attempt in range(1, TRIES + 1):
        try:
            return _one_transaction(view, declaration, values)
        except (sa.exc.OperationalError, sa.exc.IntegrityError, Overtaken) as fault:
            if attempt == TRIES or not _may_go_better(fault):
                raise
            _start_over(before)
        except Exception:
            if not form_keys.key_of(flask.request):
                raise
            # A copy of this form may have been faster, and what it asks for be done already.
            _start_over(before)
            repeated = _stored_answer(reading)
            if repeated is None:
                raise
            return repeated
    raise AssertionError


def _may_go_better(fault: sa.exc.DBAPIError | Overtaken) -> bool:
    """Was somebody merely faster? Then the same form is answered, or refused with the reason."""
    if isinstance(fault, sa.exc.IntegrityError | Overtaken):
        return True
    return getattr(fault.orig, "sqlstate", None) in SERIALISATION_FAULTS


def _start_over(session: dict[str, Any]) -> None:
    """Leave the request as it came: cookie, messages, who is signed in, uploaded files."""
    close_session()
    flask.session.clear()
    flask.session.update(copy.deepcopy(session))
    for kept in ("_login_user", "keep"):
        flask.g.pop(kept, None)
    for _, file in flask.request.files.items(multi=True):  # noqa: PERF102 - values() knows no multi
        file.seek(0)


def _one_transaction(view: Any, declaration: Declaration, values: dict[str, Any]) -> Response:
    repeated = _stored_answer(reading if declaration.reads_first else db)
    if repeated is not None:
        return repeated
    found = actor()
    response = flask.make_response(_call(view, declaration, values))
    is_redirect = response.status_code in REDIRECTS
    if is_redirect or flask.g.pop("keep", False):
        if found and is_redirect:
            form_keys.remember(db(), found, flask.request, response, now())
        db().commit()
        return response
    close_session()
    # What a copy of this form has just done may be why this one is refused.
    return _stored_answer(reading) or response


def _stored_answer(session: Callable[[], Session]) -> Response | None:
    """Return where a copy of this form has led, or None."""
    found = actor()
    return form_keys.answer_of(session(), found, flask.request) if found else None


def _call(view: Any, declaration: Declaration, values: dict[str, Any]) -> Any:
    found = actor()
    if (
        found
        and found.must_change_password
        and flask.request.endpoint not in OPEN_WITHOUT_OWN_PASSWORD
    ):
        return flask.redirect(flask.url_for("access.change_password"))
    if declaration.permission == PUBLIC:
        return view(**values)
    if found is None:
        ended: Ending | None = flask.g.get("session_over")
        is_form = flask.request.method not in SAFE_METHODS
        if ended and ended.by_time and is_form and flask.request.endpoint != "access.sign_out":
            raise SessionOver(ended.sentence)
        return flask.redirect(flask.url_for("access.sign_in", next=_way_back()))
    loader = declaration.loader
    if loader is None:
        if declaration.permission != SIGNED_IN and not found.holds(declaration.permission):
            raise Forbidden(declaration.permission)
        return view(**values)
    thing = loader.find(db(), found, declaration.permission, values)
    rest = {key: value for key, value in values.items() if key not in loader.columns}
    return view(thing, **rest)


def _way_back() -> str | None:
    return flask.request.full_path.rstrip("?") if flask.request.method == "GET" else None


def close_session(_fault: BaseException | None = None) -> None:
    """Leave nothing open after a request; what was not committed is gone."""
    for name in ("reading", "db"):
        _close(name)


def _close(name: str) -> None:
    session = flask.g.pop(name, None)
    if session is not None:
        session.close()
