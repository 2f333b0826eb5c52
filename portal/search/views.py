"""The page of the search, and the part of it that appears while somebody types."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.search import SearchForm
from portal.asked import Asked, Target
from portal.enrolment import house
from portal.finding import Finder, Group, Hit
from portal.places.queries import list_provinces
from portal.search import door_queries, queries, recent_frame
from portal.search.condition_rules import conditions_in, known_conditions, understood_by
from portal.search.opened_queries import list_opened
from portal.search.place_queries import PLACES
from portal.search.rules import asked_by, refusals_for_search
from portal.web.frame import db, requires, signed_in, today

blueprint = Blueprint("search", __name__)
blueprint.after_app_request(recent_frame.note_opened)


@blueprint.get("/search")
@requires("self.use")
def search() -> Any:
    form = SearchForm(flask.request.args)
    asked = asked_by(form.q.data or "")
    form.q.errors = [refusal.sentence for refusal in refusals_for_search(asked)]
    is_asked = bool(asked.words) and not form.q.errors
    groups = _found(asked) if is_asked else []
    is_fragment = "HX-Request" in flask.request.headers
    return flask.render_template(
        "search/_options.html" if is_fragment else "search/search.html",
        form=form,
        asked=asked,
        is_asked=is_asked,
        groups=groups,
        recent=[] if asked.words else _opened_last(),
        searchable=queries.searchable(signed_in(), _finders()),
        conditions=known_conditions(_targets()),
    )


def _found(asked: Asked) -> list[Group]:
    """Return the lists that understand the conditions asked, without conditions what is found."""
    conditions, words = conditions_in(asked, house().lists)
    if not conditions:
        found = queries.search(db(), signed_in(), asked, today(), _finders())
        return door_queries.with_doors(
            found, signed_in(), asked, house().pages, house().topics.values()
        )
    provinces = {name: code for code, name in list_provinces(db())}
    note = "、".join([*(f"{one.key}：{one.value}" for one in conditions), *words])
    hits = [
        Hit("列表", one.target.label, note, one.target.endpoint, dict(one.values))
        for one in understood_by(conditions, words, _targets(), provinces)
    ]
    return [Group("按条件打开列表", hits)] if hits else []


def _targets() -> list[Target]:
    return [target for target in house().lists if signed_in().holds(target.permission)]


def _finders() -> tuple[Finder, ...]:
    return (PLACES, *house().finders)


def _opened_last() -> list[Hit]:
    return list_opened(db(), signed_in(), recent_frame.opened_last(), house().object_pages.values())
