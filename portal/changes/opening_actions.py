"""The doors of programmes and work years: opening one, and opening a closed one again."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from models import CalendarYear, Programme, WorkYear
from models.types import NATION
from portal.changes.follower_actions import AFTER_OPENING, AFTER_REOPENING, follow_dates
from portal.deeds import Deed
from portal.programme.actions import add_programme, add_work_year, reopen_work_year
from portal.programme.period_rules import ONE_DAY, NewProgramme, NewWorkYear
from portal.programme.policy import DEFAULT_POLICY
from portal.programme.queries import policy_on, programme_of


class Opened(NamedTuple):
    """What was opened: the work years, how many pairings stand in them, what is still missing.

    ``policy_of`` is the code of the period whose values hold on, ``unofficial_years`` are those
    whose notice of holidays is not loaded.
    """

    years: list[int]
    pairings: int
    unofficial_years: list[int]
    policy_of: str | None = None

    @property
    def words(self) -> str:
        """Say it in sentences, without the last full stop."""
        years = "、".join(map(str, self.years))
        parts = [f"设立 {years} 工作年度" if years else "暂不设立工作年度"]
        if self.policy_of:
            parts.append(f"政策口径沿用“{self.policy_of}”现行的值")
        if self.pairings:
            parts.append(f"{self.pairings} 对结对计入新的工作年度")
        if self.unofficial_years:
            missing = "、".join(map(str, self.unofficial_years))
            parts.append(f"{missing} 年的节假日安排尚未录入，暂按周一至周五计算")
        return "；".join(parts)

    @property
    def facts(self) -> dict[str, object]:
        """Return it for machines."""
        return self._asdict()


def open_programme(deed: Deed, wanted: NewProgramme) -> Opened:
    """Open a further period; the policy goes on as it is on the day before (B38)."""
    session = deed.session
    before = _programme_before(deed, wanted.starts_on)
    policy = policy_on(session, wanted.starts_on - ONE_DAY) if before else DEFAULT_POLICY
    programme = add_programme(deed, wanted, policy=policy)
    years = session.scalars(
        sa.select(WorkYear).where(WorkYear.programme_id == programme.id).order_by(WorkYear.year)
    ).all()
    return Opened(
        [one.year for one in years],
        sum(_follow(deed, one) for one in years),
        _unofficial(deed, wanted.starts_on, wanted.ends_on),
        before.code if before else None,
    )


def open_work_year(deed: Deed, wanted: NewWorkYear) -> Opened:
    """Open a work year, or a province's own dates of one, and lay the pairings that stand in it."""
    row = add_work_year(deed, wanted)
    unofficial = _unofficial(deed, wanted.starts_on, wanted.ends_on)
    return Opened([wanted.year], _follow(deed, row), unofficial)


def reopen_year(deed: Deed, year: int, reason: str, region_code: str = NATION) -> int:
    """Open a closed work year and make up for what changed meanwhile; return how many days did."""
    row = reopen_work_year(deed, year, reason, region_code)
    return follow_dates(deed, AFTER_REOPENING, row.starts_on, row.ends_on)


def _follow(deed: Deed, work_year: WorkYear) -> int:
    return sum(follow(deed, work_year) or 0 for follow in AFTER_OPENING)


def _programme_before(deed: Deed, day: date) -> Programme | None:
    if day == date.min:
        return None
    return (
        programme_of(deed.session, day - ONE_DAY)
        or deed.session.scalars(
            sa.select(Programme)
            .where(Programme.starts_on < day)
            .order_by(Programme.starts_on.desc())
            .limit(1)
        ).one_or_none()
    )


def _unofficial(deed: Deed, starts_on: date, ends_on: date) -> list[int]:
    known = set(deed.session.scalars(sa.select(CalendarYear.year)))
    return [year for year in range(starts_on.year, ends_on.year + 1) if year not in known]
