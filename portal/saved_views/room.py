"""What saved_views brings to the house."""

from __future__ import annotations

from portal.enrolment import Room
from portal.saved_views.views import blueprint

ROOM = Room(
    "saved_views",
    blueprint=blueprint,
    events={
        "saved_view.saved": "保存视图",
        "saved_view.deleted": "删除视图",
    },
    subjects={
        "saved_view": "视图",
    },
    facts={
        "shared_with": "共享给",
    },
)
