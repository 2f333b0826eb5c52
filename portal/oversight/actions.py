"""Asking, answering, deciding: records of review."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from models import FundReview, Organisation
from models.base import new_public_id
from models.types import FundReviewState
from portal.deeds import Deed
from portal.ledger.actions import hold_years
from portal.oversight.queries import facts_of
from portal.oversight.question_queries import find_question
from portal.oversight.rules import LIFE, Handling, refusals_for_mending
from portal.procedures.actions import note, take
from portal.procedures.rules import refusals_for_reason
from portal.refusals import Conflict, Refusal, refuse_if
from portal.standards.text import plain

CHANGED = Refusal(
    "",
    "changed_meanwhile",
    "这一问题的数据已经变化，或已由他人办理。请刷新页面，按最新情况办理。",
)

NEEDS_QUESTION = Refusal(
    "verdict",
    "invalid_value",
    "备注不对应任何疑点，只能选“只作备注”或“请机构说明”。",
)


def open_review(
    deed: Deed,
    organisation: Organisation,
    year: int,
    verdict: Handling,
    said: str,
    *,
    facts: str = "",
    mend_by: date | None = None,
) -> FundReview:
    """Open the record of a question, or without one (``facts`` empty) a note on the year.

    Raise :class:`Conflict` where the figures of the question are no longer those that were shown, or
    somebody has opened its record.
    """
    question = None
    if facts:
        # Whoever asks the same at the same time comes after.
        hold_years(deed, [(organisation.id, year)])
        question = find_question(deed.session, deed.actor, organisation.id, year, facts, deed.today)
        if question is None or _is_opened(deed, organisation, year, facts):
            raise Conflict([CHANGED])
    is_mended = verdict == Handling.TO_MEND
    refuse_if(
        [
            *refusals_for_reason(said, field="said", noun="说明"),
            *(refusals_for_mending(mend_by, deed.today) if is_mended else ()),
            *([] if question or verdict.is_free else [NEEDS_QUESTION]),
        ]
    )
    begins = next(one for one in LIFE.beginnings if one.verb == verdict.value)
    review = FundReview(
        public_id=new_public_id(),
        organisation_id=organisation.id,
        year=year,
        question=question.code if question else None,
        facts=question.facts if question else None,
        found=question.found if question else plain(said),
        mend_by=mend_by if is_mended else None,
        state=FundReviewState(begins.to.value),
        created_at=deed.now,
        **dict.fromkeys(begins.signs, deed.actor.person_id),
    )
    deed.session.add(review)
    note(deed, [review], begins.verb, plain(said), permission="fund.review")
    _record(deed, begins.verb, review)
    return review


def _is_opened(deed: Deed, organisation: Organisation, year: int, facts: str) -> bool:
    return bool(
        deed.session.scalar(
            sa.select(
                sa.exists().where(
                    FundReview.organisation_id == organisation.id,
                    FundReview.year == year,
                    FundReview.facts == facts,
                )
            )
        )
    )


def answer(deed: Deed, review: FundReview, said: str, *, seen: int | None = None) -> None:
    """Say as the organisation why it is so, or that it is mended."""
    _take(deed, review, "answered", reason=said, seen=seen)


def decide(
    deed: Deed,
    review: FundReview,
    verb: str,
    said: str,
    *,
    mend_by: date | None = None,
    seen: int | None = None,
) -> None:
    """Accept what was said, ask again, have it mended by a day, refer it to the disallowance."""
    is_mended = verb == "to_mend"
    _take(
        deed,
        review,
        verb,
        reason=said,
        seen=seen,
        columns={"mend_by": mend_by} if is_mended else {},
        besides=list(refusals_for_mending(mend_by, deed.today)) if is_mended else (),
    )


def _take(deed: Deed, review: FundReview, verb: str, **asked: Any) -> None:
    take(deed, LIFE, review, verb, facts=facts_of(deed.session, review), **asked)
    _record(deed, verb, review)


def _record(deed: Deed, verb: str, review: FundReview) -> None:
    deed.record(
        f"fund_review.{verb}",
        f"fund_review:{review.public_id}",
        year=review.year,
        question=review.question.value if review.question else None,
    )
