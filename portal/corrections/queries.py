"""Finding the corrections of a day."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Workday
from models.types import WorkdayState


def has_open_correction(session: Session, workday_id: int) -> bool:
    """Is a correction of this entry on its way, or approved?"""
    return bool(
        session.scalar(
            sa.select(
                sa.exists().where(
                    Workday.corrects_id == workday_id, Workday.state != WorkdayState.SUPERSEDED
                )
            )
        )
    )
