"""The money of the sending organisations beside the lines that bear it, as SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from models import FundYearTotal, Pairing
from models.types import Mode
from portal.access.actor import Actor
from portal.access.policy import Reach
from portal.access.scope import within
from portal.funding.entitlement_rules import province_fen, subsidy_fen
from portal.ledger.book_queries import is_wholly_seen
from portal.ledger.rules import Money
from portal.programme.policy import Policy

READ = "fund.read"


def sees_money_of(actor: Actor, year: Any) -> sa.ColumnElement[bool]:
    """Return the condition under which an actor may read the money of a pairing's sending organisation.

    A manager reads the own organisation's, not the partner's. The sums are of the whole organisation and
    year: an office that may not see every row of them sees none (decision 53).
    """
    if actor.is_operator:
        return sa.true()
    reaches = actor.reaches(READ)
    own = [grant.organisation_id for reach, grant in reaches if reach == Reach.ORGANISATION]
    is_own: sa.ColumnElement[bool] = sa.or_(
        sa.false() if len(own) == len(reaches) else sa.true(),
        Pairing.sending_organisation_id.in_(own),
    )
    return sa.and_(
        within(Pairing, actor, READ),
        is_own,
        is_wholly_seen(actor, Pairing.sending_organisation_id, year),
    )


@dataclass(frozen=True, slots=True)
class Purses:
    """The sums of organisations in a year, beside the pairings that bear them.

    ``columns`` has ``organisation_id`` and each of ``Money``, of rows for which ``condition`` holds;
    ``sees`` is what the reader may read of them.
    """

    columns: Any
    condition: sa.ColumnElement[bool]
    sees: sa.ColumnElement[bool]
    bearers: sa.Subquery
    policy: Policy

    def joined(self, wanted: Any) -> Any:
        """Join them to pairings to which ``bearers`` are joined already: each organisation once."""
        return wanted.outerjoin(
            self.columns.organisation_id.table,
            sa.and_(
                self.columns.organisation_id == Pairing.sending_organisation_id,
                self.bearers.c.id.is_not(None),
                self.condition,
                self.sees,
            ),
        )

    def figures(self) -> list[sa.ColumnElement[int]]:
        """Return the columns of ``Money``; 0 where nothing was booked."""
        return [self.figure(name) for name in Money._fields]

    def is_short(self, code: str, mode: Any) -> sa.ColumnElement[bool]:
        """Say what portal/funding/entitlement_rules.py: short_codes says; a test holds them together."""
        subsidy = sa.case(
            (mode == Mode.IN_PROVINCE, subsidy_fen(Mode.IN_PROVINCE, self.policy)),
            else_=subsidy_fen(Mode.CROSS_PROVINCE, self.policy),
        )
        said = {
            "subsidy_short": self.figure("subsidy_received_fen") < subsidy,
            "province_short": self.figure("province_received_fen") < province_fen(self.policy),
            "spending_not_eligible": self.figure("to_repay_fen") > 0,
        }
        return sa.and_(self.bearers.c.id.is_not(None), self.sees, said[code])

    def figure(self, name: str) -> sa.ColumnElement[int]:
        """Return one of ``Money``; 0 where nothing was booked."""
        found: sa.ColumnElement[int] = sa.func.coalesce(self.columns[name], 0)
        return found


def purses_of_now(
    year: int, sees: sa.ColumnElement[bool], bearers: sa.Subquery, policy: Policy
) -> Purses:
    """Return the sums as they stand now: the kept ones."""
    columns: Any = sa.inspect(FundYearTotal).local_table.c
    return Purses(columns, columns.year == year, sees, bearers, policy)


def money_in(figures: Sequence[Any], *, is_seen: bool) -> Money | None:
    """Return what was read of a line; None of a line whose money cannot be booked or not be read."""
    return Money(*map(int, figures)) if is_seen else None
