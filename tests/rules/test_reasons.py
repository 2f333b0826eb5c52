"""A reason, a purpose, a note shows something, whoever asks: page, import or command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

import pytest

from models.types import DayKind, FeedbackState, PairingState, Side
from portal.access.rules import refusals_for_name
from portal.calendar import actions as calendar
from portal.calendar.rules import DayRow
from portal.feedback.rules import refusals_for_answer, refusals_for_message
from portal.pairings import procedure_rules as pairings
from portal.pairings.life_rules import Need, PairingLife, Wait
from portal.pairings.rules import refusals_for_agreement
from portal.personal_data.rules import refusals_for_reveal
from portal.procedures import rules as procedures
from portal.procedures.rules import Step
from portal.refusals import Refusal
from portal.staffing import rules as staffing
from portal.standards.names import stored_name

DAY = date(2022, 3, 1)
UNSEEN = ["", " ", "\u200b", "\u3164\u2800", "\u00a0\u3000", "\u202d\u202c\r\n"]


def asked_of_assignment(step: Step[staffing.Facts], text: str) -> Sequence[Refusal]:
    """Take a step on an assignment of which nothing else forbids it."""
    facts = staffing.Facts(
        label="演示",
        state=step.source[0],
        person_id=1,
        nominated_by_person_id=2,
        side=Side.SENT,
        is_qualified=False,
        pairing=PairingLife("P1", PairingState.CONFIRMED, is_confirmed=True),
    )
    return procedures.refusals_for_step(staffing.LIFE, step, facts, person_id=3, reason=text)


def asked_of_pairing(step: Step[pairings.PairingFacts], text: str) -> Sequence[Refusal]:
    """Take a step on a pairing of which nothing else forbids it."""
    facts = pairings.PairingFacts(
        "P1",
        step.source[0],
        proposed_by_person_id=1,
        waits=(Wait(Side.SENT, Need.EXCEPTION),),
        acting=frozenset({Side.SENT}),
        agreed=frozenset({Side.SENT} if step.verb == "withdrawn" else ()),
    )
    return procedures.refusals_for_step(pairings.LIFE, step, facts, person_id=2, reason=text)


QUESTIONS: dict[str, Callable[[str], Sequence[Refusal]]] = {
    "reveal": lambda text: refusals_for_reveal(reason=text, is_recorded=True, lately=[]),
    "return": lambda text: procedures.refusals_for_reason(text, "退回"),
    **{
        f"assignment {step.verb}": partial(asked_of_assignment, step)
        for step in staffing.LIFE.steps
        if step.needs_reason
    },
    "note of a parameter": lambda text: procedures.refusals_for_reason(
        text, field="note", noun="调整的理由"
    ),
    "close a work year": procedures.refusals_for_reason,
    "source of a calendar": calendar._refusals_for_source,
    "name of a holiday": lambda text: list(
        calendar._refusals_for_day(DayRow(DAY, DayKind.HOLIDAY, text))
    ),
    "agreement": lambda text: refusals_for_agreement(
        number=text, signed_on=DAY, starts_on=DAY, ends_on=DAY, today=DAY
    ),
    **{
        f"pairing {step.verb}": partial(asked_of_pairing, step)
        for step in pairings.LIFE.steps
        if step.needs_reason
    },
    "message": lambda text: refusals_for_message(text, sent_today=0),
    "answer": lambda text: refusals_for_answer(text, FeedbackState.ANSWERED),
    "holder of an account": lambda text: refusals_for_name(stored_name(text)),
}


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
@pytest.mark.parametrize("question", QUESTIONS)
def test_refuses_a_text_that_shows_nothing(question, unseen):
    assert QUESTIONS[question](unseen)


@pytest.mark.parametrize("question", QUESTIONS)
def test_takes_one_that_does(question):
    assert not QUESTIONS[question]("演示：核对材料")
