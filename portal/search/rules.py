"""What may be searched for."""

from __future__ import annotations

from portal.asked import Asked
from portal.refusals import Refusal
from portal.standards.names import words_of
from portal.standards.text import compact_upper

MAX_CHARACTERS = 100
MAX_WORDS = 8


def asked_by(typed: str) -> Asked:
    """Return what somebody typed as it is compared: half-width, in words."""
    return Asked(tuple(words_of(typed)), compact_upper(typed))


def refusals_for_search(asked: Asked) -> list[Refusal]:
    """Say why this is not searched for; nothing asked is no fault."""
    length, words = len(asked.text), len(asked.words)
    refusals = []
    if length > MAX_CHARACTERS:
        sentence = f"搜索词最多 {MAX_CHARACTERS} 个字，现有 {length} 个字，请缩短后再搜。"
        refusals.append(Refusal("q", "too_long", sentence))
    if words > MAX_WORDS:
        sentence = f"一次最多搜 {MAX_WORDS} 个词，现有 {words} 个，请减少几个词。"
        refusals.append(Refusal("q", "too_many_words", sentence))
    return refusals
