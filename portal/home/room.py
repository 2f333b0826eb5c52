"""What home brings to the house."""

from __future__ import annotations

from portal.doors import Door
from portal.enrolment import Room, house
from portal.home.inbox_queries import counts_behind_no_door, wants
from portal.home.views import blueprint

ROOM = Room(
    "home",
    blueprint=blueprint,
    door=Door(
        "首页",
        "home.home",
        "self.use",
        lambda actor, moment: counts_behind_no_door(actor, moment, house().agenda),
        besides=lambda session, actor, now: sum(
            one.count for one in wants(session, actor, now, house().agenda, counted=True)
        ),
    ),
)
