"""Reading the task-allocation table; beside the pairings it stands in portal/summaries/quota_queries.py."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Allocation, Organisation, Region
from models.types import NATION, Line, Mode, RegionLevel
from portal.access.actor import Actor, Grant
from portal.access.policy import Reach
from portal.matching import is_name

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
