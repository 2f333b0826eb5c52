"""Files in the shape of what people really send, with what must come of each.

They go into the demonstration as the operator, as ``flask import KIND FILE --dry-run --json``.
Their ID numbers belong to a region code that no adult bears; the people of ``PEOPLE`` files are
new, those of ``WORKDAYS`` files are in the demonstration.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

import flask
import pytest

from portal.deeds import operator_deed
from portal.demo.actions import load_demo
from portal.rooms import HOUSE
from tests.conftest import EMPTY
from tests.support.clock import Clock
from tests.support.databases import Press
from tests.support.portal import make_portal

FILES = Path(__file__).parents[1] / "files" / "field_cases"
TODAY = date(2026, 11, 27)
"""The files speak of 9 November 2026."""


class Outcome(NamedTuple):
    """``errors`` are row, column, code and a word of the sentence; ``sheet`` is the one read."""

    kind: str
    accepted: int
    errors: tuple[tuple[int, str, str, str], ...] = ()
    sheet: str | None = "Sheet1"


LOST = "末几位已丢失"
OUTCOMES = {
    "c01_ref_state.xlsx": Outcome("workdays", 0, ((2, "状态", "invalid_value", "#REF!"),)),
    "c02_formula.xlsx": Outcome("workdays", 0, ((2, "状态", "invalid_value", "数值"),)),
    "cert_num.xlsx": Outcome(
        "people",
        2,
        ((3, "证书编号", "invalid_value", LOST), (4, "证书编号", "invalid_value", LOST)),
        "人员",
    ),
    "v_sci.csv": Outcome("workdays", 0, ((2, "身份证件号", "invalid_value", "科学计数法"),), None),
    "c09_bidi.xlsx": Outcome("workdays", 1),
    "pad.xlsx": Outcome("people", 1, sheet="人员"),
    "c07_hiddensheet.xlsx": Outcome("workdays", 1, sheet="数据"),
    "v_eqtext.csv": Outcome("workdays", 1, sheet=None),
}


@pytest.fixture(scope="module")
def demonstration(sqlite_press: Press) -> Iterator[flask.Flask]:
    clock = Clock(TODAY)
    with sqlite_press.opened(EMPTY) as database:
        with database.writing() as session:
            load_demo(
                operator_deed(session, clock()), "no hash: nobody signs in here", HOUSE.demonstrate
            )
        app = make_portal(database.url, clock)
        yield app
        app.extensions["qianshou_database"].engine.dispose()


def test_every_file_has_its_outcome():
    assert {path.name for path in FILES.iterdir()} == set(OUTCOMES)


@pytest.mark.parametrize("name", OUTCOMES)
def test_a_file_of_the_field_comes_out_as_a_person_would_read_it(demonstration, name):
    wanted = OUTCOMES[name]
    answer = json.loads(_imported(demonstration, wanted.kind, FILES / name, "--dry-run", "--json"))
    found = [(error["row"], error["column"], error["code"]) for error in answer["errors"]]
    assert found == [error[:3] for error in wanted.errors]
    for error, (*_, word) in zip(answer["errors"], wanted.errors, strict=True):
        assert word in error["message"]
        assert "登记人员" not in error["message"]
    assert (answer["accepted"], answer["sheet"]) == (wanted.accepted, wanted.sheet)
    assert not answer["applied"]


def test_what_is_said_to_people_names_the_sheet_that_was_read(demonstration):
    said = _imported(demonstration, "workdays", FILES / "c07_hiddensheet.xlsx", "--dry-run")
    assert "读取的工作表：“数据”。" in said


def _imported(app: flask.Flask, *arguments: object) -> str:
    return app.test_cli_runner().invoke(args=["import", *map(str, arguments)]).output
