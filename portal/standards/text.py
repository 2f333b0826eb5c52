"""Typing variants of codes and numbers: full-width forms, stray spaces, small letters."""

import re

_FULL_WIDTH_TO_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FULL_WIDTH_TO_ASCII[0x3000] = 0x20

_FULL_WIDTH_IN_CODES = {
    code: code - 0xFEE0
    for code in (0xFF0D, *range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}

# Characters that arrive with pasted text, cannot be seen, and are no part of any code.
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF))

DASHES = "‐‑‒–—―−﹘﹣－"
"""Hyphens, dashes and minus signs that look like the one of the keyboard."""

_DASHES = dict.fromkeys(map(ord, DASHES), "-")

_LINE_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")

_ASCII_UPPER = {code: code - 0x20 for code in range(ord("a"), ord("z") + 1)}


def half_width(text: str) -> str:
    """Full-width letters, digits, signs and spaces (全角) as their ASCII counterparts.

    Narrower than Unicode NFKC on purpose: that would also turn ``²`` and ``①`` into digits.
    """
    return text.translate(_FULL_WIDTH_TO_ASCII)


def trimmed(text: str) -> str:
    """Half-width, without invisible characters and without white space at both ends."""
    return half_width(text).translate(_INVISIBLE).strip()


def compact(text: str) -> str:
    """Half-width, without any white space or invisible character."""
    return "".join(trimmed(text).split())


def compact_upper(text: str) -> str:
    """Like ``compact``, in capitals."""
    return upper(compact(text))


def upper(text: str) -> str:
    """With a–z as A–Z; letters outside ASCII stay as they are."""
    return text.translate(_ASCII_UPPER)


def plain_dashes(text: str) -> str:
    """Every dash as the hyphen of the keyboard."""
    return text.translate(_DASHES)


def one_line_break(text: str) -> str:
    """Every line break as one character, as it counts for whoever wrote the text.

    A browser sends two for each, and so does a text file of Windows.
    """
    return _LINE_BREAKS.sub("\n", text)


def words_of(text: str) -> list[str]:
    """The words of a search, in the order typed: digits, letters and hyphens half-width.

    Other signs stay as typed: names hold full-width brackets (（ ）). Nothing invisible is left.
    """
    return text.translate(_INVISIBLE).translate(_FULL_WIDTH_IN_CODES).split()


def is_digits(text: str) -> bool:
    """Is the text made of 0–9 alone? (``str.isdigit`` also accepts ``²`` and ``٣``.)"""
    return text.isascii() and text.isdigit()
