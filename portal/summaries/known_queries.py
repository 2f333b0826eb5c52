"""Lines as they were known at the end of an earlier day, added up anew from the decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Self

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Organisation, Pairing, PairingDecision, Region
from models.database import run
from models.types import Side
from portal.access.actor import Actor
from portal.access.scope import built_once, within
from portal.calendar.rules import Numbering
from portal.clock import date_of
from portal.compliance.pace_rules import (
    DAYS_BITS,
    NO_STANDING,
    Days,
    PaceMoment,
    course_of,
    moment_of,
    need_of,
    standing_of,
)
from portal.compliance.rules import findings_for, is_compliant, mask_of
from portal.ledger.known_queries import money_known
from portal.ledger.rules import Money
from portal.paging import FURTHEST, Slice
from portal.pairings.effective_queries import InYear, Known, in_year
from portal.programme.policy import Policy
from portal.programme.regime_queries import regime_of
from portal.summaries.area_rules import (
    CountySums,
    Needs,
    Organisations,
    lacking_by_province,
    organisations_by,
    sums_by_county,
)
from portal.summaries.bearer_queries import bearers
from portal.summaries.money_queries import sees_money_of
from portal.summaries.rules import SORTS, Filters, PairingLine, dues_of
from portal.totals.known_queries import KNOWN_BEFORE, known_crews, known_tallies
from portal.totals.queries import NOTHING_ADDED, THE_YEAR, Added, by_pairing

THE_DAY = sa.bindparam("the_day", type_=sa.Date)


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
        place = cursor if cursor and cursor.isdecimal() and len(cursor) <= FURTHEST else "0"
        start = min(int(place), len(ordered))
        after = start + size
        return Slice(
            ordered[start:after],
            len(ordered),
            str(max(start - size, 0)) if start else None,
            str(after) if after < len(ordered) else None,
            start,
        )


class _Statements(NamedTuple):
    tallies: sa.Select[Any]
    pairings: sa.Select[Any]
    crews: sa.Select[Any]


def known_lines(
    session: Session,
    actor: Actor,
    permission: str,
    *,
    year: int,
    policy: Policy,
    known_before: datetime,
    filters: Filters,
) -> KnownLines:
    """Return the lines of a year as known before an instant (seven queries).

    A pairing that was confirmed or terminated later stands as it did then. Names are those of
    today; days are worth what they are worth today (docs/decisions/3), and the calendar that the
    pace is reckoned with is today's.
    """
    wanted = _statements(actor, permission, filters, policy, in_year(session, year))
    # The day that ended with that instant.
    day = date_of(known_before - timedelta(microseconds=1))
    asked = {THE_YEAR.key: year, KNOWN_BEFORE.key: known_before, THE_DAY.key: day}
    found = by_pairing(run(session, wanted.tallies, asked))
    crews = {
        pairing_id: (sent, received)
        for pairing_id, sent, received in run(session, wanted.crews, asked)
    }
    clock = _Clock.of(regime_of(session).numbering_of(year), day)
    money, dues = money_known(session, year, known_before), dues_of(policy)
    lines = (
        _line(
            row[MONEY:],
            found.get(row[MONEY], NOTHING_ADDED),
            crews.get(row[MONEY], (0, 0)),
            policy,
            clock,
        ).with_money(_money_of(row, money), dues)
        for row in run(session, wanted.pairings, asked)
    )
    return KnownLines([line for line in lines if filters.admit(line)])


@built_once
def _statements(
    actor: Actor, permission: str, filters: Filters, policy: Policy, of_year: InYear
) -> _Statements:
    asked_for = [within(Pairing, actor, permission), *_conditions(filters)]
    last = _last_decisions()
    known = Known(
        sa.func.coalesce(Pairing.confirmed_at < KNOWN_BEFORE, sa.false()), last.c.ends_on_after
    )
    asked = replace(of_year, known=known)
    source = sa.join(Pairing, last, last.c.pairing_id == Pairing.id)
    bearing = bearers(source, asked, policy)
    return _Statements(
        known_tallies(policy, sa.select(Pairing.id).where(*asked_for)),
        _pairings(source, asked, bearing, sees_money_of(actor, THE_YEAR)).where(*asked_for),
        known_crews(asked.last_day(), source),
    )


def _conditions(filters: Filters) -> list[sa.ColumnElement[bool]]:
    """Return what the filters ask of a pairing itself: of others no day is read."""
    sides = (Pairing.sending_province_code, Pairing.receiving_province_code)
    conditions = [
        column == asked
        for column, asked in (
            (Pairing.sending_province_code, filters.sending_province),
            (Pairing.receiving_province_code, filters.receiving_province),
            (Pairing.county_code, filters.county),
            (Pairing.line, filters.line),
            (Pairing.mode, filters.mode),
        )
        if asked
    ]
    if filters.either_province:
        conditions.append(sa.or_(*(side == filters.either_province for side in sides)))
    return conditions


def _pairings(
    source: sa.FromClause, asked: InYear, bearing: sa.Subquery, sees_money: sa.ColumnElement[bool]
) -> Any:
    """Select the pairings that take part in a work year by what was known.

    Whether their money is seen, whose it is, key, codes, names, term.
    """
    sending, receiving = (Organisation.__table__.alias(name) for name in ("sending", "receiving"))
    is_seen = sa.and_(asked.is_effective(), sees_money)
    return (
        sa.select(
            is_seen.label("sees_money"),
            Pairing.sending_organisation_id,
            Pairing.id,
            asked.known.is_confirmed.label("is_confirmed"),
            asked.covers(THE_DAY).label("is_covering"),
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
            asked.first_day(),
            asked.last_day(),
        )
        .select_from(source)
        .outerjoin(bearing, bearing.c.id == Pairing.id)
        .join(sending, sending.c.id == Pairing.sending_organisation_id)
        .join(receiving, receiving.c.id == Pairing.receiving_organisation_id)
        .join(Region, Region.code == Pairing.county_code)
        .where(asked.takes_part())
        .order_by(Pairing.county_code, Pairing.code)
    )


MONEY = 2
"""With how many columns a row begins that say whether its money is seen, and whose it is."""
BEARS_DUE = MONEY + PairingLine._fields.index("bears_due")


def _money_of(row: Sequence[Any], money: Mapping[int, Money]) -> Money | None:
    """Return the money of a line: on the one that bears it, 0 on others, None where it is not seen."""
    is_seen, organisation_id = row[:MONEY]
    if not is_seen:
        return None
    return money.get(organisation_id, NO_MONEY) if row[BEARS_DUE] else NO_MONEY


NO_MONEY = Money()


def _last_decisions() -> sa.Subquery:
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
        .where(PairingDecision.at < KNOWN_BEFORE)
        .subquery()
    )
    return (
        sa.select(ranked.c.pairing_id, ranked.c.ends_on_after).where(ranked.c.rank == 1).subquery()
    )


class _Clock(NamedTuple):
    """The working days of the year, and where the day stands among them."""

    numbering: Numbering
    moment: PaceMoment

    @classmethod
    def of(cls, numbering: Numbering, day: date) -> Self:
        return cls(numbering, moment_of(numbering, day))


def _line(
    row: Sequence[Any], added: Added, crew: tuple[int, int], policy: Policy, clock: _Clock
) -> PairingLine:
    *shown, first, last = row
    tally = added.tally
    findings = findings_for(tally, policy)
    mask = mask_of(findings)
    standing = NO_STANDING
    if row[1]:  # in effect
        course = course_of((first, last), crew, clock.numbering, policy)
        sent, received = (
            Days(
                _logged(added, side, policy),
                need_of(side, policy),
                course.people_of(side),
                is_done=not mask & DAYS_BITS[side],
            )
            for side in Side
        )
        standing = standing_of(sent, received, course, clock.moment, clock.numbering)
    return PairingLine._make([*shown, *tally[:-1], is_compliant(findings), mask, *standing, None])


def _logged(added: Added, side: Side, policy: Policy) -> int:
    tally = added.tally
    if policy["day_basis"] == "per_person":
        return tally.sent_min_centidays if side == Side.SENT else tally.received_min_centidays
    if side == Side.SENT:
        return tally.sent_centidays + added.sent_undecided_centidays
    return tally.received_centidays + added.received_undecided_centidays
