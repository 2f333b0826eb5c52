"""Refused cells that are mended in the browser: which are offered, and what was typed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from portal.imports.column_rules import Column
from portal.standards.text import plain

MOST_CELLS = 50
"""Offered on one page; a file with more faults is mended where it was made."""

MOST_CHARACTERS = 5000
"""Of what is typed into one of them: more than any column takes, so that a rule refuses what is too
long, and nothing of it is cut off unseen."""


class Mended(NamedTuple):
    """What takes the place of a cell."""

    row: int
    column: str
    text: str


class Mendable(NamedTuple):
    """A refused cell as the page offers it; what is personal is to be typed anew."""

    row: int
    column: str
    value: str
    choices: tuple[str, ...]
    is_personal: bool

    @property
    def name(self) -> str:
        """The name of its field in the form."""
        return f"{self.row}:{self.column}"


def mendable_in(
    lines: Sequence[tuple[int, str, str, str]], columns: Sequence[Column]
) -> dict[tuple[int, str], Mendable]:
    """Return the cells that are offered, each once, by row and column.

    ``lines`` say of each fault the row, the column, what stands there and what is wrong.
    """
    known = {column.name: column for column in columns}
    found: dict[tuple[int, str], Mendable] = {}
    for row, name, value, _sentence in lines:
        column = known.get(name)
        if column is None or len(found) == MOST_CELLS:
            continue
        is_personal = column.mask is not None
        found.setdefault(
            (row, name),
            Mendable(row, name, "" if is_personal else value, column.choices, is_personal),
        )
    return found


def mends_in(typed: Mapping[str, str], offered: Sequence[Mendable]) -> tuple[Mended, ...]:
    """Return what was typed that differs from what stands; a personal cell left empty stays."""
    found = []
    for one in offered:
        text = plain(typed.get(one.name, one.value)).strip()
        # A field sends one line of what stood on several, and all of a text that is too long.
        if text.split() != plain(one.value).split():
            found.append(Mended(one.row, one.column, text[:MOST_CHARACTERS].strip()))
    return tuple(found)
