"""What the roles table of the plan's authors expects of every door, read from committed files.

``roles.csv``       the table, typed cell by cell: who may do what with which object, how far
``deviations.csv``  where the portal differs on purpose, with the reason
``verbs.csv``       which verb on which object each (method, endpoint) is, and the object in its URL

The verbs are those of the table (c create, r read, u edit, s submit, v review, v1 confirm, f file,
x export), the letters of the scopes too; see ``facts.lies_within``.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import NamedTuple

from models.types import Role
from tests.architecture.facts import Kind, Persona, Relation, Thing, lies_within, relation

HERE = Path(__file__).parent
NOT_HELD = "-"
READ_AS = {Kind.PROVINCE: "summary"}
"""Objects in URLs that are no row of the table themselves: who reads them is who reads this."""


class Outcome(StrEnum):
    GRANTED = "granted"
    SIGN_IN = "to the sign-in"
    FORBIDDEN = "403"
    UNSEEN = "404"


class Cell(NamedTuple):
    """A role may do ``verb`` with an object as far as ``scope``, narrowed by ``only``."""

    object: str
    role: Role
    verb: str
    scope: str
    only: str


class Door(NamedTuple):
    """A method of an endpoint: ``verb`` on ``object``, found by a ``subject`` named in the URL."""

    method: str
    endpoint: str
    object: str
    verb: str
    subject: str
    arguments: str

    @property
    def values(self) -> dict[str, str]:
        """The arguments of the URL that name no subject."""
        pairs = (one.partition("=") for one in self.arguments.split(";") if one)
        return {name: value for name, _, value in pairs}

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint} {self.arguments}".strip()


def lines_of(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def cells_of(name: str) -> list[Cell]:
    return [
        Cell(line["object"], Role(line["role"]), verb, line["scope"], line["only"])
        for line in lines_of(name)
        for verb in line["verbs"].split()
    ]


@cache
def doors() -> tuple[Door, ...]:
    return tuple(Door(**line) for line in lines_of("verbs.csv"))


@cache
def held() -> dict[tuple[str, Role, str], list[Cell]]:
    """The cells by object, role and verb; a deviation takes the place of the table's cells."""
    table = _grouped(cells_of("roles.csv"))
    return {**table, **_grouped(cells_of("deviations.csv"))}


def _grouped(cells: Iterable[Cell]) -> dict[tuple[str, Role, str], list[Cell]]:
    grouped: dict[tuple[str, Role, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        grouped[cell.object, cell.role, cell.verb].append(cell)
    return grouped


def cells_for(persona: Persona, object_: str, verb: str) -> list[Cell]:
    found = held().get((object_, persona.role, verb), [])
    return [cell for cell in found if cell.scope != NOT_HELD]


def may(persona: Persona, object_: str, verb: str, thing: Thing | None = None) -> bool:
    """May a persona do this, with this thing or (None) with any at all?"""
    cells = cells_for(persona, object_, verb)
    if thing is None:
        return bool(cells)
    return any(lies_within(cell.scope, cell.only, persona, thing) for cell in cells)


def expected(door: Door, persona: Persona | None, thing: Thing | None) -> Outcome:
    """What a door must answer to a persona (None: nobody signed in)."""
    if door.object == "public":
        return Outcome.GRANTED
    if persona is None:
        return Outcome.SIGN_IN
    if door.object == "self":
        if thing is None or relation(persona, thing) == Relation.OWN:
            return Outcome.GRANTED
        return Outcome.FORBIDDEN if may(persona, thing.kind, "r", thing) else Outcome.UNSEEN
    if thing is not None and thing.kind in READ_AS and not may(persona, door.object, door.verb):
        return Outcome.FORBIDDEN  # whatever the URL names: nothing has been looked up yet
    if thing is not None and not may(persona, READ_AS.get(thing.kind, thing.kind), "r", thing):
        return Outcome.UNSEEN
    return Outcome.GRANTED if may(persona, door.object, door.verb, thing) else Outcome.FORBIDDEN
