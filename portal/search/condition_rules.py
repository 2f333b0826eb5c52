"""省:贵州 状态:退回 — conditions typed into the search, and the lists that understand all of them.

What is typed after a colon is a choice of a list's filter in the words of its label, or its
beginning; words without a colon go into the list's own search. Pure: provinces come as an argument.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from portal.asked import TEXT, Asked, Target

CONDITION = re.compile(r"([^:：]+)[:：](.+)")


class Condition(NamedTuple):
    key: str
    value: str


class Understood(NamedTuple):
    """A list and what its URL then asks."""

    target: Target
    values: dict[str, str]


def conditions_in(asked: Asked, targets: Iterable[Target]) -> tuple[list[Condition], list[str]]:
    """Return the conditions of a query and its plain words; a colon alone makes no condition."""
    conditions, words = [], []
    known = known_conditions(targets)
    for word in asked.words:
        match = CONDITION.fullmatch(word)
        if match and match[1] in known:
            conditions.append(Condition(match[1], match[2]))
        else:
            words.append(word)
    return conditions, words


def understood_by(
    conditions: Sequence[Condition],
    words: Sequence[str],
    targets: Iterable[Target],
    provinces: Mapping[str, str],
) -> list[Understood]:
    """Return the lists that understand every condition; ``provinces`` are codes by name."""
    found = []
    for target in targets:
        values = [_value_of(target, one, provinces) for one in conditions]
        if None in values or (words and not target.search):
            continue
        query = dict(value for value in values if value)
        found.append(
            Understood(target, query | ({target.search: " ".join(words)} if words else {}))
        )
    return found


def known_conditions(targets: Iterable[Target]) -> list[str]:
    """Return the words that may stand before a colon."""
    return list(dict.fromkeys(key for target in targets for key in target.filters))


def _value_of(
    target: Target, condition: Condition, provinces: Mapping[str, str]
) -> tuple[str, str] | None:
    if condition.key not in target.filters:
        return None
    name, choices = target.filters[condition.key]
    if choices == TEXT:
        return name, condition.value
    labels: Mapping[str, str]
    if isinstance(choices, str):
        labels = provinces
    elif isinstance(choices, Mapping):
        labels = choices
    else:
        labels = {one.label: one.value for one in choices}
    value = labels.get(condition.value) or _only(
        value for label, value in labels.items() if condition.value in label
    )
    return (name, value) if value else None


def _only(values: Iterable[str]) -> str | None:
    """Return the one value that there is, None of several or none."""
    found = list(dict.fromkeys(values))
    return found[0] if len(found) == 1 else None
