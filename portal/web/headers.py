"""Headers of every answer (security decision B13: no inline script or style, nothing external)."""

from __future__ import annotations

import flask

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; manifest-src 'self'"
)

MAY_BE_KEPT = frozenset({"maps.current"})
"""Endpoints beside the static files that say themselves how long a browser keeps their answer: the
approved outlines of provinces, published under their number, at an address that names the version."""

UNCHANGED = frozenset({200, 304})


def add_headers(response: flask.Response) -> flask.Response:
    """Add the security headers, and forbid caching of everything but what is open to everybody."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if flask.request.is_secure or flask.current_app.config["SESSION_COOKIE_SECURE"]:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if flask.request.endpoint == "static" and response.status_code in UNCHANGED:
        if flask.request.args.get("v"):
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
    elif flask.request.endpoint not in MAY_BE_KEPT or response.status_code not in UNCHANGED:
        # Set, not defaulted: Flask sends every file as "no-cache", which a browser keeps.
        headers["Cache-Control"] = "no-store"
    return response
