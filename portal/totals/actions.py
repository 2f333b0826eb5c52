"""Keeping the totals: called by every action that changes what they sum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Pairing,
    PairingMonthTotal,
    PairingYear,
    PairingYearTotal,
    PersonYearTotal,
    WorkYear,
)
from models.types import NATION
from portal.compliance.rules import NO_TALLY
from portal.deeds import Deed
from portal.programme.policy import Policy
from portal.programme.queries import in_closed_year, policy_of_year
from portal.programme.regime_queries import regime_of
from portal.programme.regime_rules import Regime
from portal.programme.rules import refusals_for_closed_years
from portal.refusals import refuse_if
from portal.totals.course_queries import courses_of
from portal.totals.queries import (
    MONTH_COLUMNS,
    PAIRINGS,
    PERSON_COLUMNS,
    THE_YEAR,
    month_sums,
    person_sums,
    ready_tallies,
)
from portal.totals.rules import COURSE, UNDECIDED, course_values, total_values

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
KEEP_PAIRING = sa.update(PAIRING_ROWS).where(
    PAIRING_ROWS.c.pairing_id == sa.bindparam("b_pairing_id"),
    PAIRING_ROWS.c.year == sa.bindparam("b_year"),
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
    regime = regime_of(session)
    session.add_all(
        PairingYearTotal(
            pairing_id=pairing.id,
            year=year,
            line=pairing.line,
            mode=pairing.mode,
            county_code=pairing.county_code,
            sending_province_code=pairing.sending_province_code,
            receiving_province_code=pairing.receiving_province_code,
            **total_values(nothing, regime.policy_of_year(year)),
            **course_values(courses_of(session, year, regime, [pairing.id])[pairing.id]),
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
    the transaction ends there. Costs twelve statements for each year and 400 pairings, whatever the
    number of days.
    """
    session.flush()
    regime = regime_of(session)
    by_year: dict[int, set[int]] = defaultdict(set)
    for pairing_id, year in touched:
        by_year[year].add(pairing_id)
    for year in sorted(by_year):
        for some in batches(by_year[year]):
            _refresh(session, year, some, regime, may_change_closed=may_change_closed)


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
    regime: Regime,
    *,
    may_change_closed: bool,
) -> None:
    connection, policy = session.connection(), regime.policy_of_year(year)
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
    courses = courses_of(session, year, regime, pairing_ids)
    rows: list[dict[str, Any]] = [
        {
            "b_pairing_id": pairing_id,
            "b_year": year,
            **total_values(added.tally, policy),
            **dict(zip(UNDECIDED, added[1:], strict=True)),
            **course_values(courses[pairing_id]),
        }
        for pairing_id, added in ready_tallies(session, year, pairing_ids).items()
    ]
    _refuse_changed(year, closed, {row["b_pairing_id"]: row for row in rows})
    connection.execute(KEEP_PAIRING, rows)
    forget_totals(session)


def forget_totals(session: Session) -> None:
    """Have the session read again what it already read: it would show the totals from before."""
    for row in session.identity_map.values():
        if isinstance(row, PairingYearTotal | PersonYearTotal | PairingMonthTotal):
            session.expire(row)


def _refuse_changed(
    year: int, closed: Sequence[Mapping[str, Any]], rows: Mapping[int, Mapping[str, Any]]
) -> None:
    """Raise :class:`Refused` if a row of a closed year is no longer what it was.

    What its pace would be reckoned with says nothing any more.
    """
    is_changed = any(
        before[name] != value
        for before in closed
        for name, value in rows[before["pairing_id"]].items()
        if not name.startswith("b_") and name not in (*UNDECIDED, *COURSE)
    )
    refuse_if(
        refusals_for_closed_years([year] if is_changed else [], "改变该年度的天数、人数和达标结果")
    )


def batches(ids: Iterable[int]) -> Iterator[Sequence[int]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]
