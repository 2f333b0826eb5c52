import pytest

from tests.support import browser as support
from tests.support.browser import Chromium, accessibility_violations, chromium_or_skip

PAGE = """<!doctype html>
<html lang="zh-CN"><head><title>牵手</title>
<style>body { background: #fff; color: #111 } p { font: 40px sans-serif } h1 { font-family: serif }
.pale { color: #bbb }</style></head>
<body><main><h1>牵手计划</h1><p>结对机构</p></main></body></html>"""

# Draws a character; answers its pixels, so that a missing glyph's box is told from a glyph.
DRAWN = """character => {
    const context = new OffscreenCanvas(60, 60).getContext('2d');
    context.font = '40px sans-serif';
    context.fillText(character, 5, 45);
    return context.getImageData(0, 0, 60, 60).data.join();
}"""


@pytest.fixture
def page(browser):
    page = browser.new_page()
    page.set_content(PAGE)
    yield page
    page.close()


def test_renders_a_page(page):
    assert page.title() == "牵手"
    assert page.locator("h1").inner_text() == "牵手计划"
    assert page.screenshot().startswith(b"\x89PNG")


def test_draws_chinese_characters_rare_ones_too(page):
    unassigned = "\u0378"
    drawings = [page.evaluate(DRAWN, character) for character in (" ", unassigned, *"牵手喆堃㛃")]
    assert len(set(drawings)) == len(drawings)


@pytest.mark.parametrize(("selector", "family"), [("p", "Noto Sans SC"), ("h1", "Noto Serif SC")])
def test_uses_our_fonts(page, selector, family):
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    query = {"nodeId": root, "selector": selector}
    node = session.send("DOM.querySelector", query)["nodeId"]
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    assert [font["familyName"] for font in fonts] == [family]


def test_axe_finds_nothing_on_a_good_page(page):
    assert accessibility_violations(page) == []


def test_axe_finds_pale_chinese_text(page):
    page.evaluate("document.querySelector('p').className = 'pale'")
    violations = accessibility_violations(page)
    assert [(found["id"], found["nodes"]) for found in violations] == [("color-contrast", ["p"])]


def test_does_not_take_a_program_that_fails_for_a_browser(tmp_path):
    placeholder = tmp_path / "chromium"
    placeholder.write_text("#!/bin/sh\necho 'install it from the store' >&2\nexit 1\n")
    placeholder.chmod(0o755)
    assert not Chromium(placeholder).starts()
    assert not Chromium(tmp_path / "absent").starts()


def test_without_chromium_skips_with_a_reason(monkeypatch):
    monkeypatch.setattr(support, "find_chromium", lambda: None)
    monkeypatch.delenv("REQUIRE_BROWSER", raising=False)
    with pytest.raises(pytest.skip.Exception, match="没有找到可用的 Chromium"), chromium_or_skip():
        pass


def test_without_chromium_fails_where_it_is_required(monkeypatch):
    monkeypatch.setattr(support, "find_chromium", lambda: None)
    monkeypatch.setenv("REQUIRE_BROWSER", "1")
    with pytest.raises(pytest.fail.Exception, match="没有找到可用的 Chromium"), chromium_or_skip():
        pass
