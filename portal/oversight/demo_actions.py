"""Supervision in the demonstration: one asked, one answered, on either side; one question settled at once."""

from __future__ import annotations

from datetime import timedelta

from models import Organisation
from portal.ledger.queries import money_of
from portal.oversight import actions
from portal.oversight.question_queries import list_asked
from portal.oversight.rules import Handling
from portal.stage import Stage

ASKED_AGO, ANSWERED_AGO = timedelta(days=3), timedelta(days=1)

SENT, RECEIVED = ("yanshi-prov-send", "yanshi-send-mgr"), ("yanshi-prov", "yanshi-recv-mgr")


def show_reviews(stage: Stage) -> None:
    """Have both provinces ask the shown organisations, and one of them answer."""
    year = stage.deed.today.year
    if not money_of(stage.deed.session, stage.sending.id, year).spent_fen:
        return  # the year has only begun
    for organisation, (officer, manager) in (
        (stage.sending, SENT),
        (stage.receiving, RECEIVED),
    ):
        asks = stage.deed_of(officer, stage.deed.now - ASKED_AGO)
        said = "演示：请说明下乡车费的同行人员和事由"
        one = actions.open_review(asks, organisation, year, Handling.ASKED, said)
        answers = stage.deed_of(manager, stage.deed.now - ANSWERED_AGO)
        actions.answer(answers, one, "演示：两名社工同行，开展站点督导，附派车单")
        said = "演示：请补充保险名单"
        actions.open_review(asks, organisation, year, Handling.ASKED, said)
    _settle_one_at_once(stage, year)


def _settle_one_at_once(stage: Stage, year: int) -> None:
    """Have the sending province look at the first question that the books raise."""
    deed = stage.deed_of(SENT[0], stage.deed.now - ASKED_AGO)
    found = list_asked(
        deed.session,
        deed.actor,
        year,
        deed.today,
        [Organisation.province_code == stage.sending.province_code],
    )
    for one in found[:1]:
        actions.open_review(
            deed,
            deed.session.get_one(Organisation, one.organisation.id),
            year,
            Handling.EXPLAINED,
            "演示：现场核对收据无误",
            facts=one.question.facts,
        )
