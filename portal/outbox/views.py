"""Putting a message away."""

from __future__ import annotations

from typing import Any

import flask
from flask import Blueprint

from portal.outbox.actions import dismiss
from portal.web.frame import deed, requires

blueprint = Blueprint("outbox", __name__)


@blueprint.post("/messages/<message_id>/dismissal")
@requires("self.use")
def dismiss_message(message_id: str) -> Any:
    dismiss(deed(), message_id)
    return flask.redirect(flask.url_for("home.home"))
