"""For whom a manager may write, what waits for the person, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Assignment, Pairing, Person, Region, Workday, WorkdayDecision
from models.types import AssignmentState, Side, WorkdayState
from portal.access.actor import Actor
from portal.access.scope import within
from portal.workdays.inbox_queries import is_proposed

SHOWN_FOR = timedelta(days=60)
"""So long the page shows what became of an activity."""

OVER_FOR = timedelta(days=60)
"""So long after its end a term is still offered: what was forgotten may be late, but not that late."""

SHOWN_ON_HOME = 10
"""Days written by others that the first page shows with their buttons; the rest is in the list."""


class OwnTeam(NamedTuple):
    """The own organisation's people in a pairing, on their side."""

    pairing_id: int
    code: str
    county_code: str
    county_name: str
    side: Side

    @property
    def key(self) -> str:
        return f"{self.code}.{self.side.value}"

    @property
    def label(self) -> str:
        return f"{self.county_name}（{self.code}，{self.side.label}）"


class TeamMember(NamedTuple):
    """Somebody for whom a manager may write a day."""

    person_id: int
    public_id: str
    name: str


def list_teams(session: Session, actor: Actor, today: date) -> list[OwnTeam]:
    """Return the teams of an actor's organisation whose term has begun, those at work first."""
    rows = session.execute(
        sa.select(
            Pairing.id,
            Pairing.code,
            Pairing.county_code,
            Region.name,
            Assignment.side,
        )
        .select_from(Assignment)
        .join(Pairing, Pairing.id == Assignment.pairing_id)
        .join(Region, Region.code == Pairing.county_code)
        .where(
            within(Assignment, actor, "workday.propose"),
            Assignment.state != AssignmentState.REJECTED,
            Assignment.starts_on <= today,
            Assignment.ends_on >= today - OVER_FOR,
            Pairing.confirmed_at.is_not(None),
        )
        .group_by(Pairing.id, Pairing.code, Pairing.county_code, Region.name, Assignment.side)
        .order_by(sa.func.max(Assignment.ends_on).desc(), Pairing.code)
    )
    return [OwnTeam._make(row) for row in rows]


def list_members(session: Session, actor: Actor, team: OwnTeam, today: date) -> list[TeamMember]:
    """Return the people of a team by name, without the actor, who logs the own day alone."""
    rows = session.execute(
        sa.select(Person.id, Person.public_id, Person.name)
        .join(Assignment, Assignment.person_id == Person.id)
        .where(
            within(Assignment, actor, "workday.propose"),
            Assignment.pairing_id == team.pairing_id,
            Assignment.side == team.side,
            Assignment.state != AssignmentState.REJECTED,
            Assignment.starts_on <= today,
            Assignment.ends_on >= today - OVER_FOR,
            Person.id.is_distinct_from(actor.person_id),
        )
        .group_by(Person.id, Person.public_id, Person.name, Person.name_order)
        .order_by(Person.name_order, Person.id)
    )
    return [TeamMember._make(row) for row in rows]


class ProposedDay(NamedTuple):
    """A day that somebody else wrote for a person, who has yet to confirm it."""

    id: int
    version: int
    worked_on: date
    half_days: int
    description: str
    pairing_code: str
    writer: str

    @property
    def token(self) -> str:
        return f"{self.id}-{self.version}"


def list_proposals(session: Session, actor: Actor) -> list[ProposedDay]:
    """Return the days that others wrote for an actor, the oldest first."""
    writer = aliased(Person)
    rows = session.execute(
        sa.select(
            Workday.id,
            Workday.version,
            Workday.worked_on,
            Workday.half_days,
            Workday.description,
            Pairing.code,
            writer.name,
        )
        .join(Pairing, Pairing.id == Workday.pairing_id)
        .join(writer, writer.id == Workday.entered_by_person_id)
        .where(within(Workday, actor, "workday.write"), is_proposed())
        .order_by(Workday.worked_on, Workday.id)
        .limit(SHOWN_ON_HOME)
    )
    return [ProposedDay._make(row) for row in rows]


class DayAnswer(NamedTuple):
    """What a person made of a day that was written for them."""

    workday_id: int
    version: int
    name: str
    state: WorkdayState
    kind: str


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity as its writer sees it: who was there, who has confirmed."""

    worked_on: date
    pairing_code: str
    description: str
    answers: Sequence[DayAnswer]

    @property
    def waiting(self) -> list[DayAnswer]:
        return [one for one in self.answers if one.state == WorkdayState.DRAFT]

    @property
    def declined(self) -> list[DayAnswer]:
        return [one for one in self.answers if one.kind == "declined"]

    @property
    def withdrawn(self) -> list[DayAnswer]:
        return [one for one in self.answers if one.kind == "withdrawn"]

    @property
    def taken_up(self) -> int:
        """How many have made it a day of their own."""
        return len(self.answers) - len(self.waiting) - len(self.declined) - len(self.withdrawn)

    @property
    def tokens(self) -> list[str]:
        """What may still be taken back, each as it is shown."""
        return [f"{one.workday_id}-{one.version}" for one in self.waiting]


def list_activities(session: Session, actor: Actor, now: datetime) -> list[Activity]:
    """Return what an actor wrote for others of late, the latest first (one query)."""
    begun, last = aliased(WorkdayDecision), aliased(WorkdayDecision)
    latest = sa.select(sa.func.max(last.id)).where(last.workday_id == Workday.id).scalar_subquery()
    decided = aliased(WorkdayDecision)
    rows = session.execute(
        sa.select(
            begun.at,
            Workday.worked_on,
            Pairing.code,
            Workday.description,
            Workday.id,
            Workday.version,
            Person.name,
            Workday.state,
            decided.kind,
        )
        .select_from(Workday)
        .join(begun, sa.and_(begun.workday_id == Workday.id, begun.kind == "proposed"))
        .join(decided, decided.id == latest)
        .join(Pairing, Pairing.id == Workday.pairing_id)
        .join(Person, Person.id == Workday.person_id)
        .where(
            within(Workday, actor, "workday.propose"),
            Workday.entered_by_person_id == actor.person_id,
            Workday.person_id != actor.person_id,
            Workday.entered_at >= now - SHOWN_FOR,
        )
        .order_by(begun.at.desc(), Workday.worked_on, Pairing.code, Person.name_order, Workday.id)
    ).all()
    return [
        Activity(day, code, some[0][3], [DayAnswer._make(row[4:]) for row in some])
        for (_, day, code), found in groupby(rows, key=lambda row: (row[0], row[1], row[2]))
        if (some := list(found))
    ]
