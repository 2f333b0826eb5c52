"""Finding rows by what somebody typed: every word must stand somewhere in the row.

    wanted.where(*has_every_word("红寺堡 中心", lambda word: [contains(Organisation.name, word)]))

Words are found anywhere, in any case, and signs that a LIKE pattern gives a meaning to mean only
themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import sqlalchemy as sa

from portal.standards.text import compact_upper, plain_dashes, words_of

Condition: TypeAlias = sa.ColumnElement[bool]

_TO_FULL_WIDTH = str.maketrans("()-", "（）－")
_TO_HALF_WIDTH = str.maketrans("（）－", "()-")


def has_every_word(text: str, places: Callable[[str], Iterable[Condition]]) -> list[Condition]:
    """Return one condition a word: it stands in one of its places. No word asks for nothing."""
    return [sa.or_(*places(word)) for word in words_of(text)]


def contains(column: Any, word: str) -> Condition:
    """Return the condition that a word stands in a column; signs of either width are the same."""
    widths = (word, word.translate(_TO_FULL_WIDTH), word.translate(_TO_HALF_WIDTH))
    variants = dict.fromkeys((*widths, plain_dashes(word)))
    return sa.or_(*(column.icontains(variant, autoescape=True) for variant in variants))


def begins_with_code(column: Any, word: str) -> Condition:
    """Return the condition that a code of capitals and digits begins with a word."""
    begins: Condition = column.startswith(compact_upper(word), autoescape=True)
    return begins
