"""Whether a decision may still be taken back by whoever took it a moment ago. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from portal.confirmations.rules import listed
from portal.refusals import Refusal

UNDO_FOR = timedelta(minutes=10)
"""A slip of the hand shows at once; what is found later is returned or corrected, with a reason."""

NOTHING_TO_UNDO = Refusal(
    "",
    "nothing_to_undo",
    "没有可以撤销的办理：只能由办理人本人撤销刚刚办理的条目，且只能撤销一次。",
)


class Made(NamedTuple):
    """An entry on which somebody decided. ``label`` names it in a sentence.

    ``is_untouched`` says that the decision is still the last thing that happened to it,
    ``is_free`` that the halves of its date that it would take again are not taken meanwhile.
    """

    label: str
    is_untouched: bool
    is_closed: bool = False
    is_free: bool = True


def refusals_for_reversal(
    rows: Sequence[Made], *, decided_at: datetime, now: datetime, mend: str
) -> list[Refusal]:
    """Say why a decision can no longer be taken back; ``mend`` says what can be done instead."""
    if not rows:
        return [NOTHING_TO_UNDO]
    refusals = []
    if now - decided_at > UNDO_FOR:
        minutes = UNDO_FOR // timedelta(minutes=1)
        sentence = f"已超过 {minutes} 分钟，不能再撤销。{mend}"
        refusals.append(Refusal("", "too_late", sentence))
    obstacles = (
        (
            "changed_meanwhile",
            "之后已有人办理或修改，不能再撤销。",
            [not one.is_untouched for one in rows],
        ),
        ("closed_year", "所属工作年度已关闭，不能再撤销。", [one.is_closed for one in rows]),
        (
            "over_one_day",
            "恢复原条目后该人员当日将超过 1 天，不能撤销。",
            [one.is_untouched and not one.is_free for one in rows],
        ),
    )
    for code, sentence, blocked in obstacles:
        labels = [row.label for row, is_blocked in zip(rows, blocked, strict=True) if is_blocked]
        if labels:
            refusals.append(Refusal("", code, f"{listed(labels)}{sentence}"))
    return refusals
