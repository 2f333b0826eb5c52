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
    name: str


class PostedMember(NamedTuple):
    """Somebody of a pairing as a file may name them; ``words`` tell two of one name apart."""

    person: PersonRow
    name: str
    code: str
    words: str


class Facts(NamedTuple):
    """``halves`` are those that stored days take, ``contents`` what stored days say.

    ``members`` are the people of each pairing (an id) whose days the actor reaches, where the file
    names anybody.
    """

    pairings: dict[str, PairingRow]
    people: dict[str, PersonRow]
    townships: frozenset[str]
    terms: Terms
    work_years: WorkYears
    policies: dict[date, Policy]
    calendar: Calendar
    halves: dict[tuple[int, date], int]
    contents: set[tuple[Any, ...]]
    members: dict[int, list[PostedMember]]

    def members_called(
        self, pairing_id: int, name: str | None, code: str | None
    ) -> list[PostedMember]:
        """Return who of a pairing is meant by a name, a code, or both."""
        return [
            one
            for one in self.members.get(pairing_id, ())
            if (not name or one.name == name) and (not code or one.code == code)
        ]

    def highest_state(self, pairing: PairingRow, person: PersonRow) -> WorkdayState | None:
        """Return how far the actor may take this person's days of this pairing; None: not at all."""
        for permission in (APPROVE, CONFIRM):
            if permission in pairing.reached_by and permission in person.reached_by:
                return HIGHEST[permission]
        return None
