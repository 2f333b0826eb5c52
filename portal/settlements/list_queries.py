"""Lists of settlements: every organisation that had money in a year, and how far its settlement is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import FundYearTotal, Organisation, Region, Settlement
from models.types import SettlementOutcome, SettlementState
from portal.access.actor import Actor
from portal.access.scope import within
from portal.ledger.book_queries import is_wholly_seen
from portal.matching import begins_with_code, has_every_word, is_part_of_name
from portal.paging import PAGE_SIZE, Order, Slice, read_slice
from portal.settlements.rules import SettlementStage

Total = FundYearTotal
Handed = aliased(Settlement)
"""Another than that of which is asked whether all of a year may be seen."""


class SettlementsAsked(NamedTuple):
    """What the organisations of a year are asked for; empty means everything."""

    year: int
    text: str = ""
    province_code: str = ""
    stage: SettlementStage | None = None


@dataclass(frozen=True, slots=True)
class SettlementRow:
    """The year of an organisation that had money in it; amounts in fen.

    Once it was handed in the figures are those of the settlement, before that those of today.
    """

    organisation_id: int
    organisation_name: str
    credit_code: str
    province: str
    year: int
    received_fen: int
    spent_fen: int
    balance_fen: int
    to_repay_fen: int
    public_id: str | None
    version: int | None
    state: SettlementState | None
    wish: SettlementOutcome | None
    outcome: SettlementOutcome | None
    returned_on: date | None
    may_settle: bool

    @property
    def stage(self) -> SettlementStage:
        return SettlementStage(self.state.value) if self.state else SettlementStage.MISSING

    @property
    def rate(self) -> float | None:
        """执行率: what was spent of what there was to spend, carried over from last year included."""
        return _rate(self.spent_fen, self.balance_fen, self.to_repay_fen)

    @property
    def fate(self) -> str:
        """What becomes of what is left, decided or wished."""
        if self.outcome:
            return self.outcome.label
        return f"申请{self.wish.label}" if self.wish else ""

    @property
    def choice(self) -> str | None:
        """The row in the version that is shown, for whoever may settle it."""
        can = self.may_settle and self.state == SettlementState.SUBMITTED
        return f"{self.public_id}-{self.version}" if can else None


def _rate(spent_fen: int, left_fen: int, to_repay_fen: int) -> float | None:
    """What was disallowed is no longer spent, and not yet back: it was there to spend all the same."""
    there = spent_fen + left_fen + to_repay_fen
    return spent_fen / there if there else None


DEFAULT_ORDER = "province"


def _joined(wanted: sa.Select[Any], actor: Actor, filters: SettlementsAsked) -> sa.Select[Any]:
    conditions = [
        Total.year == filters.year,
        had_money(),
        within(Organisation, actor, "fund.read"),
        is_wholly_seen(actor, Organisation.id, filters.year),
        *has_every_word(
            filters.text,
            lambda word: [
                is_part_of_name(Organisation, word),
                begins_with_code(Organisation.credit_code, word),
            ],
        ),
    ]
    if filters.province_code:
        conditions.append(Organisation.province_code == filters.province_code)
    if filters.stage == SettlementStage.MISSING:
        conditions.append(Handed.id.is_(None))
    elif filters.stage:
        conditions.append(Handed.state == SettlementState(filters.stage.value))
    return (
        wanted.select_from(Total)
        .join(Organisation, Organisation.id == Total.organisation_id)
        .join(Region, Region.code == Organisation.province_code)
        .outerjoin(
            Handed,
            sa.and_(Handed.organisation_id == Total.organisation_id, Handed.year == Total.year),
        )
        .where(*conditions)
    )


def _shown() -> tuple[Any, Any, Any, Any]:
    """Received, spent, left and to be repaid: as they were handed in, before that as they stand."""
    is_handed_in = sa.and_(Handed.id.is_not(None), Handed.state != SettlementState.RETURNED)
    return (
        sa.case((is_handed_in, Handed.received_fen), else_=Total.received_fen),
        sa.case((is_handed_in, Handed.spent_fen), else_=Total.spent_fen),
        sa.case((is_handed_in, Handed.balance_fen), else_=Total.balance_fen),
        sa.case((is_handed_in, 0), else_=Total.to_repay_fen),
    )


def had_money() -> sa.ColumnElement[bool]:
    """Return the condition of a year in which an organisation had any money."""
    return sa.or_(Total.received_fen != 0, Total.disbursed_fen != 0, Total.balance_fen != 0)


def list_settlements(
    session: Session,
    actor: Actor,
    filters: SettlementsAsked,
    *,
    sort: str = DEFAULT_ORDER,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[SettlementRow]:
    """Return one page of the organisations that had money in a year (two queries)."""
    settles = (
        within(Organisation, actor, "settlement.settle")
        if actor.holds("settlement.settle")
        else sa.literal(value=False)
    )
    shown = _shown()
    columns: tuple[Any, ...] = (
        Organisation.id,
        Organisation.name,
        Organisation.credit_code,
        Region.name,
        Total.year,
        *(one.label(f"shown_{at}") for at, one in enumerate(shown)),
        Handed.public_id,
        Handed.version,
        Handed.state,
        Handed.wish,
        Handed.outcome,
        Handed.returned_on,
        settles,
    )
    wanted = _joined(sa.select(*columns), actor, filters)
    orders = {
        "province": (
            Order(Region.sort_no),
            Order(Organisation.name_order),
            Order(Organisation.id),
        ),
        "organisation": (Order(Organisation.name_order), Order(Organisation.id)),
        "balance": (Order(shown[2]), Order(Organisation.id)),
    }
    key = sort.removeprefix("-")
    chosen = orders.get(key, orders[DEFAULT_ORDER])
    is_down = key in orders and sort.startswith("-")
    return read_slice(
        session,
        wanted,
        [order._replace(descending=is_down) for order in chosen],
        cursor=cursor,
        size=size,
        make=lambda row: SettlementRow(*row),
    )


class SettlementSums(NamedTuple):
    """What the list comes to, in fen, and how many organisations are how far."""

    organisations: int
    received_fen: int
    spent_fen: int
    balance_fen: int
    to_repay_fen: int
    by_stage: dict[SettlementStage, int]

    @property
    def rate(self) -> float | None:
        return _rate(self.spent_fen, self.balance_fen, self.to_repay_fen)


def sums_of(session: Session, actor: Actor, filters: SettlementsAsked) -> SettlementSums:
    """Add up the list, and count the stages whatever stage is asked for; one query."""
    wanted: Any = sa.select(
        Handed.state, sa.func.count(), *(sa.func.sum(column) for column in _shown())
    )
    rows = session.execute(
        _joined(wanted, actor, filters._replace(stage=None)).group_by(Handed.state)
    )
    by_stage: dict[SettlementStage, tuple[int, ...]] = {
        SettlementStage(state.value) if state else SettlementStage.MISSING: tuple(map(int, figures))
        for state, *figures in rows
    }
    asked = [one for stage, one in by_stage.items() if filters.stage in (None, stage)]
    whole = [sum(column) for column in zip(*asked, strict=True)] or [0] * 5
    counted = {stage: one[0] for stage, one in by_stage.items()}
    return SettlementSums(whole[0], whole[1], whole[2], whole[3], whole[4], counted)


def provinces_in_reach(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Return the provinces in which organisations that an actor may read have their seat; one query."""
    rows = session.execute(
        sa.select(Region.code, Region.name)
        .where(
            Region.code.in_(
                sa.select(Organisation.province_code).where(
                    within(Organisation, actor, "fund.read")
                )
            )
        )
        .order_by(Region.sort_no)
    )
    return [(code, name) for code, name in rows]
