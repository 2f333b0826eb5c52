"""What workdays brings to the house."""

from __future__ import annotations

from models.types import Side, WorkdayState
from portal.asked import TEXT, Target
from portal.causes import Cause, Urgency
from portal.documents.listing_jobs import kind_of
from portal.doors import Chapter, Door, Menu, Topic
from portal.enrolment import Room
from portal.finding import ObjectPage
from portal.workdays.check_queries import CHECKS
from portal.workdays.inbox_queries import own_drafts, waiting_for
from portal.workdays.listing_export import LISTING
from portal.workdays.search_queries import list_opened
from portal.workdays.views import blueprint
from portal.workdays.waiting_queries import all_of, counts_of_days

RETURNED_SHOWN = 10
"""Returned days whose reasons the first page tells: those of one batch share theirs."""

ROOM = Room(
    "workdays",
    blueprint=blueprint,
    door=Door(
        "工作日志",
        "workdays.list_workdays",
        "workday.read",
        counts_of_days,
        menu=Menu.DEEDS,
        whole=all_of,
    ),
    further=(Door("填报工作日", "workdays.log_workday", "workday.write"),),
    events={
        "workday.logged": "填报日志",
        "workday.edited": "修改日志",
        "workday.submitted": "提交日志",
        "workday.deleted": "删除日志草稿",
        "workday.recalled": "收回日志",
    },
    subjects={
        "workday": "工作日志",
    },
    facts={
        "days": "天数",
        "submitted": "已提交",
        "worked_on": "日期",
    },
    causes=(
        Cause(
            Urgency.OWN_WORK,
            "被退回的日志",
            "去修改",
            "workdays.list_workdays",
            ("workday.write",),
            waiting_for("resubmitted"),
            lambda latest: f"{latest.day_words}“{latest.why}”" if latest.why else latest.day_words,
            {"state": WorkdayState.RETURNED.value},
            "修改后重新提交，否则不计入。",
            single=("workdays.edit_workday", "workday_id"),
            shown=RETURNED_SHOWN,
        ),
        Cause(
            Urgency.OWN_WORK,
            "尚未提交的草稿",
            "去提交",
            "workdays.list_workdays",
            ("workday.write",),
            own_drafts,
            lambda latest: latest.day_words,
            {"state": WorkdayState.DRAFT.value},
            single=("workdays.show_workday", "workday_id"),
        ),
    ),
    checks=CHECKS,
    lists=(
        Target(
            "工作日志",
            "workdays.list_workdays",
            "workday.read",
            {
                "状态": ("state", WorkdayState),
                "角色": ("side", Side),
                "姓名": ("person", TEXT),
                "结对": ("pairing", TEXT),
                "年度": ("year", TEXT),
            },
            "",
        ),
    ),
    objects=(
        ObjectPage("workday", "workdays.show_workday", "workday_id", "workday.read", list_opened),
    ),
    topics=(
        Topic(
            "log-workday",
            "填报工作日",
            "在月历上点一天或几天，写一句话；可存草稿、可补录。",
            Chapter.DAYS,
            ("workday.write",),
            Door("填报工作日", "workdays.log_workday", "workday.write"),
            ("workdays.log_workday", "workdays.show_receipt", "workdays.list_workdays"),
        ),
        Topic(
            "mend-returned",
            "被退回怎么改",
            "看退回原因、修改、重新提交，或作废。",
            Chapter.DAYS,
            ("workday.write",),
            Door("查看我的日志", "workdays.list_workdays", "workday.write"),
            ("workdays.edit_workday", "workdays.show_workday"),
        ),
    ),
    kinds=(kind_of(LISTING),),
)
