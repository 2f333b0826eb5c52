"""Making, confirming, signing and ending pairings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from models import (
    Assignment,
    AssignmentDecision,
    Organisation,
    Pairing,
    PairingDecision,
    PairingYear,
    WorkYear,
)
from models.types import AssignmentState, Line, PairingState
from portal.access.actor import Actor
from portal.access.policy import Reach
from portal.deeds import Deed
from portal.pairings import rules
from portal.pairings.queries import (
    code_is_taken,
    confirmed_sides,
    free_code,
    is_proposed_by,
    partners,
    place_of,
    termination_effect,
)
from portal.programme.queries import list_work_years_between, policy_on, programme_of
from portal.programme.rules import mode_of
from portal.refusals import Conflict, Refusal, Refused, refuse_if
from portal.standards.text import plain, trimmed
from portal.totals.actions import close_totals, open_totals, refresh_pairing

CHANGED_MEANWHILE = Refusal(
    "", "changed_meanwhile", "在您打开页面之后，别人已修改了该结对。请刷新后再办理。"
)


def create_pairing(
    deed: Deed,
    *,
    code: str | None,
    sending: Organisation,
    receiving: Organisation,
    county_code: str,
    line: Line,
    starts_on: date,
    ends_on: date | None,
    exception_reason: str | None = None,
) -> Pairing:
    """Pair two organisations; without an end the pairing runs to the end of its programme.

    Without a code it gets the next free one. ``exception_reason`` is the province's recorded
    approval of a second partner (B14); such a pairing leaves the one-to-one place free.
    """

    wanted = _Wanted(
        sending, receiving, county_code, line, starts_on, ends_on, plain(exception_reason or "")
    )
    code = None if code is None else rules.normalise_code(code)
    return _write(deed, code, wanted, _checked(deed, code, wanted))


class _Wanted(NamedTuple):
    """A pairing as it was asked for."""

    sending: Organisation
    receiving: Organisation
    county_code: str
    line: Line
    starts_on: date
    ends_on: date | None
    exception_reason: str


class _Checked(NamedTuple):
    """What the rules let through: the span, its years, and how both sides stand in them."""

    ends_on: date
    years: list[int]
    sending: rules.Standing
    receiving: rules.Standing


def _checked(deed: Deed, code: str | None, wanted: _Wanted) -> _Checked:
    """Ask every rule about a pairing; raise :class:`Refused` with all that they say."""
    sending, receiving = wanted.sending, wanted.receiving
    acting = acting_provinces(deed.actor)
    refusals = [
        *_refusals_for_code(deed, code),
        *rules.refusals_for_province(acting, sending.province_code, receiving.province_code),
    ]
    place = place_of(deed.session, wanted.county_code, wanted.starts_on)
    if place is None:
        unknown = f"受援县代码“{wanted.county_code}”不存在，请核对。"
        raise Refused([*refusals, Refusal("county", "unknown_region", unknown)])
    ends_on = wanted.ends_on or _last_day_of_programme(deed, wanted.starts_on)
    years = list_work_years_between(deed.session, wanted.starts_on, ends_on, place.province_code)
    checked = _Checked(
        ends_on,
        [year.year for year in years],
        _standing(deed, sending, "sending", years, wanted.starts_on),
        _standing(deed, receiving, "receiving", years, wanted.starts_on),
    )
    refusals += rules.refusals_for_pairing(
        rules.Proposal(wanted.line, wanted.starts_on, ends_on, wanted.exception_reason or None),
        place=place,
        sending=checked.sending,
        receiving=checked.receiving,
        years=checked.years,
        closed_years=[year.year for year in years if year.closed_at],
    )
    refuse_if(refusals)
    return checked


def _write(deed: Deed, code: str | None, wanted: _Wanted, checked: _Checked) -> Pairing:
    sending, receiving = wanted.sending, wanted.receiving
    prefix = f"{wanted.starts_on.year}-{wanted.county_code}"
    pairing = Pairing(
        code=code or free_code(deed.session, prefix),
        sending_organisation_id=sending.id,
        receiving_organisation_id=receiving.id,
        sending_province_code=sending.province_code,
        receiving_province_code=receiving.province_code,
        county_code=wanted.county_code,
        mode=mode_of(sending.province_code, receiving.province_code),
        line=wanted.line,
        starts_on=wanted.starts_on,
        ends_on=checked.ends_on,
        created_at=deed.now,
    )
    deed.session.add(pairing)
    deed.session.flush()
    _take_places(deed, pairing, (checked.sending, checked.receiving), checked.years)
    _decide_on_creation(deed, pairing, wanted.exception_reason or None)
    deed.record(
        "pairing.created", f"pairing:{pairing.code}", exception=wanted.exception_reason or None
    )
    return pairing


def confirm_pairing(deed: Deed, pairing: Pairing) -> None:
    """Confirm a cross-province pairing for the province that did not propose it (二(二))."""
    provinces = (pairing.sending_province_code, pairing.receiving_province_code)
    waiting = rules.waiting_side(
        pairing.mode, pairing.state, confirmed_sides(deed.session, pairing.id)
    )
    refuse_if(
        rules.refusals_for_confirmation(
            waiting,
            rules.sides_of(acting_provinces(deed.actor), *provinces),
            is_own_proposal=is_proposed_by(deed.session, pairing.id, deed.actor.person_id),
        )
    )
    assert waiting is not None  # the rules refused it otherwise
    _decide(deed, pairing, rules.CONFIRMED[waiting], None)
    deed.record("pairing.confirmed", f"pairing:{pairing.code}", side=waiting.value)


def record_agreement(
    deed: Deed, pairing: Pairing, *, number: str, signed_on: date, version: int | None = None
) -> None:
    """Record the signed agreement of a pairing (帮扶协议), or mend what was recorded."""
    _refuse_if_changed(pairing, version)
    number = trimmed(number)
    refuse_if(
        rules.refusals_for_agreement(
            number=number,
            signed_on=signed_on,
            starts_on=pairing.starts_on,
            ends_on=pairing.ends_on,
            today=deed.today,
        )
    )
    pairing.agreement_number = number
    pairing.agreement_signed_on = signed_on
    pairing.agreement_recorded_at = deed.now
    deed.session.flush()
    _decide(deed, pairing, "agreement_recorded", f"{number}，{signed_on}")
    refresh_pairing(deed.session, pairing.id)
    deed.record("pairing.agreement_recorded", f"pairing:{pairing.code}", number=number)


def terminate_pairing(
    deed: Deed, pairing: Pairing, *, last_day: date, reason: str, version: int | None = None
) -> None:
    """End a pairing early; the years after its last day become free on both sides at once.

    The year of the last day keeps the old partner's days but is free for a new partner.
    """
    _refuse_if_changed(pairing, version)
    session = deed.session
    if pairing.state == PairingState.TERMINATED:
        raise Refused([Refusal("", "wrong_state", f"结对 {pairing.code} 已经终止。")])
    effect = termination_effect(session, pairing, last_day)
    refuse_if(
        rules.refusals_for_termination(
            starts_on=pairing.starts_on,
            ends_on=pairing.ends_on,
            last_day=last_day,
            reason=reason,
            last_workday=effect.last_workday,
            closed_years=effect.closed_years,
        )
    )
    pairing.state = PairingState.TERMINATED
    pairing.ends_on = last_day
    close_totals(session, pairing.id, effect.years_left)
    for row in session.scalars(sa.select(PairingYear).where(PairingYear.pairing_id == pairing.id)):
        if row.year in effect.years_left:
            session.delete(row)
        elif row.year == effect.year_freed:
            row.occupies_sending = row.occupies_receiving = False
    _end_assignments(deed, pairing, last_day)
    session.flush()
    _decide(deed, pairing, "terminated", reason)
    refresh_pairing(session, pairing.id)
    deed.record("pairing.terminated", f"pairing:{pairing.code}", last_day=last_day)


def acting_provinces(actor: Actor) -> frozenset[str] | None:
    """Return the provinces for which an actor makes pairings; None stands for all."""
    if actor.is_operator:
        return None
    reaches = actor.reaches("pairing.write")
    if any(reach == Reach.NATION or grant.scope_code == "CN" for reach, grant in reaches):
        return None
    return frozenset(grant.scope_code for _, grant in reaches)


def _refusals_for_code(deed: Deed, code: str | None) -> list[Refusal]:
    if code is None:
        return []
    if code_is_taken(deed.session, code):
        return [Refusal("code", "duplicate", f"结对编号“{code}”已被使用，请换一个编号。")]
    return rules.refusals_for_code(code)


def _last_day_of_programme(deed: Deed, starts_on: date) -> date:
    programme = programme_of(deed.session, starts_on)
    return programme.ends_on if programme else starts_on


def _standing(
    deed: Deed, organisation: Organisation, field: str, years: Sequence[WorkYear], day: date
) -> rules.Standing:
    return rules.Standing(
        organisation_id=organisation.id,
        province_code=organisation.province_code,
        partners=partners(deed.session, organisation.id, [year.year for year in years], field),
        allows_several=policy_on(deed.session, day)[f"allow_multi_{field}"],
    )


def _take_places(
    deed: Deed, pairing: Pairing, standings: Sequence[rules.Standing], years: Sequence[int]
) -> None:
    """Lay a row a year; it takes the place of each side unless an exception or the policy frees it."""
    sending, receiving = (
        {year: not standing.allows_several and year not in standing.partners for year in years}
        for standing in standings
    )
    deed.session.add_all(
        PairingYear(
            pairing_id=pairing.id,
            year=year,
            sending_organisation_id=pairing.sending_organisation_id,
            receiving_organisation_id=pairing.receiving_organisation_id,
            occupies_sending=sending[year],
            occupies_receiving=receiving[year],
        )
        for year in years
    )
    deed.session.flush()
    open_totals(deed.session, pairing, years)


def _decide_on_creation(deed: Deed, pairing: Pairing, exception_reason: str | None) -> None:
    _decide(deed, pairing, "created", None)
    if exception_reason:
        _decide(deed, pairing, "excepted", exception_reason)
    provinces = (pairing.sending_province_code, pairing.receiving_province_code)
    for side in rules.sides_of(acting_provinces(deed.actor), *provinces):
        _decide(deed, pairing, rules.CONFIRMED[side], None)


def _refuse_if_changed(pairing: Pairing, version: int | None) -> None:
    if version is not None and pairing.version != version:
        raise Conflict([CHANGED_MEANWHILE])


def _end_assignments(deed: Deed, pairing: Pairing, last_day: date) -> None:
    """End the assignments with the pairing; one that would begin later never takes place."""
    for assignment in deed.session.scalars(
        sa.select(Assignment).where(
            Assignment.pairing_id == pairing.id,
            Assignment.ends_on > last_day,
            Assignment.state != AssignmentState.REJECTED,
        )
    ):
        if assignment.starts_on > last_day:
            assignment.state = AssignmentState.REJECTED
        else:
            assignment.ends_on = last_day
        deed.session.flush()
        deed.session.add(
            AssignmentDecision(
                assignment_id=assignment.id,
                kind="pairing_terminated",
                state_after=assignment.state,
                is_qualified_after=assignment.is_qualified,
                at=deed.now,
                account_id=deed.actor.account_id,
                person_id=deed.actor.person_id,
                reason=f"结对 {pairing.code} 终止",
            )
        )


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
