"""Why a pairing is compliant or not in a work year, from its totals, its people and its days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Assignment,
    Pairing,
    PairingYearTotal,
    Person,
    PersonYearTotal,
    Workday,
)
from models.database import run
from models.types import AssignmentState, Hold, Side, WorkdayState
from portal.access.actor import Actor
from portal.access.scope import built_once, within
from portal.calendar.rules import Calendar
from portal.compliance.explanation_words import (
    STEPS,
    Explanation,
    PersonDays,
    SideExplained,
    Waiting,
)
from portal.compliance.pace_queries import paces_on
from portal.compliance.rules import (
    Presence,
    Tally,
    findings_for,
    forecast,
    gaps,
    head_counts,
    is_compliant,
)
from portal.programme.policy import Policy
from portal.programme.queries import get_work_year
from portal.programme.regime_queries import regime_of

PAIRING = sa.bindparam("pairing", type_=sa.BigInteger)
THE_YEAR = sa.bindparam("the_year", type_=sa.Integer)
MOST_POLICIES = 16
"""Of so many policies what they ask is kept."""

_TOTALS = sa.select(PersonYearTotal).where(
    PersonYearTotal.pairing_id == PAIRING, PersonYearTotal.year == THE_YEAR
)
_WITH_AN_ENTRY = sa.select(Workday.person_id).where(
    Workday.pairing_id == PAIRING,
    Workday.year.in_(sa.bindparam("years", expanding=True)),
    Workday.worked_on == sa.bindparam("day"),
)


def explain(
    session: Session, pairing: Pairing, year: int, today: date, actor: Actor | None = None
) -> Explanation | None:
    """Explain a pairing in a work year; None if it does not take part in that year.

    People are named (by public id) only where the actor may read their assignment.
    Costs a fixed number of queries; reads the days of this pairing and year only.
    """
    total = session.get(PairingYearTotal, (pairing.id, year))
    if total is None:
        return None
    work_year = get_work_year(session, year, pairing.receiving_province_code)
    first = max(work_year.starts_on, pairing.starts_on)
    last = min(work_year.ends_on, pairing.ends_on)
    regime = regime_of(session)
    policy = regime.policy_of_year(year)
    people = _people(session, pairing.id, year, (first, last), actor)
    waiting = _waiting(session, pairing.id, year, policy)
    done_today = _people_with_an_entry(session, pairing.id, today)
    findings = findings_for(_tally(total, pairing), policy)
    paces = paces_on(session, year, today, policy)
    sides = [
        _side(
            side,
            total,
            policy=policy,
            people=people[side],
            waiting=waiting[side],
            done_today=done_today,
            span=(first, last),
            today=today,
            calendar=regime.calendar,
        )
        for side in Side
    ]
    return Explanation(
        code=pairing.code,
        year=year,
        first_day=first,
        last_day=last,
        today=today,
        is_per_person=policy["day_basis"] == "per_person",
        is_compliant=is_compliant(findings),
        findings=findings,
        own_sides=_own_sides(pairing, actor),
        read_sides=read_sides(pairing, actor),
        deciding_sides=_deciding_sides(session, pairing, actor),
        sent=sides[0],
        received=sides[1],
        standing=paces.standing(total, is_effective=pairing.confirmed_at is not None),
    )


def _own_sides(pairing: Pairing, actor: Actor | None) -> frozenset[Side]:
    own = {grant.organisation_id for grant in actor.grants} if actor else set()
    sides = {
        Side.SENT: pairing.sending_organisation_id,
        Side.RECEIVED: pairing.receiving_organisation_id,
    }
    return frozenset(side for side, organisation_id in sides.items() if organisation_id in own)


def read_sides(pairing: Pairing, actor: Actor | None) -> frozenset[Side]:
    """Return the sides whose days the actor's lists hold: in an organisation that of the own one."""
    if actor is not None and actor.organisations_for("workday.read") is None:
        return frozenset(Side)
    return _own_sides(pairing, actor)


def _deciding_sides(session: Session, pairing: Pairing, actor: Actor | None) -> frozenset[Side]:
    if actor is None:
        return frozenset()
    return frozenset(run(session, _to_approve(actor), {PAIRING.key: pairing.id}).scalars())


@built_once
def _to_approve(actor: Actor) -> sa.Select[Side]:
    return (
        sa.select(Assignment.side)
        .where(
            Assignment.pairing_id == PAIRING,
            Assignment.state == AssignmentState.NOMINATED,
            within(Assignment, actor, "assignment.approve"),
        )
        .distinct()
    )


def _tally(total: PairingYearTotal, pairing: Pairing) -> Tally:
    figures = [getattr(total, name) for name in Tally._fields if name != "has_agreement"]
    return Tally._make([*figures, pairing.agreement_signed_on is not None])


def _side(
    side: Side,
    total: PairingYearTotal,
    *,
    policy: Policy,
    people: Sequence[PersonDays],
    waiting: Sequence[Waiting],
    done_today: frozenset[int],
    span: tuple[date, date],
    today: date,
    calendar: Calendar,
) -> SideExplained:
    first, last = span
    sent = side == Side.SENT
    need_staff = policy["min_sent_staff" if sent else "min_received_staff"]
    need_days = policy["min_sent_days" if sent else "min_received_days"]
    counted = total.sent_centidays if sent else total.received_centidays
    staff = total.qualified_sent_staff if sent else total.received_staff
    stretches = head_counts(
        [Presence(one.person_id, one.starts_on, one.ends_on) for one in people if one.is_qualified],
        first,
        last,
    )
    # Who leaves before the end is not reckoned with (pace_rules.py: Course).
    on_duty = {
        one.person_id for one in people if one.is_qualified and one.starts_on <= last <= one.ends_on
    }
    is_spent = bool(on_duty) and on_duty <= done_today
    free = max(first, today + timedelta(days=1) if is_spent else today)
    per_person = policy["day_basis"] == "per_person"
    done, waits = _done_and_waiting(side, total, people, per_person=per_person)
    return SideExplained(
        side=side,
        staff=staff,
        need_staff=need_staff,
        counted_centidays=counted,
        pending_centidays=total.sent_pending_centidays
        if sent
        else total.received_pending_centidays,
        need_days=need_days,
        average_centidays=round(counted / staff) if staff else 0,
        min_centidays=total.sent_min_centidays if sent else total.received_min_centidays,
        people=people,
        stretches=stretches,
        gaps=gaps(stretches, need_staff),
        forecast=forecast(
            done_centidays=done,
            waiting_centidays=waits,
            need_days=need_days,
            people=1 if per_person else len(on_duty) or need_staff,
            first=free,
            last=last,
            calendar=calendar,
        ),
        is_assumed=not on_duty,
        waiting=waiting,
    )


def _done_and_waiting(
    side: Side, total: PairingYearTotal, people: Sequence[PersonDays], *, per_person: bool
) -> tuple[int, int]:
    """Return the days that the forecast starts from: of all, or of whoever has the fewest.

    Days of people who do not qualify wait for more than somebody's click, so they are left out.
    """
    if not per_person:
        if side == Side.SENT:
            return total.sent_centidays, total.sent_undecided_centidays
        return total.received_centidays, total.received_undecided_centidays
    able = [one for one in people if one.is_qualified]
    days = [(one.counted_centidays, one.pending_centidays) for one in able if one.counted_centidays]
    return min(days, key=sum, default=(0, 0))


def _people(
    session: Session,
    pairing_id: int,
    year: int,
    span: tuple[date, date],
    actor: Actor | None,
) -> dict[Side, list[PersonDays]]:
    """Return who is assigned in the year with their days, by side."""
    totals = {
        (row.side, row.person_id): row
        for row in session.scalars(_TOTALS, {PAIRING.key: pairing_id, THE_YEAR.key: year})
    }
    wanted = _assigned(actor) if actor else _NAMELESS
    asked = {PAIRING.key: pairing_id, "first": span[0], "last": span[1]}
    rows = session.execute(wanted, asked)
    found: dict[Side, list[PersonDays]] = {side: [] for side in Side}
    shown: set[tuple[Side, int]] = set()
    for assignment, public_id, is_known in rows:
        key = (assignment.side, assignment.person_id)
        # Somebody who came back has two assignments; the days stand once, at the first.
        total = totals.get(key) if key not in shown else None
        shown.add(key)
        is_approved = assignment.state == AssignmentState.APPROVED
        found[assignment.side].append(
            PersonDays(
                person_id=assignment.person_id,
                public_id=public_id if is_known else "",
                assignment_id=assignment.public_id if is_known else "",
                is_approved=is_approved,
                is_qualified=is_approved and assignment.is_qualified,
                starts_on=assignment.starts_on,
                ends_on=assignment.ends_on,
                counted_centidays=total.counted_centidays if total else 0,
                pending_centidays=total.pending_centidays if total else 0,
            )
        )
    return found


def _with_known(known: sa.ColumnElement[bool]) -> sa.Select[Assignment, str, bool]:
    return (
        sa.select(Assignment, Person.public_id, known)
        .join(Person, Person.id == Assignment.person_id)
        .where(
            Assignment.pairing_id == PAIRING,
            Assignment.starts_on <= sa.bindparam("last"),
            Assignment.ends_on >= sa.bindparam("first"),
            Assignment.state != AssignmentState.REJECTED,
        )
        .order_by(Assignment.starts_on, Assignment.id)
    )


@built_once
def _assigned(actor: Actor) -> sa.Select[Assignment, str, bool]:
    return _with_known(within(Assignment, actor, "assignment.read"))


_NAMELESS = _with_known(sa.false())


def _waiting(
    session: Session, pairing_id: int, year: int, policy: Policy
) -> dict[Side, list[Waiting]]:
    """Return what does not count yet, by side and step (one query)."""
    rows = run(session, _by_step(policy), {PAIRING.key: pairing_id, THE_YEAR.key: year})
    steps = {(side, step): Waiting(step, count, centidays) for side, step, count, centidays in rows}
    return {side: [steps[side, code] for code in STEPS if (side, code) in steps] for side in Side}


@lru_cache(MOST_POLICIES)
def _by_step(policy: Policy) -> sa.Select[*tuple[Any, ...]]:
    step = sa.case(
        (Workday.state == WorkdayState.DRAFT, "draft"),
        (Workday.state == WorkdayState.RETURNED, "returned"),
        (Workday.state == WorkdayState.SUBMITTED, "submitted"),
        (_waits_for_the_county(policy), "confirmed"),
        (Assignment.state != AssignmentState.APPROVED, "unassigned"),
        (Assignment.is_qualified.is_(False), "unqualified"),
        (Workday.hold == Hold.NO_TASK, "no_task"),
        else_="",
    )
    days = (
        sa.select(Workday.side, step.label("step"), Workday.worth_centidays)
        .join(Assignment, Assignment.id == Workday.assignment_id)
        .where(
            Workday.pairing_id == PAIRING,
            Workday.year == THE_YEAR,
            Workday.state != WorkdayState.SUPERSEDED,
            sa.or_(Workday.corrects_id.is_(None), Workday.state == WorkdayState.APPROVED),
        )
        .subquery()
    )
    return sa.select(
        days.c.side,
        days.c.step,
        sa.func.count(),
        sa.cast(sa.func.sum(days.c.worth_centidays), sa.Integer),
    ).group_by(days.c.side, days.c.step)


def _waits_for_the_county(policy: Policy) -> sa.ColumnElement[bool]:
    confirmed = Workday.state == WorkdayState.CONFIRMED
    if policy["counts_from"] == "approved":
        return confirmed
    # It counts at once, except on a rest day that the county must allow.
    return sa.and_(confirmed, Workday.is_rest_day, sa.literal(policy["offday"] != "always"))


def _people_with_an_entry(session: Session, pairing_id: int, day: date) -> frozenset[int]:
    years = [day.year - 1, day.year, day.year + 1]
    asked = {PAIRING.key: pairing_id, "years": years, "day": day}
    return frozenset(run(session, _WITH_AN_ENTRY, asked).scalars())
