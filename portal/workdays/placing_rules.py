"""Placing an entry: on which assignment, in which year, worth what, on which halves of its date. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from portal.programme.regime_rules import Regime
from portal.refusals import Refusal, Refused, refuse_if
from portal.workdays import rules
from portal.workdays.rules import Entry, PairingFacts, Term, Value, Year


class Grounds(NamedTuple):
    """All that the rules ask before a day is placed, and ``regime`` under its token.

    ``qualified`` are the assignments of ``terms`` whose person qualifies; ``halves`` says which
    halves of the date the person's other entries take.
    """

    pairing_id: int
    person_id: int
    pairing: PairingFacts
    province_code: str
    terms: list[Term]
    qualified: frozenset[int]
    halves: tuple[bool, bool]
    regime: Regime


class Placement(NamedTuple):
    """Where an entry stands and what it is worth, and the grounds on which the rules said so."""

    grounds: Grounds
    entry: Entry
    term: Term
    year: int
    is_rest_day: bool
    value: Value

    def columns(self) -> dict[str, Any]:
        """Return the columns of the row that follow, all but the halves that it takes."""
        return {
            **self.entry._asdict(),
            "assignment_id": self.term.id,
            "side": self.term.side,
            "year": self.year,
            "is_rest_day": self.is_rest_day,
            "worth_centidays": self.value.centidays,
            "hold": self.value.hold,
        }

    def halves(self) -> dict[str, bool]:
        """Say which halves of its date it takes."""
        return rules.halves_for(self.entry.half_days, self.grounds.halves)


def place(grounds: Grounds, entry: Entry, *, today: date, is_correction: bool = False) -> Placement:
    """Ask every rule about an entry; return where it stands or raise :class:`Refused`."""
    regime, day = grounds.regime, entry.worked_on
    policy = regime.policy_on(day)
    found = regime.year_on(day, grounds.province_code)
    year = Year(found.year, found.starts_on, found.ends_on, found.is_closed) if found else None
    refuse_if(
        rules.refusals_for_workday(
            entry,
            pairing=grounds.pairing,
            terms=grounds.terms,
            year=year,
            taken_half_days=sum(grounds.halves),
            policy=policy,
            today=today,
            is_correction=is_correction,
        )
    )
    term = rules.term_on(grounds.terms, day)
    assert term is not None  # the rules refused it otherwise
    assert year is not None
    is_rest_day = not regime.calendar.is_working_day(day)
    value = rules.value_of(
        half_days=entry.half_days,
        side=term.side,
        mode=entry.mode,
        task=entry.task,
        is_rest_day=is_rest_day,
        policy=policy,
    )
    return Placement(grounds, entry, term, year.year, is_rest_day, value)


class Placed(NamedTuple):
    """Several entries, of one date each: where they stand, and what was refused by date."""

    placements: list[Placement]
    refused: dict[date, tuple[Refusal, ...]]


def place_all(grounds: Mapping[date, Grounds], entries: Sequence[Entry], *, today: date) -> Placed:
    """Ask every rule about several entries, each as if it came alone.

    Why days are late is said once for all, and belongs to those that are.
    """
    found = Placed([], {})
    for entry in entries:
        of_day = grounds[entry.worked_on]
        policy = of_day.regime.policy_on(entry.worked_on)
        if entries[1:] and not rules.is_late(entry.worked_on, today, policy):
            entry = entry._replace(late_reason=None)  # noqa: PLW2901 - the same, less a word
        try:
            found.placements.append(place(of_day, entry, today=today))
        except Refused as refused:
            found.refused[entry.worked_on] = refused.refusals
    return found
