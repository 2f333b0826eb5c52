"""Reading the task-allocation table beside the pairings and key counties that follow from it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models import Allocation, KeyCounty, Organisation, Pairing, PairingYearTotal, Region
from models.programme import NATION
from models.types import Line, Mode, PairingState, RegionLevel
from portal.access.actor import Actor, Grant
from portal.access.policy import Reach
from portal.matching import is_name
from portal.places.queries import region_names

READ = "allocation.read"
WHOLE = (Reach.NATION, Reach.PROVINCE)
CODE_AT_THE_END = re.compile(r"([0-9]{6})[）)]?$")


class AllocationRow(NamedTuple):
    """A row of the table; ``county_code`` is "" where it names no county."""

    id: int
    sending_province_code: str
    sending: str
    receiving_province_code: str
    receiving: str
    mode: Mode
    line: Line
    county_code: str
    county: str | None
    pairs: int


class View(NamedTuple):
    """How far a reader sees: everything, or some provinces on either side; else neither."""

    is_nation: bool
    provinces: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Does the reader see all pairings that the rows plan? Else no comparison is true."""
        return self.is_nation or bool(self.provinces)


class Comparison(NamedTuple):
    """Planned and actual pairings from one province to another in a work year."""

    sending_province_code: str
    sending: str
    receiving_province_code: str
    receiving: str
    planned: int
    actual: int
    terminated: int

    @property
    def difference(self) -> int:
        """Return how many pairings there are beyond the plan; negative where some are missing."""
        return self.actual - self.planned


class KeyCountyRow(NamedTuple):
    """A key county without a pairing, and how many pairings the table plans for it by name."""

    code: str
    name: str
    province: str
    planned: int


class Coverage(NamedTuple):
    """How many key counties have a pairing in a work year (a county counts once, B15)."""

    covered: int
    uncovered: list[KeyCountyRow]

    @property
    def total(self) -> int:
        return self.covered + len(self.uncovered)


def view_of(actor: Actor) -> View:
    """Return how far an actor sees the table together with its pairings."""
    reached = [grant for reach, grant in actor.reaches(READ) if reach in WHOLE]
    is_nation = actor.is_operator or any(
        reach == Reach.NATION or grant.scope_code == NATION
        for reach, grant in actor.reaches(READ)
        if reach in WHOLE
    )
    return View(is_nation, tuple(sorted({grant.scope_code for grant in reached} - {NATION})))


def list_allocations(session: Session, actor: Actor, year: int) -> list[AllocationRow]:
    """Return the rows of a work year within the actor's reach, by province and county (one query).

    A table has a row for a pair of provinces or for a key county: some hundred at most.
    """
    sending, receiving, county = aliased(Region), aliased(Region), aliased(Region)
    rows = session.execute(
        sa.select(
            Allocation.id,
            Allocation.sending_province_code,
            sending.name,
            Allocation.receiving_province_code,
            receiving.name,
            Allocation.mode,
            Allocation.line,
            Allocation.county_code,
            county.name,
            Allocation.pairs,
        )
        .join(sending, sending.code == Allocation.sending_province_code)
        .join(receiving, receiving.code == Allocation.receiving_province_code)
        .outerjoin(county, county.code == Allocation.county_code)
        .where(Allocation.year == year, _inside(actor))
        .order_by(
            Allocation.receiving_province_code,
            Allocation.sending_province_code,
            Allocation.line,
            Allocation.county_code,
        )
    )
    return [AllocationRow._make(row) for row in rows]


def sums_of(rows: Iterable[AllocationRow]) -> dict[Mode, int]:
    """Return the planned pairings of each mode; both modes are there."""
    sums = dict.fromkeys(Mode, 0)
    for row in rows:
        sums[row.mode] += row.pairs
    return sums


def compare(
    session: Session, view: View, year: int, ends_on: date, rows: Iterable[AllocationRow]
) -> list[Comparison]:
    """Return planned and actual pairings of each pair of provinces (two queries).

    Actual is a pairing of the work year that was not terminated before its last day.
    """
    planned: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        planned[row.sending_province_code, row.receiving_province_code] += row.pairs
    is_ended = (Pairing.state == PairingState.TERMINATED) & (Pairing.ends_on < ends_on)
    total = PairingYearTotal
    found = session.execute(
        sa.select(
            total.sending_province_code,
            total.receiving_province_code,
            sa.func.sum(sa.case((is_ended, 0), else_=1)),
            sa.func.sum(sa.case((is_ended, 1), else_=0)),
        )
        .join(Pairing, Pairing.id == total.pairing_id)
        .where(
            total.year == year,
            _on_either_side(view, total.sending_province_code, total.receiving_province_code),
        )
        .group_by(total.sending_province_code, total.receiving_province_code)
    )
    actual = {(row[0], row[1]): (int(row[2]), int(row[3])) for row in found}
    pairs = planned.keys() | actual.keys()
    names = region_names(session, sorted({code for pair in pairs for code in pair}))
    return [
        Comparison(
            sending,
            names.get(sending, sending),
            receiving,
            names.get(receiving, receiving),
            planned.get((sending, receiving), 0),
            *actual.get((sending, receiving), (0, 0)),
        )
        for sending, receiving in sorted(pairs, key=lambda pair: (pair[1], pair[0]))
    ]


def coverage_of(
    session: Session, view: View, year: int, ends_on: date, rows: Iterable[AllocationRow]
) -> Coverage:
    """Return which key counties of the work year's last day have a pairing (one query)."""
    planned: dict[str, int] = defaultdict(int)
    for row in rows:
        planned[row.county_code] += row.pairs
    province = aliased(Region)
    is_covered = sa.exists().where(
        PairingYearTotal.year == year, PairingYearTotal.county_code == Region.code
    )
    inside = sa.true() if view.is_nation else Region.province_code.in_(view.provinces)
    found = session.execute(
        sa.select(Region.code, Region.name, province.name, is_covered)
        .join(province, province.code == Region.province_code)
        .where(
            Region.code.in_(
                sa.select(KeyCounty.county_code).where(
                    KeyCounty.valid_from <= ends_on,
                    sa.or_(KeyCounty.valid_to.is_(None), KeyCounty.valid_to >= ends_on),
                )
            ),
            inside,
        )
        .order_by(Region.code)
    ).all()
    return Coverage(
        covered=sum(1 for row in found if row[3]),
        uncovered=[
            KeyCountyRow(code, name, above, planned[code])
            for code, name, above, has_pairing in found
            if not has_pairing
        ],
    )


def find_county_code(session: Session, words: str, province_code: str) -> str:
    """Return the code of a county that is typed as 红寺堡区, 640303 or 红寺堡区（640303）.

    What names no county of the province is returned as it was typed: the rules refuse it.
    """
    match = CODE_AT_THE_END.search(words)
    if match or not words:
        return match[1] if match else ""
    codes: Sequence[str] = session.scalars(
        sa.select(Region.code)
        .where(
            is_name(Region, words),
            Region.level == RegionLevel.COUNTY,
            Region.province_code == province_code,
            Region.is_withdrawn.is_(False),
        )
        .limit(2)
    ).all()
    return codes[0] if len(codes) == 1 else words


def _inside(actor: Actor) -> sa.ColumnElement[bool]:
    """Return which rows an actor may read.

    Below the province those are the rows that may concern it: a prefecture or county sees what
    its province receives unless another county is named, an organisation what its province sends
    or receives.
    """
    if actor.is_operator:
        return sa.true()
    return sa.or_(sa.false(), *(_reached(reach, grant) for reach, grant in actor.reaches(READ)))


def _reached(reach: Reach, grant: Grant) -> sa.ColumnElement[bool]:
    code = grant.scope_code
    sides = (Allocation.sending_province_code, Allocation.receiving_province_code)
    if reach == Reach.NATION or (reach == Reach.PROVINCE and code == NATION):
        return sa.true()
    if reach == Reach.PROVINCE:
        return sa.or_(*(side == code for side in sides))
    if reach == Reach.ORGANISATION:
        home = sa.select(Organisation.province_code).where(Organisation.id == grant.organisation_id)
        return sa.or_(*(side.in_(home) for side in sides))
    county = Allocation.county_code
    own = county.startswith(code[:4]) if reach == Reach.PREFECTURE else county == code
    return (Allocation.receiving_province_code == f"{code[:2]}0000") & ((county == "") | own)


def _on_either_side(view: View, *sides: InstrumentedAttribute[str]) -> sa.ColumnElement[bool]:
    if view.is_nation:
        return sa.true()
    return sa.or_(*(side.in_(view.provinces) for side in sides))
