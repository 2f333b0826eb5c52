"""The facts of many rows at once: a few queries for each 900 distinct keys, never one a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import (
    Assignment,
    Certificate,
    ImportBatch,
    KeyCounty,
    Region,
    Workday,
    WorkYear,
)
from models.types import AssignmentState, RegionLevel, WorkdayState
from portal.imports.fact_rules import FIRST_HALF, SECOND_HALF, Terms, WorkYears
from portal.pairings.queries import bears_code
from portal.pairings.rules import ReceivingCounty, normalise_code
from portal.people.rules import CertificateFacts
from portal.workdays.rules import Term, Year

KEYS_A_QUERY = 900
"""SQLite allows 999 bound values in old builds."""


def some_at_a_time(keys: Collection[Any]) -> Iterator[list[Any]]:
    """Yield the keys in lists of at most ``KEYS_A_QUERY``, in a stable order."""
    ordered = sorted(keys)
    for start in range(0, len(ordered), KEYS_A_QUERY):
        yield ordered[start : start + KEYS_A_QUERY]


def read_by_key(
    session: Session,
    wanted: sa.Select[*tuple[Any, ...]],
    key: InstrumentedAttribute[Any],
    keys: Collection[Any],
) -> Iterator[Any]:
    """Yield the rows of a query whose key is among the keys."""
    for some in some_at_a_time(keys):
        yield from session.execute(wanted.where(key.in_(some)))


def pairings_by_code(
    session: Session, wanted: sa.Select[*tuple[Any, ...]], codes: Collection[str]
) -> dict[str, Any]:
    """Return the rows of a query, which has ``Pairing.code``, by the code as it is normalised.

    A former release took codes that differ in case or dashes alone: which of them a file means
    nobody can tell, so none is found.
    """
    found: dict[str, Any] = {}
    alike: set[str] = set()
    for some in some_at_a_time(codes):
        for row in session.execute(wanted.where(bears_code(some))):
            code = normalise_code(row.code)
            if code in found:
                alike.add(code)
            found[code] = row
    return {code: row for code, row in found.items() if code not in alike}


# ---- work years ----------------------------------------------------------------------------


def load_work_years(session: Session) -> WorkYears:
    rows = session.scalars(sa.select(WorkYear).order_by(WorkYear.year, WorkYear.region_code))
    return WorkYears(
        tuple(
            (row.region_code, Year(row.year, row.starts_on, row.ends_on, row.closed_at is not None))
            for row in rows
        )
    )


# ---- places --------------------------------------------------------------------------------


class Counties(NamedTuple):
    """Counties by code, and since when to when the key-county list holds them."""

    names: dict[str, tuple[str, str]]
    listed: dict[str, list[tuple[date, date | None]]]

    def place_on(self, code: str, day: date) -> ReceivingCounty | None:
        """Return a county as it stood on a date, or None; see ``place_of``."""
        if code not in self.names:
            return None
        name, province_code = self.names[code]
        is_key = any(
            first <= day and (last is None or last >= day)
            for first, last in self.listed.get(code, ())
        )
        return ReceivingCounty(code, name, province_code, is_key)


def load_counties(session: Session, codes: Collection[str]) -> Counties:
    wanted = sa.select(Region.code, Region.name, Region.province_code).where(
        Region.level == RegionLevel.COUNTY, Region.is_withdrawn.is_(False)
    )
    names = {
        code: (name, province_code)
        for code, name, province_code in read_by_key(session, wanted, Region.code, codes)
    }
    listed: dict[str, list[tuple[date, date | None]]] = defaultdict(list)
    spans = sa.select(KeyCounty.county_code, KeyCounty.valid_from, KeyCounty.valid_to).order_by(
        KeyCounty.valid_from
    )
    for code, first, last in read_by_key(session, spans, KeyCounty.county_code, names):
        listed[code].append((first, last))
    return Counties(names, dict(listed))


# ---- people in pairings --------------------------------------------------------------------


def load_terms(session: Session, pairing_ids: Collection[int]) -> Terms:
    wanted = sa.select(
        Assignment.pairing_id,
        Assignment.person_id,
        Assignment.is_qualified,
        Assignment.id,
        Assignment.side,
        Assignment.starts_on,
        Assignment.ends_on,
        Assignment.state,
    ).order_by(Assignment.starts_on)
    # What was taken back with its file may come with a mended one.
    wanted = wanted.where(
        sa.or_(
            Assignment.state != AssignmentState.REJECTED,
            sa.not_(_was_undone(Assignment.import_id)),
        )
    )
    of: dict[tuple[int, int], list[Term]] = defaultdict(list)
    qualified = set()
    for pairing_id, person_id, is_qualified, *term in read_by_key(
        session, wanted, Assignment.pairing_id, pairing_ids
    ):
        of[pairing_id, person_id].append(Term(*term))
        if is_qualified:
            qualified.add(term[0])
    return Terms(dict(of), frozenset(qualified))


def load_certificates(
    session: Session, person_ids: Collection[int]
) -> dict[int, list[CertificateFacts]]:
    """Return people's certificates."""
    wanted = sa.select(
        Certificate.person_id, Certificate.level, Certificate.number, Certificate.issued_on
    ).order_by(Certificate.id)
    found: dict[int, list[CertificateFacts]] = defaultdict(list)
    for person_id, *facts in read_by_key(session, wanted, Certificate.person_id, person_ids):
        found[person_id].append(CertificateFacts(*facts))
    return dict(found)


# ---- days that are there -------------------------------------------------------------------


def load_halves(
    session: Session, person_ids: Collection[int], first: date, last: date
) -> dict[tuple[int, date], int]:
    """Return which halves of which dates people's entries take, as a bit mask."""
    halves: dict[tuple[int, date], int] = defaultdict(int)
    # Each half by itself: only so both databases use its unique partial index.
    for bit, column in (
        (FIRST_HALF, Workday.takes_first_half),
        (SECOND_HALF, Workday.takes_second_half),
    ):
        wanted = sa.select(Workday.person_id, Workday.worked_on).where(
            column, Workday.worked_on.between(first, last)
        )
        for person_id, day in read_by_key(session, wanted, Workday.person_id, person_ids):
            halves[person_id, day] |= bit
    return dict(halves)


def load_contents(
    session: Session, pairing_ids: Collection[int], first: date, last: date
) -> set[tuple[Any, ...]]:
    """Return the contents of the days that pairings have, in whatever state."""
    wanted = sa.select(
        Workday.pairing_id,
        Workday.person_id,
        Workday.worked_on,
        Workday.half_days,
        sa.type_coerce(Workday.mode, sa.String),
        sa.type_coerce(Workday.task, sa.String),
        Workday.township_code,
        Workday.description,
    ).where(
        Workday.worked_on.between(first, last),
        # What a second person did not confirm, and what was taken back with its file, was never
        # there: the mended file brings it anew.
        sa.or_(
            Workday.state != WorkdayState.SUPERSEDED,
            sa.and_(Workday.claimed_state.is_(None), sa.not_(_was_undone(Workday.import_id))),
        ),
    )
    return {tuple(row) for row in read_by_key(session, wanted, Workday.pairing_id, pairing_ids)}


def _was_undone(import_id: InstrumentedAttribute[Any]) -> sa.Exists:
    """Say that a row came with a file that was taken back."""
    return sa.exists().where(ImportBatch.id == import_id, ImportBatch.undone_at.is_not(None))
