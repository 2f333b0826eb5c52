"""When a decision may still be taken back: a table of cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.confirmations.reversal_rules import Made, obstacles_to_reversal
from portal.procedures.reversal_rules import Taken, refusals_for_reversal
from portal.workdays.life_rules import LIFE, UNDO_FOR

AT = datetime(2022, 11, 21, 2, tzinfo=UTC)
FINE = Made("演示甲 2022-11-14")
SECOND = timedelta(seconds=1)


def refusals(rows: list[Made], after: timedelta, touched: set[int] = frozenset()):
    return refusals_for_reversal(
        LIFE.step("approved"),
        [Taken(one.label, number not in touched) for number, one in enumerate(rows)],
        taken_at=AT,
        now=AT + after,
        besides=obstacles_to_reversal(rows),
    )


@pytest.mark.parametrize(
    ("rows", "touched", "after", "expected"),
    [
        ([FINE], set(), timedelta(0), []),
        ([FINE] * 400, set(), UNDO_FOR, []),
        ([FINE], set(), UNDO_FOR + SECOND, ["too_late"]),
        ([], set(), timedelta(0), ["nothing_to_undo"]),
        ([FINE], {0}, SECOND, ["changed_meanwhile"]),
        ([FINE._replace(is_corrected=True)], set(), SECOND, ["changed_meanwhile"]),
        ([FINE._replace(is_closed=True)], set(), SECOND, ["closed_year"]),
        ([FINE._replace(is_free=False)], set(), SECOND, ["over_one_day"]),
        (
            [FINE, FINE._replace(is_closed=True)],
            {0},
            UNDO_FOR + SECOND,
            ["too_late", "changed_meanwhile", "closed_year"],
        ),
    ],
)
def test_says_every_reason_at_once(rows, touched, after, expected):
    assert [one.code for one in refusals(rows, after, touched)] == expected


def test_names_the_entries_and_what_can_be_done_instead():
    rows = [FINE, FINE._replace(label="演示乙 2022-11-15")]
    late, touched = refusals(rows, timedelta(hours=1), {1})
    assert late.sentence == "已超过 10 分钟，不能再撤销。如有不妥，可由填报人申请更正。"
    assert touched.sentence == "演示乙 2022-11-15：之后已有人办理或修改，不能再撤销。"
