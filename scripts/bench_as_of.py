"""Measure the summary as of an earlier day, beside the same page of today, by computing time.

    python scripts/bench_as_of.py [--rounds N] [--json FILE]

On the demonstration programme, SQLite, in one process: what another one does is not counted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.bench_demo import Demo
from scripts.bench_table import Figure, figure, table, write_json

DAYS = (date(2026, 10, 31), date(2025, 6, 30))
"""In the year that runs, and in one that is over."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--json", type=Path, help="keep the figures in a file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="qianshou-bench-") as folder:
        demo = Demo(Path(folder))
        figures = [_figure(demo, day, options.rounds) for day in DAYS]
    print(table(figures))
    if options.json:
        write_json(figures, options.json)
    return 0


def _figure(demo: Demo, day: date, rounds: int) -> Figure:
    """Ask for both pages in turns; the first round is thrown away."""
    today, then = f"/summary?year={day.year}", f"/summary?year={day.year}&as_of={day}"
    costs: dict[str, list[int]] = {today: [], then: []}
    for _ in range(rounds + 1):
        for path, found in costs.items():
            found.append(demo.cost_of("yanshi-national", path))
    return figure(
        "as of",
        f"the summary of {day.year} as of {day} ÷ today's",
        costs[then][1:],
        costs[today][1:],
        most=(2, 1.3),
        note=f"{sorted(costs[today][1:])[rounds // 2] / 1e6:.0f} ms today's",
    )


if __name__ == "__main__":
    sys.exit(main())
