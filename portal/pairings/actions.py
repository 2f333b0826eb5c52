"""Making, signing and ending pairings."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from models import (
    Assignment,
    Organisation,
    Pairing,
    PairingDecision,
    PairingYear,
    Workday,
)
from models.types import Line, PairingState, WorkdayState
from portal.deeds import Deed
from portal.pairings import rules
from portal.pairings.queries import partners, place_of
from portal.programme.queries import list_work_years_between, policy_on, programme_of
from portal.refusals import Refusal, Refused, refuse_if
from portal.totals.actions import close_totals, open_totals, refresh_pairing


def create_pairing(
    deed: Deed,
    *,
    code: str,
    sending: Organisation,
    receiving: Organisation,
    county_code: str,
    line: Line,
    starts_on: date,
    ends_on: date | None,
    exception_reason: str | None = None,
) -> Pairing:
    """Pair two organisations; without an end the pairing runs to the end of its programme.

    ``exception_reason`` is the province's recorded approval of a second partner (B14); such a
    pairing leaves the one-to-one place free.
    """
    session = deed.session
    if session.scalar(sa.select(Pairing.id).where(Pairing.code == code)):
        raise Refused([Refusal("code", "duplicate", f"结对编号“{code}”已被使用，请换一个编号。")])
    place = place_of(session, county_code, starts_on)
    if place is None:
        raise Refused(
            [Refusal("county", "unknown_region", f"受援县代码“{county_code}”不存在，请核对。")]
        )
    if ends_on is None:
        programme = programme_of(session, starts_on)
        ends_on = programme.ends_on if programme else starts_on
    years = list_work_years_between(session, starts_on, ends_on, place.province_code)
    numbers = [year.year for year in years]
    policy = policy_on(session, starts_on)
    refuse_if(
        rules.refusals_for_pairing(
            is_same_organisation=sending.id == receiving.id,
            line=line,
            place=place,
            receiving_province_code=receiving.province_code,
            starts_on=starts_on,
            ends_on=ends_on,
            years=numbers,
            closed_years=[year.year for year in years if year.closed_at],
            sending_partners={}
            if exception_reason or policy["allow_multi_sending"]
            else partners(session, sending.id, numbers, "sending"),
            receiving_partners={}
            if exception_reason or policy["allow_multi_receiving"]
            else partners(session, receiving.id, numbers, "receiving"),
        )
    )
    pairing = Pairing(
        code=code,
        sending_organisation_id=sending.id,
        receiving_organisation_id=receiving.id,
        sending_province_code=sending.province_code,
        receiving_province_code=receiving.province_code,
        county_code=county_code,
        mode=rules.mode_of(sending.province_code, receiving.province_code),
        line=line,
        starts_on=starts_on,
        ends_on=ends_on,
        created_at=deed.now,
    )
    session.add(pairing)
    session.flush()
    session.add_all(
        PairingYear(
            pairing_id=pairing.id,
            year=number,
            sending_organisation_id=sending.id,
            receiving_organisation_id=receiving.id,
            occupies_sending=not (exception_reason or policy["allow_multi_sending"]),
            occupies_receiving=not (exception_reason or policy["allow_multi_receiving"]),
        )
        for number in numbers
    )
    session.flush()
    open_totals(session, pairing, numbers)
    _decide(deed, pairing, "created", exception_reason)
    refresh_pairing(session, pairing.id)
    deed.record("pairing.created", f"pairing:{pairing.code}", exception=exception_reason)
    return pairing


def record_agreement(deed: Deed, pairing: Pairing, *, number: str, signed_on: date) -> None:
    """Record the signed agreement of a pairing (帮扶协议)."""
    if signed_on > deed.today:
        raise Refused(
            [Refusal("signed_on", "future_date", f"签订日期 {signed_on} 晚于今天，请核对。")]
        )
    pairing.agreement_number = number
    pairing.agreement_signed_on = signed_on
    pairing.agreement_recorded_at = deed.now
    deed.session.flush()
    _decide(deed, pairing, "agreement_recorded", f"{number}，{signed_on}")
    refresh_pairing(deed.session, pairing.id)
    deed.record("pairing.agreement_recorded", f"pairing:{pairing.code}", number=number)


def terminate_pairing(deed: Deed, pairing: Pairing, *, last_day: date, reason: str) -> None:
    """End a pairing early; the years after its last day become free on both sides at once.

    The year of the last day stays taken by the old partner's days but free for a new one.
    """
    session = deed.session
    if pairing.state == PairingState.TERMINATED:
        raise Refused([Refusal("", "wrong_state", f"结对 {pairing.code} 已经终止。")])
    last_workday = session.scalar(
        sa.select(sa.func.max(Workday.worked_on)).where(
            Workday.pairing_id == pairing.id, Workday.state != WorkdayState.SUPERSEDED
        )
    )
    refuse_if(
        rules.refusals_for_termination(
            starts_on=pairing.starts_on,
            ends_on=pairing.ends_on,
            last_day=last_day,
            reason=reason,
            last_workday=last_workday,
        )
    )
    kept = {
        year.year
        for year in list_work_years_between(
            session, pairing.starts_on, last_day, pairing.receiving_province_code
        )
    }
    pairing.state = PairingState.TERMINATED
    pairing.ends_on = last_day
    rows = session.scalars(sa.select(PairingYear).where(PairingYear.pairing_id == pairing.id)).all()
    gone = [row.year for row in rows if row.year not in kept]
    close_totals(session, pairing.id, gone)
    for row in rows:
        if row.year in gone:
            session.delete(row)
        elif row.year == max(kept):
            row.occupies_sending = row.occupies_receiving = False
    _end_assignments(deed, pairing, last_day)
    session.flush()
    _decide(deed, pairing, "terminated", reason)
    refresh_pairing(session, pairing.id)
    deed.record("pairing.terminated", f"pairing:{pairing.code}", last_day=last_day)


def _end_assignments(deed: Deed, pairing: Pairing, last_day: date) -> None:
    for assignment in deed.session.scalars(
        sa.select(Assignment).where(
            Assignment.pairing_id == pairing.id, Assignment.ends_on > last_day
        )
    ):
        assignment.ends_on = max(last_day, assignment.starts_on)


def _decide(deed: Deed, pairing: Pairing, kind: str, reason: str | None) -> None:
    deed.session.add(
        PairingDecision(
            pairing_id=pairing.id,
            kind=kind,
            ends_on_after=pairing.ends_on,
            at=deed.now,
            account_id=deed.actor.account_id,
            person_id=deed.actor.person_id,
            reason=reason,
        )
    )
    deed.session.flush()
