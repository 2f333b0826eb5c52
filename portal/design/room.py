"""What design brings to the house."""

from __future__ import annotations

from portal.design.views import blueprint
from portal.enrolment import Room

ROOM = Room(
    "design",
    blueprint=blueprint,
)
