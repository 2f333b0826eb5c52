"""The page of signing in, which stands at two addresses: the first page and /sign-in."""

from __future__ import annotations

from typing import cast

import flask

from forms.access import SignInForm
from portal.access.demo_accounts import DEMO_ACCOUNTS
from portal.access.passwords import Passwords
from portal.web.frame import is_demo


def passwords() -> Passwords:
    """Return the password hasher of the running app."""
    return cast("Passwords", flask.current_app.extensions["qianshou_passwords"])


def sign_in_page(form: SignInForm) -> str:
    """Return the page, with the demonstration accounts in demonstration mode only."""
    return flask.render_template(
        "access/sign_in.html", form=form, demo_accounts=DEMO_ACCOUNTS if is_demo() else ()
    )
