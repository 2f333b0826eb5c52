"""The map of the rooms is the ladder of their imports: what stands lower on the page knows what is above."""

from __future__ import annotations

import re
import tomllib
from fnmatch import fnmatch
from itertools import pairwise
from pathlib import Path

import grimp
import pytest

import portal

MAP = re.findall(r"^([a-z_]+) {2,}\S", portal.__doc__ or "", re.MULTILINE)
ROOT = Path(__file__).resolve().parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
LADDER = next(one for one in SETTINGS["contracts"] if one["type"] == "acyclic_siblings")
LISTED = [one.replace(".**", ".*") for one in LADDER["ignore_imports"]]
"""What a page shows of a room below, each with its reason in pyproject.toml."""

MOST_LISTED = 7


def steps_down(graph: grimp.ImportGraph, order: list[str]) -> list[str]:
    """Return the imports from a room that stands below the importing one on a map."""
    place = {room: number for number, room in enumerate(order)}
    found = []
    for importer in sorted(graph.modules):
        room = importer.split(".")[1:2]
        if len(importer.split(".")) <= 2:
            continue
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            other = imported.split(".")[1:2]
            if other and other[0] in place and place[other[0]] > place[room[0]]:
                step = f"{importer} -> {imported}"
                found += [] if any(fnmatch(step, one) for one in LISTED) else [step]
    return found


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("portal")


def test_a_room_imports_from_rooms_above_it_on_the_map_alone(graph: grimp.ImportGraph):
    assert steps_down(graph, MAP) == []
    pages = [one for one in LISTED if one.partition(" -> ")[0].count(".") > 1]
    assert len(pages) <= MOST_LISTED


def test_two_rooms_of_which_one_imports_the_other_cannot_change_places(graph: grimp.ImportGraph):
    """The map says something: with any two that stand on each other exchanged it would be wrong."""
    for upper, lower in pairwise(MAP):
        knows = any(
            imported.startswith(f"portal.{upper}.")
            for importer in graph.modules
            if importer.startswith(f"portal.{lower}.")
            for imported in graph.find_modules_directly_imported_by(importer)
        )
        turned = [{upper: lower, lower: upper}.get(one, one) for one in MAP]
        assert bool(steps_down(graph, turned)) == knows, (upper, lower)


def test_the_ground_knows_access_and_audit_alone(graph: grimp.ImportGraph):
    """Modules beside the rooms are imported by all; collecting rooms, three of them know them."""
    known = {
        (importer, imported.split(".")[1])
        for importer in graph.modules
        if len(importer.split(".")) == 2 and importer.split(".")[1] not in {*MAP, *COLLECTING}
        for imported in graph.find_modules_directly_imported_by(importer)
        if imported.split(".")[1] in MAP
    }
    assert known == GROUND_KNOWS


COLLECTING = {"commands", "rooms", "serving"}
GROUND_KNOWS = {
    # The forms of what a room brings name who acts, and the words of the trail.
    ("portal.causes", "access"),
    ("portal.doors", "access"),
    ("portal.finding", "access"),
    ("portal.enrolment", "audit"),
    ("portal.deeds", "access"),
    ("portal.deeds", "audit"),
    ("portal.deeds", "personal_data"),
    ("portal.matching", "standards"),
}
