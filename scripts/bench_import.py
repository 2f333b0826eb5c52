"""Measures the import of working days beside its limits, in one run.

    .venv/bin/python scripts/bench_import.py [--rows 100000] [--rounds 5] [--stored 0] [--postgres]

The limits are the work that nothing can spare: calamine reading the workbook, and the same tuples
inserted by the driver alone into the project's own tables with their indexes, totals included. The
import does both, checks every row, writes who decided what, and a workbook of the refused rows.
All three run in turns, each in a process of its own; figures are medians. Memory is the peak of
resident pages; that of the import is of its two processes together, and has the whole portal
loaded before it begins.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import pickle
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import sqlalchemy as sa
import xlsxwriter

from models import Assignment, Organisation, Pairing, PairingYear, Person, Workday
from models.bulk import insert_rows
from models.database import Database
from models.types import (
    AssignmentState,
    ImportKind,
    Line,
    Mode,
    OrgType,
    PairingState,
    Side,
    Task,
    WorkMode,
)
from portal.audit.trail import AUDIT_KEY
from portal.commands import load_reference_data
from portal.deeds import operator_deed
from portal.imports import reading_apart
from portal.imports.actions import carry_out
from portal.imports.checking_apart import check, read_file
from portal.imports.kinds import KINDS
from portal.imports.kinds.workdays import columns_written, rows_written
from portal.imports.workbook_export import write_error_workbook
from portal.personal_data.vault import VAULT, Vault, derive
from portal.programme.queries import list_years
from portal.schema import upgrade_schema
from portal.standards.id_number import make_id_number
from portal.totals.actions import open_totals, refresh
from portal.totals.queries import PERSON_COLUMNS

KEY = bytes(range(32))
INFO = {VAULT: Vault(KEY), AUDIT_KEY: derive(KEY, "audit")}
NOW = datetime(2022, 12, 31, 2, tzinfo=UTC)
PEOPLE_A_PAIRING = 5
SENT_A_PAIRING = 2
DAYS_A_PERSON = 50
COUNTY = "640303"
BAD_EVERY = 100

BAD_CELLS: tuple[dict[int, Any], ...] = (
    {0: "没有这个编号"},
    {1: "110105194912310021"},
    {2: "2022-02-30"},
    {2: "2023-06-01"},
    {3: 0.3},
    {3: 2},
    {4: "乘车"},
    {6: "110101001"},
    {7: "长" * 2001},
    {0: ""},
)
"""What is wrong with every hundredth row, in turns: column number and cell."""


# ---- the world -----------------------------------------------------------------------------


def id_number_of(person: int) -> str:
    return make_id_number("653228", date(1960, 1, 1) + timedelta(days=person // 900), person % 900)


def make_world(url: str, pairings: int, stored: int) -> None:
    """Make pairings of five people each, and stored days in another year to import beside."""
    database = Database(url, INFO)
    upgrade_schema(database)
    with database.writing() as session:
        load_reference_data(operator_deed(session, datetime(2021, 1, 4, tzinfo=UTC)))
    with database.writing() as session:
        _insert_world(session, pairings)
    with database.writing() as session:
        _insert_stored(session, pairings, stored)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    database.engine.dispose()


def _insert_world(session: Any, pairings: int) -> None:
    people = range(pairings * PEOPLE_A_PAIRING)
    session.execute(
        sa.insert(Organisation),
        [
            {
                "id": number,
                "credit_code": f"{number:018}",
                "name": f"演示机构{number}",
                "type": OrgType.SOCIAL_WORK,
                "region_code": "350102" if number % 2 else COUNTY,
                "province_code": "350000" if number % 2 else "640000",
                "created_at": NOW,
            }
            for number in range(1, 2 * pairings + 1)
        ],
    )
    vault: Vault = session.info[VAULT]
    session.execute(
        sa.insert(Person),
        [
            {
                "id": person + 1,
                "name": f"演示{person}",
                "organisation_id": 2 * (person // PEOPLE_A_PAIRING) + _side(person)[1],
                "id_number_index": vault.index(id_number_of(person)),
                "id_number_sealed": b"",
                "created_at": NOW,
            }
            for person in people
        ],
    )
    rows = [
        Pairing(
            id=number + 1,
            code=code_of(number),
            sending_organisation_id=2 * number + 1,
            receiving_organisation_id=2 * number + 2,
            sending_province_code="350000",
            receiving_province_code="640000",
            county_code=COUNTY,
            mode=Mode.CROSS_PROVINCE,
            line=Line.KEY_COUNTY,
            starts_on=date(2021, 1, 1),
            ends_on=date(2025, 12, 31),
            state=PairingState.CONFIRMED,
            confirmed_at=NOW,
            created_at=NOW,
        )
        for number in range(pairings)
    ]
    session.add_all(rows)
    session.flush()
    years = sorted(list_years(session))
    session.execute(
        sa.insert(PairingYear),
        [
            {
                "pairing_id": one.id,
                "year": year,
                "sending_organisation_id": one.sending_organisation_id,
                "receiving_organisation_id": one.receiving_organisation_id,
            }
            for one in rows
            for year in years
        ],
    )
    for one in rows:
        open_totals(session, one, years)
    session.execute(
        sa.insert(Assignment),
        [
            {
                "id": person + 1,
                "pairing_id": person // PEOPLE_A_PAIRING + 1,
                "person_id": person + 1,
                "organisation_id": 2 * (person // PEOPLE_A_PAIRING) + _side(person)[1],
                "side": _side(person)[0],
                "starts_on": date(2021, 1, 1),
                "ends_on": date(2025, 12, 31),
                "state": AssignmentState.APPROVED,
                "nominated_by_operator": True,
                "is_qualified": True,
                "created_at": NOW,
            }
            for person in people
        ],
    )


def _side(person: int) -> tuple[Side, int]:
    """Return the side of a person, and which of the two organisations of the pairing it is."""
    return (Side.SENT, 1) if person % PEOPLE_A_PAIRING < SENT_A_PAIRING else (Side.RECEIVED, 2)


def _insert_stored(session: Any, pairings: int, stored: int) -> None:
    """Fill the year 2021, evenly over the people."""
    people = pairings * PEOPLE_A_PAIRING
    names = (
        "pairing_id", "assignment_id", "person_id", "side", "year", "worked_on", "half_days",
        "takes_first_half", "takes_second_half", "mode", "task", "description", "state",
        "is_rest_day", "worth_centidays", "entered_at", "entered_by_operator", "version",
    )  # fmt: skip
    insert_rows(
        session,
        cast("sa.Table", Workday.__table__),
        names,
        (
            (
                number % people // PEOPLE_A_PAIRING + 1, number % people + 1, number % people + 1,
                _side(number % people)[0], 2021, date(2021, 1, 1) + timedelta(number // people),
                2, True, True, WorkMode.ONSITE, Task.T1, "演示", "approved", False, 100, NOW, True, 1,
            )
            for number in range(stored)
        ),
    )  # fmt: skip
    refresh(session, [(number, 2021) for number in range(1, pairings + 1)] if stored else [])


def code_of(pairing: int) -> str:
    return f"2021-{COUNTY}-{pairing + 1:05}"


# ---- the workbook --------------------------------------------------------------------------


def make_workbook(path: Path, rows: int, pairings: int) -> None:
    """Write a workbook as an office program does, one row in a hundred bad."""
    rng = random.Random(1)  # noqa: S311 - the same rows in every run
    people = max(rows // DAYS_A_PERSON, 1)
    first = rng.randrange(max(pairings * PEOPLE_A_PAIRING - people, 1))
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("workdays")
        look = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, [column.name for column in KINDS[ImportKind.WORKDAYS].columns])
        for number in range(rows):
            cells = _cells(first + number % people, number // people, number)
            if number % BAD_EVERY == BAD_EVERY - 1:
                for place, cell in BAD_CELLS[number // BAD_EVERY % len(BAD_CELLS)].items():
                    cells[place] = cell
            for place, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(number + 1, place, cell, look)
                else:
                    sheet.write(number + 1, place, cell)


def _cells(person: int, step: int, number: int) -> list[Any]:
    day = date(2022, 1, 4) + timedelta(days=step * 7 // 5)
    return [
        code_of(person // PEOPLE_A_PAIRING),
        id_number_of(person),
        day,
        1 if step % 10 else 0.5,
        ("驻点", "驻点", "线上")[number % 3],
        ("社工站建设", "机构培育", "人才培养", "制度建设")[number % 4],
        COUNTY + "100" if number % 2 else "",
        f"入户走访并督导记录，第{number}次，核对社工站值班和例会制度的落实情况",
        ("已提交", "已核准")[number % 2],
    ]


# ---- what is measured ----------------------------------------------------------------------


PEAK = """
def peak_mb():
    with open("/proc/self/status") as status:
        return int(status.read().split("VmHWM:")[1].split()[0]) / 1024
"""

PARSE = f"""{PEAK}
import json, sys, time
import python_calamine
started, cpu = time.perf_counter(), time.process_time()
rows = python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).to_python()
seconds = time.perf_counter() - started
cpu = time.process_time() - cpu
print(json.dumps({{"seconds": seconds, "cpu": cpu, "peak_mb": peak_mb()}}))
"""
"""The parse alone."""

PARSER = f"""{PEAK}
import io, json, runpy, sys
sys.stdin = open(sys.argv[2])
path, out, sys.argv = sys.argv[1], sys.stdout, ["parser", sys.argv[3]]
sys.stdout = open("/dev/null", "w")
runpy.run_path(path, run_name="__main__")
print(json.dumps({{"peak_mb": peak_mb()}}), file=out)
"""
"""The portal's own parser as it is, to know its peak."""


def measure_raw(url: str, tuples: Path) -> dict[str, float]:
    """The tuples by the driver, and the totals, in one transaction."""
    names, rows, touched = pickle.loads(tuples.read_bytes())  # noqa: S301 - written by this script
    database = Database(url, INFO)
    with database.writing() as session:
        session.connection()
        started, cpu = time.perf_counter(), cpu_seconds()
        insert_rows(session, cast("sa.Table", Workday.__table__), names, rows)
        refresh(session, touched)
    return {"seconds": time.perf_counter() - started, "cpu": cpu_seconds() - cpu}


def measure_import(url: str, book: Path, errors: Path) -> dict[str, float]:
    """From the bytes of the file to the commit and the workbook of refused rows."""
    database = Database(url, INFO)
    before, cpu = peak_mb(), cpu_seconds()
    marks = [time.perf_counter()]
    file = read_file(KINDS[ImportKind.WORKDAYS], book.name, book.read_bytes())
    marks.append(time.perf_counter())
    read = peak_mb()
    with database.reading() as session:
        checked = check(operator_deed(session, NOW), file)
    marks.append(time.perf_counter())
    with database.writing() as session:
        session.connection()
        checked = carry_out(operator_deed(session, NOW), checked, accept_valid=True)
    marks.append(time.perf_counter())
    write_error_workbook(checked, errors)
    marks.append(time.perf_counter())
    assert checked.report.applied
    parts = [later - earlier for earlier, later in itertools.pairwise(marks)]
    return {
        "seconds": marks[-1] - marks[0],
        "cpu": cpu_seconds() - cpu,
        **dict(zip(("read", "check", "write", "errors"), parts, strict=True)),
        "accepted": checked.report.accepted,
        "refused": checked.report.refused,
        "empty_mb": before,
        "read_mb": read,
        "end_mb": peak_mb(),
    }


def peak_mb() -> float:
    """Return the peak of this process's resident pages in MB.

    Not ru_maxrss: that of a new process begins with the size of the one it was forked from.
    """
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024


def cpu_seconds() -> float:
    """Return the computing time of this process and of those that it waited for."""
    return sum(os.times()[:4])


def prepare_tuples(url: str, book: Path, out: Path) -> None:
    """Keep the rows that the import would write, for the raw insert."""
    database = Database(url, INFO)
    file = read_file(KINDS[ImportKind.WORKDAYS], book.name, book.read_bytes())
    with database.reading() as session:
        deed = operator_deed(session, NOW)
        checked = check(deed, file)
        assert checked.verdict is not None
        plan = checked.verdict.plan
        rows = list(rows_written(deed, plan, import_id=None))
        touched = {(day.pairing_id, day.year) for day in plan}
    out.write_bytes(pickle.dumps((columns_written(), rows, touched)))


def totals_differ(url: str) -> bool:
    """Do the totals after the import differ from a recomputation of everything?"""
    database = Database(url, INFO)
    with database.writing() as session:
        table = sa.table("person_year_total", *(sa.column(name) for name in PERSON_COLUMNS))
        before = sorted(map(tuple, session.execute(sa.select(table)).all()), key=repr)
        keys = session.execute(sa.select(PairingYear.pairing_id, PairingYear.year)).all()
        refresh(session, [(pairing_id, year) for pairing_id, year in keys])
        after = sorted(map(tuple, session.execute(sa.select(table)).all()), key=repr)
        session.rollback()
    return before != after


# ---- the run -------------------------------------------------------------------------------


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stored", type=int, default=0, help="days stored before the import")
    parser.add_argument("--pairings", type=int, default=0, help="default: one for 250 stored days")
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL too")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.part:
        print(json.dumps(run_part(*chosen.part)))
        return 0
    with tempfile.TemporaryDirectory(prefix="qianshou-bench-") as folder:
        results = [
            run_on(name, Path(folder), chosen)
            for name in (["sqlite", "postgresql"] if chosen.postgres else ["sqlite"])
        ]
    print(json.dumps(results, indent=2) if chosen.json else "\n\n".join(map(in_words, results)))
    return 0


def run_part(name: str, *arguments: str) -> dict[str, float]:
    paths = [argument if "://" in argument else Path(argument) for argument in arguments]
    part: Any = {"raw": measure_raw, "import": measure_import}[name]
    measured: dict[str, float] = part(*paths)
    return measured


def run_on(backend: str, folder: Path, chosen: argparse.Namespace) -> dict[str, Any]:
    pairings = chosen.pairings or max(
        chosen.rows // DAYS_A_PERSON // PEOPLE_A_PAIRING + 1, chosen.stored // 250
    )
    book, tuples, errors = folder / "days.xlsx", folder / "days.pickle", folder / "errors.xlsx"
    make_workbook(book, chosen.rows, pairings)
    rounds: dict[str, list[dict[str, float]]] = {"parse": [], "raw": [], "import": []}
    parser_mb = measured("parser", book)["peak_mb"]
    with ExitStack() as stack:
        fresh = stack.enter_context(databases(backend, folder, pairings, chosen.stored))
        last = fresh()
        prepare_tuples(last, book, tuples)
        for _ in range(chosen.rounds):
            rounds["parse"].append(measured("parse", book))
            rounds["raw"].append(measured("raw", fresh(), tuples))
            last = fresh()
            rounds["import"].append(measured("import", last, book, errors))
        differ = totals_differ(last)
    return summed_up(backend, chosen, pairings, rounds, parser_mb=parser_mb, differ=differ)


def measured(part: str, *arguments: Any) -> dict[str, float]:
    scripts: dict[str, list[str | Path]] = {
        "parse": ["-c", PARSE],
        "parser": ["-c", PARSER, reading_apart.PARSER],
    }
    script = scripts.get(part, [__file__, "--part", part])
    if part == "parser":
        kind = KINDS[ImportKind.WORKDAYS]
        names = [column.name for column in kind.columns]
        arguments = (*arguments, reading_apart.asked_of(kind.sheet_names, names))
    done = subprocess.run(
        [sys.executable, *script, *map(str, arguments)],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    answer: dict[str, float] = json.loads(done.stdout)
    return answer


@contextmanager
def databases(backend: str, folder: Path, pairings: int, stored: int) -> Iterator[Any]:
    """Yield a function that returns the address of a fresh copy of the prepared database."""
    if backend == "sqlite":
        world = folder / "world.db"
        make_world(f"sqlite:///{world}", pairings, stored)
        copy = folder / "copy.db"

        def fresh_file() -> str:
            for suffix in ("-wal", "-shm"):
                copy.with_name(copy.name + suffix).unlink(missing_ok=True)
            shutil.copy(world, copy)
            return f"sqlite:///{copy}"

        yield fresh_file
        return
    from tests.support.postgres import postgres_server  # noqa: PLC0415 - a tool of the tests

    with postgres_server() as server, ExitStack() as stack:
        make_world(stack.enter_context(server.database("world")), pairings, stored)
        copies = ExitStack()
        stack.callback(copies.close)

        def fresh_database() -> str:
            copies.close()
            return copies.enter_context(server.database("copy", template="world"))

        yield fresh_database


def summed_up(
    backend: str,
    chosen: argparse.Namespace,
    pairings: int,
    rounds: dict[str, list[dict[str, float]]],
    *,
    parser_mb: float,
    differ: bool,
) -> dict[str, Any]:
    def median(part: str, name: str) -> float:
        return statistics.median(one[name] for one in rounds[part])

    parse, raw, ours = (median(part, "seconds") for part in ("parse", "raw", "import"))
    # The parser lives only while the file is read.
    peak = max(median("import", "read_mb") + parser_mb, median("import", "end_mb"))

    def ratios(name: str) -> list[float]:
        return [
            mine[name] / (read[name] + plain[name])
            for read, plain, mine in zip(*(rounds[part] for part in rounds), strict=True)
        ]

    return {
        "database": backend,
        "rows": chosen.rows,
        "stored": chosen.stored,
        "pairings": pairings,
        "rounds": chosen.rounds,
        "accepted": rounds["import"][0]["accepted"],
        "refused": rounds["import"][0]["refused"],
        "parse_seconds": parse,
        "raw_seconds": raw,
        "import_seconds": ours,
        "parts": {name: median("import", name) for name in ("read", "check", "write", "errors")},
        "ratio": statistics.median(ratios("seconds")),
        "ratios": ratios("seconds"),
        "cpu_ratio": statistics.median(ratios("cpu")),
        "parse_peak_mb": median("parse", "peak_mb"),
        "import_peak_mb": peak,
        "memory_parts": {
            "parser_mb": parser_mb,
            **{name: median("import", name) for name in ("empty_mb", "read_mb", "end_mb")},
        },
        "memory_ratio": peak / median("parse", "peak_mb"),
        "write_to_raw": median("import", "write") / raw,
        "totals_equal_a_recomputation": not differ,
    }


def in_words(result: dict[str, Any]) -> str:
    parts = ", ".join(f"{name} {seconds:.2f}" for name, seconds in result["parts"].items())
    memory = ", ".join(f"{name} {size:.0f}" for name, size in result["memory_parts"].items())
    lines = (
        f"{result['database']}: {result['rows']} rows, {result['refused']:.0f} refused",
        f"  into {result['stored']} stored days; medians of {result['rounds']} rounds in turns",
        f"  calamine alone        {result['parse_seconds']:6.2f} s {result['parse_peak_mb']:6.0f} MB",
        f"  raw insert and totals {result['raw_seconds']:6.2f} s",
        f"  import                {result['import_seconds']:6.2f} s {result['import_peak_mb']:6.0f} MB",
        f"    {parts}",
        f"  time    {result['ratio']:.2f} of both (must 3.5, aim 2.0); cpu {result['cpu_ratio']:.2f}",
        f"  memory  {result['memory_ratio']:.2f} of calamine (must 3, aim 1.6)",
        f"    {memory}",
        f"  writers wait {result['write_to_raw']:.2f} of the raw insert (must 3, aim 1.2)",
        f"  totals equal a recomputation: {result['totals_equal_a_recomputation']}",
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
