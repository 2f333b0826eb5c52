"""The page of the search, and the part of it that appears while somebody types."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.search import SearchForm
from portal.search import doors, queries, recent
from portal.search.opened import list_opened
from portal.search.rules import asked_by, refusals_for_search
from portal.web.frame import db, requires, signed_in, today

blueprint = Blueprint("search", __name__)
blueprint.after_app_request(recent.note_opened)


@blueprint.get("/search")
@requires("self.use")
def search() -> Any:
    form = SearchForm(flask.request.args)
    asked = asked_by(form.q.data or "")
    form.q.errors = [refusal.sentence for refusal in refusals_for_search(asked)]
    is_asked = bool(asked.words) and not form.q.errors
    groups = queries.search(db(), signed_in(), asked, today()) if is_asked else []
    if is_asked:
        groups = doors.with_doors(groups, signed_in(), asked)
    is_fragment = "HX-Request" in flask.request.headers
    return flask.render_template(
        "search/_options.html" if is_fragment else "search/search.html",
        form=form,
        asked=asked,
        is_asked=is_asked,
        groups=groups,
        recent=[] if asked.words else list_opened(db(), signed_in(), recent.opened_last()),
        searchable=queries.searchable(signed_in()),
    )
