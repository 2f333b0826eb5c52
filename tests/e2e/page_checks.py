"""What is asked of every page in a browser: accessible, one heading, nothing wider than the screen.

    faults = faults_of(page)      # after prepare(context) and page.goto(...)

axe-core is evaluated as a script of the context: the pages' own policy refuses foreign scripts.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.support.browser import AXE

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

CHECKS = """async ({ tags }) => {
    const faults = [];
    const headings = document.querySelectorAll('h1').length;
    if (headings !== 1) faults.push(`${headings} h1, one is needed`);
    if (!document.documentElement.lang.startsWith('zh')) faults.push('no lang="zh-CN"');

    // A table, or a chart, may scroll inside its own box; the page itself never sideways.
    const root = document.documentElement;
    if (root.scrollWidth > root.clientWidth) {
        const scrolls = (element) => {
            for (let one = element.parentElement; one && one !== document.body; one = one.parentElement)
                if (getComputedStyle(one).overflowX !== 'visible') return true;
            return false;
        };
        const wide = [...document.body.querySelectorAll('*')].filter((element) => {
            const box = element.getBoundingClientRect();
            const right = box.left + Math.max(box.width, element.scrollWidth);
            return box.width && right > root.clientWidth + 1 && !scrolls(element);
        });
        const names = wide.slice(-3).map((one) => `<${one.localName} class="${one.className}">`);
        faults.push(`${root.scrollWidth} px wide on ${root.clientWidth}: ${names.join(' ')}`);
    }

    // On a phone each row of a list is closed at first, and then its words stand in two lines at most.
    const isPhone = matchMedia('(max-width: 47.99em)').matches;
    for (const row of isPhone ? document.querySelectorAll('.q-rows > tbody > tr') : []) {
        if (row.querySelector('.q-opens > [open]') || !row.getClientRects().length) continue;
        const box = row.getBoundingClientRect();
        const rects = [];
        const texts = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
        for (let text = texts.nextNode(); text; text = texts.nextNode()) {
            if (!text.data.trim()) continue;
            const words = document.createRange();
            words.selectNodeContents(text);
            const cell = text.parentElement.closest('td, th').getBoundingClientRect();
            const top = Math.max(box.top, cell.top), bottom = Math.min(box.bottom, cell.bottom);
            rects.push(...[...words.getClientRects()]
                .filter((one) => one.width > 2)
                .map((one) => [Math.max(one.top, top), Math.min(one.bottom, bottom)]));
        }
        const middles = rects
            .filter(([top, bottom]) => bottom - top > 8)
            .map(([top, bottom]) => (top + bottom) / 2)
            .sort((one, other) => one - other);
        const line = parseFloat(getComputedStyle(row).lineHeight);
        const lines = middles.filter((one, at) => at === 0 || one - middles[at - 1] > line / 3).length;
        if (lines > 2 || box.height > 3.5 * line)
            faults.push(`${lines} lines, ${Math.round(box.height)} px, in a closed row: ${row.innerText.slice(0, 80)}`);
    }

    if (!tags.length) return faults;
    const found = await axe.run(document, {
        runOnly: tags, resultTypes: ['violations'], elementRef: false,
    });
    for (const { id, help, nodes } of found.violations)
        faults.push(`axe ${id}: ${help}: ` + nodes.slice(0, 3).map((node) =>
            node.target.join(' ') + ' ' + node.html.slice(0, 160)).join(' | ')
            + (nodes.length > 3 ? ` and ${nodes.length - 3} more` : ''));
    return faults;
}"""


def prepare(context: BrowserContext) -> None:
    """Let every page of a browser know axe; without axe the test is skipped, or fails."""
    if not AXE.is_file():
        reason = "没有 axe-core：make test 会从 npm 取得"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    context.add_init_script(path=AXE)


def faults_of(page: Page) -> list[str]:
    """Return what is wrong with the page that is open."""
    return _checked(page, TAGS)


def layout_faults_of(page: Page) -> list[str]:
    """Return what is wrong with its layout, without asking axe."""
    return _checked(page, ())


def _checked(page: Page, tags: tuple[str, ...]) -> list[str]:
    found: list[Any] = page.evaluate(CHECKS, {"tags": list(tags)})
    return [str(one) for one in found]


@dataclass
class Memory:
    """What axe has judged: it is not asked twice about the same content in the same frame.

    Many pages are alike for many roles (help, calendar, policy), and others differ in their words
    and numbers only, or in how often a row is repeated, of which axe asks no more than that they
    are there. A page is new to axe if its <main> is, with the sheets and scripts that it brings, or
    what stands around it: menus differ from role to role.
    """

    known: set[str] = field(default_factory=set)

    def is_new(self, html: str) -> bool:
        """Has axe not seen this content, or this frame? Remember both."""
        head, _, body = html.partition("</head>")
        plain = WORDS.sub(">x<", SAID.sub(r'\1="x"', WHERE.sub("", body)))
        before, _, rest = BLANKS.sub("><", plain).partition("<main")
        content, _, after = rest.partition("</main>")
        brought = sorted(BROUGHT.findall(head))
        parts = {f"main {brought} {_each_row_once(content)}", f"frame {before}{after}"}
        is_new = not parts <= self.known
        self.known |= parts
        return is_new


def _each_row_once(content: str) -> str:
    """Leave out what repeats the row before it to the letter, rows of rows too."""
    while (shorter := REPEATED.sub(r"\1", content)) != content:
        content = shorter
    return content


WORDS = re.compile(r">[^<]*[^<\s][^<]*<")
SAID = re.compile(r'\b(href|action|value|content|title|aria-label|datetime|data-[a-z-]+)="[^"]+"')
"""What stands between tags, and in attributes: words, numbers, addresses, tokens."""

WHERE = re.compile(
    r'name="back" value="[^"]*"|href="/feedback[^"]*"| aria-current="page"|<a [^>]*>本页帮助</a>'
)
"""What the frame says of the page that it frames."""

BLANKS = re.compile(r">\s+<")
BROUGHT = re.compile(r'="([^"]+\.(?:css|js)\b)')
REPEATED = re.compile(
    r"(<(tr|li|option|article|dt|dd|rect|path|text|circle|line)\b(?:(?!<\2\b).)*?</\2>)(?:\1)+",
    re.DOTALL,
)
