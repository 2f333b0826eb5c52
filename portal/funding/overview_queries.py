"""How the money of a year stands: by sending organisation, by province, as one sum.

What is due follows from the effective pairings of the year (entitlement_rules.py over whole tables),
what there is from the allocations and the kept sums of the ledger. Each answer is one statement.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Disbursement,
    FundAllocation,
    FundYearTotal,
    KeyCounty,
    Organisation,
    Pairing,
    PairingYear,
    Region,
)
from models.types import AllocationState, DisbursementState, Mode
from portal.access.actor import Actor
from portal.access.scope import within
from portal.funding.entitlement_rules import dearer_mode, subsidy_fen
from portal.funding.queries import sources_of
from portal.funding.rules import GUARANTEE, MINISTRY, PARTS
from portal.funding.stage_rules import Lack
from portal.funding.standing_rules import Part
from portal.ledger.book_queries import is_wholly_seen
from portal.matching import contains, has_every_word, is_part_of_name
from portal.paging import PAGE_SIZE, Order, Slice, read_slice
from portal.pairings.effective_queries import in_year
from portal.programme.regime_queries import regime_of

One, Total = FundAllocation, FundYearTotal
Province = aliased(Region)


class StandingsAsked(NamedTuple):
    """What the organisations of a year are asked for; empty means everything."""

    year: int
    text: str = ""
    province_code: str = ""
    want: Lack | None = None


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


class _Ground:
    """The subqueries of a year on which all answers of this module stand."""

    def __init__(self, session: Session, actor: Actor, year: int) -> None:
        self.year = year
        spans, policy = in_year(session, year), regime_of(session).policy_of_year(year)
        last = spans.common.ends_on
        is_key = sa.exists().where(
            KeyCounty.county_code == Pairing.county_code,
            KeyCounty.valid_from <= last,
            sa.or_(KeyCounty.valid_to.is_(None), KeyCounty.valid_to >= last),
        )
        own = sources_of(actor, "fund.plan")
        self.watched = [part for part, some in PARTS.items() if not own or some & own]
        permission = "fund.plan" if actor.holds("fund.plan") else "fund.read"
        due = {mode: subsidy_fen(mode, policy) for mode in Mode}
        bearing = sa.func.row_number().over(
            partition_by=PairingYear.sending_organisation_id,
            order_by=(sa.case((Pairing.mode == dearer_mode(policy), 0), else_=1), Pairing.id),
        )
        guaranteed = int(policy["province_min_fen"])
        is_cross = sa.case((Pairing.mode == Mode.CROSS_PROVINCE, 1), else_=0)
        of_mode = sa.case(
            (Pairing.mode == Mode.IN_PROVINCE, due[Mode.IN_PROVINCE]),
            else_=due[Mode.CROSS_PROVINCE],
        )

        def told(owner: Any, *figures: Any) -> sa.Select[Any]:
            names = ("is_cross", "is_key", "due_subsidy", "due_province", "place")
            return sa.select(
                owner.label("organisation_id"),
                Pairing.code.label("pairing_code"),
                Pairing.sending_province_code.label("province_code"),
                *(one.label(name) for name, one in zip(names, figures, strict=True)),
            )

        in_force = (
            told(
                PairingYear.sending_organisation_id,
                is_cross,
                sa.case((is_key, 1), else_=0),
                of_mode,
                sa.literal(guaranteed),
                bearing,
            )
            .join(Pairing, Pairing.id == PairingYear.pairing_id)
            .where(
                PairingYear.year == year,
                spans.is_effective(),
                within(Pairing, actor, permission),
            )
        )
        # What was given stays to be seen where the pairing ended before the year: nothing is due.
        given = (
            told(One.organisation_id, *(sa.literal(0) for _ in range(5)))
            .join(Pairing, Pairing.id == One.pairing_id)
            .where(
                One.year == year,
                One.state != AllocationState.DECLINED,
                within(Pairing, actor, permission),
            )
        )
        each = sa.union_all(in_force, given).subquery("each")
        self.pairs = (
            sa.select(
                each.c.organisation_id,
                sa.func.min(each.c.pairing_code).label("pairing_code"),
                sa.func.min(each.c.province_code).label("province_code"),
                # Of several the dearer counts, once (B44).
                *(
                    sa.func.max(each.c[name]).label(name)
                    for name in ("is_cross", "due_subsidy", "due_province")
                ),
                sa.func.max(sa.case((each.c.place == 1, each.c.is_key), else_=0)).label("is_key"),
            )
            # Of a part of an organisation's year nobody reads sums (decision 53).
            .where(is_wholly_seen(actor, each.c.organisation_id, year))
            .group_by(each.c.organisation_id)
            .subquery("pairs")
        )
        self.money = (
            sa.select(
                One.organisation_id,
                *(
                    self._sum(condition & One.source.in_(some), value).label(f"{part}_{word}")
                    for part, some in PARTS.items()
                    for word, condition, value in (
                        ("planned", One.state == AllocationState.PLANNED, One.amount_fen),
                        (
                            "approved",
                            One.state == AllocationState.APPROVED,
                            One.amount_fen - One.reduced_fen,
                        ),
                        ("disbursed", sa.true(), One.disbursed_fen),
                    )
                ),
            )
            .where(One.year == year)
            .group_by(One.organisation_id)
            .subquery("money")
        )

    @staticmethod
    def _sum(condition: Any, value: Any) -> Any:
        return sa.func.sum(sa.case((condition, value), else_=0))

    @property
    def due(self) -> dict[str, Any]:
        return {MINISTRY: self.pairs.c.due_subsidy, GUARANTEE: self.pairs.c.due_province}

    def figures(self, part: str) -> list[Any]:
        """Return the columns of a :class:`Part`."""
        kept = {
            MINISTRY: Total.subsidy_received_fen,
            GUARANTEE: Total.province_received_fen,
        }[part]
        allocated = (
            self.money.c[f"{part}_{word}"] for word in ("planned", "approved", "disbursed")
        )
        return [self.due[part], *map(_or_nothing, allocated), _or_nothing(kept)]

    def joined(self, wanted: sa.Select[Any]) -> sa.Select[Any]:
        """Return a statement over the organisations, each with what it has."""
        pairs, money = self.pairs, self.money
        return (
            wanted.select_from(pairs)
            .join(Organisation, Organisation.id == pairs.c.organisation_id)
            .join(Province, Province.code == pairs.c.province_code)
            .outerjoin(money, money.c.organisation_id == pairs.c.organisation_id)
            .outerjoin(
                Total,
                sa.and_(Total.organisation_id == pairs.c.organisation_id, Total.year == self.year),
            )
        )

    def wants(self) -> dict[Lack, sa.ColumnElement[bool]]:
        """Return what each want asks of a row, of the parts that are the actor's."""
        figures = {part: Part(*self.figures(part)) for part in self.watched}
        unconfirmed = (
            sa.exists()
            .where(
                One.organisation_id == self.pairs.c.organisation_id,
                One.year == self.year,
                One.id == Disbursement.allocation_id,
                Disbursement.state == DisbursementState.PAID,
            )
            .correlate(self.pairs)
        )
        return {
            Lack.UNPLANNED: _any(
                one.planned_fen + one.approved_fen < one.due_fen for one in figures.values()
            ),
            Lack.UNAPPROVED: _any(one.planned_fen > 0 for one in figures.values()),
            Lack.UNPAID: _any(one.disbursed_fen < one.approved_fen for one in figures.values()),
            Lack.UNCONFIRMED: unconfirmed,
            Lack.SHORT: _any(one.received_fen < one.due_fen for one in figures.values()),
        }

    def conditions(self, filters: StandingsAsked) -> list[sa.ColumnElement[bool]]:
        found = has_every_word(
            filters.text,
            lambda word: [
                is_part_of_name(Organisation, word),
                contains(self.pairs.c.pairing_code, word),
            ],
        )
        if filters.province_code:
            found.append(self.pairs.c.province_code == filters.province_code)
        if filters.want:
            found.append(self.wants()[filters.want])
        return found


def _or_nothing(column: Any) -> Any:
    return sa.func.coalesce(column, 0)


def _any(conditions: Any) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *conditions)


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
    ground = _Ground(session, actor, filters.year)
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
                _or_nothing(column).label(f"all_{column.key}")
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
        "balance": (Order(_or_nothing(Total.balance_fen)), Order(Organisation.id)),
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


def _labelled(ground: _Ground, parts: Collection[str]) -> list[Any]:
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
    ground = _Ground(session, actor, filters.year)
    is_short = ground.wants()[Lack.UNPLANNED]
    wanted = ground.joined(sa.select(sa.func.count())).where(is_short)
    return int(session.scalar(wanted) or 0)


def count_wants(session: Session, actor: Actor, filters: StandingsAsked) -> dict[Lack, int]:
    """Count the organisations of a year that lack something, by what they lack (three queries)."""
    ground = _Ground(session, actor, filters.year)
    wants = ground.wants()
    wanted = ground.joined(
        sa.select(*(ground._sum(condition, 1) for condition in wants.values()))  # noqa: SLF001 - of this module
    ).where(*ground.conditions(filters._replace(want=None)))
    return {
        want: int(count or 0)
        for want, count in zip(wants, session.execute(wanted).one(), strict=True)
    }


def whole_of(session: Session, actor: Actor, filters: StandingsAsked) -> Whole:
    """Return the sum over the organisations of a year (three queries)."""
    ground = _Ground(session, actor, filters.year)
    wanted = ground.joined(sa.select(*_sums(ground))).where(*ground.conditions(filters))
    return _whole(session.execute(wanted).one())


def by_province(session: Session, actor: Actor, filters: StandingsAsked) -> list[OfProvince]:
    """Return the sums of each sending province of a year, in the order of the standard (three queries)."""
    ground = _Ground(session, actor, filters.year)
    wanted = (
        ground.joined(sa.select(Province.code, Province.name, *_sums(ground)))
        .where(*ground.conditions(filters))
        .group_by(Province.code, Province.name, Province.sort_no)
        .order_by(Province.sort_no)
    )
    return [OfProvince(code, name, _whole(sums)) for code, name, *sums in session.execute(wanted)]


def _sums(ground: _Ground) -> list[Any]:
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
