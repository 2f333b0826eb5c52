"""A line of the summary, how lines add up, and what is due for them. Areas: area_rules.py. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import add
from typing import NamedTuple

from models.types import Line, Mode
from portal.compliance.pace_rules import NO_PACE, RANKED, Pace, count_paces, worst_of
from portal.compliance.rules import FINDING_CODES, Finding, Tally, findings_for
from portal.compliance.rules import TITLES as COMPLIANCE_TITLES
from portal.funding.entitlement_rules import (
    MONEY_TITLES,
    NOTHING_DUE,
    Entitlement,
    ShortOf,
    entitlement,
    province_fen,
    short_codes,
    shortages,
    subsidy_fen,
)
from portal.ledger.rules import Money
from portal.programme.policy import Policy
from portal.refusals import Refusal

CODES = (*FINDING_CODES, *MONEY_TITLES)
"""What may be said of a line: what the ready totals know, and what is short of money."""
BITS = {code: 1 << position for position, code in enumerate(CODES)}
"""Of the latter they are reckoned where a line is read, and stored nowhere."""
TITLES = {**COMPLIANCE_TITLES, **MONEY_TITLES}


class PairingLine(NamedTuple):
    """One pairing in a work year; days in hundredths of a day, ``findings`` as a bit mask.

    ``is_confirmed`` says whether it counts, ``is_covering`` whether it covers its county on the day
    asked, ``bears_due`` whether what is due for its sending organisation stands in this line. The paces
    are those of that day, None of a year that is over or closed, and of a pairing that does not count.
    """

    pairing_id: int
    is_confirmed: bool
    is_covering: bool
    bears_due: bool
    code: str
    line: Line
    mode: Mode
    county_code: str
    county_name: str
    sending_credit_code: str
    sending_name: str
    sending_province_code: str
    receiving_credit_code: str
    receiving_name: str
    receiving_province_code: str
    sent_staff: int
    qualified_sent_staff: int
    received_staff: int
    unqualified_received_staff: int
    sent_centidays: int
    received_centidays: int
    sent_pending_centidays: int
    received_pending_centidays: int
    sent_min_centidays: int
    received_min_centidays: int
    is_compliant: bool
    findings: int
    sent_pace: Pace | None = None
    received_pace: Pace | None = None
    latest_start_on: date | None = None
    money: Money | None = None
    """Of the sending organisation, where the line bears it; None of a line that has none, and for
    whoever may not read it."""

    @property
    def pace(self) -> Pace | None:
        """The pace of the side that is further behind."""
        return worst_of(self.sent_pace, self.received_pace)

    def lacks(self, code: str) -> bool:
        """Does the line miss the requirement that this finding code stands for?"""
        return bool(self.findings & BITS[code])

    def due(self, policy: Policy) -> Entitlement:
        """Return what is due for its sending organisation, on the line that bears it."""
        return entitlement([self.mode] if self.bears_due else [], policy)

    def explained(self, policy: Policy) -> list[Finding | ShortOf]:
        """Return the findings with have, need and clause."""
        figures = self[FIRST_FIGURE : FIRST_FIGURE + FIGURES]
        tally = Tally._make([*figures, not self.lacks("no_agreement")])
        about_money = shortages(self.due(policy), self.money) if self.money else []
        return [*findings_for(tally, policy), *about_money]

    def with_money(self, money: Money | None, dues: Mapping[Mode, Entitlement]) -> PairingLine:
        """Return the line with the money of its organisation, and what is short of ``dues_of`` it."""
        if money is None:
            return self
        due = dues[self.mode] if self.bears_due else NOTHING_DUE
        short = sum(BITS[code] for code in short_codes(due, money))
        return self._replace(money=money, findings=self.findings | short)


FIRST_FIGURE = PairingLine._fields.index("sent_staff")
FIGURES = len(Tally._fields) - 1
"""The figures of a line stand in the order of a tally; ``has_agreement`` is a finding."""


class Sums(NamedTuple):
    """The sums of some effective lines. ``*_min_centidays`` is the least of any counted person, 0 if none.

    ``due_*`` count the sending organisations for which something is due, by the mode of the subsidy.
    """

    pairings: int = 0
    compliant_pairings: int = 0
    covering_pairings: int = 0
    due_cross: int = 0
    due_in_province: int = 0
    sent_staff: int = 0
    qualified_sent_staff: int = 0
    received_staff: int = 0
    unqualified_received_staff: int = 0
    sent_centidays: int = 0
    received_centidays: int = 0
    sent_pending_centidays: int = 0
    received_pending_centidays: int = 0
    sent_min_centidays: int = 0
    received_min_centidays: int = 0
    missed: tuple[int, ...] = (0,) * len(CODES)
    paces: tuple[int, ...] = (0,) * len(RANKED)
    """How many have which pace, in the order of ``RANKED``."""
    money: tuple[int, ...] = (0,) * len(Money._fields)
    """Of their sending organisations, each once, as far as the reader may read it."""

    def __or__(self, other: Sums) -> Sums:
        """Return the sums of the lines of both."""
        added = map(add, self[:LEASTS], other[:LEASTS])
        return Sums._make(
            [
                *added,
                _least(self.sent_min_centidays, other.sent_min_centidays),
                _least(self.received_min_centidays, other.received_min_centidays),
                *(
                    tuple(map(add, mine, its))
                    for mine, its in zip(
                        (self.missed, self.paces, self.money),
                        (other.missed, other.paces, other.money),
                        strict=True,
                    )
                ),
            ]
        )

    def met(self, code: str) -> int:
        """How many of the pairings meet the requirement that this finding code stands for?"""
        return self.pairings - self.having(code)

    def having(self, code: str) -> int:
        """How many of the pairings have this finding?"""
        return self.missed[CODES.index(code)]

    @property
    def sent_average_centidays(self) -> int:
        """Days of a sent person on average (decision B1), rounded to hundredths."""
        return _average(self.sent_centidays, self.qualified_sent_staff)

    @property
    def received_average_centidays(self) -> int:
        return _average(self.received_centidays, self.received_staff)


LEASTS = Sums._fields.index("sent_min_centidays")
"""Where the figures that add up end."""

NOTHING = Sums()


def sums_of(line: PairingLine) -> Sums:
    """Return the sums of a single line."""
    return Sums._make(
        [
            1,
            int(line.is_compliant),
            int(line.is_covering),
            int(line.bears_due and line.mode == Mode.CROSS_PROVINCE),
            int(line.bears_due and line.mode == Mode.IN_PROVINCE),
            *line[FIRST_FIGURE : FIRST_FIGURE + FIGURES],
            tuple(int(line.lacks(code)) for code in CODES),
            count_paces([line.pace]),
            tuple(line.money or Money()),
        ]
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """Which lines are meant; None leaves none out.

    ``either_province`` keeps pairings with a province on either side, ``sending_province`` those
    that it sends, ``receiving_province`` those that it receives; ``finding`` those that have this
    finding, ``pace`` those of which the side further behind has this pace.
    """

    either_province: str | None = None
    receiving_province: str | None = None
    county: str | None = None
    line: Line | None = None
    mode: Mode | None = None
    finding: str | None = None
    compliant: bool | None = None
    sending_province: str | None = None
    pace: Pace | None = None

    @property
    def is_by_outcome(self) -> bool:
        """Are pairings chosen by how they stand? The allocation table knows nothing of that."""
        return bool(self.finding) or self.compliant is not None or self.pace is not None

    @property
    def tells_coverage(self) -> bool:
        """Are all pairings of the provinces meant? Else those left out may cover a county as well."""
        left_out = self.sending_province or self.county or self.line or self.mode
        return not (left_out or self.is_by_outcome)

    def admit(self, line: PairingLine) -> bool:
        provinces = (line.sending_province_code, line.receiving_province_code)
        return (
            (not self.either_province or self.either_province in provinces)
            and self.sending_province in (None, line.sending_province_code)
            and self.receiving_province in (None, line.receiving_province_code)
            and self.county in (None, line.county_code)
            and self.line in (None, line.line)
            and self.mode in (None, line.mode)
            and (not self.finding or line.lacks(self.finding))
            and self.compliant in (None, line.is_compliant)
            and self.pace in (None, line.pace)
        )


NO_FILTERS = Filters()


def refusals_for_as_of(as_of: date | None, today: date) -> list[Refusal]:
    """Only what is known can be summarised: today or an earlier day."""
    if as_of is None or as_of <= today:
        return []
    sentence = f"截至日期 {as_of} 晚于今天（{today}），只能汇总到今天或之前的某一天。"
    return [Refusal("as_of", "future_date", sentence)]


def dues_of(policy: Policy) -> dict[Mode, Entitlement]:
    """Return what is due to an organisation whose pairing has a mode."""
    return {mode: entitlement([mode], policy) for mode in Mode}


def due_of(sums: Sums, policy: Policy) -> Entitlement:
    """Return what is due for the sending organisations of these lines (decisions B24, B25, B44)."""
    subsidy = sums.due_cross * subsidy_fen(
        Mode.CROSS_PROVINCE, policy
    ) + sums.due_in_province * subsidy_fen(Mode.IN_PROVINCE, policy)
    organisations = sums.due_cross + sums.due_in_province
    return Entitlement(subsidy, organisations * province_fen(policy))


MONEY_SORTS = {
    "subsidy_money": "subsidy_received_fen",
    "province_money": "province_received_fen",
    "received_money": "received_fen",
    "spent": "spent_fen",
    "balance": "balance_fen",
}
"""The sums of money by which lines may be sorted; a line without shown money counts as nothing."""


def _by_money(name: str) -> Callable[[PairingLine], object]:
    return lambda line: getattr(line.money or Money(), name)


SORTS: dict[str, Callable[[PairingLine], object]] = {
    "county": lambda line: line.county_code,
    "code": lambda line: line.code,
    "sent_staff": lambda line: line.qualified_sent_staff,
    "sent_days": lambda line: line.sent_centidays,
    "sent_pending": lambda line: line.sent_pending_centidays,
    "received_staff": lambda line: line.received_staff,
    "received_days": lambda line: line.received_centidays,
    "received_pending": lambda line: line.received_pending_centidays,
    # The worst first, and of these whoever has to begin first.
    "pace": lambda line: (
        NO_PACE if line.pace is None else line.pace.rank,
        line.latest_start_on or date.max,
        line.is_compliant,
    ),
    **{key: _by_money(name) for key, name in MONEY_SORTS.items()},
}
"""By what lines may be sorted in the URL; a leading ``-`` sorts downwards."""


def total_of(sums: Iterable[Sums]) -> Sums:
    """Return the sums of all of these."""
    total = NOTHING
    for one in sums:
        total |= one
    return total


def _least(one: int, other: int) -> int:
    return min(one, other) if one and other else one or other


def _average(centidays: int, people: int) -> int:
    return round(centidays / people) if people else 0
