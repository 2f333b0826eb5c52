"""The page of components. Its samples can be sent, and nothing comes of it."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from forms.design import SampleFilters, sample_form
from portal.web.frame import requires

blueprint = Blueprint("design", __name__)


@blueprint.get("/design")
@requires("design.read")
def show_components() -> Any:
    return flask.render_template(
        "design/design.html", form=sample_form(), filters=SampleFilters(flask.request.args)
    )


@blueprint.post("/design")
@requires("design.read")
def send_sample() -> Any:
    flask.flash("已收到（示例，没有保存）。", "success")
    return flask.redirect(flask.url_for("design.show_components"))
