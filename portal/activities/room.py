"""What activities brings to the house."""

from __future__ import annotations

from models.types import WorkdayState
from portal.activities.demo_actions import propose_training
from portal.activities.rules import PROPOSED
from portal.activities.views import blueprint
from portal.causes import Cause, Urgency
from portal.doors import Chapter, Door, Topic
from portal.enrolment import Room
from portal.workdays.inbox_queries import proposals

ROOM = Room(
    "activities",
    blueprint=blueprint,
    behind="workdays.list_workdays",
    further=(Door("集体活动代填", "activities.log_activity", "workday.propose"),),
    events={
        "workday.proposed": "为多人代填日志",
        "workday.accepted": "本人确认代填日志",
        "workday.declined": "本人否认代填日志",
        "workday.proposal_withdrawn": "撤回代填日志",
    },
    causes=(
        Cause(
            Urgency.OWN_WORK,
            PROPOSED,
            "去确认",
            "workdays.list_workdays",
            ("workday.write",),
            proposals,
            lambda latest: latest.day_words,
            {"state": WorkdayState.DRAFT.value},
            "确认后才算提交。",
            single=("workdays.show_workday", "workday_id"),
        ),
    ),
    topics=(
        Topic(
            "log-activity",
            "集体活动代填",
            "一次为多人填一项活动，各人一点即确认。",
            Chapter.DAYS,
            ("workday.propose", "workday.write"),
            Door("集体活动代填", "activities.log_activity", "workday.propose"),
            ("activities.log_activity",),
        ),
    ),
    demonstrate=propose_training,
)
