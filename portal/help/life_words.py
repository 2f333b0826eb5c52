"""Every life of the portal as its declaration says it: for the page of help, and for docs/lives.md.

The rooms are those of the map (``portal.__doc__``), in the order of the work; a life is found where its
room declares it, so that nobody has to list it.
"""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple

import portal
from models.types import Role
from portal.access.policy import POLICY
from portal.help.reach_words import REACHES
from portal.procedures.rules import Bar, Life

EVERYTHING_ELSE = "由其他办理带来，无人单独办理"


def declared_lives() -> list[Life[Any]]:
    """Return every life that a room declares in its rules, in the order of the work."""
    found: dict[str, Life[Any]] = {}
    for room in re.findall(r"^([a-z_]+) {2,}\S", portal.__doc__ or "", re.MULTILINE):
        package = import_module(f"portal.{room}")
        names = [one.name for one in iter_modules(package.__path__)]
        for name in names:
            if name == "rules" or name.endswith("_rules"):
                module = import_module(f"portal.{room}.{name}")
                lives = [one for one in vars(module).values() if isinstance(one, Life)]
                found |= {life.name: life for life in lives if life.name not in found}
    return list(found.values())


class Row(NamedTuple):
    """One thing that may happen: what, from which states, to which, by whom, on which conditions."""

    what: str
    source: str
    to: str
    who: str
    conditions: str


class Explained(NamedTuple):
    """A life in words: its states, in the order in which it goes through them, and what may happen."""

    title: str
    path: str
    rows: list[Row]


def explained(life: Life[Any]) -> Explained:
    """Say what may happen in a life."""
    rows = [
        Row(
            step.label if step.permission else step.done,
            "、".join(one.label for one in step.source),
            step.to.label if step.to is not None else "不变",
            _who(step.permission),
            _conditions(step.bars, needs_reason=step.needs_reason),
        )
        for step in life.steps
    ]
    rows += [
        Row(
            review.label,
            review.during.label,
            f"各方同意后：{review.passed.label}；一方退回：{review.returned.label}",
            _who(review.permission),
            "每方一轮一次，一人只代表一方；" + _conditions(review.bars, needs_reason=False),
        )
        for review in life.reviews
    ]
    # Two steps that differ by the party alone (确认结对, of either province) read the same: said once.
    path = " → ".join(one.label for one in life.path)
    return Explained(life.title, path, list(dict.fromkeys(rows)))


def _who(permission: str | None) -> str:
    if permission is None:
        return EVERYTHING_ELSE
    reaches = POLICY[permission].reaches
    if len(reaches) == len(Role):
        return "所有角色"
    return "、".join(f"{role.label}（{REACHES[reach]}）" for role, reach in reaches.items())


def _conditions(bars: tuple[Bar, ...], *, needs_reason: bool) -> str:
    asked = ["须由另一人办理"] if bars else []
    return "；".join([*asked, *(["须写明原因"] if needs_reason else [])])
