"""A process that judges a hostile file may come to belong to it: what it sends is read, never run."""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import pickle
import time
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest

from models.types import FileKind
from portal.apart import MOST_FRAMES
from portal.files import actions
from portal.files.actions import JUDGEMENT, judge_apart
from portal.files.rules import PHOTOS, SERVICE, Shelf
from portal.imports.apart import Answer
from portal.imports.finding_store import Findings, Line, Preview, Told, Written
from portal.refusals import Refused
from tests.support import files

SILENT = [b"3"]
PDF = [b"2", b"pdf", b"%PDF-1.7"]


class Lays:
    """Whoever unpickles it lays a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self._path),)


def sent_by_the_file(said: list[bytes], _content: bytes, _kinds: Any) -> list[bytes]:
    """Send what a file that owns the process has it send, and end, or be silent for long."""
    (pipe,) = [one for one in gc.get_objects() if isinstance(one, Connection)]
    for one in said:
        pipe.send_bytes(one)
    if said == SILENT:
        time.sleep(60)
    os._exit(0)


def answered(said: list[bytes], monkeypatch: pytest.MonkeyPatch, *, shelf: Shelf = SERVICE) -> Any:
    limits = JUDGEMENT.limits._replace(wall_seconds=2)
    hostile = replace(JUDGEMENT, function=partial(sent_by_the_file, said), limits=limits)
    monkeypatch.setattr(actions, "JUDGEMENT", hostile)
    return judge_apart(files.pdf(), shelf)


def test_what_a_judging_process_sends_is_not_unpickled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid = tmp_path / "laid"
    pickled = pickle.dumps((False, Lays(laid)))
    for said in ([pickled], [b"1", pickled], [b"2", pickled, pickled]):
        with pytest.raises(Refused, match="已停止"):
            answered(said, monkeypatch)
    assert not laid.exists()
    pickle.loads(pickled)  # the control
    assert laid.exists()


@pytest.mark.parametrize(
    "said",
    [
        [b""],
        [b"[" * 100_000],
        [b"{}"],
        [b"null"],
        [b"true"],
        [b"0"],
        [b"-1"],
        [str(MOST_FRAMES + 1).encode(), *[b""] * (MOST_FRAMES + 1)],
        [b"1" * 5000],
        [b'["a"]'],
        [b'[["", "code"]]'],
        [b'[["", "code", 1]]'],
        [json.dumps([["", "code", "x" * 100_000]]).encode()],
        [json.dumps([["", "code", "x"]] * 1000).encode()],
        [b"2", b"pdf"],
        [b"1", b"%PDF-1.7"],
        [b"2", b"exe", b"%PDF-1.7"],
        [b"2", b"\xff", b"%PDF-1.7"],
        [b"2", b"jpeg", b"<html>"],
        [b"3", b"pdf", b"%PDF-1.7", b"more"],
        SILENT,
    ],
)
def test_what_is_no_answer_is_refused(said: list[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused, match="已停止"):
        answered(said, monkeypatch)
    assert not multiprocessing.active_children()


def test_what_has_the_shape_of_an_answer_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert answered(PDF, monkeypatch) == (FileKind.PDF, b"%PDF-1.7")
    with pytest.raises(Refused, match=r"^演示$"):
        answered([json.dumps([["file", "code", "演示"]]).encode()], monkeypatch)
    with pytest.raises(Refused, match="已停止"):  # it was asked for pictures
        answered(PDF, monkeypatch, shelf=PHOTOS)


FOUND = Findings(
    kind="people",
    file="演示.csv",
    file_hash="00" * 32,
    sheet=None,
    checked_at=datetime(2022, 11, 14, tzinfo=UTC),
    rows=1,
    accepted=0,
    refused=1,
    unchanged=0,
    decided=0,
    faults=("演示",),
    errors=1,
    warnings=1,
    lines=(Line(2, "姓名", "", "演示"),),
    told=(Told("", "演示"),),
    changed=0,
    previews=(Preview(2, True, (Written("姓名", "", "演示"),)),),
)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("rows", "1"),
        ("rows", None),
        ("sheet", 1),
        ("file", ["演示"]),
        ("checked_at", "yesterday"),
        ("faults", "演示"),
        ("faults", [1]),
        ("lines", [1]),
        ("lines", [["2", "姓名", "", "演示"]]),
        ("lines", [[2, "姓名", ""]]),
        ("lines", [[2, "姓名", "", {}]]),
        ("told", [["", "演示", "演示"]]),
        ("more", 1),
    ],
)
def test_findings_of_another_shape_are_none(name: str, value: Any) -> None:
    whole = Answer(FOUND, None)
    assert Answer.from_frames(whole.as_frames()) == whole
    kept = json.loads(FOUND.as_bytes())
    for changed in (
        {**kept, name: value},
        {key: one for key, one in kept.items() if key != name},
        [kept],
    ):
        if changed != kept:
            with pytest.raises(ValueError, match=r"."):
                Answer.from_frames([json.dumps(changed).encode(), b""])
