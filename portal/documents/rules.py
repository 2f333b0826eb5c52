"""Numbers of documents, what is frozen under a hash, and why one is not issued. Pure."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NamedTuple

from models.types import DocumentKind
from portal.refusals import Refusal
from portal.standards.text import is_blank, plain

WORDS = {DocumentKind.SERVICE: "牵手服务"}
"""机关代字: with what the number of a kind begins."""

MAX_REASON = 200
"""Characters of why a document is issued anew."""

CODE_DIGITS = 16
"""Hexadecimal digits of the hash that stand on the paper as its code."""

_NUMBER = re.compile(r"(\S+?)[〔\[【(](\d{4})[〕\]】)](?:第)?(\d{1,9})号")
_OWN_TO_A_VERSION = frozenset({"number", "version", "issued_on", "supersedes"})


class Number(NamedTuple):
    """发文字号: 牵手服务〔2026〕12号."""

    kind: DocumentKind
    year: int
    serial: int

    def __str__(self) -> str:
        return f"{WORDS[self.kind]}〔{self.year}〕{self.serial}号"


def parse_number(text: str) -> Number | None:
    """Return the number that somebody typed, whatever brackets and spaces they used, or None."""
    found = _NUMBER.fullmatch("".join(unicodedata.normalize("NFKC", text).split()))
    kinds = {word: kind for kind, word in WORDS.items()}
    if found is None or found[1] not in kinds:
        return None
    return Number(kinds[found[1]], int(found[2]), int(found[3]))


def canonical(facts: Mapping[str, Any]) -> str:
    """Return facts as the one text that is frozen: keys in order, no spaces, no escapes."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def hash_of(frozen: str) -> bytes:
    """Return the SHA-256 of frozen facts."""
    return hashlib.sha256(frozen.encode()).digest()


def code_of(facts_hash: bytes) -> str:
    """Return the code that stands on the paper, in groups of four: 1A2B-3C4D-…"""
    digits = facts_hash.hex()[:CODE_DIGITS].upper()
    return "-".join(digits[at : at + 4] for at in range(0, CODE_DIGITS, 4))


def is_code_of(text: str, facts_hash: bytes) -> bool:
    """Is this the code of that hash, whatever case and dashes it was typed with?"""
    typed = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    return typed == code_of(facts_hash).replace("-", "")


class IssuedVersion(NamedTuple):
    """The version that stands of a document, and its frozen facts."""

    version: int
    number: str
    facts: Mapping[str, Any]


def refusals_for_issue(
    facts: Mapping[str, Any], standing: IssuedVersion | None, *, seen_version: int, reason: str
) -> list[Refusal]:
    """Say why a document is not issued; ``seen_version`` stood when its issue was asked for, 0: none."""
    version = standing.version if standing else 0
    if version != seen_version:
        there = f"现行的是第 {version} 版（{standing.number}）" if standing else "目前没有现行的"
        sentence = f"打开页面后已有人开具，{there}。请核对后再决定是否重开。"
        return [Refusal("", "changed_meanwhile", sentence)]
    if standing is None:
        return []
    if _substance(facts) == _substance(standing.facts):
        sentence = f"内容与现行的 {standing.number} 完全一致，无须重开；需要纸件请下载该份文件。"
        return [Refusal("", "nothing_new", sentence)]
    if is_blank(reason):
        sentence = f"已有 {standing.number}，重开将取代它，须填写重开原因。"
        return [Refusal("reason", "missing_value", sentence)]
    if len(plain(reason)) > MAX_REASON:
        sentence = f"重开原因 {len(plain(reason))} 字，不得超过 {MAX_REASON} 字，请缩短。"
        return [Refusal("reason", "text_too_long", sentence)]
    return []


def _substance(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in facts.items() if key not in _OWN_TO_A_VERSION}
