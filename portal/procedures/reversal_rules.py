"""Whether what was decided together may still be taken back by whoever decided it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from portal.procedures.rules import NOTHING_TO_UNDO, F, Step, listed
from portal.refusals import Refusal


class Taken(NamedTuple):
    """A subject as its step left it. ``is_untouched`` says that nothing happened to it since."""

    label: str
    is_untouched: bool


def refusals_for_reversal(
    step: Step[F],
    rows: Sequence[Taken],
    *,
    taken_at: datetime,
    now: datetime,
    besides: Iterable[Refusal] = (),
) -> list[Refusal]:
    """Say why what was decided together can no longer be taken back."""
    if not rows or step.undo is None:
        return [NOTHING_TO_UNDO]
    refusals = []
    if now - taken_at > step.undo:
        minutes = step.undo // timedelta(minutes=1)
        sentence = f"已超过 {minutes} 分钟，不能再撤销。{step.mend}"
        refusals.append(Refusal("", "too_late", sentence))
    touched = [row.label for row in rows if not row.is_untouched]
    if touched:
        sentence = f"{listed(touched)}之后已有人办理或修改，不能再撤销。"
        refusals.append(Refusal("", "changed_meanwhile", sentence))
    return [*refusals, *besides]
