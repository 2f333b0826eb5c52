"""What keeps a decision on days from being taken back, besides its age and what came after. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from portal.procedures.rules import listed
from portal.refusals import Refusal


class Made(NamedTuple):
    """An entry on which somebody decided. ``label`` names it in a sentence.

    ``is_corrected`` says that a correction of it was asked for since, ``is_free`` that the halves of
    its date that it would take again are not taken meanwhile.
    """

    label: str
    is_closed: bool = False
    is_corrected: bool = False
    is_free: bool = True


def obstacles_to_reversal(rows: Sequence[Made]) -> list[Refusal]:
    """Say why a decision can no longer be taken back."""
    obstacles = (
        (
            "changed_meanwhile",
            "之后已申请更正，不能再撤销。",
            [one.is_corrected for one in rows],
        ),
        ("closed_year", "所属工作年度已关闭，不能再撤销。", [one.is_closed for one in rows]),
        (
            "over_one_day",
            "恢复原条目后该人员当日将超过 1 天，不能撤销。",
            [not one.is_free for one in rows],
        ),
    )
    refusals = []
    for code, sentence, blocked in obstacles:
        labels = [row.label for row, is_blocked in zip(rows, blocked, strict=True) if is_blocked]
        if labels:
            refusals.append(Refusal("", code, f"{listed(labels)}{sentence}"))
    return refusals
