"""A line of the summary, how lines add up, and what is due for them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import add
from typing import NamedTuple

from models.types import Line, Mode
from portal.compliance.rules import FINDING_BITS, FINDING_CODES, Finding, Tally, findings_for
from portal.programme.policy import Policy
from portal.refusals import Refusal


class PairingLine(NamedTuple):
    """One pairing in a work year; days in hundredths of a day, ``findings`` as a bit mask."""

    pairing_id: int
    code: str
    line: Line
    mode: Mode
    county_code: str
    county_name: str
    sending_credit_code: str
    sending_name: str
    sending_province_code: str
    receiving_credit_code: str
    receiving_name: str
    receiving_province_code: str
    sent_staff: int
    qualified_sent_staff: int
    received_staff: int
    sent_centidays: int
    received_centidays: int
    sent_pending_centidays: int
    received_pending_centidays: int
    sent_min_centidays: int
    received_min_centidays: int
    is_compliant: bool
    findings: int

    def lacks(self, code: str) -> bool:
        """Does the line miss the requirement that this finding code stands for?"""
        return bool(self.findings & FINDING_BITS[code])

    def explained(self, policy: Policy) -> list[Finding]:
        """Return the findings with have, need and clause."""
        figures = self[FIRST_FIGURE : FIRST_FIGURE + FIGURES]
        tally = Tally._make([*figures, not self.lacks("no_agreement")])
        return findings_for(tally, policy)


FIRST_FIGURE = PairingLine._fields.index("sent_staff")
FIGURES = len(Tally._fields) - 1
"""The figures of a line stand in the order of a tally; ``has_agreement`` is a finding."""


class Sums(NamedTuple):
    """The sums of some lines. ``*_min_centidays`` is the least of any counted person, 0 if none."""

    pairings: int = 0
    compliant_pairings: int = 0
    in_province_pairings: int = 0
    sent_staff: int = 0
    qualified_sent_staff: int = 0
    received_staff: int = 0
    sent_centidays: int = 0
    received_centidays: int = 0
    sent_pending_centidays: int = 0
    received_pending_centidays: int = 0
    sent_min_centidays: int = 0
    received_min_centidays: int = 0
    missed: tuple[int, ...] = (0,) * len(FINDING_CODES)

    def __or__(self, other: Sums) -> Sums:
        """Return the sums of the lines of both."""
        added = map(add, self[:LEASTS], other[:LEASTS])
        return Sums._make(
            [
                *added,
                _least(self.sent_min_centidays, other.sent_min_centidays),
                _least(self.received_min_centidays, other.received_min_centidays),
                tuple(mine + its for mine, its in zip(self.missed, other.missed, strict=True)),
            ]
        )

    def met(self, code: str) -> int:
        """How many of the pairings meet the requirement that this finding code stands for?"""
        return self.pairings - self.missed[FINDING_CODES.index(code)]

    @property
    def sent_average_centidays(self) -> int:
        """Days of a sent person on average (decision B1), rounded to hundredths."""
        return _average(self.sent_centidays, self.qualified_sent_staff)

    @property
    def received_average_centidays(self) -> int:
        return _average(self.received_centidays, self.received_staff)


LEASTS = Sums._fields.index("sent_min_centidays")
"""Where the figures that add up end."""

NOTHING = Sums()


def sums_of(line: PairingLine) -> Sums:
    """Return the sums of a single line."""
    return Sums._make(
        [
            1,
            int(line.is_compliant),
            int(line.mode == Mode.IN_PROVINCE),
            *line[FIRST_FIGURE : FIRST_FIGURE + FIGURES],
            tuple(int(line.lacks(code)) for code in FINDING_CODES),
        ]
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """Which lines are meant; None leaves none out.

    ``either_province`` keeps pairings with a province on either side, ``sending_province`` those
    that it sends, ``receiving_province`` those that it receives; ``finding`` those that have this finding.
    """

    either_province: str | None = None
    receiving_province: str | None = None
    county: str | None = None
    line: Line | None = None
    mode: Mode | None = None
    finding: str | None = None
    compliant: bool | None = None
    sending_province: str | None = None

    def admit(self, line: PairingLine) -> bool:
        provinces = (line.sending_province_code, line.receiving_province_code)
        return (
            (not self.either_province or self.either_province in provinces)
            and self.sending_province in (None, line.sending_province_code)
            and self.receiving_province in (None, line.receiving_province_code)
            and self.county in (None, line.county_code)
            and self.line in (None, line.line)
            and self.mode in (None, line.mode)
            and (not self.finding or line.lacks(self.finding))
            and self.compliant in (None, line.is_compliant)
        )


NO_FILTERS = Filters()


class CountySums(NamedTuple):
    """The lines of one county, added up."""

    receiving_province_code: str
    county_code: str
    sums: Sums


def sums_by_county(lines: Iterable[PairingLine]) -> list[CountySums]:
    """Add lines up by their county."""
    found: dict[tuple[str, str], Sums] = {}
    for line in lines:
        key = (line.receiving_province_code, line.county_code)
        found[key] = found.get(key, NOTHING) | sums_of(line)
    return [CountySums(*key, sums) for key, sums in sorted(found.items())]


@dataclass(frozen=True, slots=True)
class Area:
    """A province, or the whole: the sums of its lines and how far its key counties are covered.

    ``allocated`` is the number of pairings in the task-allocation table, None where the reader
    sees only some of them. A county counts once, however many pairings it has (decision B15).
    """

    code: str
    name: str
    sums: Sums
    townships: int
    key_counties: int
    key_counties_covered: int
    allocated: int | None


def areas_of(
    counties: Iterable[CountySums],
    *,
    names: Mapping[str, str],
    key_counties: Mapping[str, str],
    townships: Mapping[str, int],
    allocated: Mapping[str, int] | None,
    always: Iterable[str],
) -> list[Area]:
    """Return one area for each receiving province, by code.

    ``key_counties`` maps each key county to its province, ``always`` are the provinces that appear
    even without a pairing, ``allocated`` is None if the reader may not see the whole table.
    """
    by_province: dict[str, list[CountySums]] = {code: [] for code in always}
    for county in counties:
        by_province.setdefault(county.receiving_province_code, []).append(county)
    for code in allocated or ():
        by_province.setdefault(code, [])
    return [
        Area(
            code=code,
            name=names.get(code, code),
            sums=_total(county.sums for county in own),
            townships=sum(
                county.sums.pairings * townships.get(county.county_code, 0) for county in own
            ),
            key_counties=sum(1 for province in key_counties.values() if province == code),
            key_counties_covered=len(
                {county.county_code for county in own} & key_counties.keys(),
            ),
            allocated=None if allocated is None else allocated.get(code, 0),
        )
        for code, own in sorted(by_province.items())
    ]


def whole_of(areas: Iterable[Area]) -> Area:
    """Return the area that all of these make up: every figure is the sum of theirs."""
    parts = list(areas)
    has_table = all(part.allocated is not None for part in parts)
    return Area(
        code="",
        name="合计",
        sums=_total(part.sums for part in parts),
        townships=sum(part.townships for part in parts),
        key_counties=sum(part.key_counties for part in parts),
        key_counties_covered=sum(part.key_counties_covered for part in parts),
        allocated=sum(part.allocated or 0 for part in parts) if has_table else None,
    )


class Needs(NamedTuple):
    """The least days of a pairing on each side in a work year, in hundredths (二(四)2)."""

    sent_centidays: int
    received_centidays: int


def needs_of(policy: Policy) -> Needs | None:
    """Return what a pairing needs, or None where days are asked of each person, not of the pairing."""
    if policy["day_basis"] == "per_person":
        return None
    return Needs(round(policy["min_sent_days"] * 100), round(policy["min_received_days"] * 100))


@dataclass(frozen=True, slots=True)
class Shortage:
    """What the pairings of a province lack, each by itself: what one has too much helps no other.

    In hundredths of a day; ``needed`` is what all of them need on both sides together.
    """

    name: str
    sent_centidays: int
    received_centidays: int
    needed: int

    @property
    def total(self) -> int:
        return self.sent_centidays + self.received_centidays

    @property
    def share(self) -> float:
        return self.total / self.needed if self.needed else 0.0


def shortages_of(
    areas: Iterable[Area], lacking: Mapping[str, tuple[int, int]], needs: Needs
) -> dict[str, Shortage]:
    """Return what each area lacks, by its code, the most first; ``lacking`` as the lines say."""
    found = {
        area.code: Shortage(
            area.name, *lacking.get(area.code, (0, 0)), needed=sum(needs) * area.sums.pairings
        )
        for area in areas
    }
    return dict(sorted(found.items(), key=lambda item: -item[1].total))


def lacking_by_province(lines: Iterable[PairingLine], needs: Needs) -> dict[str, tuple[int, int]]:
    """Add up by receiving province what each line lacks, sent and received."""
    found: dict[str, tuple[int, int]] = {}
    for line in lines:
        sent, received = found.get(line.receiving_province_code, (0, 0))
        found[line.receiving_province_code] = (
            sent + max(needs.sent_centidays - line.sent_centidays, 0),
            received + max(needs.received_centidays - line.received_centidays, 0),
        )
    return found


def refusals_for_as_of(as_of: date | None, today: date) -> list[Refusal]:
    """Only what is known can be summarised: today or an earlier day."""
    if as_of is None or as_of <= today:
        return []
    sentence = f"截至日期 {as_of} 晚于今天（{today}），只能汇总到今天或之前的某一天。"
    return [Refusal("as_of", "future_date", sentence)]


def subsidy_due_fen(mode: Mode, policy: Policy) -> int:
    """Return the ministry's subsidy of a pairing and year, in fen (三(一), decision B25)."""
    key = "subsidy_in_province_fen" if mode == Mode.IN_PROVINCE else "subsidy_cross_fen"
    return int(policy[key])


def subsidies_due_fen(sums: Sums, policy: Policy) -> int:
    """Return the ministry's subsidy of all these pairings, in fen."""
    cross = sums.pairings - sums.in_province_pairings
    return cross * subsidy_due_fen(
        Mode.CROSS_PROVINCE, policy
    ) + sums.in_province_pairings * subsidy_due_fen(Mode.IN_PROVINCE, policy)


SORTS: dict[str, Callable[[PairingLine], object]] = {
    "county": lambda line: line.county_code,
    "code": lambda line: line.code,
    "sent_staff": lambda line: line.qualified_sent_staff,
    "sent_days": lambda line: line.sent_centidays,
    "sent_pending": lambda line: line.sent_pending_centidays,
    "received_staff": lambda line: line.received_staff,
    "received_days": lambda line: line.received_centidays,
    "received_pending": lambda line: line.received_pending_centidays,
}
"""By what lines may be sorted in the URL; a leading ``-`` sorts downwards."""


def _total(sums: Iterable[Sums]) -> Sums:
    total = NOTHING
    for one in sums:
        total |= one
    return total


def _least(one: int, other: int) -> int:
    return min(one, other) if one and other else one or other


def _average(centidays: int, people: int) -> int:
    return round(centidays / people) if people else 0
