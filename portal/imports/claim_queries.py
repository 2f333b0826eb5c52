"""Days that a file claims to be confirmed or approved, until a second person agrees or does not.

Whoever brought them in drafted them. Who may take such days so far by the policy decides on all
of a file's that are in reach, at once; or does what the queues of the workdays room offer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, ImportBatch, Pairing, Person, Workday
from models.types import WorkdayState
from portal.access.actor import Actor
from portal.access.scope import within
from portal.confirmations.rules import refusals_for_decision
from portal.imports.kinds.workday_fact_rules import HIGHEST
from portal.imports.rules import DECIDED, IMPORTABLE
from portal.pairings.life_rules import PairingLife
from portal.pairings.queries import lives_without_effect
from portal.procedures.rules import barred_as_deputy
from portal.refusals import Refusal
from portal.workdays.fact_queries import closed_keys
from portal.workdays.life_rules import LIFE, DayFacts

SHOWN_BATCHES = 50


class Waiting(NamedTuple):
    """A file of somebody else with claims in an actor's reach."""

    public_id: str
    file_name: str
    brought_by: str
    applied_at: datetime
    entries: int


class Group(NamedTuple):
    """The claims of a file for one person in one pairing and year, all of one state."""

    pairing_id: int
    pairing_code: str
    person_id: int
    person_name: str
    drafter_person_id: int
    year: int
    claimed: WorkdayState
    entries: int
    half_days: int
    first: date
    last: date

    @property
    def days(self) -> str:
        return f"{self.half_days / 2:g}"

    @property
    def label(self) -> str:
        return f"{self.person_name}（{self.pairing_code}，{self.year} 年度）{self.entries} 条"


@dataclass(frozen=True, slots=True)
class Claims:
    """What of a file waits for an actor: what may be decided on, and why the rest may not."""

    batch: ImportBatch
    brought_by: str
    groups: Sequence[Group]
    left_out: Sequence[Refusal]

    @property
    def entries(self) -> int:
        return sum(group.entries for group in self.groups)

    @property
    def half_days(self) -> int:
        return sum(group.half_days for group in self.groups)


def claims_of_others(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition under which a working day is a claim on which an actor may decide."""
    reached = (
        sa.and_(
            within(Workday, actor, permission),
            Workday.claimed_state.in_(_up_to(highest)),
            # What the principal brought in, a deputy does not decide on either.
            *(
                Workday.entered_by_person_id.is_distinct_from(principal.person_id)
                for principal in actor.principals_for(permission)
            ),
        )
        for permission, highest in HIGHEST.items()
    )
    return sa.and_(
        Workday.claimed_state.is_not(None),
        Workday.state == WorkdayState.SUBMITTED,
        Workday.entered_by_person_id.is_distinct_from(actor.person_id),
        sa.or_(*reached),
    )


def list_waiting(session: Session, actor: Actor) -> list[Waiting]:
    """Return the files of others that wait for an actor, the oldest first."""
    counted = (
        sa.select(Workday.import_id, sa.func.count().label("entries"))
        .where(claims_of_others(actor))
        .group_by(Workday.import_id)
        .subquery()
    )
    rows = session.execute(
        sa.select(
            ImportBatch.public_id,
            ImportBatch.file_name,
            Person.name,
            ImportBatch.applied_at,
            counted.c.entries,
        )
        .join(counted, counted.c.import_id == ImportBatch.id)
        .join(Account, Account.id == ImportBatch.account_id)
        .join(Person, Person.id == Account.person_id)
        .order_by(ImportBatch.id)
        .limit(SHOWN_BATCHES)
    )
    return [Waiting(*row) for row in rows]


def find_claims(session: Session, actor: Actor, public_id: str) -> Claims | None:
    """Return what of a file waits for an actor, or None if nothing does or it is out of reach."""
    batch = session.scalars(
        sa.select(ImportBatch).where(ImportBatch.public_id == public_id)
    ).one_or_none()
    groups = _groups(session, actor, batch) if batch else []
    if batch is None or not groups:
        return None
    closed = closed_keys(session, groups)
    lives = lives_without_effect(session, {group.pairing_id for group in groups})
    facts = {group: _facts(group, closed, lives.get(group.pairing_id)) for group in groups}
    allowed = [group for group in groups if not _refusals(actor, [facts[group]])]
    left_out = [facts[group] for group in groups if group not in allowed]
    brought_by = sa.select(Person.name).join(Account).where(Account.id == batch.account_id)
    return Claims(batch, session.scalars(brought_by).one(), allowed, _refusals(actor, left_out))


def count_own_claims(session: Session, batch_id: int) -> dict[WorkdayState, int]:
    """Count the claims of a file that still wait for a second person, by what they claim."""
    rows = session.execute(
        sa.select(Workday.claimed_state, sa.func.count())
        .where(
            Workday.import_id == batch_id,
            Workday.claimed_state.is_not(None),
            Workday.state == WorkdayState.SUBMITTED,
        )
        .group_by(Workday.claimed_state)
        .order_by(Workday.claimed_state)
    )
    return {state: count for state, count in rows if state is not None}


def _up_to(highest: WorkdayState) -> list[WorkdayState]:
    return [state for state in IMPORTABLE[: IMPORTABLE.index(highest) + 1] if state in DECIDED]


def _groups(session: Session, actor: Actor, batch: ImportBatch) -> list[Group]:
    key: tuple[Any, ...] = (
        Workday.pairing_id,
        Pairing.code,
        Workday.person_id,
        Person.name,
        Workday.entered_by_person_id,
        Workday.year,
        Workday.claimed_state,
    )
    rows = session.execute(
        sa.select(
            *key,
            sa.func.count(),
            sa.func.sum(Workday.half_days),
            sa.func.min(Workday.worked_on),
            sa.func.max(Workday.worked_on),
        )
        .join(Pairing, Pairing.id == Workday.pairing_id)
        .join(Person, Person.id == Workday.person_id)
        .where(Workday.import_id == batch.id, claims_of_others(actor))
        .group_by(*key)
        .order_by(Pairing.code, Workday.year, Workday.person_id, Workday.claimed_state)
    )
    return [Group(*row) for row in rows]


def _refusals(actor: Actor, facts: Sequence[DayFacts]) -> list[Refusal]:
    principals = dict.fromkeys(
        one for permission in HIGHEST for one in actor.principals_for(permission)
    )
    return [
        *refusals_for_decision("confirmed", facts, person_id=actor.person_id),
        *barred_as_deputy(LIFE.step("confirmed"), facts, principals),
    ]


def _facts(group: Group, closed: set[tuple[int, int]], life: PairingLife | None) -> DayFacts:
    return DayFacts(
        label=group.label,
        state=WorkdayState.SUBMITTED,
        person_id=group.person_id,
        entered_by_person_id=group.drafter_person_id,
        confirmed_by_person_id=None,
        year=group.year,
        is_closed=(group.pairing_id, group.year) in closed,
        pairing=life,
    )
