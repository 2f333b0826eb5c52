"""Finding the rules by their name, the number in force, and the findings that they cause."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy.orm import Session

from portal.access.actor import Actor
from portal.asked import Asked
from portal.finding import SHOWN, Finder, Group, Hit
from portal.help.rulebook_words import Rule, list_rules
from portal.programme import parameter_queries
from portal.standards.sounds import stands_in


def find_rules(session: Session, _actor: Actor, asked: Asked, today: date) -> Group:
    """Return the rules with every word; one statement."""
    values = {
        row.parameter.key: f"{row.words}{row.unit}"
        for group in parameter_queries.list_in_force(session, today)
        for row in group.rows
    }
    hits = [
        Hit("规则", rule.label, values.get(rule.key, ""), "help.show_rule", {"key": rule.key})
        for rules in list_rules().values()
        for rule in rules
        if all(_is_about(rule, values.get(rule.key, ""), word) for word in asked.words)
    ]
    has_more = len(hits) > SHOWN
    return Group("规则", hits[:SHOWN], has_more, ("help.list_rules", {}) if has_more else None)


def _is_about(rule: Rule, value: str, word: str) -> bool:
    return any(stands_in(word, text) for text in _texts(rule)) or (
        word.isalnum() and value.startswith(word)
    )


def _texts(rule: Rule) -> Iterable[str]:
    return (rule.label, *rule.titles)


RULES = Finder("self.use", "规则（名称、现行的数）", find_rules)
