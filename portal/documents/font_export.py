"""The vendored fonts of a PDF, how wide a text is in them, and where its lines break."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from reportlab.pdfbase import pdfmetrics, ttfonts

from portal.settings import ROOT

SERIF, SERIF_BOLD = "QianshouSerif", "QianshouSerifBold"
FONTS = {SERIF: "NotoSerifSC-Regular.ttf", SERIF_BOLD: "NotoSerifSC-Bold.ttf"}
NEVER_FIRST = frozenset("、，。；：！？）》」』”’%％·")
"""What must not begin a line."""
NEVER_LAST = frozenset("（《「『“‘")
"""What must not end one."""
WHOLE = re.compile(
    r"[（(][^（()）]{1,8}[）)]|[A-Za-z0-9*.,_-]+|[\u4e00-\u9fff]{2,6}?(?:自治区|省|市)(?=[\u4e00-\u9fff])"
    r"|工作日|结对|援派|受援|帮扶|达标|合格|人数|最少|机构|乡镇|街道|.|\n"
)
"""What is not broken if it fits on a line: what stands in brackets, codes, numbers, a province before
what lies in it, our own words."""
LISTED = "、；"
"""After these a narrow column breaks rather than in a thing that is listed."""
NARROW = 20
"""Characters of a line up to which it breaks so; running text does not."""
LAST_OF_BMP = 0xFFFF


@lru_cache(maxsize=4096)
def wrapped(text: str, width: float, size: float) -> tuple[str, ...]:
    """Break a text into lines of at most ``width`` points: not before a closing mark, not in a
    number, a bracket or a word of ours that fits on a line, between things listed if one fits, and
    with no character alone on the last line."""
    if len(text) * size <= width:  # no glyph is wider than the type is high
        return (text,)
    lines: list[str] = []
    line, used = "", 0.0
    for unit, own in _units(text, width, size):
        while used + own > width and line:
            kept = _up_to_a_listed_thing(line)
            lines.append(line[:kept])
            line = line[kept:]
            used = width_of(line, size)
        line += unit
        used += own
    if lines and len(line) == 1:
        line = _taken_along(lines, width, size) + line
    return (*lines, line)


def _taken_along(lines: list[str], width: float, size: float) -> str:
    """Take the last part off the last of these lines, for company of a character left over."""
    *others, last = (unit for unit, _ in _units(lines[-1], width, size))
    if not others or len(last) > len(lines[-1]) // 2:
        return ""
    lines[-1] = "".join(others)
    return last


def _units(text: str, width: float, size: float) -> Iterator[tuple[str, float]]:
    """Yield the parts between which a text may be broken and their widths, none wider than a line."""
    held = ""
    for part in WHOLE.findall(text):
        if held and part[0] not in NEVER_FIRST and held[-1] not in NEVER_LAST:
            yield from _fitting(held, width, size)
            held = part
        else:
            held += part
    yield from _fitting(held, width, size)


def _fitting(unit: str, width: float, size: float) -> Iterator[tuple[str, float]]:
    own = width_of(unit, size)
    if own <= width:
        yield unit, own
    else:
        for character in unit:
            yield character, width_of(character, size)


def _up_to_a_listed_thing(line: str) -> int:
    """Return how much of a full line stays: up to the last thing listed, if that is half of it."""
    end = max(map(line.rfind, LISTED)) + 1
    return end if len(line) <= NARROW and 2 * end >= len(line) else len(line)


def width_of(text: str, size: float) -> float:
    """Return the width of a text in the body type, in points."""
    widths, missing = _widths()
    return sum(widths.get(ord(character), missing) for character in text) * size / 1000


@cache
def _widths() -> tuple[dict[int, float], float]:
    face = pdfmetrics.getFont(SERIF).face
    return face.charWidths, face.defaultWidth


@cache
def register_fonts() -> None:
    """Load the vendored fonts, once and only when a PDF is wanted: each takes 25 MB."""
    _mend_text_of_rare_characters()
    for name, file in FONTS.items():
        path = ROOT / "static" / "vendor" / "fonts" / file
        pdfmetrics.registerFont(ttfonts.TTFont(name, str(path)))


def _mend_text_of_rare_characters() -> None:
    """Let characters beyond U+FFFF (rare names) be found and copied.

    reportlab 5.1 writes their code in five digits, where PDF wants UTF-16.
    """
    original = ttfonts.makeToUnicodeCMap

    def mended(name: str, subset: Sequence[int]) -> str:
        table: str = original(name, subset)
        for position, code in enumerate(subset):
            if code > LAST_OF_BMP:
                units = chr(code).encode("utf-16-be").hex().upper()
                table = table.replace(
                    f"<{position:02X}> <{code:04X}>", f"<{position:02X}> <{units}>", 1
                )
        return table

    ttfonts.makeToUnicodeCMap = mended
