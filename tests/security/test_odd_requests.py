"""No odd number, cursor, text or missing part makes the portal fail, whoever sends it.

Odd values take turns over the parameters of all pages; ``ODD_REQUESTS=all`` sends every value to
every parameter, which takes an hour.
"""

from __future__ import annotations

import os

import flask

from portal.access.loading import Declaration
from tests.architecture.expectations import doors
from tests.architecture.matrix import urls_of
from tests.security.odd_requests import Odd
from tests.support.arena import Arena
from tests.support.measured import Measured


def test_nothing_odd_makes_the_portal_fail(arena: Arena, measured: Measured) -> None:
    asked = [door for door in doors() if door.endpoint != "static"]
    assert {(door.method, door.endpoint) for door in asked} == urls_of(arena.app) - {
        ("GET", "static")
    }
    odd = Odd(arena, is_full=os.environ.get("ODD_REQUESTS") == "all")
    odd.run(asked)
    kind = "SQLite" if arena.database.is_sqlite else "PostgreSQL"
    figures = ", ".join(f"{count} {name}" for name, count in odd.counts.items())
    answers = ", ".join(f"{count} × {status}" for status, count in sorted(odd.statuses.items()))
    measured(f"odd requests on {kind}", f"{figures}; answers {answers}")
    assert not odd.faults, "\n".join(f"{fault}\n    {first}" for fault, first in odd.faults.items())
    # The control: many forms are filled in so well that their deeds are done.
    assert len(odd.passed) > odd.tried // 3


def test_a_parameter_that_breaks_a_page_is_found_without_being_named(arena: Arena) -> None:
    def planted() -> str:
        return str(int(flask.request.args.get("planted", "1")))

    planted.declaration = Declaration("person.read")  # type: ignore[attr-defined]
    arena.app.view_functions["people.list_people"] = planted
    odd = Odd(arena)
    odd.run(door for door in doors() if door.endpoint == "people.list_people")
    assert any("query planted: 500 ValueError" in fault for fault in odd.faults)
