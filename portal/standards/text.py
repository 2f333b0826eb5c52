"""Texts as a reader sees them, and typing variants of codes and numbers.

``plain`` is the one normalisation of what cannot be seen. Forms, cells of an import, rules and
searches all ask it, so that a text that looks the same is the same wherever it came in.
"""

import re
from itertools import chain
from unicodedata import category

_FULL_WIDTH_TO_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FULL_WIDTH_TO_ASCII[0x3000] = 0x20

_FULL_WIDTH_IN_CODES = {
    code: code - 0xFEE0
    for code in (0xFF0D, *range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}

DASHES = "‐‑‒–—―−﹘﹣－"
"""Hyphens, dashes and minus signs that look like the one of the keyboard."""

_DASHES = dict.fromkeys(map(ord, DASHES), "-")

_ASCII_UPPER = {code: code - 0x20 for code in range(ord("a"), ord("z") + 1)}

_SHOWS_NOTHING = re.compile(
    "["
    "\u034f"  # combining grapheme joiner
    "\u115f\u1160\u3164\uffa0"  # Hangul fillers
    "\u17b4\u17b5"  # Khmer vowels that are never shown
    "\u180b-\u180f"  # Mongolian variation selectors
    "\u2800"  # a Braille cell without dots
    "\ufe00-\ufe0f"  # variation selectors
    "\U000e0100-\U000e01ef"  # the same, for variants of Han characters
    "\U0001d159"  # a note without a head
    "]"
)
"""Letters, marks and signs by their category (so ``str.isprintable`` lets them pass) to no eye."""

_BLANK_SIGN = "\u2800"
_BREAKS = "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


def _unseen() -> dict[int, str | None]:
    # What is left out here holds letters, private characters and nothing else.
    some = (range(0x3400), range(0xD800, 0xE000), range(0xFE00, 0x20000), range(0xE0000, 0xE1000))
    found: dict[int, str | None] = {}
    for code in chain(*some):
        sign = chr(code)
        kind = category(sign)
        if sign in " \n\t":
            continue
        if sign in _BREAKS:
            found[code] = "\n"
        elif kind == "Zs" or sign == _BLANK_SIGN:
            found[code] = " "
        elif kind in ("Cf", "Cc", "Cs") or _SHOWS_NOTHING.match(sign):
            found[code] = None
    return found


_UNSEEN = _unseen()
"""Every character that shows nothing, by what stands for it: nothing, a blank or a line break.

Format characters (bidirectional and zero-width controls, joiners, tags, U+FEFF), control
characters, lone halves of a pair, and the letters and marks above stand for nothing; every other
kind of blank is a blank. Joiners go too: no script that is written here needs them to be read.
"""


def plain(text: str) -> str:
    """Return a text as a reader sees it: nothing invisible, one kind of blank, one of line break.

    Without white space at both ends; a text that shows nothing is empty.
    """
    if not text.isprintable() or _SHOWS_NOTHING.search(text):
        text = text.replace("\r\n", "\n").translate(_UNSEEN)
    return text.strip()


def is_blank(text: str | None) -> bool:
    """Does a text show nothing at all?"""
    return not plain(text or "")


def legible(text: str) -> str:
    """Return a stored text with each character that shows nothing named: ``张〔U+200B〕三``."""
    return "".join(_named(sign) if ord(sign) in _UNSEEN else sign for sign in text)


def _named(sign: str) -> str:
    is_plain_blank = _UNSEEN[ord(sign)] is not None and sign != _BLANK_SIGN
    return sign if is_plain_blank else f"〔U+{ord(sign):04X}〕"


def half_width(text: str) -> str:
    """Full-width letters, digits, signs and spaces (全角) as their ASCII counterparts.

    Narrower than Unicode NFKC on purpose: that would also turn ``²`` and ``①`` into digits.
    """
    return text.translate(_FULL_WIDTH_TO_ASCII)


def half_width_letters(text: str) -> str:
    """Full-width letters, digits and hyphens as ASCII; other signs, such as （ ）, stay."""
    return text.translate(_FULL_WIDTH_IN_CODES)


def trimmed(text: str) -> str:
    """Half-width and ``plain``."""
    return plain(half_width(text))


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


def is_digits(text: str) -> bool:
    """Is the text made of 0–9 alone? (``str.isdigit`` also accepts ``²`` and ``٣``.)"""
    return text.isascii() and text.isdigit()
