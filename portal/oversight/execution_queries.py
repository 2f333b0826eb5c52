"""How far the money of a year is used: by organisation, province, source, category.

Counted are the organisations whose whole year an actor may see. What is planned comes from the
allocations, what was spent on a category from the expenditures, everything else from the kept sums
and the rows of the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Expenditure, FundAllocation, FundYearTotal, Organisation, Region
from models.types import AllocationState, ExpenditureState, ExpenseCategory, FundSource
from portal.access.actor import Actor
from portal.access.scope import within
from portal.ledger.book_queries import is_wholly_seen
from portal.ledger.known_queries import carried_in_by, sums_by
from portal.matching import begins_with_code, has_every_word, is_part_of_name
from portal.oversight.execution_rules import ExecutionBy, ExecutionRow
from portal.paging import PAGE_SIZE, Order, Slice, read_slice

Total, Planned = FundYearTotal, FundAllocation

SPENT = (ExpenditureState.BOOKED, ExpenditureState.SAMPLED)
"""What counts as spent: as the ledger has it, what was disallowed is to be repaid."""

SUMS = (
    "planned_fen",
    "approved_fen",
    "disbursed_fen",
    "received_fen",
    "carried_fen",
    "spent_fen",
    "balance_fen",
)


class ExecutionAsked(NamedTuple):
    """What the page is asked for; empty means everything."""

    year: int
    by: ExecutionBy = ExecutionBy.ORGANISATION
    text: str = ""
    province_code: str = ""


def in_reach(actor: Actor, year: int, text: str = "", province_code: str = "") -> sa.Select[Any]:
    """Select the ids of the organisations with money in a year, all of which an actor may see."""
    conditions = [
        within(Organisation, actor, "fund.read"),
        is_wholly_seen(actor, Organisation.id, year),
        sa.or_(
            sa.exists().where(Total.organisation_id == Organisation.id, Total.year == year),
            sa.exists().where(Planned.organisation_id == Organisation.id, Planned.year == year),
        ),
        *has_every_word(
            text,
            lambda word: [
                is_part_of_name(Organisation, word),
                begins_with_code(Organisation.credit_code, word),
            ],
        ),
    ]
    if province_code:
        conditions.append(Organisation.province_code == province_code)
    return sa.select(Organisation.id).where(*conditions)


def _integer(figure: Any) -> sa.ColumnElement[int]:
    return sa.cast(sa.func.coalesce(figure, 0), sa.BigInteger)


class _Money:
    """The subqueries of a year, and what is asked of them."""

    def __init__(self, actor: Actor, asked: ExecutionAsked) -> None:
        self.year = asked.year
        self.reached = in_reach(actor, asked.year, asked.text, asked.province_code)

    def planned(self, key: str) -> Any:
        by = getattr(Planned, key)
        return (
            sa.select(by.label("key"), sa.func.sum(Planned.amount_fen).label("fen"))
            .where(
                Planned.year == self.year,
                Planned.state == AllocationState.PLANNED,
                Planned.organisation_id.in_(self.reached),
            )
            .group_by(by)
            .subquery(f"planned_by_{key}")
        )

    def carried(self, key: str) -> Any:
        rows = carried_in_by(self.year, key).subquery(f"carried_rows_by_{key}")
        by = rows.c[key]
        return (
            sa.select(by.label("key"), sa.func.sum(rows.c.carried_fen).label("fen"))
            .where(rows.c.of.in_(self.reached))
            .group_by(by)
            .subquery(f"carried_by_{key}")
        )

    def of_organisations(self) -> Any:
        """Select the figures of each organisation, with whose they are."""
        planned, carried = self.planned("organisation_id"), self.carried("organisation_id")
        figures = {
            "planned_fen": planned.c.fen,
            "approved_fen": Total.approved_fen,
            "disbursed_fen": Total.disbursed_fen,
            "received_fen": Total.received_fen,
            "carried_fen": carried.c.fen,
            "spent_fen": Total.spent_fen,
            "balance_fen": Total.balance_fen,
        }
        return (
            sa.select(
                Organisation.id.label("number"),
                Organisation.credit_code.label("key"),
                Organisation.name.label("title"),
                Organisation.name_order.label("name_order"),
                Region.code.label("province_code"),
                Region.name.label("place"),
                Region.sort_no.label("sort_no"),
                *(_integer(figures[name]).label(name) for name in SUMS),
            )
            .select_from(Organisation)
            .join(Region, Region.code == Organisation.province_code)
            .outerjoin(
                Total, sa.and_(Total.organisation_id == Organisation.id, Total.year == self.year)
            )
            .outerjoin(planned, planned.c.key == Organisation.id)
            .outerjoin(carried, carried.c.key == Organisation.id)
            .where(Organisation.id.in_(self.reached))
            .subquery("of_organisations")
        )

    def of_provinces(self) -> Any:
        one = self.of_organisations().c
        return (
            sa.select(
                one.sort_no.label("number"),
                one.province_code.label("key"),
                one.place.label("title"),
                sa.literal("").label("name_order"),
                sa.literal("").label("place"),
                one.sort_no,
                *(_integer(sa.func.sum(one[name])).label(name) for name in SUMS),
            )
            .group_by(one.sort_no, one.province_code, one.place)
            .subquery("of_provinces")
        )

    def of_sources(self) -> Any:
        moved = sums_by(self.year, "source", self.reached).subquery("moved")
        planned, carried = self.planned("source"), self.carried("source")
        keys = (
            sa.union(sa.select(moved.c.source.label("key")), sa.select(planned.c.key))
        ).subquery("keys")
        figures = {name: moved.c[name] for name in SUMS if name in moved.c}
        figures |= {"planned_fen": planned.c.fen, "carried_fen": carried.c.fen}
        return (
            sa.select(
                *_of_closed_set(keys.c.key, FundSource),
                *(_integer(figures[name]).label(name) for name in SUMS),
            )
            .select_from(keys)
            .outerjoin(moved, moved.c.source == keys.c.key)
            .outerjoin(planned, planned.c.key == keys.c.key)
            .outerjoin(carried, carried.c.key == keys.c.key)
            .subquery("of_sources")
        )

    def of_categories(self) -> Any:
        one = Expenditure
        spent = (
            sa.select(one.category.label("key"), sa.func.sum(one.amount_fen).label("fen"))
            .where(
                one.year == self.year,
                one.state.in_(SPENT),
                one.organisation_id.in_(self.reached),
            )
            .group_by(one.category)
            .subquery("spent_on")
        )
        return sa.select(
            *_of_closed_set(spent.c.key, ExpenseCategory),
            *(
                _integer(spent.c.fen if name == "spent_fen" else sa.literal(0)).label(name)
                for name in SUMS
            ),
        ).subquery("of_categories")

    def available(self) -> Any:
        """Select what there was to spend of all, as one value."""
        one = self.of_organisations().c
        whole = sa.func.sum(one.received_fen + one.carried_fen)
        return sa.select(_integer(whole)).scalar_subquery()


def _of_closed_set(key: Any, words: Iterable[Any]) -> list[Any]:
    # As text: what is compared with the word of a row knows nothing of its type.
    text = sa.cast(key, sa.String)
    places = {one.value: place for place, one in enumerate(words)}
    place = sa.case(places, value=text, else_=len(places))
    return [
        place.label("number"),
        text.label("key"),
        sa.literal("").label("title"),
        sa.literal("").label("name_order"),
        sa.literal("").label("place"),
        place.label("sort_no"),
    ]


DEFAULT_ORDER = "place"

SORTED = ("approved", "disbursed", "received", "spent", "balance")


def list_execution(
    session: Session,
    actor: Actor,
    asked: ExecutionAsked,
    *,
    sort: str = DEFAULT_ORDER,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[ExecutionRow]:
    """Return one page of the organisations, provinces, sources or categories of a year (two queries)."""
    money = _Money(actor, asked)
    found = {
        ExecutionBy.ORGANISATION: money.of_organisations,
        ExecutionBy.PROVINCE: money.of_provinces,
        ExecutionBy.SOURCE: money.of_sources,
        ExecutionBy.CATEGORY: money.of_categories,
    }[asked.by]().c
    available = (
        money.available()
        if asked.by == ExecutionBy.CATEGORY
        else found.received_fen + found.carried_fen
    )
    rate = sa.case((available > 0, found.spent_fen * 1_000_000 / available), else_=sa.literal(-1))
    orders: dict[str, Sequence[Order]] = {
        "place": (Order(found.sort_no), Order(found.name_order), Order(found.number)),
        "name": (Order(found.name_order), Order(found.number)),
        "rate": (Order(sa.cast(rate, sa.BigInteger)), Order(found.number)),
        **{one: (Order(found[f"{one}_fen"]), Order(found.number)) for one in SORTED},
    }
    key = sort.removeprefix("-")
    is_down = key in orders and sort.startswith("-")
    wanted = sa.select(
        found.key,
        found.title,
        found.place,
        *(found[name] for name in SUMS),
        sa.cast(available, sa.BigInteger).label("available_fen"),
    )
    return read_slice(
        session,
        wanted,
        [order._replace(descending=is_down) for order in orders.get(key, orders[DEFAULT_ORDER])],
        cursor=cursor,
        size=size,
        make=lambda row: ExecutionRow(asked.by, *row),
    )


class ExecutionSums(NamedTuple):
    """What the organisations of a year come to, in fen."""

    organisations: int
    planned_fen: int
    approved_fen: int
    disbursed_fen: int
    received_fen: int
    carried_fen: int
    spent_fen: int
    balance_fen: int

    @property
    def rate(self) -> float | None:
        available = self.received_fen + self.carried_fen
        return self.spent_fen / available if available else None


def sums_of(session: Session, actor: Actor, asked: ExecutionAsked) -> ExecutionSums:
    """Add up the organisations of a year, by whatever they are told (one query)."""
    one = _Money(actor, asked).of_organisations().c
    row = session.execute(
        sa.select(sa.func.count(), *(_integer(sa.func.sum(one[name])) for name in SUMS))
    ).one()
    return ExecutionSums(*map(int, row))


def provinces_in_reach(session: Session, actor: Actor, year: int) -> list[tuple[str, str]]:
    """Return the provinces in which organisations with money in a year have their seat (one query)."""
    seats = sa.select(Organisation.province_code).where(Organisation.id.in_(in_reach(actor, year)))
    rows = session.execute(
        sa.select(Region.code, Region.name).where(Region.code.in_(seats)).order_by(Region.sort_no)
    )
    return [(code, name) for code, name in rows]
