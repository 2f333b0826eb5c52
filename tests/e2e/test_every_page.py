"""Every page of the URL map, as every role that may open it, in a real browser.

Of each visit: axe-core finds nothing, the browser reports no error (scripts, content security
policy), there is one h1, nothing is wider than the screen. Each page is also looked at on a phone,
and pictures of all are kept.
"""

from __future__ import annotations

from pathlib import Path
from time import monotonic

import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import DESKTOP, PHONE, DemoPortal, note_faults
from tests.e2e.page_checks import faults_of, prepare
from tests.e2e.plan_of_visits import ROLE_OF, VISITOR, Plan, Visit, pages_of, plan_visits
from tests.support.measured import Measured

PICTURES = Path(__file__).parent.parent / "screenshots" / "every-page"
"""Kept by each run of the tests and ignored by git; those of the documents are chosen by hand."""


@pytest.fixture(scope="module")
def plan(demo: DemoPortal) -> Plan:
    return plan_visits(demo)


def test_every_page_of_the_url_map_is_visited(demo: DemoPortal, plan: Plan) -> None:
    """By everybody who may open it; a new page without an object says what is to be added."""
    assert not plan.faults, "\n".join(plan.faults)
    assert {visit.endpoint for visit in plan.visits} == pages_of(demo.app)


@pytest.mark.parametrize("login", [VISITOR, *ROLE_OF])
def test_finds_no_fault_on_any_page_of(
    login: str | None, demo: DemoPortal, plan: Plan, measured: Measured
) -> None:
    visits = plan.of(login)
    began = monotonic()
    faults = _faults(demo, login, visits, DESKTOP)
    measured(
        f"axe-core at 1440 px as {login or 'visitor'}",
        f"{len(visits)} pages, {len(faults)} faults, {monotonic() - began:.0f} s",
    )
    assert not faults, "\n".join(faults)


def test_finds_no_fault_on_any_page_on_a_phone(
    demo: DemoPortal, plan: Plan, measured: Measured
) -> None:
    visits = list(plan.one_of_each_page())
    faults = []
    for login in dict.fromkeys(visit.login for visit in visits):
        own = [visit for visit in visits if visit.login == login]
        faults += _faults(demo, login, own, PHONE, picture=True)
    measured("axe-core at 390 px", f"{len(visits)} pages, {len(faults)} faults")
    assert not faults, "\n".join(faults)


def _faults(
    demo: DemoPortal,
    login: str | None,
    visits: list[Visit],
    size: tuple[int, int],
    *,
    picture: bool = False,
) -> list[str]:
    context = demo.context(login, size)
    prepare(context)
    page = context.new_page()
    faults: list[str] = []
    reported: list[str] = []
    note_faults(page, reported)
    try:
        for visit in visits:
            answer = page.goto(visit.path)
            assert answer is not None
            found = faults_of(page) if answer.ok else [f"answers {answer.status}"]
            found += reported
            reported.clear()
            faults += [f"{login} {visit.path} ({visit.endpoint}): {one}" for one in found]
            if picture:
                _keep(page, visit)
    finally:
        context.close()
    return faults


def _keep(page: Page, visit: Visit) -> None:
    """Keep pictures of a page at both widths."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for width, height in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": height})
        page.screenshot(path=PICTURES / f"{visit.name}-{width}.png")
    width, height = PHONE
    page.set_viewport_size({"width": width, "height": height})
