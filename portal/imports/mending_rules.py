"""Refused cells that are mended in the browser: which are offered, and what was typed. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from portal.imports.column_rules import Column
from portal.standards.text import plain

FAULTS_A_PAGE = 50

MOST_FAULTS = 2000
"""Of a file that can be mended in the browser, before it is checked again; then the next ones come."""

MOST_ROWS = 100_000
"""Of a file that is mended in the browser: written anew and checked within the time of a check."""

MOST_CHARACTERS = 5000
"""Of what is typed into one of them: more than any column takes, so that a rule refuses what is too
long, and nothing of it is cut off unseen."""

WIDTHS = 18, 40
"""Between which a field is as wide as what it holds; the codes of people and organisations have 18."""


class Mended(NamedTuple):
    """What takes the place of a cell."""

    row: int
    column: str
    text: str


class Mendable(NamedTuple):
    """A refused cell as the page offers it; what is personal is to be typed anew.

    ``saved`` is what was typed into it before and is not checked yet; None if nothing was.
    """

    row: int
    column: str
    value: str
    choices: tuple[str, ...]
    is_personal: bool
    saved: str | None = None

    @property
    def shown(self) -> str:
        """What its field holds when the page comes."""
        return self.value if self.saved is None or self.is_personal else self.saved

    @property
    def size(self) -> int:
        """How many characters of Latin letters its field is wide: all of a code, a Chinese one is two."""
        held = sum(1 if character.isascii() else 2 for character in self.shown)
        return min(max(held, WIDTHS[0]) + 1, WIDTHS[1])

    @property
    def name(self) -> str:
        """The name of its field in the form."""
        return f"{self.row}:{self.column}"


def mendable_in(
    lines: Sequence[tuple[int, str, str, str, str]],
    columns: Sequence[Column],
    saved: Sequence[Mended] = (),
) -> dict[tuple[int, str], Mendable]:
    """Return the cells that are offered, each once, by row and column.

    ``lines`` say of each fault the row, the column, what stands there, what is wrong and whose row it is.
    """
    known = {column.name: column for column in columns}
    typed = {(mend.row, mend.column): mend.text for mend in saved}
    found: dict[tuple[int, str], Mendable] = {}
    for row, name, value, *_ in lines:
        column = known.get(name)
        if column is None:
            continue
        is_personal = column.mask is not None
        stands = "" if is_personal else value
        before = typed.get((row, name))
        cell = Mendable(row, name, stands, column.choices, is_personal, before)
        found.setdefault((row, name), cell)
    return found


def with_page(
    saved: Sequence[Mended], typed: Mapping[str, str], offered: Sequence[Mendable]
) -> tuple[Mended, ...]:
    """Return what was saved of other pages, and what was typed on this one.

    A personal cell that is left empty keeps what was typed into it before.
    """
    here = mends_in(typed, offered)
    stays = {
        (one.row, one.column)
        for one in offered
        if one.is_personal and one.saved is not None and not typed.get(one.name, "").strip()
    }
    gone = {(one.row, one.column) for one in offered} - stays
    return (*(mend for mend in saved if (mend.row, mend.column) not in gone), *here)


def mends_in(typed: Mapping[str, str], offered: Sequence[Mendable]) -> tuple[Mended, ...]:
    """Return what was typed that differs from what stands; a personal cell left empty stays."""
    found = []
    for one in offered:
        text = plain(typed.get(one.name, one.value)).strip()
        # A field sends one line of what stood on several, and all of a text that is too long.
        if text.split() != plain(one.value).split():
            found.append(Mended(one.row, one.column, text[:MOST_CHARACTERS].strip()))
    return tuple(found)
