"""Whoever loses, gains or widens one cell of the policy table makes a test fail."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace

import pytest

from models.types import Role
from portal.access.policy import POLICY, Reach
from portal.access.scope import forget_built
from portal.web.frame import declaration_of
from tests.architecture.expectations import Outcome, doors
from tests.architecture.matrix import Case, Run, all_cases
from tests.architecture.test_policy import CELLS, agreed, cells
from tests.support.arena import Arena

Cell = tuple[str, Role]
on_one_database = pytest.mark.parametrize("press", ["sqlite"], indirect=True)
"""The table is the same on both; that the scopes are, the matrix asks."""


def every_cell() -> list[Cell]:
    return [(name, role) for name, one in sorted(POLICY.items()) for role in sorted(one.reaches)]


def cases_by_cell(arena: Arena) -> dict[Cell, list[Case]]:
    """The cases at the doors of each permission, fetches first, for each role."""
    found: dict[Cell, list[Case]] = {}
    for door in sorted(doors(), key=lambda one: (one.method, bool(one.subject))):
        permission = declaration_of(arena.app, door.endpoint).permission
        for case in all_cases(door):
            if permission in POLICY and case.persona:
                found.setdefault((permission, case.persona.role), []).append(case)
    return found


def with_cell(cell: Cell, reach: Reach | None) -> tuple[str, object]:
    """Return the line of the table with another reach in a cell; None empties it."""
    name, role = cell
    reaches = {key: value for key, value in POLICY[name].reaches.items() if key != role}
    if reach is not None:
        reaches[role] = reach
    return name, replace(POLICY[name], reaches=reaches)


def outcome_with(
    run: Run, case: Case, cell: Cell, reach: Reach | None, patch: pytest.MonkeyPatch
) -> Outcome | None:
    with patch.context() as changed:
        changed.setitem(POLICY, *with_cell(cell, reach))
        forget_built()
        try:
            return run.ask(case)
        finally:
            forget_built()


def test_a_cell_that_is_missing_is_missed_in_the_agreed_table() -> None:
    table = agreed(CELLS)
    assert table == cells()  # the control
    for number in range(len(table)):
        assert cells()[:number] + cells()[number + 1 :] != table


@on_one_database
def test_the_matrix_misses_every_cell_that_is_taken_away(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, known, unnoticed = Run(arena), cases_by_cell(arena), []
    for cell in every_cell():
        granted = (one for one in known.get(cell, ()) if one.expected == Outcome.GRANTED)
        case = next(granted, None)
        if case is None:
            unnoticed.append(f"{cell}: no door opens by it")
            continue
        assert run.ask(case) == Outcome.GRANTED, case  # the control
        if outcome_with(run, case, cell, None, monkeypatch) == Outcome.GRANTED:
            unnoticed.append(f"{cell}: {case} is granted without it")
    sys.stdout.write(f"{len(every_cell())} cells taken away, {len(unnoticed)} not missed\n")
    assert not unnoticed, "\n".join(unnoticed)


@on_one_database
def test_the_matrix_notices_a_cell_that_is_added(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, known, noticed = Run(arena), cases_by_cell(arena), 0
    for name, role in _absent_cells():
        cases = known.get((name, role), [])
        case = next((one for one in cases if one.expected == Outcome.FORBIDDEN), None)
        if case is None:
            continue
        assert run.ask(case) == Outcome.FORBIDDEN, case  # the control
        cell = (name, role)
        assert outcome_with(run, case, cell, Reach.NATION, monkeypatch) != Outcome.FORBIDDEN, case
        noticed += 1
    sys.stdout.write(f"{noticed} cells added, all noticed\n")
    assert noticed >= len(POLICY) // 2


def _absent_cells() -> Iterator[Cell]:
    """Two roles that each permission is not given to."""
    for name, permission in POLICY.items():
        absent = [role for role in Role if role not in permission.reaches]
        yield from ((name, role) for role in absent[:2])


@on_one_database
def test_the_matrix_notices_a_cell_that_reaches_further(
    arena: Arena, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, known, noticed = Run(arena), cases_by_cell(arena), 0
    for cell in every_cell():
        name, role = cell
        if POLICY[name].reaches[role] == Reach.NATION:
            continue
        # What is not even read stays unseen however far another verb reaches.
        wanted = Outcome.UNSEEN if name.endswith(".read") else Outcome.FORBIDDEN
        cases = [one for one in known.get(cell, ()) if one.door.subject and one.expected == wanted]
        if not cases:
            continue
        assert run.ask(cases[0]) == wanted, cases[0]  # the control
        widened = outcome_with(run, cases[0], cell, Reach.NATION, monkeypatch)
        assert widened == Outcome.GRANTED, cases[0]
        noticed += 1
    sys.stdout.write(f"{noticed} cells widened, all noticed\n")
    assert noticed > len(POLICY)
