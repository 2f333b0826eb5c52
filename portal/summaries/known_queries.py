"""Lines as they were known at the end of an earlier day, added up anew from the decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Organisation, Pairing, PairingDecision, Region
from models.types import Side
from portal.clock import date_of
from portal.compliance.rules import NO_TALLY, Tally, findings_for, is_compliant, mask_of
from portal.paging import Slice
from portal.pairings.effective_queries import InYear, Known, in_year
from portal.programme.policy import Policy
from portal.summaries.area_rules import (
    CountySums,
    Needs,
    Organisations,
    lacking_by_province,
    organisations_by,
    sums_by_county,
)
from portal.summaries.bearer_queries import bearers
from portal.summaries.rules import SORTS, Filters, PairingLine
from portal.totals.queries import person_sums, tallies


@dataclass(frozen=True, slots=True)
class KnownLines:
    """Lines of a past state; they never change, so a page is a place in the list."""

    lines: Sequence[PairingLine]

    def __iter__(self) -> Iterator[PairingLine]:
        return iter(self.lines)

    def count(self) -> int:
        return len(self.lines)

    def sums_by_county(self) -> list[CountySums]:
        return sums_by_county(self.lines)

    def organisations_by(self, side: Side) -> dict[str, Organisations]:
        return organisations_by(side, self.lines)

    def lacking_by_province(self, needs: Needs) -> dict[str, tuple[int, int]]:
        return lacking_by_province(self.lines, needs)

    def page(self, sort: str, cursor: str | None, size: int) -> Slice[PairingLine]:
        """Return one page in an order of ``SORTS``; the cursor is the place of its first line."""
        key = SORTS[sort.removeprefix("-")]
        ordered = sorted(self.lines, key=lambda line: line.pairing_id)
        ordered.sort(key=key, reverse=sort.startswith("-"))  # type: ignore[arg-type] # each key sorts among its own
        start = min(int(cursor), len(ordered)) if cursor and cursor.isdecimal() else 0
        after = start + size
        return Slice(
            ordered[start:after],
            len(ordered),
            str(max(start - size, 0)) if start else None,
            str(after) if after < len(ordered) else None,
            start,
        )


def known_lines(
    session: Session,
    *,
    year: int,
    policy: Policy,
    known_before: datetime,
    visible: sa.ColumnElement[bool],
    filters: Filters,
) -> KnownLines:
    """Return the lines of a year as known before an instant (four queries).

    A pairing that was confirmed or terminated later stands as it did then. Names are those of
    today; days are worth what they are worth today (docs/decisions/3).
    """
    sums = person_sums(year, policy, known_before=known_before)
    found = tallies(session, year, sums, known_before=known_before)
    last = _last_decisions(known_before)
    known = Known(
        sa.func.coalesce(Pairing.confirmed_at < known_before, sa.false()), last.c.ends_on_after
    )
    asked = in_year(session, year, known)
    source = sa.join(Pairing, last, last.c.pairing_id == Pairing.id)
    bearing = bearers(source, asked, policy)
    # The day that ended with that instant.
    day = date_of(known_before - timedelta(microseconds=1))
    wanted = _pairings(source, asked, bearing, day).where(visible)
    lines = (_line(row, found.get(row[0], NO_TALLY), policy) for row in session.execute(wanted))
    return KnownLines([line for line in lines if filters.admit(line)])


def _pairings(
    source: sa.FromClause, asked: InYear, bearing: sa.Subquery, day: date
) -> sa.Select[Any]:
    """Select the pairings that take part in a work year by what was known: key, codes and names."""
    sending, receiving = (Organisation.__table__.alias(name) for name in ("sending", "receiving"))
    return (
        sa.select(
            Pairing.id,
            asked.known.is_confirmed.label("is_confirmed"),
            asked.covers(day).label("is_covering"),
            bearing.c.id.is_not(None).label("bears_due"),
            Pairing.code,
            Pairing.line,
            Pairing.mode,
            Pairing.county_code,
            Region.name,
            sending.c.credit_code,
            sending.c.name,
            Pairing.sending_province_code,
            receiving.c.credit_code,
            receiving.c.name,
            Pairing.receiving_province_code,
        )
        .select_from(source)
        .outerjoin(bearing, bearing.c.id == Pairing.id)
        .join(sending, sending.c.id == Pairing.sending_organisation_id)
        .join(receiving, receiving.c.id == Pairing.receiving_organisation_id)
        .join(Region, Region.code == Pairing.county_code)
        .where(asked.takes_part())
        .order_by(Pairing.county_code, Pairing.code)
    )


def _last_decisions(known_before: datetime) -> sa.Subquery:
    ranked = (
        sa.select(
            PairingDecision.pairing_id,
            PairingDecision.ends_on_after,
            sa.func.row_number()
            .over(
                partition_by=PairingDecision.pairing_id,
                order_by=(PairingDecision.at.desc(), PairingDecision.id.desc()),
            )
            .label("rank"),
        )
        .where(PairingDecision.at < known_before)
        .subquery()
    )
    return (
        sa.select(ranked.c.pairing_id, ranked.c.ends_on_after).where(ranked.c.rank == 1).subquery()
    )


def _line(row: Sequence[Any], tally: Tally, policy: Policy) -> PairingLine:
    findings = findings_for(tally, policy)
    return PairingLine._make([*row, *tally[:-1], is_compliant(findings), mask_of(findings)])
