"""Assigning people to pairings, approving them, granting exceptions."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from models import Assignment, AssignmentDecision, Certificate, Pairing, Person, Workday
from models.types import AssignmentState, Side, WorkdayState
from portal.deeds import Deed
from portal.programme.queries import policy_on
from portal.refusals import Refusal, Refused, refuse_if
from portal.staffing import rules
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
    session = deed.session
    span = rules.Span(starts_on, ends_on or pairing.ends_on)
    organisation_id = _organisation_of(pairing, side)
    others = session.execute(
        sa.select(Assignment.starts_on, Assignment.ends_on).where(
            Assignment.pairing_id == pairing.id,
            Assignment.person_id == person.id,
            Assignment.state != AssignmentState.REJECTED,
        )
    )
    refuse_if(
        rules.refusals_for_assignment(
            span,
            pairing=rules.Span(pairing.starts_on, pairing.ends_on),
            pairing_code=pairing.code,
            is_member=person.organisation_id == organisation_id,
            others=[rules.Span(*row) for row in others],
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
        created_at=deed.now,
    )
    assignment.is_qualified = not shortfalls(deed, assignment)
    session.add(assignment)
    session.flush()
    _decide(deed, assignment, "nominated", None)
    deed.record("assignment.nominated", f"assignment:{assignment.public_id}", side=side.value)
    return assignment


def shortfalls(deed: Deed, assignment: Assignment) -> list[Refusal]:
    """Say what the person lacks for this assignment (certificate, service); empty if nothing."""
    person = deed.session.get_one(Person, assignment.person_id)
    certificates = deed.session.execute(
        sa.select(Certificate.level, Certificate.issued_on).where(
            Certificate.person_id == person.id
        )
    )
    return rules.shortfalls_of_person(
        side=assignment.side,
        certificates=[rules.CertificateFacts(*row) for row in certificates],
        service_started_on=person.service_started_on,
        first_day=assignment.starts_on,
        policy=policy_on(deed.session, assignment.starts_on),
    )


def approve_assignment(deed: Deed, assignment: Assignment) -> None:
    """Approve a nomination; never one's own, nor one that one nominated."""
    _refuse_unless_waiting(deed, assignment, "批准")
    assignment.state = AssignmentState.APPROVED
    assignment.approved_by_person_id = deed.actor.person_id
    _settle(deed, assignment, "approved", None)


def reject_assignment(deed: Deed, assignment: Assignment, reason: str) -> None:
    """Turn a nomination down, with a reason."""
    _refuse_unless_waiting(deed, assignment, "不批准")
    refuse_if(_refusals_for_reason(reason))
    assignment.state = AssignmentState.REJECTED
    _settle(deed, assignment, "rejected", reason)


def end_assignment(deed: Deed, assignment: Assignment, last_day: date, reason: str) -> None:
    """End an assignment early (somebody leaves); days after the last one must not exist."""
    last_workday = deed.session.scalar(
        sa.select(sa.func.max(Workday.worked_on)).where(
            Workday.assignment_id == assignment.id, Workday.state != WorkdayState.SUPERSEDED
        )
    )
    refusals = _refusals_for_reason(reason)
    if not assignment.starts_on <= last_day <= assignment.ends_on:
        refusals.append(
            Refusal(
                "last_day",
                "invalid_value",
                f"结束日期应在 {assignment.starts_on} 至 {assignment.ends_on} 之间。",
            )
        )
    elif last_workday and last_workday > last_day:
        refusals.append(
            Refusal("last_day", "overlap", f"{last_workday} 还有工作日志，不能早于该日结束。")
        )
    refuse_if(refusals)
    assignment.ends_on = last_day
    _settle(deed, assignment, "ended", reason)


def grant_exception(deed: Deed, assignment: Assignment, reason: str) -> None:
    """Record the province's approval of a sent person who does not meet the rule (B10, B11)."""
    refusals = _refusals_for_reason(reason)
    if deed.actor.person_id is not None and deed.actor.person_id == assignment.person_id:
        refusals.append(Refusal("", "own_entry", "不能批准本人的资格例外。"))
    if assignment.is_qualified:
        refusals.append(Refusal("", "wrong_state", "该人员已符合资格要求，无须批准例外。"))
    refuse_if(refusals)
    assignment.exception_by_person_id = deed.actor.person_id
    assignment.exception_reason = reason
    assignment.is_qualified = True
    _settle(deed, assignment, "exception_granted", reason)


def review_qualification(deed: Deed, person_id: int) -> None:
    """Decide anew whether a person qualifies, after a certificate or a date changed."""
    for assignment in deed.session.scalars(
        sa.select(Assignment).where(Assignment.person_id == person_id)
    ):
        qualified = bool(assignment.exception_reason) or not shortfalls(deed, assignment)
        if qualified != assignment.is_qualified:
            assignment.is_qualified = qualified
            _settle(deed, assignment, "qualified" if qualified else "disqualified", None)


def _organisation_of(pairing: Pairing, side: Side) -> int:
    return (
        pairing.sending_organisation_id if side == Side.SENT else pairing.receiving_organisation_id
    )


def _refuse_unless_waiting(deed: Deed, assignment: Assignment, verb: str) -> None:
    if assignment.state != AssignmentState.NOMINATED:
        raise Refused(
            [Refusal("", "wrong_state", f"该选派目前为“{assignment.state.label}”，不能再{verb}。")]
        )
    person_id = deed.actor.person_id
    own = (assignment.person_id, assignment.nominated_by_person_id)
    if person_id is not None and person_id in own:
        raise Refused([Refusal("", "own_entry", f"本人提出或本人的选派不能由本人{verb}。")])


def _refusals_for_reason(reason: str) -> list[Refusal]:
    return [] if reason.strip() else [Refusal("reason", "missing_value", "请填写原因。")]


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
