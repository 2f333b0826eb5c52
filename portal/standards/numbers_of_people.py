"""Numbers of people in texts that nobody reads for them: names of files, addresses of pages.

Whoever names a scan after its owner types an ID number or a phone; whoever tries addresses does, too.
Masking half of one would leave the other half: the whole is left out.
"""

from __future__ import annotations

import re

LEFT_OUT = "…"

_NUMBER = re.compile(r"\d{11,}[XxＸｘ]?|(?<!\d)\d{6}[ _-]?\d{8}[ _-]?\d{3}[\dXxＸｘ](?!\d)")
"""Eleven digits in a row, as in a phone; an ID number also where its parts stand apart."""


def holds_number(text: str) -> bool:
    """Does a text hold what may be the number of a person?"""
    return bool(_NUMBER.search(text))


def without_numbers(text: str) -> str:
    """Return a text with every number of a person left out; twice is the same as once."""
    return _NUMBER.sub(LEFT_OUT, text)
