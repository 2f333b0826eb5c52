"""What disputes brings to the house."""

from __future__ import annotations

from portal.causes import Cause, Urgency
from portal.disputes.demo_actions import dispute_a_day
from portal.disputes.queries import disputed_within
from portal.disputes.rules import PartnerScope
from portal.disputes.views import blueprint
from portal.doors import Chapter, Door, Topic
from portal.enrolment import Room
from portal.workdays.inbox_queries import OTHER_SIDE, OWN_SIDE, disputed_for, to_settle

ROOM = Room(
    "disputes",
    blueprint=blueprint,
    behind="workdays.list_workdays",
    further=(
        Door("对方填报的工作日志", "disputes.list_partner_days", "workday.dispute"),
        Door("有异议的工作日志", "disputes.list_disputed", "workday.read"),
    ),
    events={
        "workday.disputed": "对日志提出异议",
        "workday.dispute_withdrawn": "撤回对日志的异议",
        "workday.dispute_dismissed": "认定异议不成立",
        "workday.dispute_upheld": "认定异议成立",
        "workday.dispute_upheld_undone": "撤销认定异议成立",
    },
    causes=(
        Cause(
            Urgency.OWN_WORK,
            "对方提出异议的日志",
            "去处理",
            "disputes.list_disputed",
            OWN_SIDE,
            disputed_within(lambda actor: disputed_for(actor, OWN_SIDE)),
            lambda latest: f"{latest.who} {latest.day_words}“{latest.why}”",
            hint="了结之前不能核准。",
            single=("workdays.show_workday", "workday_id"),
        ),
        Cause(
            Urgency.DECISION,
            "待认定的异议",
            "去认定",
            "disputes.list_disputed",
            ("workday.approve",),
            disputed_within(to_settle),
            lambda latest: f"{latest.who} {latest.day_words}“{latest.why}”",
            hint="认定之前不能核准。",
            single=("workdays.show_workday", "workday_id"),
        ),
        Cause(
            Urgency.UPKEEP,
            "本机构提出的异议",
            "去查看",
            "disputes.list_partner_days",
            OTHER_SIDE,
            disputed_within(lambda actor: disputed_for(actor, OTHER_SIDE)),
            lambda latest: f"{latest.who} {latest.day_words}",
            {"scope": PartnerScope.DISPUTED.value},
            "对方更正后重新提交，或您撤回异议，即告了结。",
        ),
    ),
    topics=(
        Topic(
            "dispute-days",
            "对方填报的日子和异议",
            "看结对另一方填报的日子，不符的提出异议。",
            Chapter.DAYS,
            ("workday.dispute", "workday.read"),
            Door("对方填报的工作日志", "disputes.list_partner_days", "workday.dispute"),
            (
                "disputes.list_partner_days",
                "disputes.list_disputed",
                "disputes.dismiss_dispute",
                "disputes.uphold_dispute",
            ),
        ),
    ),
    demonstrate=dispute_a_day,
)
