"""How the lines of a summary add up to counties, provinces and the whole, and what they lack. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from models.types import Side
from portal.programme.policy import Policy
from portal.summaries.rules import NOTHING, PairingLine, Sums, sums_of, total_of


class CountySums(NamedTuple):
    """The effective lines from one province to one county, added up."""

    sending_province_code: str
    receiving_province_code: str
    county_code: str
    sums: Sums

    def province_of(self, side: Side) -> str:
        return self.sending_province_code if side == Side.SENT else self.receiving_province_code


def sums_by_county(lines: Iterable[PairingLine]) -> list[CountySums]:
    """Add the effective lines up by their provinces and county."""
    found: dict[tuple[str, str, str], Sums] = {}
    for line in lines:
        if line.is_confirmed:
            key = (line.sending_province_code, line.receiving_province_code, line.county_code)
            found[key] = found.get(key, NOTHING) | sums_of(line)
    return [CountySums(*key, sums) for key, sums in sorted(found.items())]


class Organisations(NamedTuple):
    """How many different organisations take part on either side."""

    sending: int = 0
    receiving: int = 0


def organisations_by(side: Side, lines: Iterable[PairingLine]) -> dict[str, Organisations]:
    """Count the organisations of effective lines by the province of a side."""
    found: dict[str, tuple[set[str], set[str]]] = {}
    for line in lines:
        if line.is_confirmed:
            province = (
                line.sending_province_code if side == Side.SENT else line.receiving_province_code
            )
            sending, receiving = found.setdefault(province, (set(), set()))
            sending.add(line.sending_credit_code)
            receiving.add(line.receiving_credit_code)
    return {code: Organisations(len(one), len(other)) for code, (one, other) in found.items()}


def organisations_of(
    received: Mapping[str, Organisations], sent: Mapping[str, Organisations]
) -> Organisations:
    """Return how many different ones there are: an organisation is seated in one province."""
    return Organisations(
        sum(one.sending for one in sent.values()), sum(one.receiving for one in received.values())
    )


class Planned(NamedTuple):
    """Pairings that the allocation table gives one province for another."""

    sending_province_code: str
    receiving_province_code: str
    pairs: int


def planned_by(side: Side, planned: Iterable[Planned] | None) -> dict[str, int] | None:
    """Add the allocation table up by the province of a side; None stays None."""
    if planned is None:
        return None
    found: dict[str, int] = {}
    for sending, receiving, pairs in planned:
        code = sending if side == Side.SENT else receiving
        found[code] = found.get(code, 0) + pairs
    return found


@dataclass(frozen=True, slots=True)
class Area:
    """A receiving province, or the whole: the sums of its lines and how far its key counties are covered.

    ``allocated`` is the number of pairings in the task-allocation table, None where the reader
    sees only some of them. A county counts once, however many pairings it has (decision B15): its
    townships too, which are known of key counties.
    """

    code: str
    name: str
    sums: Sums
    organisations: Organisations
    townships: int
    key_counties: int
    key_counties_covered: int
    allocated: int | None


@dataclass(frozen=True, slots=True)
class Sender:
    """A sending province, or the whole: the sums of what it sends, and its part of the table."""

    code: str
    name: str
    sums: Sums
    organisations: Organisations
    allocated: int | None


def areas_of(
    counties: Iterable[CountySums],
    *,
    names: Mapping[str, str],
    key_counties: Mapping[str, str],
    townships: Mapping[str, int],
    organisations: Mapping[str, Organisations],
    allocated: Mapping[str, int] | None,
    always: Iterable[str],
) -> list[Area]:
    """Return one area for each receiving province, by code.

    ``key_counties`` maps each key county to its province, ``always`` are the provinces that appear
    even without a pairing, ``allocated`` is None if the reader may not see the whole table.
    """
    by_province = _by_province(Side.RECEIVED, counties, [*always, *(allocated or ())])
    return [
        Area(
            code=code,
            name=names.get(code, code),
            sums=total_of(county.sums for county in own),
            organisations=organisations.get(code, Organisations()),
            townships=sum(townships.get(one, 0) for one in {one.county_code for one in own}),
            key_counties=sum(1 for province in key_counties.values() if province == code),
            key_counties_covered=len(
                {one.county_code for one in own if one.sums.covering_pairings}
                & key_counties.keys(),
            ),
            allocated=None if allocated is None else allocated.get(code, 0),
        )
        for code, own in by_province.items()
    ]


def whole_of(areas: Iterable[Area], organisations: Organisations) -> Area:
    """Return the area that all of these make up: every figure is the sum of theirs.

    Only an organisation with pairings in several provinces counts once (``organisations``).
    """
    parts = list(areas)
    return Area(
        code="",
        name="合计",
        sums=total_of(part.sums for part in parts),
        organisations=organisations,
        townships=sum(part.townships for part in parts),
        key_counties=sum(part.key_counties for part in parts),
        key_counties_covered=sum(part.key_counties_covered for part in parts),
        allocated=_added(part.allocated for part in parts),
    )


def senders_of(
    counties: Iterable[CountySums],
    *,
    names: Mapping[str, str],
    organisations: Mapping[str, Organisations],
    allocated: Mapping[str, int] | None,
) -> list[Sender]:
    """Return one row for each sending province, by code."""
    return [
        Sender(
            code=code,
            name=names.get(code, code),
            sums=total_of(county.sums for county in own),
            organisations=organisations.get(code, Organisations()),
            allocated=None if allocated is None else allocated.get(code, 0),
        )
        for code, own in _by_province(Side.SENT, counties, allocated or ()).items()
    ]


def all_senders(senders: Iterable[Sender], organisations: Organisations) -> Sender:
    """Return what all sending provinces make up."""
    parts = list(senders)
    sums = total_of(part.sums for part in parts)
    return Sender("", "合计", sums, organisations, _added(part.allocated for part in parts))


def _by_province(
    side: Side, counties: Iterable[CountySums], always: Iterable[str]
) -> dict[str, list[CountySums]]:
    found: dict[str, list[CountySums]] = {code: [] for code in always}
    for county in counties:
        found.setdefault(county.province_of(side), []).append(county)
    return dict(sorted(found.items()))


def _added(allocated: Iterable[int | None]) -> int | None:
    parts = list(allocated)
    return None if None in parts else sum(part or 0 for part in parts)


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


def whole_shortage(parts: Mapping[str, Shortage]) -> Shortage | None:
    """Return what all areas lack together; None where nothing is asked of pairings."""
    if not parts:
        return None
    found = parts.values()
    return Shortage(
        "合计",
        sum(one.sent_centidays for one in found),
        sum(one.received_centidays for one in found),
        sum(one.needed for one in found),
    )


def lacking_by_province(lines: Iterable[PairingLine], needs: Needs) -> dict[str, tuple[int, int]]:
    """Add up by receiving province what each effective line lacks, sent and received."""
    found: dict[str, tuple[int, int]] = {}
    for line in lines:
        if not line.is_confirmed:
            continue
        sent, received = found.get(line.receiving_province_code, (0, 0))
        found[line.receiving_province_code] = (
            sent + max(needs.sent_centidays - line.sent_centidays, 0),
            received + max(needs.received_centidays - line.received_centidays, 0),
        )
    return found
