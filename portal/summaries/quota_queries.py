"""The task-allocation table beside the pairings and key counties that follow from it.

What counts is what the summary counts: portal/pairings/effective_queries.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models import KeyCounty, Pairing, Region
from models.types import PairingState
from portal.pairings.effective_queries import InYear, in_year
from portal.places.queries import region_names
from portal.programme.allocation_queries import AllocationRow, View
from portal.programme.queries import get_work_year
from portal.summaries.ready_statement_queries import how_many


class Comparison(NamedTuple):
    """Planned and actual pairings from one province to another in a work year.

    ``actual`` are the effective ones (B43), ``terminated`` those of them that ended before the
    term that they had; ``unconfirmed`` ones are not among them.
    """

    sending_province_code: str
    sending: str
    receiving_province_code: str
    receiving: str
    planned: int
    actual: int
    terminated: int
    unconfirmed: int

    @property
    def difference(self) -> int:
        """Return how many pairings there are beyond the plan; negative where some are missing."""
        return self.actual - self.planned


class KeyCountyRow(NamedTuple):
    """A key county that is not covered, and how many pairings the table plans for it by name."""

    code: str
    name: str
    province: str
    planned: int


class Coverage(NamedTuple):
    """How many key counties are covered in a work year (a county counts once, B15)."""

    covered: int
    uncovered: list[KeyCountyRow]

    @property
    def total(self) -> int:
        return self.covered + len(self.uncovered)


class Quota(NamedTuple):
    """What stands beside the rows of the table."""

    comparison: list[Comparison]
    coverage: Coverage


def beside(
    session: Session, view: View, year: int, rows: Sequence[AllocationRow], today: date
) -> Quota:
    """Return what the pairings of a work year make of the table."""
    pairings, ends_on = in_year(session, year), get_work_year(session, year).ends_on
    return Quota(
        compare(session, view, pairings, rows),
        coverage_of(session, view, pairings, ends_on, today, rows),
    )


def compare(
    session: Session, view: View, pairings: InYear, rows: Iterable[AllocationRow]
) -> list[Comparison]:
    """Return planned and actual pairings of each pair of provinces (two queries)."""
    planned: dict[tuple[str, str], int] = defaultdict(int)
    for row in rows:
        planned[row.sending_province_code, row.receiving_province_code] += row.pairs
    sides = (Pairing.sending_province_code, Pairing.receiving_province_code)
    effective = pairings.is_effective()
    found = session.execute(
        sa.select(
            *sides,
            how_many(effective),
            how_many(effective & (Pairing.state == PairingState.TERMINATED)),
            how_many(sa.not_(effective)),
        )
        .where(pairings.takes_part(), _on_either_side(view, *sides))
        .group_by(*sides)
    )
    actual = {(row[0], row[1]): (row[2], row[3], row[4]) for row in found}
    pairs = planned.keys() | actual.keys()
    names = region_names(session, sorted({code for pair in pairs for code in pair}))
    return [
        Comparison(
            sending,
            names.get(sending, sending),
            receiving,
            names.get(receiving, receiving),
            planned.get((sending, receiving), 0),
            *actual.get((sending, receiving), (0, 0, 0)),
        )
        for sending, receiving in sorted(pairs, key=lambda pair: (pair[1], pair[0]))
    ]


def coverage_of(
    session: Session,
    view: View,
    pairings: InYear,
    ends_on: date,
    today: date,
    rows: Iterable[AllocationRow],
) -> Coverage:
    """Return which key counties of the work year's last day are covered today (one query)."""
    planned: dict[str, int] = defaultdict(int)
    for row in rows:
        planned[row.county_code] += row.pairs
    province = aliased(Region)
    is_covered = sa.exists().where(Pairing.county_code == Region.code, pairings.covers(today))
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


def _on_either_side(view: View, *sides: InstrumentedAttribute[str]) -> sa.ColumnElement[bool]:
    if view.is_nation:
        return sa.true()
    return sa.or_(*(side.in_(view.provinces) for side in sides))
