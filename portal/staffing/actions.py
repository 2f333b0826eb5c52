"""Assigning people to pairings, deciding on them, ending and replacing, granting exceptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from models import Assignment, Certificate, Pairing, Person
from models.types import AssignmentState, PairingState, Side
from portal.deeds import Deed
from portal.pairings.queries import life_of
from portal.people.qualifying_queries import is_complete
from portal.procedures.actions import follow, note, take, take_all
from portal.programme.queries import closed_years_between, find_work_year_on
from portal.refusals import Refusal, refuse_if
from portal.staffing import rules
from portal.staffing.queries import checks_of, facts_of, facts_of_many, later_workdays, spans_of
from portal.staffing.rules import LIFE
from portal.standards.text import plain
from portal.totals.actions import refresh_pairing
from portal.totals.course_actions import renew_courses_in


def nominate(
    deed: Deed,
    *,
    pairing: Pairing,
    person: Person,
    side: Side,
    starts_on: date,
    ends_on: date | None,
) -> Assignment:
    """Assign a person to a pairing; it waits for approval, the operator's is approved at once.

    Without an end the assignment runs as long as the pairing. A sent person who does not meet
    the rule is taken all the same: the days wait until the rule is met (contract, section 3).
    """
    assignment = _nominate(
        deed, pairing, person, side, rules.Span(starts_on, _end(pairing, ends_on))
    )
    if assignment.state == AssignmentState.APPROVED:
        renew_courses_in(deed.session, [pairing.id])
    deed.record("assignment.nominated", f"assignment:{assignment.public_id}", side=side.value)
    return assignment


def withdraw_nomination(deed: Deed, assignment: Assignment) -> None:
    """Take a nomination back before anybody decided on it."""
    facts = facts_of(deed.session, assignment, workdays=True)
    take(deed, LIFE, assignment, "withdrawn", facts=facts)
    _settle(deed, assignment, "withdrawn")


def approve_assignment(deed: Deed, assignment: Assignment, *, seen: int | None = None) -> str:
    """Approve a nomination; never one's own, nor one that one nominated."""
    return approve_assignments(
        deed, [assignment], seen=None if seen is None else {assignment.id: seen}
    )


def approve_assignments(
    deed: Deed, assignments: Sequence[Assignment], *, seen: Mapping[int, int] | None = None
) -> str:
    """Approve nominations; all or none. Return the batch, by which it can be taken back.

    ``seen`` gives the version in which each was shown; a later change is refused.
    """
    facts = facts_of_many(deed.session, assignments)
    batch = take_all(deed, LIFE, assignments, "approved", facts=facts, seen=seen)
    for pairing_id in {assignment.pairing_id for assignment in assignments}:
        refresh_pairing(deed.session, pairing_id)
    if assignments:
        ids = [assignment.public_id for assignment in assignments]
        deed.record("assignment.approved", f"assignment:{ids[0]}", count=len(ids), ids=ids)
    return batch


def reject_assignment(
    deed: Deed, assignment: Assignment, reason: str, *, seen: int | None = None
) -> str:
    """Turn a nomination down, with a reason. Return the batch, by which it can be taken back."""
    batch = take_all(
        deed,
        LIFE,
        [assignment],
        "rejected",
        facts=[facts_of(deed.session, assignment)],
        reason=reason,
        seen=None if seen is None else {assignment.id: seen},
    )
    _settle(deed, assignment, "rejected")
    return batch


def end_assignment(deed: Deed, assignment: Assignment, last_day: date, reason: str) -> None:
    """End an assignment early (somebody leaves); days after the last one must not exist."""
    _shorten(deed, assignment, "ended", last_day, reason, field="last_day")
    _settle(deed, assignment, "ended")


def replace_assignment(
    deed: Deed, assignment: Assignment, *, person: Person, starts_on: date, reason: str
) -> Assignment:
    """Let another person of the same organisation go on from a day (B13); it waits for approval.

    The old assignment ends the day before, the new one runs to the end that the old one had.
    """
    refuse_if(
        rules.refusals_for_replacement(
            rules.Span(assignment.starts_on, assignment.ends_on),
            starts_on=starts_on,
            is_same_person=person.id == assignment.person_id,
        )
    )
    span = rules.Span(starts_on, assignment.ends_on)
    noted = f"{starts_on} 起由{person.name}接替：{reason}"
    _shorten(
        deed, assignment, "replaced", rules.day_before(starts_on), reason,
        field="starts_on", noted=noted,
    )  # fmt: skip
    pairing = deed.session.get_one(Pairing, assignment.pairing_id)
    successor = _nominate(deed, pairing, person, assignment.side, span)
    refresh_pairing(deed.session, pairing.id)
    deed.record(
        "assignment.replaced",
        f"assignment:{assignment.public_id}",
        successor=successor.public_id,
        starts_on=starts_on,
    )
    return successor


def grant_exception(
    deed: Deed, assignment: Assignment, reason: str, *, seen: int | None = None
) -> None:
    """Record the province's approval of a sent person who does not meet the rule (B10, B11)."""
    take(
        deed,
        LIFE,
        assignment,
        "exception_granted",
        facts=facts_of(deed.session, assignment),
        reason=reason,
        seen=seen,
        columns={"exception_reason": plain(reason), "is_qualified": True},
    )
    _settle(deed, assignment, "exception_granted")


def review_qualification(deed: Deed, person_id: int) -> None:
    """Decide anew whether a person qualifies, after a certificate or a date changed."""
    for assignment in deed.session.scalars(
        sa.select(Assignment).where(Assignment.person_id == person_id)
    ):
        qualified = bool(assignment.exception_reason) or _is_qualified(deed, assignment)
        if qualified != assignment.is_qualified:
            kind = "qualified" if qualified else "disqualified"
            follow(deed, LIFE, [assignment], kind, columns={"is_qualified": qualified})
            _settle(deed, assignment, kind)


def review_incomplete_certificates(deed: Deed) -> None:
    """Decide anew on whoever a former release let qualify by a certificate without number or date.

    An upgrade does; the totals follow with all others (``refresh_all``), those of closed years too.
    """
    assignments = deed.session.scalars(
        sa.select(Assignment)
        .where(
            Assignment.is_qualified,
            Assignment.exception_reason.is_(None),
            Assignment.state != AssignmentState.REJECTED,
            sa.exists().where(
                Certificate.person_id == Assignment.person_id, sa.not_(is_complete())
            ),
        )
        .order_by(Assignment.id)
    )
    for assignment in assignments.all():
        if not _is_qualified(deed, assignment):
            follow(deed, LIFE, [assignment], "disqualified", columns={"is_qualified": False})
            deed.record("assignment.disqualified", f"assignment:{assignment.public_id}")


def review_nominated(deed: Deed, first: date, last: date) -> None:
    """Decide anew on everybody nominated from first to last, after the policy changed."""
    people = deed.session.scalars(
        sa.select(Assignment.person_id)
        .where(Assignment.starts_on.between(first, last))
        .distinct()
        .order_by(Assignment.person_id)
    )
    for person_id in people.all():
        review_qualification(deed, person_id)


def end_with_pairing(deed: Deed, pairing: Pairing) -> None:
    """End the assignments of a pairing that has ended, or that never came to be.

    One that would begin after its last day never takes place. The audit trail holds the end of the
    pairing, of which these are a part.
    """
    is_declined = pairing.state == PairingState.DECLINED
    last_day = rules.day_before(pairing.starts_on) if is_declined else pairing.ends_on
    found = deed.session.scalars(
        sa.select(Assignment)
        .where(
            Assignment.pairing_id == pairing.id,
            Assignment.ends_on > last_day,
            Assignment.state != AssignmentState.REJECTED,
        )
        .order_by(Assignment.id)
    ).all()
    why = f"结对 {pairing.code} {'未成立' if is_declined else '终止'}"
    later = [one for one in found if one.starts_on > last_day]
    begun = [one for one in found if one.starts_on <= last_day]
    kind = "pairing_declined" if is_declined else "never_began"
    follow(deed, LIFE, later, kind, reason=why)
    follow(deed, LIFE, begun, "pairing_terminated", reason=why, columns={"ends_on": last_day})
    refresh_pairing(deed.session, pairing.id)


def _end(pairing: Pairing, ends_on: date | None) -> date:
    return ends_on or pairing.ends_on


def _nominate(
    deed: Deed, pairing: Pairing, person: Person, side: Side, span: rules.Span
) -> Assignment:
    session = deed.session
    refuse_if(refusals_for_making(deed, pairing, person, side, span))
    assignment = Assignment(
        pairing_id=pairing.id,
        person_id=person.id,
        organisation_id=_organisation_of(pairing, side),
        side=side,
        starts_on=span.starts_on,
        ends_on=span.ends_on,
        state=AssignmentState.APPROVED if deed.actor.is_operator else AssignmentState.NOMINATED,
        nominated_by_person_id=deed.actor.person_id,
        nominated_by_operator=deed.actor.is_operator,
        created_at=deed.now,
    )
    assignment.is_qualified = _is_qualified(deed, assignment)
    session.add(assignment)
    note(deed, [assignment], "nominated", permission="assignment.write")
    return assignment


def refusals_for_making(
    deed: Deed, pairing: Pairing, person: Person, side: Side, span: rules.Span
) -> list[Refusal]:
    """Say why a person cannot be assigned for a span now, whoever wants it."""
    session = deed.session
    # Two nominations of one person at the same time: the second sees the first.
    session.execute(sa.select(Person.id).where(Person.id == person.id).with_for_update())
    work_year = find_work_year_on(session, span.starts_on, pairing.receiving_province_code)
    return rules.refusals_for_assignment(
        span,
        pairing=rules.Span(pairing.starts_on, pairing.ends_on),
        life=life_of(session, pairing),
        is_member=person.organisation_id == _organisation_of(pairing, side),
        others=spans_of(session, pairing.id, person.id),
        closed_year=work_year.year if work_year and work_year.closed_at else None,
        is_approved=deed.actor.is_operator,
    )


def _organisation_of(pairing: Pairing, side: Side) -> int:
    return (
        pairing.sending_organisation_id if side == Side.SENT else pairing.receiving_organisation_id
    )


def _is_qualified(deed: Deed, assignment: Assignment) -> bool:
    checks = checks_of(deed.session, assignment.person_id, assignment.side, assignment.starts_on)
    return all(check.is_met for check in checks)


def _shorten(
    deed: Deed,
    assignment: Assignment,
    verb: str,
    last_day: date,
    reason: str,
    *,
    field: str,
    noted: str | None = None,
) -> None:
    session = deed.session
    pairing = session.get_one(Pairing, assignment.pairing_id)
    take(
        deed,
        LIFE,
        assignment,
        verb,
        facts=facts_of(session, assignment, today=deed.today),
        reason=reason,
        noted=noted,
        columns={"ends_on": last_day},
        besides=rules.refusals_for_last_day(
            rules.Span(assignment.starts_on, assignment.ends_on),
            last_day=last_day,
            last_workday=later_workdays(session, assignment.id, last_day).last,
            closed_years=closed_years_between(
                session,
                last_day + timedelta(1),
                assignment.ends_on,
                pairing.receiving_province_code,
            ),
            field=field,
        ),
    )


def _settle(deed: Deed, assignment: Assignment, kind: str) -> None:
    refresh_pairing(deed.session, assignment.pairing_id)
    deed.record(f"assignment.{kind}", f"assignment:{assignment.public_id}")
