"""Finding assignments inside the actor's reach, and the facts that the rules ask for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Certificate, Organisation, Pairing, Person, Workday
from models.types import AssignmentState, PairingState, Side, WorkdayState
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.access.scope import within
from portal.compliance.rules import Presence, head_counts
from portal.pairings.life_rules import PairingLife
from portal.pairings.queries import lives_without_effect
from portal.people.rules import CertificateFacts
from portal.procedures.queries import BATCH
from portal.procedures.timeline_queries import Track
from portal.programme.queries import find_work_year_on, policies_on, policy_of_year
from portal.staffing.qualification_rules import Check, checks_of_person
from portal.staffing.rules import LIFE, Facts, Span

ASSIGNMENT = Loader(
    "assignment", Assignment, "assignment.read", {"assignment_id": Assignment.public_id}
)


def spans_of(session: Session, pairing_id: int, person_id: int) -> list[Span]:
    """Return a person's assignments to a pairing that were not turned down."""
    return [
        Span(*row)
        for row in session.execute(
            sa.select(Assignment.starts_on, Assignment.ends_on)
            .where(
                Assignment.pairing_id == pairing_id,
                Assignment.person_id == person_id,
                Assignment.state != AssignmentState.REJECTED,
            )
            .order_by(Assignment.starts_on)
        )
    ]


def facts_of(
    session: Session, assignment: Assignment, *, today: date | None = None, workdays: bool = False
) -> Facts:
    """Return what the steps of an assignment ask.

    Whether its term is over only with ``today``, its working days only where ``workdays`` asks.
    """
    (facts,) = facts_of_many(session, [assignment])
    if workdays:
        facts = facts._replace(workdays=later_workdays(session, assignment.id, None).count)
    if today is not None:
        facts = facts._replace(is_over=assignment.ends_on < today)
    return facts


def facts_of_many(session: Session, assignments: Sequence[Assignment]) -> list[Facts]:
    """Return what deciding on many asks, in their order (few queries, however many)."""
    names: dict[int, str] = {}
    codes: dict[int, tuple[str, PairingState]] = {}
    for start in range(0, len(assignments), BATCH):
        some = assignments[start : start + BATCH]
        people = Person.id.in_({one.person_id for one in some})
        names |= dict(session.execute(sa.select(Person.id, Person.name).where(people)).all())
        pairings = Pairing.id.in_({one.pairing_id for one in some})
        wanted = sa.select(Pairing.id, Pairing.code, Pairing.state).where(pairings)
        codes |= {number: (code, state) for number, code, state in session.execute(wanted)}
    waiting = lives_without_effect(session, codes)
    return [
        Facts(
            label=names[one.person_id],
            state=one.state,
            person_id=one.person_id,
            nominated_by_person_id=one.nominated_by_person_id,
            side=one.side,
            is_qualified=one.is_qualified,
            pairing=waiting.get(one.pairing_id)
            or PairingLife(*codes[one.pairing_id], is_confirmed=True),
        )
        for one in assignments
    ]


class Subject(NamedTuple):
    """What is to be checked: a person on a side from a first day on."""

    person_id: int
    side: Side
    first_day: date


def checks_of(session: Session, person_id: int, side: Side, first_day: date) -> list[Check]:
    """Check one person against what is asked of a side, as the register stands."""
    subject = Subject(person_id, side, first_day)
    return checks_of_many(session, [subject])[subject]


def checks_of_many(session: Session, subjects: Collection[Subject]) -> dict[Subject, list[Check]]:
    """Check many people (four queries, however many)."""
    ids = {subject.person_id for subject in subjects}
    started = dict(
        session.execute(
            sa.select(Person.id, Person.service_started_on).where(Person.id.in_(ids))
        ).all()
    )
    certificates: dict[int, list[CertificateFacts]] = defaultdict(list)
    for person_id, *facts in session.execute(
        sa.select(
            Certificate.person_id, Certificate.level, Certificate.number, Certificate.issued_on
        )
        .where(Certificate.person_id.in_(ids))
        .order_by(Certificate.id)
    ):
        certificates[person_id].append(CertificateFacts._make(facts))
    policies = policies_on(session, {subject.first_day for subject in subjects})
    return {
        subject: checks_of_person(
            side=subject.side,
            certificates=certificates[subject.person_id],
            service_started_on=started.get(subject.person_id),
            first_day=subject.first_day,
            policy=policies[subject.first_day],
        )
        for subject in subjects
    }


@dataclass(frozen=True, slots=True)
class Workdays:
    """How many working days there are, and the last of them."""

    count: int
    last: date | None


def later_workdays(session: Session, assignment_id: int, last_day: date | None) -> Workdays:
    """Return the working days of an assignment after a day; all of them without one."""
    wanted = sa.select(sa.func.count(), sa.func.max(Workday.worked_on)).where(
        Workday.assignment_id == assignment_id, Workday.state != WorkdayState.SUPERSEDED
    )
    if last_day is not None:
        wanted = wanted.where(Workday.worked_on > last_day)
    return Workdays(*session.execute(wanted).one())


def workdays_of_many(session: Session, assignment_ids: Sequence[int]) -> dict[int, int]:
    """Return how many working days there are of each assignment that has any."""
    found: dict[int, int] = {}
    for start in range(0, len(assignment_ids), BATCH):
        wanted = (
            sa.select(Workday.assignment_id, sa.func.count())
            .where(
                Workday.assignment_id.in_(assignment_ids[start : start + BATCH]),
                Workday.state != WorkdayState.SUPERSEDED,
            )
            .group_by(Workday.assignment_id)
        )
        found |= dict(session.execute(wanted).all())
    return found


@dataclass(frozen=True, slots=True)
class EndEffect:
    """What ending an assignment on a day would change.

    ``left_on_duty`` is the least number of approved and qualified people of that side
    from ``first_day`` to ``until``, ``need`` what the plan asks for in a year (decision B13 counts
    people over the year, so that whoever already has counted days stays in the count).
    """

    last_day: date
    first_day: date
    until: date
    left_on_duty: int
    need: int
    later_workdays: Workdays


def end_effect(session: Session, assignment: Assignment, last_day: date) -> EndEffect | None:
    """Return what ending on this day would change; None if it would not be early."""
    pairing = session.get_one(Pairing, assignment.pairing_id)
    first = last_day + timedelta(days=1)
    work_year = find_work_year_on(session, last_day, pairing.receiving_province_code)
    if work_year is None or last_day >= assignment.ends_on:
        return None
    until = max(first, min(work_year.ends_on, assignment.ends_on))
    wanted = sa.select(Assignment.person_id, Assignment.starts_on, Assignment.ends_on).where(
        Assignment.pairing_id == pairing.id,
        Assignment.side == assignment.side,
        Assignment.state == AssignmentState.APPROVED,
        Assignment.id != assignment.id,
        Assignment.is_qualified,
    )
    others = [Presence(*row) for row in session.execute(wanted)]
    policy = policy_of_year(session, work_year.year)
    is_sent = assignment.side == Side.SENT
    return EndEffect(
        last_day=last_day,
        first_day=first,
        until=until,
        left_on_duty=min(one.count for one in head_counts(others, first, until)),
        need=policy["min_sent_staff" if is_sent else "min_received_staff"],
        later_workdays=later_workdays(session, assignment.id, last_day),
    )


class Candidate(NamedTuple):
    """A person whom the actor may nominate."""

    public_id: str
    name: str
    id_number_masked: str | None
    organisation_id: int | None


def list_candidates(
    session: Session, actor: Actor, organisation_ids: Collection[int]
) -> list[Candidate]:
    """Return the people of these organisations within the actor's reach, by name."""
    return [
        Candidate(*row)
        for row in session.execute(
            sa.select(
                Person.public_id, Person.name, Person.id_number_masked, Person.organisation_id
            )
            .where(
                Person.organisation_id.in_(organisation_ids),
                within(Person, actor, "person.write"),
            )
            .order_by(Person.name_order, Person.id)
        )
    ]


def find_candidate(
    session: Session, actor: Actor, organisation_ids: Collection[int], public_id: str
) -> Person | None:
    """Return a person whom the actor may nominate, or None."""
    return session.scalars(
        sa.select(Person).where(
            Person.public_id == public_id,
            Person.organisation_id.in_(organisation_ids),
            within(Person, actor, "person.write"),
        )
    ).one_or_none()


class Registering(NamedTuple):
    """An organisation of a pairing for which the actor may register people."""

    credit_code: str
    name: str
    is_sending: bool


def list_registering(
    session: Session, actor: Actor, organisation_ids: Sequence[int]
) -> list[Registering]:
    """Return for which of the two organisations of a pairing (sending first) the actor registers."""
    sending_id, _ = organisation_ids
    rows = session.execute(
        sa.select(Organisation.credit_code, Organisation.name, Organisation.id == sending_id)
        .where(Organisation.id.in_(organisation_ids), within(Organisation, actor, "person.write"))
        .order_by(Organisation.id)
    )
    return [Registering(code, name, bool(is_sending)) for code, name, is_sending in rows]


MOST_NOMINABLE = 3
"""Pairings that a person's page offers; whoever has more begins in the pairing."""


class Nominable(NamedTuple):
    """A pairing to which somebody can be nominated, and whether as one who is sent."""

    code: str
    is_sent: bool


def list_nominable(session: Session, actor: Actor, person: Person, today: date) -> list[Nominable]:
    """Return the pairings to which the actor may nominate a person and where the person is not yet."""
    is_there = sa.exists().where(
        Assignment.pairing_id == Pairing.id,
        Assignment.person_id == person.id,
        Assignment.state != AssignmentState.REJECTED,
        Assignment.ends_on >= today,
    )
    is_sent = Pairing.sending_organisation_id == person.organisation_id
    rows = session.execute(
        sa.select(Pairing.code, is_sent)
        .where(
            Pairing.state.in_([PairingState.PROPOSED, PairingState.CONFIRMED]),
            Pairing.ends_on >= today,
            within(Pairing, actor, "assignment.write"),
            sa.or_(is_sent, Pairing.receiving_organisation_id == person.organisation_id),
            sa.not_(is_there),
        )
        .order_by(Pairing.starts_on.desc(), Pairing.id)
        .limit(MOST_NOMINABLE)
    )
    return [Nominable(code, bool(sent)) for code, sent in rows]


# ---- what was decided


def track_of_people(actor: Actor, pairing_id: int) -> Track:
    """Return what a timeline tells of the people of a pairing whom the actor may see, by name."""
    seen = sa.and_(
        Assignment.pairing_id == pairing_id, within(Assignment, actor, "assignment.read")
    )
    name = sa.select(Person.name).where(Person.id == Assignment.person_id).scalar_subquery()
    return Track(LIFE, Assignment, seen, about=name)


def track_of_person(actor: Actor, person_id: int) -> Track:
    """Return what a timeline tells of a person's assignments that the actor may see, by pairing."""
    seen = sa.and_(Assignment.person_id == person_id, within(Assignment, actor, "assignment.read"))
    code = sa.select(Pairing.code).where(Pairing.id == Assignment.pairing_id).scalar_subquery()
    return Track(LIFE, Assignment, seen, about=code)
