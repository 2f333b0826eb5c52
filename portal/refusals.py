"""How a rule says no: which field, which code, one sentence that says what is needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason why something is refused.

    ``field`` is the form field or import column that it concerns ("" for the whole), ``code`` is
    stable for machines, ``sentence`` is Chinese for people: what is there and what is needed.
    """

    field: str
    code: str
    sentence: str


class Refused(Exception):
    """An action was refused; carries every refusal, not just the first."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("；".join(refusal.sentence for refusal in self.refusals))


class Conflict(Refused):
    """Refused because the object changed in the meantime: HTTP 409."""


class Overtaken(Conflict):
    """What was read before the write began is no longer so. Done anew, it sees what is now."""


def refuse_if(refusals: Iterable[Refusal]) -> None:
    """Raise :class:`Refused` with all of them, if there are any."""
    found = tuple(refusals)
    if found:
        raise Refused(found)
