"""Assigning people to pairings, deciding on them, ending and replacing, granting exceptions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import sqlalchemy as sa

from models import Assignment, AssignmentDecision, Certificate, Pairing, Person
from models.types import AssignmentState, Side
from portal.deeds import Deed
from portal.pairings.life_rules import Use, refusals_for_use
from portal.pairings.queries import life_of
from portal.people.qualifying_queries import is_complete
from portal.programme.queries import closed_years_between, find_work_year_on
from portal.refusals import Refusal, refuse_if
from portal.staffing import rules
from portal.staffing.queries import checks_of, later_workdays, spans_of
from portal.standards.text import plain
from portal.totals.actions import refresh_pairing


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
    deed.record("assignment.nominated", f"assignment:{assignment.public_id}", side=side.value)
    return assignment


def withdraw_nomination(deed: Deed, assignment: Assignment) -> None:
    """Take a nomination back before anybody decided on it."""
    workdays = later_workdays(deed.session, assignment.id, None).count
    refuse_if(rules.refusals_for_withdrawal(assignment.state, workdays))
    assignment.state = AssignmentState.REJECTED
    _settle(deed, assignment, "withdrawn", None)


def approve_assignment(deed: Deed, assignment: Assignment) -> None:
    """Approve a nomination; never one's own, nor one that one nominated."""
    approve_assignments(deed, [assignment])


def approve_assignments(deed: Deed, assignments: Sequence[Assignment]) -> int:
    """Approve nominations; all or none. Return how many."""
    refusals: list[Refusal] = []
    for assignment in assignments:
        pairing = deed.session.get_one(Pairing, assignment.pairing_id)
        found = [
            *_refusals_for_decision(deed, assignment, "批准"),
            *refusals_for_use(Use.APPROVE, life_of(deed.session, pairing)),
        ]
        if found and len(assignments) > 1:
            name = deed.session.get_one(Person, assignment.person_id).name
            found = [Refusal("", one.code, f"{name}：{one.sentence}") for one in found]
        refusals += found
    refuse_if(refusals)
    for assignment in assignments:
        assignment.state = AssignmentState.APPROVED
        assignment.approved_by_person_id = deed.actor.person_id
        deed.session.flush()
        _decide(deed, assignment, "approved", None)
    for pairing_id in {assignment.pairing_id for assignment in assignments}:
        refresh_pairing(deed.session, pairing_id)
    if assignments:
        ids = [assignment.public_id for assignment in assignments]
        deed.record("assignment.approved", f"assignment:{ids[0]}", count=len(ids), ids=ids)
    return len(assignments)


def reject_assignment(deed: Deed, assignment: Assignment, reason: str) -> None:
    """Turn a nomination down, with a reason."""
    refuse_if(
        [
            *_refusals_for_decision(deed, assignment, "不批准"),
            *rules.refusals_for_reason(reason),
        ]
    )
    assignment.state = AssignmentState.REJECTED
    _settle(deed, assignment, "rejected", reason)


def end_assignment(deed: Deed, assignment: Assignment, last_day: date, reason: str) -> None:
    """End an assignment early (somebody leaves); days after the last one must not exist."""
    _shorten(deed, assignment, last_day, reason, field="last_day")
    _settle(deed, assignment, "ended", reason)


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
    _shorten(deed, assignment, rules.day_before(starts_on), reason, field="starts_on")
    deed.session.flush()
    _decide(deed, assignment, "replaced", f"{starts_on} 起由{person.name}接替：{reason}")
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


def grant_exception(deed: Deed, assignment: Assignment, reason: str) -> None:
    """Record the province's approval of a sent person who does not meet the rule (B10, B11)."""
    refuse_if(
        rules.refusals_for_exception(
            assignment.state,
            assignment.side,
            is_qualified=assignment.is_qualified,
            is_own=_is_own(deed, assignment),
            reason=reason,
        )
    )
    assignment.exception_by_person_id = deed.actor.person_id
    assignment.exception_reason = plain(reason)
    assignment.is_qualified = True
    _settle(deed, assignment, "exception_granted", reason)


def review_qualification(deed: Deed, person_id: int) -> None:
    """Decide anew whether a person qualifies, after a certificate or a date changed."""
    for assignment in deed.session.scalars(
        sa.select(Assignment).where(Assignment.person_id == person_id)
    ):
        qualified = bool(assignment.exception_reason) or _is_qualified(deed, assignment)
        if qualified != assignment.is_qualified:
            assignment.is_qualified = qualified
            _settle(deed, assignment, "qualified" if qualified else "disqualified", None)


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
            assignment.is_qualified = False
            deed.session.flush()
            _decide(deed, assignment, "disqualified", None)
            deed.record("assignment.disqualified", f"assignment:{assignment.public_id}")


def _end(pairing: Pairing, ends_on: date | None) -> date:
    return ends_on or pairing.ends_on


def _nominate(
    deed: Deed, pairing: Pairing, person: Person, side: Side, span: rules.Span
) -> Assignment:
    session = deed.session
    # Two nominations of one person at the same time: the second sees the first.
    session.execute(sa.select(Person.id).where(Person.id == person.id).with_for_update())
    organisation_id = (
        pairing.sending_organisation_id if side == Side.SENT else pairing.receiving_organisation_id
    )
    work_year = find_work_year_on(session, span.starts_on, pairing.receiving_province_code)
    refuse_if(
        rules.refusals_for_assignment(
            span,
            pairing=rules.Span(pairing.starts_on, pairing.ends_on),
            life=life_of(session, pairing),
            is_member=person.organisation_id == organisation_id,
            others=spans_of(session, pairing.id, person.id),
            closed_year=work_year.year if work_year and work_year.closed_at else None,
            is_approved=deed.actor.is_operator,
        )
    )
    assignment = Assignment(
        pairing_id=pairing.id,
        person_id=person.id,
        organisation_id=organisation_id,
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
    session.flush()
    _decide(deed, assignment, "nominated", None)
    return assignment


def _is_qualified(deed: Deed, assignment: Assignment) -> bool:
    checks = checks_of(deed.session, assignment.person_id, assignment.side, assignment.starts_on)
    return all(check.is_met for check in checks)


def _is_own(deed: Deed, assignment: Assignment) -> bool:
    own = (assignment.person_id, assignment.nominated_by_person_id)
    return deed.actor.person_id is not None and deed.actor.person_id in own


def _refusals_for_decision(deed: Deed, assignment: Assignment, verb: str) -> list[Refusal]:
    return rules.refusals_for_decision(
        assignment.state, is_own=_is_own(deed, assignment), verb=verb
    )


def _shorten(
    deed: Deed, assignment: Assignment, last_day: date, reason: str, *, field: str
) -> None:
    pairing = deed.session.get_one(Pairing, assignment.pairing_id)
    province = pairing.receiving_province_code
    refuse_if(
        rules.refusals_for_end(
            rules.Span(assignment.starts_on, assignment.ends_on),
            assignment.state,
            last_day=last_day,
            reason=reason,
            last_workday=later_workdays(deed.session, assignment.id, last_day).last,
            closed_years=closed_years_between(
                deed.session, last_day + timedelta(1), assignment.ends_on, province
            ),
            field=field,
        )
    )
    assignment.ends_on = last_day


def _settle(deed: Deed, assignment: Assignment, kind: str, reason: str | None) -> None:
    deed.session.flush()
    _decide(deed, assignment, kind, reason)
    refresh_pairing(deed.session, assignment.pairing_id)
    deed.record(f"assignment.{kind}", f"assignment:{assignment.public_id}")


def _decide(deed: Deed, assignment: Assignment, kind: str, reason: str | None) -> None:
    deed.session.add(
        AssignmentDecision(
            assignment_id=assignment.id,
            kind=kind,
            state_after=assignment.state,
            is_qualified_after=assignment.is_qualified,
            at=deed.now,
            account_id=deed.actor.account_id,
            person_id=deed.actor.person_id,
            reason=reason,
        )
    )
    deed.session.flush()
