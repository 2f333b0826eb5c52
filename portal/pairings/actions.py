"""Making, signing and ending pairings; what the provinces say to one stands in deciding.py."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from models import Organisation, Pairing, PairingException, PairingYear, WorkYear
from models.types import Line, Mode, Side
from portal.deeds import Deed
from portal.pairings import rules
from portal.pairings.decision_actions import take_effect_if_agreed
from portal.pairings.life_rules import Use, acting_provinces, refusals_for_use, sides_of
from portal.pairings.procedure_rules import LIFE
from portal.pairings.queries import (
    code_is_taken,
    facts_of,
    free_code,
    life_of,
    partners,
    place_of,
    termination_effect,
)
from portal.pairings.writing_actions import agree, take_effect
from portal.procedures.actions import follow, note, take
from portal.programme.queries import list_work_years_between, policy_on, programme_of
from portal.programme.rules import mode_of
from portal.refusals import Refusal, Refused, refuse_if
from portal.standards.text import plain, trimmed
from portal.totals.actions import close_totals, open_totals, refresh_pairing


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

    Without a code it gets the next free one. ``exception_reason`` asks for a second partner (B14);
    until it is granted the pairing takes no place. What the operator brings in was agreed before.
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
    sending: rules.Party
    receiving: rules.Party


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
        _party(deed, sending, "sending", years, wanted.starts_on),
        _party(deed, receiving, "receiving", years, wanted.starts_on),
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
        proposed_by_person_id=deed.actor.person_id,
        created_at=deed.now,
    )
    deed.session.add(pairing)
    deed.session.flush()
    is_asked = bool(wanted.exception_reason) and not deed.actor.is_operator
    _take_places(deed, pairing, checked, is_asked=is_asked)
    note(deed, [pairing], "created")
    if is_asked:
        _ask_for_exceptions(deed, pairing, checked, wanted.exception_reason)
    elif wanted.exception_reason:
        follow(deed, LIFE, [pairing], "exempted", reason=wanted.exception_reason)
    _confirm_for_own_province(deed, pairing)
    deed.record(
        "pairing.created", f"pairing:{pairing.code}", exception=wanted.exception_reason or None
    )
    return pairing


def record_agreement(
    deed: Deed, pairing: Pairing, *, number: str, signed_on: date, version: int | None = None
) -> None:
    """Record the signed agreement of a pairing (帮扶协议), or mend what was recorded."""
    number = trimmed(number)
    refuse_if(refusals_for_use(Use.AGREE, life_of(deed.session, pairing)))
    take(
        deed,
        LIFE,
        pairing,
        "agreement_recorded",
        facts=facts_of(deed.session, deed.actor, pairing),
        noted=f"{number}，{signed_on}",
        seen=version,
        columns={
            "agreement_number": number,
            "agreement_signed_on": signed_on,
            "agreement_recorded_at": deed.now,
        },
        besides=rules.refusals_for_agreement(
            number=number,
            signed_on=signed_on,
            starts_on=pairing.starts_on,
            ends_on=pairing.ends_on,
            today=deed.today,
        ),
    )
    refresh_pairing(deed.session, pairing.id)
    deed.record("pairing.agreement_recorded", f"pairing:{pairing.code}", number=number)


def terminate_pairing(
    deed: Deed, pairing: Pairing, *, last_day: date, reason: str, version: int | None = None
) -> None:
    """End a pairing early; the years after its last day become free on both sides at once.

    The year of the last day keeps the old partner's days but is free for a new partner. The people
    assigned to it follow: pages and commands come through portal/changes/actions.py.
    """
    session = deed.session
    effect = termination_effect(session, pairing, last_day)
    take(
        deed,
        LIFE,
        pairing,
        "terminated",
        facts=facts_of(session, deed.actor, pairing),
        reason=reason,
        seen=version,
        columns={"ends_on": last_day},
        besides=rules.refusals_for_last_day(
            starts_on=pairing.starts_on,
            ends_on=pairing.ends_on,
            last_day=last_day,
            last_workday=effect.last_workday,
            closed_years=effect.closed_years,
        ),
    )
    close_totals(session, pairing.id, effect.years_left)
    for row in session.scalars(sa.select(PairingYear).where(PairingYear.pairing_id == pairing.id)):
        if row.year in effect.years_left:
            session.delete(row)
        elif row.year == effect.year_freed:
            row.occupies_sending = row.occupies_receiving = False
    session.flush()
    refresh_pairing(session, pairing.id)
    deed.record("pairing.terminated", f"pairing:{pairing.code}", last_day=last_day)


def _refusals_for_code(deed: Deed, code: str | None) -> list[Refusal]:
    if code is None:
        return []
    if code_is_taken(deed.session, code):
        return [Refusal("code", "duplicate", f"结对编号“{code}”已被使用，请换一个编号。")]
    return rules.refusals_for_code(code)


def _last_day_of_programme(deed: Deed, starts_on: date) -> date:
    programme = programme_of(deed.session, starts_on)
    return programme.ends_on if programme else starts_on


def _party(
    deed: Deed, organisation: Organisation, field: str, years: Sequence[WorkYear], day: date
) -> rules.Party:
    return rules.Party(
        organisation_id=organisation.id,
        province_code=organisation.province_code,
        partners=partners(deed.session, organisation.id, [year.year for year in years], field),
        allows_several=policy_on(deed.session, day)[f"allow_multi_{field}"],
    )


def _take_places(deed: Deed, pairing: Pairing, checked: _Checked, *, is_asked: bool) -> None:
    """Lay a row a year; it takes the place of each side unless an exception or the policy frees it.

    Where an exception is only asked for (``is_asked``) no place is taken yet.
    """
    sending, receiving = (
        {
            year: not (is_asked or party.allows_several or year in party.partners)
            for year in checked.years
        }
        for party in (checked.sending, checked.receiving)
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
        for year in checked.years
    )
    deed.session.flush()
    open_totals(deed.session, pairing, checked.years)


def _ask_for_exceptions(deed: Deed, pairing: Pairing, checked: _Checked, reason: str) -> None:
    """Ask for a second partner of each side whose place is taken."""
    person_id = deed.actor.person_id
    assert person_id is not None  # of everybody but the operator
    for side, party in ((Side.SENT, checked.sending), (Side.RECEIVED, checked.receiving)):
        if not party.taken(checked.years):
            continue
        deed.session.add(
            PairingException(
                pairing_id=pairing.id,
                side=side,
                reason=reason,
                requested_at=deed.now,
                requested_by_person_id=person_id,
            )
        )
        follow(deed, LIFE, [pairing], "exception_requested", reason=f"{side.label}机构：{reason}")


def _confirm_for_own_province(deed: Deed, pairing: Pairing) -> None:
    """Let the maker's province take part; another person speaks for the other one, always."""
    if deed.actor.is_operator:
        take_effect(deed, pairing)
        return
    provinces = (pairing.sending_province_code, pairing.receiving_province_code)
    own = sides_of(acting_provinces(deed.actor), *provinces)
    for side in own if pairing.mode == Mode.IN_PROVINCE else own[:1]:
        agree(deed, pairing, side)
    take_effect_if_agreed(deed, pairing)
