"""What a person needs to log a day: where they may work, what they wrote last, how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Assignment, Pairing, PairingYearTotal, PersonYearTotal, Region, Workday
from models.database import run
from models.types import AssignmentState, Side, WorkdayState
from portal.access.actor import Actor
from portal.access.scope import within
from portal.programme.queries import policy_of_year


class Posting(NamedTuple):
    """A pairing for which a person works or worked; ``is_current`` on the day that was asked.

    ``is_confirmed`` says that it is in effect: before, no day can be logged for it.
    """

    pairing_id: int
    code: str
    county_code: str
    county_name: str
    side: Side
    starts_on: date
    ends_on: date
    state: AssignmentState
    is_confirmed: bool
    is_current: bool

    @property
    def label(self) -> str:
        return f"{self.county_name}（{self.code}，{self.side.label}）"


_POSTINGS = (
    sa.select(
        Pairing.id,
        Pairing.code,
        Pairing.county_code,
        Region.name,
        Assignment.side,
        Assignment.starts_on,
        Assignment.ends_on,
        Assignment.state,
        Pairing.confirmed_at.is_not(None),
    )
    .select_from(Assignment)
    .join(Pairing, Pairing.id == Assignment.pairing_id)
    .join(Region, Region.code == Pairing.county_code)
    .where(
        Assignment.person_id == sa.bindparam("person_id"),
        Assignment.starts_on <= sa.bindparam("day"),
        Assignment.state != AssignmentState.REJECTED,
    )
    .order_by(Assignment.ends_on.desc(), Assignment.id.desc())
)


def postings_of(session: Session, person_id: int, day: date) -> list[Posting]:
    """Return the pairings to which a person was assigned by a day.

    First those that are in effect, of these the current ones.
    """
    rows = run(session, _POSTINGS, {"person_id": person_id, "day": day})
    found: dict[int, Posting] = {}
    for row in rows:
        # Of several terms in one pairing the latest speaks for it.
        found.setdefault(row[0], Posting._make((*row, row[6] >= day)))
    return sorted(found.values(), key=lambda place: (not place.is_confirmed, not place.is_current))


def county_of(session: Session, pairing_id: int) -> dict[str, str]:
    """Return the county of a pairing: its name by its code."""
    code, name = session.execute(
        sa.select(Region.code, Region.name)
        .join(Pairing, Pairing.county_code == Region.code)
        .where(Pairing.id == pairing_id)
    ).one()
    return {code: name}


def find_own_entry(session: Session, actor: Actor, number: int) -> Workday | None:
    """Return an actor's own entry by its number, or None."""
    own = within(Workday, actor, "workday.write")
    return session.scalars(sa.select(Workday).where(Workday.id == number, own)).one_or_none()


def last_entry_of(session: Session, person_id: int) -> Workday | None:
    """Return a person's entry of the latest date, for 同上次; None if there is none."""
    pairings = sa.select(Assignment.pairing_id).where(Assignment.person_id == person_id)
    return session.scalars(
        sa.select(Workday)
        .where(
            Workday.pairing_id.in_(pairings),
            Workday.person_id == person_id,
            Workday.state != WorkdayState.SUPERSEDED,
        )
        .order_by(Workday.worked_on.desc(), Workday.id.desc())
        .limit(1)
    ).one_or_none()


def entries_on(session: Session, person_id: int, day: date) -> list[Workday]:
    """Return what a person has entered for a date, in every pairing, that is still valid."""
    return list(
        session.scalars(
            sa.select(Workday)
            .where(
                Workday.person_id == person_id,
                Workday.worked_on == day,
                Workday.state != WorkdayState.SUPERSEDED,
            )
            .order_by(Workday.id)
        )
    )


@dataclass(frozen=True, slots=True)
class Progress:
    """Days of a person, and of their side of the pairing, against what the plan asks; in days.

    ``need_days`` is asked of the whole side together, or of each person (``is_per_person``).
    """

    year: int
    side: Side
    own_counted: float
    own_waiting: float
    side_counted: float
    side_waiting: float
    need_days: float
    is_per_person: bool


def progress_of(
    session: Session, *, pairing_id: int, year: int, side: Side, person_id: int
) -> Progress:
    """Return how far a person and their side of a pairing are in a work year."""
    own = session.execute(
        sa.select(PersonYearTotal.counted_centidays, PersonYearTotal.pending_centidays).where(
            PersonYearTotal.pairing_id == pairing_id,
            PersonYearTotal.year == year,
            PersonYearTotal.side == side,
            PersonYearTotal.person_id == person_id,
        )
    ).one_or_none()
    columns = (
        (PairingYearTotal.sent_centidays, PairingYearTotal.sent_pending_centidays)
        if side == Side.SENT
        else (PairingYearTotal.received_centidays, PairingYearTotal.received_pending_centidays)
    )
    whole = session.execute(
        sa.select(*columns).where(
            PairingYearTotal.pairing_id == pairing_id, PairingYearTotal.year == year
        )
    ).one_or_none()
    policy = policy_of_year(session, year)
    own_counted, own_waiting = own or (0, 0)
    side_counted, side_waiting = whole or (0, 0)
    return Progress(
        year=year,
        side=side,
        own_counted=own_counted / 100,
        own_waiting=own_waiting / 100,
        side_counted=side_counted / 100,
        side_waiting=side_waiting / 100,
        need_days=policy["min_sent_days" if side == Side.SENT else "min_received_days"],
        is_per_person=policy["day_basis"] == "per_person",
    )
