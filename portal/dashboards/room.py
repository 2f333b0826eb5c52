"""What dashboards brings to the house."""

from __future__ import annotations

from portal.dashboards.views import blueprint
from portal.doors import Chapter, Door, Menu, Topic
from portal.enrolment import Room

ROOM = Room(
    "dashboards",
    blueprint=blueprint,
    door=Door("图表", "dashboards.show_dashboard", "dashboard.read", menu=Menu.VIEWS),
    topics=(
        Topic(
            "charts",
            "看图表",
            "进度、阶段、分省、流向、各月工作日，一张图一张表。",
            Chapter.FIGURES,
            ("dashboard.read",),
            Door("打开图表", "dashboards.show_dashboard", "dashboard.read"),
            ("dashboards.show_dashboard",),
        ),
    ),
)
