"""Taking back the days that a file brought, while nobody has decided on any of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from models import ImportBatch, Person, Workday, WorkdayDecision
from models.types import WorkdayState
from portal.access.scope import within
from portal.deeds import Deed
from portal.imports.kinds.workday_fact_rules import HIGHEST
from portal.imports.undo_queries import UNDOING
from portal.imports.undo_rules import OUT_OF_REACH, SHOWN, UndoEffect, UndoObstacle, UndoOutcome
from portal.programme.rules import refusals_for_closed_years
from portal.totals.actions import refresh
from portal.workdays.fact_queries import closed_keys
from portal.workdays.life_rules import LIFE
from portal.workdays.rules import halves_for
from portal.workdays.set_actions import decide_where

STEP = LIFE.step("import_undone")


class _Year(NamedTuple):
    """Days of a file in a pairing and year: how many can be taken back, and how many cannot."""

    pairing_id: int
    year: int
    untouched: int
    touched: int


def effect_on_days(deed: Deed, batch: ImportBatch, *, holds: bool) -> UndoEffect:
    """Return what taking back a file of days would do; what was decided on names who did."""
    session, brought = deed.session, Workday.import_id == batch.id
    if holds:
        session.execute(
            sa.select(Workday.id).where(brought).order_by(Workday.id).with_for_update()
        ).all()
    years = _years(deed, batch.id)
    blocked = sum(one.touched for one in years)
    closed = sorted({year for _, year in closed_keys(session, years)})
    return UndoEffect(
        removed=sum(one.untouched + one.touched for one in years),
        outcomes=tuple(
            UndoOutcome(label, is_removed=True) for label in session.scalars(_labels(brought))
        ),
        blocked=blocked,
        obstacles=tuple(_touched(deed, batch.id)) if blocked else (),
        refusals=(
            *([OUT_OF_REACH] if _is_lost(deed, batch.id) else []),
            *refusals_for_closed_years(closed, UNDOING),
        ),
    )


def take_back_days(deed: Deed, batch: ImportBatch) -> int:
    """Let the days of a file be void and their dates free; return how many there were."""
    session = deed.session
    years = _years(deed, batch.id)
    done = decide_where(
        deed,
        _untouched(batch.id),
        kind=sa.literal(STEP.verb),
        state=sa.literal(WorkdayState.SUPERSEDED, Workday.state.type),
        reason=f"撤销导入：{batch.file_name}",
        columns=halves_for(0, (False, False)),
    )
    session.expire_all()
    refresh(session, {(one.pairing_id, one.year) for one in years})
    return done


def _is_lost(deed: Deed, import_id: int) -> bool:
    """Has the actor lost the role by which the days of a file came in?"""
    reached = sa.or_(*(within(Workday, deed.actor, permission) for permission in HIGHEST))
    lost = sa.exists().where(Workday.import_id == import_id, sa.not_(reached))
    return bool(deed.session.scalar(sa.select(lost)))


def _labels(which: sa.ColumnElement[bool]) -> sa.Select[str]:
    """Select what the first days are called: who, and the date."""
    return (
        sa.select(Person.name.concat(" ").concat(sa.cast(Workday.worked_on, sa.Text)))
        .select_from(Workday)
        .join(Person, Person.id == Workday.person_id)
        .where(which)
        .order_by(Workday.worked_on, Workday.id)
        .limit(SHOWN)
    )


def _untouched(import_id: int) -> sa.ColumnElement[bool]:
    """Say that a day stands as it came in: whatever is decided on one raises its version."""
    return sa.and_(
        Workday.import_id == import_id, Workday.state.in_(STEP.source), Workday.version == 1
    )


def _years(deed: Deed, import_id: int) -> list[_Year]:
    is_untouched = sa.case((_untouched(import_id), 1), else_=0)
    rows: Any = deed.session.execute(
        sa.select(
            Workday.pairing_id,
            Workday.year,
            sa.func.sum(is_untouched),
            sa.func.sum(1 - is_untouched),
        )
        .where(Workday.import_id == import_id)
        .group_by(Workday.pairing_id, Workday.year)
    )
    return [_Year(pairing_id, year, int(good), int(bad)) for pairing_id, year, good, bad in rows]


def _touched(deed: Deed, import_id: int) -> Iterator[UndoObstacle]:
    """Yield the first days that do not stand as they came, with who decided last."""
    one = aliased(WorkdayDecision)
    latest = sa.select(sa.func.max(one.id)).where(one.workday_id == Workday.id).scalar_subquery()
    judge = Person.__table__.alias()
    which = sa.and_(Workday.import_id == import_id, sa.not_(_untouched(import_id)))
    rows = deed.session.execute(
        _labels(which)
        .add_columns(Workday.state, judge.c.name, WorkdayDecision.at)
        .outerjoin(WorkdayDecision, WorkdayDecision.id == latest)
        .outerjoin(judge, judge.c.id == WorkdayDecision.person_id)
    )
    for label, state, name, at in rows:
        yield UndoObstacle(label, state.label, name or "", at)
