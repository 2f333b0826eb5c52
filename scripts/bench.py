"""Measures every figure of the performance budget, one part after another: `make bench`.

    .venv/bin/python scripts/bench.py [--full] [--postgres]

By default small enough for ten minutes or so; ``--full`` takes the sizes of the budget. All
figures are ratios to a yardstick measured in the same run: machines differ and are noisy.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="the sizes of the budget")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL too")
    asked = parser.parse_args()
    database = ["--postgres"] if asked.postgres else []
    rounds = ["--rounds", "5" if asked.full else "3"]
    rows = ["--rows", "100000" if asked.full else "20000"]
    parts = {
        "bench_import.py": [*rows, *rounds],
        "bench_summary.py": rounds,
        "bench_deed.py": [*rounds, *(["--large"] if asked.full else [])],
        "bench_pages.py": [*rounds, *(["--large"] if asked.full else [])],
    }
    on_sqlite_alone = {"bench_screens.py": rounds, "bench_as_of.py": rounds}
    failed = [part for part, options in parts.items() if not _ran(part, [*options, *database])]
    failed += [part for part, options in on_sqlite_alone.items() if not _ran(part, options)]
    return 1 if failed else 0


def _ran(part: str, options: list[str]) -> bool:
    print(f"\n== {part} {' '.join(options)}", flush=True)
    command = [sys.executable, str(SCRIPTS / part), *options]
    return subprocess.run(command, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
