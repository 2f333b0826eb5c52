"""Every door answers every role in every relation as the roles table says: 0 grants, 0 refusals more."""

from __future__ import annotations

import sys
from collections import Counter

import pytest

from models.types import Role
from tests.architecture import expectations
from tests.architecture.expectations import NOT_HELD, Outcome, cells_of, doors
from tests.architecture.facts import Relation
from tests.architecture.matrix import Run, cases, cases_of_the_database, table_of, urls_of
from tests.support.arena import Arena


def test_every_door_answers_everybody_as_the_roles_table_says(
    arena: Arena, capsys: pytest.CaptureFixture[str]
) -> None:
    run = Run(arena)
    for case in cases() if arena.database.is_sqlite else cases_of_the_database(arena.app):
        run.ask(case)
    with capsys.disabled():
        sys.stdout.write(f"\n{run}\n")
    sys.stdout.write(table_of(run.counts))
    assert not run.faults, "\n".join([str(run), *run.faults[:60]])
    # The control: a portal that refuses everything would have refused these.
    assert run.outcomes[Outcome.GRANTED] > len(doors())


def test_the_matrix_knows_every_door_of_the_url_map(arena: Arena) -> None:
    assert {(door.method, door.endpoint) for door in doors()} == urls_of(arena.app)


def test_the_matrix_meets_every_role_and_every_relation() -> None:
    met = Counter((case.role, case.relation) for case in cases())
    assert {role for role, _ in met} == {*(role.value for role in Role), "visitor"}
    assert {relation for _, relation in met} == {*(one.value for one in Relation), "–"}


def test_every_deviation_differs_from_the_roles_table_and_gives_its_reason() -> None:
    table = {(cell.object, cell.role, cell.verb): cell for cell in cells_of("roles.csv")}
    for line, cell in zip(
        expectations.lines_of("deviations.csv"), cells_of("deviations.csv"), strict=True
    ):
        assert line["reason"], cell
        known = table.get(cell[:3])
        assert known != cell, f"{cell} is what the roles table says"
        assert known or cell.scope != NOT_HELD, f"{cell} takes away what nobody gave"


def test_every_door_names_an_object_and_a_verb_of_the_roles_table() -> None:
    known = {(cell.object, cell.verb) for cell in cells_of("roles.csv")}
    for door in doors():
        assert door.object in ("public", "self") or (door.object, door.verb) in known, door
