"""docs/requirements.md keeps its promises: every requirement once, and a proof for what holds."""

from __future__ import annotations

import ast
import csv
import functools
import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "requirements.md"
QUOTES = ROOT / "docs" / "requirements.csv"
IDS = [f"R{number:03}" for number in range(1, 141)]
STATES = {"holds", "partly", "later issue", "context only"}
DONE = {"holds", "partly"}


class Line(NamedTuple):
    id: str
    what: str
    state: str
    where: list[str]
    proof: list[str]


def lines() -> list[Line]:
    found = []
    for text in TABLE.read_text("utf-8").splitlines():
        if text.startswith("| R"):
            number, what, state, where, proof = (cell.strip() for cell in text[1:-1].split("|"))
            found.append(Line(number, what, state, _named(where), _named(proof)))
    return found


def _named(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@functools.cache
def cases_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)}


def test_every_requirement_stands_there_once():
    assert [line.id for line in lines()] == IDS


def test_every_requirement_has_its_quote():
    with QUOTES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == IDS
    assert all(row["quote"].strip() for row in rows)


def test_every_line_has_a_known_state_and_few_words():
    assert {line.state for line in lines()} <= STATES
    assert [line.id for line in lines() if not 0 < len(line.what.split()) <= 20] == []


def test_the_code_that_a_line_names_is_there():
    missing = [
        f"{line.id}: {one}" for line in lines() for one in line.where if not (ROOT / one).exists()
    ]
    assert missing == []


def test_the_test_that_a_line_names_is_there():
    missing = []
    for line in lines():
        for one in line.proof:
            path, _, name = one.partition("::")
            if not (ROOT / path).is_file() or name not in cases_in(ROOT / path):
                missing.append(f"{line.id}: {one}")
    assert missing == []


def test_nothing_is_done_without_code_and_proof():
    bare = [line.id for line in lines() if line.state in DONE and not (line.where and line.proof)]
    assert bare == []


def test_what_is_not_done_claims_no_proof():
    claimed = [line.id for line in lines() if line.state not in DONE and line.proof]
    assert claimed == []


def test_the_counts_above_the_table_are_those_of_the_table():
    text = TABLE.read_text("utf-8")
    for state in STATES:
        count = sum(line.state == state for line in lines())
        assert f"**{state}** ({count})" in text
