"""Every event and every kind of subject that the code records has words for the auditor."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.audit.words import CODE_WORDS, EVENTS, SUBJECTS
from portal.summaries.verification import SEALED

PORTAL = Path(__file__).parents[2] / "portal"


def recorded() -> Iterator[tuple[str, list[ast.expr]]]:
    """Yield where, and the two first arguments, of each call of a deed's ``record``."""
    for path in sorted(PORTAL.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "record"
                and len(node.args) == 2
            ):
                yield f"{path.relative_to(PORTAL.parent)}:{node.lineno}", node.args


def pattern_of(expression: ast.expr) -> str | None:
    """Return a text as a pattern, with a wildcard for each part that is computed."""
    match expression:
        case ast.Constant(value=str(text)):
            return re.escape(text)
        case ast.JoinedStr(values=parts):
            return "".join(
                re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".+"
                for part in parts
            )
    return None


CALLS = list(recorded())


def test_finds_the_calls() -> None:
    assert len(CALLS) > 40


@pytest.mark.parametrize(("where", "arguments"), CALLS, ids=[where for where, _ in CALLS])
def test_the_auditor_reads_words(where: str, arguments: list[ast.expr]) -> None:
    event, subject = (pattern_of(argument) for argument in arguments)
    if event is not None:
        assert any(re.fullmatch(event, known) for known in EVENTS), f"no words for {event}"
    if subject is not None:
        kind = subject.partition(":")[0]
        assert kind in map(re.escape, SUBJECTS), f"no words for {kind}"


@pytest.mark.parametrize(
    ("table", "column"),
    [(model.__tablename__, column) for model, _, _, column in SEALED],
)
def test_the_auditor_reads_words_of_every_sealed_column(table: str, column: str) -> None:
    assert f"{table}.{column}_revealed" in EVENTS
    assert table in SUBJECTS
    assert column in CODE_WORDS


def test_no_two_events_have_the_same_words() -> None:
    assert len(set(EVENTS.values())) == len(EVENTS)
