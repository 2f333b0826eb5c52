"""How a browser shows the portal: theme and density, kept in a cookie that says nothing of anybody.

The cookie belongs to the browser, not to the account: a screen in a meeting room, a phone in the
sun and the sign-in page all want a choice of their own.
"""

from __future__ import annotations

from typing import NamedTuple

import flask

COOKIE = "qianshou_display"
"""Its value is ``theme.density``."""

KEPT_SECONDS = 365 * 24 * 3600

THEMES = {"standard": "标准", "contrast": "高对比", "care": "关怀版"}
DENSITIES = {"standard": "标准", "compact": "紧凑"}


class Display(NamedTuple):
    """What <html> says in data-theme and data-density; the style sheet tokens do the rest."""

    theme: str = "standard"
    density: str = "standard"

    @property
    def theme_label(self) -> str:
        return THEMES[self.theme]


def display_of(cookie: str | None) -> Display:
    """Read the cookie; whatever it does not say, or says wrongly, is shown as usual."""
    theme, _, density = (cookie or "").partition(".")
    return Display(
        theme if theme in THEMES else Display().theme,
        density if density in DENSITIES else Display().density,
    )


def display() -> Display:
    """Return how this request's browser wants to see the portal."""
    return display_of(flask.request.cookies.get(COOKIE))


def keep_display(response: flask.Response, chosen: Display) -> None:
    """Have the browser keep a choice for a year; no script reads it."""
    response.set_cookie(
        COOKIE,
        f"{chosen.theme}.{chosen.density}",
        max_age=KEPT_SECONDS,
        secure=flask.current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
