"""The map of the rooms is the ladder of their imports: what stands lower on the page knows what is above."""

from __future__ import annotations

import re
from itertools import pairwise

import grimp
import pytest

import portal
from tests.architecture.house import role_of

MAP = re.findall(r"^([a-z_]+) {2,}\S", portal.__doc__ or "", re.MULTILINE)
WITHOUT = {"views"}
"""A view stands above the ladder: nothing imports it, so nothing can come round through it."""


def steps_down(graph: grimp.ImportGraph, order: list[str]) -> list[str]:
    """Return the imports from a room that stands below the importing one on a map."""
    place = {room: number for number, room in enumerate(order)}
    found = []
    for importer in sorted(graph.modules):
        room = importer.split(".")[1:2]
        if len(importer.split(".")) <= 2 or role_of(importer) in WITHOUT:
            continue
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            other = imported.split(".")[1:2]
            if other and other[0] in place and place[other[0]] > place[room[0]]:
                found.append(f"{importer} -> {imported}")
    return found


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("portal")


def test_a_room_imports_from_rooms_above_it_on_the_map_alone(graph: grimp.ImportGraph):
    assert steps_down(graph, MAP) == []


def test_two_rooms_of_which_one_imports_the_other_cannot_change_places(graph: grimp.ImportGraph):
    """The map says something: with any two that stand on each other exchanged it would be wrong."""
    for upper, lower in pairwise(MAP):
        knows = any(
            imported.startswith(f"portal.{upper}.")
            for importer in graph.modules
            if importer.startswith(f"portal.{lower}.") and role_of(importer) not in WITHOUT
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
    ("portal.deeds", "access"),
    ("portal.deeds", "audit"),
    ("portal.deeds", "personal_data"),
    ("portal.matching", "standards"),
}
