"""Finding expenditures, and what the rules of spending ask of the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeAlias, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    EligibilityRule,
    Expenditure,
    ExpenditureFile,
    FundAccount,
    FundYearTotal,
    Organisation,
    Region,
)
from models.types import ExpenditureState, ExpenseCategory, FundAccountKind, FundSource
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.ledger.amount_rules import YearFacts
from portal.ledger.queries import years_of
from portal.procedures.queries import BATCH
from portal.programme.regime_queries import regime_of
from portal.refusals import Refusal
from portal.spending.alike_queries import count_open_questions
from portal.spending.claim_rules import Spot
from portal.spending.day_queries import unapproved_days
from portal.spending.eligibility_rules import (
    CellRule,
    Ground,
    Matrix,
    PaidDay,
    Spending,
    matrix_on,
    refusals_for_cap,
    refusals_for_days,
    refusals_for_expenditure,
)
from portal.spending.rules import COUNTED, OPEN, ClaimFacts

EXPENDITURE = Loader(
    "expenditure",
    Expenditure,
    "spending.read",
    {"expenditure_id": Expenditure.public_id},
)

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


def spending_of(one: Expenditure) -> Spending:
    """Return a stored expenditure as its rules read it."""
    return Spending(
        one.source,
        one.category,
        one.amount_fen,
        one.spent_on,
        one.payee,
        one.purpose,
        one.invoice_number,
        one.other_reason,
        one.route,
        one.travelled_from,
        one.travelled_until,
        has_person=one.paid_person_id is not None,
        from_file=one.import_id is not None,
    )


def spot_of(one: Expenditure) -> Spot:
    return Spot(one.organisation_id, one.pairing_id, one.year, one.spent_on)


def label_of(name: str, one: Expenditure) -> str:
    return f"{name} {one.spent_on}“{one.category.label}”"


def facts_of(
    session: Session, actor: Actor, expenditures: Sequence[Expenditure], today: date
) -> list[ClaimFacts]:
    """Return what the steps of expenditures ask, in their order; a fixed number of queries for each 400.

    What the rules say is asked of those only that are not booked yet.
    """
    grounds = grounds_of(session, [spot_of(one) for one in expenditures])
    cash = cash_of(session, {(one.organisation_id, one.year) for one in expenditures})
    waiting = [one.id for one in expenditures if one.state in OPEN]
    with_files = _with_files(session, waiting)
    questions = count_open_questions(session, waiting)
    unapproved = unapproved_days(session, expenditures)
    found = []
    for one in expenditures:
        ground = grounds[spot_of(one)]
        found.append(
            ClaimFacts(
                label_of(ground.code, one),
                one.state,
                one.category,
                one.amount_fen,
                one.claimed_by_person_id,
                one.approved_at is not None,
                one.booked_by_person_id,
                one.reviewed_by_person_id,
                ground.year,
                is_own=actor.is_operator or one.claimed_by_person_id == actor.person_id,
                has_voucher=one.id in with_files or _does_without(one),
                questions=questions.get(one.id, 0),
                cash_fen=cash.get((one.organisation_id, one.year, one.source), 0),
                source_label=one.source.label,
                refused=_refused(one, ground, unapproved.get(one.id, ()), today),
            )
        )
    return found


def _refused(
    one: Expenditure, ground: Ground, unapproved: Collection[PaidDay], today: date
) -> tuple[Refusal, ...]:
    """Return what the rules say of what waits, and of what would count against the cap again."""
    spending = spending_of(one)
    if one.state == ExpenditureState.DISALLOWED and one.category == ExpenseCategory.OTHER:
        return tuple(refusals_for_cap(one.amount_fen, ground))
    if one.state not in OPEN:
        return ()
    return (
        *refusals_for_expenditure(spending, without(ground, one), today=today),
        *(
            refusals_for_days(spending, unapproved, person_id=one.paid_person_id)
            if unapproved
            else ()
        ),
    )


def _does_without(one: Expenditure) -> bool:
    """Says an expenditure why it has no voucher, or names a file's row the invoice?"""
    is_named = one.import_id is not None and one.invoice_number is not None
    return one.no_voucher_reason is not None or is_named


def labels_without_voucher(session: Session, expenditures: Sequence[Expenditure]) -> list[str]:
    """Return which of these have no voucher now, and do not say why."""
    asked = [one for one in expenditures if not _does_without(one)]
    with_files = _with_files(session, [one.id for one in asked])
    lost = [one for one in asked if one.id not in with_files]
    seats = seats_of(session, (one.organisation_id for one in lost))
    return [label_of(seats[one.organisation_id].name, one) for one in lost]


def _with_files(session: Session, ids: Collection[int]) -> set[int]:
    found: set[int] = set()
    for some in pieces(ids):
        found |= set(
            session.scalars(
                sa.select(ExpenditureFile.expenditure_id).where(
                    ExpenditureFile.expenditure_id.in_(some)
                )
            )
        )
    return found


def without(ground: Ground, one: Expenditure) -> Ground:
    """Return the ground of a claim that is written anew, without what it held itself."""
    if one.category == ExpenseCategory.OTHER and one.state in COUNTED:
        return ground._replace(other_fen=ground.other_fen - one.amount_fen)
    return ground


def by_source(
    cash: Mapping[tuple[int, int, FundSource], int], organisation_id: int, year: int
) -> dict[FundSource, int]:
    """Return what an organisation may still spend in a year, every source with its amount."""
    return {source: cash.get((organisation_id, year, source), 0) for source in FundSource}
