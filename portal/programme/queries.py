"""Reading the programme: work years, and the policy in force on a date."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import PolicyParameter, Programme, WorkYear
from models.database import run
from models.types import NATION
from portal.programme.policy import Policy, policy_from_rows
from portal.programme.regime_queries import regime_of

# Whatever is logged asks these several times. Built once they cost a third of built anew.
_PARAMETERS_ON = (
    sa.select(PolicyParameter.key, PolicyParameter.value)
    .where(
        PolicyParameter.programme_id == sa.bindparam("programme_id"),
        PolicyParameter.valid_from <= sa.bindparam("day"),
    )
    .order_by(PolicyParameter.valid_from, PolicyParameter.recorded_at)
)
_PROGRAMME_ON = (
    sa.select(Programme.id)
    .where(Programme.starts_on <= sa.bindparam("day"))
    .order_by(Programme.starts_on.desc())
    .limit(1)
)
_OWN = aliased(WorkYear)
_OF_PROVINCE = sa.or_(
    WorkYear.region_code == sa.bindparam("province_code"),
    sa.and_(
        WorkYear.region_code == NATION,
        sa.not_(
            sa.exists().where(
                _OWN.year == WorkYear.year, _OWN.region_code == sa.bindparam("province_code")
            )
        ),
    ),
)
"""The work years of a province: of each year its own dates, else the common ones."""
_WORK_YEAR = sa.select(WorkYear).where(WorkYear.year == sa.bindparam("year"), _OF_PROVINCE)
_WORK_YEAR_ON = (
    sa.select(WorkYear)
    .where(
        WorkYear.starts_on <= sa.bindparam("day"),
        WorkYear.ends_on >= sa.bindparam("day"),
        _OF_PROVINCE,
    )
    .order_by(WorkYear.region_code == NATION, WorkYear.year.desc())
    .limit(1)
)
_YEARS = (
    sa.select(WorkYear.year).where(WorkYear.region_code == NATION).order_by(WorkYear.year.desc())
)
_CURRENT_YEAR = sa.select(sa.func.max(WorkYear.year)).where(
    WorkYear.region_code == NATION, WorkYear.starts_on <= sa.bindparam("day")
)
_IS_DEMO = sa.select(sa.exists().where(Programme.is_demo.is_(True)))


def is_demo(session: Session) -> bool:
    """Does the database hold a demonstration programme?"""
    return bool(run(session, _IS_DEMO).scalar())


def policy_on(session: Session, day: date, *, known_before: datetime | None = None) -> Policy:
    """Return the policy in force on a date, as far as it was recorded before an instant.

    A date after the last programme has the policy of the last. As it stands now it is known once a
    process (regime_queries.py).
    """
    if known_before is None:
        return regime_of(session).policy_on(day)
    wanted = _PARAMETERS_ON.where(
        (PolicyParameter.recorded_at < known_before)
        | PolicyParameter.recorded_by_account_id.is_(None)
    )
    rows = run(session, wanted, {"programme_id": programme_id_on(session, day), "day": day})
    # The later row of a key overwrites the earlier one.
    return policy_from_rows(dict(rows.all()))


def programme_id_on(session: Session, day: date) -> int | None:
    """Return the programme whose policy is in force on a date; before the first it is the first."""
    return run(session, _PROGRAMME_ON, {"day": day}).scalar() or session.scalar(
        sa.select(Programme.id).order_by(Programme.starts_on).limit(1)
    )


def policies_on(session: Session, days: Collection[date]) -> dict[date, Policy]:
    """Return the policy in force on each of several dates."""
    regime = regime_of(session)
    return {day: regime.policy_on(day) for day in set(days)}


def policy_of_year(session: Session, year: int, *, known_before: datetime | None = None) -> Policy:
    """Return the policy by which a work year is judged: the one in force on its last day."""
    if known_before is None:
        return regime_of(session).policy_of_year(year)
    return policy_on(session, get_work_year(session, year).ends_on, known_before=known_before)


def get_work_year(session: Session, year: int, province_code: str = NATION) -> WorkYear:
    """Return a work year with the dates of a province, or the common ones; raise LookupError."""
    asked = {"year": year, "province_code": province_code}
    found = session.scalars(_WORK_YEAR, asked).one_or_none()
    if found is None:
        message = f"没有 {year} 工作年度。"
        raise LookupError(message)
    return found


def in_closed_year(year: Any, province_code: Any) -> sa.ColumnElement[bool]:
    """Return the condition under which a year is closed for a receiving province, as columns.

    A province with dates of its own closes for itself, whatever the others do.
    """
    own, common = aliased(WorkYear), aliased(WorkYear)
    is_own = sa.and_(own.year == year, own.region_code == province_code)
    is_common = sa.and_(common.year == year, common.region_code == NATION)
    return sa.or_(
        sa.exists().where(is_own, own.closed_at.is_not(None)),
        sa.and_(
            sa.exists().where(is_common, common.closed_at.is_not(None)),
            sa.not_(sa.exists().where(is_own)),
        ),
    )


def find_work_year_on(session: Session, day: date, province_code: str) -> WorkYear | None:
    """Return the work year that contains a date for a receiving province, or None."""
    asked = {"day": day, "province_code": province_code}
    return session.scalars(_WORK_YEAR_ON, asked).one_or_none()


def list_work_years_between(
    session: Session, first: date, last: date, province_code: str
) -> Sequence[WorkYear]:
    """Return the work years that a span of dates touches, one a year, in order."""
    wanted = sa.select(WorkYear).where(
        WorkYear.starts_on <= last, WorkYear.ends_on >= first, _OF_PROVINCE
    )
    return session.scalars(wanted.order_by(WorkYear.year), {"province_code": province_code}).all()


def closed_years_between(
    session: Session, first: date, last: date, province_code: str
) -> list[int]:
    """Return the closed work years of a province that a span of dates touches, if it has any."""
    if last < first:
        return []
    years = list_work_years_between(session, first, last, province_code)
    return [one.year for one in years if one.closed_at is not None]


def list_years(session: Session) -> list[int]:
    """Return the years that have a work year, latest first."""
    return list(run(session, _YEARS).scalars())


def current_year(session: Session, today: date) -> int:
    """Return the work year that contains today, or the last one that has begun."""
    begun = run(session, _CURRENT_YEAR, {"day": today}).scalar()
    return begun or today.year


def programme_of(session: Session, day: date) -> Programme | None:
    """Return the programme whose period contains a date, or None."""
    return session.scalars(
        sa.select(Programme)
        .where(Programme.starts_on <= day, Programme.ends_on >= day)
        .order_by(Programme.starts_on.desc())
        .limit(1)
    ).one_or_none()
