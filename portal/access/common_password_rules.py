"""Which passwords guessers try first (data/common_passwords.txt). Pure."""

from __future__ import annotations

import string
from collections.abc import Collection, Iterator
from pathlib import Path

_FILE = Path(__file__).resolve().parent / "data" / "common_passwords.txt"
_SWAPS = {"@": "a", "0": "o", "3": "e", "$": "s", "5": "s", "7": "t", "!": "i"}
_TABLES = (str.maketrans({**_SWAPS, "1": "i"}), str.maketrans({**_SWAPS, "1": "l"}))
_AROUND = string.digits + string.punctuation + " "


def _read() -> frozenset[str]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


COMMON_PASSWORDS = _read()


def is_common(password: str, extra: Collection[str] = ()) -> bool:
    """Is this a well-known password, plain or with digits, signs and the usual swaps?

    ``extra`` are words that this account makes well known, such as its login.
    """
    known = COMMON_PASSWORDS | {word.lower() for word in extra}
    lowered = password.lower()
    return _is_repeated(lowered) or any(form in known for form in _forms_of(lowered))


def _forms_of(lowered: str) -> Iterator[str]:
    bare = lowered.strip(_AROUND)
    for text in (lowered, bare):
        yield text
        for table in _TABLES:
            yield text.translate(table)
    # Digits strewn between the letters of one word do not hide it.
    letters = "".join(letter for letter in lowered if letter.isalpha())
    if len(letters) * 2 >= len(lowered):
        yield letters


def _is_repeated(lowered: str) -> bool:
    """Is it one short piece again and again: abcdabcdabcd?"""
    return lowered in (lowered + lowered)[1:-1]
