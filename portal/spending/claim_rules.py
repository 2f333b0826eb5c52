"""What is claimed, where and when: what a page, an import and the demonstration hand to the actions. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from models.types import Task
from portal.spending.eligibility_rules import Spending


class Spot(NamedTuple):
    """Where and when something is to be spent."""

    organisation_id: int
    pairing_id: int
    year: int
    spent_on: date


@dataclass(frozen=True, slots=True)
class SpendingClaim:
    """An expenditure to be claimed of an organisation, for a pairing, in a work year."""

    organisation_id: int
    pairing_id: int
    year: int
    spending: Spending
    task: Task | None = None
    no_voucher_reason: str | None = None
    person_id: int | None = None
    workday_ids: tuple[int, ...] = ()

    @property
    def spot(self) -> Spot:
        return Spot(self.organisation_id, self.pairing_id, self.year, self.spending.spent_on)
