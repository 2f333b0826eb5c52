"""Who opens which page: every GET address of the URL map, for everybody whose role may open it.

An address that names an object is tried with the objects of ``ARGUMENTS`` until one opens. Where a
role has the permission but no object it fits, ``WITHOUT_OBJECT`` says why.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import NamedTuple

import flask
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from models.types import Role
from portal.access.demo_account_rules import DEMO_ACCOUNTS
from portal.access.policy import OF_NO_ROLE, POLICY, PUBLIC
from portal.dashboards.picture_export import PICTURES
from portal.help.rulebook_words import list_rules
from portal.rooms import HOUSE
from portal.web.frame import declaration_of
from tests.e2e.conftest import DemoPortal
from tests.e2e.further_cases import PAIRING

VISITOR = None
ROLE_OF: dict[str, Role] = {one.login: one.role for one in DEMO_ACCOUNTS}

ARGUMENTS: dict[str, str | tuple[str, ...]] = {
    # What stands in an address → its values, or a query for them, the likeliest first.
    # “endpoint argument” goes before “argument”.
    "credit_code": """SELECT o.credit_code FROM organisation o JOIN pairing p
        ON o.id IN (p.sending_organisation_id, p.receiving_organisation_id)
        WHERE p.code = :pairing""",
    "person_id": """SELECT DISTINCT person.public_id, a.side FROM person
        JOIN assignment a ON a.person_id = person.id JOIN pairing p ON p.id = a.pairing_id
        LEFT JOIN account ON account.person_id = person.id
        WHERE p.code = :pairing ORDER BY account.login IS NULL, a.side, person.id""",
    "code": "SELECT :pairing",
    "summaries.show_province code": ("640000", "350000"),
    "assignment_id": """SELECT a.public_id FROM assignment a JOIN pairing p ON p.id = a.pairing_id
        WHERE p.code = :pairing ORDER BY a.state = 'approved', a.id""",
    "workday_id": """SELECT max(w.id) FROM workday w JOIN account ON account.person_id = w.person_id
        JOIN pairing p ON p.id = w.pairing_id WHERE p.code = :pairing
        GROUP BY account.login, w.state ORDER BY w.state""",
    "expenditure_id": "SELECT public_id FROM expenditure ORDER BY id",
    "transfer_id": "SELECT public_id FROM fund_transfer ORDER BY id",
    "award_id": "SELECT public_id FROM certificate_award ORDER BY id",
    "document_id": "SELECT public_id FROM issued_document ORDER BY id",
    "account_id": """SELECT public_id FROM account
        ORDER BY login <> 'yanshi-association', login LIKE 'yanshi%', id""",
    "accounts.decline_grant account_id": """SELECT account.public_id FROM account
        JOIN role_grant ON role_grant.account_id = account.id WHERE role_grant.state = 'proposed'""",
    "grant_id": "SELECT id FROM role_grant WHERE state = 'proposed'",
    "job_id": "SELECT public_id FROM job WHERE account_id IS NOT NULL ORDER BY id",
    "batch_id": "SELECT public_id FROM import_batch ORDER BY id",
    "imports.undo_import batch_id": """SELECT public_id FROM import_batch
        WHERE applied_at IS NOT NULL ORDER BY id""",
    "allocation_id": "SELECT min(id) FROM allocation",
    "message_id": "SELECT public_id FROM feedback ORDER BY id",
    "fund_id": """SELECT f.public_id FROM fund_allocation f JOIN pairing p ON p.id = f.pairing_id
        WHERE p.code = :pairing ORDER BY f.id""",
    "payment_id": """SELECT d.public_id FROM disbursement d
        JOIN fund_allocation f ON f.id = d.allocation_id JOIN pairing p ON p.id = f.pairing_id
        WHERE p.code = :pairing ORDER BY d.id""",
    "income_id": """SELECT i.public_id FROM fund_income i JOIN pairing p ON p.id = i.pairing_id
        WHERE p.code = :pairing ORDER BY i.id""",
    "review_id": "SELECT public_id FROM fund_review ORDER BY id",
    "settlement_id": "SELECT public_id FROM settlement ORDER BY id",
    "year": ("2026", "2025"),
    "region_code": ("CN",),
    "key": ("min_sent_days",),
    "text": ("2026-11-20",),
    "word": ("people", "pairings", "organisations", "allocations", "accounts"),
    "imports.send_own_template word": ("workdays", "assignments"),
    "people.reveal column": ("id_number",),
    "organisations.reveal column": ("contact_phone",),
    "changes.pairings.decide_on_exception side": ("sent",),
    "help.show_topic slug": tuple(HOUSE.topics),
    "help.show_rule key": tuple(rule.key for rules in list_rules().values() for rule in rules),
    "static filename": ("css/base.css",),
    # Of each kind of subject those with a file, and the files.
    **{
        f"attachments.{verb}_{word} {argument}": f"""SELECT DISTINCT subject.{key} FROM {word} AS subject
            JOIN {word}_file AS file ON file.{word}_id = subject.id"""
        for word, argument, key in (
            ("person", "person_id", "public_id"),
            ("organisation", "credit_code", "credit_code"),
            ("pairing", "code", "code"),
            ("workday", "workday_id", "id"),
            ("expenditure", "expenditure_id", "public_id"),
        )
        for verb in ("open_of", "remove_from")
    },
    **{
        f"attachments.{verb}_{word} file_id": f"SELECT public_id FROM {word}_file"
        for word in ("person", "organisation", "pairing", "workday", "expenditure")
        for verb in ("open_of", "remove_from")
    },
    "programme.close_period code": ("2021-2025",),
    "dashboards.download_picture picture": tuple(PICTURES),
}
TRIED = 20
"""Objects of an argument that are tried for a role before its page counts as not found."""

EACH_OBJECT = {
    # Pages that differ from object to object: the first account with several opens them all.
    "workdays.show_workday",
    "spending.show_expenditure",
    "settlements.show_settlement",
    "staffing.assignment",
    "help.show_topic",
    "help.show_rule",
}

NO_PAGES: dict[str, str] = {
    # Addresses that answer no page of their own: what they answer instead.
    "static": "files",
    "imports.send_template": "a workbook",
    "imports.send_own_template": "a workbook",
    "imports.send_errors": "a workbook",
    "accounts.list_scopes": "what a field offers while somebody types",
    "jobs.send_result": "a file that a background job has made",
    "organisations.show_seat": "a part of the form of an organisation, which shows it",
    "dashboards.download_picture": "a file of comma-separated values",
    "dashboards.draw_pairing": "a drawing of the page of a pairing, which shows it",
    **{
        f"attachments.open_of_{word}": "what somebody attached"
        for word in ("organisation", "pairing", "workday", "expenditure")
    },
    "papers.show_own_sheet": "the way to the sheet of one's latest assignment",
    "maps.current": "outlines that a script draws; none without an approved map",
}
ANSWERS_LATER = {"maps.current"}
"""Those of them that answer nothing before somebody has uploaded something."""

WITHOUT_OBJECT: dict[tuple[str, str], str] = {
    # (endpoint, account): why the demonstration has nothing for it.
    ("staffing.reject_assignment", "yanshi-prov"): "宁夏 receives; a sending province decides here",
    ("staffing.grant_exception", "yanshi-prov"): "宁夏 receives; a sending province decides here",
    ("papers.issue_certificate", "yanshi-prov"): "宁夏 receives; a sending province issues here",
    **{
        (f"funding.{endpoint}", "yanshi-prov"): "宁夏 receives; the province that sends pays"
        for endpoint in (
            "plan_allocation",
            "decline_allocation",
            "reduce_allocation",
            "pay_allocation",
            "reverse_payment",
        )
    },
    **{
        (f"funding.{endpoint}", "yanshi-recv-mgr"): "money is given to the organisation that sends"
        for endpoint in (
            "show_allocation",
            "confirm_receipt",
            "reverse_receipt",
            "reverse_income",
        )
    },
    **{
        (f"settlements.{endpoint}", "yanshi-prov"): "宁夏 receives; the province that sends settles"
        for endpoint in ("settle", "decide_returned", "decide_reopened")
    },
    **{
        (
            f"settlements.{endpoint}",
            "yanshi-recv-mgr",
        ): "money is given to the organisation that sends"
        for endpoint in ("show_settlement", "record_sending_back")
    },
    **{
        (f"awards.{endpoint}", login): "awards are shown in 宁夏, which has a rule for them"
        for endpoint, logins in {
            "show_award": ("yanshi-send-staff", "yanshi-send-mgr", "yanshi-prov-send"),
            "decide_withdrawn": ("yanshi-send-staff", "yanshi-send-mgr"),
            "decide_rejected": ("yanshi-prov-send",),
            "decide_sent_back": ("yanshi-prov-send",),
            "decide_objection_dismissed": ("yanshi-prov-send",),
            "decide_payment_reversed": ("yanshi-prov-send",),
        }.items()
        for login in logins
    },
}


class Visit(NamedTuple):
    """An account (None: nobody signed in) opens an address; ``name`` is the page's."""

    login: str | None
    endpoint: str
    path: str

    @property
    def name(self) -> str:
        return self.endpoint.replace(".", "-").replace("_", "-")


class Plan(NamedTuple):
    """All visits, and what stands against the plan: a sentence each that says what to add."""

    visits: tuple[Visit, ...]
    faults: tuple[str, ...]

    def of(self, login: str | None) -> list[Visit]:
        return [visit for visit in self.visits if visit.login == login]

    def one_of_each_page(self) -> Iterator[Visit]:
        """Yield a visit of every page, by the first account that may."""
        seen: set[str] = set()
        for visit in self.visits:
            if visit.endpoint not in seen:
                seen.add(visit.endpoint)
                yield visit


def plan_visits(demo: DemoPortal, *, is_for_all: bool = True) -> Plan:
    """Go through the URL map once for everybody, or for the first who may open each page."""
    visits: list[Visit] = []
    faults: list[str] = []
    with demo.app.extensions["qianshou_database"].reading() as session:
        for rule in demo.app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint in NO_PAGES:
                continue
            values, missing = _values(session, rule)
            faults += missing
            is_first = rule.endpoint in EACH_OBJECT
            for login in () if missing else _those_who_may(demo.app, rule.endpoint):
                found = list(paths_of(demo, login, rule, values, limit=None if is_first else 1))
                visits += [Visit(login, rule.endpoint, path) for path in found]
                if found:
                    # Whose one object is all there is to see leaves the others to the next.
                    is_first = is_first and len(found) == 1
                    if not is_for_all:
                        break
                elif (rule.endpoint, login) not in WITHOUT_OBJECT:
                    faults.append(
                        f"{login} may open {rule.endpoint}, but no object of ARGUMENTS opens for it:"
                        " add one to further_cases.py, or the reason to WITHOUT_OBJECT"
                    )
    return Plan(tuple(visits), tuple(faults))


def pages_among_no_pages(demo: DemoPortal) -> list[str]:
    """The endpoints of ``NO_PAGES`` that answer a page after all, or nothing to anybody."""
    found = []
    with demo.app.extensions["qianshou_database"].reading() as session:
        for rule in demo.app.url_map.iter_rules():
            if rule.endpoint not in NO_PAGES or rule.endpoint in ANSWERS_LATER:
                continue
            values, _ = _values(session, rule)
            answers = [
                demo.ask(login, path)
                for login in _those_who_may(demo.app, rule.endpoint)
                for path in paths_of(demo, login, rule, values, limit=1)
            ]
            if not answers or any(
                answer.status_code == HTTPStatus.OK and b"<!doctype html" in answer.data[:80]
                for answer in answers
            ):
                found.append(rule.endpoint)
    return found


def pages_of(app: flask.Flask) -> set[str]:
    """The endpoints that answer GET with a page."""
    rules = app.url_map.iter_rules()
    return {rule.endpoint for rule in rules if "GET" in (rule.methods or ())} - set(NO_PAGES)


def _those_who_may(app: flask.Flask, endpoint: str) -> Iterator[str | None]:
    permission = declaration_of(app, endpoint).permission
    if permission == PUBLIC:
        yield VISITOR
    for login, role in ROLE_OF.items():
        if permission in OF_NO_ROLE or role in POLICY[permission].reaches:
            yield login


def _values(session: Session, rule: Rule) -> tuple[dict[str, list[str]], list[str]]:
    """Return what may stand for each argument of an address, and what is missing."""
    values: dict[str, list[str]] = {}
    missing = []
    for name in rule.arguments:
        query = ARGUMENTS.get(f"{rule.endpoint} {name}") or ARGUMENTS.get(name)
        if isinstance(query, tuple):
            values[name] = list(query)
            continue
        if query is None:
            missing.append(
                f"{rule.rule}: no real value for “{name}” is known; add a query to ARGUMENTS in"
                f" tests/e2e/plan_of_visits.py, or {rule.endpoint} to NO_PAGES if it answers no page"
            )
            continue
        bound = {"pairing": PAIRING} if ":pairing" in query else {}
        rows = session.execute(sa.text(query), bound)
        values[name] = [str(row[0]) for row in rows][:TRIED]
    return values, missing


def paths_of(
    demo: DemoPortal,
    login: str | None,
    rule: Rule,
    values: Mapping[str, list[str]],
    *,
    limit: int | None,
) -> Iterator[str]:
    """Yield the addresses that open, the first ``limit`` of them; one without arguments is not asked."""
    for chosen in itertools.product(*values.values()):
        named = dict(zip(values, chosen, strict=True))
        path = demo.app.url_map.bind("localhost").build(rule.endpoint, named, method="GET")
        if not values or _opens(demo, login, path):
            yield path
            limit = limit - 1 if limit else None
            if limit == 0:
                return


def _opens(demo: DemoPortal, login: str | None, path: str) -> bool:
    answer = demo.ask(login, path)
    if answer.status_code == 200:
        demo.tried[login, path] = answer
    return answer.status_code == 200
