"""The parts of a picture: its table of cells with links, and the filters that links keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from portal.dashboards.queries import Dashboard
from portal.dashboards.rules import CENTIDAYS

PAGE, PAIRINGS, PROVINCE = (
    "dashboards.show_dashboard",
    "pairings.list_pairings",
    "summaries.show_province",
)


class Link(NamedTuple):
    """Where a number leads: a page of the portal, and what it is asked; who may not, sees none."""

    endpoint: str
    asked: Mapping[str, Any]
    permission: str = "summary.read"


class Cell(NamedTuple):
    """One cell of a table: text or number (None where there is nothing), perhaps with a link.

    ``shown`` is how a page writes the number.
    """

    value: str | float | None
    link: Link | None = None
    shown: str = ""


class Column(NamedTuple):
    """A heading; numbers stand at the right."""

    key: str
    label: str
    align: str = "end"


@dataclass(frozen=True, slots=True)
class Picture:
    """What a picture says: in a sentence, as a table, as numbers for the drawing.

    ``is_empty`` where there is nothing to draw. ``drawing`` is JSON but for its links.
    """

    key: str
    title: str
    sentence: str
    note: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    drawing: Mapping[str, Any]
    is_empty: bool

    def cell(self, row: Sequence[Cell], column: Column) -> Cell:
        """Return the cell of a row below a heading."""
        return row[self.columns.index(column)]


def asked_of(found: Dashboard) -> dict[str, Any]:
    """Return the filters of the page as its URL has them."""
    filters = found.filters
    asked = {
        "year": found.year,
        "province": filters.receiving_province,
        "sending": filters.sending_province,
        "county": filters.county,
        "line": filters.line.value if filters.line else None,
        "mode": filters.mode.value if filters.mode else None,
        "finding": filters.finding,
    }
    return {name: value for name, value in asked.items() if value}


def list_asks_of(found: Dashboard) -> dict[str, Any]:
    """Return the filters as the list of pairings calls them."""
    asked = asked_of(found)
    asked.pop("county", None)
    receiving = asked.pop("province", None)
    return {**asked, "receiving": receiving} if receiving else asked


def page_with(found: Dashboard, **changes: str) -> Link:
    return Link(PAGE, {**asked_of(found), **changes})


def in_days(centidays: int | None) -> float | None:
    return None if centidays is None else centidays / CENTIDAYS


def days_cell(centidays: int | None, link: Link | None = None) -> Cell:
    return Cell(in_days(centidays), link)
