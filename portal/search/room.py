"""What search brings to the house."""

from __future__ import annotations

from portal.doors import Chapter, Door, Topic
from portal.enrolment import Room
from portal.search.views import blueprint

ROOM = Room(
    "search",
    blueprint=blueprint,
    topics=(
        Topic(
            "search",
            "搜索与快捷键",
            "县、机构、结对、人员、页面，一处搜索；Ctrl+K。",
            Chapter.SELF,
            ("self.use",),
            Door("打开搜索", "search.search", "self.use"),
            ("search.search",),
        ),
    ),
)
