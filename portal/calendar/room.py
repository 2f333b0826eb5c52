"""What calendar brings to the house."""

from __future__ import annotations

from models.types import DayKind
from portal.calendar.inbox_queries import missing_years
from portal.calendar.views import blueprint
from portal.causes import Want
from portal.doors import Chapter, Door, Menu, Topic
from portal.enrolment import Room

ROOM = Room(
    "calendar",
    blueprint=blueprint,
    door=Door("工作日历", "calendar.calendar", "calendar.read", menu=Menu.CARE),
    events={
        "calendar.day_set": "修改日历",
        "calendar.year_imported": "录入全年日历",
        "calendar.year_dropped": "撤下全年日历",
    },
    subjects={
        "calendar_day": "日历日期",
        "calendar_year": "日历年份",
    },
    facts={
        "calendar_years": "节假日年份",
        "calendar_days": "节假日和调休日",
        "source": "依据",
    },
    code_words={
        **{one.value: one.label for one in DayKind},
    },
    wants=(Want("calendar.write", missing_years),),
    topics=(
        Topic(
            "calendar",
            "维护工作日历",
            "按国务院办公厅通知录入放假和调休，先看影响再保存。",
            Chapter.OFFICE,
            ("calendar.write",),
            Door("打开工作日历", "calendar.calendar", "calendar.read"),
            ("calendar.show_year", "changes.calendar.load_notice", "changes.calendar.edit_day"),
        ),
    ),
)
