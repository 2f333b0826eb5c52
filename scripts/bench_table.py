"""Figures of the performance budget: a ratio beside its limits, and the table of them.

Every figure is something divided by its yardstick, measured in turns in the same run: machines
differ, and what else they do differs by the minute.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """``row`` is that of docs/performance.md; ``must`` and ``aim`` are limits of the ratio.

    ``low`` and ``high`` are the extremes over the rounds: how noisy the machine was.
    """

    row: str
    what: str
    must: float
    aim: float
    ratio: float
    low: float
    high: float
    is_least: bool = False
    note: str = ""

    @property
    def verdict(self) -> str:
        if self._is_within(self.aim):
            return "ok, aim"
        return "ok" if self._is_within(self.must) else "OVER"

    def _is_within(self, limit: float) -> bool:
        return self.ratio >= limit if self.is_least else self.ratio <= limit

    def cells(self) -> list[str]:
        sign = "≥" if self.is_least else "≤"
        return [
            self.row,
            self.what,
            f"{sign} {self.must:g}",
            f"{sign} {self.aim:g}",
            f"{self.ratio:.3g}",
            f"{self.low:.3g}–{self.high:.3g}",
            self.verdict,
            self.note,
        ]


def figure(
    row: str,
    what: str,
    measured: Sequence[float],
    yardstick: Sequence[float],
    *,
    most: tuple[float, float] | None = None,
    least: tuple[float, float] | None = None,
    note: str = "",
) -> Figure:
    """Return the median of what was measured over that of its yardstick, round by round beside it.

    ``most`` or ``least`` are (must, aim).
    """
    limits = most or least
    assert limits is not None
    rounds = [one / other for one, other in zip(measured, yardstick, strict=True)]
    return Figure(
        row=row,
        what=what,
        must=limits[0],
        aim=limits[1],
        ratio=median(measured) / median(yardstick),
        low=min(rounds),
        high=max(rounds),
        is_least=least is not None,
        note=note,
    )


HEADINGS = ["#", "figure", "must", "aim", "measured", "rounds", "", "note"]


def table(figures: Iterable[Figure]) -> str:
    """Return the figures as lines of aligned columns."""
    lines = [HEADINGS, *(one.cells() for one in figures)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def write_json(figures: Iterable[Figure], path: Path) -> None:
    """Keep the figures for scripts/bench.py, which puts those of all benches into one table."""
    path.write_text(json.dumps([asdict(one) for one in figures], ensure_ascii=False), "utf-8")


def read_json(path: Path) -> list[Figure]:
    return [Figure(**row) for row in json.loads(path.read_text("utf-8"))]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
