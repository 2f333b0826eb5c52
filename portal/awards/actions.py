"""Claiming, withdrawing, verifying, publicising, objecting, rejecting, paying. No row of the ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from models import CertificateAward
from models.base import new_public_id
from models.types import AwardState
from portal.access.loading import Unseen
from portal.awards.local_rules import refusals_for_claim
from portal.awards.queries import Claimable, facts_of, find_claimed
from portal.awards.rules import LIFE, AwardFacts, refusals_for_payment
from portal.calendar.queries import load_calendar
from portal.clock import end_of
from portal.deeds import Deed
from portal.disputes.rules import last_day_to_dispute
from portal.procedures.actions import note, take, take_all
from portal.procedures.rules import refusals_for_all
from portal.refusals import Refusal, Refused, refuse_if
from portal.standards.text import plain

NOTHING_CHOSEN = Refusal("", "missing_value", "请先勾选要办理的奖补。")
NOTHING_CLAIMED = Refusal("", "missing_value", "请先勾选要申请奖补的证书。")

Seen = Mapping[int, int] | None


class AwardClaim(NamedTuple):
    """A certificate for which an award is claimed; ``fen`` where its rule fixes no amount."""

    certificate_id: int
    fen: int | None = None


def claim_awards(deed: Deed, claims: Sequence[AwardClaim]) -> list[CertificateAward]:
    """AwardClaim awards for certificates, all or none; each waits for the province to verify it."""
    if not claims:
        raise Refused([NOTHING_CLAIMED])
    asked = {one.certificate_id: one.fen for one in claims}
    found = find_claimed(deed.session, deed.actor, list(asked), deed.today)
    if len(found) != len(asked):
        raise Unseen("certificate")
    refuse_if(
        refusal
        for one in found
        for refusal in refusals_for_claim(one.ground, asked[one.certificate_id])
    )
    made = [_award(deed, one, asked[one.certificate_id]) for one in found]
    deed.session.add_all(made)
    note(deed, made, "claimed", permission="award.claim")
    _record(deed, "claimed", made)
    return made


def _award(deed: Deed, one: Claimable, fen: int | None) -> CertificateAward:
    rule, certificate = one.ground.rule, one.ground.certificate
    assert rule is not None  # the rules refused it otherwise
    return CertificateAward(
        public_id=new_public_id(),
        person_id=one.person_id,
        organisation_id=one.organisation_id,
        province_code=one.province_code,
        rule_id=rule.id,
        level=certificate.level,
        certificate_number=certificate.number,
        certificate_issued_on=certificate.issued_on,
        amount_fen=fen if rule.amount_fen is None else rule.amount_fen,
        state=AwardState.CLAIMED,
        claimed_by_person_id=deed.actor.person_id,
        created_at=deed.now,
    )


def withdraw_award(
    deed: Deed, award: CertificateAward, reason: str, *, seen: int | None = None
) -> None:
    """Take a claim back with a reason; the certificate can be claimed for again."""
    _take(deed, award, "withdrawn", reason, seen)


def verify_awards(deed: Deed, awards: Sequence[CertificateAward], *, seen: Seen = None) -> None:
    """Find claims true to the registered certificates, all or none."""
    _take_all(deed, awards, "verified", seen, columns={"verified_at": deed.now})


def publicise_awards(deed: Deed, awards: Sequence[CertificateAward], *, seen: Seen = None) -> None:
    """Put verified awards on public notice from today, each for the working days of its rule."""
    if not awards:
        raise Refused([NOTHING_CHOSEN])
    facts = facts_of(deed.session, awards, deed.today)
    step = LIFE.step("publicised")
    refuse_if(
        refusals_for_all(
            LIFE, step, facts, person_id=deed.actor.person_id, names_one=len(awards) > 1
        )
    )
    ends = {days: _last_day(deed, days) for days in sorted({one.notice_days for one in facts})}
    for days, until in ends.items():
        places = [place for place, one in enumerate(facts) if one.notice_days == days]
        take_all(
            deed,
            LIFE,
            [awards[place] for place in places],
            "publicised",
            facts=[facts[place] for place in places],
            seen=seen,
            reason=f"自 {deed.today} 起，至 {until} 止",
            columns={
                "publicised_on": deed.today,
                "notice_until": until,
                "notice_ends_at": end_of(until),
            },
        )
    _record(deed, "publicised", awards)


def _last_day(deed: Deed, days: int) -> date:
    # Every week has working days, and no holiday two weeks without one.
    calendar = load_calendar(deed.session, deed.today, deed.today + timedelta(days=3 * days + 21))
    return last_day_to_dispute(deed.today, days, calendar)


def dismiss_objection(
    deed: Deed, award: CertificateAward, reason: str, *, seen: int | None = None
) -> None:
    """Note an objection that was found groundless, with what was found; the notice goes on."""
    _take(deed, award, "objection_dismissed", reason, seen)


def send_back(deed: Deed, award: CertificateAward, reason: str, *, seen: int | None = None) -> None:
    """Note an objection that is right: the award is verified anew, and publicised anew."""
    _take(deed, award, "sent_back", reason, seen)


def reject_award(
    deed: Deed, award: CertificateAward, reason: str, *, seen: int | None = None
) -> None:
    """Refuse an award with a reason; the certificate can be claimed for again."""
    _take(deed, award, "rejected", reason, seen)


def pay_awards(
    deed: Deed,
    awards: Sequence[CertificateAward],
    paid_on: date,
    voucher_number: str,
    *,
    seen: Seen = None,
) -> None:
    """Record that awards were paid after their notice, by one day and voucher, all or none."""
    facts = facts_of(deed.session, awards, deed.today)
    voucher = plain(voucher_number)
    _take_all(
        deed,
        awards,
        "paid",
        seen,
        facts=facts,
        reason=voucher,
        columns={"paid_on": paid_on, "voucher_number": voucher},
        besides=refusals_for_payment(facts, paid_on, voucher_number, today=deed.today),
    )


def take_payment_back(
    deed: Deed, award: CertificateAward, reason: str, *, seen: int | None = None
) -> None:
    """Take a payment back that was recorded by mistake, with a reason."""
    _take(deed, award, "payment_reversed", reason, seen)


def _take(deed: Deed, award: CertificateAward, verb: str, reason: str, seen: int | None) -> None:
    (facts,) = facts_of(deed.session, [award], deed.today)
    take(deed, LIFE, award, verb, facts=facts, reason=reason, seen=seen)
    _record(deed, verb, [award])


def _take_all(
    deed: Deed,
    awards: Sequence[CertificateAward],
    verb: str,
    seen: Seen,
    *,
    facts: Sequence[AwardFacts] | None = None,
    **asked: Any,
) -> None:
    if not awards:
        raise Refused([NOTHING_CHOSEN])
    known = facts_of(deed.session, awards, deed.today) if facts is None else facts
    take_all(deed, LIFE, awards, verb, facts=known, seen=seen, **asked)
    _record(deed, verb, awards)


def _record(deed: Deed, verb: str, awards: Sequence[CertificateAward]) -> None:
    ids = [one.public_id for one in awards]
    deed.record(
        f"certificate_award.{verb}",
        f"certificate_award:{ids[0]}",
        count=len(ids),
        ids=ids,
        amount_fen=sum(one.amount_fen for one in awards),
    )


def record_notice(deed: Deed, province_code: str, *, kind: str, publicised_on: date) -> None:
    """Note that a public notice was taken out as a file."""
    deed.record(
        "award_notice.exported",
        f"region:{province_code}",
        format=kind,
        publicised_on=publicised_on.isoformat(),
    )
