"""The vendored fonts of a PDF, how wide a text is in them, and where its lines break."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from reportlab.pdfbase import pdfmetrics, ttfonts

from portal.settings import ROOT

SERIF, SERIF_BOLD = "QianshouSerif", "QianshouSerifBold"
FONTS = {SERIF: "NotoSerifSC-Regular.ttf", SERIF_BOLD: "NotoSerifSC-Bold.ttf"}
NEVER_FIRST = frozenset("、，。；：！？）》」』”’%％·")
"""What must not begin a line."""
_WORD = re.compile(r"[A-Za-z0-9*._-]+$")
LAST_OF_BMP = 0xFFFF


@lru_cache(maxsize=4096)
def wrapped(text: str, width: float, size: float) -> tuple[str, ...]:
    """Break a text into lines of at most ``width`` points, anywhere but before a closing mark and
    in a code or number that fits on a line."""
    if len(text) * size <= width:  # no glyph is wider than the type is high
        return (text,)
    lines: list[str] = []
    line, used = "", 0.0
    for character in text:
        own = width_of(character, size)
        if used + own > width and line:
            carried = _carried(line, character)
            lines.append(line[: len(line) - len(carried)])
            line, used = carried, width_of(carried, size)
        line += character
        used += own
    return (*lines, line)


def _carried(line: str, character: str) -> str:
    """Return the end of a full line that the next character takes along to the next line."""
    if character in NEVER_FIRST:
        return line[-1] if len(line) > 1 else ""
    word = _WORD.search(line) if _WORD.fullmatch(character) else None
    return word[0] if word and word.start() > 0 else ""


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
