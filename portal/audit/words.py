"""What is recorded, in words: every room brings its own (portal/enrolment.py), here they are read.

``tests/architecture/test_audit_words.py`` keeps them complete.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.standards.text import legible

ACTORS = {"system": "系统", "visitor": "未登录"}
"""Who is no account, in words: the commands and jobs of the server, and whoever failed to sign in."""

WORDED = frozenset({"role", "shared_with", "side", "level", "kind", "state", "codes", "column"})
"""Facts whose values are code words."""


def actor_words(login: str) -> str:
    """Return who did it: a login, or in words what no account did."""
    return ACTORS.get(login, legible(login))


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

    def of_subject(self, subject: str) -> str:
        """Return a subject with its kind in words: 账号 Ab3…."""
        kind, _, name = subject.partition(":")
        return legible(f"{self.subjects.get(kind, kind)} {name}".rstrip())

    def of_facts(self, facts: str) -> list[tuple[str, str]]:
        """Return facts (the JSON text under the seal) as they are read: a name and a text each.

        Nothing is left out but what is empty.
        """
        return [
            self.of_fact(name, value)
            for name, value in json.loads(facts).items()
            if value not in (None, "")
        ]

    def of_fact(self, name: str, value: Any) -> tuple[str, str]:
        """Return a fact's name and value as they are read; what has no words stays as it is.

        A character that nobody sees is named: rows of earlier releases may hold some under their seal.
        """
        if isinstance(value, bool):
            text = "是" if value else "否"
        elif isinstance(value, (str, list)):
            words = self.code_words if name in WORDED else {}
            texts = [value] if isinstance(value, str) else value
            text = "、".join(words.get(one, str(one)) for one in texts)
        else:
            text = json.dumps(value, ensure_ascii=False)
        return self.facts.get(name, name), legible(text)
