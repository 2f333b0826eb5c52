"""The policy table against what was agreed: every endpoint declared, every cell accounted for.

``policy.csv`` is the agreed table of cells (permission, role, reach), ``routes.csv`` the agreed
list of endpoints. Both are committed: a changed line shows in review, a lost line fails here.
Write them anew with ``python -m tests.architecture.test_policy``.
"""

from __future__ import annotations

import csv
from pathlib import Path

import flask
import pytest

from models.types import Role
from portal.access.loading import Declaration, Undeclared
from portal.access.policy import ADMINISTRATORS, POLICY
from portal.commands import policy_lines
from portal.web.frame import refuse_undeclared
from tests.support.portal import make_portal

HERE = Path(__file__).parent
CELLS, ROUTES = HERE / "policy.csv", HERE / "routes.csv"
CELL_HEADER = ["permission", "role", "reach"]
ROUTE_HEADER = ["method", "path", "endpoint", "permission", "loader"]


@pytest.fixture(scope="module")
def app() -> flask.Flask:
    return make_portal("sqlite://")


def cells() -> list[list[str]]:
    return [
        [name, role.value, reach.value]
        for name, permission in sorted(POLICY.items())
        for role, reach in sorted(permission.reaches.items())
    ]


def routes(app: flask.Flask) -> list[list[str]]:
    return [[line[key] for key in ROUTE_HEADER] for line in policy_lines(app)]


def agreed(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def test_every_cell_of_the_policy_table_is_the_agreed_one() -> None:
    assert cells() == agreed(CELLS)


def test_every_route_needs_the_agreed_permission(app: flask.Flask) -> None:
    assert routes(app) == agreed(ROUTES)


def test_refuses_to_start_with_an_endpoint_that_declares_nothing(app: flask.Flask) -> None:
    other = flask.Flask("undeclared")
    other.add_url_rule("/secret", "secret", lambda: "")
    with pytest.raises(Undeclared, match="secret"):
        refuse_undeclared(other)


def test_refuses_a_declaration_that_names_no_line_of_the_table() -> None:
    with pytest.raises(Undeclared, match=r"nothing\.read"):
        Declaration("nothing.read")


def test_every_line_of_the_table_guards_some_endpoint(app: flask.Flask) -> None:
    used = {line["permission"] for line in policy_lines(app)}
    assert set(POLICY) - used == set()


def test_administrators_hold_no_business_permission() -> None:
    open_to_all = {"self.use", "programme.read", "calendar.read", "design.read"}
    open_to_all |= {"job.read"}
    own = {"calendar.write", "account.read", "account.write", "account.secure", "audit.read"}
    # Of files the system administrator brings in accounts alone (tests/pages/imports/test_imports.py).
    own |= {"import.use"}
    own |= {"feedback.read", "feedback.answer", "map.write", "job.retry"}
    held = {
        name
        for name, permission in POLICY.items()
        for role in ADMINISTRATORS
        if role in permission.reaches
    }
    assert held == open_to_all | own


def test_the_auditor_changes_nothing() -> None:
    held = {name for name, one in POLICY.items() if Role.AUDIT_ADMIN in one.reaches}
    assert not any(
        name.endswith((".write", ".approve", ".confirm", ".secure", ".answer")) for name in held
    )


def write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


if __name__ == "__main__":
    write(CELLS, CELL_HEADER, cells())
    write(ROUTES, ROUTE_HEADER, routes(make_portal("sqlite://")))
