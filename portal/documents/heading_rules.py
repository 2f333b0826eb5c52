"""Where the heading of a column breaks: between words, in lines of about the same length. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

_WORD = re.compile(
    r"[（(][^（()）]{1,8}[）)]|[A-Za-z0-9.%]+|工作日|结对数|结对|援派|受援|帮扶|达标|合格|人数|人均|每人|最少"
    r"|机构|乡镇|街道|重点|实际|覆盖|完成|统一|社会|信用|代码|省级|应配套|从业|时长|计入|天数|待审|补录|日期|性质|编号|."
)
SHORTEST = 3
"""Characters of a heading that has no room to be broken."""
LONELY = 9.0
"""What a character alone on a line costs: as much as lines whose lengths differ by three."""


@lru_cache(maxsize=1024)
def heading_lines(text: str, room: float) -> tuple[str, ...]:
    """Break a heading into as few lines as ``room`` characters allow, the most even ones.

    A word that is longer is broken itself; two narrow characters are as wide as one.
    """
    units = [unit for word in words_of(text) for unit in _fitting(word, room)]
    for count in range(1, len(units) + 1):
        if found := min(_ways(units, count, room), key=_unevenness, default=None):
            return found
    return (text,)


def words_of(text: str) -> list[str]:
    """Return the words of a heading, between which a page may break it; a short one stays whole."""
    return _WORD.findall(text) if width_of(text) > SHORTEST else [text]


def _fitting(word: str, room: float) -> Sequence[str]:
    return [word] if width_of(word) <= room else list(word)


def _ways(units: Sequence[str], count: int, room: float) -> Iterator[tuple[str, ...]]:
    """Yield every way to put the units on so many lines that have room for them."""
    if count == 1:
        line = "".join(units)
        if width_of(line) <= room:
            yield (line,)
        return
    for end in range(1, len(units) - count + 2):
        line = "".join(units[:end])
        if width_of(line) > room:
            return
        for rest in _ways(units[end:], count - 1, room):
            yield (line, *rest)


def _unevenness(lines: Sequence[str]) -> float:
    widths = [width_of(line) for line in lines]
    even = sum(widths) / len(widths)
    return sum((width - even) ** 2 + (LONELY if width <= 1 else 0) for width in widths)


def width_of(text: str) -> float:
    """Return the width of a text in Chinese characters."""
    return sum(0.5 if character.isascii() else 1 for character in text)
