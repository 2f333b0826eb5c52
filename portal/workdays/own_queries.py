"""What a person needs to log a day: where they may work, what they wrote last, how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import Assignment, Pairing, PairingYearTotal, PersonYearTotal, Region, Workday
from models.database import run
from models.types import AssignmentState, Side
from portal.access.actor import Actor
from portal.access.scope import within
from portal.programme.queries import policy_of_year
from portal.programme.regime_queries import regime_of
from portal.workdays.copying_rules import Source
from portal.workdays.inbox_queries import is_proposed
from portal.workdays.month_rules import DateSpan, Entered
from portal.workdays.rules import MOST_DAYS_AT_ONCE

LATEST = 60
"""So many entries are looked at for what a new one may be like: a stay, two weeks, five texts."""


MONTH = timedelta(days=31)


class Posting(NamedTuple):
    """A pairing for which a person works or worked; ``is_current`` on the day that was asked.

    It begins with the first of the person's terms there and ends with the last. ``is_confirmed`` says that it is in effect: before, no day can be logged for it.
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
    def span(self) -> DateSpan:
        return DateSpan(self.starts_on, self.ends_on)

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


def _taking(half: InstrumentedAttribute[bool]) -> sa.Select[*tuple[Any, ...]]:
    return sa.select(
        Workday.id,
        Workday.worked_on,
        Workday.half_days,
        Workday.state,
        is_proposed(),
        Workday.disputed_by_person_id.is_not(None),
    ).where(
        half,
        Workday.person_id == sa.bindparam("person_id"),
        Workday.worked_on.between(sa.bindparam("first"), sa.bindparam("last")),
    )


_ENTERED = sa.union(_taking(Workday.takes_first_half), _taking(Workday.takes_second_half)).order_by(
    "worked_on", "id"
)
_SOURCES = (
    sa.select(
        Workday.id,
        Workday.pairing_id,
        Workday.worked_on,
        Workday.half_days,
        Workday.mode,
        Workday.task,
        Workday.township_code,
        Workday.description,
    )
    # Of a date the entry of its first half: whoever wrote a second one wrote that first.
    .where(Workday.takes_first_half, Workday.person_id == sa.bindparam("person_id"))
    .order_by(Workday.worked_on.desc())
    .limit(LATEST)
)


def postings_of(session: Session, person_id: int, day: date) -> list[Posting]:
    """Return the pairings to which a person was assigned by a day.

    First those that are in effect, of these the current ones.
    """
    rows = run(session, _POSTINGS, {"person_id": person_id, "day": day})
    found: dict[int, Posting] = {}
    for row in rows:
        # Of several terms in one pairing the latest speaks for it.
        latest = found.setdefault(row[0], Posting._make((*row, row[6] >= day)))
        found[row[0]] = latest._replace(starts_on=min(latest.starts_on, row[5]))
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


def entries_between(session: Session, person_id: int, span: DateSpan) -> list[Entered]:
    """Return what a person has entered for a stretch of dates, in every pairing, as it stands now.

    Each half is asked for by itself, as in ``queries.halves_taken``: so both databases use its index.
    """
    asked = {"person_id": person_id, "first": span.first, "last": span.last}
    rows = run(session, _ENTERED, asked)
    return [Entered._make((*row[:4], bool(row[4]), bool(row[5]))) for row in rows]


def sources_of(session: Session, person_id: int) -> list[Source]:
    """Return a person's latest entries, the latest first: what a new one may be like."""
    return [Source._make(row) for row in run(session, _SOURCES, {"person_id": person_id})]


class Logged(NamedTuple):
    """An entry as its receipt names it."""

    id: int
    version: int
    day: date
    half_days: int
    is_rest_day: bool

    @property
    def token(self) -> str:
        return f"{self.id}-{self.version}"


def logged_with(session: Session, workday: Workday, count: int) -> list[Logged]:
    """Return what one form brought, by date: its first entry and those written after it, so many."""
    rows = session.execute(
        sa.select(
            Workday.id, Workday.version, Workday.worked_on, Workday.half_days, Workday.is_rest_day
        )
        .where(
            Workday.pairing_id == workday.pairing_id,
            Workday.year.between(workday.year - 1, workday.year + 1),
            Workday.person_id == workday.person_id,
            Workday.entered_at == workday.entered_at,
            Workday.id >= workday.id,
        )
        .order_by(Workday.id)
        .limit(min(max(count, 1), MOST_DAYS_AT_ONCE))
    )
    return sorted((Logged._make(row) for row in rows), key=lambda one: one.day)


def next_empty_day(session: Session, workday: Workday, after: date, today: date) -> date | None:
    """Return the first working day after a date on which a person has nothing yet; None by today.

    Looked for in a month, and in the term on which an entry stands.
    """
    term = session.get_one(Assignment, workday.assignment_id)
    last = min(today, term.ends_on, after + MONTH)
    if last <= after:
        return None
    span = DateSpan(after + timedelta(days=1), last)
    taken = {one.day for one in entries_between(session, workday.person_id, span)}
    working_days = regime_of(session).calendar.working_days(*span)
    return next((day for day in working_days if day not in taken), None)


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
