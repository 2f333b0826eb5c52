"""What disclosures brings to the house."""

from __future__ import annotations

from portal.audit.queries import ALARMS_SHOWN_FOR, alarms
from portal.causes import Cause, Urgency
from portal.enrolment import Room
from portal.personal_data.rules import ALARMING_REVEALS, MOST_REVEALS

ROOM = Room(
    "disclosures",
    events={
        "disclosure.limit_neared": "查看原文接近上限",
    },
    causes=(
        Cause(
            Urgency.ALARM,
            "查看原文接近上限",
            "去查看",
            "audit.list_events",
            ("audit.read",),
            alarms("disclosure.limit_neared"),
            lambda latest: f"{latest.who} 一小时内查看 {ALARMING_REVEALS} 项以上",
            {"event": "disclosure.limit_neared"},
            f"每人一小时内最多 {MOST_REVEALS} 项；保留 {ALARMS_SHOWN_FOR.days} 天。",
            door=False,
        ),
    ),
)
