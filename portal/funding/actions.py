"""Planning, approving and cutting allocations; what an organisation raised itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import zip_longest
from typing import NamedTuple

from models import FundAllocation, FundIncome, Pairing
from models.base import new_public_id
from models.types import AllocationState, FundSource, LedgerKind, Side
from portal.deeds import Deed
from portal.funding import rules
from portal.funding.allocation_rules import LIFE, refusals_for_plan
from portal.funding.queries import (
    BankSlip,
    book_of,
    facts_of_allocations,
    left_of,
    slips_of,
    sources_of,
)
from portal.ledger.actions import hold_years, post, reverse
from portal.ledger.amount_rules import FundYear, refusals_for_finishing
from portal.ledger.queries import entries_that_stand, year_of, years_of
from portal.ledger.rules import Book, LedgerRow
from portal.pairings.queries import life_of
from portal.procedures.actions import note, take, take_all
from portal.procedures.rules import refusals_for_reason
from portal.refusals import Refusal, refuse_if
from portal.standards.text import plain


class PlannedFunds(NamedTuple):
    """An allocation to be planned for the sending organisation of a pairing."""

    pairing: Pairing
    year: int
    source: FundSource
    payer: str
    amount_fen: int
    document_number: str | None = None
    note: str = ""
    dated: date | None = None
    """The date of its paper, on which the operator's is approved; without one it is today."""

    @property
    def spot(self) -> FundYear:
        return FundYear(self.pairing.id, self.year, self.pairing.sending_organisation_id)


def plan_allocations(
    deed: Deed, plans: Sequence[PlannedFunds], *, import_id: int | None = None
) -> list[FundAllocation]:
    """PlannedFunds allocations, all or none; each waits for another's approval, the operator's is approved."""
    refuse_if(refusals_for_plans(deed, plans))
    allocations = [
        FundAllocation(
            public_id=new_public_id(),
            organisation_id=plan.pairing.sending_organisation_id,
            pairing_id=plan.pairing.id,
            year=plan.year,
            source=plan.source,
            payer=plain(plan.payer),
            document_number=plain(plan.document_number or "") or None,
            amount_fen=plan.amount_fen,
            note=plain(plan.note),
            state=AllocationState.PLANNED,
            planned_by_person_id=deed.actor.person_id,
            created_at=deed.now,
            import_id=import_id,
        )
        for plan in plans
    ]
    deed.session.add_all(allocations)
    note(deed, allocations, "planned", permission="fund.plan")
    if deed.actor.is_operator:
        _approve(deed, allocations, None, [plan.dated for plan in plans])
    _record(deed, "fund_allocation.planned", allocations)
    return allocations


def refusals_for_plans(deed: Deed, plans: Sequence[PlannedFunds]) -> list[Refusal]:
    """Say why these cannot be planned; where there are several, each refusal names its pairing."""
    years = years_of(deed.session, [plan.spot for plan in plans])
    found = []
    for plan in plans:
        refusals = refusals_for_plan(
            plan.source,
            life=life_of(deed.session, plan.pairing),
            year=years[plan.spot],
            may_plan=sources_of(deed.actor, "fund.plan", plan.pairing.sending_province_code),
            payer=plan.payer,
            document_number=plan.document_number,
        )
        found += [
            Refusal(one.field, one.code, f"{plan.pairing.code}：{one.sentence}")
            if len(plans) > 1
            else one
            for one in refusals
        ]
    return found


def approve_allocations(
    deed: Deed, allocations: Sequence[FundAllocation], *, seen: Mapping[int, int] | None = None
) -> str:
    """Approve allocations that another planned, all or none; return the batch."""
    batch = _approve(deed, allocations, seen)
    _record(deed, "fund_allocation.approved", allocations)
    return batch


def _approve(
    deed: Deed,
    allocations: Sequence[FundAllocation],
    seen: Mapping[int, int] | None,
    dated: Iterable[date | None] = (),
) -> str:
    facts = facts_of_allocations(deed.session, deed.actor, allocations)
    batch = take_all(deed, LIFE, allocations, "approved", facts=facts, seen=seen)
    post(
        deed,
        [
            LedgerRow(
                LedgerKind.APPROVAL,
                book_of(one),
                one.amount_fen,
                ("allocation_id", one.id),
                day or deed.today,
            )
            for one, day in zip_longest(allocations, dated)
        ],
    )
    return batch


def decline_allocation(
    deed: Deed, allocation: FundAllocation, reason: str, *, seen: int | None = None
) -> None:
    """Say no to an allocation, with a reason."""
    facts = facts_of_allocations(deed.session, deed.actor, [allocation])[0]
    take(deed, LIFE, allocation, "declined", facts=facts, reason=reason, seen=seen)
    _record(deed, "fund_allocation.declined", [allocation])


def reduce_allocation(
    deed: Deed, allocation: FundAllocation, reason: str, *, seen: int | None = None
) -> None:
    """Cut what is approved and not yet paid: a pairing ended, its mode changed (a written decision)."""
    left = left_of(allocation)
    facts = facts_of_allocations(deed.session, deed.actor, [allocation])[0]
    take(
        deed,
        LIFE,
        allocation,
        "reduced",
        facts=facts,
        reason=reason,
        seen=seen,
        columns={"reduced_fen": allocation.reduced_fen + left},
    )
    subject = ("allocation_id", allocation.id)
    posting = LedgerRow(
        LedgerKind.WITHDRAWAL, book_of(allocation), left, subject, deed.today, plain(reason)
    )
    post(deed, [posting])
    _record(deed, "fund_allocation.reduced", [allocation], amount_fen=left)


class Raised(NamedTuple):
    """Money that an organisation raised itself."""

    pairing: Pairing
    side: Side
    year: int
    source: FundSource
    payer: str
    amount_fen: int
    received_on: date
    voucher_number: str
    note: str = ""

    @property
    def organisation_id(self) -> int:
        return (
            self.pairing.sending_organisation_id
            if self.side == Side.SENT
            else self.pairing.receiving_organisation_id
        )

    @property
    def spot(self) -> FundYear:
        return FundYear(self.pairing.id, self.year, self.organisation_id)

    @property
    def slip(self) -> BankSlip:
        return BankSlip(
            Book(self.organisation_id, self.year, self.source),
            self.amount_fen,
            self.received_on,
            plain(self.voucher_number),
        )


def record_income(deed: Deed, raised: Raised) -> FundIncome:
    """Record what an organisation of either side raised itself (三(三))."""
    return record_incomes(deed, [raised])[0]


def record_incomes(
    deed: Deed, raised: Sequence[Raised], *, import_id: int | None = None
) -> list[FundIncome]:
    """Record what organisations raised themselves, all or nothing; the same slip of the bank once."""
    hold_years(deed, {(one.organisation_id, one.year) for one in raised})
    there = slips_of(deed.session, {(one.organisation_id, one.year) for one in raised})
    years = years_of(deed.session, [one.spot for one in raised])
    refuse_if(
        refusal
        for one in raised
        for refusal in rules.refusals_for_income(
            one.source,
            code=one.pairing.code,
            life=life_of(deed.session, one.pairing),
            year=years[one.spot],
            payer=one.payer,
            received_on=one.received_on,
            today=deed.today,
            voucher_number=one.voucher_number,
            is_there=one.slip in there,
        )
    )
    incomes = [
        FundIncome(
            public_id=new_public_id(),
            organisation_id=one.organisation_id,
            pairing_id=one.pairing.id,
            year=one.year,
            source=one.source,
            payer=plain(one.payer),
            amount_fen=one.amount_fen,
            received_on=one.received_on,
            voucher_number=plain(one.voucher_number),
            note=plain(one.note),
            recorded_by_person_id=deed.actor.person_id,
            recorded_at=deed.now,
            import_id=import_id,
        )
        for one in raised
    ]
    deed.session.add_all(incomes)
    deed.session.flush()
    post(
        deed,
        [
            LedgerRow(
                LedgerKind.INCOME,
                Book(one.organisation_id, one.year, one.source),
                one.amount_fen,
                ("income_id", one.id),
                one.received_on,
            )
            for one in incomes
        ],
    )
    if incomes:
        deed.record(
            "fund_income.recorded",
            f"fund_income:{incomes[0].public_id}",
            count=len(incomes),
            ids=[one.public_id for one in incomes],
            amount_fen=sum(one.amount_fen for one in incomes),
            fund_source="、".join(sorted({one.source.label for one in incomes})),
        )
    return incomes


def reverse_income(deed: Deed, income: FundIncome, reason: str) -> None:
    """Take a recorded income back by the opposite row, once, with a reason."""
    refuse_if(refusals_for_reason(reason, "冲销"))
    hold_years(deed, [(income.organisation_id, income.year)])
    year = year_of(deed.session, income.pairing_id, income.year, income.organisation_id)
    entries = entries_that_stand(deed.session, "income_id", income.id)
    gone = Refusal("", "wrong_state", "这笔收入已经冲销，不能再次冲销。")
    refuse_if([*([] if entries else [gone]), *refusals_for_finishing(year)])
    reverse(deed, entries, plain(reason))
    deed.record("fund_income.reversed", f"fund_income:{income.public_id}", reason=plain(reason))


def _record(deed: Deed, event: str, allocations: Sequence[FundAllocation], **facts: int) -> None:
    if allocations:
        ids = [one.public_id for one in allocations]
        deed.record(event, f"fund_allocation:{ids[0]}", count=len(ids), ids=ids, **facts)
