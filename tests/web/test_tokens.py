"""The colours of every theme can be read: contrast by WCAG 2.2, computed from the tokens."""

from __future__ import annotations

import re

import pytest

from portal.settings import ROOT
from portal.web.display import THEMES

SHEET = (ROOT / "static/css/tokens.css").read_text(encoding="utf-8")

TEXTS = [
    ("ink", "surface"),
    ("ink", "surface-sunk"),
    ("ink", "blue-50"),
    ("ink", "amber-100"),
    ("ink", "green-100"),
    ("ink", "red-100"),
    ("ink-soft", "surface"),
    ("ink-soft", "surface-sunk"),
    ("ink-soft", "surface-deep"),
    ("ink-soft", "blue-50"),
    ("ink-faint", "surface"),
    ("blue-700", "surface"),
    ("blue-700", "surface-sunk"),
    ("blue-700", "surface-deep"),
    ("blue-700", "blue-50"),
    ("blue-800", "blue-100"),
    ("blue-900", "table-head"),
    ("red-700", "surface"),
    ("red-700", "surface-sunk"),
    ("red-700", "red-100"),
    ("amber-800", "amber-100"),
    ("green-800", "green-100"),
    ("green-800", "surface-sunk"),
    ("grey-800", "grey-100"),
    ("on-dark", "blue-600"),
    ("on-dark", "blue-700"),
    ("on-dark", "blue-800"),
    ("on-dark", "red-700"),
    ("on-dark", "grey-700"),
]

MARKS = [
    ("line-strong", "surface"),
    ("blue-600", "surface"),
    ("blue-600", "track"),
    ("green-600", "green-100"),
    ("amber-500", "surface"),
    ("red-600", "surface"),
]
"""What is no text but has to be seen: 3:1."""

EDGES = ["line", "red-200", "amber-200", "green-200", "grey-200", "blue-200"]
"""Borders that only accompany words and icons; high contrast shows them as clearly."""


def block(selector: str) -> dict[str, str]:
    """Return the tokens of the first rule with a selector, taken literally."""
    found = re.search(re.escape(selector) + r" \{(.*?)\n *\}", SHEET, re.DOTALL)
    assert found, selector
    return dict(re.findall(r"--q-([\w-]+): ([^;]+);", found[1]))


def colours(theme: str) -> dict[str, str]:
    tokens = block('[data-bs-theme="light"]')
    return tokens if theme == "standard" else tokens | block(f':root[data-theme="{theme}"]')


def luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    digits = digits if len(digits) == 6 else "".join(one * 2 for one in digits)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def test_knows_the_extremes():
    assert contrast("#000", "#fff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read(theme: str, text: str, ground: str):
    found = colours(theme)
    needed = 7 if theme == "contrast" else 4.5
    assert contrast(found[text], found[ground]) >= needed


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_can_be_seen(theme: str, mark: str, ground: str):
    found = colours(theme)
    assert contrast(found[mark], found[ground]) >= 3


@pytest.mark.parametrize("edge", EDGES)
def test_high_contrast_draws_every_border(edge: str):
    found = colours("contrast")
    assert contrast(found[edge], found["surface"]) >= 4.5


def test_the_system_s_wish_for_contrast_gets_the_same_colours():
    wish = SHEET[SHEET.index("(prefers-contrast: more)") :]
    found = re.search(r'\[data-theme="standard"\] \{(.*?)\n  \}', wish, re.DOTALL)
    own = re.search(r'\[data-theme="contrast"\] \{(.*?)\n\}', SHEET, re.DOTALL)
    assert found
    assert own
    assert found[1].split() == own[1].split()


def test_no_component_knows_a_theme_or_a_colour_of_its_own():
    for sheet in ("base", "forms", "tables", "components", "calendar", "log"):
        text = (ROOT / f"static/css/{sheet}.css").read_text(encoding="utf-8")
        text = re.sub(r"url\([^)]*\)", "", text)
        assert "data-theme" not in text
        assert "data-density" not in text
        screen = text.split("@media print")[0]
        assert not re.findall(r":[^;{]*#[0-9a-f]{3,8}\b", screen), sheet
