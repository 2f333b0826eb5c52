"""Every page of the URL map, as every role that may open it, in a real browser.

Of each visit: axe-core finds nothing, the browser reports no error (scripts, content security
policy), there is one h1, nothing is wider than the screen. What differs from a page seen before in
words, numbers and repeated rows only is fetched but not drawn again. Each page is also looked at on
a phone; ``EVERY_PICTURE=1`` keeps a picture of all.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import DESKTOP, PHONE, DemoPortal, note_faults
from tests.e2e.page_checks import Memory, faults_of, layout_faults_of, prepare
from tests.e2e.plan_of_visits import (
    ROLE_OF,
    VISITOR,
    Plan,
    Visit,
    pages_among_no_pages,
    pages_of,
    plan_visits,
)
from tests.support.measured import Measured

PICTURES = Path(__file__).parent.parent / "screenshots" / "every-page"
"""Ignored by git; those of the documents are chosen by hand."""

ARE_KEPT = os.environ.get("EVERY_PICTURE") == "1"


@pytest.fixture(scope="module")
def memory() -> Memory:
    return Memory()


@pytest.fixture(scope="module")
def plan(demo: DemoPortal) -> Plan:
    return plan_visits(demo)


def test_every_page_of_the_url_map_is_visited(
    demo: DemoPortal, plan: Plan, measured: Measured
) -> None:
    """By everybody who may open it; a new page without an object says what is to be added."""
    pages = {visit.endpoint for visit in plan.visits}
    combinations = {(visit.login, visit.endpoint) for visit in plan.visits}
    measured(
        "every page as every role",
        f"{len(pages)} pages, {len(combinations)} pages × roles ({len(ROLE_OF)} accounts and a"
        f" visitor), {len(plan.visits)} visits at 1440 px",
    )
    assert not plan.faults, "\n".join(plan.faults)
    assert pages == pages_of(demo.app)


def test_what_counts_as_no_page_answers_none(demo: DemoPortal) -> None:
    assert pages_among_no_pages(demo) == []


@pytest.mark.parametrize("login", [VISITOR, *ROLE_OF])
def test_finds_no_fault_on_any_page_of(
    login: str | None, demo: DemoPortal, plan: Plan, memory: Memory, measured: Measured
) -> None:
    tour = Tour(demo, memory)
    tour.go(login, plan.of(login), DESKTOP, pictured=plan.one_of_each_page())
    measured(f"every page at 1440 px as {login or 'visitor'}", str(tour))
    assert not tour.faults, "\n".join(tour.faults)


def test_finds_no_fault_on_any_page_on_a_phone(
    demo: DemoPortal, plan: Plan, measured: Measured
) -> None:
    tour = Tour(demo, Memory())
    visits = list(plan.one_of_each_page())
    for login in dict.fromkeys(visit.login for visit in visits):
        own = [visit for visit in visits if visit.login == login]
        tour.go(login, own, PHONE, pictured=own)
    measured("every page at 390 px", str(tour))
    assert not tour.faults, "\n".join(tour.faults)


@dataclass
class Tour:
    """Visits to pages in a browser, and every fault found on the way."""

    demo: DemoPortal
    memory: Memory
    visits: int = 0
    judged: int = 0
    faults: list[str] = field(default_factory=list)
    began: float = field(default_factory=monotonic)

    def __str__(self) -> str:
        return (
            f"{self.visits} visits, of which the browser and axe-core judged {self.judged} (the others"
            f" repeat content and frame), {len(self.faults)} faults, {monotonic() - self.began:.0f} s"
        )

    def go(
        self,
        login: str | None,
        visits: Iterable[Visit],
        size: tuple[int, int],
        *,
        pictured: Iterable[Visit] = (),
    ) -> None:
        """Open pages one after another in one browser of an account; keep pictures of some."""
        kept = set(pictured) if ARE_KEPT else set()
        PICTURES.mkdir(parents=True, exist_ok=True)
        context = self.demo.context(login, size)
        prepare(context)
        page = context.new_page()
        reported: list[str] = []
        note_faults(page, reported)
        for visit in visits:
            found = [*self._open(page, visit, is_drawn=visit in kept), *reported]
            reported.clear()
            self.faults += [f"{login} {visit.path} ({visit.endpoint}): {one}" for one in found]
            if visit in kept:
                page.screenshot(path=PICTURES / f"{visit.name}-{size[0]}.png")
        context.close()

    def _open(self, page: Page, visit: Visit, *, is_drawn: bool) -> list[str]:
        self.visits += 1
        # What leads elsewhere is judged as what it leads to; what fails the browser is to see.
        tried = self.demo.tried.pop((visit.login, visit.path), None)
        fetched = tried or self.demo.ask(visit.login, visit.path, follow_redirects=True)
        is_new = fetched.status_code != HTTPStatus.OK or self.memory.is_new(fetched.text)
        if not is_new and not is_drawn:
            return []
        answer = page.goto(visit.path)
        assert answer is not None
        if not answer.ok:
            return [f"answers {answer.status}"]
        if not is_new:
            return layout_faults_of(page)
        self.judged += 1
        return faults_of(page)
