"""What demo brings to the house."""

from __future__ import annotations

from portal.demo.commands import demo
from portal.enrolment import Room

ROOM = Room(
    "demo",
    events={
        "demo.loaded": "装入演示数据",
    },
    facts={
        "accounts": "账号",
        "pairings": "结对",
        "workdays": "工作日志",
    },
    commands=(demo,),
)
