"""What feedback brings to the house."""

from __future__ import annotations

from models.types import FeedbackKind, FeedbackState
from portal.causes import Cause, Urgency
from portal.doors import Door, Menu
from portal.enrolment import Room
from portal.feedback.demo_actions import suggest
from portal.feedback.inbox_queries import open_messages
from portal.feedback.queries import counts_of_open
from portal.feedback.views import blueprint

ROOM = Room(
    "feedback",
    blueprint=blueprint,
    door=Door("投诉建议", "feedback.list_inbox", "feedback.read", counts_of_open, menu=Menu.CARE),
    further=(
        Door("提出投诉建议", "feedback.send_feedback", "self.use"),
        Door("我的投诉建议和答复", "feedback.list_own", "self.use"),
    ),
    events={
        "feedback.sent": "提交投诉建议",
        "feedback.answered": "答复投诉建议",
    },
    subjects={
        "feedback": "投诉建议",
    },
    code_words={
        **{one.value: one.label for one in FeedbackKind},
        **{one.value: one.label for one in FeedbackState},
    },
    causes=(
        Cause(
            Urgency.DECISION,
            "待答复的投诉建议",
            "去答复",
            "feedback.list_inbox",
            ("feedback.answer",),
            open_messages,
            lambda latest: FeedbackKind(latest.who).label,
            {"state": FeedbackState.OPEN.value},
        ),
    ),
    demonstrate=suggest,
)
