"""The ground on which the money of a year is added up: its organisations, what is due, what there is.

What is due follows from the effective pairings of the year (entitlement_rules.py over whole tables),
what there is from the allocations and the kept sums of the ledger.
"""

from __future__ import annotations

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
from portal.funding.stage_rules import Given, Lack
from portal.funding.standing_rules import Part
from portal.ledger.book_queries import is_wholly_seen
from portal.matching import contains, has_every_word, is_part_of_name
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
    given: Given | None = None
    """Asked by a province, which plans for those that it sends; they are what is shown without it."""


class StandingGround:
    """The subqueries of a year on which all answers of this module stand."""

    def __init__(self, session: Session, actor: Actor, filters: StandingsAsked) -> None:
        self.year, self.actor = filters.year, actor
        self.reads_only = not actor.holds("fund.plan") or filters.given == Given.TO_US
        year = self.year
        spans, policy = in_year(session, year), regime_of(session).policy_of_year(year)
        last = spans.common.ends_on
        is_key = sa.exists().where(
            KeyCounty.county_code == Pairing.county_code,
            KeyCounty.valid_from <= last,
            sa.or_(KeyCounty.valid_to.is_(None), KeyCounty.valid_to >= last),
        )
        self.watched = watched_parts(actor, filters)
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
                *_reach(actor, filters),
            )
        )
        # What was given stays to be seen where the pairing ended before the year: nothing is due.
        given = (
            told(One.organisation_id, *(sa.literal(0) for _ in range(5)))
            .join(Pairing, Pairing.id == One.pairing_id)
            .where(
                One.year == year,
                One.state != AllocationState.DECLINED,
                *_reach(actor, filters),
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
                    sum_where(condition & One.source.in_(some), value).label(f"{part}_{word}")
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
        return [self.due[part], *map(or_nothing, allocated), or_nothing(kept)]

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
                One.source.in_(sorted(set().union(*(PARTS[part] for part in self.watched)))),
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
        if self.reads_only:
            # Whose year is seen in part is in no list of sums, as in those of books and settlements.
            found.append(is_wholly_seen(self.actor, Organisation.id, self.year))
        if filters.province_code:
            found.append(self.pairs.c.province_code == filters.province_code)
        if filters.want:
            found.append(self.wants()[filters.want])
        return found


def watched_parts(actor: Actor, filters: StandingsAsked) -> list[str]:
    """Return the parts of which it is said what they lack: of whoever pays one of them, that one."""
    own = sources_of(actor, "fund.plan") if filters.given != Given.TO_US else frozenset()
    return [part for part, some in PARTS.items() if not own or some & own]


def _reach(actor: Actor, filters: StandingsAsked) -> list[sa.ColumnElement[bool]]:
    """Whoever plans looks at those for whom it plans, or at the others in reach."""
    if not actor.holds("fund.plan"):
        return [within(Pairing, actor, "fund.read")]
    planned = within(Pairing, actor, "fund.plan")
    if filters.given != Given.TO_US:
        return [planned]
    return [
        within(Pairing, actor, "fund.read"),
        sa.not_(planned),
    ]


def sum_where(condition: Any, value: Any) -> Any:
    return sa.func.sum(sa.case((condition, value), else_=0))


def or_nothing(column: Any) -> Any:
    return sa.func.coalesce(column, 0)


def _any(conditions: Any) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *conditions)
