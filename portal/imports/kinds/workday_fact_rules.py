"""The facts by which working days of a file are judged. Pure."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from models.types import WorkdayState
from portal.calendar.rules import Calendar
from portal.imports.fact_rules import Terms, WorkYears
from portal.programme.policy import Policy
from portal.workdays.rules import PairingFacts

CONFIRM, APPROVE = "workday.confirm", "workday.approve"

HIGHEST = {CONFIRM: WorkdayState.CONFIRMED, APPROVE: WorkdayState.APPROVED}
"""How far who holds a permission may take the days that it reaches."""


class PairingRow(NamedTuple):
    """A pairing, and through which permissions the actor reaches its days."""

    id: int
    receiving_province_code: str
    facts: PairingFacts
    reached_by: frozenset[str]


class PersonRow(NamedTuple):
    """A person, and through which permissions the actor reaches their days."""

    id: int
    reached_by: frozenset[str]


class Facts(NamedTuple):
    """``halves`` are those that stored days take, ``contents`` what stored days say."""

    pairings: dict[str, PairingRow]
    people: dict[str, PersonRow]
    townships: frozenset[str]
    terms: Terms
    work_years: WorkYears
    policies: dict[date, Policy]
    calendar: Calendar
    halves: dict[tuple[int, date], int]
    contents: set[tuple[Any, ...]]

    def highest_state(self, pairing: PairingRow, person: PersonRow) -> WorkdayState | None:
        """Return how far the actor may take this person's days of this pairing; None: not at all."""
        for permission in (APPROVE, CONFIRM):
            if permission in pairing.reached_by and permission in person.reached_by:
                return HIGHEST[permission]
        return None
