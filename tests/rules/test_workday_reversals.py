"""When a decision may still be taken back: a table of cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.confirmations.reversal_rules import UNDO_FOR, Made, refusals_for_reversal

AT = datetime(2022, 11, 21, 2, tzinfo=UTC)
FINE = Made("演示甲 2022-11-14", is_untouched=True)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("rows", "after", "expected"),
    [
        ([FINE], timedelta(0), []),
        ([FINE] * 400, UNDO_FOR, []),
        ([FINE], UNDO_FOR + SECOND, ["too_late"]),
        ([], timedelta(0), ["nothing_to_undo"]),
        ([FINE._replace(is_untouched=False)], SECOND, ["changed_meanwhile"]),
        ([FINE._replace(is_closed=True)], SECOND, ["closed_year"]),
        ([FINE._replace(is_free=False)], SECOND, ["over_one_day"]),
        ([FINE._replace(is_free=False, is_untouched=False)], SECOND, ["changed_meanwhile"]),
        (
            [FINE._replace(is_untouched=False), FINE._replace(is_closed=True)],
            UNDO_FOR + SECOND,
            ["too_late", "changed_meanwhile", "closed_year"],
        ),
    ],
)
def test_says_every_reason_at_once(rows, after, expected):
    found = refusals_for_reversal(rows, decided_at=AT, now=AT + after, mend="可退回。")
    assert [one.code for one in found] == expected


def test_names_the_entries_and_what_can_be_done_instead():
    rows = [FINE, FINE._replace(label="演示乙 2022-11-15", is_untouched=False)]
    late, touched = refusals_for_reversal(
        rows, decided_at=AT, now=AT + timedelta(hours=1), mend="可退回。"
    )
    assert late.sentence == "已超过 10 分钟，不能再撤销。可退回。"
    assert touched.sentence == "演示乙 2022-11-15：之后已有人办理或修改，不能再撤销。"
