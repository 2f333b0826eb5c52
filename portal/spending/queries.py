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
    ExpenditureWorkday,
    FundAccount,
    FundYearTotal,
    Organisation,
    Person,
    Region,
    Workday,
)
from models.types import ExpenseCategory, FundAccountKind, FundSource, WorkdayState
from portal.access.actor import Actor
from portal.access.loading import Loader
from portal.ledger.amount_rules import YearFacts
from portal.ledger.queries import years_of
from portal.procedures.queries import BATCH
from portal.programme.regime_queries import regime_of
from portal.spending.alike_queries import count_open_questions
from portal.spending.claim_rules import Spot
from portal.spending.eligibility_rules import (
    CellRule,
    Ground,
    Matrix,
    PaidDay,
    Spending,
    matrix_on,
    refusals_for_expenditure,
)
from portal.spending.rules import COUNTED, OPEN, STANDING, ClaimFacts
from portal.standards.money import format_yuan

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
    return f"{name} {one.spent_on}“{one.category.label}” {format_yuan(one.amount_fen)} 元"


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
                has_voucher=one.id in with_files
                or one.no_voucher_reason is not None
                or (one.import_id is not None and one.invoice_number is not None),
                questions=questions.get(one.id, 0),
                cash_fen=cash.get((one.organisation_id, one.year, one.source), 0),
                source_label=one.source.label,
                refused=_refused(one, ground, today),
            )
        )
    return found


def _refused(one: Expenditure, ground: Ground, today: date) -> tuple[Any, ...]:
    if one.state not in OPEN:
        return ()
    return tuple(refusals_for_expenditure(spending_of(one), without(ground, one), today=today))


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


# ---- the logged days that are paid


SHOWN = 20
"""Characters of a day's work that the form shows."""


class LoggedDay(NamedTuple):
    """A logged day as the form offers it."""

    id: int
    worked_on: date
    half_days: int
    person_id: int
    person_name: str
    description: str
    state: WorkdayState

    @property
    def days(self) -> str:
        return f"{self.half_days / 2:g}"

    @property
    def label(self) -> str:
        said = f"{self.worked_on} {self.days} 天 {self.person_name}：{self.description[:SHOWN]}"
        return f"{said}（{self.state.label}）" if self.state != WorkdayState.APPROVED else said


MOST_DAYS = 62
"""Days that the form offers at once: of two months."""


def logged_days(
    session: Session,
    pairing_id: int,
    people: Collection[int],
    first: date,
    last: date,
    *,
    only_approved: bool,
) -> list[LoggedDay]:
    """Return the days that these people logged for a pairing between two dates, latest first."""
    states = (
        [WorkdayState.APPROVED]
        if only_approved
        else [
            WorkdayState.SUBMITTED,
            WorkdayState.CONFIRMED,
            WorkdayState.APPROVED,
        ]
    )
    rows = session.execute(
        _days()
        .where(
            Workday.pairing_id == pairing_id,
            Workday.person_id.in_(sorted(people)),
            Workday.worked_on.between(first, last),
            Workday.state.in_(states),
            Workday.half_days > 0,
        )
        .order_by(Workday.worked_on.desc(), Person.name_order, Workday.id.desc())
        .limit(MOST_DAYS)
    )
    return [LoggedDay(*row) for row in rows]


def already_paid(session: Session, ids: Collection[int], besides: int | None) -> set[int]:
    """Return those of these days that other wages pay already."""
    wanted = (
        sa.select(ExpenditureWorkday.workday_id)
        .join(Expenditure, Expenditure.id == ExpenditureWorkday.expenditure_id)
        .where(
            ExpenditureWorkday.workday_id.in_(sorted(ids)),
            Expenditure.category == ExpenseCategory.WAGES,
            Expenditure.state.in_(STANDING),
            Expenditure.id.is_distinct_from(besides),
        )
    )
    return set(session.scalars(wanted))


def days_of(session: Session, expenditure_id: int) -> list[LoggedDay]:
    """Return the days that an expenditure pays, in order."""
    rows = session.execute(
        _days()
        .join(ExpenditureWorkday, ExpenditureWorkday.workday_id == Workday.id)
        .where(ExpenditureWorkday.expenditure_id == expenditure_id)
        .order_by(Workday.worked_on, Workday.id)
    )
    return [LoggedDay(*row) for row in rows]


def _days() -> Rows:
    return sa.select(
        Workday.id,
        Workday.worked_on,
        Workday.half_days,
        Workday.person_id,
        Person.name,
        Workday.description,
        Workday.state,
    ).join(Person, Person.id == Workday.person_id)


def paid_days(session: Session, pairing_id: int, ids: Collection[int]) -> list[PaidDay]:
    """Return those of these days that belong to a pairing."""
    found = []
    for some in pieces(ids):
        rows = session.execute(
            sa.select(Workday.id, Workday.worked_on, Workday.person_id, Workday.state)
            .where(Workday.id.in_(some), Workday.pairing_id == pairing_id)
            .order_by(Workday.worked_on, Workday.id)
        )
        found += [PaidDay(*row[:3], row[3] == WorkdayState.APPROVED) for row in rows]
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
