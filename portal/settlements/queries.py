"""Finding settlements, and what their steps ask of the database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    FundAllocation,
    FundIncome,
    Organisation,
    Pairing,
    PairingYear,
    Settlement,
    WorkYear,
)
from models.database import may_write
from models.types import NATION, SettlementState, WorkYearState
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.access.scope import within
from portal.ledger.amount_rules import FundYear
from portal.ledger.queries import settlements_of, years_of
from portal.procedures.queries import BATCH
from portal.settlements.figure_queries import obstacles_of
from portal.settlements.rules import CARRIED, NextYear, SettlementFacts, obstacles_in

SETTLEMENT = Loader("settlement", Settlement, "fund.read", {"settlement_id": Settlement.public_id})


def find_settlement(session: Session, organisation_id: int, year: int) -> Settlement | None:
    return session.scalars(
        sa.select(Settlement).where(
            Settlement.organisation_id == organisation_id, Settlement.year == year
        )
    ).one_or_none()


def bearing_pairing(session: Session, organisation_id: int, year: int) -> Pairing | None:
    """Return the pairing under which an organisation's year is settled: of several the latest.

    One that ended before the year bears it where money was given for it: that has to be settled too.
    """
    inside = (
        sa.select(Pairing)
        .join(PairingYear, PairingYear.pairing_id == Pairing.id)
        .where(PairingYear.year == year, _is_of(organisation_id))
    )
    ended = sa.select(Pairing).where(
        sa.or_(
            *(
                sa.exists().where(
                    kind.pairing_id == Pairing.id,
                    kind.organisation_id == organisation_id,
                    kind.year == year,
                )
                for kind in (FundAllocation, FundIncome)
            )
        )
    )
    for wanted in (inside, ended):
        latest = wanted.order_by(Pairing.starts_on.desc(), Pairing.id.desc()).limit(1)
        if found := session.scalars(latest).one_or_none():
            return found
    return None


def _is_of(organisation_id: int) -> sa.ColumnElement[bool]:
    return sa.or_(
        PairingYear.sending_organisation_id == organisation_id,
        PairingYear.receiving_organisation_id == organisation_id,
    )


def facts_of(session: Session, settlements: Sequence[Settlement]) -> list[SettlementFacts]:
    """Return what the steps of settlements ask, in their order; a fixed number of queries for each 400."""
    spots = [FundYear(one.pairing_id, one.year, one.organisation_id) for one in settlements]
    years = years_of(session, spots)
    names = _names_of(session, {one.organisation_id for one in settlements})
    books = {
        (one.organisation_id, one.year)
        for one in settlements
        if one.state == SettlementState.RETURNED
    }
    found = obstacles_of(session, books)
    following = next_years_of(
        session,
        {
            (one.organisation_id, one.year)
            for one in settlements
            if (one.state == SettlementState.SUBMITTED and one.balance_fen)
            or (one.state == SettlementState.CLOSED and one.outcome == CARRIED)
        },
    )
    return [
        SettlementFacts(
            names[one.organisation_id],
            one.state,
            one.year,
            years[spot].is_closed,
            one.balance_fen,
            one.submitted_by_person_id,
            one.returned_on,
            tuple(obstacles_in(one.year, found[book])) if book in found else (),
            following.get(book),
        )
        for one, spot in zip(settlements, spots, strict=True)
        for book in ((one.organisation_id, one.year),)
    ]


def _names_of(session: Session, organisation_ids: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    ordered = sorted(organisation_ids)
    for start in range(0, len(ordered), BATCH):
        rows = session.execute(
            sa.select(Organisation.id, Organisation.name).where(
                Organisation.id.in_(ordered[start : start + BATCH])
            )
        )
        found |= {row.id: row.name for row in rows}
    return found


def next_years_of(
    session: Session, books: Collection[tuple[int, int]]
) -> dict[tuple[int, int], NextYear]:
    """Return the work years after those of some organisations; three queries for each 400."""
    ordered = sorted(books)
    found: dict[tuple[int, int], NextYear] = {}
    for start in range(0, len(ordered), BATCH):
        some = ordered[start : start + BATCH]
        wanted = {year + 1 for _, year in some}
        years = sa.select(WorkYear.year, WorkYear.region_code, WorkYear.state).where(
            WorkYear.year.in_(wanted)
        )
        if may_write(session):
            # Nobody closes it before this transaction ends.
            years = years.order_by(WorkYear.id).with_for_update(read=True)
        states = {(year, code): state for year, code, state in session.execute(years)}
        settled = settlements_of(session, {(number, year + 1) for number, year in some})
        provinces = _provinces_in(session, {number for number, _ in some}, wanted)
        for number, year in some:
            following = year + 1
            there = provinces.get((number, following), set())
            held = {
                states.get((following, code)) or states.get((following, NATION)) for code in there
            }
            found[number, year] = NextYear(
                following,
                is_there=(following, NATION) in states,
                is_closed=bool(there) and held == {WorkYearState.CLOSED},
                has_pairing=bool(there),
                settlement=settled.get((number, following)),
            )
    return found


def _provinces_in(
    session: Session, organisation_ids: Collection[int], years: Collection[int]
) -> dict[tuple[int, int], set[str]]:
    """Return in whose work years organisations stand, by organisation and year."""
    found: dict[tuple[int, int], set[str]] = {}
    for column in (PairingYear.sending_organisation_id, PairingYear.receiving_organisation_id):
        rows = session.execute(
            sa.select(column, PairingYear.year, Pairing.receiving_province_code)
            .join(Pairing, Pairing.id == PairingYear.pairing_id)
            .where(
                column.in_(organisation_ids),
                PairingYear.year.in_(years),
                Pairing.confirmed_at.is_not(None),
            )
        )
        for number, year, province in rows:
            found.setdefault((number, year), set()).add(province)
    return found


def chosen_settlements(
    session: Session, actor: Actor, permission: str, public_ids: Collection[str]
) -> list[Settlement]:
    """Return those of these settlements that a permission reaches."""
    return list(
        session.scalars(
            sa.select(Settlement)
            .where(Settlement.public_id.in_(public_ids), within(Settlement, actor, permission))
            .order_by(Settlement.id)
        )
    )
