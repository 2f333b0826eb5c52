"""Everything that each persona can fetch: every open door of the URL map, and every link from there.

Lists are also fetched with each of their text filters set to what all canaries begin with, so that
a search finds them. A persona starts with one object of each relation and state at each door, and
follows links to some more of a kind and to some query strings of a page: to three on SQLite, to one
on PostgreSQL, where the same templates show what the same conditions let through.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urljoin, urlsplit

from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.architecture.expectations import Door, Outcome, doors, expected
from tests.architecture.facts import Persona, Thing, relation, things, things_of
from tests.architecture.matrix import Case, Run
from tests.security.canaries import OFFERED_NAMES, SEARCH, Canaries, Mark, may_show
from tests.support.arena import Arena

TAG = re.compile(r"<(/?)(a|form|input|button)\b([^>]*)>")
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


class Markup:
    """The links of a page, where its POST forms go, and the searches that its GET forms offer.

    Read by patterns: the page client of the page tests parses properly, at ten times the cost.
    """

    def __init__(self, html: str) -> None:
        self.links: list[str] = []
        self.posts: list[str] = []
        self.searches: list[str] = []
        self._form: str | None = None
        self._fields: dict[str, str] = {}
        for match in TAG.finditer(html):
            if not match[1]:
                pairs = ATTRIBUTE.findall(match[3])
                self._open(match[2], {name: unescape(value) for name, value in pairs})
            elif match[2] == "form":
                self._close_form()

    def _open(self, tag: str, values: dict[str, str]) -> None:
        if tag == "a":
            self.links.append(values.get("href", ""))
        if "hx-get" in values:
            self.links.append(values["hx-get"])
        if tag == "form":
            is_post = values.get("method", "get").lower() == "post"
            if is_post and "action" in values:  # else its buttons say where to, or it is this page
                self.posts.append(values["action"])
            self._form = None if is_post else values.get("action", "")
            self._fields = {}
        if values.get("formaction"):
            self.posts.append(values["formaction"])
        if tag == "input" and self._form is not None and values.get("name"):
            kind = values.get("type", "text")
            if kind in ("text", "search"):
                self._fields[values["name"]] = SEARCH
            elif kind == "hidden":
                self._fields[values["name"]] = values.get("value", "")

    def _close_form(self) -> None:
        """Yield one search a field: two at once would mostly find nothing."""
        for name, value in self._fields.items() if self._form is not None else ():
            if value == SEARCH:
                kept = {key: one for key, one in self._fields.items() if one != SEARCH}
                self.searches.append(f"{self._form}?{urlencode({**kept, name: value})}")
        self._form, self._fields = None, {}


@dataclass(frozen=True)
class Leak:
    persona: Persona
    path: str
    mark: Mark

    def __str__(self) -> str:
        return f"{self.persona.login} reads {self.mark} at {self.path}"


@dataclass
class Crawl:
    """What came of fetching everything as everybody."""

    arena: Arena
    canaries: Canaries
    further: int
    """So many query strings of a page, and objects of a kind beside the first, are asked for."""
    pages: int = 0
    leaks: set[Leak] = field(default_factory=set)
    shown: dict[str, set[Mark]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    """Links and buttons that a page offers although they lead to a refusal."""
    broken: set[str] = field(default_factory=set)
    by_endpoint: Counter[str] = field(default_factory=Counter)
    _judged: dict[tuple[Persona, Mark, bool], bool] = field(default_factory=dict)

    def run(self, readers: Iterable[Persona]) -> None:
        for persona in readers:
            self._persona(persona)

    def _persona(self, persona: Persona) -> None:
        queue: deque[tuple[str, str]] = deque((path, "") for path in self._starts(persona))
        known = {path for path, _ in queue}
        variants: Counter[str] = Counter()
        objects: Counter[str] = Counter()
        self.shown[persona.login] = set()
        while queue:
            path, source = queue.popleft()
            bare = path.partition("?")[0]
            if source and not variants[bare]:
                objects[self._endpoint(path)] += 1
            variants[bare] += 1
            if max(variants[bare], objects[self._endpoint(path)]) > self.further:
                continue
            answer = self.arena.ask(persona.login, "GET", path)
            self.pages += 1
            self.by_endpoint[self._endpoint(path)] += 1
            for link in self._read(persona, path, source, answer):
                if link not in known:
                    known.add(link)
                    queue.append((link, path))

    def _starts(self, persona: Persona) -> Iterator[str]:
        """Every door that is open to the persona, with every object that it may see there."""
        run = Run(self.arena)
        for door in doors():
            if door.method != "GET" or door.endpoint == "static":
                continue
            subjects: list[Thing | None] = [*things_of(door.subject)] if door.subject else [None]
            open_ones = [one for one in subjects if expected(door, persona, one) == Outcome.GRANTED]
            alike = {(one and (relation(persona, one), one.state)): one for one in open_ones}
            for thing in alike.values():
                yield run.path(Case(door, persona, thing))

    def _read(
        self, persona: Persona, path: str, source: str, answer: TestResponse
    ) -> Iterator[str]:
        """Note what stands in an answer; yield where it leads."""
        is_closed = answer.status_code in (401, 403, 404) or _own(
            path, answer.location or ""
        ).startswith("/sign-in")
        if is_closed or answer.status_code not in (200, 301, 302, 303):
            where = self.closed if is_closed else self.broken
            where.add(f"{persona.login}: {source} → {path}: {answer.status_code}")
        content = answer.data + str(answer.headers).encode()
        endpoint = self._endpoint(path)
        for mark in self.canaries.found_in(content):
            if self._may_show(persona, mark, endpoint):
                self.shown[persona.login].add(mark)
            else:
                self.leaks.add(Leak(persona, path, mark))
        if answer.location:
            yield _own(path, answer.location)
        if answer.mimetype != "text/html":
            return
        markup = Markup(answer.text)
        for action in markup.posts:
            self._check_post(persona, path, _own(path, action or path))
        for link in (*markup.links, *markup.searches):
            target = _own(path, link)
            if target and not target.startswith("/static"):
                yield target

    def _may_show(self, persona: Persona, mark: Mark, endpoint: str) -> bool:
        key = (persona, mark, endpoint in OFFERED_NAMES)
        if key not in self._judged:
            self._judged[key] = may_show(self.canaries, persona, mark, endpoint)
        return self._judged[key]

    def _endpoint(self, path: str, method: str = "GET") -> str:
        adapter = self.arena.app.url_map.bind("localhost")
        try:
            return adapter.match(path.partition("?")[0], method)[0]
        except HTTPException:
            return ""

    def _check_post(self, persona: Persona, path: str, action: str) -> None:
        """Note a form that the persona is offered but may not send."""
        bare = action.partition("?")[0]
        try:
            endpoint, values = self.arena.app.url_map.bind("localhost").match(bare, "POST")
        except HTTPException:
            self.broken.add(f"{persona.login}: {path} offers POST {action}, which is no address")
            return
        named = {str(value) for value in values.values()}
        door = _door(endpoint, named)
        if door is None:
            return  # the matrix fails: verbs.csv does not know it
        thing = None
        if door.subject:
            ids = self.arena.ids
            here = (one for one in things() if one.kind == door.subject)
            thing = next((one for one in here if ids[one.kind, one.key] in named), None)
            if thing is None:
                return  # made after the facts were written down: a correction
        if expected(door, persona, thing) != Outcome.GRANTED:
            self.closed.add(f"{persona.login}: {path} offers POST {action}")


def _door(endpoint: str, named: set[str]) -> Door | None:
    found = [door for door in doors() if (door.method, door.endpoint) == ("POST", endpoint)]
    exact = [door for door in found if set(door.values.values()) <= named]
    return next(iter(exact or found), None)


def _own(path: str, link: str) -> str:
    """Return a link as a path of this portal, or nothing if it leads elsewhere."""
    parts = urlsplit(urljoin(f"http://localhost{path}", link))
    if parts.netloc != "localhost" or parts.scheme != "http":
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
