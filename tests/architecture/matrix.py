"""Every (endpoint, method) × every role × every relation, by real requests.

``cases`` crosses the doors of the URL map with the personas and, where a URL names an object, with
objects in each relation and each expected outcome; ``Run`` asks the portal and compares.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import unified_diff
from typing import NamedTuple

import flask
from werkzeug.test import TestResponse

from portal.web.frame import declaration_of
from tests.architecture.expectations import Door, Outcome, doors, expected
from tests.architecture.facts import Persona, Thing, personas, relation, things_of
from tests.support.arena import Arena, nothing_is_committed

MISSING = {
    # What stands in a URL for an object that nobody has.
    "organisation": "52110101MJ00000000",
    "person": "AAAAAAAAAAAAAAAA",
    "pairing": "2022-000000-99",
    "assignment": "AAAAAAAAAAAAAAAA",
    "workday": "999999999",
    "document": "AAAAAAAAAAAAAAAA",
    "province": "990000",
    "account": "AAAAAAAAAAAAAAAA",
    "batch": "AAAAAAAAAAAAAAAA",
    "view": "999999999",
    "job": "AAAAAAAAAAAAAAAA",
    "fund": "AAAAAAAAAAAAAAAA",
    "payment": "AAAAAAAAAAAAAAAA",
    "income": "AAAAAAAAAAAAAAAA",
    "expenditure": "AAAAAAAAAAAAAAAA",
    "settlement": "AAAAAAAAAAAAAAAA",
    "purse": "52110101MJ00000000",
    "award": "AAAAAAAAAAAAAAAA",
    "transfer": "AAAAAAAAAAAAAAAA",
    "review": "AAAAAAAAAAAAAAAA",
    "reviewed": "52110101MJ00000000",
}

PARTS = {"grant_id", "session_id", "file_id"}
"""Arguments that name a part of the object: the grant or the session of an account, a file."""

CHANCE = re.compile(
    r'<span class="q-number">[0-9A-F]{8}</span>'
    r'|name="(csrf_token|form_key|back)" value="[^"]*"|name="csrf-token" content="[^"]*"'
    r'|href="/feedback\?page=[^"]*"|\s*<a [^>]*>本页帮助</a>'
)
"""What differs between two answers to the same question: reference, tokens, what depends on the
address asked alone."""

UNCOMPARED = {"Date", "Content-Length"}


class Case(NamedTuple):
    door: Door
    persona: Persona | None
    thing: Thing | None

    @property
    def expected(self) -> Outcome:
        return expected(self.door, self.persona, self.thing)

    @property
    def is_refused_unread(self) -> bool:
        """Refused by the role alone, before a row is looked for: alike whatever the database."""
        return self.expected == Outcome.SIGN_IN or (
            self.expected == Outcome.FORBIDDEN and self.thing is None
        )

    @property
    def is_crawled(self) -> bool:
        """Fetched by the crawl as well, which starts at every page that is open to a persona."""
        return (
            self.persona is not None
            and (self.door.method, self.expected) == ("GET", Outcome.GRANTED)
            and self.door.endpoint != "static"
        )

    @property
    def role(self) -> str:
        return self.persona.role.value if self.persona else "visitor"

    @property
    def relation(self) -> str:
        return relation(self.persona, self.thing).value if self.persona and self.thing else "–"

    def __str__(self) -> str:
        who = self.persona.login if self.persona else "visitor"
        whose = f" on {self.thing} ({self.relation})" if self.thing else ""
        return f"{self.door} as {who}{whose}"


def cases(chosen: Iterable[Door] = ()) -> Iterator[Case]:
    """Yield the matrix: per door, role, relation and expected outcome one persona and object.

    Which of several that stand alike is taken turns with the door, so that all of them are asked.
    """
    for number, door in enumerate(chosen or doors()):
        groups: dict[tuple[str, str, Outcome], list[Case]] = {}
        for case in all_cases(door):
            groups.setdefault((case.role, case.relation, case.expected), []).append(case)
        for group in groups.values():
            yield group[(number * 7) % len(group)]


def all_cases(door: Door) -> Iterator[Case]:
    subjects: list[Thing | None] = [*things_of(door.subject)] if door.subject else [None]
    for persona in (None, *personas()):
        for thing in subjects:
            yield Case(door, persona, thing)


def cases_of_the_database(app: flask.Flask) -> Iterator[Case]:
    """Yield the cases that ask a database something that no other case or test asks it.

    What refuses an object is the query of the loader that the view declares, by the same words at
    every door with that loader: each is asked once for a persona and an object.
    """
    asked = set()
    for case in cases():
        if case.is_refused_unread or case.is_crawled:
            continue
        query = _query_that_refuses(app, case)
        if query is None or query not in asked:
            asked.add(query)
            yield case


def _query_that_refuses(app: flask.Flask, case: Case) -> tuple[object, ...] | None:
    """Return all that the query depends on by which a case is refused; None if a view decides."""
    declared = declaration_of(app, case.door.endpoint)
    loader = declared.loader
    if loader is None or case.expected not in (Outcome.UNSEEN, Outcome.FORBIDDEN):
        return None
    permission = declared.permission if case.expected == Outcome.FORBIDDEN else loader.reads
    columns = frozenset(map(str, loader.columns.values()))
    return (loader.model, loader.reads, columns, permission, case.persona, case.thing)


def urls_of(app: flask.Flask) -> set[tuple[str, str]]:
    return {
        (method, rule.endpoint)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


@dataclass
class Run:
    """The answers to a matrix so far."""

    arena: Arena
    granted: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    told_apart: list[str] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    _missing: dict[tuple[str | None, str, str], str] = field(default_factory=dict)
    _asked_for_missing: set[Door] = field(default_factory=set)

    def ask(self, case: Case) -> Outcome | None:
        """Ask one question and note it if the answer is not the expected one."""
        answer = self._answer(case, self.path(case))
        outcome = outcome_of(answer, case)
        self.counts[case.role, case.relation] += 1
        if outcome is not None:
            self.outcomes[outcome] += 1
        note = f"{case}: expected {case.expected}, got {answer.status_code} {answer.location or ''}"
        if outcome is None:
            self.odd.append(note)
        elif outcome != case.expected:
            wider = outcome == Outcome.GRANTED or case.expected == Outcome.UNSEEN
            (self.granted if wider else self.refused).append(note)
        if outcome == Outcome.UNSEEN and normalised(answer) != self._missing_page(case):
            pages = normalised(answer).splitlines(), self._missing_page(case).splitlines()
            self.told_apart.append("\n".join([note, *unified_diff(*pages, lineterm="", n=0)]))
        return outcome

    def path(self, case: Case, found: str | None = None) -> str:
        """Return the URL of a case; ``found`` stands for the object instead of its own id."""
        door = case.door
        values = dict(door.values)
        if door.subject:
            rules = self.arena.app.url_map.iter_rules(door.endpoint)
            names = {name for rule in rules for name in rule.arguments} - set(values)
            assert case.thing is not None
            for name in names & PARTS:
                values[name] = self.arena.ids[name, case.thing.key]
            names -= PARTS
            assert len(names) == 1, f"{door}: verbs.csv leaves {names} without a value"
            values[names.pop()] = found or self.arena.ids[case.thing.kind, case.thing.key]
        return self.arena.path(door.endpoint, door.method, **values)

    def _answer(self, case: Case, path: str) -> TestResponse:
        login = case.persona.login if case.persona else None
        with nothing_is_committed():
            return self.arena.ask(login, case.door.method, path)

    def _missing_page(self, case: Case) -> str:
        """What the same persona gets for an object that does not exist: asked for once a door.

        At all doors of a room below one address the page is the same: it shows the room and offers
        the list that stands there. Whoever has not met it yet asks again.
        """
        login = case.persona.login if case.persona else None
        path = self.path(case, MISSING[case.door.subject])
        key = (login, case.door.endpoint.partition(".")[0], path.split("/")[1])
        if key not in self._missing or case.door not in self._asked_for_missing:
            page = normalised(self._answer(case, path))
            if page != self._missing.setdefault(key, page):
                self.told_apart.append(f"{case.door} has a page of its own for what is missing")
            assert page.startswith("404"), f"{path}: {page[:40]}"
            self._asked_for_missing.add(case.door)
        return self._missing[key]

    def __str__(self) -> str:
        kind = "SQLite" if self.arena.database.is_sqlite else "PostgreSQL"
        return (
            f"{kind}: {self.arena.requests} requests for {sum(self.counts.values())} cases"
            f" ({', '.join(f'{count} {name}' for name, count in sorted(self.outcomes.items()))});"
            f" unexpected grants {len(self.granted)}, unexpected refusals {len(self.refused)},"
            f" other faults {len(self.odd)}, foreign told apart from missing"
            f" {len(self.told_apart)}"
        )

    @property
    def faults(self) -> list[str]:
        return [*self.granted, *self.refused, *self.odd, *self.told_apart]


def outcome_of(answer: TestResponse, case: Case) -> Outcome | None:
    """Say what an answer means; None if no door should answer so."""
    status = answer.status_code
    if status in (403, 404):
        return Outcome(str(status))
    if 300 <= status < 400:
        is_to_sign_in = (answer.location or "").startswith("/sign-in")
        leaves = case.door.object == "public" or case.door.verb == "leave"
        return (
            Outcome.SIGN_IN if is_to_sign_in and not (leaves and case.persona) else Outcome.GRANTED
        )
    # Past the door a form may be incomplete (200, 422) or the state another (409).
    past = (200, 409, 422) if case.door.method == "POST" else (200,)
    return Outcome.GRANTED if status in past else None


def normalised(answer: TestResponse) -> str:
    # The length follows from the text, which is compared but for what differs anyway.
    kept = [(name, value) for name, value in answer.headers if name not in UNCOMPARED]
    headers = sorted(f"{name}: {value}" for name, value in kept)
    return CHANCE.sub("", "\n".join([answer.status, *headers, answer.text]))


def table_of(counts: Counter[tuple[str, str]]) -> str:
    """The number of cases by role and relation, as a table."""
    columns = sorted({relation_ for _, relation_ in counts})
    lines = [f"{'':12}" + "".join(f"{column:>24}" for column in columns)]
    for role in sorted({role for role, _ in counts}):
        numbers = "".join(f"{counts[role, column]:>24}" for column in columns)
        lines.append(f"{role:12}{numbers}")
    return "\n".join(lines)
