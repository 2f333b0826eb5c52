"""What a change of the programme does to the pairings: their totals before and after it.

The totals are one row a pairing and work year. A change of a limit alters findings without
altering a day, a change of a weight alters both; comparing the rows shows either.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, PairingYearTotal


class Line(NamedTuple):
    """The part of a total that a change of the programme can alter."""

    pairing_id: int
    year: int
    is_compliant: bool
    findings: int
    qualified_sent_staff: int
    sent_staff: int
    received_staff: int
    sent_centidays: int
    received_centidays: int
    sent_pending_centidays: int
    received_pending_centidays: int


class Picture(NamedTuple):
    """How things stand: the totals by (pairing id, year), and the assignments that qualify."""

    lines: Mapping[tuple[int, int], Line]
    qualified: frozenset[int]


class Effect(NamedTuple):
    """How many rows a change alters: entries, assignments, pairings, findings, results of a year."""

    workdays: int
    assignments: int
    pairings: int
    new_findings: int
    gone_findings: int
    newly_compliant: int
    no_longer_compliant: int

    @property
    def words(self) -> str:
        """Say it in one sentence without its full stop."""
        if not any(self):
            return "没有工作日志、人员资格、结对或未达标事项因此变化"
        parts = [
            f"{self.workdays} 条工作日志的计入情况变化",
            f"{self.pairings} 对结对的年度数据变化",
            f"新增未达标事项 {self.new_findings} 项、消除 {self.gone_findings} 项",
        ]
        if self.assignments:
            parts.insert(1, f"{self.assignments} 人次选派的资格认定变化")
        if self.newly_compliant:
            parts.append(f"{self.newly_compliant} 项年度结果由未达标变为达标")
        if self.no_longer_compliant:
            parts.append(f"{self.no_longer_compliant} 项年度结果由达标变为未达标")
        return "，".join(parts)


def picture_from(session: Session, first_year: int) -> Picture:
    """Return how all pairings stand from a work year on (two queries)."""
    session.flush()
    rows = session.execute(
        sa.select(*(getattr(PairingYearTotal, name) for name in Line._fields)).where(
            PairingYearTotal.year >= first_year
        )
    )
    lines = (Line(*row) for row in rows)
    qualified = session.scalars(sa.select(Assignment.id).where(Assignment.is_qualified))
    return Picture({(line.pairing_id, line.year): line for line in lines}, frozenset(qualified))


def effect_of(before: Picture, after: Picture, *, workdays: int) -> Effect:
    """Compare how things stood before and after a change that altered so many entries."""
    pairs = [
        (before.lines[key], line) for key, line in after.lines.items() if before.lines[key] != line
    ]
    return Effect(
        workdays=workdays,
        assignments=len(before.qualified ^ after.qualified),
        pairings=len({new.pairing_id for _, new in pairs}),
        new_findings=sum((new.findings & ~old.findings).bit_count() for old, new in pairs),
        gone_findings=sum((old.findings & ~new.findings).bit_count() for old, new in pairs),
        newly_compliant=sum(new.is_compliant > old.is_compliant for old, new in pairs),
        no_longer_compliant=sum(new.is_compliant < old.is_compliant for old, new in pairs),
    )
