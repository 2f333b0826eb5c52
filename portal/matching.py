"""Finding rows by what somebody typed: every word must stand somewhere in the row.

    wanted.where(*has_every_word("红寺堡 zhongxin", lambda word: [is_part_of_name(Organisation, word)]))

Names are compared by their keys (models/names.py): in any case and width, with any dot, by pinyin
or its initials. Signs that a LIKE pattern gives a meaning to mean only themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import sqlalchemy as sa

from portal.standards.names import key_of, sounds_like, words_of
from portal.standards.text import compact_upper, plain_dashes

Condition: TypeAlias = sa.ColumnElement[bool]

_TO_FULL_WIDTH = str.maketrans("()-", "（）－")
_TO_HALF_WIDTH = str.maketrans("（）－", "()-")


def has_every_word(text: str, places: Callable[[str], Iterable[Condition]]) -> list[Condition]:
    """Return one condition a word: it stands in one of its places. No word asks for nothing."""
    return [sa.or_(*places(word)) for word in words_of(text)]


def is_part_of_name(kind: Any, word: str) -> Condition:
    """Return the condition that a word is part of a name, or of how it sounds."""
    return _in_name(kind, key_of(word), sounds_like(word), sa.ColumnOperators.contains)


def begins_name(kind: Any, text: str) -> Condition:
    """Return the condition that a name, or how it sounds, begins with a text."""
    return _in_name(kind, key_of(text), sounds_like(text), sa.ColumnOperators.startswith)


def is_name(kind: Any, text: str) -> Condition:
    """Return the condition that a name is exactly this one, however it is typed."""
    named: Condition = kind.name_key == key_of(text)
    return named


def _in_name(kind: Any, key: str, sound: str | None, stands: Callable[..., Any]) -> Condition:
    conditions = [stands(kind.name_key, key, autoescape=True)]
    if sound:
        conditions.append(stands(kind.name_sound, sound, autoescape=True))
    return sa.or_(*conditions)


def contains(column: Any, word: str) -> Condition:
    """Return the condition that a word stands in a code; signs of either width are the same."""
    widths = (word, word.translate(_TO_FULL_WIDTH), word.translate(_TO_HALF_WIDTH))
    variants = dict.fromkeys((*widths, plain_dashes(word)))
    return sa.or_(*(column.icontains(variant, autoescape=True) for variant in variants))


def begins_with_code(column: Any, word: str) -> Condition:
    """Return the condition that a code of capitals and digits begins with a word."""
    begins: Condition = column.startswith(compact_upper(word), autoescape=True)
    return begins
