"""Each table is written by one room: what must hold of its rows is asked in one place."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.base import Base
from models.files import Attached
from models.procedures import DecisionRow, OpinionRow
from tests.architecture.writers import tables, writes_in

WRITES = writes_in()

TABLES_OF = {
    "access": {
        "account",
        "password_history",
        "password_request",
        "sign_in_address",
        "web_session",
    },
    "accounts": {"role_grant"},
    "audit": {"audit_event", "audit_head"},
    "awards": {"award_rule", "certificate_award"},
    "calendar": {"calendar_day", "calendar_year"},
    "documents": {"document_counter", "issued_document"},
    "feedback": {"feedback", "feedback_reply"},
    "files": {"stored_file"},
    "funding": {"disbursement", "fund_allocation", "fund_income"},
    "imports": {"import_batch", "imported_account", "imported_row"},
    "ledger": {"fund_account", "fund_year_total", "ledger_entry"},
    "maps": {"approved_map"},
    "months": {"month_declaration"},
    "organisations": {"organisation"},
    "oversight": {"fund_review"},
    "pairings": {"pairing", "pairing_exception", "pairing_year"},
    "people": {"person", "certificate"},
    "places": {"authority", "key_county", "region", "township"},
    "programme": {"allocation", "policy_parameter", "programme", "work_year"},
    "saved_views": {"saved_view"},
    "jobs": {"job", "job_item", "job_result", "job_worker"},
    "outbox": {"message"},
    "settlements": {"settlement"},
    "spending": {"eligibility_rule", "expenditure", "expenditure_workday"},
    "staffing": {"assignment"},
    "transfers": {"fund_transfer"},
    "totals": {"pairing_month_total", "pairing_year_total", "person_year_total"},
    "web": {"form_key"},
    "workdays": {"workday", "workday_decision"},
}
"""THE list: a table belongs to the room that writes it."""

KEPT_BY_PROCEDURES = {
    row.__tablename__
    for kind in (DecisionRow, OpinionRow)
    for row in kind.__subclasses__()
    if row in {one.class_ for one in Base.registry.mappers}
}
"""What is decided on, and said of, a subject: by the verbs of procedures, whatever the room."""

WRITTEN_BY_TRIGGERS = {"regime_version"}
"""Kept by the database itself (models/triggers.py): no room writes them."""

KEPT_BY_FILES = {row.__tablename__ for row in Attached.__subclasses__()}
"""What names a file of a subject: by the verbs of files, whatever the subject."""

EXCEPTIONS = {
    # An account may be opened for somebody who is not registered; people stand above access.
    ("person", "access"),
    # That somebody has seen the tour.
    ("account", "help"),
    # The agreements of the demonstration, without adding its totals up for each.
    ("pairing", "demo"),
    ("pairing_decision", "demo"),
    # A correction is an entry, beside the one that it corrects.
    ("workday", "corrections"),
}
"""Tables that another room writes too. The list may only shrink."""

MOST_EXCEPTIONS = 5


def room_of(module: str) -> str:
    return module.split(".")[1]


def test_every_table_belongs_to_one_room_and_is_written_by_it():
    listed = [table for owned in TABLES_OF.values() for table in owned]
    assert len(listed) == len(set(listed))
    kept = {*KEPT_BY_PROCEDURES, *KEPT_BY_FILES, *WRITTEN_BY_TRIGGERS}
    assert {*listed, *kept} == set(tables().values())
    written = {(one.table, room_of(one.module)) for one in WRITES}
    owners = {(table, room) for room, owned in TABLES_OF.items() for table in owned}
    assert owners - written == set()


def test_no_other_room_writes_it():
    owners = {(table, room) for room, owned in TABLES_OF.items() for table in owned}
    others = {
        (one.table, room_of(one.module)): f"{one.module}:{one.line}"
        for one in WRITES
        if (one.table, room_of(one.module)) not in owners
    }
    assert {pair: line for pair, line in others.items() if pair not in EXCEPTIONS} == {}
    assert EXCEPTIONS - set(others) == set(), "no longer needed"
    assert len(EXCEPTIONS) <= MOST_EXCEPTIONS


@pytest.mark.parametrize(
    "code",
    [
        "session.add(Person(name=name))",
        "session.execute(sa.insert(Person), rows)",
        "session.execute(sa.update(Person).values(name=name))",
        "session.execute(sa.delete(Person).where(Person.id == 1))",
        'insert_rows(session, cast("sa.Table", Person.__table__), names, rows)',
        "given.name = name",
        "given.version += 1",
        'setattr(given, "name", name)',
        "session.delete(given)",
        "for one in session.scalars(sa.select(Person)): one.name = name",
        "if one := session.get(Person, 1): one.name = name",
        "one = find_person(session)\n    one.name = name",
    ],
)
def test_a_planted_write_is_found(code: str, tmp_path: Path):
    folder = tmp_path / "portal" / "elsewhere"
    folder.mkdir(parents=True)
    (folder / "actions.py").write_text(
        "def find_person(session) -> Person | None: ...\n"
        f"def plant(session, given: Person, name, names, rows):\n    {code}\n",
        encoding="utf-8",
    )
    assert [(one.table, one.module) for one in writes_in(tmp_path / "portal")] == [
        ("person", "portal.elsewhere.actions")
    ]


@pytest.mark.parametrize(
    "code",
    ["sa.select(Person.name)", "given.name", "names = dict(names, name=name)", "other.name = 1"],
)
def test_what_only_reads_is_none(code: str, tmp_path: Path):
    folder = tmp_path / "portal" / "elsewhere"
    folder.mkdir(parents=True)
    (folder / "queries.py").write_text(
        f"def look(given: Person, names, name, other):\n    {code}\n", encoding="utf-8"
    )
    assert writes_in(tmp_path / "portal") == []
