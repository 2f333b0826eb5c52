"""Background jobs under fire: 8 processes, 10,000 items, workers killed with signal 9.

    .venv/bin/python scripts/bench_jobs.py [--items 10000] [--processes 8] [--kills 20] [--lease 5]

On SQLite and on PostgreSQL. Fails if any item was done twice or not at all.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from models.database import Database
from portal.schema import upgrade_schema
from tests.support.databases import PostgresPress, Press, SqlitePress
from tests.support.job_race import Outcome, race
from tests.support.postgres import postgres_server
from tests.support.scratch import scratch_folder

EMPTY = "empty"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--lease", type=float, default=5.0, help="seconds; in production 60")
    asked = parser.parse_args()
    with scratch_folder("qianshou-jobs-") as folder, postgres_server() as server:
        found = {
            "SQLite": _raced(SqlitePress(folder), folder, asked),
            "PostgreSQL": _raced(PostgresPress(server, folder), folder, asked),
        }
    for name, outcome in found.items():
        _say(name, outcome, asked)
    is_good = all(
        outcome.is_closed and not outcome.doubled and not outcome.missed
        for outcome in found.values()
    )
    return 0 if is_good else 1


def _lay_tables(database: Database) -> None:
    upgrade_schema(database)


def _raced(press: Press, var: Path, asked: argparse.Namespace) -> Outcome:
    press.prepare(EMPTY, _lay_tables)
    with press.opened(EMPTY) as database:
        return race(
            database,
            var,
            processes=asked.processes,
            items=asked.items,
            kills=asked.kills,
            lease_seconds=asked.lease,
        )


def _say(name: str, outcome: Outcome, asked: argparse.Namespace) -> None:
    after = sorted(outcome.taken_over_after)
    span = f"{after[0]:.1f}-{after[-1]:.1f} s" if after else "-"
    print(
        f"{name}: {outcome.items} items, {asked.processes} processes, {asked.kills} killed:"
        f" {outcome.doubled} doubled, {outcome.missed} missed;"
        f" {len(after)} items taken over {span} after the kill (lease {asked.lease:g} s);"
        f" {outcome.seconds:.0f} s, {outcome.items / outcome.seconds:.0f} items/s"
    )


if __name__ == "__main__":
    sys.exit(main())
