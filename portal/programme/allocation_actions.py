"""Writing the task-allocation table (任务分配表, 二(二)): a row from a page, many from a file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Allocation, KeyCounty, Region, WorkYear
from models.types import NATION, RegionLevel
from portal.deeds import Deed
from portal.places.queries import list_provinces
from portal.programme.rules import (
    AllocationFacts,
    AllocationKey,
    County,
    mode_of,
    refusals_for_allocation,
    refusals_for_removal,
)
from portal.refusals import Refusal, refuse_if


def set_allocation(
    deed: Deed, facts: AllocationFacts, *, replacing: Allocation | None = None
) -> Allocation:
    """Add a row to the table, or let it take the place of another; raise :class:`Refused`.

    A row of the same year, provinces, line and county is there once: a second one is refused.
    """
    session = deed.session
    before = None if replacing is None else facts_of(replacing)
    closed = _closed_by_year(session)
    refusals = refusals_for_allocation(
        facts,
        closed_by_year=closed,
        province_codes=[one.code for one in list_provinces(session)],
        county=_county(session, facts.county_code),
    )
    if before is not None and before.year != facts.year:
        refusals.extend(refusals_for_removal(before.year, closed))
    present = _find(session, facts.key)
    if present is not None and present is not replacing:
        refusals.append(_already_there(present))
    refuse_if(refusals)
    row = replacing or Allocation()
    for name, value in _values(deed, facts).items():
        setattr(row, name, value)
    session.add(row)
    session.flush()
    was = {f"{name}_before": value for name, value in before._asdict().items()} if before else {}
    deed.record("allocation.set", f"allocation:{row.id}", **facts._asdict(), **was)
    return row


def remove_allocation(deed: Deed, row: Allocation) -> None:
    """Take a row out of the table; raise :class:`Refused` if its work year is closed."""
    facts = facts_of(row)
    refuse_if(refusals_for_removal(facts.year, _closed_by_year(deed.session)))
    subject = f"allocation:{row.id}"
    deed.session.delete(row)
    deed.session.flush()
    deed.record("allocation.removed", subject, **facts._asdict())


def write_allocations(deed: Deed, rows: Iterable[AllocationFacts]) -> list[tuple[int, int | None]]:
    """Write many rows that the rules have passed; a row that is there gets the new number.

    Return the key of each, and the number that stood there before. The caller records it: an import
    is one event. One query for each year, one statement for all new rows, one for each changed row.
    """
    wanted = {facts.key: facts for facts in rows}
    years = {key.year for key in wanted}
    present = {
        facts_of(row).key: row
        for row in deed.session.scalars(sa.select(Allocation).where(Allocation.year.in_(years)))
    }
    written: list[tuple[int, int | None]] = []
    for key in wanted.keys() & present.keys():
        written.append((present[key].id, present[key].pairs))
        present[key].pairs = wanted[key].pairs
        present[key].recorded_at = deed.now
    new = [_values(deed, facts) for key, facts in wanted.items() if key not in present]
    if new:
        made = deed.session.scalars(sa.insert(Allocation).returning(Allocation.id), new)
        written += [(row_id, None) for row_id in made]
    deed.session.flush()
    return written


def take_back_allocations(
    deed: Deed, which: sa.Select[int | None], restored: Mapping[int, int]
) -> int:
    """Take rows (a query of ids) out of the table, give others their former number; return how many.

    The caller has asked whether their years are closed, and records it.
    """
    for row in deed.session.scalars(sa.select(Allocation).where(Allocation.id.in_(restored))):
        row.pairs, row.recorded_at = restored[row.id], deed.now
    deed.session.flush()
    removed = deed.session.execute(
        sa.delete(Allocation)
        .where(Allocation.id.in_(which))
        .execution_options(synchronize_session=False)
    )
    return removed.rowcount  # type: ignore[attr-defined,no-any-return] # of a DELETE it is a CursorResult


def facts_of(row: Allocation) -> AllocationFacts:
    """Return a stored row as somebody would write it."""
    return AllocationFacts(
        row.year,
        row.sending_province_code,
        row.receiving_province_code,
        row.pairs,
        row.line,
        row.county_code,
    )


def _values(deed: Deed, facts: AllocationFacts) -> dict[str, Any]:
    mode = mode_of(facts.sending_province_code, facts.receiving_province_code)
    return {**facts._asdict(), "mode": mode, "recorded_at": deed.now}


def _find(session: Session, key: AllocationKey) -> Allocation | None:
    return session.scalars(
        sa.select(Allocation).where(
            *(getattr(Allocation, name) == value for name, value in key._asdict().items())
        )
    ).one_or_none()


def _already_there(row: Allocation) -> Refusal:
    return Refusal(
        "",
        "duplicate",
        f"{row.year} 年度这两个省份、任务线和受援县已有一行，结对数量为 {row.pairs}；"
        "请在任务分配表中修改那一行。",
    )


def _closed_by_year(session: Session) -> dict[int, bool]:
    rows = session.execute(
        sa.select(WorkYear.year, WorkYear.closed_at).where(WorkYear.region_code == NATION)
    )
    return {year: closed_at is not None for year, closed_at in rows}


def _county(session: Session, code: str) -> County | None:
    if not code:
        return None
    found = session.execute(
        sa.select(
            Region.name,
            Region.province_code,
            sa.exists().where(KeyCounty.county_code == Region.code),
        ).where(
            Region.code == code,
            Region.level == RegionLevel.COUNTY,
            Region.is_withdrawn.is_(False),
        )
    ).one_or_none()
    return County(found[0], found[1], is_key=found[2]) if found else None
