"""What stands in the way of taking back the nominations of a file."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models import Assignment, AssignmentDecision, ImportBatch, Pairing, Person, Workday
from models.types import AssignmentState, WorkdayState
from portal.access.scope import within
from portal.deeds import Deed
from portal.imports.undo_rules import OUT_OF_REACH, SHOWN, UndoEffect, UndoObstacle, UndoOutcome


def effect_on_nominations(deed: Deed, batch: ImportBatch, *, holds: bool) -> UndoEffect:
    """Return what taking back a file of nominations would do: those that wait are withdrawn."""
    session, brought = deed.session, Assignment.import_id == batch.id
    if holds:
        session.execute(
            sa.select(Assignment.id).where(brought).order_by(Assignment.id).with_for_update()
        ).all()
    days = (
        sa.select(sa.func.count())
        .where(Workday.assignment_id == Assignment.id, Workday.state != WorkdayState.SUPERSEDED)
        .scalar_subquery()
    )
    one = aliased(AssignmentDecision)
    latest = (
        sa.select(sa.func.max(one.id)).where(one.assignment_id == Assignment.id).scalar_subquery()
    )
    judge = Person.__table__.alias()
    rows = session.execute(
        sa.select(
            Person.name.concat("，").concat(Pairing.code),
            Assignment.state,
            days,
            judge.c.name,
            AssignmentDecision.at,
            within(Assignment, deed.actor, "assignment.write"),
        )
        .select_from(Assignment)
        .join(Person, Person.id == Assignment.person_id)
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .join(AssignmentDecision, AssignmentDecision.id == latest)
        .outerjoin(judge, judge.c.id == AssignmentDecision.person_id)
        .where(brought)
        .order_by(Assignment.id)
    ).all()
    blocked = [
        UndoObstacle(label, f"已有 {logged} 条工作日志" if logged else state.label, name or "", at)
        for label, state, logged, name, at, _ in rows
        if logged or state is not AssignmentState.NOMINATED
    ]
    return UndoEffect(
        removed=len(rows),
        outcomes=tuple(UndoOutcome(row[0], is_removed=True) for row in rows[:SHOWN]),
        blocked=len(blocked),
        obstacles=tuple(blocked[:SHOWN]),
        refusals=() if all(row[-1] for row in rows) else (OUT_OF_REACH,),
    )
