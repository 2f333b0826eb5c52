"""Who may decide on a day that was handed in."""

from __future__ import annotations

import pytest

from models.types import WorkdayState
from portal.confirmations.rules import Decided, refusals_for_decision
from portal.refusals import Refusal

WORKER, MANAGER, OFFICER, IMPORTER = 1, 2, 3, 4
ROW = Decided("演示甲一 2022-11-21", WorkdayState.SUBMITTED, WORKER, WORKER, None)


def decide(*rows: Decided, by: int | None = MANAGER, verb: str = "确认") -> list[Refusal]:
    return refusals_for_decision(
        rows, expected={WorkdayState.SUBMITTED}, actor_person_id=by, verb=verb
    )


def test_another_person_may_decide_on_what_waits():
    assert decide(ROW) == []
    assert decide() == []


def test_the_operator_of_the_server_is_bound_by_states_but_is_nobody_in_person():
    assert decide(ROW, by=None) == []
    assert [one.code for one in decide(ROW._replace(is_closed=True), by=None)] == ["closed_year"]


@pytest.mark.parametrize(
    ("row", "by", "code"),
    [
        (ROW._replace(state=WorkdayState.DRAFT), MANAGER, "wrong_state"),
        (ROW._replace(state=WorkdayState.APPROVED), MANAGER, "wrong_state"),
        (ROW._replace(is_changed=True), MANAGER, "changed_meanwhile"),
        (ROW, WORKER, "own_entry"),
        (ROW._replace(drafter_person_id=IMPORTER), IMPORTER, "own_entry"),
        (ROW._replace(confirmer_person_id=MANAGER), MANAGER, "same_person_twice"),
        (ROW._replace(is_closed=True), MANAGER, "closed_year"),
    ],
)
def test_refuses_a_decision_and_names_the_row(row, by, code):
    (refusal,) = decide(row, by=by)
    assert refusal.code == code
    assert refusal.sentence.startswith("演示甲一 2022-11-21：")


def test_rows_with_the_same_obstacle_share_one_sentence():
    found = decide(ROW, ROW._replace(label="演示甲二 2022-11-20"), by=WORKER)
    assert [one.code for one in found] == ["own_entry"]
    assert "演示甲一 2022-11-21、演示甲二 2022-11-20：" in found[0].sentence


def test_of_many_blocking_rows_the_first_are_named_and_all_are_counted():
    rows = [ROW._replace(label=f"演示 2022-11-{day:02}") for day in range(1, 31)]
    (refusal,) = decide(*rows, by=WORKER)
    assert refusal.sentence.startswith("演示 2022-11-01、")
    assert "等 30 条：" in refusal.sentence
    assert "2022-11-06" not in refusal.sentence
