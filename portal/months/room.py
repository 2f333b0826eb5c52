"""What months brings to the house."""

from __future__ import annotations

from portal.causes import Cause, Urgency
from portal.doors import Chapter, Door, Topic
from portal.enrolment import Room
from portal.months.demo_actions import declare_last_month
from portal.months.inbox_queries import overtaken
from portal.months.views import blueprint

ROOM = Room(
    "months",
    blueprint=blueprint,
    behind="workdays.list_workdays",
    further=(
        Door("本月已填完", "months.show_own", "workday.write"),
        Door("各月填报声明", "months.list_months", "assignment.read"),
    ),
    events={
        "month.declared": "声明本月已填完",
        "month.reopened": "撤回本月已填完",
    },
    causes=(
        Cause(
            Urgency.OWN_WORK,
            "声明填完后又有新增的月份",
            "去核对",
            "months.show_own",
            ("workday.write",),
            overtaken,
            lambda latest: (
                f"{latest.who} {latest.day.year}年{latest.day.month}月"
                if latest.day
                else latest.who
            ),
            hint="核对后可重新声明。",
        ),
    ),
    topics=(
        Topic(
            "declare-month",
            "本月已填完",
            "声明一个月已填完，机构负责人由此知道没有遗漏。",
            Chapter.DAYS,
            ("workday.write", "assignment.read"),
            Door("本月已填完", "months.show_own", "workday.write"),
            ("months.show_own", "months.list_months"),
        ),
    ),
    demonstrate=declare_last_month,
)
