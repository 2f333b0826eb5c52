"""What outbox brings to the house."""

from __future__ import annotations

from portal.enrolment import Nightly, Room
from portal.outbox.jobs import DELIVERY, drop_old_messages
from portal.outbox.views import blueprint

ROOM = Room(
    "outbox",
    blueprint=blueprint,
    events={
        "message.dismissed": "收起消息",
    },
    subjects={
        "message": "消息",
    },
    nightly=(Nightly("drop_old_messages", drop_old_messages),),
    kinds=(DELIVERY,),
)
