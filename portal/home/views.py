"""The first page: signing in for a visitor, the own work for everybody else."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.access import SignInForm
from portal.access.actor import Actor
from portal.access.policy import PUBLIC, Reach
from portal.compliance.rules import TITLES, codes_in
from portal.home import queries
from portal.home.queries import MANAGERS
from portal.home.tasks import tasks_for
from portal.programme.queries import current_year, get_work_year, policy_of_year
from portal.summaries.queries import summary_of
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
    return flask.render_template(
        "home/home.html",
        year=year,
        policy=policy_of_year(db(), year),
        tasks=tasks_for(db(), found, now()),
        own=queries.own_year(db(), found, year, today()),
        team=_team(found, year),
        **_pairings(found, year),
    )


def _team(found: Actor, year: int) -> Any:
    """Return the people of a manager's organisation; None for everybody else."""
    if not queries.holds_any(found, MANAGERS):
        return None
    work_year = get_work_year(db(), year)
    return queries.list_team(db(), found, work_year.starts_on, work_year.ends_on, year)


def _pairings(found: Actor, year: int) -> dict[str, Any]:
    """Return how the pairings within reach stand; nothing for whoever sees only themselves."""
    reaches = {reach for reach, _ in found.reaches("summary.read")} - {Reach.SELF}
    if not reaches:
        return {"summary": None}
    summary = summary_of(db(), year, now=now(), actor=found)
    policy = summary.policy
    return {
        "summary": summary,
        "finding_counts": queries.finding_counts(summary.totals.sums),
        "behind": queries.list_behind(db(), found, year, policy),
        "returned": queries.count_returned(db(), found, year)
        if found.holds("workday.approve") or found.holds("workday.confirm")
        else None,
        "titles_in": lambda mask: [TITLES[code] for code in codes_in(mask)],
    }
