"""What taking back a file would do, and what stands in its way. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from portal.refusals import Refusal

SHOWN = 50
"""Of what would go, and of what stands in its way; how many more there are the page says."""

NAMED = 5
"""Obstacles that a refusal names."""

OUT_OF_REACH = Refusal(
    "",
    "out_of_scope",
    "不能撤销：这份文件写入的内容中，有的已不在您的管辖范围内，请由现在的管理单位逐条办理。",
)
NOT_RECORDED = Refusal(
    "",
    "wrong_state",
    "不能撤销：这次导入由以前的版本写入，没有保留撤销所需的内容；请在各自的页面逐条修改。",
)


class UndoOutcome(NamedTuple):
    """Something that a file wrote: what it is called, and whether it goes or is as before again."""

    label: str
    is_removed: bool


class UndoObstacle(NamedTuple):
    """Something of a file on which somebody has built: what, and who did it when, if that is known."""

    label: str
    what: str
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UndoEffect:
    """What taking back a file would do: ``removed`` things go, ``restored`` are as before again.

    ``outcomes`` are the first of them, ``obstacles`` the first of the ``blocked`` ones, for which
    nothing of the file is taken back. ``refusals`` say what else hinders.
    """

    removed: int = 0
    restored: int = 0
    outcomes: tuple[UndoOutcome, ...] = ()
    blocked: int = 0
    obstacles: tuple[UndoObstacle, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    @property
    def count(self) -> int:
        return self.removed + self.restored

    @property
    def words(self) -> str:
        """What it does, in a sentence: 移除 3 项，恢复 1 项."""
        parts = [("移除", self.removed), ("恢复", self.restored)]
        return "，".join(f"{verb} {count} 项" for verb, count in parts if count)

    def all_refusals(self) -> list[Refusal]:
        """Return why the file cannot be taken back; empty if it can."""
        return [*self.refusals, *self._about_what_was_built()]

    def _about_what_was_built(self) -> list[Refusal]:
        if not self.blocked:
            return []
        named = "；".join(
            f"{one.label}（{one.what}{f'，{one.who}' if one.who else ''}）"
            for one in self.obstacles[:NAMED]
        )
        more = " 等" if self.blocked > NAMED else ""
        sentence = (
            f"不能撤销：这份文件写入的内容中，有 {self.blocked} 项已有人接续办理：{named}{more}。"
            "办过的手续须保留，请在各自的页面逐条修改。"
        )
        return [Refusal("", "wrong_state", sentence)]


def removed_since(missing: int) -> Refusal:
    """Say that some of what a file wrote is no longer there."""
    sentence = (
        f"不能撤销：这份文件写入的内容中，有 {missing} 项已被删除；其余的请在各自的页面修改。"
    )
    return Refusal("", "wrong_state", sentence)
