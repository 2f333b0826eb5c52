"""The queues of the manager and of the county: a page of ordinary days, or of others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Workday, WorkdayDecision
from models.database import run
from models.types import Task, WorkMode
from portal.access.actor import Actor
from portal.confirmations.attention_queries import MOST_READ, QueueAsked, WaitingDay, list_waiting
from portal.confirmations.rules import Attention, Tab
from portal.workdays.fact_queries import facts_of_days
from portal.workdays.life_rules import NOT_OWN
from portal.workdays.list_queries import ROW_COLUMNS, WorkdayRow, joined

QUEUE_SIZE = 200
"""Rows of a queue on a page; what is decided makes room for the next."""

SHOWN: sa.BindParameter[Any] = sa.bindparam("shown", expanding=True)

MOST_AT_ONCE = 500
"""Ordinary entries on which one button decides."""


class Old(NamedTuple):
    """The original of a correction, as far as a decision on it asks."""

    half_days: int
    mode: WorkMode
    task: Task | None
    township_code: str | None
    description: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """An entry that waits for a decision. ``token`` names it in the version that is shown.

    ``reason`` is why a correction was asked for.
    """

    day: WorkdayRow
    reasons: tuple[Attention, ...]
    description: str
    late_reason: str | None
    township_code: str | None
    reason: str | None
    old: Old | None
    is_own: bool

    @property
    def token(self) -> str | None:
        """None for an entry that this person may not decide on, or nobody before its pairing is."""
        if {Attention.NOT_YOURS, Attention.NOT_IN_EFFECT} & set(self.reasons):
            return None
        return self.day.token

    @property
    def label(self) -> str:
        return f"{self.day.person_name} {self.day.worked_on}"

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """What a correction changes: label, old, new."""
        if self.old is None:
            return []
        pairs = (
            ("天数", f"{self.old.half_days / 2:g} 天", f"{self.day.days} 天"),
            ("方式", self.old.mode.label, self.day.mode.label),
            ("任务", _label(self.old.task), _label(self.day.task)),
            ("地点", self.old.township_code or "未填", self.township_code or "未填"),
            ("内容", self.old.description, self.description),
        )
        return [pair for pair in pairs if pair[1] != pair[2]]


def _label(task: Task | None) -> str:
    return task.label if task else "未标注"


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of one tab of a queue, and what all of it comes to.

    ``reasons`` counts why entries need attention, whichever is asked for. ``tokens`` name the ordinary entries, those of other pages too, but no more than one button decides
    on. ``is_cut`` says that more wait than were read.
    """

    rows: list[QueueRow]
    tab: Tab
    counts: dict[Tab, int]
    reasons: dict[Attention, int]
    days: str
    tokens: list[str]
    page: int
    pages: int
    is_cut: bool

    @property
    def count(self) -> int:
        """All that waits, in both tabs."""
        return sum(self.counts.values())


def read_queue(
    session: Session,
    actor: Actor,
    verb: str,
    asked: QueueAsked,
    *,
    tab: Tab | None = None,
    page: int = 1,
) -> Queue:
    """Return a page of what waits for a step by an actor (three queries).

    Without a tab the ordinary entries are shown, unless there are none.
    """
    found = list_waiting(session, actor, verb, asked)
    is_cut, found = len(found) > MOST_READ, found[:MOST_READ]
    said = Counter(reason for one in found for reason in one.reasons)
    waiting = [one for one in found if asked.reason is None or asked.reason in one.reasons]
    parts = {
        Tab.ORDINARY: [one for one in waiting if not one.reasons],
        Tab.NOTED: [one for one in waiting if one.reasons],
    }
    tab = tab or (Tab.ORDINARY if parts[Tab.ORDINARY] or not waiting else Tab.NOTED)
    some = parts[tab]
    pages = max(1, -(-len(some) // QUEUE_SIZE))
    page = min(max(page, 1), pages)
    shown = some[(page - 1) * QUEUE_SIZE : page * QUEUE_SIZE]
    return Queue(
        rows=_rows(session, actor, shown),
        tab=tab,
        counts={one: len(part) for one, part in parts.items()},
        reasons={one: said[one] for one in Attention if said[one]},
        days=f"{sum(one.half_days for one in some) / 2:g}",
        tokens=[one.token for one in parts[Tab.ORDINARY][:MOST_AT_ONCE]],
        page=page,
        pages=pages,
        is_cut=is_cut,
    )


# ---- the rows of a page


def _rows(session: Session, actor: Actor, shown: Sequence[WaitingDay]) -> list[QueueRow]:
    """Return the rows of a page in its order (one query)."""
    if not shown:
        return []
    rows = run(session, _shown(), {SHOWN.key: [one.id for one in shown]})
    found = {row[0]: row for row in rows}
    # Read in one snapshot, so that none is missing.
    return [_row(found[one.id], one.reasons, actor) for one in shown]


@cache
def _shown() -> sa.Select[Any]:
    old = aliased(Workday)
    return (
        joined(
            sa.select(
                *ROW_COLUMNS,
                Workday.description,
                Workday.late_reason,
                Workday.township_code,
                _first_reason(),
                old.id,
                old.half_days,
                old.mode,
                old.task,
                old.township_code,
                old.description,
            )
        )
        .outerjoin(old, old.id == Workday.corrects_id)
        .where(Workday.id.in_(SHOWN))
    )


def _row(row: Sequence[Any], reasons: tuple[Attention, ...], actor: Actor) -> QueueRow:
    count = len(ROW_COLUMNS)
    day = WorkdayRow(*row[:count])
    description, late_reason, township, reason, old_id, *before = row[count:]
    return QueueRow(
        day=day,
        reasons=reasons,
        description=description,
        late_reason=late_reason,
        township_code=township,
        reason=reason if old_id is not None else None,
        old=Old(*before) if old_id is not None else None,
        is_own=actor.person_id in (getattr(day, name) for name in NOT_OWN.columns),
    )


def _first_reason() -> sa.ScalarSelect[str | None]:
    """Return the reason with which an entry was first handed in: only a correction has one."""
    return (
        sa.select(WorkdayDecision.reason)
        .where(WorkdayDecision.workday_id == Workday.id)
        .order_by(WorkdayDecision.at, WorkdayDecision.id)
        .limit(1)
        .correlate(Workday)
        .scalar_subquery()
    )


# ---- what was chosen


class ChosenDay(NamedTuple):
    """An entry that was ticked, as the question about it shows it; ``token`` as it stands now."""

    id: int
    token: str
    label: str
    days: str
    description: str


def list_chosen(session: Session, workdays: Sequence[Workday]) -> list[ChosenDay]:
    """Return what was ticked, each with whose it is (three queries for each 400)."""
    facts = facts_of_days(session, workdays)
    return [
        ChosenDay(
            one.id,
            f"{one.id}-{one.version}",
            fact.label,
            f"{one.half_days / 2:g}",
            one.description,
        )
        for one, fact in zip(workdays, facts, strict=True)
    ]
