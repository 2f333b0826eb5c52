"""Lines as they were known at the end of an earlier day, added up anew from the decisions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Organisation, Pairing, PairingDecision, Region, WorkYear
from models.programme import NATION
from portal.compliance.rules import Tally, findings_for, is_compliant, mask_of
from portal.paging import PAGE_SIZE, Slice
from portal.programme.policy import Policy
from portal.summaries.rules import (
    SORTS,
    CountySums,
    Filters,
    Needs,
    PairingLine,
    lacking_by_province,
    sums_by_county,
)
from portal.totals.actions import NOTHING as NO_TALLY
from portal.totals.queries import person_sums, tallies


@dataclass(frozen=True, slots=True)
class KnownLines:
    """Lines of a past state; they never change, so a page is a place in the list."""

    lines: Sequence[PairingLine]

    def __iter__(self) -> Iterator[PairingLine]:
        return iter(self.lines)

    def sums_by_county(self) -> list[CountySums]:
        return sums_by_county(self.lines)

    def lacking_by_province(self, needs: Needs) -> dict[str, tuple[int, int]]:
        return lacking_by_province(self.lines, needs)

    def page(self, sort: str, cursor: str | None) -> Slice[PairingLine]:
        """Return one page in an order of ``SORTS``; the cursor is the place of its first line."""
        key = SORTS[sort.removeprefix("-")]
        ordered = sorted(self.lines, key=lambda line: line.pairing_id)
        ordered.sort(key=key, reverse=sort.startswith("-"))  # type: ignore[arg-type] # each key sorts among its own
        start = min(int(cursor), len(ordered)) if cursor and cursor.isdecimal() else 0
        after = start + PAGE_SIZE
        return Slice(
            ordered[start:after],
            len(ordered),
            str(max(start - PAGE_SIZE, 0)) if start else None,
            str(after) if after < len(ordered) else None,
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
    """Return the lines of a year as known before an instant (three queries).

    A pairing that was terminated later stands with the last day that it had then. Names are those
    of today; days are worth what they are worth today (docs/decisions/3).
    """
    sums = person_sums(year, policy, known_before=known_before)
    found = tallies(session, year, sums, known_before=known_before)
    rows = session.execute(_pairings_of(year, known_before).where(visible))
    lines = (_line(row, found.get(row[0], NO_TALLY), policy) for row in rows)
    return KnownLines([line for line in lines if filters.admit(line)])


def _pairings_of(year: int, known_before: datetime) -> sa.Select[Any]:
    """Select the pairings that touched a work year by what was known: key, codes and names."""
    last = _last_decisions(known_before)
    common, own = (WorkYear.__table__.alias(name) for name in ("common_year", "own_year"))
    sending, receiving = (Organisation.__table__.alias(name) for name in ("sending", "receiving"))
    return (
        sa.select(
            Pairing.id,
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
        .select_from(Pairing)
        .join(last, last.c.pairing_id == Pairing.id)
        .join(common, sa.and_(common.c.year == year, common.c.region_code == NATION))
        .outerjoin(
            own,
            sa.and_(own.c.year == year, own.c.region_code == Pairing.receiving_province_code),
        )
        .join(sending, sending.c.id == Pairing.sending_organisation_id)
        .join(receiving, receiving.c.id == Pairing.receiving_organisation_id)
        .join(Region, Region.code == Pairing.county_code)
        .where(
            Pairing.starts_on <= sa.func.coalesce(own.c.ends_on, common.c.ends_on),
            last.c.ends_on_after >= sa.func.coalesce(own.c.starts_on, common.c.starts_on),
        )
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
