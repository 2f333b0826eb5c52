"""The first page: signing in for a visitor, the own work for everybody else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import flask
from flask import Blueprint

from forms.access import SignInForm
from models.types import Role
from portal.access.actor import Actor
from portal.access.policy import PUBLIC, Reach
from portal.activities.queries import list_proposals
from portal.activities.rules import PROPOSED
from portal.dashboards.queries import curves_within
from portal.enrolment import house
from portal.feedback.queries import last_answer_to
from portal.home import administrator_queries, pairing_queries
from portal.home.inbox_queries import inbox
from portal.home.money_queries import own_money
from portal.home.rules import what_comes_next
from portal.home.team_queries import list_team
from portal.home.worker_queries import own_year
from portal.jobs.queries import count_dead, is_anyone_working
from portal.outbox.queries import list_messages
from portal.programme.queries import current_year, get_work_year, policy_of_year
from portal.summaries.queries import summary_of
from portal.web.door_counts import know_behind
from portal.web.frame import actor, db, now, requires, today
from portal.web.signing import sign_in_page

blueprint = Blueprint("home", __name__)
WORKERS = frozenset({Role.SEND_STAFF, Role.RECV_STAFF})
ANSWERS_SHOWN_FOR = timedelta(days=7)
"""So long the first page says that one's message was answered."""

OF_FEW_PAIRINGS = frozenset({Reach.ORGANISATION, Reach.COUNTY})


@blueprint.get("/")
@requires(PUBLIC)
def home() -> Any:
    found = actor()
    if found is None:
        return sign_in_page(SignInForm())
    year = current_year(db(), today())
    tasks = inbox(db(), found, now(), house().agenda)
    know_behind("home.home", sum(line.count for line in tasks if not line.door))
    is_worker = not WORKERS.isdisjoint(found.roles)
    proposals = list_proposals(db(), found) if is_worker else []
    return flask.render_template(
        "home/home.html",
        year=year,
        policy=policy_of_year(db(), year),
        # Each of those days stands there itself, with its two answers.
        tasks=[one for one in tasks if one.label != PROPOSED or not proposals],
        messages=list_messages(db(), found),
        next_words=what_comes_next(found.roles),
        answered_at=last_answer_to(db(), found.account_id, now() - ANSWERS_SHOWN_FOR),
        is_worker=is_worker,
        proposals=proposals,
        own=own_year(db(), found, year, today()) if is_worker else None,
        **_of_few_pairings(found, year),
        **_of_many_pairings(found, year),
        **_of_the_installation(found),
    )


def _of_few_pairings(found: Actor, year: int) -> dict[str, Any]:
    """Return team and pairings of an organisation or a county: each is explained at length."""
    if not _reaches_of(found) & OF_FEW_PAIRINGS:
        return {"own_pairings": None, "team": None, "returned": 0, "own_money": None}
    shown, count = pairing_queries.own_pairings(
        db(), found, year, today(), policy_of_year(db(), year)
    )
    team = None
    if found.holds("assignment.write"):
        work_year = get_work_year(db(), year)
        team = list_team(db(), found, work_year.starts_on, work_year.ends_on, year)
    return {
        "own_pairings": shown,
        "own_pairings_count": count,
        "team": team,
        "returned": pairing_queries.count_returned(db(), found, year),
        "own_money": own_money(db(), found, year),
    }


def _of_many_pairings(found: Actor, year: int) -> dict[str, Any]:
    """Return how the pairings of a prefecture, a province or the nation stand."""
    if not _reaches_of(found) - OF_FEW_PAIRINGS:
        return {"summary": None}
    summary = summary_of(db(), year, now=now(), actor=found)
    count = summary.totals.sums.pairings
    return {
        "summary": summary,
        "curves": curves_within(db(), found, year, today(), count) if count else {},
        "finding_counts": pairing_queries.finding_counts(summary.totals.sums),
        "slowest": pairing_queries.list_slowest(db(), found, year, today(), summary.policy),
        "dashboard_url": flask.url_for("dashboards.show_dashboard", year=year),
    }


def _reaches_of(found: Actor) -> set[Reach]:
    return {reach for reach, _ in found.reaches("summary.read")} - {Reach.SELF}


def _of_the_installation(found: Actor) -> dict[str, Any]:
    """Return what an administrator looks after; nothing of it for anybody else."""
    return {
        "accounts": administrator_queries.accounts_standing(db(), now())
        if found.holds("account.read")
        else None,
        "dead_jobs": count_dead(db()) if found.holds("job.retry") else None,
        "jobs_run": is_anyone_working(db()) if found.holds("account.write") else None,
        "trail": administrator_queries.trail_standing(db()) if found.holds("audit.read") else None,
    }
