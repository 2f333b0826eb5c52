"""The money of an organisation and year as its settlement says it: by source, by category. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from models.types import ExpenseCategory, FundSource


@dataclass(frozen=True, slots=True)
class SourceLine:
    """The money of one source in the year, in fen; ``left_fen`` is what the settlement decides on.

    ``passed_fen`` is what the partner passed on, less what was passed on to it.
    """

    source: FundSource
    carried_fen: int = 0
    received_fen: int = 0
    passed_fen: int = 0
    spent_fen: int = 0
    left_fen: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The money of an organisation and year, in fen."""

    sources: tuple[SourceLine, ...]
    spent: dict[tuple[ExpenseCategory, FundSource], int]
    unpaid_fen: int
    """Approved and never paid: no settlement waits for it."""

    def sum_of(self, name: str) -> int:
        return sum(getattr(one, name) for one in self.sources)

    @property
    def received_fen(self) -> int:
        return self.sum_of("received_fen")

    @property
    def spent_fen(self) -> int:
        return self.sum_of("spent_fen")

    @property
    def balance_fen(self) -> int:
        return self.sum_of("left_fen")

    @property
    def has_passed(self) -> bool:
        """Was anything passed on between the partners?"""
        return any(one.passed_fen for one in self.sources)

    @property
    def spent_sources(self) -> list[FundSource]:
        """The sources out of which something was spent."""
        return [one.source for one in self.sources if one.spent_fen]

    def spent_on(self, category: ExpenseCategory) -> int:
        return sum(fen for (which, _), fen in self.spent.items() if which == category)
