"""The page of signing in, which stands at two addresses: the first page and /sign-in."""

from __future__ import annotations

from typing import cast

import flask

from forms.access import SignInForm
from portal.access.demo_account_rules import DEMO_ACCOUNTS
from portal.access.password_store import Passwords
from portal.access.queries import Ending
from portal.web.frame import is_demo, settings
from portal.web.path_rules import is_own_path


def passwords() -> Passwords:
    """Return the password hasher of the running app."""
    return cast("Passwords", flask.current_app.extensions["qianshou_passwords"])


def sign_in_page(form: SignInForm) -> str:
    """Return the page, with the demonstration accounts in demonstration mode only."""
    offered = DEMO_ACCOUNTS if is_demo() and not settings().is_production else ()
    ended: Ending | None = flask.g.get("session_over")
    return flask.render_template(
        "access/sign_in.html",
        form=form,
        demo_accounts=offered,
        ended=ended.sentence if ended else None,
        returns=is_own_path(flask.request.args.get("next")),
    )
