"""Which pages are drawn and judged: those that differ in more than words, numbers and repeated rows."""

from __future__ import annotations

import pytest

from tests.e2e.page_checks import Memory

ROW = '<tr class="q-row"><td><a href="/pairings/1">甲</a></td></tr>'


def page(content: str = ROW, frame: str = "<nav><a href='/'>首页</a></nav>", head: str = "") -> str:
    return f"<html><head>{head}</head><body>{frame}<main>{content}</main></body></html>"


@pytest.mark.parametrize(
    "other",
    [
        page(ROW.replace("甲", "乙").replace("/1", "/2")),
        page(f"{ROW}\n  {ROW}"),
        page(head="<title>别的</title>"),
        page(frame="<nav><a href='/'>首页</a><a class='x' href='/help'>本页帮助</a></nav>"),
    ],
)
def test_is_not_drawn_again(other: str) -> None:
    memory = Memory()
    assert memory.is_new(page())
    assert not memory.is_new(other)


@pytest.mark.parametrize(
    "other",
    [
        page(f"{ROW}{ROW.replace('q-row', 'q-row--late')}"),
        page(ROW.replace("class=", "id='a' class=")),
        page(ROW.replace("甲", "")),
        page(f"{ROW}<p>甲</p>"),
        page(frame="<nav></nav>"),
        page(head='<link rel="stylesheet" href="/static/css/print.css?v=1">'),
    ],
)
def test_is_drawn(other: str) -> None:
    memory = Memory()
    assert memory.is_new(page())
    assert memory.is_new(other)
