"""How the money of a year stands: by sending organisation, by province, as one sum; each one statement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Organisation, Pairing, PairingYear
from portal.access.actor import Actor
from portal.access.scope import within
from portal.funding.ground_queries import (
    Province,
    StandingGround,
    StandingsAsked,
    Total,
    or_nothing,
    sum_where,
)
from portal.funding.rules import GUARANTEE, MINISTRY
from portal.funding.stage_rules import Lack
from portal.funding.standing_rules import Part
from portal.paging import PAGE_SIZE, Order, Slice, read_slice
from portal.pairings.effective_queries import in_year


class Whole(NamedTuple):
    """All money of some organisations in a year, in fen; ``key`` of what arrived where the pairing that
    bears what is due is with a key county, as in the summary (R041)."""

    organisations: int
    cross: int
    key_organisations: int
    subsidy: Part
    province: Part
    disbursed_fen: int
    received_fen: int
    spent_fen: int
    balance_fen: int
    key_received_fen: int


class OfProvince(NamedTuple):
    """What a sending province's organisations are due and have."""

    code: str
    name: str
    sums: Whole


@dataclass(frozen=True, slots=True)
class StandingRow:
    """The year of one sending organisation, in fen."""

    organisation_id: int
    name: str
    credit_code: str
    province: str
    pairing_code: str
    is_cross: bool
    subsidy: Part
    guarantee: Part
    disbursed_fen: int
    received_fen: int
    spent_fen: int
    balance_fen: int
    wants: tuple[Lack, ...]


DEFAULT_ORDER = "province"


def list_standings(
    session: Session,
    actor: Actor,
    filters: StandingsAsked,
    *,
    sort: str = DEFAULT_ORDER,
    cursor: str | None = None,
    size: int = PAGE_SIZE,
) -> Slice[StandingRow]:
    """Return one page of the sending organisations of a year (four queries)."""
    ground = StandingGround(session, actor, filters)
    wants = ground.wants()
    wanted = ground.joined(
        sa.select(
            Organisation.id,
            Organisation.name,
            Organisation.credit_code,
            Province.name.label("province"),
            ground.pairs.c.pairing_code,
            ground.pairs.c.is_cross,
            *_labelled(ground, (MINISTRY, GUARANTEE)),
            *(
                or_nothing(column).label(f"all_{column.key}")
                for column in (
                    Total.disbursed_fen,
                    Total.received_fen,
                    Total.spent_fen,
                    Total.balance_fen,
                )
            ),
            *(
                sa.case((condition, 1), else_=0).label(f"want_{want.value}")
                for want, condition in wants.items()
            ),
        )
    ).where(*ground.conditions(filters))
    orders: dict[str, Sequence[Order]] = {
        "province": (
            Order(ground.pairs.c.province_code),
            Order(Organisation.name_order),
            Order(Organisation.id),
        ),
        "organisation": (Order(Organisation.name_order), Order(Organisation.id)),
        "balance": (Order(or_nothing(Total.balance_fen)), Order(Organisation.id)),
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
        make=lambda row: _standing(row, list(wants)),
    )


def _labelled(ground: StandingGround, parts: Collection[str]) -> list[Any]:
    return [
        column.label(f"{part}_{name}")
        for part in parts
        for name, column in zip(Part._fields, ground.figures(part), strict=True)
    ]


def _standing(row: Sequence[Any], wants: Sequence[Lack]) -> StandingRow:
    is_cross, size = bool(row[5]), len(Part._fields)
    figures = list(map(int, row[6:]))
    subsidy, guarantee = Part(*figures[:size]), Part(*figures[size : 2 * size])
    disbursed, received, spent, balance, *flags = figures[2 * size :]
    found = tuple(want for want, flag in zip(wants, flags, strict=True) if flag)
    values = [*row[:5], is_cross, subsidy, guarantee, disbursed, received, spent, balance, found]
    return StandingRow(*values)


def count_unplanned(session: Session, actor: Actor, filters: StandingsAsked) -> int:
    """Count the organisations of a year for which less is planned than is due (one statement)."""
    ground = StandingGround(session, actor, filters)
    is_short = ground.wants()[Lack.UNPLANNED]
    wanted = ground.joined(sa.select(sa.func.count())).where(is_short)
    return int(session.scalar(wanted) or 0)


def count_wants(session: Session, actor: Actor, filters: StandingsAsked) -> dict[Lack, int]:
    """Count the organisations of a year that lack something, by what they lack (three queries)."""
    ground = StandingGround(session, actor, filters)
    wants = ground.wants()
    wanted = ground.joined(
        sa.select(*(sum_where(condition, 1) for condition in wants.values()))
    ).where(*ground.conditions(filters._replace(want=None)))
    return {
        want: int(count or 0)
        for want, count in zip(wants, session.execute(wanted).one(), strict=True)
    }


def sends_any(session: Session, actor: Actor, year: int) -> bool:
    """Is there an organisation for which the actor plans in a year? (one query)"""
    spans = in_year(session, year)
    wanted = (
        sa.select(PairingYear.pairing_id)
        .join(Pairing, Pairing.id == PairingYear.pairing_id)
        .where(PairingYear.year == year, spans.is_effective(), within(Pairing, actor, "fund.plan"))
    )
    return bool(session.scalar(sa.select(wanted.exists())))


def whole_of(session: Session, actor: Actor, filters: StandingsAsked) -> Whole:
    """Return the sum over the organisations of a year (three queries)."""
    ground = StandingGround(session, actor, filters)
    wanted = ground.joined(sa.select(*_sums(ground))).where(*ground.conditions(filters))
    return _whole(session.execute(wanted).one())


def by_province(session: Session, actor: Actor, filters: StandingsAsked) -> list[OfProvince]:
    """Return the sums of each sending province of a year, in the order of the standard (three queries)."""
    ground = StandingGround(session, actor, filters)
    wanted = (
        ground.joined(sa.select(Province.code, Province.name, *_sums(ground)))
        .where(*ground.conditions(filters))
        .group_by(Province.code, Province.name, Province.sort_no)
        .order_by(Province.sort_no)
    )
    return [OfProvince(code, name, _whole(sums)) for code, name, *sums in session.execute(wanted)]


def list_provinces(
    session: Session,
    actor: Actor,
    filters: StandingsAsked,
    **_page: Any,
) -> Slice[OfProvince]:
    """Return all of them as the one page of a list that leaves the portal; they have one order."""
    rows = by_province(session, actor, filters)
    return Slice(rows, len(rows), None, None)


def _sums(ground: StandingGround) -> list[Any]:
    pairs = ground.pairs.c
    return [
        sa.func.count(),
        sa.func.coalesce(sa.func.sum(pairs.is_cross), 0),
        sa.func.coalesce(sa.func.sum(pairs.is_key), 0),
        *(
            sa.func.coalesce(sa.func.sum(column), 0)
            for part in (MINISTRY, GUARANTEE)
            for column in ground.figures(part)
        ),
        *(
            sa.func.coalesce(sa.func.sum(column), 0)
            for column in (
                Total.disbursed_fen,
                Total.received_fen,
                Total.spent_fen,
                Total.balance_fen,
                sa.case((pairs.is_key == 1, Total.received_fen), else_=0),
            )
        ),
    ]


def _whole(row: Sequence[Any]) -> Whole:
    organisations, cross, key, *figures = map(int, row)
    size = len(Part._fields)
    return Whole(
        organisations,
        cross,
        key,
        Part(*figures[:size]),
        Part(*figures[size : 2 * size]),
        *figures[2 * size :],
    )
