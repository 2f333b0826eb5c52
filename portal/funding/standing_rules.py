"""How far a part of what is due has come, what comes next, and by whom. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple, Protocol

from models.types import ExpenseCategory, FundSource
from portal.funding.entitlement_rules import PROVINCE_CLAUSE, SUBSIDY_CLAUSE, Entitlement
from portal.funding.rules import GUARANTEE, MINISTRY, PARTS
from portal.funding.stage_rules import Lack
from portal.ledger.rules import Money

RAISED_CLAUSE = "三(三)"

CATEGORIES = "、".join(one.label for one in ExpenseCategory if one is not ExpenseCategory.OTHER)
"""What the subsidy is spent on (三(一))."""

LOTTERY_NOTE = "不列支人员支出、公务接待和公务用车，人员支出由本省开放的除外"
"""What its negative list says of lottery money (B28), where it is told what money may be spent on."""

TITLES = {MINISTRY: "部级补助", GUARANTEE: "省级资金保障"}
CLAUSES = {MINISTRY: SUBSIDY_CLAUSE, GUARANTEE: PROVINCE_CLAUSE}
PAYERS = {MINISTRY: "国家级民政部门", GUARANTEE: "援派省民政部门"}


class Part(NamedTuple):
    """One of the two parts of an organisation, a province or the nation; in fen.

    ``approved`` is what is left of it after cuts.
    """

    due_fen: int
    planned_fen: int
    approved_fen: int
    disbursed_fen: int
    received_fen: int

    @property
    def short_fen(self) -> int:
        """What has not arrived of what is due."""
        return max(self.due_fen - self.received_fen, 0)

    @property
    def unplanned_fen(self) -> int:
        return max(self.due_fen - self.planned_fen - self.approved_fen, 0)

    @property
    def beyond_fen(self) -> int:
        """How much more is planned and approved than is due."""
        return max(self.planned_fen + self.approved_fen - self.due_fen, 0)

    def next_want(self, *, is_unconfirmed: bool) -> Lack | None:
        """Return what is to be done next where something is short; None where nothing is known to do."""
        if not self.short_fen:
            return None
        steps = (
            (Lack.UNPLANNED, self.unplanned_fen > 0),
            (Lack.UNAPPROVED, self.planned_fen > 0 and self.approved_fen < self.due_fen),
            (Lack.UNPAID, self.disbursed_fen < min(self.approved_fen, self.due_fen)),
            (Lack.UNCONFIRMED, is_unconfirmed),
        )
        return next((want for want, is_so in steps if is_so), None)


class BySource(Protocol):
    """The money of a source, as far as its part asks."""

    @property
    def source(self) -> FundSource: ...

    @property
    def planned_fen(self) -> int: ...

    @property
    def approved_fen(self) -> int: ...

    @property
    def disbursed_fen(self) -> int: ...


class ShownPart(NamedTuple):
    """A part as the page of an organisation shows it: what it is, who pays it, what comes next."""

    key: str
    title: str
    clause: str
    payer: str
    part: Part
    want: Lack | None


def parts_of(
    due: Entitlement,
    money: Money,
    sources: Iterable[BySource],
    expected: Collection[FundSource],
) -> list[ShownPart]:
    """Return the two parts of an organisation's year; ``expected`` are the sources of which a payment
    waits to be confirmed."""
    there = {one.source: one for one in sources}
    figures = {
        MINISTRY: (due.subsidy_fen, money.subsidy_received_fen),
        GUARANTEE: (due.province_fen, money.province_received_fen),
    }
    found = []
    for key, some in PARTS.items():
        own = [there[source] for source in some if source in there]
        due_fen, received_fen = figures[key]
        part = Part(
            due_fen,
            sum(one.planned_fen for one in own),
            sum(one.approved_fen for one in own),
            sum(one.disbursed_fen for one in own),
            received_fen,
        )
        want = part.next_want(is_unconfirmed=bool(some & set(expected)))
        found.append(ShownPart(key, TITLES[key], CLAUSES[key], PAYERS[key], part, want))
    return found
