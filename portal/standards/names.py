"""Names of people, organisations and places: one stored form, one searched form, one order.

    stored_name("张　伟")             张伟
    stored_name("阿依古丽 • 买买提")   阿依古丽·买买提
    key_of("ＡＢＣ 中心")              abc中心
    sound_of("张伟", of_person=True)   " zhangwei wei zw w", what pinyin is compared with
    order_of("张伟", of_person=True)   "zhang wei 张伟", what a list by name is sorted by

Two names with the same stored form are one name. Readings are those of pypinyin, by phrases where
a character has several (重庆 Chongqing); surnames have a table of their own (单 Shan). Should a
release of pypinyin read otherwise, a migration writes the keys anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, lru_cache
from unicodedata import normalize

from portal.standards.readings import PLACES, SURNAMES
from portal.standards.text import half_width_letters, plain

LONGEST = 200
"""Characters of a key: what is compared and indexed of a name, however long it is."""

PIECE = 12
"""Letters from the beginning of a syllable that a search by sound compares."""

DOT = "·"
_DOTS = "\u2022\u2027\u2219\u22c5\u30fb\uff65\u2e31\u2e33\ua78f\u16eb\u2981\u25cf"
"""What people type for it: bullets, dots of other scripts and of mathematics (• ‧ ∙ ⋅ ・ ･ ●)."""

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_DOT_OF_ANY_KIND = re.compile(rf"\s*[{_DOTS}{DOT}]\s*|(?<=[{_HAN}])\s*[.．]\s*(?=[{_HAN}])")
_BLANK_BESIDE_HAN = re.compile(rf"(?<=[{_HAN}（）])\s+|\s+(?=[{_HAN}（）])")
_HAN_CHARACTER = re.compile(rf"[{_HAN}]")
_FULL_BRACKETS = str.maketrans("()", "（）")

# Radicals look like the characters that they are part of; copies from a PDF hold them.
_RADICALS = {code: normalize("NFKC", chr(code)) for code in range(0x2E80, 0x2FE0)}


def stored_name(text: str) -> str:
    """Return a name as it is stored: half-width letters, the dot U+00B7, no needless blank.

    Blanks beside Han characters go, between words of letters one stays. Brackets are full-width
    in a name with Han characters, as in 演示中心（福州）.
    """
    name = normalize("NFC", plain(text).translate(_RADICALS))
    name = _DOT_OF_ANY_KIND.sub(DOT, half_width_letters(" ".join(name.split()))).strip(DOT)
    if not _HAN_CHARACTER.search(name):
        return name
    return _BLANK_BESIDE_HAN.sub("", name.translate(_FULL_BRACKETS))


@lru_cache(4096)
def key_of(text: str) -> str:
    """Return the searched form of a name or of a part of it: no case, width, blank or dot."""
    name = normalize("NFKC", stored_name(text)).casefold()
    return "".join(name.replace(DOT, "").replace(".", "").split())[:LONGEST]


def words_of(text: str) -> list[str]:
    """Return the words of a search, in the order typed: digits, letters and hyphens half-width.

    Other signs stay as typed. Nothing invisible is left, and no dot that stands alone.
    """
    return [word for word in half_width_letters(plain(text)).split() if key_of(word)]


def sounds_like(word: str) -> str | None:
    """Return what stands in the sound of a name if a typed word does; None if it is no pinyin."""
    letters = key_of(word).replace("ü", "v").replace("'", "").replace("’", "")
    return f" {letters[:PIECE]}" if letters.isascii() and letters.isalpha() else None


@lru_cache(4096)
def sound_of(name: str, *, of_person: bool) -> str:
    """Return how a name sounds: from each syllable on the next letters, and the next initials.

    Each piece with a blank before it, which :func:`sounds_like` asks for: so 单丽 is found by
    shanli, shan, li, sl and l, by danli too, but not by an.
    """
    pieces = (
        "".join(line[start:])[:PIECE]
        for syllables in _readings(name, of_person=of_person)
        for letters in [[syllable for syllable in syllables if syllable.isalnum()]]
        for line in (letters, [syllable[0] for syllable in letters])
        for start in range(len(line))
    )
    return "".join(f" {piece}" for piece in dict.fromkeys(pieces))


@lru_cache(4096)
def order_of(name: str, *, of_person: bool) -> str:
    """Return the sort key of a name: its syllables, then the name; compared byte by byte."""
    first = _readings(name, of_person=of_person)[0]
    return f"{' '.join(first)} {key_of(name)}".strip()[:LONGEST]


def _readings(name: str, *, of_person: bool) -> list[list[str]]:
    """Return the syllables of a name, first with its surname read as such, then as plain text.

    What is no Han character stands for itself, letters and digits that follow each other as one.
    """
    key = key_of(name)
    syllables = _syllables(key)
    for length in (2, 1):
        surname = SURNAMES.get(key[:length]) if of_person else None
        if surname:
            return [[*surname, *syllables[length:]], syllables]
    return [syllables]


@lru_cache(4096)
def _syllables(key: str) -> list[str]:
    return _pinyin()(key)


@cache
def _pinyin() -> Callable[[str], list[str]]:
    # 57 MB and a third of a second, which only a process that writes names is to pay.
    import pypinyin  # noqa: PLC0415

    pypinyin.load_phrases_dict(
        {
            place: [[syllable] for syllable in syllables]
            for place, syllables in PLACES.items()
            if len(place) > 1
        }
    )
    pypinyin.load_single_dict(
        {ord(place): syllables[0] for place, syllables in PLACES.items() if len(place) == 1}
    )
    return pypinyin.lazy_pinyin
