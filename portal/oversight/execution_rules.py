"""执行率: what was spent of what there was to spend, as the ledger book reckons it. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from models.types import ExpenseCategory, FundSource, Labelled


class ExecutionBy(Labelled):
    """By what a year of money is told."""

    ORGANISATION = "organisation", "按机构"
    PROVINCE = "province", "按省份"
    SOURCE = "source", "按来源"
    CATEGORY = "category", "按支出类别"


@dataclass(frozen=True, slots=True)
class ExecutionRow:
    """A year of money of an organisation, a province, a source or a category; amounts in fen.

    A category has what was spent on it alone: ``available_fen`` is then what there was of all.
    """

    by: ExecutionBy
    key: str
    title: str
    place: str
    planned_fen: int
    approved_fen: int
    disbursed_fen: int
    received_fen: int
    carried_fen: int
    spent_fen: int
    balance_fen: int
    available_fen: int

    @property
    def rate(self) -> float | None:
        return self.spent_fen / self.available_fen if self.available_fen else None

    @property
    def name(self) -> str:
        match self.by:
            case ExecutionBy.SOURCE:
                return FundSource(self.key).label
            case ExecutionBy.CATEGORY:
                return ExpenseCategory(self.key).label
        return self.title

    @property
    def is_whole(self) -> bool:
        """Has it a life of its own before it is spent? A category has none."""
        return self.by != ExecutionBy.CATEGORY
