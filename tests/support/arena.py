"""The app on copies of the wide world, with every persona signed in, for thousands of requests.

    with Arena(press) as arena:
        answer = arena.ask("sending_manager", "GET", "/people")

Whoever sends what writes does it in ``nothing_is_committed``, so that one copy serves for all.
Sessions are opened once in the original, so signing in costs nothing. The numbers at the doors of
the navigation, which stand on every page, are asked for once an actor.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Self
from unittest import mock

import flask
import sqlalchemy as sa
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from models import (
    Account,
    Assignment,
    CertificateAward,
    FundReview,
    IssuedDocument,
    Organisation,
    Person,
    Workday,
)
from models.database import Database
from portal.access.actor import Actor
from portal.deeds import operator_deed
from portal.doors import Door
from portal.enrolment import House, house
from portal.imports.staging_store import StagedFiles
from portal.jobs.result_store import results_in
from portal.personal_data.vault import Vault
from portal.web.door_counts import counts_of
from tests.support.clock import Clock
from tests.support.databases import MASTER_KEY, Press
from tests.support.portal import make_portal
from tests.support.wide_world import (
    ASSIGNED,
    AWARDED,
    BATCHES,
    CERTIFIED,
    DAYS,
    FUNDS,
    JOBS,
    ORGANISATIONS,
    PAIRINGS,
    PEOPLE,
    PERSONAS,
    REVIEWED,
    SETTLED,
    TRANSFERRED,
    VIEWS,
    credit_code_of,
    found_in_upload,
    sign_everybody_in,
    spent_for,
    uploaded,
    widen_world,
)

VAULT = Vault(MASTER_KEY)
TODAY, WHEN_PAIRED = date(2022, 11, 21), date(2022, 1, 4)
PROVINCES = ("350000", "500000", "520000", "640000")
FILES_HANG_ON = {
    "organisation": "credit_code",
    "pairing": "code",
    "person": "public_id",
    "workday": "id",
    "expenditure": "public_id",
}
"""What files hang on, and what names it in URLs."""
WIDE, BASE = "wide_world", "small_world"


def prepare_wide_world(press: Press) -> dict[str, str]:
    """Prepare the wide world and return the session token of every persona."""
    tokens: dict[str, str] = {}

    def fill(database: Database) -> None:
        with database.writing() as session:
            deed = operator_deed(session, Clock(TODAY)())
            widen_world(deed, operator_deed(session, Clock(WHEN_PAIRED)()))
            tokens.update(sign_everybody_in(deed))

    press.prepare(WIDE, fill, base=BASE)
    return tokens


class Arena:
    """Asks the portal in the name of personas; ``None`` is a visitor."""

    def __init__(self, press: Press, tokens: Mapping[str, str]) -> None:
        self._press = press
        self._tokens = tokens
        self._copy = ExitStack()
        self.clock = Clock(TODAY)
        self.requests = 0
        self.app = make_portal("sqlite://", self.clock)
        self.database = self._fresh()
        with self.app.app_context():
            counted = _Counted(house())
        self._copy.enter_context(mock.patch("portal.web.pages.house", return_value=counted))
        self._copy.enter_context(mock.patch("portal.web.door_counts.counts_of", asked_once()))
        self._cookies = {persona: self._cookie(persona) for persona in (None, *tokens)}
        self.ids = self._ids()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_fault: object) -> None:
        self._copy.close()

    def _fresh(self) -> Database:
        found = self._copy.enter_context(self._press.opened(WIDE))
        self.app.extensions["qianshou_database"] = found
        files = StagedFiles(self.app.extensions["qianshou_settings"].var / "uploads", VAULT)
        with found.reading() as session:
            batches = _first_of(session, "import_batch", "public_id")
        for persona, kind in BATCHES.items():
            content = uploaded(persona)
            findings = found_in_upload(persona, kind, self.clock())
            files.keep(hashlib.sha256(content).digest(), content, self.clock())
            files.keep_findings(batches[persona], findings, content, self.clock())
        results = results_in(self.app.extensions["qianshou_settings"].var, VAULT)
        for persona in JOBS:
            results.keep(persona, b"made", self.clock())
        return found

    def ask(
        self,
        persona: str | None,
        method: str,
        path: str,
        data: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> TestResponse:
        """Send one request, as a browser of that persona would; a POST has a valid CSRF token."""
        self.requests += 1
        cookie, csrf = self._cookies[persona]
        if method == "POST":
            options["data"] = {"csrf_token": csrf, **(data or {})}
        client = self.app.test_client(use_cookies=False)
        return client.open(
            path, method=method, headers={"Cookie": cookie}, buffered=True, **options
        )

    def path(self, endpoint: str, method: str = "GET", **values: Any) -> str:
        adapter = self.app.url_map.bind("localhost")
        return adapter.build(endpoint, values, method=method)

    def _cookie(self, persona: str | None) -> tuple[str, str]:
        """Return the cookie and the CSRF token of a persona's session."""
        client = self.app.test_client()
        with client.session_transaction() as session, self.app.test_request_context():
            if persona is not None:
                session["_user_id"] = self._tokens[persona]
            token = generate_csrf()
            session["csrf_token"] = flask.session["csrf_token"]
        found = client.get_cookie(self.app.config["SESSION_COOKIE_NAME"])
        assert found is not None
        return f"{found.key}={found.value}", token

    def _ids(self) -> dict[tuple[str, str], str]:
        """What stands in URLs for each object of the wide world, by kind and key."""
        with self.database.reading() as session:
            people = {row.name: row for row in session.scalars(sa.select(Person))}
            organisations = {
                row.id: row.credit_code for row in session.scalars(sa.select(Organisation))
            }
            assert len(organisations) == len(ORGANISATIONS)
            keys = {people[row[1]].id: key for key, row in PEOPLE.items()}
            pairings = dict(session.execute(sa.text("SELECT id, code FROM pairing")).all())
            posts = {
                f"{keys[row.person_id]}@{pairings[row.pairing_id]}": row
                for row in session.scalars(sa.select(Assignment))
            }
            accounts = {row.login: row.public_id for row in session.scalars(sa.select(Account))}
            posts_by_id = {row.id: key for key, row in posts.items()}
            days = self._days(session, posts_by_id)
            grants = _first_of(session, "role_grant")
            batches = _first_of(session, "import_batch", "public_id")
            sessions = _first_of(session, "web_session")
            views = _first_of(session, "saved_view")
            jobs = _first_of(session, "job", "public_id")
            files = {
                (kind, str(owner)): file_id
                for kind, key in FILES_HANG_ON.items()
                for owner, file_id in session.execute(
                    sa.text(
                        f"SELECT owner.{key}, file.public_id FROM {kind}_file AS file"
                        f" JOIN {kind} AS owner ON owner.id = file.{kind}_id"
                    )
                )
            }
            funds = _of_pairings(session, "fund_allocation", "subject.pairing_id")
            payments = _of_pairings(
                session,
                "disbursement",
                "(SELECT a.pairing_id FROM fund_allocation a WHERE a.id = subject.allocation_id)",
            )
            incomes = _of_pairings(session, "fund_income", "subject.pairing_id")
            expenditures = _of_pairings(session, "expenditure", "subject.pairing_id")
            settlements = _of_pairings(session, "settlement", "subject.pairing_id")
            transfers = _of_pairings(session, "fund_transfer", "subject.pairing_id")
            awards = {
                keys[row.person_id]: row.public_id
                for row in session.scalars(sa.select(CertificateAward))
            }
            reviews = {
                organisations[row.organisation_id]: row.public_id
                for row in session.scalars(sa.select(FundReview))
            }
            documents = {
                posts_by_id[row.assignment_id]: row.public_id
                for row in session.scalars(sa.select(IssuedDocument))
            }
        ids = {
            **{("organisation", key): credit_code_of(key) for key in ORGANISATIONS},
            **{("person", key): people[row[1]].public_id for key, row in PEOPLE.items()},
            **{("pairing", code): code for code in PAIRINGS},
            **{("assignment", post.key): posts[post.key].public_id for post in ASSIGNED},
            **{("document", key): documents[key] for key in CERTIFIED},
            **{("workday", key): number for key, number in days.items()},
            **{("province", code): code for code in PROVINCES},
            **{("account", login): accounts[login] for login in PERSONAS},
            **{("batch", login): batches[login] for login in BATCHES},
            **{("job", login): jobs[login] for login in JOBS},
            **{("view", login): views[login] for login in VIEWS},
            **{("purse", key): credit_code_of(key) for key in ORGANISATIONS},
            **{("fund", code): funds[code] for code in FUNDS},
            **{("payment", code): payments[code] for code in FUNDS},
            **{("income", code): incomes[code] for code in FUNDS},
            **{("expenditure", spent_for(code)): expenditures[code] for code in FUNDS},
            **{("settlement", code): settlements[code] for code in SETTLED},
            **{("transfer", code): transfers[code] for code in TRANSFERRED},
            **{("award", key): awards[key] for key in AWARDED},
            **{("review", key): reviews[credit_code_of(key)] for key in REVIEWED},
            **{("reviewed", key): credit_code_of(key) for key in ORGANISATIONS},
            **{("grant_id", login): grants[login] for login in PERSONAS},
            **{("session_id", login): sessions[login] for login in PERSONAS},
        }
        hanging = [(kind, key) for kind, key in ids if kind in FILES_HANG_ON]
        return ids | {("file_id", key): files[kind, ids[kind, key]] for kind, key in hanging}

    @staticmethod
    def _days(session: Any, posts: Mapping[int, str]) -> dict[str, str]:
        found: dict[str, str] = {}
        counts = dict.fromkeys(DAYS, 0)
        plain = sa.select(Workday).where(Workday.corrects_id.is_(None)).order_by(Workday.id)
        for row in session.scalars(plain):
            key = posts[row.assignment_id]
            found[f"{key}#{counts[key]}"] = str(row.id)
            counts[key] += 1
        assert counts == {key: len(states) for key, states in DAYS.items()}
        return found


class _Counted:
    """The house, whose doors count what waits behind them once an actor: nothing changes it."""

    def __init__(self, real: House) -> None:
        self.doors = tuple(map(_counted_once, real.doors))
        self.door_elsewhere = real.door_elsewhere
        self.door_of_blueprint = real.door_of_blueprint


def _counted_once(door: Door) -> Door:
    besides, known = door.besides, dict[Actor, int]()
    if besides is None:
        return door

    def counted(session: Session, actor: Actor, now: datetime) -> int:
        if actor not in known:
            known[actor] = besides(session, actor, now)
        return known[actor]

    return replace(door, besides=counted)


def asked_once() -> Callable[..., dict[str, list[int]]]:
    """Ask the doors of an actor once; of some of them, on the first page, once more."""
    known: dict[tuple[Actor, tuple[Door, ...]], dict[str, list[int]]] = {}

    def asked(
        session: Session, actor: Actor, now: datetime, doors: tuple[Door, ...]
    ) -> dict[str, list[int]]:
        if (actor, doors) not in known:
            known[actor, doors] = counts_of(session, actor, now, doors)
        return known[actor, doors]

    return asked


@contextmanager
def nothing_is_committed() -> Iterator[None]:
    """Have every commit write and take it back, so that one copy serves for any number of requests.

    What was read or made stays readable, as after a commit.
    """

    def undo(session: Session) -> None:
        session.flush()
        session.expunge_all()
        session.rollback()

    with mock.patch.object(Session, "commit", undo):
        yield


def _of_pairings(session: Session, table: str, pairing: str) -> dict[str, str]:
    """Return the public id of a row of each pairing, by the code; ``pairing`` says in SQL which it is of."""
    rows = session.execute(
        sa.text(
            f"SELECT p.code, min(subject.public_id) FROM {table} AS subject"
            f" JOIN pairing p ON p.id = {pairing} GROUP BY p.code"
        )
    )
    return dict(rows.all())


def _first_of(session: Any, table: str, column: str = "id") -> dict[str, str]:
    """A column of the first row of a table for each account, by its login."""
    rows = session.execute(
        sa.text(
            f"SELECT account.login, min(part.{column}) FROM {table} AS part"
            " JOIN account ON account.id = part.account_id GROUP BY account.login"
        )
    )
    return {login: str(number) for login, number in rows}
