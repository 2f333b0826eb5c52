"""Claiming, correcting, booking, sampling, disallowing, repaying; each amount moves by the ledger alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from models import Expenditure, ExpenditureDecision, ExpenditureWorkday, LedgerEntry
from models.base import new_public_id
from models.types import ExpenditureState, ExpenseCategory, LedgerKind
from portal.clock import date_of
from portal.deeds import Deed
from portal.ledger.actions import post, reverse
from portal.ledger.queries import entries_that_stand
from portal.ledger.rules import Book, LedgerRow
from portal.pairings.life_rules import Use, refusals_for_use
from portal.pairings.queries import lives_without_effect
from portal.procedures.actions import note, take, take_all
from portal.procedures.rules import refusals_for_reason
from portal.refusals import Refusal, Refused, refuse_if
from portal.spending.claim_rules import SpendingClaim
from portal.spending.day_queries import paid_days
from portal.spending.eligibility_rules import (
    Ground,
    refusals_for_days,
    refusals_for_expenditure,
)
from portal.spending.ground_queries import grounds_of, without
from portal.spending.place_queries import manages
from portal.spending.queries import facts_of, labels_without_voucher
from portal.spending.rules import LIFE, refusals_for_lost_vouchers, refusals_for_repayment
from portal.standards.text import plain


def claim_expenditures(
    deed: Deed, claims: Sequence[SpendingClaim], *, import_id: int | None = None
) -> list[Expenditure]:
    """Claim expenditures, all or none; each waits for another to book it, the operator's is booked."""
    if not claims:
        return []
    refuse_if(refusals_for_claims(deed, claims))
    made = [
        Expenditure(
            public_id=new_public_id(),
            organisation_id=one.organisation_id,
            pairing_id=one.pairing_id,
            year=one.year,
            state=ExpenditureState.CLAIMED,
            claimed_by_person_id=deed.actor.person_id,
            created_at=deed.now,
            import_id=import_id,
            **_columns(one),
        )
        for one in claims
    ]
    deed.session.add_all(made)
    note(deed, made, "claimed", permission="spending.claim")
    for claim, row in zip(claims, made, strict=True):
        _pay_days(deed, row, claim)
    if deed.actor.is_operator:
        others = [one for one in made if one.category == ExpenseCategory.OTHER]
        if others:
            _approve(deed, others, None)
        _book(deed, made, None)
    _record(deed, "expenditure.claimed", made)
    return made


def refusals_for_claims(deed: Deed, claims: Sequence[SpendingClaim]) -> list[Refusal]:
    """Say why these cannot be claimed; of several each refusal is that of its own claim, in their order."""
    return [one for refusals in refusals_by_claim(deed, claims) for one in refusals]


def refusals_by_claim(deed: Deed, claims: Sequence[SpendingClaim]) -> list[list[Refusal]]:
    """Return the refusals of each claim, in their order; several of 其他 are reckoned together."""
    grounds = grounds_of(deed.session, [one.spot for one in claims])
    lives = lives_without_effect(deed.session, {one.pairing_id for one in claims})
    others: dict[tuple[int, int], int] = {}
    found = []
    for one in claims:
        key = (one.organisation_id, one.year)
        ground = grounds[one.spot]
        ground = ground._replace(other_fen=ground.other_fen + others.get(key, 0))
        refusals = _refusals(deed, one, ground)
        if one.pairing_id in lives:
            refusals += refusals_for_use(Use.FUND, lives[one.pairing_id], "place")
        if one.spending.category == ExpenseCategory.OTHER and not refusals:
            others[key] = others.get(key, 0) + one.spending.amount_fen
        found.append(refusals)
    return found


def _refusals(deed: Deed, claim: SpendingClaim, ground: Ground) -> list[Refusal]:
    found = refusals_for_expenditure(claim.spending, ground, today=deed.today)
    claims_for_all = deed.actor.is_operator or manages(deed.actor, claim.organisation_id)
    of_person = None if claims_for_all else deed.actor.person_id
    days = paid_days(deed.session, claim, of_person=of_person)
    found += refusals_for_days(claim.spending, days, person_id=claim.person_id)
    if len(days) != len(set(claim.workday_ids)):
        found.append(Refusal("days", "unknown", "所选工作日已变动，请重新列出并勾选。"))
    if claim.no_voucher_reason:
        found += refusals_for_reason(
            claim.no_voucher_reason, field="no_voucher_reason", noun="无票据的原因"
        )
    return found


def edit_claim(
    deed: Deed, expenditure: Expenditure, claim: SpendingClaim, *, seen: int | None = None
) -> None:
    """Write a claim anew, by whoever claimed it; what was returned or taken back is claimed again."""
    verb = "edited" if expenditure.state == ExpenditureState.CLAIMED else "claimed_again"
    ground = grounds_of(deed.session, [claim.spot])[claim.spot]
    if (claim.organisation_id, claim.year) == (expenditure.organisation_id, expenditure.year):
        ground = without(ground, expenditure)
    (facts,) = facts_of(deed.session, deed.actor, [expenditure], deed.today)
    take(
        deed,
        LIFE,
        expenditure,
        verb,
        facts=facts,
        seen=seen,
        columns={"year": claim.year, **_columns(claim)},
        besides=_refusals(deed, claim, ground),
    )
    deed.session.execute(
        sa.delete(ExpenditureWorkday).where(ExpenditureWorkday.expenditure_id == expenditure.id)
    )
    _pay_days(deed, expenditure, claim)
    _record(deed, f"expenditure.{verb}", [expenditure])


def _columns(claim: SpendingClaim) -> dict[str, Any]:
    """Return what a claim writes; of what its category has not, nothing is kept."""
    one, category = claim.spending, claim.spending.category
    is_trip = category == ExpenseCategory.TRANSPORT
    is_wage = category == ExpenseCategory.WAGES
    is_other = category == ExpenseCategory.OTHER
    return {
        "source": one.source,
        "category": category,
        "amount_fen": one.amount_fen,
        "spent_on": one.spent_on,
        "payee": plain(one.payee),
        "purpose": plain(one.purpose),
        "task": claim.task,
        "invoice_number": plain(one.invoice_number or "") or None,
        "other_reason": (plain(one.other_reason or "") or None) if is_other else None,
        "route": (plain(one.route or "") or None) if is_trip else None,
        "travelled_from": one.travelled_from if is_trip else None,
        "travelled_until": one.travelled_until if is_trip else None,
        "paid_person_id": claim.person_id if is_wage else None,
        "no_voucher_reason": plain(claim.no_voucher_reason or "") or None,
    }


def _pay_days(deed: Deed, expenditure: Expenditure, claim: SpendingClaim) -> None:
    if expenditure.category not in (ExpenseCategory.WAGES, ExpenseCategory.TRANSPORT):
        return
    deed.session.add_all(
        ExpenditureWorkday(expenditure_id=expenditure.id, workday_id=number)
        for number in sorted(set(claim.workday_ids))
    )
    deed.session.flush()


def withdraw_claim(deed: Deed, expenditure: Expenditure, *, seen: int | None = None) -> None:
    """Take the own claim back; it can be claimed again."""
    _take(deed, expenditure, "withdrawn", seen=seen)


def answer_question(
    deed: Deed, expenditure: Expenditure, answer: str, *, seen: int | None = None
) -> None:
    """Say why an expenditure is no second one of another that looks like it."""
    _take(
        deed,
        expenditure,
        "answered",
        seen=seen,
        noted=plain(answer),
        columns={"answer": plain(answer)},
        besides=refusals_for_reason(answer, field="answer", noun="说明"),
    )


def approve_expenditures(
    deed: Deed, expenditures: Sequence[Expenditure], *, seen: Mapping[int, int] | None = None
) -> None:
    """Approve expenditures outside the five categories (B27), all or none."""
    _approve(deed, expenditures, seen)
    _record(deed, "expenditure.approved", expenditures)


def _approve(deed: Deed, some: Sequence[Expenditure], seen: Mapping[int, int] | None) -> None:
    _take_all(deed, some, "approved", seen, columns={"approved_at": deed.now})


def book_expenditures(
    deed: Deed, expenditures: Sequence[Expenditure], *, seen: Mapping[int, int] | None = None
) -> None:
    """Book expenditures that another claimed, all or none: from now on their money is spent."""
    _book(deed, expenditures, seen)
    _record(
        deed,
        "expenditure.booked",
        expenditures,
        amount_fen=sum(one.amount_fen for one in expenditures),
    )


def _book(deed: Deed, expenditures: Sequence[Expenditure], seen: Mapping[int, int] | None) -> None:
    _take_all(deed, expenditures, "booked", seen)
    # Their rows are held now: a voucher that went in this very moment is gone, and no other can go.
    refuse_if(refusals_for_lost_vouchers(labels_without_voucher(deed.session, expenditures)))
    post(deed, [_row(LedgerKind.EXPENDITURE, one, one.spent_on) for one in expenditures])


def accept_samples(
    deed: Deed,
    expenditures: Sequence[Expenditure],
    *,
    seen: Mapping[int, int] | None = None,
    noted: str | None = None,
) -> None:
    """Find booked expenditures in order, all or none; ``noted`` says how they were drawn."""
    _take_all(deed, expenditures, "sampled", seen, reason=noted)
    _record(deed, "expenditure.sampled", expenditures)


def return_claim(
    deed: Deed, expenditure: Expenditure, reason: str, *, verb: str, seen: int | None = None
) -> None:
    """Send a claim back with a reason: the manager (``returned``), or the province (``declined``)."""
    _take(deed, expenditure, verb, reason=reason, seen=seen)


def disallow(deed: Deed, expenditure: Expenditure, reason: str, *, seen: int | None = None) -> None:
    """Disallow a booked expenditure, with a reason: the organisation owes the money to the programme."""
    _take(deed, expenditure, "disallowed", reason=reason, seen=seen)
    post(deed, [_row(LedgerKind.DISALLOWANCE, expenditure, deed.today, plain(reason))])


def repay(
    deed: Deed,
    expenditure: Expenditure,
    repaid_on: date,
    voucher_number: str,
    *,
    seen: int | None = None,
) -> None:
    """Record that what was disallowed was paid back, by the bank's date and voucher."""
    _take(
        deed,
        expenditure,
        "repaid",
        seen=seen,
        noted=plain(voucher_number),
        columns={"repaid_on": repaid_on, "repayment_voucher": plain(voucher_number)},
        besides=refusals_for_repayment(
            repaid_on,
            voucher_number,
            today=deed.today,
            disallowed_on=_disallowed_on(deed, expenditure),
        ),
    )
    post(deed, [_row(LedgerKind.REPAYMENT, expenditure, repaid_on, plain(voucher_number))])


def take_back(
    deed: Deed, expenditure: Expenditure, reason: str, *, verb: str, seen: int | None = None
) -> None:
    """Take the last movement back by a row that reverses it, with a reason.

    ``reversed`` a booking, ``disallowance_reversed`` a disallowance, ``repayment_reversed`` a repayment.
    """
    _take(deed, expenditure, verb, reason=reason, seen=seen)
    reverse(deed, [_last_of(deed, expenditure, REVERSES[verb])], plain(reason))


REVERSES = {
    "reversed": LedgerKind.EXPENDITURE,
    "disallowance_reversed": LedgerKind.DISALLOWANCE,
    "repayment_reversed": LedgerKind.REPAYMENT,
}
"""Which row of the ledger a step takes back."""


def _last_of(deed: Deed, expenditure: Expenditure, kind: LedgerKind) -> int:
    standing = entries_that_stand(deed.session, "expenditure_id", expenditure.id)
    wanted = sa.select(sa.func.max(LedgerEntry.id)).where(
        LedgerEntry.id.in_(standing), LedgerEntry.kind == kind
    )
    found = deed.session.scalar(wanted)
    assert found is not None  # whoever is in this state has such a row
    return found


def _disallowed_on(deed: Deed, expenditure: Expenditure) -> date:
    at = deed.session.scalar(
        sa.select(sa.func.max(ExpenditureDecision.at)).where(
            ExpenditureDecision.expenditure_id == expenditure.id,
            ExpenditureDecision.kind == "disallowed",
        )
    )
    return date_of(at) if at else expenditure.spent_on


def _row(kind: LedgerKind, one: Expenditure, booked_on: date, said: str = "") -> LedgerRow:
    book = Book(one.organisation_id, one.year, one.source)
    return LedgerRow(kind, book, one.amount_fen, ("expenditure_id", one.id), booked_on, said)


def _take(deed: Deed, expenditure: Expenditure, verb: str, **asked: Any) -> None:
    (facts,) = facts_of(deed.session, deed.actor, [expenditure], deed.today)
    take(deed, LIFE, expenditure, verb, facts=facts, **asked)
    _record(deed, f"expenditure.{verb}", [expenditure])


def _take_all(
    deed: Deed,
    some: Sequence[Expenditure],
    verb: str,
    seen: Mapping[int, int] | None,
    columns: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    if not some:
        raise Refused([Refusal("", "missing_value", "请先勾选要办理的支出。")])
    facts = facts_of(deed.session, deed.actor, some, deed.today)
    take_all(deed, LIFE, some, verb, facts=facts, seen=seen, columns=columns, reason=reason)


def _record(deed: Deed, event: str, some: Sequence[Expenditure], **facts: int) -> None:
    ids = [one.public_id for one in some]
    deed.record(event, f"expenditure:{ids[0]}", count=len(ids), ids=ids, **facts)
