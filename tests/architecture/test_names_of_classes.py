"""A name means one thing: a class of the house bears a name that no other has, but for those listed."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

from models import types
from models.base import Base
from models.types import Labelled

ROOT = Path(__file__).resolve().parents[2]


def names_in(*folders: Path) -> Counter[str]:
    """Count the classes of modules by name; one with an underscore is its module's own."""
    return Counter(
        node.name
        for folder in folders
        for path in folder.rglob("*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )


FOUND = names_in(ROOT / "portal", ROOT / "models")

SEVERAL = {
    # What each list, page or kind of import calls its own: its filters, its rows, its facts.
    "AssignmentRow": 2,
    "Entry": 5,
    "Facts": 10,
    "Filters": 9,
    "OrganisationFacts": 2,
    "Organisations": 2,
    "PairingFacts": 3,
    "PairingRow": 3,
    "PersonFacts": 2,
    "PersonRow": 2,
    "Row": 3,
    "Stored": 3,
    "Workdays": 2,
    # Words that mean several things so far.
    "Candidate": 2,
    "Cell": 2,
    "Check": 2,
    "Column": 3,
    "County": 2,
    "Day": 2,
    "Effect": 2,
    "Event": 2,
    "Fault": 3,
    "Group": 5,
    "Kind": 2,
    "Line": 3,
    "Link": 3,
    "Member": 3,
    "Named": 2,
    "Opened": 2,
    "Pair": 2,
    "Party": 3,
    "People": 2,
    "Picture": 3,
    "Reach": 2,
    "Scope": 2,
    "Setting": 2,
    "Span": 3,
    "Step": 3,
    "Sums": 4,
    "Term": 3,
    "Waiting": 4,
}
"""Names with several meanings, and at most how many. The list may only shrink."""

MOST = sum(SEVERAL.values())

OF_THE_PROGRAMME = {"Line"}
"""Enums of the programme whose name another class bears too. The list may only shrink."""


def test_no_name_is_given_to_a_second_class():
    assert {name: n for name, n in FOUND.items() if n > SEVERAL.get(name, 1)} == {}
    assert MOST <= 121
    assert set(SEVERAL) - {name for name, n in FOUND.items() if n > 1} == set(), "no longer needed"


def test_what_the_tables_and_the_enums_are_called_nothing_else_is():
    tables = {mapper.class_.__name__ for mapper in Base.registry.mappers}
    enums = {
        name
        for name, one in vars(types).items()
        if isinstance(one, type) and issubclass(one, Labelled)
    }
    assert {name for name in tables | enums if FOUND[name] > 1} == OF_THE_PROGRAMME


def test_a_second_class_of_a_name_is_found(tmp_path: Path):
    for module in ("one", "two"):
        (tmp_path / f"{module}.py").write_text("class Place: ...\n\n\nclass _Own: ...\n")
    assert names_in(tmp_path) == {"Place": 2}
