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
