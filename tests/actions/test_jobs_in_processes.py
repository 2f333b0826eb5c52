"""Workers in processes of their own, some killed: nothing doubled, nothing missed.

``make bench-jobs`` runs the full form: 8 processes, 10,000 items.
"""

from __future__ import annotations

from pathlib import Path

from models.database import Database
from tests.support.job_race import race
from tests.support.measured import Measured


def test_of_killed_workers_nothing_is_doubled_and_nothing_missed(
    database: Database, tmp_path: Path, measured: Measured
) -> None:
    found = race(database, tmp_path, processes=4, items=200, kills=3, lease_seconds=1.0)
    assert (found.doubled, found.missed, found.is_closed) == (0, 0, True)
    slowest = max(found.taken_over_after, default=0.0)
    measured(
        f"jobs on {database.engine.dialect.name}, 4 processes, 3 killed, lease 1 s",
        f"{found.tried_again} items taken over, after {slowest:.1f} s at most",
    )
