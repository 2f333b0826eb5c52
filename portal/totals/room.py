"""What totals brings to the house."""

from __future__ import annotations

from portal.enrolment import Room
from portal.totals.check_queries import CHECKS

ROOM = Room(
    "totals",
    checks=CHECKS,
)
