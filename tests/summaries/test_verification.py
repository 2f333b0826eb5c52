"""``flask verify`` says that all is well, and finds each kind of fault that was planted."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import flask
import pytest
import sqlalchemy as sa
from click.testing import Result

from models.database import Database
from portal.checks import verify
from portal.rooms import HOUSE
from tests.actions.funding.test_ledger_checks import HARMS
from tests.support.world import World


@dataclass(frozen=True)
class Planted:
    """A fault that was planted: by which statements, and the check that must find it.

    ``without`` names the constraints and indexes that would have refused it, by table.
    """

    check: str
    statements: tuple[str, ...]
    row: str
    without: tuple[tuple[str, str], ...] = field(default=())


P1 = "(SELECT id FROM pairing WHERE code = 'P1')"
SENT1 = "(SELECT MIN(person_id) FROM assignment WHERE pairing_id = 1 AND side = 'sent')"
LATEST = "(SELECT MAX(id) FROM workday WHERE state = 'approved')"

A_JOB = (
    "INSERT INTO job (public_id, kind, key, title, asked, asked_at)"
    " VALUES ('AAAAAAAAAAAAAAAA', 'toy', 'one', 'x', '{}', '2022-11-01')"
)

FAULTS = {
    "an item claimed for ever": Planted(
        "jobs",
        (
            A_JOB,
            ("INSERT INTO job_item (job_id, number, part, state, due, token, attempts, steps_done,"
             " steps) SELECT id, 1, '', 'running', 0, 1, 1, 0, 0 FROM job"),
        ),
        "job_item:",
    ),
    "a document that says what was not issued": Planted(
        "documents",
        (("INSERT INTO issued_document (public_id, kind, number_year, number, version,"
          " assignment_id, person_id, facts, facts_hash, issued_at)"
          " SELECT 'AAAAAAAAAAAAAAAA', 'service', 2022, 1, 1, a.id, a.person_id, '{}', e.seal, e.at"
          " FROM assignment a, audit_event e WHERE a.id = 1 AND e.id = 1"),),
        "issued_document:",
    ),
    "a file without its content": Planted(
        "files",
        (("INSERT INTO stored_file (content_hash, size_bytes, kind, stored_at)"
         " SELECT seal, 1, 'pdf', at FROM audit_event WHERE id = 1"),),
        "stored_file:",
    ),
    "an audit row changed": Planted(
        "audit_chain", ("UPDATE audit_event SET actor = 'somebody' WHERE id = 3",), "audit_event"
    ),
    "an audit row removed": Planted(
        "audit_chain", ("DELETE FROM audit_event WHERE id = 3",), "audit_event"
    ),
    "days of a person": Planted(
        "person_totals",
        (("UPDATE person_year_total SET counted_centidays = counted_centidays + 50"
          f" WHERE person_id = {SENT1}"),),
        "person_year_total:1/2022/sent/",
    ),
    "a person too many": Planted(
        "person_totals",
        (("INSERT INTO person_year_total (pairing_id, year, side, person_id, is_qualified,"
          " approved_entries, counted_centidays, pending_centidays, undecided_centidays)"
          f" VALUES (2, 2022, 'sent', {SENT1}, TRUE, 0, 0, 0, 0)"),),
        "person_year_total:2/2022/sent/",
    ),
    "a person missing": Planted(
        "person_totals",
        (f"DELETE FROM person_year_total WHERE person_id = {SENT1}",),
        "person_year_total:1/2022/sent/",
    ),
    "days of a month": Planted(
        "month_totals",
        ("UPDATE pairing_month_total SET sent_centidays = sent_centidays + 50",),
        "pairing_month_total:1/2022/202211",
    ),
    "a month too many": Planted(
        "month_totals",
        (("INSERT INTO pairing_month_total (pairing_id, year, month, sent_centidays,"
          " received_centidays, sent_pending_centidays, received_pending_centidays)"
          " VALUES (2, 2022, 202203, 0, 50, 0, 0)"),),
        "pairing_month_total:2/2022/202203",
    ),
    "a month missing": Planted(
        "month_totals",
        ("DELETE FROM pairing_month_total WHERE pairing_id = 1",),
        "pairing_month_total:1/2022/202211",
    ),
    "heads of a pairing": Planted(
        "pairing_totals",
        (f"UPDATE pairing_year_total SET sent_staff = 9 WHERE pairing_id = {P1} AND year = 2022",),
        "pairing_year_total:1/2022",
    ),
    "people who are not on duty": Planted(
        "pairing_totals",
        (f"UPDATE pairing_year_total SET sent_people = 9 WHERE pairing_id = {P1} AND year = 2022",),
        "pairing_year_total:1/2022",
    ),
    "working days that there are not": Planted(
        "pairing_totals",
        (("UPDATE pairing_year_total SET working_days_through = 300"
          f" WHERE pairing_id = {P1} AND year = 2022"),),
        "pairing_year_total:1/2022",
    ),
    "compliance of a pairing": Planted(
        "pairing_totals",
        ("UPDATE pairing_year_total SET is_compliant = TRUE WHERE pairing_id = 2 AND year = 2023",),
        "pairing_year_total:2/2023",
    ),
    "the province of a line": Planted(
        "total_codes",
        (("UPDATE pairing_year_total SET receiving_province_code = '110000'"
          " WHERE pairing_id = 3 AND year = 2022"),),
        "pairing_year_total:3/2022",
    ),
    "a line missing": Planted(
        "pairing_years",
        ("DELETE FROM pairing_year_total WHERE pairing_id = 3 AND year = 2024",),
        "pairing_year:3/2024",
    ),
    "a line too many": Planted(
        "pairing_years",
        ("DELETE FROM pairing_year WHERE pairing_id = 3 AND year = 2024",),
        "pairing_year_total:3/2024",
    ),
    "a reference to nothing": Planted(
        "orphans",
        ("UPDATE pairing_decision SET account_id = 99999 WHERE id = 1",),
        "pairing_decision:1",
        (("pairing_decision", "fk_pairing_decision_account_id"),),
    ),
    "a day of another assignment": Planted(
        "orphans",
        (f"UPDATE workday SET side = 'sent' WHERE id = {LATEST}",),
        "workday:",
        (("workday", "fk_workday_belongs_to_the_assignment"),),
    ),
    "two days on one date": Planted(
        "one_day",
        (f"UPDATE workday SET worked_on = '2022-11-14' WHERE person_id = {SENT1}",),
        "workday:person ",
        (("workday", "uq_workday_first_half"), ("workday", "uq_workday_second_half")),
    ),
    "somebody approved the own day": Planted(
        "two_persons",
        (f"UPDATE workday SET approved_by_person_id = person_id WHERE id = {LATEST}",),
        "workday:",
        (("workday", "ck_workday_not_approved_by_the_person"),),
    ),
    "one person confirmed and approved": Planted(
        "two_persons",
        (("UPDATE workday SET approved_by_person_id = confirmed_by_person_id"
          f" WHERE id = {LATEST}"),),
        "workday:",
        (("workday", "ck_workday_confirmed_and_approved_by_two"),),
    ),
    "a decision on the own day": Planted(
        "two_persons",
        ((f"UPDATE workday_decision SET person_id = {SENT1} WHERE state_after = 'approved'"
          f" AND workday_id = (SELECT MIN(id) FROM workday WHERE person_id = {SENT1})"),),
        "workday_decision:",
    ),
    "somebody approved the day that they entered": Planted(
        "two_persons",
        (("UPDATE workday SET entered_by_operator = FALSE,"
          f" entered_by_person_id = approved_by_person_id WHERE id = {LATEST}"),),
        "workday:",
        (("workday", "ck_workday_not_approved_by_the_drafter"),),
    ),
    "a person's import that passes for the operator's": Planted(
        "two_persons",
        (
            ("INSERT INTO import_batch (public_id, kind, file_name, file_hash, account_id,"
             " staged_at, rows, accepted, refused, unchanged)"
             " VALUES ('AAAAAAAAAAAAAAAA', 'workdays', 'x.csv', '', 1, '2022-11-14 00:00:00',"
             " 1, 1, 0, 0)"),
            ("UPDATE workday SET import_id = (SELECT MAX(id) FROM import_batch),"
             f" entered_by_operator = TRUE, entered_by_person_id = NULL WHERE id = {LATEST}"),
        ),
        "workday of an import:",
    ),
    "somebody approved the own assignment": Planted(
        "two_persons",
        ("UPDATE assignment SET approved_by_person_id = person_id WHERE id = 1",),
        "assignment:1",
        (("assignment", "ck_assignment_not_approved_by_the_person"),),
    ),
    "a role confirmed by the one who proposed it": Planted(
        "two_persons",
        (("UPDATE role_grant SET proposed_by_person_id = 1, confirmed_by_person_id = 1"
          " WHERE id = 2"),),
        "role_grant:2",
        (("role_grant", "ck_role_grant_not_confirmed_by_who_proposed"),),
    ),
    "a state without its decision": Planted(
        "decisions",
        (f"DELETE FROM workday_decision WHERE workday_id = {LATEST} AND state_after = 'approved'",),
        "workday:",
    ),
    "a qualification without its decision": Planted(
        "decisions",
        ("UPDATE assignment_decision SET is_qualified_after = FALSE WHERE assignment_id = 1",),
        "assignment:1",
    ),
    "an end without its decision": Planted(
        "decisions",
        ("UPDATE pairing_decision SET ends_on_after = '2024-12-31' WHERE pairing_id = 2",),
        "pairing:2",
    ),
    "a pairing in effect by the word of one province": Planted(
        "decisions",
        (("INSERT INTO pairing_decision (pairing_id, kind, state_after, ends_on_after, at)"
          " SELECT id, 'confirmed_by_sending_side', state, ends_on, created_at FROM pairing WHERE id = 2"),),
        "pairing:2",
    ),
    "an exception in effect that nobody granted": Planted(
        "decisions",
        (("INSERT INTO pairing_exception"
          " (pairing_id, side, reason, requested_at, requested_by_person_id)"
          f" SELECT id, 'sent', '演示', created_at, {SENT1} FROM pairing WHERE id = 2"),),
        "pairing:2",
    ),
    "somebody granted the own exception": Planted(
        "two_persons",
        (("INSERT INTO pairing_exception (pairing_id, side, reason, requested_at,"
          " requested_by_person_id, decided_at, decided_by_person_id, is_granted)"
          f" SELECT id, 'sent', '演示', created_at, {SENT1}, created_at, {SENT1}, TRUE"
          " FROM pairing WHERE id = 2"),),
        "pairing_exception:",
        (("pairing_exception", "ck_pairing_exception_decided_by_another"),),
    ),
    "a settlement of what was never booked": Planted(
        "settlements_as_booked",
        (("INSERT INTO settlement (public_id, organisation_id, pairing_id, year, received_fen, spent_fen,"
          " balance_fen, note, state, created_at, version)"
          " SELECT 'AAAAAAAAAAAAAAAA', sending_organisation_id, id, 2022, 100, 0, 100, '', 'submitted',"
          " '2022-11-01', 1 FROM pairing WHERE code = 'P1'"),),
        "settlement:",
    ),
    "an award for the same level twice": Planted(
        "awards_once",
        (
            ("INSERT INTO award_rule (province_code, level, is_given, notice_days, valid_from, document,"
             " recorded_at) VALUES ('640000', 'senior', true, 5, '2022-01-01', 'x', '2022-01-01')"),
            *(("INSERT INTO certificate_award (public_id, person_id, organisation_id, province_code, rule_id,"
               " level, certificate_number, certificate_issued_on, amount_fen, state, created_at,"
               f" version) SELECT '{one * 16}', p.id, p.organisation_id, '640000', r.id, 'senior', '{one}',"
               " '2022-01-01', 100, 'claimed', '2022-11-01', 1"
               f" FROM person p, award_rule r WHERE r.document = 'x' AND p.id = {SENT1}") for one in "AB"),
        ),
        "certificate_award:",
        (("certificate_award", "uq_certificate_award_once_a_level"),),
    ),
    "a sealed value changed": Planted(
        "sealed_values",
        (("UPDATE person SET id_number_sealed ="
          " (SELECT other.id_number_sealed FROM person other WHERE other.id = 2) WHERE id = 1"),),
        "person:1",
    ),
    "a name changed past its keys": Planted(
        "names", ("UPDATE organisation SET name = '演示' WHERE id = 2",), "organisation:2"
    ),
    "the index of an ID number changed": Planted(
        "sealed_values",
        ("UPDATE person SET id_number_index = (SELECT seal FROM audit_head) WHERE id = 2",),
        "person:2",
    ),
}  # fmt: skip


@contextmanager
def _unguarded(database: Database, planted: Planted) -> Iterator[Callable[[str], Any]]:
    """Yield a way to write past the constraints that a fault would break."""
    raw = database.engine.raw_connection()
    cursor = raw.cursor()
    try:
        if database.is_sqlite:
            cursor.execute("PRAGMA query_only=OFF")
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.execute("PRAGMA ignore_check_constraints=ON")
        for table, name in planted.without:
            if name.startswith("uq_"):
                cursor.execute(f"DROP INDEX {name}")
            elif not database.is_sqlite:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        yield cursor.execute
        raw.commit()
    finally:
        cursor.close()
        raw.invalidate()


def plant(database: Database, planted: Planted) -> None:
    with _unguarded(database, planted) as execute:
        for statement in planted.statements:
            execute(statement)


def faults(database: Database) -> dict[str, str]:
    with database.reading() as session:
        return {one.check.code: one.fault.row for one in verify(session, HOUSE.checks) if one.fault}


def test_finds_nothing_where_all_is_well(busy: World, world_database: Database) -> None:
    assert faults(world_database) == {}


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", FAULTS)
def test_finds_what_was_planted(busy: World, world_database: Database, name: str) -> None:
    planted = FAULTS[name]
    busy.session.close()
    plant(world_database, planted)
    found = faults(world_database)
    assert planted.check in found
    assert found[planted.check].startswith(planted.row)


ROUNDS = max(Counter(planted.check for planted in FAULTS.values()).values())


@pytest.mark.parametrize("press", ["postgresql"], indirect=True)
@pytest.mark.parametrize("number", range(ROUNDS))
def test_finds_one_fault_of_each_check_at_once(
    busy: World, world_database: Database, number: int
) -> None:
    """A database each would take minutes: one fault of each check stands in each round."""
    busy.session.close()
    by_check: dict[str, list[Planted]] = {}
    for planted in FAULTS.values():
        by_check.setdefault(planted.check, []).append(planted)
    chosen = [some[number] for some in by_check.values() if number < len(some)]
    for planted in chosen:
        plant(world_database, planted)
    assert {planted.check for planted in chosen} <= faults(world_database).keys()


def test_every_check_has_a_fault_that_it_finds() -> None:
    planted = {one.check for one in FAULTS.values()} | {one.check for one in HARMS.values()}
    assert planted == {check.code for check in HOUSE.checks}


def run(app: flask.Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["verify", *arguments])


def test_the_command_exits_with_0_and_says_what_was_checked(
    busy: World, portal: flask.Flask
) -> None:
    told = run(portal)
    assert told.exit_code == 0, told.output
    assert f"{len(HOUSE.checks)} 项核对全部通过" in told.stdout
    answered = json.loads(run(portal, "--json").stdout)
    assert answered == {"ok": True, "checks": [check.code for check in HOUSE.checks], "faults": []}


def test_the_command_exits_with_1_and_names_the_first_bad_row(
    busy: World, portal: flask.Flask
) -> None:
    busy.session.execute(sa.text("UPDATE pairing_year_total SET sent_staff = 9 WHERE year = 2022"))
    busy.session.commit()
    told = run(portal)
    assert told.exit_code == 1
    assert "不符  结对合计与日志一致" in told.stdout
    assert "sent_staff 存 9 应 2" in told.stdout
    answered = run(portal, "--json")
    assert answered.exit_code == 1
    (fault,) = json.loads(answered.stdout)["faults"]
    assert (fault["check"], fault["row"]) == ("pairing_totals", "pairing_year_total:1/2022")
