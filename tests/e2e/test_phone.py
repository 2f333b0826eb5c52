"""The worker's phone: few taps, large targets, no script needed, old browsers, narrow and enlarged."""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import playwright
import pytest
from playwright.sync_api import Locator, Page, expect

from portal.access.demo_account_rules import DEMO_PASSWORD
from tests.e2e.conftest import PHONE, DemoPortal
from tests.e2e.page_checks import layout_faults_of
from tests.support.browser import ROOT
from tests.support.measured import Measured

WORDS = "演示：入户走访三户困难家庭，建档并约定下次服务。"

WORKERS = ("yanshi-send-staff", "yanshi-recv-staff")
TAPS = 3
TARGET_PX = 44
LABEL_PX = 80
"""So wide at least is the column of labels in a card."""

KEY_PAGES = (
    ("yanshi-send-staff", "/"),
    ("yanshi-send-staff", "/workdays/new"),
    ("yanshi-send-staff", "/workdays"),
    ("yanshi-send-mgr", "/"),
    ("yanshi-send-mgr", "/workdays/confirmation"),
    ("yanshi-county", "/"),
    ("yanshi-county", "/workdays/approval"),
    ("yanshi-county", "/organisations/new"),
    ("yanshi-prov", "/"),
    ("yanshi-prov", "/pairings"),
    ("yanshi-prov", "/pairings/YS26-640303?year=2026"),
    ("yanshi-national", "/"),
    ("yanshi-national", "/summary"),
    ("yanshi-national", "/programme/policy"),
    ("yanshi-sys-admin", "/accounts"),
)


@dataclass
class Hand:
    """Counts what a person does on a phone; to reach a text field is a tap, too."""

    taps: int = 0
    sentences: int = 0

    def tap(self, target: Locator) -> None:
        target.tap()
        self.taps += 1

    def say(self, target: Locator, words: str) -> None:
        self.tap(target)
        target.fill(words)
        self.sentences += 1


def log_today(page: Page) -> Hand:
    """From the home page to the receipt, as a worker does who knows the way."""
    hand = Hand()
    page.goto("/")
    words = page.get_by_label("工作内容")
    if not words.count():
        hand.tap(page.get_by_role("main").get_by_role("link", name=re.compile("填报")).first)
    hand.say(words, WORDS)
    hand.tap(page.get_by_role("button", name="提交"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("已提交")
    return hand


@pytest.mark.parametrize("login", WORKERS)
def test_logs_today_in_three_taps_and_one_sentence(
    login: str, demo: DemoPortal, measured: Measured
) -> None:
    with demo.visited(login, PHONE) as page:
        hand = log_today(page)
    measured(f"taps to log today as {login}", f"{hand.taps}, and {hand.sentences} sentence")
    assert hand.taps <= TAPS
    assert hand.sentences == 1


def test_what_was_typed_outlives_a_lost_signal(demo: DemoPortal) -> None:
    with demo.visited("yanshi-recv-staff", PHONE) as page:
        page.goto("/workdays/new")
        page.get_by_role("radio", name="半天").check()
        page.get_by_label("工作内容").fill(WORDS)
        expect(page.locator("[data-kept-at]")).to_have_text(
            re.compile(r"已保存 \d+:\d\d（在本机，还没有提交）")
        )
        page.context.set_offline(True)
        page.get_by_role("button", name="提交").tap()
        expect(page.get_by_text("现在没有网络，还没有提交。")).to_be_visible()
        page.context.set_offline(False)
        page.goto("/")
        page.goto("/workdays/new")
        expect(page.get_by_text("上次没有发出的内容已恢复")).to_be_visible()
        expect(page.get_by_label("工作内容")).to_have_value(WORDS)
        expect(page.get_by_role("radio", name="半天")).to_be_checked()
        page.reload()
        expect(page.get_by_label("工作内容")).to_have_value(WORDS)
        page.get_by_role("link", name="不要了，重新填").tap()
        expect(page.get_by_label("工作内容")).to_have_value("")
        expect(page.get_by_text("上次没有发出的内容已恢复")).to_be_hidden()


def test_what_was_typed_outlives_a_session_that_is_over(demo: DemoPortal) -> None:
    with demo.opened("yanshi-recv-staff", PHONE) as page:
        page.goto("/workdays/new")
        page.get_by_label("工作内容").fill(WORDS)
        page.context.clear_cookies()
        page.goto("/workdays/new")
        page.get_by_label("登录名").fill("yanshi-recv-staff")
        page.get_by_label("密码").fill(DEMO_PASSWORD)
        page.get_by_role("button", name="登录").click()
        page.wait_for_load_state()
        page.goto("/workdays/new")
        expect(page.get_by_text("上次没有发出的内容已恢复")).to_be_visible()
        expect(page.get_by_label("工作内容")).to_have_value(WORDS)


def test_logs_a_day_without_any_script(demo: DemoPortal) -> None:
    with demo.visited("yanshi-send-staff", PHONE, java_script_enabled=False) as page:
        page.goto("/workdays/new")
        page.locator(".q-day > input:not(:checked)").first.tap()
        page.get_by_label("工作内容").fill(WORDS)
        page.get_by_role("button", name="提交").tap()
        expect(page.get_by_role("heading", level=1)).to_contain_text("已提交")


def test_finds_the_way_home_and_back_without_any_script(demo: DemoPortal) -> None:
    with demo.visited("yanshi-send-staff", PHONE, java_script_enabled=False) as page:
        page.goto("/")
        page.get_by_role("link", name="菜单").tap()
        page.get_by_role("navigation", name="主导航").get_by_role("link", name="工作日志").tap()
        expect(page.get_by_role("heading", level=1)).to_contain_text("工作日志")


# What can be tapped and is smaller than it should be. An element counts with its label; a link
# inside a sentence does not count, nor a day of the calendar picture, which the list of the month
# beside it repeats in full size (WCAG 2.2, 2.5.8: inline, equivalent).
SMALL = """(least) => {
    const clipped = (element) => {
        for (let one = element; one; one = one.parentElement)
            if (getComputedStyle(one).clipPath === 'inset(50%)') return true;
        return false;
    };
    const shown = (element) => {
        const box = element.getBoundingClientRect();
        const style = getComputedStyle(element);
        return box.width > 2 && box.height > 2 && style.visibility !== 'hidden' && !clipped(element)
            && !element.closest('.visually-hidden, .q-skip, [hidden], details:not([open]) > :not(summary)');
    };
    const inSentence = (element) => {
        if (element.localName !== 'a' || getComputedStyle(element).display !== 'inline') return false;
        const around = element.parentElement.textContent.trim();
        return around.length > element.textContent.trim().length;
    };
    const sides = (element) => {
        const boxes = [element, ...(element.labels || [])].map((one) => one.getBoundingClientRect());
        return [
            Math.max(...boxes.map((box) => box.right)) - Math.min(...boxes.map((box) => box.left)),
            Math.max(...boxes.map((box) => box.bottom)) - Math.min(...boxes.map((box) => box.top)),
        ];
    };
    const all = 'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button]';
    return [...document.querySelectorAll(all)]
        .filter((one) => shown(one) && !inSentence(one) && !one.closest('svg') && !one.disabled)
        .map((one) => [one, ...sides(one)])
        .filter(([, width, height]) => width < least - 0.5 || height < least - 0.5)
        .map(([one, width, height]) =>
            `${Math.round(width)}×${Math.round(height)} ${one.outerHTML.slice(0, 120)}`);
}"""


@pytest.mark.parametrize("login", WORKERS)
def test_everything_a_worker_taps_is_44_px(login: str, demo: DemoPortal) -> None:
    with demo.visited(login, PHONE) as page:
        page.goto("/workdays")
        own = page.locator("main a[href^='/workdays/']").evaluate_all(
            "links => links.map(link => link.getAttribute('href'))"
        )
        days = [path for path in own if re.fullmatch(r"/workdays/\d+", path)]
        assert days, "the list links each entry"
        small = []
        for path in ("/", "/workdays/new", "/workdays", days[0], "/calendar", "/password"):
            page.goto(path)
            for menu in page.locator("details").all():
                menu.evaluate("element => { element.open = true; }")
            small += [f"{path}: {one}" for one in page.evaluate(SMALL, TARGET_PX)]
    assert not small, "\n".join(small)


# ---- enlarged and narrow: WCAG 2.2, 1.4.4 and 1.4.10 ----


@pytest.mark.parametrize("width", [720, 320])
def test_no_page_scrolls_sideways_at(width: int, demo: DemoPortal) -> None:
    """720 px is a screen of 1440 at 200 %, 320 px one of 1280 at 400 %."""
    assert not _layout_faults(demo, width)


def _layout_faults(demo: DemoPortal, width: int) -> str:
    faults = []
    for login in dict.fromkeys(login for login, _ in KEY_PAGES):
        with demo.visited(login, (width, 900)) as page:
            for path in (path for who, path in KEY_PAGES if who == login):
                page.goto(path)
                faults += [f"{login} {path}: {one}" for one in layout_faults_of(page)]
    return "\n".join(faults)


def test_nothing_moves_for_those_who_asked_for_it(demo: DemoPortal) -> None:
    """prefers-reduced-motion: neither a transition nor an animation is left."""
    moving = """() => [...document.querySelectorAll('*')].filter((one) => {
        const style = getComputedStyle(one);
        const seconds = style.transitionDuration.split(',').map(parseFloat);
        return Math.max(...seconds) > 0.01 || style.animationName !== 'none';
    }).map((one) => one.outerHTML.slice(0, 80))"""
    with demo.visited("yanshi-national", reduced_motion="no-preference") as page:
        page.goto("/")
        assert page.evaluate(moving), "the control: the portal does move a little"
    with demo.visited("yanshi-national", reduced_motion="reduce") as page:
        for path in ("/", "/design", "/summary"):
            page.goto(path)
            assert page.evaluate(moving) == []


# ---- the WebView of an old phone ----

OWN_SCRIPTS = sorted((ROOT / "static" / "js").glob("*.js"))

PARSE = """
    const acorn = require('internal/deps/acorn/acorn/dist/acorn');
    const source = require('fs').readFileSync(process.argv[1], 'utf8');
    try { acorn.parse(source, { ecmaVersion: 2018, sourceType: 'module' }); }
    catch (fault) { console.log(fault.message); }
"""

NEWER_CALLS = re.compile(
    r"\.(replaceChildren|replaceAll|requestSubmit|flatMap|flat|matchAll|at|findLast|hasOwn"
    r"|toSorted|toReversed|checkVisibility|showPopover|allSettled|fromEntries)\("
    r"|\b(structuredClone|queueMicrotask)\("
)
"""Functions that came after 2018; `globalThis` and the like would be a ReferenceError, too."""


@pytest.mark.parametrize("script", OWN_SCRIPTS, ids=lambda path: path.name)
def test_is_written_in_what_an_old_webview_reads(script: Path) -> None:
    assert _syntax_fault(script) == ""
    code = re.sub(r"//[^\n]*|/\*.*?\*/", "", script.read_text("utf-8"), flags=re.DOTALL)
    assert [found[0] for found in NEWER_CALLS.finditer(code)] == []


def test_the_parser_refuses_what_is_newer(tmp_path: Path) -> None:
    for newer in ("a?.b;", "a ?? b;", "a ??= b;", "class A { #b = 1; }", "const a = 1_000;"):
        script = tmp_path / "newer.js"
        script.write_text(newer, "utf-8")
        assert _syntax_fault(script), newer


def _syntax_fault(script: Path) -> str:
    """Parse as ES2018 by the acorn that node has inside; return its complaint."""
    node = Path(playwright.__file__).parent / "driver" / "node"
    command = [node, "--expose-internals", "--no-warnings", "--eval", PARSE, script]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return answer.stdout.strip()


OPEN_ROWS = """() => document.querySelectorAll('.q-opens > details').forEach((one) => { one.open = true; })"""


def test_what_a_cell_holds_stands_beside_its_label_not_below_it(demo: DemoPortal) -> None:
    """The reasons under 进度 fell into the column of the label, 70 px wide."""
    with demo.visited("yanshi-national", PHONE) as page:
        page.goto("/summary?compliant=no")
        page.evaluate(OPEN_ROWS)
        edges = page.evaluate(
            """() => [...document.querySelectorAll("td[data-label=进度]")]
              .filter((cell) => cell.checkVisibility() && cell.textContent.trim())
              .map((cell) => {
                const words = document.createRange();
                words.selectNodeContents(cell);
                const lefts = [...words.getClientRects()].map((one) => one.left);
                return Math.min(...lefts) - cell.getBoundingClientRect().left;
              })"""
        )
    assert edges
    assert min(edges) > LABEL_PX
