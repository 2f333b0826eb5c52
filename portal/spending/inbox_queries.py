"""The expenditures that wait for somebody: to be mended, booked, approved, repaid."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from models import Expenditure, ExpenditureDecision, Organisation
from models.database import Moment
from portal.access.actor import Actor
from portal.causes import Rows
from portal.procedures.queries import waits_for
from portal.spending.list_queries import WAITING_STEPS
from portal.spending.rules import LIFE


def waiting_for(verb: str) -> Callable[[Actor, Moment], Rows]:
    """Select the expenditures that wait for an actor to take a step."""

    def rows(actor: Actor, _moment: Moment) -> Rows:
        condition = waits_for(LIFE, verb, Expenditure, actor)
        last = (
            sa.select(sa.func.max(ExpenditureDecision.id))
            .where(ExpenditureDecision.expenditure_id == Expenditure.id)
            .correlate(Expenditure)
            .scalar_subquery()
        )
        return (
            sa.select(
                ExpenditureDecision.at.label("since"),
                Organisation.name.label("who"),
                Expenditure.spent_on.label("day"),
                Expenditure.payee.label("why"),
            )
            .join(Organisation, Organisation.id == Expenditure.organisation_id)
            .join(ExpenditureDecision, ExpenditureDecision.id == last)
            .where(
                sa.false() if condition is None else sa.and_(condition, WAITING_STEPS[verb](actor))
            )
        )

    return rows
