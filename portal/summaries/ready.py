"""Lines of the present, read from the ready totals alone: never from the days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Organisation, Pairing, PairingYearTotal, Region
from models.types import Mode
from portal.compliance.rules import FINDING_BITS, FINDING_CODES
from portal.paging import Order, Slice, read_slice
from portal.summaries.rules import CountySums, Filters, Needs, PairingLine, Sums

PIECE = 500
"""Lines that stand in memory at a time while all are read."""

Total = PairingYearTotal
Sending = aliased(Organisation, name="sending")
Receiving = aliased(Organisation, name="receiving")
County = aliased(Region, name="county")

FIGURES = (
    Total.sent_staff,
    Total.qualified_sent_staff,
    Total.received_staff,
    Total.sent_centidays,
    Total.received_centidays,
    Total.sent_pending_centidays,
    Total.received_pending_centidays,
    Total.sent_min_centidays,
    Total.received_min_centidays,
)
NAMES = (
    Pairing.code,
    County.name,
    Sending.credit_code,
    Sending.name,
    Receiving.credit_code,
    Receiving.name,
)
ORDERS: dict[str, Any] = {
    "county": Total.county_code,
    "code": Pairing.code,
    "sent_staff": Total.qualified_sent_staff,
    "sent_days": Total.sent_centidays,
    "sent_pending": Total.sent_pending_centidays,
    "received_staff": Total.received_staff,
    "received_days": Total.received_centidays,
    "received_pending": Total.received_pending_centidays,
}


@dataclass(frozen=True, slots=True)
class ReadyLines:
    """The lines of a year as they stand now; iterating reads them by county and code."""

    session: Session
    year: int
    visible: sa.ColumnElement[bool]
    filters: Filters

    def __iter__(self) -> Iterator[PairingLine]:
        """Yield every line, in pieces, so that memory stays flat."""
        wanted = _with_names(
            sa.select(
                Total.pairing_id,
                Pairing.code,
                Total.line,
                Total.mode,
                Total.county_code,
                County.name,
                Sending.credit_code,
                Sending.name,
                Total.sending_province_code,
                Receiving.credit_code,
                Receiving.name,
                Total.receiving_province_code,
                *FIGURES,
                Total.is_compliant,
                Total.findings,
            ).select_from(Total)
        )
        with self.session.execute(
            wanted.where(*self._conditions())
            .order_by(Total.county_code, Pairing.code)
            .execution_options(yield_per=PIECE)
        ) as rows:
            yield from map(PairingLine._make, rows)

    def sums_by_county(self) -> list[CountySums]:
        """Add the lines up by county, in one query over the ready rows."""
        wanted = (
            sa.select(
                Total.receiving_province_code,
                Total.county_code,
                sa.func.count(),
                _how_many(Total.is_compliant),
                _how_many(Total.mode == Mode.IN_PROVINCE),
                *(_sum(figure) for figure in FIGURES[:-2]),
                *(_least(figure) for figure in FIGURES[-2:]),
                *(
                    _how_many(Total.findings.bitwise_and(FINDING_BITS[code]) != 0)
                    for code in FINDING_CODES
                ),
            )
            .where(*self._conditions())
            .group_by(Total.receiving_province_code, Total.county_code)
            .order_by(Total.receiving_province_code, Total.county_code)
        )
        codes = len(FINDING_CODES)
        return [
            CountySums(row[0], row[1], Sums._make([*row[2:-codes], tuple(row[-codes:])]))
            for row in self.session.execute(wanted)
        ]

    def lacking_by_province(self, needs: Needs) -> dict[str, tuple[int, int]]:
        """Add up by receiving province what each line lacks, in one query over the ready rows."""
        wanted = (
            sa.select(
                Total.receiving_province_code,
                _sum(_lacking(Total.sent_centidays, needs.sent_centidays)),
                _sum(_lacking(Total.received_centidays, needs.received_centidays)),
            )
            .where(*self._conditions())
            .group_by(Total.receiving_province_code)
        )
        return {code: (sent, received) for code, sent, received in self.session.execute(wanted)}

    def page(self, sort: str, cursor: str | None) -> Slice[PairingLine]:
        """Return one page in an order of ``SORTS`` (three queries)."""
        key = sort.removeprefix("-")
        wanted = sa.select(Total).where(*self._conditions())
        if key == "code":
            wanted = wanted.join(Pairing, Pairing.id == Total.pairing_id)
        orders = [
            Order(ORDERS[key], descending=sort.startswith("-")),
            Order(Total.pairing_id),
        ]
        found = read_slice(self.session, wanted, orders, cursor=cursor, make=_first)
        return Slice(self._named(found.rows), found.count, found.before, found.after)

    def _named(self, totals: Sequence[PairingYearTotal]) -> list[PairingLine]:
        wanted = _with_names(sa.select(Total.pairing_id, *NAMES).select_from(Total)).where(
            Total.year == self.year, Total.pairing_id.in_([total.pairing_id for total in totals])
        )
        names = {row[0]: row[1:] for row in self.session.execute(wanted)}
        return [_line(total, *names[total.pairing_id]) for total in totals]

    def _conditions(self) -> list[sa.ColumnElement[bool]]:
        return conditions_of(self.year, self.visible, self.filters)


def conditions_of(
    year: int, visible: sa.ColumnElement[bool], filters: Filters
) -> list[sa.ColumnElement[bool]]:
    """Return the conditions under which a ready row of a pairing belongs to a summary."""
    conditions = [Total.year == year]
    if not isinstance(visible, sa.True_):
        conditions.append(Total.pairing_id.in_(sa.select(Pairing.id).where(visible)))
    if filters.either_province:
        conditions.append(
            sa.or_(
                Total.sending_province_code == filters.either_province,
                Total.receiving_province_code == filters.either_province,
            )
        )
    for column, asked in (
        (Total.sending_province_code, filters.sending_province),
        (Total.receiving_province_code, filters.receiving_province),
        (Total.county_code, filters.county),
        (Total.line, filters.line),
        (Total.mode, filters.mode),
    ):
        if asked:
            conditions.append(column == asked)
    if filters.finding:
        conditions.append(Total.findings.bitwise_and(FINDING_BITS[filters.finding]) != 0)
    if filters.compliant is not None:
        conditions.append(Total.is_compliant.is_(filters.compliant))
    return conditions


def _with_names(wanted: Any) -> Any:
    return (
        wanted.join(Pairing, Pairing.id == Total.pairing_id)
        .join(Sending, Sending.id == Pairing.sending_organisation_id)
        .join(Receiving, Receiving.id == Pairing.receiving_organisation_id)
        .join(County, County.code == Total.county_code)
    )


def _first(row: Sequence[Any]) -> Any:
    return row[0]


def _line(
    total: PairingYearTotal,
    code: str,
    county_name: str,
    *organisations: str,
) -> PairingLine:
    sending_code, sending_name, receiving_code, receiving_name = organisations
    return PairingLine._make(
        [
            total.pairing_id,
            code,
            total.line,
            total.mode,
            total.county_code,
            county_name,
            sending_code,
            sending_name,
            total.sending_province_code,
            receiving_code,
            receiving_name,
            total.receiving_province_code,
            *(getattr(total, figure.key) for figure in FIGURES),
            total.is_compliant,
            total.findings,
        ]
    )


# PostgreSQL sums integers into bigint; the cast keeps one integer type on both.
def _sum(figure: Any) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.sum(figure), sa.BigInteger)


def _lacking(figure: Any, need: int) -> sa.ColumnElement[int]:
    return sa.case((figure < need, need - figure), else_=0)


def _how_many(condition: Any) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


def _least(figure: Any) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.min(sa.case((figure > 0, figure))), 0)
