"""Handing in, settling, returning, closing; what is left moves by the ledger alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from models import Organisation, Settlement, SettlementDecision
from models.base import new_public_id
from models.types import LedgerKind, SettlementOutcome, SettlementState
from portal.clock import date_of
from portal.deeds import Deed
from portal.ledger.actions import hold_years, post, reverse
from portal.ledger.queries import all_that_stand, year_of
from portal.ledger.rules import Book, LedgerRow
from portal.procedures.actions import changed_since, note, take, take_all
from portal.procedures.rules import refusals_for_all, refusals_for_reason
from portal.programme.rules import refusals_for_closed_years
from portal.refusals import Refusal, Refused, refuse_if
from portal.settlements.figure_queries import figures_of, left_of, obstacles_of
from portal.settlements.queries import bearing_pairing, facts_of, find_settlement
from portal.settlements.rules import (
    CARRIED,
    CLOSING,
    LIFE,
    SENT_BACK,
    SETTLES,
    obstacles_in,
    refusals_for_obstacles,
    refusals_for_sending_back,
    refusals_for_wish,
)
from portal.standards.text import is_blank, plain


def submit_settlement(
    deed: Deed,
    organisation: Organisation,
    year: int,
    *,
    wish: SettlementOutcome | None,
    said: str = "",
    seen: int | None = None,
) -> Settlement:
    """Hand in the year of an organisation, for the first time or again; nothing is booked from now on.

    The figures are the ledger's at this moment: its year is held until the transaction ends.
    """
    hold_years(deed, [(organisation.id, year)])
    settlement = find_settlement(deed.session, organisation.id, year)
    figures = figures_of(deed.session, organisation.id, year)
    kept = wish if figures.balance_fen else None
    asked = [
        *refusals_for_wish(figures.balance_fen, kept),
        *([] if is_blank(said) else refusals_for_reason(said, field="note", noun="说明")),
    ]
    columns = {
        "received_fen": figures.received_fen,
        "spent_fen": figures.spent_fen,
        "balance_fen": figures.balance_fen,
        "wish": kept,
        "note": plain(said),
    }
    if settlement is None:
        return _begin(deed, organisation, year, columns, asked)
    (facts,) = facts_of(deed.session, [settlement])
    take(
        deed,
        LIFE,
        settlement,
        "submitted_again",
        facts=facts,
        seen=seen,
        noted=plain(said) or None,
        columns=columns,
        besides=asked,
    )
    _record(deed, "settlement.submitted_again", [settlement], amount_fen=settlement.balance_fen)
    return settlement


def _begin(
    deed: Deed,
    organisation: Organisation,
    year: int,
    columns: Mapping[str, Any],
    asked: Sequence[Refusal],
) -> Settlement:
    pairing = bearing_pairing(deed.session, organisation.id, year)
    if pairing is None:
        sentence = f"{organisation.name} 在 {year} 工作年度没有结对，没有可结算的资金。"
        raise Refused([Refusal("", "outside_work_year", sentence)])
    facts = year_of(deed.session, pairing.id, year, organisation.id)
    found = obstacles_of(deed.session, [(organisation.id, year)])[organisation.id, year]
    refuse_if(
        [
            *refusals_for_closed_years([year] if facts.is_closed else [], CLOSING),
            *refusals_for_obstacles(obstacles_in(year, found)),
            *asked,
        ]
    )
    settlement = Settlement(
        public_id=new_public_id(),
        organisation_id=organisation.id,
        pairing_id=pairing.id,
        year=year,
        state=SettlementState.SUBMITTED,
        submitted_by_person_id=deed.actor.person_id,
        created_at=deed.now,
        **columns,
    )
    deed.session.add(settlement)
    note(deed, [settlement], "submitted", columns["note"] or None, permission="settlement.submit")
    _record(deed, "settlement.submitted", [settlement], amount_fen=settlement.balance_fen)
    return settlement


def withdraw_settlement(deed: Deed, settlement: Settlement, *, seen: int | None = None) -> None:
    """Take the own settlement back before it is settled; the year takes entries again."""
    _take(deed, settlement, "withdrawn", seen=seen)


def settle(
    deed: Deed,
    settlements: Sequence[Settlement],
    *,
    outcome: SettlementOutcome | None = None,
    said: str = "",
    seen: Mapping[int, int] | None = None,
) -> None:
    """Settle, all or none: each as its organisation wishes, unless ``outcome`` says otherwise.

    Without anything left, and where all of it is carried over, a settlement is closed with that.
    """
    if not settlements:
        raise Refused([Refusal("chosen", "missing_value", "请先勾选要核定的结算。")])
    refuse_if([] if is_blank(said) else refusals_for_reason(said, field="note", noun="意见"))
    by_outcome: dict[SettlementOutcome | None, list[Settlement]] = {}
    for one in settlements:
        decided = (outcome or one.wish) if one.balance_fen else None
        by_outcome.setdefault(decided, []).append(one)
    facts = dict(zip(settlements, facts_of(deed.session, settlements), strict=True))
    refuse_if(
        refusal
        for decided, some in by_outcome.items()
        for refusal in refusals_for_all(
            LIFE,
            LIFE.step(SETTLES[decided]),
            [facts[one] for one in some],
            person_id=deed.actor.person_id,
            changed=changed_since(some, seen),
        )
    )
    for decided, some in by_outcome.items():
        take_all(
            deed,
            LIFE,
            some,
            SETTLES[decided],
            facts=[facts[one] for one in some],
            seen=seen,
            columns={"outcome": decided},
            reason=said,
        )
    _move(deed, by_outcome.get(CARRIED, ()), LedgerKind.CARRY_OVER)
    _record(
        deed,
        "settlement.settled",
        settlements,
        amount_fen=sum(one.balance_fen for one in settlements),
    )


def return_settlement(
    deed: Deed, settlement: Settlement, reason: str, *, seen: int | None = None
) -> None:
    """Send a settlement back to its organisation, with a reason."""
    _take(deed, settlement, "returned", reason=reason, seen=seen)


def send_back(
    deed: Deed,
    settlement: Settlement,
    returned_on: date,
    voucher_number: str,
    *,
    seen: int | None = None,
) -> None:
    """Record that the organisation returned what was left, by the bank's date and voucher."""
    _take(
        deed,
        settlement,
        "sent_back",
        seen=seen,
        noted=plain(voucher_number),
        columns={"returned_on": returned_on, "voucher_number": plain(voucher_number)},
        besides=refusals_for_sending_back(
            returned_on,
            voucher_number,
            today=deed.today,
            settled_on=_settled_on(deed, settlement),
        ),
    )


def close_settlement(deed: Deed, settlement: Settlement, *, seen: int | None = None) -> None:
    """Find that what was left is with its payers again: from now on the ledger says so."""
    _take(deed, settlement, "closed", seen=seen)
    _move(deed, [settlement], LedgerKind.RETURN)


def reopen_settlement(
    deed: Deed, settlement: Settlement, reason: str, *, seen: int | None = None
) -> None:
    """Open a settled year again, with a reason; what the settlement moved goes back the same way.

    Raise :class:`Refused` where what was carried over has been spent since.
    """
    _take(deed, settlement, "reopened", reason=reason, seen=seen)
    standing = all_that_stand(deed.session, "settlement_id", [settlement.id])
    reverse(deed, standing, plain(reason))


def _move(deed: Deed, settlements: Sequence[Settlement], kind: LedgerKind) -> None:
    """Move what is left of each source: into the next year, or out to whoever paid it."""
    left = left_of(deed.session, [(one.organisation_id, one.year) for one in settlements])
    post(
        deed,
        [
            LedgerRow(
                kind,
                Book(one.organisation_id, one.year, source),
                fen,
                ("settlement_id", one.id),
                one.returned_on or deed.today,
                one.voucher_number or "",
                carried_to=one.year + 1 if kind == LedgerKind.CARRY_OVER else None,
            )
            for one in settlements
            for source, fen in left.get((one.organisation_id, one.year), ())
        ],
    )


def _settled_on(deed: Deed, settlement: Settlement) -> date:
    at = deed.session.scalar(
        sa.select(sa.func.max(SettlementDecision.at)).where(
            SettlementDecision.settlement_id == settlement.id,
            SettlementDecision.kind == SETTLES[SENT_BACK],
        )
    )
    return date_of(at) if at else deed.today


def _take(deed: Deed, settlement: Settlement, verb: str, **asked: Any) -> None:
    (facts,) = facts_of(deed.session, [settlement])
    take(deed, LIFE, settlement, verb, facts=facts, **asked)
    _record(deed, f"settlement.{verb}", [settlement])


def _record(deed: Deed, event: str, some: Sequence[Settlement], **facts: int) -> None:
    ids = [one.public_id for one in some]
    deed.record(event, f"settlement:{ids[0]}", count=len(ids), ids=ids, **facts)


def record_paper(deed: Deed, public_id: str, *, kind: str, sha256: str) -> None:
    """Record who took which settlement out, in which form."""
    deed.record("settlement.exported", f"settlement:{public_id}", format=kind, sha256=sha256)
