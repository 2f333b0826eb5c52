"""Pages of approved maps: what stands and stood, uploading, taking down, and the outlines."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.maps import MapForm
from portal.access.loading import Unseen
from portal.maps import actions, queries
from portal.web.frame import db, deed, requires
from portal.web.refusals import refusals_shown_in

blueprint = Blueprint("maps", __name__)


@blueprint.route("/maps", methods=["GET", "POST"])
@requires("map.write")
def manage_maps() -> Any:
    form = MapForm()
    if form.validate_on_submit():
        with refusals_shown_in(form):
            actions.upload_map(
                deed(),
                approval_number=form.approval_number.data,
                file_name=form.file.data.filename or "",
                content=form.file.data.read(),
            )
            flask.flash("地图已启用，图表页可以在“示意图”与“地图”之间切换。", "success")
            return flask.redirect(flask.url_for(".manage_maps"))
    return flask.render_template(
        "maps/manage_maps.html",
        form=form,
        standing=queries.find_standing(db()),
        maps=queries.list_maps(db()),
    )


@blueprint.post("/maps/<map_id>/withdrawal")
@requires("map.write")
def withdraw_map(map_id: str) -> Any:
    approved_map = queries.find_map(db(), map_id)
    if approved_map is None:
        raise Unseen("map")
    actions.withdraw_map(deed(), approved_map)
    flask.flash("地图已撤下，图表页改用示意图。", "success")
    return flask.redirect(flask.url_for(".manage_maps"))


@blueprint.get("/maps/current.json")
@requires("dashboard.read")
def current() -> Any:
    found = queries.find_outlines(db())
    if found is None:
        raise Unseen("map")
    geojson, version = found
    answer = flask.Response(geojson, mimetype="application/geo+json")
    answer.set_etag(version)
    # Its address names the version: a browser that has it need not ask again.
    is_named = flask.request.args.get("v") == version
    answer.headers["Cache-Control"] = (
        "private, max-age=31536000, immutable" if is_named else "private, no-cache"
    )
    return answer.make_conditional(flask.request)
