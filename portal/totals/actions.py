"""Keeping the totals: called by every action that changes what they sum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models import (
    Pairing,
    PairingMonthTotal,
    PairingYear,
    PairingYearTotal,
    PersonYearTotal,
    WorkYear,
)
from models.types import NATION, Side
from portal.compliance.rules import NO_TALLY
from portal.deeds import Deed
from portal.programme.policy import Policy
from portal.programme.queries import in_closed_year, policy_of_year
from portal.programme.rules import refusals_for_closed_years
from portal.refusals import refuse_if
from portal.totals.queries import (
    MONTH_COLUMNS,
    PAIRINGS,
    PERSON_COLUMNS,
    THE_YEAR,
    month_sums,
    person_sums,
    ready_tallies,
)
from portal.totals.rules import total_values

BATCH = 400
"""Pairings refreshed by one statement; SQLite allows 999 bound values in old builds."""

PERSON_ROWS = cast("sa.Table", PersonYearTotal.__table__)
MONTH_ROWS = cast("sa.Table", PairingMonthTotal.__table__)
PAIRING_ROWS = cast("sa.Table", PairingYearTotal.__table__)

# Every decision runs these. Built once they cost a third of what they cost built anew.
_QUEUE_UP = (
    sa.select(PAIRING_ROWS.c.pairing_id)
    .where(PAIRING_ROWS.c.year == THE_YEAR, PAIRING_ROWS.c.pairing_id.in_(PAIRINGS))
    .order_by(PAIRING_ROWS.c.pairing_id)
    .with_for_update()
)
_FORGET_PEOPLE = sa.delete(PERSON_ROWS).where(
    PERSON_ROWS.c.year == THE_YEAR, PERSON_ROWS.c.pairing_id.in_(PAIRINGS)
)
_FORGET_MONTHS = sa.delete(MONTH_ROWS).where(
    MONTH_ROWS.c.year == THE_YEAR, MONTH_ROWS.c.pairing_id.in_(PAIRINGS)
)
_KEEP_PAIRING = sa.update(PAIRING_ROWS).where(
    PAIRING_ROWS.c.pairing_id == sa.bindparam("b_pairing_id"),
    PAIRING_ROWS.c.year == sa.bindparam("b_year"),
)


_WAITS = sa.bindparam("worth", type_=sa.Integer)
_ADD_TO_PAIRING = {
    side: sa.update(PAIRING_ROWS)
    .where(
        PAIRING_ROWS.c.pairing_id == sa.bindparam("of_pairing"),
        PAIRING_ROWS.c.year == sa.bindparam("of_year"),
    )
    .values({column: column + _WAITS})
    for side, column in (
        (Side.SENT, PAIRING_ROWS.c.sent_pending_centidays),
        (Side.RECEIVED, PAIRING_ROWS.c.received_pending_centidays),
    )
}
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@cache
def _add_to_person(dialect: str) -> Any:
    """Return the statement that adds what waits to a person's row, or lays it."""
    added = INSERTS[dialect](PERSON_ROWS)
    rows = PERSON_ROWS.c
    return added.on_conflict_do_update(
        index_elements=list(PERSON_ROWS.primary_key),
        set_={
            "pending_centidays": rows.pending_centidays + added.excluded.pending_centidays,
            "is_qualified": sa.or_(rows.is_qualified, added.excluded.is_qualified),
        },
    )


@cache
def _add_to_month(dialect: str) -> Any:
    """Return the statement that adds what waits to a month's row, or lays it."""
    added = INSERTS[dialect](MONTH_ROWS)
    waiting = ("sent_pending_centidays", "received_pending_centidays")
    return added.on_conflict_do_update(
        index_elements=list(MONTH_ROWS.primary_key),
        set_={name: MONTH_ROWS.c[name] + added.excluded[name] for name in waiting},
    )


@cache
def _sum_up_people(counts_from: str, offday: str) -> sa.Insert:
    """Return the statement that writes the person rows; of a policy it asks these two."""
    policy = Policy({"counts_from": counts_from, "offday": offday})
    return sa.insert(PERSON_ROWS).from_select(
        PERSON_COLUMNS, person_sums(THE_YEAR, policy, pairing_ids=PAIRINGS)
    )


@cache
def _sum_up_months(counts_from: str, offday: str) -> sa.Insert:
    """Return the statement that writes the rows of the months."""
    policy = Policy({"counts_from": counts_from, "offday": offday})
    return sa.insert(MONTH_ROWS).from_select(
        MONTH_COLUMNS, month_sums(THE_YEAR, policy, pairing_ids=PAIRINGS)
    )


_HOLD_YEAR = sa.select(WorkYear.id).where(WorkYear.year == THE_YEAR).with_for_update(read=True)
"""Nobody closes the year before this transaction ends; one that is being closed is waited for."""

_CLOSED = (
    sa.select(PAIRING_ROWS)
    .where(
        PAIRING_ROWS.c.year == THE_YEAR,
        PAIRING_ROWS.c.pairing_id.in_(PAIRINGS),
        in_closed_year(PAIRING_ROWS.c.year, PAIRING_ROWS.c.receiving_province_code),
    )
    .order_by(PAIRING_ROWS.c.pairing_id)
)
"""The rows that may not change: those of closed work years."""


def open_totals(session: Session, pairing: Pairing, years: Iterable[int]) -> None:
    """Lay the rows of a new pairing, so that the summary shows it from the first day.

    It has no days yet, so its findings follow from the policy alone; nothing is added up.
    """
    nothing = NO_TALLY._replace(has_agreement=pairing.agreement_signed_on is not None)
    session.add_all(
        PairingYearTotal(
            pairing_id=pairing.id,
            year=year,
            line=pairing.line,
            mode=pairing.mode,
            county_code=pairing.county_code,
            sending_province_code=pairing.sending_province_code,
            receiving_province_code=pairing.receiving_province_code,
            **total_values(nothing, policy_of_year(session, year)),
        )
        for year in years
    )
    session.flush()


def close_totals(session: Session, pairing_id: int, years: Iterable[int]) -> None:
    """Take a pairing out of years that it no longer touches (after a termination)."""
    left = list(years)
    for model in (PairingYearTotal, PairingMonthTotal):
        session.execute(
            sa.delete(model).where(model.pairing_id == pairing_id, model.year.in_(left))
        )


def refresh(
    session: Session, touched: Iterable[tuple[int, int]], *, may_change_closed: bool = False
) -> None:
    """Recompute the totals of the touched (pairing id, year), in the same transaction.

    Raise :class:`Refused` if that would change a closed work year: whatever verb asked for it,
    the transaction ends there. Costs eleven statements for each year and 400 pairings, whatever the
    number of days.
    """
    session.flush()
    by_year: dict[int, set[int]] = defaultdict(set)
    for pairing_id, year in touched:
        by_year[year].add(pairing_id)
    for year in sorted(by_year):
        policy = policy_of_year(session, year)
        for some in _batches(by_year[year]):
            _refresh(session, year, some, policy, may_change_closed=may_change_closed)


class NewDay(NamedTuple):
    """An entry that was just written, as far as the totals ask: a draft is worth nothing yet.

    ``is_eligible`` says that its assignment is approved and qualified.
    """

    pairing_id: int
    year: int
    side: Side
    person_id: int
    worked_on: date
    waiting_centidays: int
    is_eligible: bool


def add_days(session: Session, days: Sequence[NewDay]) -> None:
    """Add new entries to the totals: three statements at most, however many there are.

    A new entry counts nowhere yet, it only waits: no count of people and no finding follows from
    it. The row of the pairing comes first, so that whoever recomputes it waits, or is waited for.
    The caller has proved that the year is open. What :func:`refresh` gives is the same.
    """
    connection = session.connection()
    dialect = connection.dialect.name
    of_pairings: dict[tuple[int, int, Side], int] = defaultdict(int)
    of_months: dict[tuple[int, int, Side, int], int] = defaultdict(int)
    people: dict[tuple[int, int, Side, int], dict[str, Any]] = {}
    for day in days:
        key = (day.pairing_id, day.year, day.side)
        of_pairings[key] += day.waiting_centidays
        of_months[*key, day.worked_on.year * 100 + day.worked_on.month] += day.waiting_centidays
        person = people.setdefault((*key, day.person_id), _nothing_of(day))
        person["pending_centidays"] += day.waiting_centidays
        person["is_qualified"] |= day.is_eligible
    for (pairing_id, year, side), worth in sorted(of_pairings.items()):
        if worth:
            asked = {"of_pairing": pairing_id, "of_year": year, "worth": worth}
            connection.execute(_ADD_TO_PAIRING[side], asked)
    connection.execute(_add_to_person(dialect), list(people.values()))
    months = [
        {
            "pairing_id": pairing_id,
            "year": year,
            "month": month,
            "sent_centidays": 0,
            "received_centidays": 0,
            "sent_pending_centidays": worth if side is Side.SENT else 0,
            "received_pending_centidays": worth if side is Side.RECEIVED else 0,
        }
        for (pairing_id, year, side, month), worth in sorted(of_months.items())
        if worth
    ]
    if months:
        connection.execute(_add_to_month(dialect), months)
    _forget_totals(session)


def _nothing_of(day: NewDay) -> dict[str, Any]:
    """Return a person's row before their new days are added."""
    return {
        "pairing_id": day.pairing_id,
        "year": day.year,
        "side": day.side,
        "person_id": day.person_id,
        "is_qualified": False,
        "approved_entries": 0,
        "counted_centidays": 0,
        "pending_centidays": 0,
        "first_day": None,
        "last_day": None,
    }


def refresh_all(session: Session) -> None:
    """Recompute every year, closed ones too: a new release may define anew what counts.

    Only then: left as they were, the totals of a closed year would look changed by whatever verb
    has them recomputed next, and refuse it.
    """
    rows = session.execute(sa.select(PairingYear.pairing_id, PairingYear.year)).all()
    refresh(session, [(row.pairing_id, row.year) for row in rows], may_change_closed=True)


def refresh_open_years(deed: Deed, first: date, last: date) -> None:
    """Bring the totals of all open work years up to date that a span of dates touches."""
    touched = sa.select(WorkYear.year).where(WorkYear.starts_on <= last, WorkYear.ends_on >= first)
    rows = deed.session.execute(
        sa.select(PairingYear.pairing_id, PairingYear.year)
        .join(Pairing, Pairing.id == PairingYear.pairing_id)
        .where(
            PairingYear.year.in_(touched),
            sa.not_(in_closed_year(PairingYear.year, Pairing.receiving_province_code)),
        )
    )
    refresh(deed.session, [(pairing_id, year) for pairing_id, year in rows])


def refresh_pairing(session: Session, pairing_id: int) -> None:
    """Recompute all years of a pairing: after a change of its people or papers."""
    years = session.scalars(sa.select(PairingYear.year).where(PairingYear.pairing_id == pairing_id))
    refresh(session, [(pairing_id, year) for year in years])


def fill_months(session: Session) -> int:
    """Fill the rows of the months where an upgrade has just laid their table; return how many.

    Nothing happens where there are some, or where no day is logged.
    """
    if session.scalar(sa.select(sa.exists().where(PairingMonthTotal.year > 0))):
        return 0
    years = sa.select(WorkYear.year).where(WorkYear.region_code == NATION).order_by(WorkYear.year)
    for year in session.scalars(years).all():
        rows = month_sums(year, policy_of_year(session, year))
        session.execute(sa.insert(MONTH_ROWS).from_select(MONTH_COLUMNS, rows))
    return session.scalar(sa.select(sa.func.count()).select_from(PairingMonthTotal)) or 0


def _refresh(
    session: Session,
    year: int,
    pairing_ids: Sequence[int],
    policy: Policy,
    *,
    may_change_closed: bool,
) -> None:
    connection = session.connection()
    asked: dict[str, Any] = {THE_YEAR.key: year, PAIRINGS.key: pairing_ids}
    if connection.dialect.name != "sqlite":
        connection.execute(_HOLD_YEAR, asked).all()
        # Wait until no other transaction is computing these totals, then see what it wrote: two
        # people of one pairing who log at the same time would both insert the rows of the other.
        connection.execute(_QUEUE_UP, asked).all()
    closed = (
        [] if may_change_closed else [row._asdict() for row in connection.execute(_CLOSED, asked)]
    )
    connection.execute(_FORGET_PEOPLE, asked)
    connection.execute(_sum_up_people(policy["counts_from"], policy["offday"]), asked)
    connection.execute(_FORGET_MONTHS, asked)
    connection.execute(_sum_up_months(policy["counts_from"], policy["offday"]), asked)
    rows: list[dict[str, Any]] = [
        {"b_pairing_id": pairing_id, "b_year": year, **total_values(tally, policy)}
        for pairing_id, tally in ready_tallies(session, year, pairing_ids).items()
    ]
    _refuse_changed(year, closed, {row["b_pairing_id"]: row for row in rows})
    connection.execute(_KEEP_PAIRING, rows)
    _forget_totals(session)


def _forget_totals(session: Session) -> None:
    """Have the session read again what it already read: it would show the totals from before."""
    for row in session.identity_map.values():
        if isinstance(row, PairingYearTotal | PersonYearTotal | PairingMonthTotal):
            session.expire(row)


def _refuse_changed(
    year: int, closed: Sequence[Mapping[str, Any]], rows: Mapping[int, Mapping[str, Any]]
) -> None:
    """Raise :class:`Refused` if a row of a closed year is no longer what it was."""
    is_changed = any(
        before[name] != value
        for before in closed
        for name, value in rows[before["pairing_id"]].items()
        if not name.startswith("b_")
    )
    refuse_if(
        refusals_for_closed_years([year] if is_changed else [], "改变该年度的天数、人数和达标结果")
    )


def _batches(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]
