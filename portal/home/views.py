"""The first page: signing in for a visitor, the own work for everybody else."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.access import SignInForm
from portal.access.policy import PUBLIC
from portal.compliance.rules import TITLES, codes_in
from portal.home import queries
from portal.programme.queries import current_year, policy_of_year
from portal.web.frame import actor, db, now, requires, today
from portal.web.signing import sign_in_page

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@requires(PUBLIC)
def home() -> Any:
    found = actor()
    if found is None:
        return sign_in_page(SignInForm())
    year = current_year(db(), today())
    standing = queries.standing_of(db(), found, year)
    return flask.render_template(
        "home/home.html",
        year=year,
        policy=policy_of_year(db(), year),
        tasks=queries.tasks_for(db(), found, today(), now()),
        own=queries.own_year(db(), found, year, today()),
        standing=standing,
        behind=queries.list_behind(db(), found, year) if standing else [],
        titles_in=lambda mask: [TITLES[code] for code in codes_in(mask)],
    )
