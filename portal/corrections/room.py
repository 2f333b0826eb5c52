"""What corrections brings to the house."""

from __future__ import annotations

from portal.corrections.views import blueprint
from portal.doors import Chapter, Door, Topic
from portal.enrolment import Room

ROOM = Room(
    "corrections",
    blueprint=blueprint,
    behind="workdays.list_workdays",
    events={
        "workday.corrected": "更正日志",
    },
    facts={
        "correction": "更正条目",
    },
    topics=(
        Topic(
            "correct-workday",
            "更正已核准的日志",
            "已核准的不能直接改：申请更正，重新确认和核准。",
            Chapter.DAYS,
            ("workday.write",),
            Door("查看我的日志", "workdays.list_workdays", "workday.write"),
            ("corrections.correct_workday",),
        ),
    ),
)
