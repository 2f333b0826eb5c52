"""The messages that wait for an answer."""

from __future__ import annotations

import sqlalchemy as sa

from models import Feedback
from models.database import Moment
from models.types import FeedbackState
from portal.access.actor import Actor
from portal.causes import NO_DAY, NO_WORDS, Rows


def open_messages(_actor: Actor, _moment: Moment) -> Rows:
    return sa.select(
        Feedback.sent_at.label("since"),
        sa.cast(Feedback.kind, sa.Text).label("who"),
        NO_DAY.label("day"),
        NO_WORDS.label("why"),
    ).where(Feedback.state == FeedbackState.OPEN)
