"""What the rules of spending ask of the places where something is to be spent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple, TypeAlias, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    EligibilityRule,
    Expenditure,
    FundAccount,
    FundYearTotal,
    Organisation,
    Region,
)
from models.types import ExpenseCategory, FundAccountKind, FundSource
from portal.ledger.amount_rules import YearFacts
from portal.ledger.queries import years_of
from portal.procedures.queries import BATCH
from portal.programme.regime_queries import regime_of
from portal.spending.claim_rules import Spot
from portal.spending.eligibility_rules import (
    CellRule,
    Ground,
    Matrix,
    matrix_on,
)
from portal.spending.rules import COUNTED

YearOf = tuple[int, int]
T = TypeVar("T")
Rows: TypeAlias = sa.Select[*tuple[Any, ...]]


def pieces(keys: Iterable[T]) -> Iterator[list[T]]:
    """Yield keys in pieces that one statement may name; SQLite allows 999 bound values in old builds."""
    ordered = sorted(set(keys))  # type: ignore[type-var] # numbers, codes and tuples of them
    for start in range(0, len(ordered), BATCH):
        yield ordered[start : start + BATCH]


class ProvincialSeat(NamedTuple):
    """Where an organisation has its seat: whose matrix holds."""

    name: str
    province_code: str
    province: str


def seats_of(session: Session, organisation_ids: Iterable[int]) -> dict[int, ProvincialSeat]:
    found: dict[int, ProvincialSeat] = {}
    for some in pieces(organisation_ids):
        rows = session.execute(
            sa.select(Organisation.id, Organisation.name, Organisation.province_code, Region.name)
            .join(Region, Region.code == Organisation.province_code)
            .where(Organisation.id.in_(some))
        )
        found |= {row[0]: ProvincialSeat(*row[1:]) for row in rows}
    return found


def cell_rules(session: Session, provinces: Iterable[str]) -> dict[str, list[CellRule]]:
    """Return what provinces said of the cells of the matrix, by province (one query)."""
    found: dict[str, list[CellRule]] = defaultdict(list)
    rows = session.execute(
        sa.select(
            EligibilityRule.province_code,
            EligibilityRule.source,
            EligibilityRule.category,
            EligibilityRule.is_allowed,
            EligibilityRule.valid_from,
            EligibilityRule.recorded_at,
            EligibilityRule.reason,
        )
        .where(EligibilityRule.province_code.in_(sorted(set(provinces))))
        .order_by(EligibilityRule.id)
    )
    for row in rows:
        found[row[0]].append(CellRule(*row[1:]))
    return found


def matrix_of(session: Session, province_code: str, province: str, day: date) -> Matrix:
    return matrix_on(province, cell_rules(session, [province_code])[province_code], day)


def grounds_of(session: Session, spots: Collection[Spot]) -> dict[Spot, Ground]:
    """Return what the rules ask of the places where something is to be spent.

    So many queries for each 400 organisations, whatever the number of spots.
    """
    seats = seats_of(session, (one.organisation_id for one in spots))
    said = cell_rules(session, (one.province_code for one in seats.values()))
    years = years_of(session, [one.fund_year for one in spots])
    keys = {(one.organisation_id, one.year) for one in spots}
    received = _sums(
        session,
        keys,
        lambda some: sa.select(
            FundYearTotal.organisation_id, FundYearTotal.year, FundYearTotal.received_fen
        ).where(sa.tuple_(FundYearTotal.organisation_id, FundYearTotal.year).in_(some)),
    )
    others = _sums(session, keys, _other_spending)
    regime = regime_of(session)
    return {
        spot: Ground(
            seats[spot.organisation_id].name,
            years[spot.fund_year],
            matrix_on(
                seats[spot.organisation_id].province,
                said[seats[spot.organisation_id].province_code],
                spot.spent_on,
            ),
            others.get((spot.organisation_id, spot.year), 0),
            received.get((spot.organisation_id, spot.year), 0),
            _cap_of(regime, years[spot.fund_year]),
        )
        for spot in set(spots)
    }


def _cap_of(regime: Any, year: YearFacts) -> float:
    if year.starts_on is None:
        return 0  # refused anyway: the pairing is not in that year
    return float(regime.policy_of_year(year.year)["other_cap_pct"])


def _sums(
    session: Session, keys: Collection[YearOf], wanted: Callable[[list[YearOf]], Rows]
) -> dict[YearOf, int]:
    found: dict[YearOf, int] = {}
    for some in pieces(keys):
        found |= {(row[0], row[1]): int(row[2] or 0) for row in session.execute(wanted(some))}
    return found


def _other_spending(some: list[YearOf]) -> Rows:
    return (
        sa.select(
            Expenditure.organisation_id, Expenditure.year, sa.func.sum(Expenditure.amount_fen)
        )
        .where(
            sa.tuple_(Expenditure.organisation_id, Expenditure.year).in_(some),
            Expenditure.category == ExpenseCategory.OTHER,
            Expenditure.state.in_(COUNTED),
        )
        .group_by(Expenditure.organisation_id, Expenditure.year)
    )


def cash_of(session: Session, keys: Collection[YearOf]) -> dict[tuple[int, int, FundSource], int]:
    """Return what organisations may still spend in a year, by source, in fen."""
    found: dict[tuple[int, int, FundSource], int] = {}
    for some in pieces(keys):
        rows = session.execute(
            sa.select(
                FundAccount.organisation_id,
                FundAccount.year,
                FundAccount.source,
                FundAccount.balance_fen,
            ).where(
                FundAccount.kind == FundAccountKind.CASH,
                sa.tuple_(FundAccount.organisation_id, FundAccount.year).in_(some),
            )
        )
        found |= {(row[0], row[1], row[2]): row[3] for row in rows}
    return found


def by_source(
    cash: Mapping[tuple[int, int, FundSource], int], organisation_id: int, year: int
) -> dict[FundSource, int]:
    """Return what an organisation may still spend in a year, every source with its amount."""
    return {source: cash.get((organisation_id, year, source), 0) for source in FundSource}


def without(ground: Ground, one: Expenditure) -> Ground:
    """Return the ground of a claim that is written anew, without what it held itself."""
    if one.category == ExpenseCategory.OTHER and one.state in COUNTED:
        return ground._replace(other_fen=ground.other_fen - one.amount_fen)
    return ground
