"""A file is checked in a process of its own: what it takes is limited, and given back."""

from __future__ import annotations

import multiprocessing
import re
from dataclasses import replace
from pathlib import Path

import pytest

from models.database import Database
from models.types import ImportKind
from portal.imports import apart, column_rules
from portal.imports.apart import Answer, Question, check_apart
from portal.imports.kinds import KINDS
from portal.imports.parser_apart import MAX_FOREIGN
from portal.imports.reading_apart import read_sheet
from portal.refusals import Refused
from tests.support.databases import MASTER_KEY
from tests.support.imports import as_table, check_rows, workbook, workday
from tests.support.world import World

WORKDAYS = ImportKind.WORKDAYS
SPARE_MB = 24
"""What the allocator may keep after a few uploads; one of them holds several times as much."""


def asked(world: World, database: Database, persona: str = "sending_manager") -> Question:
    world.session.commit()
    actor = world.actor(persona)
    return Question(WORKDAYS, "演示.csv", actor, world.clock(), database.url, MASTER_KEY)


def wide(rows: int, foreign: int) -> bytes:
    """Return a text file with columns that the template does not know, and nothing right in it."""
    names = [column.name for column in KINDS[WORKDAYS].columns]
    header = [*names, *(f"另{number}" for number in range(foreign))]
    lines = [",".join(["x", f"{row:018}", *["7"] * (len(header) - 2)]) for row in range(rows)]
    return "\n".join([",".join(header), *lines]).encode()


def resident_mb() -> float:
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) / 1024


def test_answers_what_a_check_in_place_answers(world: World, world_database: Database) -> None:
    rows = [workday(), workday(day="2022-02-30"), workday("received1", day="2022-11-02")]
    here = check_rows(world, WORKDAYS, rows, persona="sending_manager")
    content = workbook(as_table(rows))
    question = replace(asked(world, world_database), wants_error_workbook=True)
    answer = check_apart(question, content)
    found = answer.findings
    assert (found.rows, found.accepted, found.refused) == (3, 1, 2)
    assert [(line.row, line.column, line.sentence) for line in found.lines] == [
        (error.row, error.column, error.reason) for error in here.report.errors
    ]
    assert answer.error_workbook is not None
    assert answer.error_workbook.startswith(b"PK")
    assert found == type(found).from_bytes(found.as_bytes())


def test_refuses_a_kind_of_somebody_else(world: World, world_database: Database) -> None:
    with pytest.raises(Refused, match="不能导入《工作日志》"):
        check_apart(asked(world, world_database, "province_officer"), workbook(as_table([])))


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_what_a_large_file_takes_is_given_back(world: World, world_database: Database) -> None:
    question, content = asked(world, world_database), wide(20_000, 51)
    check_apart(question, wide(10, 1))
    before = resident_mb()
    for _ in range(4):
        assert check_apart(question, content).findings.refused == 20_000
    assert resident_mb() - before < SPARE_MB
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_ends_a_check_that_takes_too_long(
    world: World, world_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "WALL_SECONDS", 0)
    with pytest.raises(Refused) as refused:
        check_apart(asked(world, world_database), wide(20_000, 1))
    assert [one.code for one in refused.value.refusals] == ["too_large"]
    assert not multiprocessing.active_children()
    monkeypatch.undo()
    assert isinstance(check_apart(asked(world, world_database), wide(1, 1)), Answer)  # the control


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_ends_a_check_that_takes_too_much_memory(world: World, world_database: Database) -> None:
    question = asked(world, world_database)
    with pytest.raises(Refused) as refused:
        check_apart(replace(question, memory_bytes=0), wide(5_000, 1))
    assert [one.code for one in refused.value.refusals] == ["too_large"]
    assert check_apart(question, wide(5_000, 1)).findings.rows == 5_000  # the control


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_one_file_is_checked_at_a_time(
    world: World, world_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "QUEUE_SECONDS", 0)
    with apart._turn, pytest.raises(Refused, match="正在检查其他人上传的文件"):
        check_apart(asked(world, world_database), wide(1, 1))


def test_reads_of_foreign_columns_only_as_many_as_a_person_looks_at() -> None:
    kind = KINDS[WORKDAYS]
    known = [column.name for column in kind.columns]
    sheet = read_sheet(wide(3, 51), kind.sheet_names, known)
    assert [column.header for column in sheet.columns] == [
        *known, *(f"另{number}" for number in range(MAX_FOREIGN)),
    ]  # fmt: skip
    assert sheet.left_out == tuple(f"另{number}" for number in range(MAX_FOREIGN, 51))
    assert len(sheet) == 3


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_stops_where_there_are_more_faults_than_anybody_mends(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [workday(日期="昨天"), workday("sent2", 日期="昨天")]
    assert check_rows(world, WORKDAYS, rows).report.errors[0].code == "invalid_date"  # the control
    monkeypatch.setattr(column_rules, "MAX_FAULTS", 1)
    report = check_rows(world, WORKDAYS, rows).report
    assert [error.code for error in report.errors] == ["too_many_faults"]
    assert (report.rows, report.refused, report.accepted) == (2, 2, 0)
