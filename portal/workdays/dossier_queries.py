"""One working day with all that belongs to it: its facts, how it stands, who decided what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Assignment,
    Organisation,
    Pairing,
    Person,
    Region,
    Township,
    Workday,
)
from models.types import WorkdayState
from portal.access.actor import OPERATOR, Actor
from portal.access.scope import within
from portal.pairings.queries import life_of
from portal.procedures.timeline_queries import Event, Track, timeline
from portal.programme.queries import policy_of_year
from portal.workdays.life_rules import LIFE
from portal.workdays.reckoning_rules import Facts, Reckoning, reckoning_of

IMPORTED = "（批量导入）"
"""Beside the name of whoever brought a day in by a file."""

MOST_ALIKE = 3
"""Days with the same words that the page of a day names."""


class Alike(NamedTuple):
    """Another day of the pairing and year that says the same."""

    id: int
    worked_on: date
    person_name: str
    state: WorkdayState


@dataclass(frozen=True, slots=True)
class Link:
    """Another entry of the same date that this one replaces, or that replaces this one."""

    id: int
    days: str
    mode: str
    task: str
    township: str | None
    description: str
    state: WorkdayState


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the page of a working day shows beside the row itself.

    ``is_in_effect`` is of its pairing: before, nothing may be handed in or decided.
    """

    person_name: str
    pairing_code: str
    county_name: str
    organisation_name: str
    township_name: str | None
    entered_by: str
    is_in_effect: bool
    reckoning: Reckoning
    events: list[Event]
    original: Link | None
    corrections: list[Link]
    return_reason: str | None
    is_recalled: bool = False

    @property
    def has_open_correction(self) -> bool:
        """Is a correction on its way, or approved?"""
        return any(one.state != WorkdayState.SUPERSEDED for one in self.corrections)


def dossier_of(session: Session, workday: Workday) -> Dossier:
    """Return all that belongs to a working day, in a fixed number of queries."""
    drafter = sa.orm.aliased(Person)
    row = session.execute(
        sa.select(
            Person.name,
            Pairing,
            Region.name,
            Organisation.name,
            Township.name,
            drafter.name,
            Assignment.state,
            Assignment.is_qualified,
        )
        .select_from(Workday)
        .join(Person, Person.id == Workday.person_id)
        .join(Pairing, Pairing.id == Workday.pairing_id)
        .join(Region, Region.code == Pairing.county_code)
        .join(Assignment, Assignment.id == Workday.assignment_id)
        .join(Organisation, Organisation.id == Assignment.organisation_id)
        .outerjoin(Township, Township.code == Workday.township_code)
        .outerjoin(drafter, drafter.id == Workday.entered_by_person_id)
        .where(Workday.id == workday.id)
    ).one()
    person, pairing, county, organisation, township, entered_by = row[:6]
    assigned, is_qualified = row[6:]
    events = timeline(session, Track(LIFE, Workday, Workday.id == workday.id))
    last = events[0] if events else None
    return Dossier(
        person_name=person,
        pairing_code=pairing.code,
        county_name=county,
        organisation_name=organisation,
        township_name=township,
        entered_by=(entered_by or OPERATOR.name) + (IMPORTED if workday.import_id else ""),
        is_in_effect=pairing.confirmed_at is not None,
        reckoning=reckoning_of(
            Facts(
                state=workday.state,
                side=workday.side,
                mode=workday.mode,
                half_days=workday.half_days,
                worth_centidays=workday.worth_centidays,
                hold=workday.hold,
                is_rest_day=workday.is_rest_day,
                is_correction=workday.corrects_id is not None,
                assignment_state=assigned,
                is_qualified=is_qualified,
                life=life_of(session, pairing),
            ),
            policy_of_year(session, workday.year),
        ),
        events=events,
        original=next(iter(_links(session, Workday.id == (workday.corrects_id or 0))), None),
        corrections=_links(session, Workday.corrects_id == workday.id),
        return_reason=last.why if last and workday.state == WorkdayState.RETURNED else None,
        is_recalled=last is not None and last.kind == "recalled",
    )


def list_alike(session: Session, actor: Actor, workday: Workday) -> list[Alike]:
    """Return the last days that say the same, of those the actor reads (one query).

    Not those that one person wrote at once with it: a stay, an activity of a team.
    """
    at_once = sa.and_(
        Workday.entered_at == workday.entered_at,
        Workday.entered_by_person_id.is_not_distinct_from(workday.entered_by_person_id),
        Workday.import_id.is_(None),
    )
    rows = session.execute(
        sa.select(Workday.id, Workday.worked_on, Person.name, Workday.state)
        .join(Person, Person.id == Workday.person_id)
        .where(
            Workday.pairing_id == workday.pairing_id,
            Workday.year == workday.year,
            Workday.description == workday.description,
            Workday.description != "",
            Workday.state != WorkdayState.SUPERSEDED,
            Workday.id != workday.id,
            sa.not_(at_once),
            within(Workday, actor, "workday.read"),
        )
        .order_by(Workday.worked_on.desc(), Workday.id)
        .limit(MOST_ALIKE)
    )
    return [Alike(*row) for row in rows]


def _links(session: Session, condition: sa.ColumnElement[bool]) -> list[Link]:
    rows = session.execute(
        sa.select(Workday, Township.name)
        .outerjoin(Township, Township.code == Workday.township_code)
        .where(condition)
        .order_by(Workday.id)
    )
    return [
        Link(
            id=one.id,
            days=f"{one.half_days / 2:g}",
            mode=one.mode.label,
            task=one.task.label if one.task else "未标注",
            township=township,
            description=one.description,
            state=one.state,
        )
        for one, township in rows
    ]
