"""The facts by which the rows of a file are judged, whatever its kind. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.types import NATION
from portal.access.actor import Actor
from portal.workdays.rules import Term, Year

FIRST_HALF, SECOND_HALF = 1, 2
"""The halves of a date, as bits of one number."""


def shown_value(value: str | date | None) -> str:
    """Return what is stored as a cell would say it; "" for nothing."""
    return value.isoformat() if isinstance(value, date) else value or ""


@dataclass(frozen=True, slots=True)
class Setting:
    """In whose name, on which day and from which file an import comes."""

    actor: Actor
    today: date
    file_name: str

    @property
    def reason(self) -> str:
        """What stands where a page would ask for a reason."""
        return f"批量导入：{self.file_name}"


class WorkYears(NamedTuple):
    """All work years, to answer about any date and province what portal/programme would."""

    rows: tuple[tuple[str, Year], ...]

    def on(self, day: date, province_code: str) -> Year | None:
        """Return the work year of a date; see ``find_work_year_on``."""
        own, common = self._of(province_code)
        fitting = [
            [year for year in years if year.starts_on <= day <= year.ends_on]
            for years in (own, common)
        ]
        return max(fitting[0] or fitting[1], default=None)

    def between(self, first: date, last: date, province_code: str) -> list[Year]:
        """Return the work years that a span touches; see ``list_work_years_between``."""
        own, common = self._of(province_code)
        return sorted(
            year for year in (*own, *common) if year.starts_on <= last and year.ends_on >= first
        )

    def _of(self, province_code: str) -> tuple[list[Year], list[Year]]:
        """Return the years with dates of a province's own, and the common ones of all others."""
        own = [year for region, year in self.rows if region == province_code]
        known = {year.year for year in own}
        common = [year for region, year in self.rows if region == NATION]
        return own, [year for year in common if year.year not in known]


class Terms(NamedTuple):
    """Assignments by (pairing id, person id), and which of them count (qualified)."""

    of: dict[tuple[int, int], list[Term]]
    qualified: frozenset[int]
