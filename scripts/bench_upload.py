"""Measures what a large upload takes from everybody else.

    .venv/bin/python scripts/bench_upload.py [--rows 150000] [--columns 60] [--uploads 50]

A legal file of mostly foreign columns is checked as an upload is, in a process of its own. Figures:
its time beside that of the parser alone, the memory of all processes at the peak beyond that before
it, how much longer a page takes meanwhile, and what the serving process has kept after many uploads.
Machines differ and are noisy: read the ratios.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from models.database import Database
from models.types import ImportKind
from portal.commands import load_reference_data
from portal.deeds import operator_deed, session_info
from portal.imports.apart import Question, check_apart
from portal.imports.kinds import KINDS
from portal.imports.reading_apart import read_sheet
from portal.schema import upgrade_schema
from tests.support.clock import Clock
from tests.support.databases import MASTER_KEY
from tests.support.portal import Pages, make_portal
from tests.support.world import World, build_world

KIND = KINDS[ImportKind.WORKDAYS]
KNOWN = [column.name for column in KIND.columns]


def file_of(rows: int, columns: int) -> bytes:
    header = [*KNOWN, *(f"另{number}" for number in range(columns - len(KNOWN)))]
    tail = ",".join(str(number % 10) for number in range(columns - 4))
    lines = (f"P1,{row:018},2022-11-01,1,{tail}" for row in range(rows))
    return "\n".join([",".join(header), *lines]).encode()


def memory_mb() -> float:
    """Return what this process and those below it hold; shared pages are shared out."""
    below: dict[int, list[int]] = defaultdict(list)
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            below[int(status.read_text().rsplit(")", 1)[1].split()[1])].append(
                int(status.parent.name)
            )
        except OSError:
            continue
    total, waiting = 0, [os.getpid()]
    while waiting:
        process = waiting.pop()
        waiting += below[process]
        try:
            held = Path(f"/proc/{process}/smaps_rollup").read_text()
        except OSError:
            continue
        total += int(held.split("\nPss:")[1].split()[0])
    return total / 1024


def seconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--rows", type=int, default=150_000)
    wanted.add_argument("--columns", type=int, default=60)
    wanted.add_argument("--uploads", type=int, default=50)
    asked = wanted.parse_args()
    with tempfile.TemporaryDirectory(prefix="qianshou-bench-") as folder:
        clock = Clock(date(2022, 11, 21))
        database = Database(f"sqlite:///{folder}/bench.db", session_info(MASTER_KEY))
        upgrade_schema(database)
        with database.writing() as session:
            load_reference_data(operator_deed(session, Clock(date(2021, 1, 4))()))
        with database.writing() as session:
            build_world(operator_deed(session, Clock(date(2022, 1, 4))()))
        with database.open() as session:
            world = World(session, clock)
            page = Pages(make_portal(database.url, clock), world)("county_officer")
            actor = world.actor("sending_manager")
            measure(asked, Question(KIND.word, "x.csv", actor, clock(), database.url, MASTER_KEY),
                    lambda: page.client.get("/pairings"))  # fmt: skip


def measure(asked: argparse.Namespace, question: Question, look: Callable[[], object]) -> None:
    content = file_of(asked.rows, asked.columns)
    small = file_of(10, asked.columns)
    check_apart(question, small)
    alone = statistics.median(seconds(look) for _ in range(40))
    parser = seconds(lambda: read_sheet(content, KIND.sheet_names, KNOWN))
    before, peak, busy = memory_mb(), 0.0, []
    check = threading.Thread(target=check_apart, args=(question, content))
    begin = time.perf_counter()
    check.start()
    while check.is_alive():
        busy += [seconds(look) for _ in range(5)]
        peak = max(peak, memory_mb())
    whole = time.perf_counter() - begin
    started = memory_mb()
    for _ in range(asked.uploads):
        check_apart(question, content[: len(content) // 10].rsplit(b"\n", 1)[0])
    print(
        f"{len(content) / 1e6:.0f} MB, {asked.rows:,} rows × {asked.columns} columns:"
        f" {whole:.1f} s, {whole / parser:.1f} times the parser alone;"
        f" {peak - before:.0f} MB more at the peak;"
        f" a page takes {statistics.median(busy) / alone:.2f} times as long meanwhile;"
        f" {memory_mb() - started:.1f} MB kept after {asked.uploads} further uploads of a tenth"
    )


if __name__ == "__main__":
    main()
