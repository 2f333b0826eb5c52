"""Pages as they rarely look: forms sent back, refusals, high contrast, large letters; axe on each."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from portal.web.display import COOKIE
from tests.e2e.conftest import DESKTOP, PHONE, DemoPortal
from tests.e2e.page_checks import faults_of, prepare
from tests.e2e.plan_of_visits import plan_visits
from tests.support.measured import Measured

KEY_PAGES = (
    ("yanshi-send-staff", "/"),
    ("yanshi-send-staff", "/workdays/new"),
    ("yanshi-send-mgr", "/workdays/confirmation"),
    ("yanshi-county", "/"),
    ("yanshi-prov", "/pairings/YS26-640303?year=2026"),
    ("yanshi-national", "/"),
    ("yanshi-national", "/summary"),
    ("yanshi-national", "/dashboard"),
    ("yanshi-national", "/design"),
)

REFUSALS = (
    (None, "/nowhere", 404),
    ("yanshi-send-staff", "/pairings/2022-000000-99", 404),
    ("yanshi-county-rural", "/organisations/new", 403),
    ("yanshi-send-staff", "/accounts", 403),
)

SENT_EMPTY = """() => {
    const form = [...document.querySelectorAll('main form[method=post]')].find((one) =>
        one.querySelector('input:not([type=hidden]):not([type=submit]), textarea, select'));
    if (!form) return false;
    for (const one of form.querySelectorAll('textarea, input:not([type=hidden])'))
        if (['checkbox', 'radio'].includes(one.type)) one.checked = false;
        else one.value = '';
    for (const one of form.querySelectorAll('select')) one.value = '';
    HTMLFormElement.prototype.submit.call(form);
    return true;
}"""
FORMS_WITH_ERRORS = 15
"""At least so many forms say what is missing; fewer mean that this test no longer sends them."""


@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["1440", "390"])
@pytest.mark.parametrize("theme", ["contrast", "care"])
def test_finds_no_fault_in_another_theme(
    theme: str, size: tuple[int, int], demo: DemoPortal
) -> None:
    faults = []
    for login in dict.fromkeys(login for login, _ in KEY_PAGES):
        with demo.visited(login, size) as page:
            prepare(page.context)
            cookie = {"name": COOKIE, "value": f"{theme}.compact", "url": demo.url}
            page.context.add_cookies([cookie])
            for path in (path for who, path in KEY_PAGES if who == login):
                page.goto(path)
                assert page.locator("html").get_attribute("data-theme") == theme
                faults += [f"{login} {path}: {one}" for one in faults_of(page)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("login", "path", "status"), REFUSALS)
def test_finds_no_fault_on_a_refusal(
    login: str | None, path: str, status: int, demo: DemoPortal
) -> None:
    context = demo.context(login)
    prepare(context)
    page = context.new_page()
    answer = page.goto(path)
    assert answer is not None
    assert answer.status == status
    assert faults_of(page) == []
    context.close()


def test_finds_no_fault_on_a_form_that_is_sent_back(demo: DemoPortal, measured: Measured) -> None:
    """Every form is sent empty, each by an account that may; what comes back names its errors."""
    faults: list[str] = []
    returned = set()
    visits = [
        visit
        for visit in plan_visits(demo, is_for_all=False).one_of_each_page()
        if 'method="post"' in demo.ask(visit.login, visit.path).text.partition("<main")[2]
    ]
    for login in dict.fromkeys(visit.login for visit in visits):
        context = demo.context(login)
        prepare(context)
        page = context.new_page()
        for visit in (visit for visit in visits if visit.login == login):
            page.goto(visit.path)
            if not _sent_empty(page) or not page.locator("[data-error-summary]").count():
                continue
            returned.add(visit.endpoint)
            faults += [f"{login} {visit.path} sent empty: {one}" for one in faults_of(page)]
        context.close()
    measured("forms sent back with errors, judged by axe-core", str(len(returned)))
    assert not faults, "\n".join(faults)
    assert len(returned) >= FORMS_WITH_ERRORS, sorted(returned)


def _sent_empty(page: Page) -> bool:
    if not page.locator("main form[method=post]").count():
        return False
    with page.expect_event("framenavigated"):
        is_sent = page.evaluate(SENT_EMPTY)
        if not is_sent:
            page.reload()
    page.wait_for_load_state()
    return bool(is_sent)
