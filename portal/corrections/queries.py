"""Finding the corrections of a day."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Workday
from models.types import WorkdayState
from portal.workdays.queries import BATCH


def has_open_correction(session: Session, workday_id: int) -> bool:
    """Is a correction of this entry on its way, or approved?"""
    return bool(with_open_correction(session, [workday_id]))


def with_open_correction(session: Session, ids: Sequence[int]) -> set[int]:
    """Return those of these entries of which a correction is on its way, or approved."""
    found: set[int] = set()
    for start in range(0, len(ids), BATCH):
        wanted = sa.select(Workday.corrects_id).where(
            Workday.corrects_id.in_(ids[start : start + BATCH]),
            Workday.state != WorkdayState.SUPERSEDED,
        )
        found |= {one for one in session.scalars(wanted) if one is not None}
    return found
