"""What a change causes in other rooms follows only through the doors of portal/changes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ABOVE = ROOT / "portal" / "changes"
BEHIND = {
    "portal.calendar.actions": {"set_day", "import_year", "drop_year", "load_calendar_days"},
    "portal.programme.parameter_actions": {"add_parameter"},
    "portal.programme.actions": {"add_work_year", "reopen_work_year"},
    "portal.people.actions": {"edit_person", "record_certificate"},
    "portal.pairings.actions": {"terminate_pairing"},
    "portal.pairings.decision_actions": {"decline_pairing", "decide_on_exception"},
}
"""The verbs below the doors: whoever calls one by itself leaves the others behind."""


def names_taken_from(source: str) -> Iterator[tuple[str, str]]:
    """Yield (module, name) of whatever a module takes from another, by import or by attribute."""
    tree = ast.parse(source)
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                aliases[one.asname or one.name] = f"{node.module}.{one.name}"
                yield node.module, one.name
        elif isinstance(node, ast.Import):
            aliases |= {one.asname or one.name: one.name for one in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            module = aliases.get(ast.unparse(node.value), ast.unparse(node.value))
            yield module, node.attr


def passed_by(source: str) -> set[str]:
    return {name for module, name in names_taken_from(source) if name in BEHIND.get(module, ())}


def test_every_verb_behind_a_door_is_called_by_one() -> None:
    called = {name for path in ABOVE.glob("*.py") for name in passed_by(path.read_text("utf-8"))}
    assert called == {name for names in BEHIND.values() for name in names}


def test_nobody_passes_a_door_by() -> None:
    found = {
        str(path.relative_to(ROOT)): passed
        for path in (ROOT / "portal").rglob("*.py")
        if path.parent != ABOVE and (passed := passed_by(path.read_text("utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    "source",
    [
        "from portal.pairings.actions import terminate_pairing",
        "from portal.pairings import actions as pairings\npairings.terminate_pairing(deed, one)",
        "import portal.people.actions\nportal.people.actions.edit_person(deed, one)",
    ],
)
def test_sees_who_passes_a_door_by(source: str) -> None:
    assert passed_by(source)
