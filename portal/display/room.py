"""What display brings to the house."""

from __future__ import annotations

from portal.display.views import blueprint
from portal.doors import Chapter, Door, Topic
from portal.enrolment import Room

ROOM = Room(
    "display",
    blueprint=blueprint,
    further=(Door("显示设置", "display.show_display", "self.use"),),
    topics=(
        Topic(
            "display",
            "显示设置与关怀版",
            "大字的关怀版、高对比、紧凑表格。",
            Chapter.SELF,
            ("self.use",),
            Door("打开显示设置", "display.show_display", "self.use"),
            ("display.show_display",),
        ),
    ),
)
