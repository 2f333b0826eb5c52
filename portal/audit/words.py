"""What is recorded, in words: every room brings its own (portal/enrolment.py), here they are read.

``tests/architecture/test_audit_words.py`` keeps them complete.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from portal.standards.text import legible

ACTORS = {"system": "系统", "visitor": "未登录"}
"""Who is no account, in words: the commands and jobs of the server, and whoever failed to sign in."""

WORDED = frozenset(
    {
        *("role", "shared_with", "side", "level", "kind", "state", "codes", "column", "shelf"),
        *("changed", "permission", "line", "mode", "finding", "pace"),
        *("fund_source", "expense_category"),
    }
)
"""Facts whose values are code words."""

ACTOR = "actor"
OF_FACTS = {
    "assignment": "assignment",
    "correction": "workday",
    "grant": "grant",
    "person": "person",
    "successor": "assignment",
    **dict.fromkeys(
        (
            *("scope", "region_code", "county", "county_code", "either_province"),
            *("receiving_province", "receiving_province_code"),
            *("sending_province", "sending_province_code"),
        ),
        "scope",
    ),
}
"""Facts whose value is the id of something: of what kind."""

VALUE = "value"
BEFORE = "_before"
"""The end of the name of a fact that tells what stood there."""

IDS_SHOWN = 5
"""Of a deed on many, so many are named; the file holds them all."""

Names: TypeAlias = Mapping[str, str]
"""What subjects are called now, by ``kind:id``; those that are gone keep their id."""

NOBODY: Names = {}


def actor_words(login: str, names: Names = NOBODY) -> str:
    """Return who did it: a name and login, or in words what no account did."""
    if login in ACTORS:
        return ACTORS[login]
    name = names.get(f"{ACTOR}:{login}")
    return legible(f"{name}（{login}）" if name else login)


@dataclass(frozen=True)
class AuditWords:
    """The words of all rooms: of events, of subjects, of the names of facts, of code words."""

    events: Mapping[str, str]
    subjects: Mapping[str, str]
    facts: Mapping[str, str]
    code_words: Mapping[str, str]

    def of_event(self, event: str) -> str:
        """Return an event in words; one that a newer version recorded as it stands."""
        return self.events.get(event, event)

    def of_subject(self, subject: str, names: Names = NOBODY) -> str:
        """Return a subject with its kind in words: 账号 演示甲（yanshi）."""
        kind, _, key = subject.partition(":")
        called = names.get(subject) or self.code_words.get(key, key)
        return legible(f"{self.subjects.get(kind, kind)} {called}".rstrip())

    def subject_of(self, typed: str) -> str:
        """Return what was typed of a subject with its kind as it is recorded: 结对 P1 → pairing:P1."""
        kind, _, rest = typed.partition(" ")
        known = next((one for one, words in self.subjects.items() if words == kind), None)
        return f"{known}:{rest.strip()}" if known else typed

    def of_facts(
        self, facts: str, names: Names = NOBODY, subject: str = ""
    ) -> list[tuple[str, str]]:
        """Return facts (the JSON text under the seal) as they are read: a name and a text each.

        Nothing is left out but what is empty. The ids of a deed on many are of its subject's kind.
        """
        kind = subject.partition(":")[0]
        return [
            self.of_fact(name, value, names, kind)
            for name, value in json.loads(facts).items()
            if value not in (None, "")
        ]

    def of_fact(
        self, name: str, value: Any, names: Names = NOBODY, kind: str = ""
    ) -> tuple[str, str]:
        """Return a fact's name and value as they are read; what has no words stays as it is.

        A character that nobody sees is named: rows of earlier releases may hold some under their seal.
        """
        bare = name.removesuffix(BEFORE)
        word = self.facts.get(bare, bare)
        text = self._text_of(bare, value, names, kind)
        return word if bare == name else f"原{word}", legible(text)

    def _text_of(self, name: str, value: Any, names: Names, kind: str) -> str:
        if isinstance(value, bool):
            return "是" if value else "否"
        if isinstance(value, dict):
            parts = (self.of_fact(key, one, names, kind) for key, one in value.items())
            return "、".join(f"{word} {text}" for word, text in parts)
        if name == VALUE:
            return self._words_of_value(str(value))
        if name in OF_FACTS:
            called = names.get(f"{OF_FACTS[name]}:{value}", str(value))
            return self.code_words.get(called, called)
        if name == "ids" and isinstance(value, list):
            shown = "、".join(names.get(f"{kind}:{one}", str(one)) for one in value[:IDS_SHOWN])
            return shown if len(value) <= IDS_SHOWN else f"{shown} 等 {len(value)} 项"
        if isinstance(value, (str, list)):
            texts = [value] if isinstance(value, str) else value
            words = [self._word_of(str(one)) if name in WORDED else str(one) for one in texts]
            return "、".join(dict.fromkeys(words))
        return json.dumps(value, ensure_ascii=False)

    def _words_of_value(self, text: str) -> str:
        """Return the value of a parameter, recorded as JSON, in its own words."""
        value = json.loads(text)
        values = value if isinstance(value, list) else [value]
        return "、".join(self.code_words.get(f"{VALUE}:{one}", str(one)) for one in values)

    def _word_of(self, code: str) -> str:
        """Return a code word in words; a sealed column and its mask are one."""
        column = code.removesuffix("_sealed").removesuffix("_masked").removesuffix("_index")
        return (
            self.code_words.get(code) or self.code_words.get(column) or self.facts.get(code, code)
        )
