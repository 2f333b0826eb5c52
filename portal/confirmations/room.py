"""What confirmations brings to the house."""

from __future__ import annotations

from portal.causes import Cause, Urgency
from portal.confirmations.demo_actions import lay_days
from portal.confirmations.views import blueprint
from portal.doors import Chapter, Door, Topic
from portal.enrolment import Room
from portal.workdays.inbox_queries import waiting_for

ROOM = Room(
    "confirmations",
    blueprint=blueprint,
    behind="workdays.list_workdays",
    further=(
        Door("待确认的工作日志", "confirmations.confirm_workdays", "workday.confirm"),
        Door("团队月历", "confirmations.show_grid", "workday.confirm"),
        Door("待核准的工作日志", "confirmations.approve_workdays", "workday.approve"),
    ),
    events={
        "workday.confirmed": "确认日志",
        "workday.approved": "核准日志",
        "workday.returned": "退回日志",
        "workday.confirmed_undone": "撤销确认日志",
        "workday.approved_undone": "撤销核准日志",
        "workday.returned_undone": "撤销退回日志",
    },
    causes=(
        Cause(
            Urgency.DECISION,
            "待确认的工作日志",
            "去确认",
            "confirmations.confirm_workdays",
            ("workday.confirm",),
            waiting_for("confirmed"),
            lambda latest: f"{latest.who} {latest.day_words}",
        ),
        Cause(
            Urgency.DECISION,
            "待核准的工作日志",
            "去核准",
            "confirmations.approve_workdays",
            ("workday.approve",),
            waiting_for("approved"),
            lambda latest: f"{latest.who} {latest.day_words}",
        ),
    ),
    topics=(
        Topic(
            "confirm-workdays",
            "确认本机构日志",
            "机构负责人成批核对、确认或退回。",
            Chapter.DAYS,
            ("workday.confirm",),
            Door("打开待确认", "confirmations.confirm_workdays", "workday.confirm"),
            (
                "confirmations.confirm_workdays",
                "confirmations.return_to_person",
                "confirmations.return_to_people",
                "confirmations.show_grid",
            ),
        ),
        Topic(
            "approve-workdays",
            "核准日志",
            "县级民政部门核准后，天数才计入。",
            Chapter.DAYS,
            ("workday.approve",),
            Door("打开待核准", "confirmations.approve_workdays", "workday.approve"),
            (
                "confirmations.approve_workdays",
                "confirmations.return_from_county",
                "confirmations.return_many_from_county",
            ),
        ),
    ),
    demonstrate=lay_days,
)
