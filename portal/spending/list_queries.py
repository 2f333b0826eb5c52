"""Lists of expenditures: a page of them, what they come to, a sample."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Expenditure,
    ExpenditureFile,
    Organisation,
    Pairing,
    Person,
)
from models.types import ExpenditureState, ExpenseCategory, FundSource
from portal.access.actor import Actor
from portal.access.scope import within
from portal.matching import contains, has_every_word, is_part_of_name
from portal.paging import COUNT_CAP, PAGE_SIZE, Order, Slice, read_slice
from portal.pairings.queries import bears_code
from portal.pairings.rules import normalise_code
from portal.procedures.queries import waits_for
from portal.spending.alike_queries import count_open_questions
from portal.spending.rules import LIFE, SpendingStates
from portal.spending.sampling_rules import Booked, draw

DEFAULT_ORDER = "-date"
MOST_DRAWN_FROM = 50_000
"""Booked rows of a year from which a sample is drawn: a province has some thousands."""


class ExpenditureFilters(NamedTuple):
    """What the list is asked for; None asks nothing. Without a state, what was taken back is left out."""

    year: int
    state: ExpenditureState | SpendingStates | None = None
    source: FundSource | None = None
    category: ExpenseCategory | None = None
    pairing: str | None = None
    organisation: str | None = None
    q: str | None = None


class ExpenditureRow(NamedTuple):
    """An expenditure in a list."""

    id: int
    public_id: str
    version: int
    spent_on: date
    source: FundSource
    category: ExpenseCategory
    amount_fen: int
    payee: str
    purpose: str
    invoice_number: str | None
    state: ExpenditureState
    year: int
    organisation_name: str
    pairing_code: str
    claimant: str | None
    files: int
    no_voucher_reason: str | None
    is_approved: bool
    questions: int = 0
    """How many others it looks like, of which nothing is said yet; counted where it is to be booked."""

    @property
    def token(self) -> str:
        return f"{self.public_id}-{self.version}"

    @property
    def choice(self) -> str | None:
        """The row in the version that is shown, for whoever books; None of what is not to be booked."""
        is_to_book = self.state == ExpenditureState.CLAIMED and not self.waits_for_province
        return self.token if is_to_book and not self.questions else None

    @property
    def choice_of_province(self) -> str | None:
        return self.token if self.waits_for_province else None

    @property
    def label(self) -> str:
        return f"{self.spent_on} {self.category.label} {self.payee}"

    @property
    def waits_for_province(self) -> bool:
        """其他 that nobody approved yet."""
        is_other = self.category == ExpenseCategory.OTHER
        return is_other and self.state == ExpenditureState.CLAIMED and not self.is_approved


Claimant = aliased(Person)


def _selected() -> sa.Select[Any]:
    files = (
        sa.select(sa.func.count())
        .where(ExpenditureFile.expenditure_id == Expenditure.id)
        .correlate(Expenditure)
        .scalar_subquery()
    )
    columns: tuple[Any, ...] = (
        Expenditure.id,
        Expenditure.public_id,
        Expenditure.version,
        Expenditure.spent_on,
        Expenditure.source,
        Expenditure.category,
        Expenditure.amount_fen,
        Expenditure.payee,
        Expenditure.purpose,
        Expenditure.invoice_number,
        Expenditure.state,
        Expenditure.year,
        Organisation.name,
        Pairing.code,
        Claimant.name,
        files,
        Expenditure.no_voucher_reason,
        Expenditure.approved_at.is_not(None),
    )
    return (
        sa.select(*columns)
        .select_from(Expenditure)
        .join(Organisation, Organisation.id == Expenditure.organisation_id)
        .join(Pairing, Pairing.id == Expenditure.pairing_id)
        .outerjoin(Claimant, Claimant.id == Expenditure.claimed_by_person_id)
    )


def list_expenditures(
    session: Session,
    actor: Actor,
    filters: ExpenditureFilters,
    *,
    sort: str = DEFAULT_ORDER,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[ExpenditureRow]:
    """Return one page of the expenditures that an actor may see (two queries)."""
    wanted = _selected().where(*_conditions(actor, filters))
    return read_slice(session, wanted, orders_of(sort), cursor=cursor, make=_row, size=size)


def _row(row: Sequence[Any]) -> ExpenditureRow:
    return ExpenditureRow(*row)


def with_questions(session: Session, rows: Sequence[ExpenditureRow]) -> list[ExpenditureRow]:
    """Return rows that say of what waits to be booked what it looks like."""
    waiting = [row.id for row in rows if row.state == ExpenditureState.CLAIMED]
    questions = count_open_questions(session, waiting)
    return [row._replace(questions=questions.get(row.id, 0)) for row in rows]


def orders_of(sort: str) -> list[Order]:
    key, descending = sort.lstrip("-"), sort.startswith("-")
    columns = {"date": Expenditure.spent_on, "amount": Expenditure.amount_fen}
    if key not in columns:
        key, descending = "date", True
    return [Order(columns[key], descending), Order(Expenditure.id, descending)]


def _conditions(actor: Actor, filters: ExpenditureFilters) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [
        within(Expenditure, actor, "spending.read"),
        Expenditure.year == filters.year,
    ]
    match filters.state:
        case None:
            found.append(Expenditure.state != ExpenditureState.WITHDRAWN)
        case SpendingStates():
            found.append(waits(actor))
        case state:
            found.append(Expenditure.state == state)
    if filters.source:
        found.append(Expenditure.source == filters.source)
    if filters.category:
        found.append(Expenditure.category == filters.category)
    if filters.pairing:
        found.append(bears_code([normalise_code(filters.pairing)]))
    if filters.organisation:
        found += has_every_word(
            filters.organisation, lambda word: [is_part_of_name(Organisation, word)]
        )
    if filters.q:
        found += has_every_word(
            filters.q,
            lambda word: [
                contains(Expenditure.payee, word),
                contains(Expenditure.purpose, word),
                contains(Expenditure.invoice_number, word),
            ],
        )
    return found


def waits(actor: Actor) -> sa.ColumnElement[bool]:
    """Return the condition of what waits for an actor, whatever the step."""
    parts = []
    for verb, also in WAITING_STEPS.items():
        condition = waits_for(LIFE, verb, Expenditure, actor)
        if condition is not None:
            parts.append(sa.and_(condition, also(actor)))
    return sa.or_(sa.false(), *parts)


def is_other_to_approve() -> sa.ColumnElement[bool]:
    return sa.and_(Expenditure.category == ExpenseCategory.OTHER, Expenditure.approved_at.is_(None))


WAITING_STEPS: dict[str, Any] = {
    "claimed_again": lambda actor: sa.and_(
        Expenditure.state == ExpenditureState.RETURNED,
        Expenditure.claimed_by_person_id == actor.person_id,
    ),
    "booked": lambda _: sa.not_(is_other_to_approve()),
    "approved": lambda _: is_other_to_approve(),
    "repaid": lambda _: sa.true(),
}
"""What waits for somebody, with what the declaration asks of the facts besides."""


class SpendingSums(NamedTuple):
    """What a list comes to, in fen; ``booked_fen`` is what counts as spent."""

    number: int
    fen: int
    booked_fen: int


def sums_of(session: Session, actor: Actor, filters: ExpenditureFilters) -> SpendingSums:
    """Add up what a list is asked for (one query)."""
    is_spent = Expenditure.state.in_((ExpenditureState.BOOKED, ExpenditureState.SAMPLED))
    row = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.sum(Expenditure.amount_fen),
            sa.func.sum(sa.case((is_spent, Expenditure.amount_fen), else_=0)),
        )
        .select_from(Expenditure)
        .join(Organisation, Organisation.id == Expenditure.organisation_id)
        .join(Pairing, Pairing.id == Expenditure.pairing_id)
        .where(*_conditions(actor, filters))
    ).one()
    return SpendingSums(row[0], int(row[1] or 0), int(row[2] or 0))


def not_sampled(session: Session, actor: Actor, year: int) -> tuple[int, int]:
    """Return how many booked expenditures of a year nobody looked at, and what they come to (one query)."""
    condition = waits_for(LIFE, "sampled", Expenditure, actor)
    wanted = sa.select(sa.func.count(), sa.func.sum(Expenditure.amount_fen)).where(
        sa.false() if condition is None else condition, Expenditure.year == year
    )
    number, fen = session.execute(wanted).one()
    return number, int(fen or 0)


def draw_sample(session: Session, actor: Actor, year: int, seed: int) -> list[ExpenditureRow]:
    """Return a sample of what is booked and not looked at, the big ones first (two queries)."""
    condition = waits_for(LIFE, "sampled", Expenditure, actor)
    if condition is None:
        return []
    rows = session.execute(
        sa.select(Expenditure.id, Expenditure.amount_fen)
        .where(condition, Expenditure.year == year)
        .order_by(Expenditure.amount_fen.desc(), Expenditure.id)
        .limit(MOST_DRAWN_FROM)
    )
    drawn = draw([Booked(*row) for row in rows], seed)
    found = _by_id(session, drawn)
    return [found[number] for number in drawn]


def _by_id(session: Session, ids: Sequence[int]) -> dict[int, ExpenditureRow]:
    rows = session.execute(_selected().where(Expenditure.id.in_(ids)))
    return {row[0]: _row(row) for row in rows}


def count_waiting(session: Session, actor: Actor) -> int:
    """Count what waits for an actor, up to the cap of all counts (one query)."""
    some = sa.select(Expenditure.id).where(waits(actor)).limit(COUNT_CAP + 1).subquery()
    return session.scalar(sa.select(sa.func.count()).select_from(some)) or 0
