"""Whoever brought something in cannot approve it: direct SQL fails too, on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from models import Assignment, Pairing, RoleGrant, Workday
from tests.support.arena import Arena

# Table, who brought it in, who decides on it.
PAIRS = [
    (Workday, "person_id", "confirmed_by_person_id"),
    (Workday, "person_id", "approved_by_person_id"),
    (Workday, "entered_by_person_id", "confirmed_by_person_id"),
    (Workday, "entered_by_person_id", "approved_by_person_id"),
    (Workday, "confirmed_by_person_id", "approved_by_person_id"),
    (Workday, "person_id", "disputed_by_person_id"),
    (Assignment, "person_id", "approved_by_person_id"),
    (Assignment, "nominated_by_person_id", "approved_by_person_id"),
    (Assignment, "person_id", "exception_by_person_id"),
    (Assignment, "nominated_by_person_id", "exception_by_person_id"),
    (Pairing, "proposed_by_person_id", "confirmed_by_person_id"),
    (RoleGrant, "person_id", "confirmed_by_person_id"),
    (RoleGrant, "proposed_by_person_id", "confirmed_by_person_id"),
]


OPERATORS = {
    "entered_by_person_id": "entered_by_operator",
    "nominated_by_person_id": "nominated_by_operator",
}
"""Who brought a row in, and the flag that says that it was the operator of the server."""


def free_row(arena: Arena, model: Any, pair: tuple[str, str]) -> dict[str, Any]:
    """Return a row of a table with nobody decided yet, and with a key that is free."""
    table = model.__table__
    with arena.database.reading() as session:
        row = dict(session.execute(sa.select(table).order_by(table.c.id)).mappings().first() or {})
        row["id"] = session.scalar(sa.select(sa.func.max(table.c.id))) + 1
    decided = [one for one in row if "_by_" in one and one not in pair]
    row |= dict.fromkeys([one for one in decided if table.c[one].nullable])
    # What else has to be unique is made so.
    row |= {
        name: value
        for name, value in {
            "public_id": "A" * 16,
            "takes_first_half": False,
            "takes_second_half": False,
            "scope_code": "another",
            "code": "another",
        }.items()
        if name in row
    }
    if model is Workday:
        row["state"] = "superseded"
    if model is Assignment:
        row["state"] = "rejected"
    return row


def two_others(arena: Arena, row: dict[str, Any]) -> tuple[int, int]:
    """Two people who have nothing to do with a row."""
    with arena.database.reading() as session:
        known = session.scalars(sa.text("SELECT id FROM person ORDER BY id")).all()
    concerned = {value for name, value in row.items() if name.endswith(("person_id", "account_id"))}
    first, second = [one for one in known if one not in concerned][:2]
    return first, second


def brought(row: dict[str, Any], brings: str, someone: int) -> int:
    """Have somebody bring a row in, whom it names already or not; return who."""
    row[brings] = row[brings] or someone
    for column, flag in OPERATORS.items():
        if flag in row:
            row[flag] = row[column] is None
    found: int = row[brings]
    return found


def write(arena: Arena, statement: Any) -> None:
    with arena.database.writing() as session:
        session.execute(statement)


@pytest.mark.parametrize(("model", "brings", "decides"), PAIRS)
def test_refuses_an_insert_in_which_one_person_does_both(
    arena: Arena, model: Any, brings: str, decides: str
) -> None:
    row = free_row(arena, model, (brings, decides))
    someone, other = two_others(arena, row)
    one = brought(row, brings, someone)
    with pytest.raises(IntegrityError):
        write(arena, sa.insert(model.__table__).values({**row, decides: one}))
    write(arena, sa.insert(model.__table__).values({**row, decides: other}))  # the control


@pytest.mark.parametrize(("model", "brings", "decides"), PAIRS)
def test_refuses_an_update_that_makes_one_person_do_both(
    arena: Arena, model: Any, brings: str, decides: str
) -> None:
    row = free_row(arena, model, (brings, decides))
    someone, other = two_others(arena, row)
    one = brought(row, brings, someone)
    write(arena, sa.insert(model.__table__).values({**row, decides: None}))
    change = sa.update(model.__table__).where(model.__table__.c.id == row["id"])
    with pytest.raises(IntegrityError):
        write(arena, change.values({decides: one}))
    write(arena, change.values({decides: other}))  # the control


def test_every_decider_in_the_models_is_paired_here() -> None:
    """A new column of who decided is held against who brought it in, or this fails."""
    deciders = {
        (model, column.name)
        for model in (Workday, Assignment, Pairing, RoleGrant)
        for column in model.__table__.columns
        if column.name.startswith(("approved_by", "confirmed_by", "disputed_by", "exception_by"))
    }
    assert deciders == {(model, decides) for model, _, decides in PAIRS}


@pytest.mark.parametrize(
    ("model", "column"), [(Workday, "entered_by_person_id"), (Assignment, "nominated_by_person_id")]
)
def test_refuses_a_row_that_nobody_brought_in(arena: Arena, model: Any, column: str) -> None:
    """A forgotten name would let everybody decide: a comparison with NULL refuses nobody."""
    row = free_row(arena, model, (column, column))
    row[OPERATORS[column]] = False
    with pytest.raises(IntegrityError):
        write(arena, sa.insert(model.__table__).values({**row, column: None}))
    by_operator = {**row, column: None, OPERATORS[column]: True}
    write(arena, sa.insert(model.__table__).values(by_operator))  # the control


def test_refuses_a_claim_that_has_taken_effect_by_itself(arena: Arena) -> None:
    """What a file claims stands beside a submitted day, until somebody else decides."""
    row = free_row(arena, Workday, ("entered_by_person_id", "claimed_state"))
    someone, _ = two_others(arena, row)
    brought(row, "entered_by_person_id", someone)
    with arena.database.reading() as session:
        batch = session.scalar(sa.text("SELECT MIN(id) FROM import_batch"))
    row |= {"import_id": batch, "claimed_state": "approved"}
    for state in ("confirmed", "approved"):
        with pytest.raises(IntegrityError):
            write(arena, sa.insert(Workday.__table__).values({**row, "state": state}))
    waits = {**row, "state": "submitted", "half_days": 1, "takes_second_half": True}
    waits |= {"takes_first_half": False, "worked_on": date(2022, 3, 31)}
    write(arena, sa.insert(Workday.__table__).values(waits))  # the control
