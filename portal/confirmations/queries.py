"""What a decision on days asks: which of them are still as they were shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from models import Workday


def changed_since(workdays: Sequence[Workday], seen: Mapping[int, int] | None) -> list[int]:
    """Return the positions of the entries that are no longer in the version that was shown."""
    return [
        position
        for position, one in enumerate(workdays)
        if seen is not None and seen.get(one.id) != one.version
    ]
