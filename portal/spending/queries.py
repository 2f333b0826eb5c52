"""Finding expenditures, and what their steps ask."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Expenditure,
    ExpenditureFile,
)
from models.types import ExpenditureState, ExpenseCategory
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.refusals import Refusal
from portal.spending.alike_queries import count_open_questions
from portal.spending.claim_rules import Spot
from portal.spending.day_queries import unapproved_days
from portal.spending.eligibility_rules import (
    Ground,
    PaidDay,
    Spending,
    refusals_for_cap,
    refusals_for_days,
    refusals_for_expenditure,
)
from portal.spending.ground_queries import cash_of, grounds_of, pieces, seats_of, without
from portal.spending.rules import OPEN, ClaimFacts
from portal.standards.money import format_yuan

EXPENDITURE = Loader(
    "expenditure",
    Expenditure,
    "spending.read",
    {"expenditure_id": Expenditure.public_id},
)


def spending_of(one: Expenditure) -> Spending:
    """Return a stored expenditure as its rules read it."""
    return Spending(
        one.source,
        one.category,
        one.amount_fen,
        one.spent_on,
        one.payee,
        one.purpose,
        one.invoice_number,
        one.other_reason,
        one.route,
        one.travelled_from,
        one.travelled_until,
        has_person=one.paid_person_id is not None,
        from_file=one.import_id is not None,
    )


def spot_of(one: Expenditure) -> Spot:
    return Spot(one.organisation_id, one.pairing_id, one.year, one.spent_on)


def label_of(name: str, one: Expenditure) -> str:
    return f"{name} {one.spent_on}“{one.category.label}” {format_yuan(one.amount_fen)} 元"


def facts_of(
    session: Session, actor: Actor, expenditures: Sequence[Expenditure], today: date
) -> list[ClaimFacts]:
    """Return what the steps of expenditures ask, in their order; a fixed number of queries for each 400.

    What the rules say is asked of those only that are not booked yet.
    """
    grounds = grounds_of(session, [spot_of(one) for one in expenditures])
    cash = cash_of(session, {(one.organisation_id, one.year) for one in expenditures})
    waiting = [one.id for one in expenditures if one.state in OPEN]
    with_files = _with_files(session, waiting)
    questions = count_open_questions(session, waiting)
    unapproved = unapproved_days(session, expenditures)
    found = []
    for one in expenditures:
        ground = grounds[spot_of(one)]
        found.append(
            ClaimFacts(
                label_of(ground.code, one),
                one.state,
                one.category,
                one.amount_fen,
                one.claimed_by_person_id,
                one.approved_at is not None,
                one.booked_by_person_id,
                one.reviewed_by_person_id,
                ground.year,
                is_own=actor.is_operator or one.claimed_by_person_id == actor.person_id,
                has_voucher=one.id in with_files or _does_without(one),
                questions=questions.get(one.id, 0),
                cash_fen=cash.get((one.organisation_id, one.year, one.source), 0),
                source_label=one.source.label,
                refused=_refused(one, ground, unapproved.get(one.id, ()), today),
            )
        )
    return found


def _refused(
    one: Expenditure, ground: Ground, unapproved: Collection[PaidDay], today: date
) -> tuple[Refusal, ...]:
    """Return what the rules say of what waits, and of what would count against the cap again."""
    spending = spending_of(one)
    if one.state == ExpenditureState.DISALLOWED and one.category == ExpenseCategory.OTHER:
        return tuple(refusals_for_cap(one.amount_fen, ground))
    if one.state not in OPEN:
        return ()
    found = refusals_for_expenditure(spending, without(ground, one), today=today)
    if unapproved:
        found += refusals_for_days(spending, unapproved, person_id=one.paid_person_id)
    return tuple(found)


def _does_without(one: Expenditure) -> bool:
    """Says an expenditure why it has no voucher, or names a file's row the invoice?"""
    is_named = one.import_id is not None and one.invoice_number is not None
    return one.no_voucher_reason is not None or is_named


def labels_without_voucher(session: Session, expenditures: Sequence[Expenditure]) -> list[str]:
    """Return which of these have no voucher now, and do not say why."""
    asked = [one for one in expenditures if not _does_without(one)]
    with_files = _with_files(session, [one.id for one in asked])
    lost = [one for one in asked if one.id not in with_files]
    seats = seats_of(session, (one.organisation_id for one in lost))
    return [label_of(seats[one.organisation_id].name, one) for one in lost]


def _with_files(session: Session, ids: Collection[int]) -> set[int]:
    found: set[int] = set()
    for some in pieces(ids):
        found |= set(
            session.scalars(
                sa.select(ExpenditureFile.expenditure_id).where(
                    ExpenditureFile.expenditure_id.in_(some)
                )
            )
        )
    return found
