"""The records that wait: for the organisation to answer or mend, for the province to look at what it said."""

from __future__ import annotations

from collections.abc import Callable, Collection

import sqlalchemy as sa

from models import FundReview, FundReviewDecision, Organisation
from models.database import Moment
from models.types import FundReviewState
from portal.access.actor import Actor
from portal.causes import Rows
from portal.oversight.rules import LIFE
from portal.procedures.queries import waits_for


def waiting_in(verb: str, states: Collection[FundReviewState]) -> Callable[[Actor, Moment], Rows]:
    """Select the records in some states that wait for an actor to take a step."""

    def rows(actor: Actor, _moment: Moment) -> Rows:
        condition = waits_for(LIFE, verb, FundReview, actor)
        last = (
            sa.select(sa.func.max(FundReviewDecision.id))
            .where(FundReviewDecision.review_id == FundReview.id)
            .correlate(FundReview)
            .scalar_subquery()
        )
        return (
            sa.select(
                FundReviewDecision.at.label("since"),
                Organisation.name.label("who"),
                FundReview.mend_by.label("day"),
                sa.cast(FundReview.year, sa.Text).label("why"),
                FundReview.public_id.label("one"),
            )
            .join(Organisation, Organisation.id == FundReview.organisation_id)
            .join(FundReviewDecision, FundReviewDecision.id == last)
            .where(
                sa.false()
                if condition is None
                else sa.and_(condition, FundReview.state.in_(list(states)))
            )
        )

    return rows
