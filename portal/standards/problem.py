"""What is wrong with a value that should follow a national standard."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """The first fault of a value, ready to stand beside its field.

    ``code`` is stable and meant for programs, ``sentence`` is Chinese and meant for people.
    ``position`` counts from 1. ``expected`` is the character that belongs there and is set only
    where the standard determines it; ``actual`` is the character found there.
    """

    code: str
    sentence: str
    position: int | None = None
    expected: str | None = None
    actual: str | None = None
