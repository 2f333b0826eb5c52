"""What help brings to the house."""

from __future__ import annotations

from portal.doors import Door
from portal.enrolment import Room
from portal.help.search_queries import RULES
from portal.help.views import blueprint

ROOM = Room(
    "help",
    blueprint=blueprint,
    further=(
        Door("帮助", "help.show_index", "self.use"),
        Door("这是哪条规则", "help.list_rules", "self.use"),
    ),
    finders=(RULES,),
    events={
        "tour.dismissed": "看完新手引导",
    },
)
