"""The first page: signing in for a visitor, the own work for everybody else."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.access import SignInForm
from portal.access.policy import PUBLIC
from portal.web.frame import actor, requires
from portal.web.signing import sign_in_page

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@requires(PUBLIC)
def home() -> Any:
    found = actor()
    if found is None:
        return sign_in_page(SignInForm())
    return flask.render_template("home/home.html")
