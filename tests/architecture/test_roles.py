"""Each module's name says its role, and the contract of the role can be broken, so it holds."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from typing import Any

import grimp
import pytest

from tests.architecture.house import EXCEPTIONS, GROUND, ROLES, RoleContract, role_of

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
CONTRACTS = {one["name"]: one for one in SETTINGS["contracts"] if one["type"] == "role"}

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path
    for path in PORTAL.rglob("*.py")
    if path.name != "__init__.py"
}

PURE = ("rules", "words")
ASKS_THE_CLOCK = {"now", "today", "utcnow", "time", "monotonic"}

A_MODULE_OF = {
    "deeds": "portal.deeds",
    "enrolment": "portal.enrolment",
    "clock": "portal.clock",
    "settings": "portal.settings",
    "shapes": "forms.feedback",
    "models": "models.workdays",
    "enums": "models.types",
    "database": "models.database",
} | {role: f"portal.somewhere.one_{role}" for role in ROLES}


def broken_by(contract: dict[str, Any], importer: str, imported: str) -> list[tuple[str, str]]:
    """Return what a contract finds in a house of two modules, of which one imports the other."""
    graph = grimp.ImportGraph()
    graph.add_module(importer)
    graph.add_module(imported, is_squashed=not imported.startswith(("portal", "models", "forms")))
    graph.add_import(importer=importer, imported=imported)
    options = {key: value for key, value in contract.items() if key not in {"name", "type"}}
    check = RoleContract(contract["name"], SETTINGS, options).check(graph, verbose=False)
    assert check.kept == (not check.metadata["broken"])
    return check.metadata["broken"]


def test_every_module_bears_the_name_of_a_role():
    assert [name for name in MODULES if role_of(name) is None] == []


@pytest.mark.parametrize("name", ["portal.pairings.life", "portal.pairings.helpers", "portal.news"])
def test_a_module_of_another_name_has_no_role(name: str):
    assert role_of(name) is None


def test_every_role_is_borne_by_a_module_and_held_by_one_contract():
    borne = {role_of(name) for name in MODULES}
    assert set(ROLES) - borne == set()
    held = [role for one in CONTRACTS.values() for role in one["roles"]]
    assert sorted(held) == sorted({*borne, "shapes"} - FREE)


FREE = {"room", "enrolment", "clock", "settings"}
"""A room brings whatever it has, and enrolment is its form; the clock and the settings stand below everything."""


def test_the_exceptions_are_there_are_needed_and_get_no_more():
    assert {*EXCEPTIONS, *GROUND} - set(MODULES) == set()
    assert [
        one for one in EXCEPTIONS if one.rpartition(".")[2].rpartition("_")[2] == EXCEPTIONS[one]
    ] == []
    assert len(EXCEPTIONS) <= MOST_EXCEPTIONS


MOST_EXCEPTIONS = 7


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_contract_refuses_every_role_that_it_does_not_name(name: str):
    contract = CONTRACTS[name]
    for role in contract["roles"]:
        importer = A_MODULE_OF[role]
        for other, imported in A_MODULE_OF.items():
            is_allowed = other in {*contract["roles"], *contract.get("may_import", [])}
            if imported != importer:
                assert bool(broken_by(contract, importer, imported)) != is_allowed, (role, other)
        for library in contract["never"]:
            assert broken_by(contract, importer, library) == [(importer, library)]


def test_no_contract_allows_what_would_let_a_page_or_a_write_reach_a_rule():
    """What a role may import, it may reach by whatever that imports."""
    allowed = {
        role: {*one["roles"], *one.get("may_import", [])}
        for one in CONTRACTS.values()
        for role in one["roles"]
    }
    reached = {}
    for role in allowed:
        found = {role}
        while more := {far for near in found for far in allowed.get(near, set())} - found:
            found |= more
        reached[role] = found
    assert reached["rules"] == {"rules", "enums"}
    assert reached["words"] == {"words", "rules", "enums"}
    assert {role for role in reached if "views" in reached[role]} == {"views"}
    assert {role for role in reached if "commands" in reached[role]} == {"commands"}


@pytest.mark.parametrize("name", sorted(name for name in MODULES if role_of(name) in PURE))
def test_what_is_pure_asks_no_clock(name: str):
    asked = [
        node.lineno
        for node in ast.walk(ast.parse(MODULES[name].read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ASKS_THE_CLOCK
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"date", "datetime", "time"}
    ]
    assert asked == []
