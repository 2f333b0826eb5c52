"""The life of a work year: open, closed, and opened again for what has to be put right. Pure."""

from __future__ import annotations

from typing import NamedTuple

from models.types import WorkYearState
from portal.procedures.rules import Beginning, Life, Step


class ClosingFacts(NamedTuple):
    """What the steps ask of a work year; ``label`` is its title."""

    state: WorkYearState
    label: str


LIFE: Life[ClosingFacts] = Life(
    name="work_year",
    noun="工作年度",
    title="工作年度",
    states=WorkYearState,
    beginnings=(Beginning("opened", "设立", WorkYearState.OPEN),),
    steps=(
        Step(
            verb="closed",
            label="关闭",
            done="关闭",
            source=(WorkYearState.OPEN,),
            to=WorkYearState.CLOSED,
            permission="programme.write",
            needs_reason=True,
        ),
        Step(
            verb="reopened",
            label="重新开放",
            done="重新开放",
            source=(WorkYearState.CLOSED,),
            to=WorkYearState.OPEN,
            permission="programme.write",
            needs_reason=True,
        ),
    ),
    path=(WorkYearState.OPEN, WorkYearState.CLOSED),
)
