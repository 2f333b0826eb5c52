"""The cells of a long table are escaped in one go, and none of them is told apart by that."""

from __future__ import annotations

import pytest
from markupsafe import Markup, escape

from portal.web.pages import within_tags

TAGS = [(Markup("<th>"), Markup("</th>")), (Markup('<td class="q-end">'), Markup("</td>"))]


@pytest.mark.parametrize("text", ["<b>&\"'", "一\x1f二", "", "\x1f"])
def test_stand_escaped_between_their_tags(text: str) -> None:
    assert (
        within_tags([text, "39.5"], TAGS) == f'<th>{escape(text)}</th><td class="q-end">39.5</td>'
    )


def test_refuses_a_row_that_is_not_as_long_as_its_head() -> None:
    with pytest.raises(ValueError, match="zip"):
        within_tags(["one"], TAGS)


def test_keeps_a_short_bracket_and_a_region_on_one_line() -> None:
    row = within_tags(["演示（60号）", "西藏自治区（很长的说明不在此列）"], TAGS)
    assert row.count('<span class="q-nowrap">') == 2
    assert '<span class="q-nowrap">（60号）</span>' in row
    assert within_tags(["（60号）", ""], TAGS, keeps_whole=False).count("span") == 0
