"""What waits for somebody's decision: the manager's queue and the county's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Pairing, Person, Region, Workday, WorkdayDecision
from models.types import Task, WorkMode
from portal.access.actor import Actor
from portal.access.scope import within
from portal.paging import Order, Slice, read_slice
from portal.pairings.queries import bears_code
from portal.pairings.rules import normalise_code
from portal.procedures.queries import in_states
from portal.workdays.life_rules import LIFE, NOT_OWN
from portal.workdays.list_queries import ROW_COLUMNS, WorkdayRow, joined, of_people_called

QUEUE_SIZE = 200
"""Rows of a queue on a page; what is decided makes room for the next."""


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

    ``reason`` is why a correction was asked for; ``is_in_effect`` is of the pairing.
    """

    day: WorkdayRow
    county_name: str
    description: str
    late_reason: str | None
    township_code: str | None
    reason: str | None
    old: Old | None
    is_own: bool
    is_in_effect: bool

    @property
    def token(self) -> str | None:
        """None for an entry that this person may not decide on, or nobody before its pairing is."""
        if self.is_own or not self.is_in_effect:
            return None
        return f"{self.day.id}-{self.day.version}"

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
class Group:
    """Entries that belong together: a person's week, or a pairing."""

    title: str
    rows: list[QueueRow]

    @property
    def days(self) -> str:
        return f"{sum(row.day.half_days for row in self.rows) / 2:g}"


def list_to_confirm(session: Session, actor: Actor, **asked: str | None) -> Slice[QueueRow]:
    """Return what waits for the own organisation's manager, by person and date."""
    orders = (
        Order(Person.name_order),
        Order(Workday.person_id),
        Order(Workday.worked_on),
        Order(Workday.id),
    )
    return _queue(session, actor, "confirmed", orders, **asked)


def list_to_approve(session: Session, actor: Actor, **asked: str | None) -> Slice[QueueRow]:
    """Return what waits for the county, by pairing, person and date."""
    orders = (
        Order(Pairing.code),
        Order(Person.name_order),
        Order(Workday.worked_on),
        Order(Workday.id),
    )
    return _queue(session, actor, "approved", orders, **asked)


def _queue(
    session: Session,
    actor: Actor,
    verb: str,
    orders: Sequence[Order],
    *,
    pairing: str | None = None,
    person: str | None = None,
    cursor: str | None = None,
) -> Slice[QueueRow]:
    step, old = LIFE.step(verb), aliased(Workday)
    assert step.permission is not None  # of every step that a queue waits for
    wanted = (
        joined(
            sa.select(
                *ROW_COLUMNS,
                Region.name,
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
                Pairing.confirmed_at.is_not(None),
            )
        )
        .join(Region, Region.code == Pairing.county_code)
        .outerjoin(old, old.id == Workday.corrects_id)
        .where(within(Workday, actor, step.permission), in_states(Workday, step.source))
    )
    if pairing:
        wanted = wanted.where(bears_code([normalise_code(pairing)]))
    if person:
        wanted = wanted.where(of_people_called(session, person).condition)

    def make(row: Sequence[Any]) -> QueueRow:
        count = len(ROW_COLUMNS)
        day = WorkdayRow(*row[:count])
        county, description, late_reason, township, reason, old_id, *before, in_effect = row[count:]
        return QueueRow(
            day=day,
            county_name=county,
            description=description,
            late_reason=late_reason,
            township_code=township,
            reason=reason if old_id is not None else None,
            old=Old(*before) if old_id is not None else None,
            is_own=actor.person_id in (getattr(day, name) for name in NOT_OWN.columns),
            is_in_effect=bool(in_effect),
        )

    return read_slice(session, wanted, orders, cursor=cursor, make=make, size=QUEUE_SIZE)


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


def by_person_and_week(rows: Sequence[QueueRow]) -> list[Group]:
    """Group a queue by person and calendar week, Monday to Sunday."""

    def key(row: QueueRow) -> tuple[int, date]:
        return row.day.person_id, _monday(row.day.worked_on)

    groups = []
    for (_, monday), some in groupby(rows, key):
        found = list(some)
        sunday = monday + timedelta(days=6)
        span = f"{monday.month}月{monday.day}日—{sunday.month}月{sunday.day}日"
        groups.append(Group(f"{found[0].day.person_name} · {span}", found))
    return groups


def by_pairing(rows: Sequence[QueueRow]) -> list[Group]:
    """Group a queue by pairing."""
    groups = []
    for code, some in groupby(rows, lambda row: row.day.pairing_code):
        found = list(some)
        groups.append(Group(f"{code} · {found[0].county_name}", found))
    return groups


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
