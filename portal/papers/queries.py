"""Gathering the facts of papers: a month of a person, a service, how a pairing stands."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Assignment,
    Organisation,
    Pairing,
    PairingYearTotal,
    PersonYearTotal,
    Township,
    Workday,
)
from models.types import AssignmentState, AuthorityLevel, AuthorityLine, Side, WorkdayState
from portal.access.actor import Actor
from portal.access.policy import Reach
from portal.access.scope import within
from portal.compliance.pace_queries import paces_on
from portal.compliance.rules import Tally, findings_for, is_compliant
from portal.documents.description_rules import Cell, in_days
from portal.pairings.life_rules import standing_on
from portal.pairings.record_queries import parties_of
from portal.papers.month_rules import MonthDay, MonthFacts
from portal.papers.pairing_rules import NOT_EFFECTIVE, YearLine, standing_in_words
from portal.papers.rules import Service
from portal.places.queries import authority_on, full_region_names
from portal.programme.queries import current_year, is_demo, policy_of_year
from portal.staffing.record_queries import belonging_of
from portal.standards.dates import last_of_month, month_of
from portal.totals.queries import HALVES, standing_under

HANDED_IN = tuple(
    state for state in WorkdayState if state not in (WorkdayState.DRAFT, WorkdayState.SUPERSEDED)
)


def find_own_assignment(session: Session, actor: Actor) -> Assignment | None:
    """Return the actor's own latest assignment that was not turned down, or None."""
    return session.scalars(
        sa.select(Assignment)
        .where(
            Assignment.person_id == actor.person_id,
            Assignment.state != AssignmentState.REJECTED,
            within(Assignment, actor, "workday.write"),
        )
        .order_by(Assignment.starts_on.desc(), Assignment.id.desc())
        .limit(1)
    ).one_or_none()


def months_of(session: Session, assignment: Assignment) -> list[date]:
    """Return the months (their first days) with days that were handed in, latest first."""
    days = session.scalars(sa.select(Workday.worked_on).where(*_own_days(assignment)).distinct())
    return sorted({month_of(day) for day in days}, reverse=True)


def month_facts(session: Session, assignment: Assignment, month: date) -> MonthFacts:
    """Return the head of a person's sheet."""
    belonging = belonging_of(session, assignment)
    county = belonging.pairing.county_code
    return MonthFacts(
        month=month,
        person=belonging.person.name,
        side=assignment.side,
        organisation=belonging.organisation.name,
        partner=belonging.partner.name,
        pairing=belonging.pairing.code,
        county=full_region_names(session, [county])[county],
        is_demo=is_demo(session),
    )


def list_days_of_month(session: Session, assignment: Assignment, month: date) -> list[MonthDay]:
    """Return the days of a month that a person has handed in on this side of the pairing."""
    standing = standing_under(policy_of_year(session, month.year))
    rows = session.execute(
        sa.select(
            Workday.worked_on,
            Workday.half_days,
            HALVES,
            Workday.mode,
            Workday.task,
            Township.name,
            Workday.description,
            Workday.state,
            Workday.is_rest_day,
            Workday.corrects_id.is_not(None).label("is_correction"),
            sa.case((standing.counts, Workday.worth_centidays), else_=0),
            sa.case((standing.waits, Workday.worth_centidays), else_=0),
        )
        .select_from(Workday)
        .join(Assignment, Assignment.id == Workday.assignment_id)
        .join(Pairing, Pairing.id == Workday.pairing_id)
        .outerjoin(Township, Township.code == Workday.township_code)
        .where(
            *_own_days(assignment),
            Workday.worked_on.between(month, last_of_month(month)),
        )
        .order_by(Workday.worked_on, Workday.id)
    )
    return [MonthDay(*row) for row in rows]


def _own_days(assignment: Assignment) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Workday.pairing_id == assignment.pairing_id,
        Workday.person_id == assignment.person_id,
        Workday.side == assignment.side,
        Workday.state.in_(HANDED_IN),
    )


def service_of(session: Session, actor: Actor, assignment: Assignment) -> Service:
    """Return what is asked before a service is certified."""
    pairing = session.get_one(Pairing, assignment.pairing_id)
    counted = sum(one["centidays"] for one in _years_of(session, assignment))
    return Service(
        state=assignment.state,
        is_confirmed=pairing.confirmed_at is not None,
        counted_centidays=counted,
        person_id=assignment.person_id,
        issuer_person_id=actor.person_id,
    )


def certificate_facts(
    session: Session, actor: Actor, assignment: Assignment, today: date
) -> dict[str, Any]:
    """Return what a certificate of service says, as it is frozen."""
    belonging = belonging_of(session, assignment)
    county = belonging.pairing.county_code
    terms = session.execute(
        sa.select(Assignment.starts_on, Assignment.ends_on)
        .where(
            Assignment.pairing_id == assignment.pairing_id,
            Assignment.person_id == assignment.person_id,
            Assignment.side == assignment.side,
            Assignment.state == AssignmentState.APPROVED,
        )
        .order_by(Assignment.starts_on)
    )
    return {
        "person": belonging.person.name,
        "id_number": belonging.person.id_number_masked,
        "organisation": belonging.organisation.name,
        "credit_code": belonging.organisation.credit_code,
        "side": assignment.side.value,
        "pairing": belonging.pairing.code,
        "partner": belonging.partner.name,
        "county": full_region_names(session, [county])[county],
        "terms": [[first.isoformat(), last.isoformat()] for first, last in terms],
        "years": _years_of(session, assignment),
        "issuer": _issuer(session, actor, belonging.organisation, today),
        "is_demo": is_demo(session),
    }


def _years_of(session: Session, assignment: Assignment) -> list[dict[str, Any]]:
    total = PersonYearTotal
    rows = session.scalars(
        sa.select(total)
        .where(
            total.pairing_id == assignment.pairing_id,
            total.person_id == assignment.person_id,
            total.side == assignment.side,
            total.counted_centidays > 0,
        )
        .order_by(total.year)
    )
    return [
        {
            "year": row.year,
            "first": row.first_day.isoformat() if row.first_day else "",
            "last": row.last_day.isoformat() if row.last_day else "",
            "centidays": row.counted_centidays,
        }
        for row in rows
    ]


def _issuer(session: Session, actor: Actor, organisation: Organisation, today: date) -> str:
    """Return in whose name the actor issues: the organisation's, else that of the province."""
    reaches = {reach for reach, _ in actor.reaches("document.issue")}
    if Reach.PROVINCE_SENT not in reaches:
        return organisation.name
    province = organisation.province_code
    named = authority_on(session, AuthorityLine.CIVIL, AuthorityLevel.PROVINCE, province, today)
    return named or f"{full_region_names(session, [province])[province]}民政厅（局）"


def pairing_facts(session: Session, pairing: Pairing, today: date) -> list[tuple[str, Cell]]:
    """Return what a pairing sheet says in a word each."""
    parties = parties_of(session, pairing)
    sent, received = parties[Side.SENT], parties[Side.RECEIVED]
    names = full_region_names(session, [pairing.county_code])
    standing = standing_on(today, pairing.state, pairing.starts_on, pairing.ends_on)
    signed = pairing.agreement_signed_on
    agreement = f"{pairing.agreement_number}，{signed} 签订" if signed else "尚未登记"
    return [
        ("结对编号", pairing.code),
        ("状态", f"{standing.label}（{today}）"),
        ("援派机构", f"{sent.name}（{sent.credit_code}，{sent.seat}）"),
        ("受援机构", f"{received.name}（{received.credit_code}，{received.seat}）"),
        ("受援县", f"{names[pairing.county_code]}（{pairing.county_code}）"),
        ("帮扶方式、任务线", f"{pairing.mode.label}，{pairing.line.label}"),
        ("结对期限", f"{pairing.starts_on} 至 {pairing.ends_on}"),
        ("帮扶协议", agreement),
    ]


def list_pairing_years(session: Session, pairing: Pairing, today: date) -> list[YearLine]:
    """Return people and days of each work year of a pairing that has begun, and what it lacks."""
    totals = session.scalars(
        sa.select(PairingYearTotal)
        .where(
            PairingYearTotal.pairing_id == pairing.id,
            PairingYearTotal.year <= current_year(session, today),
        )
        .order_by(PairingYearTotal.year)
    )
    return [_year_line(session, pairing, total, today) for total in totals]


def _year_line(
    session: Session, pairing: Pairing, total: PairingYearTotal, today: date
) -> YearLine:
    figures = [getattr(total, name) for name in Tally._fields if name != "has_agreement"]
    tally = Tally._make([*figures, pairing.agreement_signed_on is not None])
    policy = policy_of_year(session, total.year)
    findings = findings_for(tally, policy)
    is_effective = pairing.confirmed_at is not None
    pace = (
        paces_on(session, total.year, today, policy)
        .standing(total, is_effective=is_effective)
        .worst
    )
    cells = (
        total.year,
        total.sent_staff,
        total.qualified_sent_staff,
        in_days(total.sent_centidays),
        in_days(total.sent_pending_centidays),
        total.received_staff,
        in_days(total.received_centidays),
        in_days(total.received_pending_centidays),
        standing_in_words(is_compliant=is_compliant(findings), pace=pace)
        if is_effective
        else NOT_EFFECTIVE,
    )
    missing = tuple(one.message.rstrip("。") for one in findings) if is_effective else ()
    return YearLine(cells, total.year, missing)
