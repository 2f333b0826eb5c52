"""Measure the pages of every day beside the list of people, by computing time.

    python scripts/bench_screens.py [--rounds N] [--json FILE]

On the demonstration programme, SQLite, in one process: what another one does is not counted. ``must`` is
what the page took before the five screens were rebuilt (release e28847d), over the list of today, both
measured in turns.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.bench_demo import Demo
from scripts.bench_table import Figure, figure, table, write_json


class Screen(NamedTuple):
    """A page as somebody sees it; ``must`` is the limit of its ratio."""

    login: str
    path: str
    must: float


LIST = ("yanshi-national", "/people")
SCREENS = (
    Screen("yanshi-send-staff", "/", 1.62),
    Screen("yanshi-send-mgr", "/", 1.17),
    Screen("yanshi-county", "/", 1.14),
    Screen("yanshi-prov", "/", 1.53),
    Screen("yanshi-national", "/", 1.86),
    Screen("yanshi-send-mgr", "/workdays/confirmation", 0.63),
    Screen("yanshi-county", "/workdays/approval", 0.73),
    Screen("yanshi-send-staff", "/workdays/new", 0.45),
    Screen("yanshi-send-staff", "/workdays", 0.83),
    Screen("yanshi-prov", "/workdays", 3.11),
    Screen("yanshi-prov", "/pairings", 0.96),
    Screen("yanshi-prov", "/pairings/YS26-640303", 1.25),
    Screen("yanshi-national", "/summary?year=2026", 3.55),
    Screen("yanshi-national", "/dashboard", 2.48),
    Screen("yanshi-national", "/organisations", 1.07),
    Screen("yanshi-national", "/assignments", 1.03),
)
AIM = 0.85
"""The part of its limit that a page should take: what is not measured is noise."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", type=Path, help="keep the figures in a file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qianshou-bench-") as folder:
        figures = _figures(Demo(Path(folder)), options.rounds)
    print(table(figures))
    if options.json:
        write_json(figures, options.json)
    return 0


def _figures(demo: Demo, rounds: int) -> list[Figure]:
    """Ask for all pages in turns, the list before each; the first round is thrown away."""
    lists: list[list[int]] = [[] for _ in SCREENS]
    costs: list[list[int]] = [[] for _ in SCREENS]
    for turn in range(rounds + 1):
        for beside, found, screen in zip(lists, costs, SCREENS, strict=True):
            pair = demo.cost_of(*LIST), demo.cost_of(screen.login, screen.path)
            if turn:
                beside.append(pair[0])
                found.append(pair[1])
    return [
        figure(
            "screen",
            f"{screen.path} of {screen.login}",
            found,
            beside,
            most=(screen.must, round(screen.must * AIM, 2)),
            note=f"{median(found) / 1e6:.1f} ms",
        )
        for screen, found, beside in zip(SCREENS, costs, lists, strict=True)
    ]


if __name__ == "__main__":
    sys.exit(main())
