"""A page below a list says where it stands, and every step of that trail opens for the reader."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from html import unescape

import pytest

from portal.rooms import HOUSE
from tests.architecture.expectations import Outcome, doors
from tests.architecture.matrix import Case, Run, all_cases
from tests.support.arena import Arena

HOME = "首页"
ALONE = {
    # Pages that stand beside the navigation, and why.
    "access.sign_in": "nobody is signed in yet",
    "access.ask_for_password": "nobody is signed in yet",
    "access.change_password": "from the account menu of every page",
    "accounts.show_own": "from the account menu of every page",
    "accounts.deputies.show_deputies": "from the account menu of every page",
    "calendar.show_year": "where 工作日历 leads",
    "jobs.list_jobs": "from the account menu of every page",
    "search.search": "from the head of every page",
    "display.show_display": "from the account menu of every page",
    "feedback.send_feedback": "from the foot of every page",
    "help.show_index": "from the foot of every page",
}


ENTRY = re.compile(r'<a class="q-nav__link" href="([^"]*)"')
LIT = re.compile(r'<a class="q-nav__link" href="([^"]*)" aria-current="page"')


def pages_below(arena: Arena) -> Iterator[Case]:
    """One case a door and role: whoever may open it, with an object where it needs one."""
    first_level = {door.endpoint for door in HOUSE.doors} | ALONE.keys()
    for door in doors():
        if door.method != "GET" or door.endpoint in first_level | {"static"}:
            continue
        known = set()
        for case in all_cases(door):
            if case.persona and case.role not in known and case.expected == Outcome.GRANTED:
                known.add(case.role)
                yield case


def lit_in(html: str) -> list[str]:
    """Where the entry of the navigation leads that is shown as the present one."""
    return [unescape(target) for target in LIT.findall(html)]


def trail_of(html: str) -> list[tuple[str, str]]:
    """Where each step leads, and its name; read by patterns, which is quick."""
    trail = re.search(r'<nav class="q-breadcrumbs".*?</nav>', html, re.DOTALL)
    steps = re.findall(r'<a href="([^"]*)">([^<]*)</a>', trail[0]) if trail else []
    return [(unescape(target), unescape(name)) for target, name in steps]


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_every_page_below_a_list_has_a_trail_that_its_reader_can_follow(arena: Arena) -> None:
    run, faults, asked = Run(arena), [], dict[tuple[str, str], int]()
    trails: Counter[str] = Counter()
    for case in pages_below(arena):
        assert case.persona is not None
        login = case.persona.login
        answer = arena.ask(login, "GET", run.path(case))
        if answer.mimetype != "text/html" or "<main" not in answer.text:
            continue  # a file, a part of a page, or a redirect to one that is asked for itself
        steps = trail_of(answer.text)
        trails[case.door.endpoint] += 1
        names = [name for _, name in steps]
        if names[:1] != [HOME] or len(names) < 2:
            faults.append(f"{case}: {' → '.join(names) or 'no trail'}")
        first, entries = steps[1][0] if len(steps) > 1 else "", ENTRY.findall(answer.text)
        if first in map(unescape, entries) and lit_in(answer.text) != [first]:
            faults.append(f"{case}: below {first}, lit is {lit_in(answer.text) or 'nothing'}")
        for target, name in steps:
            if (login, target) not in asked:
                asked[login, target] = arena.ask(login, "GET", target).status_code
            if asked[login, target] != 200:
                faults.append(f"{case}: {name} ({target}) answers {asked[login, target]}")
    sys.stdout.write(f"{len(trails)} pages, {sum(trails.values())} trails, {len(asked)} steps\n")
    assert not faults, "\n".join([f"{len(faults)} faults", *faults[:80]])
    assert len(trails) > 30


def test_pages_that_stand_alone_are_still_there(arena: Arena) -> None:
    assert ALONE.keys() <= arena.app.view_functions.keys()
