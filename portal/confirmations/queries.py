"""Gathering the facts that a decision on days asks for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Pairing, PairingYear, Person, Workday
from portal.confirmations.rules import Decided
from portal.pairings.queries import lives_without_effect
from portal.programme.queries import in_closed_year
from portal.workdays.queries import BATCH


class OfYear(Protocol):
    """Anything that belongs to a work year of a pairing."""

    @property
    def pairing_id(self) -> int: ...

    @property
    def year(self) -> int: ...


def decided_facts(
    session: Session, workdays: Sequence[Workday], seen: dict[int, int] | None = None
) -> list[Decided]:
    """Return what the rules need to decide on entries, at four queries for each 400 people.

    ``seen`` gives the version in which each entry was shown to whoever decides.
    """
    names = _names(session, {workday.person_id for workday in workdays})
    closed = closed_keys(session, workdays)
    lives = lives_without_effect(session, {workday.pairing_id for workday in workdays})
    return [
        Decided(
            label=f"{names[workday.person_id]} {workday.worked_on}",
            state=workday.state,
            owner_person_id=workday.person_id,
            drafter_person_id=workday.entered_by_person_id,
            confirmer_person_id=workday.confirmed_by_person_id,
            is_closed=(workday.pairing_id, workday.year) in closed,
            is_changed=seen is not None and seen.get(workday.id) != workday.version,
            life=lives.get(workday.pairing_id),
        )
        for workday in workdays
    ]


def _names(session: Session, person_ids: Collection[int]) -> dict[int, str]:
    ordered = sorted(person_ids)
    names: dict[int, str] = {}
    for start in range(0, len(ordered), BATCH):
        rows = session.execute(
            sa.select(Person.id, Person.name).where(Person.id.in_(ordered[start : start + BATCH]))
        )
        names |= {row.id: row.name for row in rows}
    return names


def closed_keys(session: Session, workdays: Sequence[OfYear]) -> set[tuple[int, int]]:
    """Return the (pairing id, year) of these entries whose work year is closed."""
    ordered = sorted({workday.pairing_id for workday in workdays})
    years = {workday.year for workday in workdays}
    found: set[tuple[int, int]] = set()
    for start in range(0, len(ordered), BATCH):
        rows = session.execute(
            sa.select(PairingYear.pairing_id, PairingYear.year)
            .join(Pairing, Pairing.id == PairingYear.pairing_id)
            .where(
                PairingYear.pairing_id.in_(ordered[start : start + BATCH]),
                PairingYear.year.in_(years),
                in_closed_year(PairingYear.year, Pairing.receiving_province_code),
            )
        )
        found |= {(row.pairing_id, row.year) for row in rows}
    return found
