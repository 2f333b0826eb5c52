"""What help brings to the house."""

from __future__ import annotations

from portal.enrolment import Room
from portal.help.views import blueprint

ROOM = Room(
    "help",
    blueprint=blueprint,
    events={
        "tour.dismissed": "看完新手引导",
    },
)
