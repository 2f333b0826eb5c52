"""What maps brings to the house."""

from __future__ import annotations

from portal.doors import Door, Menu
from portal.enrolment import Room
from portal.maps.views import blueprint

ROOM = Room(
    "maps",
    blueprint=blueprint,
    door=Door("标准地图", "maps.manage_maps", "map.write", menu=Menu.CARE),
    events={
        "map.uploaded": "启用标准地图",
        "map.withdrawn": "撤下标准地图",
    },
    subjects={
        "map": "标准地图",
    },
    facts={
        "approval_number": "审图号",
    },
)
