"""What the pace of a pairing in a year is reckoned with, beside its days: its term and its people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Assignment, Pairing, WorkYear
from models.types import NATION, AssignmentState, Side
from portal.compliance.pace_rules import Course, course_of
from portal.programme.regime_rules import Regime
from portal.totals.queries import PAIRINGS, THE_YEAR


def courses_of(
    session: Session, year: int, regime: Regime, pairing_ids: Sequence[int] | None = None
) -> dict[int, Course]:
    """Return the course of some pairings in a work year, or of all (one query)."""
    asked: dict[str, Any] = {THE_YEAR.key: year}
    wanted = _terms_and_crews()
    if pairing_ids is not None:
        asked[PAIRINGS.key] = pairing_ids
        wanted = _some_terms_and_crews()
    numbering, policy = regime.numbering_of(year), regime.policy_of_year(year)
    return {
        pairing_id: course_of((first, last), (sent, received), numbering, policy)
        for pairing_id, first, last, sent, received in session.connection().execute(wanted, asked)
    }


@cache
def _some_terms_and_crews() -> sa.Select[Any]:
    return _terms_and_crews().where(Pairing.id.in_(PAIRINGS))


@cache
def _terms_and_crews() -> sa.Select[Any]:
    """Select of each pairing its first and last day in a year, and who is on duty on the last."""
    own, common = aliased(WorkYear), aliased(WorkYear)
    year_begins = sa.func.coalesce(own.starts_on, common.starts_on)
    year_ends = sa.func.coalesce(own.ends_on, common.ends_on)
    first = _later(Pairing.starts_on, year_begins)
    last = _earlier(Pairing.ends_on, year_ends)
    columns: list[Any] = [Pairing.id, first, last, *crew()]
    return (
        sa.select(*columns)
        .select_from(Pairing)
        .join(common, sa.and_(common.year == THE_YEAR, common.region_code == NATION))
        .outerjoin(
            own,
            sa.and_(
                own.year == THE_YEAR,
                own.region_code == Pairing.receiving_province_code,
            ),
        )
        .outerjoin(
            Assignment,
            sa.and_(
                Assignment.pairing_id == Pairing.id,
                Assignment.state == AssignmentState.APPROVED,
                Assignment.is_qualified,
                serves_on(last),
            ),
        )
        .group_by(Pairing.id, first, last)
    )


def crew() -> tuple[sa.ColumnElement[int], sa.ColumnElement[int]]:
    """Count the different people of each side among some assignments."""
    sent, received = (
        sa.func.count(sa.distinct(sa.case((Assignment.side == side, Assignment.person_id))))
        for side in Side
    )
    return sent, received


def serves_on(day: Any) -> sa.ColumnElement[bool]:
    return sa.and_(Assignment.starts_on <= day, Assignment.ends_on >= day)


def _later(one: Any, other: Any) -> sa.ColumnElement[date]:
    return sa.case((one > other, one), else_=other)


def _earlier(one: Any, other: Any) -> sa.ColumnElement[date]:
    return sa.case((one < other, one), else_=other)
