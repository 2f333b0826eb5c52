"""Pages of help: the index, a task, the rules, what is new, the tour."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from portal.access.loading import Unseen
from portal.access.policy import PUBLIC
from portal.enrolment import house
from portal.help import actions, life_words, picture_words, rulebook_words, topic_queries
from portal.help.release_words import RELEASES
from portal.help.rules import Step, tour_for
from portal.programme import parameter_queries
from portal.programme.clause_words import CLAUSES
from portal.web.frame import actor, db, deed, requires, today
from portal.web.path_rules import is_own_path

blueprint = Blueprint("help", __name__)


def help_here() -> str | None:
    """Return the help page of the page in view; None where there is none."""
    topic = house().topic_of_page.get(flask.request.endpoint or "")
    return flask.url_for("help.show_topic", slug=topic.slug) if topic else None


def tour_steps() -> tuple[Step, ...]:
    """Return the tour of whoever has not seen it; nothing for everybody else."""
    found = actor()
    if found is None or found.has_toured or found.must_change_password:
        return ()
    return tour_for(found.roles)


@blueprint.app_context_processor
def _on_every_page() -> dict[str, Any]:
    return {"help_here": help_here, "tour_steps": tour_steps}


@blueprint.get("/help")
@requires(PUBLIC)
def show_index() -> Any:
    own, groups = topic_queries.own_first(house().topics.values(), actor())
    return flask.render_template("help/index.html", own=own, groups=groups)


@blueprint.get("/help/<slug>")
@requires(PUBLIC)
def show_topic(slug: str) -> Any:
    topic = house().topics.get(slug)
    if topic is None:
        raise Unseen("topic")
    return flask.render_template(
        topic.template,
        topic=topic,
        who=topic_queries.who_may(topic),
        pictures=picture_words.BY_TOPIC.get(slug, []),
    )


@blueprint.get("/help/rules")
@requires(PUBLIC)
def list_rules() -> Any:
    in_force = {
        row.parameter.key: row
        for group in parameter_queries.list_in_force(db(), today())
        for row in group.rows
    }
    return flask.render_template(
        "help/list_rules.html", groups=rulebook_words.list_rules(), in_force=in_force
    )


@blueprint.get("/help/rules/<key>")
@requires(PUBLIC)
def show_rule(key: str) -> Any:
    if key in rulebook_words.RULE_OF_FINDING:  # a finding leads to the rule that it comes from
        return flask.redirect(flask.url_for(".show_rule", key=rulebook_words.RULE_OF_FINDING[key]))
    rule = rulebook_words.find_rule(key)
    if rule is None:
        raise Unseen("rule")
    return flask.render_template(
        "help/show_rule.html",
        rule=rule,
        current=parameter_queries.in_force(db(), key, today()) if rule.is_parameter else None,
        whole_clause=CLAUSES.get(rule.clause),
    )


@blueprint.get("/help/lives")
@requires(PUBLIC)
def list_lives() -> Any:
    lives = [life_words.explained(life) for life in life_words.declared_lives()]
    return flask.render_template("help/list_lives.html", lives=lives)


@blueprint.get("/help/releases")
@requires(PUBLIC)
def list_releases() -> Any:
    return flask.render_template("help/list_releases.html", releases=RELEASES)


@blueprint.get("/help/tour")
@requires(PUBLIC)
def show_tour() -> Any:
    found = actor()
    return flask.render_template(
        "help/show_tour.html", steps=tour_for(found.roles if found else ())
    )


@blueprint.post("/tour/dismissal")
@requires("self.use")
def dismiss_tour() -> Any:
    actions.dismiss_tour(deed())
    back = flask.request.form.get("back", "")
    return flask.redirect(back if is_own_path(back) else flask.url_for("home.home"))
