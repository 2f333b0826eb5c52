"""create_app(): settings, extensions, blueprints, error pages, commands. Decides nothing."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from functools import cache

import flask
from flask_login import LoginManager
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from models.database import Database
from portal.access.password_store import Passwords
from portal.access.views import load_actor
from portal.commands import register_commands
from portal.deeds import session_info
from portal.enrolment import EXTENSION
from portal.personal_data.vault import derive
from portal.rooms import HOUSE, JOB_KINDS
from portal.settings import ROOT, Settings, settings_from_environment
from portal.web.addresses import NumberConverter, YearConverter
from portal.web.alarms import raise_alarms
from portal.web.compression import compress_static
from portal.web.errors import register_errors
from portal.web.frame import close_session, refuse_undeclared, refuse_unstorable
from portal.web.headers import add_headers
from portal.web.pages import page_context, register_filters


def create_app(settings: Settings | None = None) -> flask.Flask:
    """Build the portal; refuse to, if any endpoint declares no permission."""
    settings = settings or settings_from_environment()
    app = flask.Flask(
        "qianshou",
        root_path=str(ROOT),
        static_folder="static",
        template_folder="templates",
    )
    app.config.update(
        SECRET_KEY=derive(settings.master_key, "cookies"),
        MAX_CONTENT_LENGTH=settings.max_upload_bytes,
        SESSION_COOKIE_NAME="__Host-qianshou" if settings.behind_tls else "qianshou",
        SESSION_COOKIE_SECURE=settings.behind_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        WTF_I18N_ENABLED=False,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)  # type: ignore[method-assign] # as werkzeug documents it
    app.jinja_options = {"undefined": StrictUndefined}
    app.extensions["qianshou_settings"] = settings
    app.extensions["qianshou_passwords"] = Passwords(settings.argon2_memory_kib)
    app.extensions["qianshou_database"] = Database(
        settings.database_url, info=session_info(settings.master_key, settings.var)
    )
    app.extensions["qianshou_job_kinds"] = JOB_KINDS
    app.extensions[EXTENSION] = HOUSE
    CSRFProtect(app)
    _register_sign_in(app)
    app.url_map.converters.update(int=NumberConverter, year=YearConverter)
    for blueprint in HOUSE.blueprints:
        app.register_blueprint(blueprint)
    register_errors(app)
    register_filters(app)
    register_commands(app, HOUSE)
    app.context_processor(page_context)
    app.jinja_env.globals["asset"] = asset
    app.before_request(refuse_unstorable)
    app.after_request(add_headers)
    app.after_request(compress_static)
    app.teardown_request(close_session)
    app.teardown_appcontext(raise_alarms)
    refuse_undeclared(app)
    return app


def _register_sign_in(app: flask.Flask) -> None:
    manager = LoginManager(app)
    manager.session_protection = None  # the session row is checked on every request instead
    manager.user_loader(load_actor)
    manager.anonymous_user = lambda: None


def asset(path: str) -> str:
    """Return the URL of a static file with its hash, so that browsers may keep it for a year."""
    return flask.url_for("static", filename=path, v=_hash_of(path))


@cache
def _hash_of(path: str) -> str:
    return hashlib.sha256((ROOT / "static" / path).read_bytes()).hexdigest()[:8]
