"""Every route that takes a file, with odd names and odd contents: a sentence, never a fault."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from models import ApprovedMap, ExpenditureFile, ImportBatch, PairingFile
from portal.standards.file_name import LONGEST, file_name_of
from portal.standards.text import plain
from tests.support.files import pdf
from tests.support.imports import as_table, workbook, workday
from tests.support.judged import judged_once
from tests.support.maps import NUMBER, feature, features, map_file
from tests.support.portal import Pages
from tests.support.world import World

ROUTES = {
    # Where a file goes, by whom, with which other fields, and one that is taken.
    "/import/workdays": ("sending_manager", {}, workbook(as_table([workday()]))),
    "/maps": ("system_administrator", {"approval_number": NUMBER}, map_file()),
    "/pairings/P1/files/new": ("province_officer", {}, pdf()),
    "/calendar/2023/notice": (
        "national_officer",
        {"source": "演示文号"},
        "2023-10-01,休,国庆节\n".encode(),
    ),
    "/spending/new": (
        "sending_staff",
        {
            "amount": "10",
            "category": "activity",
            "source": "mca_subsidy",
            "payee": "演示",
            "purpose": "演示",
            "spent_on": "2022-11-18",
            "claim": "1",
        },
        pdf(),
    ),
    # One that is taken names what is to be paid: tests/pages/banklists has it.
    "/funds/bank-list?year=2022": ("sending_province_officer", {}, None),
}

NAMES = {
    "nul": "十一月\0.xlsx",
    "other controls": "十\x01一\x1b\x7f.xlsx",
    "bidirectional": "十一月\u202excod.exe",
    "invisible": "\u200b\u2060\ufeff",
    "folders": "../../C:\\Users\\演示\\十一月.xlsx",
    "too long": "很" * 3_000 + ".xlsx",
    "blank": "   ",
    "markup": '"><script>.xlsx',
}


def nested(depth: int) -> bytes:
    return b"[" * depth + b"]" * depth


def with_name(name: Any) -> bytes:
    return map_file([{**feature("110000", 0), "properties": {"name": name}}, *features()[1:]])


CONTENTS = {
    "nothing": b"",
    "blanks": b" \n\t\r\n",
    "only a mark": b"\xef\xbb\xbf",
    "nul": b"a,b\0c\n1,2\n",
    "half a character of a pair": b'{"type": "FeatureCollection", "features": ["\\ud800"]}',
    "half a character as a name": with_name("\ud800"),
    "half a character as a key": b'{"\\udfff": 1}',
    "nul as a name": with_name("\0\x1b"),
    "no text": bytes(range(256)) * 8,
    "half a multibyte character": "日期,类型,名称\n十".encode()[:-1],
    "non-characters": b"\x84\x31\xa4\x39,\x83\x36\xc7\x38\n",
    "nested": nested(100_000),
    "a number without end": b'{"features": [' + b"9" * 5_000 + b"]}",
    "a place beyond numbers": map_file().replace(b"[70, 10]", b"[1" + b"0" * 400 + b", 10]"),
    "a long cell": b"2023-10-01," + b"x" * 300_000 + b"," + b"y" * 10,
    "an open quote": b'"2023-10-01,1,2\n' * 5,
    "a broken archive": workbook(as_table([workday()]))[:700],
    "another archive": b"PK\x05\x06" + bytes(18),
    "old workbook": b"\xd0\xcf\x11\xe0" + bytes(600),
    "json of another kind": json.dumps({"a": [None, True, 1.5, {}]}).encode(),
}


@pytest.fixture(name="judged_once")
def _judged_once() -> Iterator[None]:
    with judged_once():
        yield


def sent(client: Any, path: str, fields: dict[str, str], content: bytes, name: str) -> Any:
    token = client._csrf_token()
    file = (io.BytesIO(content), name)
    return client.client.post(path, data={**fields, "csrf_token": token, "file": file})


@pytest.mark.usefixtures("judged_once")
@pytest.mark.parametrize("path", ROUTES)
def test_takes_a_file_of_any_name_under_a_name_that_can_be_seen(
    pages: Pages, world: World, path: str
) -> None:
    persona, fields, content = ROUTES[path]
    client = pages(persona)
    for name in NAMES.values():
        answer = sent(client, path, fields, content or pdf(), name)
        assert answer.status_code in (200, 302, 409), name
        assert "系统出现故障" not in answer.text
    kept = [
        *world.session.scalars(sa.select(ImportBatch.file_name)),
        *world.session.scalars(sa.select(ApprovedMap.file_name)),
        *world.session.scalars(sa.select(PairingFile.name)),
        *world.session.scalars(sa.select(ExpenditureFile.name)),
    ]
    assert kept or path.startswith(("/calendar", "/funds"))
    for name in kept:
        assert name == plain(name)
        assert 0 < len(name) <= LONGEST
        assert not set(name) & set("/\\\n\r\0")


@pytest.mark.usefixtures("judged_once")
@pytest.mark.parametrize("path", ROUTES)
def test_says_what_is_wrong_with_odd_contents(pages: Pages, path: str) -> None:
    persona, fields, good = ROUTES[path]
    client = pages(persona)
    for label, content in CONTENTS.items():
        answer = sent(client, path, fields, content, "演示.xlsx")
        assert answer.status_code in (200, 302, 409), label
        assert "系统出现故障" not in answer.text, label
        answer.text.encode()  # what is shown can be sent
    if good is not None:
        assert sent(client, path, fields, good, "演示.xlsx").status_code == 302  # the control


def test_every_form_that_takes_a_file_is_tried() -> None:
    """A form with a file field is behind one of the routes above, or in the gallery of components."""
    with_files = {
        path.name
        for path in (Path(__file__).parents[3] / "forms").glob("*.py")
        if " FileField(" in path.read_text()
    }
    assert with_files == {
        "banklists.py",
        "calendar.py",
        "design.py",
        "files.py",
        "imports.py",
        "maps.py",
        "spending.py",
    }


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("十一月.xlsx", "十一月.xlsx"),
        ("C:\\用户\\十一月.xlsx", "十一月.xlsx"),
        ("/tmp/a/十一月.csv", "十一月.csv"),
        ("十\0一\udcff月\u202e.xlsx", "十一月.xlsx"),
        ("十一月\n.xlsx", "十一月 .xlsx"),
        ("\u200b", "未命名"),
        ("x" * 500 + ".csv", "x" * (LONGEST - 4) + ".csv"),
    ],
)
def test_a_name_is_kept_without_what_cannot_be_seen(given: str, kept: str) -> None:
    assert file_name_of(given) == kept
