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

from tests.architecture.expectations import Door, Outcome, doors, expected
from tests.architecture.facts import Persona, Thing, personas, relation, things_of
from tests.support.arena import Arena

MISSING = {
    # What stands in a URL for an object that nobody has.
    "organisation": "52110101MJ00000000",
    "person": "AAAAAAAAAAAAAAAA",
    "pairing": "2022-000000-99",
    "assignment": "AAAAAAAAAAAAAAAA",
    "workday": "999999999",
    "province": "990000",
    "account": "AAAAAAAAAAAAAAAA",
}

CHANCE = re.compile(
    r'<span class="q-number">[0-9A-F]{8}</span>'
    r'|name="(csrf_token|form_key)" value="[^"]*"|name="csrf-token" content="[^"]*"'
)
"""What differs between two answers to the same question: reference, tokens."""


class Case(NamedTuple):
    door: Door
    persona: Persona | None
    thing: Thing | None

    @property
    def expected(self) -> Outcome:
        return expected(self.door, self.persona, self.thing)

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
    """Yield the matrix; per door and persona one object of each relation and outcome."""
    everybody = [None, *personas()]
    for number, door in enumerate(chosen or doors()):
        for persona in everybody:
            if not door.subject:
                yield Case(door, persona, None)
            elif persona is None:
                yield Case(door, None, things_of(door.subject)[0])
            else:
                yield from _one_of_each(door, persona, number)


def _one_of_each(door: Door, persona: Persona, number: int) -> Iterator[Case]:
    groups: dict[tuple[str, Outcome], list[Case]] = {}
    for thing in things_of(door.subject):
        case = Case(door, persona, thing)
        groups.setdefault((case.relation, case.expected), []).append(case)
    for group in groups.values():
        yield group[number % len(group)]


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
    _missing: dict[tuple[str, str | None], str] = field(default_factory=dict)

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
            assert len(names) == 1, f"{door}: verbs.csv leaves {names} without a value"
            assert case.thing is not None
            values[names.pop()] = found or self.arena.ids[case.thing.kind, case.thing.key]
        return self.arena.path(door.endpoint, door.method, **values)

    def _answer(self, case: Case, path: str) -> TestResponse:
        login = case.persona.login if case.persona else None
        before = self.arena.events() if case.door.method == "POST" else 0
        answer = self.arena.ask(login, case.door.method, path)
        if case.door.method == "POST" and self.arena.events() != before:
            self.arena.renew()
        return answer

    def _missing_page(self, case: Case) -> str:
        """What the same persona gets at the same door for an object that does not exist."""
        key = (str(case.door), case.persona.login if case.persona else None)
        if key not in self._missing:
            path = self.path(case, MISSING[case.door.subject])
            answer = self._answer(case, path)
            assert answer.status_code == 404, f"{path}: {answer.status_code}"
            self._missing[key] = normalised(answer)
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
    headers = sorted(f"{name}: {value}" for name, value in answer.headers if name != "Date")
    return CHANCE.sub("", "\n".join([answer.status, *headers, answer.text]))


def table_of(counts: Counter[tuple[str, str]]) -> str:
    """The number of cases by role and relation, as a table."""
    columns = sorted({relation_ for _, relation_ in counts})
    lines = [f"{'':12}" + "".join(f"{column:>24}" for column in columns)]
    for role in sorted({role for role, _ in counts}):
        numbers = "".join(f"{counts[role, column]:>24}" for column in columns)
        lines.append(f"{role:12}{numbers}")
    return "\n".join(lines)
