"""Months that somebody has declared complete, and that no longer are."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import MonthDeclaration, Pairing
from models.database import Moment
from portal.access.actor import Actor
from portal.causes import Rows
from portal.months.queries import stands


def overtaken(actor: Actor, _moment: Moment) -> Rows:
    """Select the own declarations that no longer hold, for something was handed in since."""
    _, condition = overtaken_of(actor)
    return (
        sa.select(
            MonthDeclaration.declared_at.label("since"),
            Pairing.code.label("who"),
            MonthDeclaration.month.label("day"),
            sa.cast(sa.null(), sa.Text).label("why"),
        )
        .join(Pairing, Pairing.id == MonthDeclaration.pairing_id)
        .where(sa.false() if condition is None else condition)
    )


def overtaken_of(actor: Actor) -> tuple[Any, sa.ColumnElement[bool] | None]:
    """Return the key of a declaration, and the condition of an actor's own that no longer hold."""
    if not actor.reaches("workday.write"):
        return MonthDeclaration.id, None
    condition = sa.and_(
        MonthDeclaration.person_id == actor.person_id,
        MonthDeclaration.withdrawn_at.is_(None),
        sa.not_(stands()),
    )
    return MonthDeclaration.id, condition


def reopened_months(session: Session, actor: Actor) -> list[date]:
    """Return the months that an actor has declared complete and that no longer are."""
    _, condition = overtaken_of(actor)
    if condition is None:
        return []
    months = sa.select(MonthDeclaration.month).where(condition).distinct()
    return list(session.scalars(months.order_by(MonthDeclaration.month)))
