"""The pages of the doors, each group under the name of the room whose facts it changes."""

from __future__ import annotations

from flask import Blueprint

from portal.changes.calendar_views import blueprint as calendar
from portal.changes.pairing_views import blueprint as pairings
from portal.changes.person_views import blueprint as people
from portal.changes.programme_views import blueprint as programme

blueprint = Blueprint("changes", __name__)
for group in (calendar, programme, people, pairings):
    blueprint.register_blueprint(group)
