"""What home brings to the house."""

from __future__ import annotations

from portal.doors import Door
from portal.enrolment import Room
from portal.home.views import blueprint, count_behind_no_other_door

ROOM = Room(
    "home",
    blueprint=blueprint,
    door=Door("首页", "home.home", "self.use", count_behind_no_other_door),
)
