"""What an explanation says: the rows and sentences that queries.py fills. Plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from models.types import Side
from portal.compliance.pace_rules import DAYS_FINDINGS, DaysStanding, Pace
from portal.compliance.rules import Finding, Forecast, Stretch

STEPS = {
    "draft": "草稿，待本人提交",
    "returned": "被退回，待本人修改后提交",
    "submitted": "待人员所在机构确认",
    "confirmed": "待县级核准",
    "unassigned": "选派尚未批准，暂不计入",
    "unqualified": "人员资格未达到，暂不计入",
    "no_task": "未标注帮扶任务，暂不计入",
}
"""Where days wait, in the order in which they move on."""


@dataclass(frozen=True, slots=True)
class PersonDays:
    """One assigned person: how many of their days count, how many wait.

    ``public_id`` (of the person) and ``assignment_id`` are empty for a reader who may not know
    the person (the partner's).
    ``is_qualified`` says whether the days of the assignment can count at all: approved, and the
    person is who the plan asks for on that side.
    """

    person_id: int
    public_id: str
    assignment_id: str
    is_approved: bool
    is_qualified: bool
    starts_on: date
    ends_on: date
    counted_centidays: int
    pending_centidays: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """Days that do not count yet: at which step, how many entries and hundredths of a day."""

    code: str
    entries: int
    centidays: int

    @property
    def label(self) -> str:
        return STEPS[self.code]


@dataclass(frozen=True, slots=True)
class SideExplained:
    """One side of the pairing. ``is_assumed`` says that nobody is on duty on its last day and the
    forecast reckons with as many people as the plan asks for."""

    side: Side
    staff: int
    need_staff: int
    counted_centidays: int
    pending_centidays: int
    need_days: float
    average_centidays: int
    min_centidays: int
    people: Sequence[PersonDays]
    stretches: Sequence[Stretch]
    gaps: Sequence[Stretch]
    forecast: Forecast
    is_assumed: bool
    waiting: Sequence[Waiting]

    def waits_at(self, step: str) -> bool:
        """Do any days wait at this step of ``STEPS``?"""
        return any(one.code == step for one in self.waiting)

    @property
    def nominated(self) -> int:
        """How many nominations wait for approval."""
        return sum(1 for one in self.people if not one.is_approved)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the plan asks of a pairing in a work year, what is there, what can still be done.

    ``first_day`` and ``last_day`` are those of the year inside the pairing's own term;
    ``own_sides`` are the sides on which the reader's organisation stands, ``read_sides`` those whose
    days the reader can list, ``deciding_sides`` those where nominations wait for the reader's approval.
    """

    code: str
    year: int
    first_day: date
    last_day: date
    today: date
    is_per_person: bool
    is_compliant: bool
    findings: Sequence[Finding]
    own_sides: frozenset[Side]
    read_sides: frozenset[Side]
    deciding_sides: frozenset[Side]
    sent: SideExplained
    received: SideExplained
    standing: DaysStanding

    def pace_of(self, side: Side) -> Pace | None:
        """Return the pace of a side; None once the year is over, and of what is not in effect."""
        return self.standing.sent if side == Side.SENT else self.standing.received

    def is_lost(self, finding: Finding) -> bool:
        """Can what is missed no longer be reached? While the year runs only more people mend it."""
        if not finding.blocks_compliance or self.standing.worst is None:
            return finding.blocks_compliance
        side = next((one for one, code in DAYS_FINDINGS.items() if code == finding.code), None)
        return side is not None and self.pace_of(side) == Pace.OUT_OF_REACH

    @property
    def sides(self) -> tuple[SideExplained, SideExplained]:
        return self.sent, self.received

    def side(self, code: str) -> SideExplained | None:
        """Return the side that a finding code is about; None for a paper."""
        if code == "no_agreement":
            return None
        return self.received if "received" in code else self.sent

    @property
    def is_over(self) -> bool:
        """Has the last day passed? Then only what is logged can still be approved."""
        return self.today > self.last_day

    def unqualified(self, code: str) -> list[PersonDays]:
        """Return who of the side of a finding has an approved assignment and does not count."""
        side = self.side(code)
        people = side.people if side else ()
        return [one for one in people if one.is_approved and not one.is_qualified]
