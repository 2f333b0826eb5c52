"""资金使用台账: a line for each row of the ledger that changes what an organisation has or has spent. Pure.

Columns after the plan's form; 累计支出 and 结余 run on from line to line in the order of booking, so
that neither changes when something is booked later. A line of an expense category is spending, 红字
where it was taken back or disallowed; the others are what came in or went on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from models.types import ExpenseCategory, FundSource, LedgerKind, Task


@dataclass(frozen=True, slots=True)
class BookLine:
    """A line. ``spent_fen`` is what it adds to 累计支出, ``balance_fen`` what it adds to 结余."""

    number: int
    booked_on: date
    voucher: str
    source: FundSource
    category: ExpenseCategory | None
    purpose: str
    task: Task | None
    handler: str
    payee: str
    spent_fen: int
    balance_fen: int
    invoice: str
    files: int
    spent_so_far_fen: int
    balance_so_far_fen: int
    reviewer: str
    reviewed_on: date
    note: str
    subject: tuple[str, str] | None = None
    """Of what it is: the kind of its page, and its public id; where it has one."""

    @property
    def is_spending(self) -> bool:
        return self.category is not None

    @property
    def amount_fen(self) -> int:
        """金额: of spending what it adds to it, of others what they add to the balance."""
        return self.spent_fen if self.is_spending else self.balance_fen

    @property
    def task_words(self) -> str:
        return f"{self.task.name} {self.task.label}" if self.task else ""


class Paid(NamedTuple):
    """An approved allocation with one payment of it, or with none: the head of the book."""

    source: FundSource
    payer: str
    document_number: str
    allocated_fen: int | None
    """None on the further payments of an allocation: it is counted once."""
    paid_on: date | None
    voucher: str
    paid_fen: int | None
    received_on: date | None
    received_fen: int | None
    difference: str


class Sum(NamedTuple):
    """What the rows of one kind, source and category come to."""

    kind: LedgerKind
    source: FundSource
    category: ExpenseCategory | None
    spent_fen: int
    balance_fen: int
    inward_fen: int
    """The part of ``balance_fen`` that came in, less what of it was taken back."""


class Foot(NamedTuple):
    """What a book comes to, in fen; ``by`` is the spending by category and source."""

    came_in_fen: int
    carried_in_fen: int
    passed_in_fen: int
    passed_on_fen: int
    spent_fen: int
    to_repay_fen: int
    carried_on_fen: int
    returned_fen: int
    balance_fen: int
    by: dict[tuple[ExpenseCategory, FundSource], int]

    @property
    def rate(self) -> float | None:
        """执行率: what was spent of what there was to spend: with what was carried over from last year
        and what the partner passed on, without what was passed on to it."""
        available = self.came_in_fen + self.carried_in_fen + self.passed_in_fen - self.passed_on_fen
        return self.spent_fen / available if available else None

    @property
    def sources(self) -> list[FundSource]:
        """The sources out of which something was spent."""
        spent = {source for (_, source), fen in self.by.items() if fen}
        return [source for source in FundSource if source in spent]


def days_in_runs(days: Sequence[date]) -> str:
    """Return days of a year as a line names them: 11-01 至 11-04、11-07."""
    runs: list[list[date]] = []
    for day in sorted(set(days)):
        if runs and day - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return "、".join(
        f"{run[0]:%m-%d}" if len(run) == 1 else f"{run[0]:%m-%d} 至 {run[-1]:%m-%d}" for run in runs
    )


CAME_IN = (LedgerKind.RECEIPT, LedgerKind.SURPLUS, LedgerKind.INCOME)


def foot_of(sums: Sequence[Sum], to_repay_fen: int) -> Foot:
    """Add up a book: what came in, what of it was spent on what, what is left."""

    def of(*kinds: LedgerKind) -> int:
        return sum(one.balance_fen for one in sums if one.kind in kinds)

    carried = [one for one in sums if one.kind == LedgerKind.CARRY_OVER]
    passed = [one for one in sums if one.kind == LedgerKind.TRANSFER]
    by: dict[tuple[ExpenseCategory, FundSource], int] = {}
    for one in sums:
        if one.category is not None and one.spent_fen:
            key = one.category, one.source
            by[key] = by.get(key, 0) + one.spent_fen
    return Foot(
        came_in_fen=of(*CAME_IN),
        carried_in_fen=sum(one.inward_fen for one in carried),
        passed_in_fen=sum(one.inward_fen for one in passed),
        passed_on_fen=sum(one.inward_fen - one.balance_fen for one in passed),
        spent_fen=sum(one.spent_fen for one in sums),
        to_repay_fen=to_repay_fen,
        carried_on_fen=sum(one.inward_fen - one.balance_fen for one in carried),
        returned_fen=-of(LedgerKind.RETURN),
        balance_fen=sum(one.balance_fen for one in sums),
        by=by,
    )
