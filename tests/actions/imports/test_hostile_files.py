"""Bombs and broken files: one sentence, soon, with little memory, and nothing written."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pytest

from models import AuditEvent, Workday
from models.types import ImportKind
from portal.imports.actions import carry_out
from portal.imports.checking_apart import check, read_file
from portal.imports.kinds import KINDS
from portal.imports.reading_apart import Unreadable, read_sheet
from tests.support.imports import as_table, workbook, workday

FILES = Path(__file__).parents[2] / "files"
WORKDAYS = KINDS[ImportKind.WORKDAYS]
GOOD = workbook(as_table([workday(), workday(day="2022-11-02")]), "workdays")
SHEET = "xl/worksheets/sheet1.xml"
MUTATIONS = 240
SEED = 20221121


def repacked(change: Callable[[str, bytes], bytes], extra: dict[str, bytes] | None = None) -> bytes:
    """Return the good workbook with its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.infolist():
            content = change(part.filename, before.read(part))
            after.writestr(part.filename, content, zipfile.ZIP_DEFLATED, 9)
        for name, content in (extra or {}).items():
            after.writestr(name, content, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()


def with_sheet(content: bytes) -> bytes:
    return repacked(lambda name, part: content if name == SHEET else part)


def far_cell(*places: str) -> bytes:
    book = openpyxl.Workbook()
    for place in places:
        book.active[place] = "x"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def lying_about_its_size() -> bytes:
    """A part of 400 MB whose directory says that it has 100 bytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(400)) + packer.flush()
    content = bytearray(repacked(lambda _, part: part, {"xl/sharedStrings2.xml": b"x" * 100}))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as before, zipfile.ZipFile(out, "w") as after:
        for part in before.infolist():
            if part.filename != SHEET:
                after.writestr(part.filename, before.read(part), zipfile.ZIP_DEFLATED)
    name = SHEET.encode()
    head = struct.pack(
        "<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 0, 0, len(packed), 100, len(name), 0
    )
    body = out.getvalue()
    start = body.index(b"PK\x01\x02")
    end = body.index(b"PK\x05\x06")
    entry = struct.pack(
        "<IHHHHHHIIIHHHHHII",
        0x02014B50, 20, 20, 0, 8, 0, 0, 0, len(packed), 100, len(name), 0, 0, 0, 0, 0, start,
    )  # fmt: skip
    directory = body[start:end] + entry + name
    count = struct.unpack("<H", body[end + 10 : end + 12])[0] + 1
    moved = start + len(head) + len(name) + len(packed)
    tail = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(directory), moved, 0)
    return body[:start] + head + name + packed + directory + tail


ROWS = b"<row r='1'><c r='A1' t='inlineStr'><is><t>x</t></is></c></row>"
OPEN = (
    b"<?xml version='1.0'?><worksheet xmlns="
    b"'http://schemas.openxmlformats.org/spreadsheetml/2006/main'><sheetData>"
)
CLOSE = b"</sheetData></worksheet>"

BOMBS = {
    "one cell at the end of the world": far_cell("XFD1048576"),
    "the first and the last cell": far_cell("A1", "XFD1048576"),
    "a wide row": far_cell("A1", "XFD300"),
    "a deep column": far_cell("A1", "A1048576"),
    "65 columns": far_cell("A1", "BM2"),
    "a part of 300 MB of blanks": with_sheet(OPEN + b" " * 300_000_000 + CLOSE),
    "a part of 100 MB that packs to nothing": repacked(
        lambda _, part: part, {"xl/media/image1.png": bytes(100_000_000)}
    ),
    "three thousand parts": repacked(
        lambda _, part: part, {f"xl/media/{number}.png": b"x" for number in range(3_000)}
    ),
    "a size that is a lie": lying_about_its_size(),
    "an entity that grows": with_sheet(
        b"<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'lol'><!ENTITY b '"
        + b"&a;" * 1000
        + b"'><!ENTITY c '"
        + b"&b;" * 1000
        + b"'>]>"
        + OPEN
        + b"<row r='1'><c r='A1' t='inlineStr'><is><t>&c;</t></is></c></row>"
        + CLOSE
    ),
    "a workbook within itself": repacked(lambda _, part: part, {SHEET + "2": GOOD})[:-30],
    "no sheet": repacked(lambda name, part: b"" if name == SHEET else part),
    "a sheet of garbage": with_sheet(bytes(range(256)) * 50),
    "no parts": b"PK\x05\x06" + bytes(18),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_one_sentence(name):
    with pytest.raises(Unreadable) as unreadable:
        read_sheet(BOMBS[name], WORKDAYS.sheet_names)
    assert unreadable.value.sentence.endswith("。")


def test_names_the_cell_that_is_out_of_range():
    with pytest.raises(Unreadable, match="far_cell") as unreadable:
        read_sheet(BOMBS["the first and the last cell"])
    assert "XFD1048576" in unreadable.value.sentence


def test_the_good_workbook_of_these_tests_is_good(world):
    checked = check(world.deed(), read_file(WORKDAYS, "演示.xlsx", GOOD))
    assert (checked.report.accepted, checked.report.refused) == (2, 0)


def mutated(number: int) -> tuple[str, bytes]:
    """Return a broken variant of a good file: bytes changed, cut, doubled, or parts swapped."""
    rng = random.Random(SEED + number)
    name, content = rng.choice(
        [
            ("a.xlsx", GOOD),
            ("b.xlsx", (FILES / "workdays.xlsx").read_bytes()),
            ("c.csv", (FILES / "assignments.csv").read_bytes()),
            ("d.csv", (FILES / "people.csv").read_bytes()),
        ]
    )
    broken = bytearray(content)
    match rng.randrange(5):
        case 0:
            for _ in range(rng.randint(1, 40)):
                broken[rng.randrange(len(broken))] = rng.randrange(256)
        case 1:
            del broken[rng.randrange(len(broken)) :]
        case 2:
            start = rng.randrange(len(broken))
            del broken[start : start + rng.randint(1, 200)]
        case 3:
            start = rng.randrange(len(broken))
            broken[start:start] = rng.randbytes(rng.randint(1, 200))
        case _ if name.endswith("xlsx"):
            broken = bytearray(_with_broken_part(rng, bytes(broken)))
        case _:
            broken = bytearray(rng.randbytes(rng.randint(1, 2_000)))
    return name, bytes(broken)


def _with_broken_part(rng: random.Random, content: bytes) -> bytes:
    """Change what is inside of the ZIP, so that its sums are right and its XML is not."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w") as after:
        chosen = rng.choice([part for part in before.namelist() if part.endswith(".xml")])
        for part in before.namelist():
            inside = bytearray(before.read(part))
            if part == chosen:
                for _ in range(rng.randint(1, 20)):
                    inside[rng.randrange(len(inside))] = rng.randrange(256)
            after.writestr(part, bytes(inside), zipfile.ZIP_DEFLATED)
    return out.getvalue()


@pytest.fixture(scope="module")
def broken_files():
    """Read all of them at once: each has a process of its own anyway."""
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(lambda one: read_file(WORKDAYS, *one), map(mutated, range(MUTATIONS))))


def test_a_broken_file_is_refused_or_read_and_never_half_written(broken_files, world):
    events = world.count(AuditEvent)
    read = 0
    for file in broken_files:
        checked = check(world.deed(), file)
        report = checked.report
        if file.sheet is None:
            assert len(report.errors) == 1
            assert report.errors[0].message.endswith("。")
            continue
        read += 1
        assert report.rows == report.accepted + report.refused + report.unchanged
        if report.refused:
            assert not carry_out(world.deed(), checked, accept_valid=False).report.applied
            assert world.count(Workday) == 0
        world.session.rollback()
    # Some are harmless, most are not: the mutations reach both ends.
    assert 10 < read < MUTATIONS - 50
    assert world.count(AuditEvent) == events
