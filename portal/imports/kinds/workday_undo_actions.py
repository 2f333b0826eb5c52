"""Taking back the days that a file brought, while nobody has decided on any of them."""

from __future__ import annotations

from typing import Any, NamedTuple

import sqlalchemy as sa

from models import ImportBatch, Person, Workday
from models.types import WorkdayState
from portal.access.scope import within
from portal.deeds import Deed
from portal.imports.kinds.workday_fact_rules import HIGHEST
from portal.procedures.rules import CHANGED_MEANWHILE
from portal.programme.rules import refusals_for_closed_years
from portal.refusals import Conflict, Refusal, refuse_if
from portal.totals.actions import refresh
from portal.workdays.fact_queries import closed_keys
from portal.workdays.life_rules import LIFE
from portal.workdays.rules import halves_for
from portal.workdays.set_actions import decide_where

STEP = LIFE.step("import_undone")

NAMED_DAYS = 5
"""Days that a refusal names; how many more there are it says."""


class _Year(NamedTuple):
    """Days of a file in a pairing and year: how many can be taken back, and how many cannot."""

    pairing_id: int
    year: int
    untouched: int
    touched: int


def take_back_days(deed: Deed, batch: ImportBatch) -> int:
    """Let the days of a file be void and their dates free; return how many there were.

    All or none: where somebody has edited, confirmed or returned one, the refusal names it.
    """
    session = deed.session
    refuse_if(_refusals_for_reach(deed, batch.id))
    years = _years(deed, batch.id)
    closed = sorted({year for _, year in closed_keys(session, years)})
    refuse_if(
        [
            *refusals_for_closed_years(closed, "撤销这次导入"),
            *_refusals_for_touched(deed, batch.id, sum(one.touched for one in years)),
        ]
    )
    done = decide_where(
        deed,
        _untouched(batch.id),
        kind=sa.literal(STEP.verb),
        state=sa.literal(WorkdayState.SUPERSEDED, Workday.state.type),
        reason=f"撤销导入：{batch.file_name}",
        columns=halves_for(0, (False, False)),
    )
    if done != sum(one.untouched for one in years):
        raise Conflict([CHANGED_MEANWHILE])
    session.expire_all()
    refresh(session, {(one.pairing_id, one.year) for one in years})
    return done


def _refusals_for_reach(deed: Deed, import_id: int) -> list[Refusal]:
    """Say so if the actor has lost the role by which the days of a file came in."""
    reached = sa.or_(*(within(Workday, deed.actor, permission) for permission in HIGHEST))
    lost = sa.exists().where(Workday.import_id == import_id, sa.not_(reached))
    if not deed.session.scalar(sa.select(lost)):
        return []
    sentence = (
        "不能撤销：这份文件写入的日志中，有的已不在您的管辖范围内；"
        "请由现任机构负责人或县级民政部门逐条办理。"
    )
    return [Refusal("", "out_of_scope", sentence)]


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


def _refusals_for_touched(deed: Deed, import_id: int, count: int) -> list[Refusal]:
    if not count:
        return []
    rows = deed.session.execute(
        sa.select(Person.name, Workday.worked_on, Workday.state)
        .join(Person, Person.id == Workday.person_id)
        .where(Workday.import_id == import_id, sa.not_(_untouched(import_id)))
        .order_by(Workday.worked_on, Workday.id)
        .limit(NAMED_DAYS)
    )
    named = "、".join(f"{name} {day}（{state.label}）" for name, day, state in rows)
    more = "等" if count > NAMED_DAYS else ""
    sentence = (
        f"不能撤销：这份文件写入的日志中，已有 {count} 条被修改、确认或退回：{named}{more}。"
        "请逐条办理，或先由办理人撤销确认、退回。"
    )
    return [Refusal("", "wrong_state", sentence)]
