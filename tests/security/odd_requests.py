"""Odd requests to every door of the URL map, and what broke.

Which parameters a page has is not written down but listened to (listening.py): a new one is asked
from its first day. Odd parts of an address are asked for by everybody at the first door of each
loader, whose query refuses them, and by somebody at the others; what a view reads itself, by a
quarter of the roles on either database. For the rest each door is asked as somebody who may enter.
The worst values of a filter are asked for once a field of a form class, the others at each page in
turn. Forms are filled in as a person would, with one field odd or missing.
PostgreSQL, which takes fewer values as they come, is asked all of that of every door, SQLite of
every third one.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import quote

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.web.frame import declaration_of
from tests.architecture.expectations import Door, Outcome
from tests.architecture.facts import Persona
from tests.architecture.matrix import Case, Run, all_cases
from tests.security import oddities
from tests.security.listening import Heard, listening
from tests.support.arena import Arena
from tests.support.page_faults import parse
from tests.support.page_form import Form

SERVER_FAULT = 500
REDIRECTS = range(300, 400)
LISTENED = "listened"
"""A parameter that no page has: with it no query is empty, and every form reads its fields."""

TRIED_OBJECTS = 5
"""So many objects in different states are tried until a form goes through for one of them."""

IN_TURN = 1
"""So many odd values a parameter gets besides the worst ones; the next one gets the next ones."""

ON_SQLITE = 3
"""It is asked for odd queries and fields at every so-manieth door."""

OF_EVERY_FORM = {"csrf_token", "form_key"}
EVERY_FORM_AT = 8
"""What all forms have, and one place reads, is odd or missing at every so-manieth door."""

OF_ROLES = 4
"""One of so many roles is asked for by a database where no loader refuses."""

FORM = re.compile(r"<form\b.*?</form>", re.DOTALL)
FILE = (b"a,b\n1,2\n", "演示.csv")
FILLED = {"date": "2022-11-18", "number": "1", "password": "Yanshi-2022-mima"}


class Place(NamedTuple):
    """Where an odd value stands: in the path, the query or the form, and under which name."""

    kind: str
    name: str


@dataclass
class Odd:
    """What came of asking oddly; ``is_full`` asks for every value everywhere, else they take turns."""

    arena: Arena
    is_full: bool = False
    counts: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    passed: set[str] = field(default_factory=set)
    """The forms that went through with every field as it should be."""
    tried: int = 0
    """The forms that were filled in so."""
    faults: dict[str, str] = field(default_factory=dict)
    """By what broke and where: the first request that showed it."""
    _heard: Heard = field(default_factory=Heard)
    _turn: int = 0
    _doors: int = 0
    _refused_alike: set[object] = field(default_factory=set)
    """What refuses odd parts of addresses, as far as everybody has met it."""
    _filters: set[tuple[type, str]] = field(default_factory=set)
    """Form classes and their fields that have met the worst values."""

    def run(self, doors: Iterable[Door]) -> None:
        with listening(self.arena.app) as self._heard:
            for door in doors:
                self._doors += 1
                is_whole = self.is_full or self._doors % ON_SQLITE == 1
                is_whole |= not self.arena.database.is_sqlite
                case = self._case_of(door, is_form=is_whole and door.method == "POST")
                path = Run(self.arena).path(case)
                self._paths(door, case, path)
                if not is_whole:
                    continue
                self._query(door, case, path)
                if door.method == "POST":
                    self._form(door, case, path)

    def _case_of(self, door: Door, *, is_form: bool) -> Case:
        """Return a case that is let in; for a form one whose object lets it through, if any does."""
        reached = [case for case in all_cases(door) if case.expected == Outcome.GRANTED]
        by_state: dict[tuple[str | None, str], Case] = {}
        for case in reached:
            by_state.setdefault((case.thing and case.thing.state, case.role), case)
        self.tried += is_form
        for case in [*by_state.values()][:TRIED_OBJECTS] if is_form else ():
            path = Run(self.arena).path(case)
            answer = self._ask(
                door, case.persona, path, Place("form", ""), self._filled(case, path)
            )
            if answer.status_code in REDIRECTS:
                self.passed.add(str(door))
                return case
        return reached[0]

    def _paths(self, door: Door, case: Case, path: str) -> None:
        """Put odd values in the place of each part of the address."""
        everybody = [*{one.role: one.persona for one in all_cases(door)}.values()]
        adapter = self.arena.app.url_map.bind("localhost")
        rule, values = adapter.match(path, door.method, return_rule=True)
        for name in sorted(values.keys() & rule.arguments):
            address = partial(_address, rule.rule, values, name)
            refuses = self._what_refuses(door, rule, name)
            if refuses in self._refused_alike and not self.is_full:
                value = self._next(_quoted(oddities.ANY))
                self._ask(door, case.persona, address(value), Place("path", name))
                continue
            if refuses:
                self._refused_alike.add(refuses)
            for value in self._some(_quoted(oddities.WORST), _quoted(oddities.ANY)):
                self._ask(door, case.persona, address(value), Place("path", name))
            for persona in everybody if refuses else self._some_of(everybody):
                value = self._next(_quoted(oddities.ANY))
                self._ask(door, persona, address(value), Place("path", name))

    def _what_refuses(self, door: Door, rule: Rule, name: str) -> object:
        """Return what an odd part meets before its view: converter and loader; None: the view."""
        loader = declaration_of(self.arena.app, door.endpoint).loader
        if loader is None or name not in loader.columns:
            return None
        columns = frozenset(map(str, loader.columns.values()))
        converter = rule._converters[name]
        return (loader.model, loader.reads, columns, name, type(converter), converter.regex)

    def _query(self, door: Door, case: Case, path: str) -> None:
        """Ask for odd values of every parameter that the page reads, and for odd parameters."""
        persona = case.persona
        arguments = {one for rule in self.arena.app.url_map.iter_rules() for one in rule.arguments}
        unknown = "&".join(_pair(name, "1") for name in (*oddities.NAMES, *sorted(arguments)))
        self._ask(door, persona, f"{path}?{unknown}", Place("names", ""))
        if door.method == "POST":
            return
        self._heard.forget()
        self._ask(door, persona, f"{path}?{LISTENED}=1", Place("query", ""))
        names, forms = sorted(self._heard.names), dict(self._heard.forms)
        for name in names:
            for value in self._values_of(name, forms.get(name)):
                self._ask(door, persona, f"{path}?{_pair(name, value)}", Place("query", name))
        if names:
            every = [_pair(name, self._next(oddities.ANY)) for name in names]
            self._ask(door, persona, f"{path}?{'&'.join(every)}", Place("query", "all at once"))
        if "cursor" in names:
            self._sorted_pages(door, persona, path)

    def _sorted_pages(self, door: Door, persona: Persona | None, path: str) -> None:
        """Ask for odd cursors in every order that the list offers."""
        page = self._ask(door, persona, path, Place("query", "")).text
        orders = {part.split('"')[0].split("&")[0] for part in page.split("sort=")[1:]}
        for order in sorted(orders):
            for cursor in self._some((), oddities.CURSORS):
                query = f"sort={order}&{_pair('cursor', cursor)}"
                self._ask(door, persona, f"{path}?{query}", Place("query", f"cursor by {order}"))

    def _values_of(self, name: str, form: type | None) -> Sequence[str]:
        if name == "cursor":
            return self._some(oddities.WORST_CURSORS, oddities.CURSORS)
        if form is not None:
            if (form, name) in self._filters:
                return self._some((), oddities.ANY)
            self._filters.add((form, name))
        return self._some(oddities.WORST, oddities.ANY)

    def _form(self, door: Door, case: Case, path: str) -> None:
        """Send the form with each field odd in turn, twice, and missing."""
        filled = self._filled(case, path)
        self._heard.forget()
        self._ask(door, case.persona, path, Place("form", ""), filled)
        for name in sorted(self._heard.names | filled.keys()):
            if name in OF_EVERY_FORM and self._doors % EVERY_FORM_AT != 1 and not self.is_full:
                continue
            place = Place("form", name)
            rest = {key: value for key, value in filled.items() if key != name}
            self._ask(door, case.persona, path, place, rest)
            for value in self._some(oddities.WORST, oddities.ANY):
                self._ask(door, case.persona, path, place, {**rest, name: value})
            several = ["\u3000", self._next(oddities.ANY), "x"]
            self._ask(door, case.persona, path, place, {**rest, name: several})

    def _filled(self, case: Case, path: str) -> dict[str, Any]:
        """Return what a person would send: what stands in the form of the page, the rest filled in."""
        answer = self.arena.ask(case.persona and case.persona.login, "GET", path)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            return {}
        for found in FORM.findall(answer.text):
            page = _Page(path, parse(found, is_fragment=True)[0])
            form = Form(page, page.document.select("form")[0])
            if form.method == "post" and form.element.get("action", path) in ("", path):
                return dict(_filled_in(form))
        return {}

    def _some_of(self, everybody: Sequence[Persona | None]) -> Sequence[Persona | None]:
        """Return whom this database asks for here: the roles take turns with the doors."""
        if self.is_full:
            return everybody
        first = self._doors + self.arena.database.is_sqlite * OF_ROLES // 2
        return everybody[first % OF_ROLES :: OF_ROLES]

    def _some(self, worst: Sequence[str], values: Sequence[str]) -> Sequence[str]:
        return values if self.is_full else [*worst, *(self._next(values) for _ in range(IN_TURN))]

    def _next(self, values: Sequence[str]) -> str:
        self._turn += 1
        return values[self._turn % len(values)]

    def _ask(
        self,
        door: Door,
        persona: Persona | None,
        path: str,
        place: Place,
        data: Mapping[str, Any] | None = None,
    ) -> TestResponse:
        """Send one request and note what broke."""
        self._heard.faults.clear()
        login = persona.login if persona else None
        sent = {key: _rewound(value) for key, value in (data or {}).items()}
        answer = self.arena.ask(login, door.method, path, sent)
        self.counts[place.kind] += 1
        self.statuses[answer.status_code] += 1
        if answer.status_code >= SERVER_FAULT or self._heard.faults:
            inside = "; ".join(self._heard.faults)
            fault = f"{door} {place.kind} {place.name}: {answer.status_code} {inside}"
            value = str((data or {}).get(place.name, ""))
            self.faults.setdefault(fault, f"{login}: {path[:200]} {value[:100]!r}")
        return answer


class _Page(NamedTuple):
    """As much of a page as a form needs."""

    path: str
    document: Any


def _address(rule: str, values: Mapping[str, Any], name: str, value: str) -> str:
    """Return an address of a rule with one part replaced, whatever its converter would say."""
    parts = []
    for part in rule.split("/"):
        before, is_variable, rest = part.partition("<")
        inner, _, after = rest.partition(">")
        own = inner.rpartition(":")[2]
        kept = value if own == name else quote(str(values.get(own, "")), safe="")
        parts.append(f"{before}{kept}{after}" if is_variable else part)
    return "/".join(parts)


def _quoted(values: Iterable[str]) -> list[str]:
    return [_raw(value) for value in values if value]


def _pair(name: str, value: str) -> str:
    return f"{_raw(name)}={_raw(value)}"


def _raw(value: str) -> str:
    """Return a text as it stands in a URL; what is quoted already is no UTF-8 and stays."""
    return value if value in oddities.NOT_UTF8 else quote(value, safe="")


def _rewound(value: Any) -> Any:
    return (io.BytesIO(value[0]), value[1]) if isinstance(value, tuple) else value


def _filled_in(form: Form) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a form as a person would send them."""
    values = form.values
    for control in form.controls:
        name, kind = control.get("name"), control.get("type", "text")
        if not name or name == "csrf_token" or kind == "checkbox":
            continue
        chosen = next(filter(None, values.get(name, [])), None)
        offered = next(filter(None, form._choices_of(control)), None)
        yield name, FILE if kind == "file" else chosen or offered or FILLED.get(kind, "演示文字")
