"""What changes brings to the house."""

from __future__ import annotations

from portal.changes.commands import programme, work_year
from portal.changes.views import blueprint
from portal.enrolment import Room

ROOM = Room(
    "changes",
    blueprint=blueprint,
    commands=(
        programme,
        work_year,
    ),
)
