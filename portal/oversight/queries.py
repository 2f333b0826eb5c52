"""Records of review: finding them, what waits, and the list in which they stand with the open questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import FundReview, Organisation, Region
from models.types import FundQuestion, FundReviewState
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.access.scope import within
from portal.oversight.question_queries import AskedQuestion, asks_of, list_asked, named
from portal.oversight.rules import STAGES, RecordFacts, ReviewStage
from portal.paging import FURTHEST, PAGE_SIZE, Slice
from portal.standards.text import is_digits

REVIEW = Loader("review", FundReview, "fund.question", {"review_id": FundReview.public_id})

ASKED_OF = Loader(
    "organisation", Organisation, "fund.question", {"credit_code": Organisation.credit_code}
)
"""An organisation about whose money an actor may ask, or whose own it is."""


class QuestionsAsked(NamedTuple):
    """What the list is asked for; empty means everything."""

    year: int
    text: str = ""
    province_code: str = ""
    question: FundQuestion | None = None
    stage: ReviewStage | None = None


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question that is open, or the record of one; ``state`` is None of what nobody has handled."""

    organisation: str
    credit_code: str
    province: str
    code: FundQuestion | None
    found: str
    why: str = ""
    facts: str = ""
    rule: str | None = None
    payee: str | None = None
    may_review: bool = False
    review_id: str | None = None
    state: FundReviewState | None = None
    mend_by: date | None = None

    @property
    def title(self) -> str:
        return title_of(self.code, self.state)

    @property
    def stage(self) -> ReviewStage:
        return STAGES[self.state] if self.state else ReviewStage.OPEN


def title_of(code: FundQuestion | None, state: FundReviewState | None) -> str:
    """Return what a question is called; what an officer asks or notes besides has no kind."""
    if code is not None:
        return code.label
    return "备注" if state == FundReviewState.NOTED else "询问"


class Questions(NamedTuple):
    """A page of the list, and how many are how far."""

    page: Slice[QuestionRow]
    by_stage: Counter[ReviewStage]


def sees_open(actor: Actor) -> bool:
    """Does an actor see what nobody has asked yet? An organisation sees what it is asked."""
    return actor.organisations_for("fund.question") is None


def list_questions(
    session: Session,
    actor: Actor,
    asked: QuestionsAsked,
    today: date,
    *,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Questions:
    """Return the open questions of a year, then the records (nine queries).

    They are reckoned, not stored: a page is a piece of all of them.
    """
    conditions = named(asked.text, asked.province_code)
    records = _records(session, actor, asked.year, conditions)
    handled = {(one.credit_code, one.facts) for one in records}
    open_now = (
        list_asked(session, actor, asked.year, today, [*asks_of(actor, asked.year), *conditions])
        if sees_open(actor)
        else []
    )
    every = [
        *(
            _row(one)
            for one in open_now
            if (one.organisation.credit_code, one.question.facts) not in handled
        ),
        *records,
    ]
    if asked.question:
        every = [one for one in every if one.code == asked.question]
    by_stage = Counter(one.stage for one in every)
    if asked.stage:
        every = [one for one in every if one.stage == asked.stage]
    places = list(ReviewStage)
    every.sort(key=lambda one: places.index(one.stage))
    return Questions(_piece(every, cursor, size), by_stage)


def _piece(every: Sequence[QuestionRow], cursor: str | None, size: int) -> Slice[QuestionRow]:
    is_place = cursor is not None and is_digits(cursor) and len(cursor) <= FURTHEST
    start = int(cursor) if cursor and is_place else 0
    start = start if start < len(every) else 0
    return Slice(
        rows=list(every[start : start + size]),
        count=len(every),
        before=str(max(start - size, 0)) if start else None,
        after=str(start + size) if start + size < len(every) else None,
        start=start,
    )


def _row(one: AskedQuestion) -> QuestionRow:
    organisation, question = one
    return QuestionRow(
        organisation.name,
        organisation.credit_code,
        organisation.province,
        question.code,
        question.found,
        question.why,
        question.facts,
        question.rule,
        question.payee,
        organisation.may_review,
    )


def _records(
    session: Session, actor: Actor, year: int, conditions: Sequence[sa.ColumnElement[bool]]
) -> list[QuestionRow]:
    rows: Any = session.execute(
        sa.select(
            Organisation.name,
            Organisation.credit_code,
            Region.name,
            FundReview.question,
            FundReview.found,
            FundReview.facts,
            FundReview.public_id,
            FundReview.state,
            FundReview.mend_by,
        )
        .join(Organisation, Organisation.id == FundReview.organisation_id)
        .join(Region, Region.code == Organisation.province_code)
        .where(FundReview.year == year, within(FundReview, actor, "fund.question"), *conditions)
        .order_by(FundReview.id.desc())
    )
    return [
        QuestionRow(
            name,
            code,
            province,
            question,
            found,
            facts=facts or "",
            review_id=public_id,
            state=state,
            mend_by=mend_by,
        )
        for name, code, province, question, found, facts, public_id, state, mend_by in rows
    ]


def facts_of(session: Session, review: FundReview) -> RecordFacts:
    """Return what the steps of a record ask."""
    name = session.get_one(Organisation, review.organisation_id).name
    return RecordFacts(name, review.state, review.answered_by_person_id)


def provinces_in_reach(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Return the provinces about whose organisations an actor may ask (one query)."""
    seats = sa.select(Organisation.province_code).where(
        within(Organisation, actor, "fund.question")
    )
    rows = session.execute(
        sa.select(Region.code, Region.name).where(Region.code.in_(seats)).order_by(Region.sort_no)
    )
    return [(code, name) for code, name in rows]
