"""What a fault of the database says goes to the log: it names the rule, and nobody's data."""

from __future__ import annotations

import traceback

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.support.world import World

SECRET = "演示秘密姓名"
FAULTS = {
    "an empty column": "INSERT INTO person (public_id, name, organisation_id) VALUES ('x', :it, NULL)",
    "no such table": "SELECT :it FROM no_such_table",
    "a key that is taken": (
        "INSERT INTO saved_view (id, public_id) SELECT 1, :it UNION ALL SELECT 1, :it"
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_says_nothing_of_what_was_written(world: World, name: str) -> None:
    with pytest.raises(DBAPIError) as found:
        world.session.execute(sa.text(FAULTS[name]), {"it": SECRET})
    said = "".join(traceback.format_exception(found.value))
    assert "[SQL: " in said
    assert SECRET not in said
