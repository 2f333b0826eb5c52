"""Lines of the present, read from the ready totals alone: never from the days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Pairing, PairingYearTotal
from models.database import run
from models.types import Mode, Side
from portal.compliance.pace_queries import Paces, paces_in
from portal.compliance.pace_rules import RANKED, DaysStanding
from portal.funding.entitlement_rules import Entitlement
from portal.ledger.rules import Money
from portal.paging import Order, Slice, read_slice
from portal.summaries.area_rules import CountySums, Needs, Organisations
from portal.summaries.money_queries import money_in
from portal.summaries.ready_statement_queries import (
    FIGURES,
    MONEY,
    SOME,
    ReadyStatements,
    Total,
)
from portal.summaries.rules import CODES, MONEY_SORTS, PairingLine, Sums, dues_of

PIECE = 500
"""Lines that stand in memory at a time while all are read."""

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


@dataclass(frozen=True)
class ReadyLines:
    """The lines of a year as they stand now; iterating reads them by county and code."""

    session: Session
    asked: ReadyStatements

    def __iter__(self) -> Iterator[PairingLine]:
        """Yield every line, in pieces, so that memory stays flat."""
        wanted = self.asked.every_line.execution_options(yield_per=PIECE)
        with self.session.execute(wanted) as rows:
            for row in rows:
                *line, sent, received, start = row[MONEY:]
                standing = self._paces.standing_in((sent, received), start)
                plain = PairingLine._make([*line, *standing, None])
                yield plain.with_money(_money_in(row), self._dues)

    def count(self) -> int:
        """Return how many lines there are, those that do not count included."""
        return run(self.session, self.asked.how_many_lines).scalar() or 0

    def sums_by_county(self) -> list[CountySums]:
        """Add the effective lines up by provinces and county."""
        money = -len(Money._fields)
        paced = money - len(RANKED)
        missed = paced - len(CODES)
        return [
            CountySums(
                row[0],
                row[1],
                row[2],
                Sums._make(
                    [
                        *row[3:missed],
                        tuple(row[missed:paced]),
                        paces_in(row[paced:money]),
                        tuple(row[money:]),
                    ]
                ),
            )
            for row in run(self.session, self.asked.by_county)
        ]

    def organisations_by(self, side: Side) -> dict[str, Organisations]:
        """Count the organisations of effective lines by the province of a side."""
        rows = run(self.session, self.asked.organisations[side])
        return {code: Organisations(*counts) for code, *counts in rows}

    def lacking_by_province(self, needs: Needs) -> dict[str, tuple[int, int]]:
        """Add up by receiving province what each effective line lacks, over the ready rows."""
        wanted = self.asked.lacking(
            _lacking(Total.sent_centidays, needs.sent_centidays),
            _lacking(Total.received_centidays, needs.received_centidays),
        )
        rows = self.session.execute(wanted)
        return {code: (sent, received) for code, sent, received in rows}

    def page(self, sort: str, cursor: str | None, size: int) -> Slice[PairingLine]:
        """Return one page in an order of ``SORTS`` (three queries)."""
        wanted = self.asked.lines
        key, goes_down = sort.removeprefix("-"), sort.startswith("-")
        columns: Sequence[Any]
        if key in MONEY_SORTS:
            wanted, figure = self.asked.lines_by_money(MONEY_SORTS[key])
            columns = [figure]
        elif key == "pace":
            columns = self._paces.order(self.asked.in_year.is_effective())
        else:
            columns = [ORDERS[key]]
        orders = [*(Order(column, goes_down) for column in columns), Order(Total.pairing_id)]
        found = read_slice(self.session, wanted, orders, cursor=cursor, make=_first, size=size)
        return replace(found, rows=self._named(found.rows))

    def _named(self, totals: Sequence[PairingYearTotal]) -> list[PairingLine]:
        some = {SOME.key: [total.pairing_id for total in totals]}
        named = {row[MONEY]: row for row in run(self.session, self.asked.names, some)}
        lines = []
        for total in totals:
            row = named[total.pairing_id]
            plain = self._line(total, *row[MONEY + 1 :])
            lines.append(plain.with_money(_money_in(row), self._dues))
        return lines

    def _line(self, total: PairingYearTotal, is_confirmed: bool, *names: Any) -> PairingLine:
        standing = self._paces.standing(total, is_effective=bool(is_confirmed))
        return _line(total, standing, bool(is_confirmed), *names)

    @property
    def _paces(self) -> Paces:
        return self.asked.paces

    @cached_property
    def _dues(self) -> dict[Mode, Entitlement]:
        return dues_of(self.asked.policy)


def _money_in(row: Sequence[Any]) -> Money | None:
    return money_in(row[1:MONEY], is_seen=bool(row[0]))


def _first(row: Sequence[Any]) -> Any:
    return row[0]


def _line(
    total: PairingYearTotal,
    standing: DaysStanding,
    is_confirmed: bool,
    is_covering: bool,
    bears_due: bool,
    code: str,
    county_name: str,
    *organisations: str,
) -> PairingLine:
    sending_code, sending_name, receiving_code, receiving_name = organisations
    return PairingLine._make(
        [
            total.pairing_id,
            is_confirmed,
            bool(is_covering),
            bool(bears_due),
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
            *standing,
            None,
        ]
    )


def _lacking(figure: Any, need: int) -> sa.ColumnElement[int]:
    return sa.case((figure < need, need - figure), else_=0)
