"""审核记录: asked, answered, accepted, to be mended, referred. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from models.types import FundReviewState, Labelled
from portal.procedures.rules import Bar, Beginning, Life, Step
from portal.refusals import Refusal

ASKED, ANSWERED, TO_MEND, EXPLAINED, REFERRED, NOTED = FundReviewState

ASKS = "请说明原因，并附相关依据。"
"""What is asked where an officer asks by one click."""


class ReviewStage(Labelled):
    """How far a question is; also what the list is asked for."""

    OPEN = "open", "待处理"
    ASKED = "asked", "待机构说明"
    ANSWERED = "answered", "待审核"
    TO_MEND = "to_mend", "待整改"
    DONE = "done", "已处理"


STAGES = {
    ASKED: ReviewStage.ASKED,
    ANSWERED: ReviewStage.ANSWERED,
    TO_MEND: ReviewStage.TO_MEND,
    EXPLAINED: ReviewStage.DONE,
    REFERRED: ReviewStage.DONE,
    NOTED: ReviewStage.DONE,
}

TONES: dict[FundReviewState | None, str] = {
    None: "waiting",
    ASKED: "waiting",
    ANSWERED: "waiting",
    TO_MEND: "bad",
    EXPLAINED: "good",
    REFERRED: "bad",
    NOTED: "neutral",
}


class Handling(Labelled):
    """By which an officer opens a record: of a question, or (备注) of nothing the portal asks."""

    ASKED = "asked", "请机构说明"
    EXPLAINED = "explained_at_once", "已核实，不再询问"
    TO_MEND = "to_mend_at_once", "请机构整改"
    REFERRED = "referred_at_once", "转不予认可"
    NOTED = "noted", "只作备注"

    @property
    def is_free(self) -> bool:
        """Can it be done without a question of the portal's?"""
        return self in (Handling.ASKED, Handling.NOTED)


class RecordFacts(NamedTuple):
    """A record as far as its steps ask."""

    label: str
    state: FundReviewState
    answered_by_person_id: int | None


NOT_OWN = Bar(
    ("answered_by_person_id",),
    "own_entry",
    "本人作出的说明不能由本人{step}，须由省级民政部门的其他人员办理。",
)

LIFE: Life[RecordFacts] = Life(
    name="fund_review",
    noun="审核记录",
    title="资金审核：询问、说明、审核",
    states=FundReviewState,
    path=(ASKED, ANSWERED, EXPLAINED),
    beginnings=(
        Beginning("asked", "请机构说明", ASKED, ("opened_by_person_id",)),
        Beginning(
            "explained_at_once",
            "已核实，不再询问",
            EXPLAINED,
            ("opened_by_person_id", "decided_by_person_id"),
        ),
        Beginning(
            "to_mend_at_once",
            "请机构整改",
            TO_MEND,
            ("opened_by_person_id", "decided_by_person_id"),
        ),
        Beginning(
            "referred_at_once",
            "转不予认可",
            REFERRED,
            ("opened_by_person_id", "decided_by_person_id"),
        ),
        Beginning("noted", "备注", NOTED, ("opened_by_person_id",)),
    ),
    notes=(
        ("asked", "询问"),
        ("asked_again", "询问"),
        ("answered", "说明"),
        ("explained", "意见"),
        ("explained_at_once", "意见"),
        ("to_mend", "要求"),
        ("to_mend_at_once", "要求"),
        ("referred", "意见"),
        ("referred_at_once", "意见"),
        ("noted", "备注"),
    ),
    steps=(
        Step(
            "answered",
            "说明",
            "说明",
            (ASKED, TO_MEND),
            ANSWERED,
            "fund.answer",
            tone="primary",
            needs_reason=True,
            signs=("answered_by_person_id",),
            clears=("decided_by_person_id",),
        ),
        Step(
            "explained",
            "认可说明",
            "认可说明",
            (ASKED, ANSWERED),
            EXPLAINED,
            "fund.review",
            tone="primary",
            needs_reason=True,
            bars=(NOT_OWN,),
            signs=("decided_by_person_id",),
        ),
        Step(
            "asked_again",
            "再次询问",
            "再次询问",
            (ANSWERED,),
            ASKED,
            "fund.review",
            needs_reason=True,
            bars=(NOT_OWN,),
        ),
        Step(
            "to_mend",
            "要求整改",
            "要求整改",
            (ASKED, ANSWERED),
            TO_MEND,
            "fund.review",
            needs_reason=True,
            bars=(NOT_OWN,),
            signs=("decided_by_person_id",),
        ),
        Step(
            "referred",
            "转不予认可",
            "转不予认可",
            (ASKED, ANSWERED, TO_MEND),
            REFERRED,
            "fund.review",
            tone="danger",
            needs_reason=True,
            bars=(NOT_OWN,),
            signs=("decided_by_person_id",),
        ),
    ),
)


def refusals_for_mending(mend_by: date | None, today: date) -> Iterable[Refusal]:
    """What is to be mended has a day by which, and that is still to come."""
    if mend_by is None:
        yield Refusal("mend_by", "missing_value", "要求整改须写明期限，请填写整改期限。")
    elif mend_by < today:
        sentence = f"整改期限 {mend_by} 早于今天（{today}），请填写今天或以后的日期。"
        yield Refusal("mend_by", "invalid_date", sentence)
