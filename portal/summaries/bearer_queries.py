"""Which line bears what is due: of each sending organisation and year one (decisions B25, B44)."""

from __future__ import annotations

import sqlalchemy as sa

from models import Pairing
from portal.funding.entitlement_rules import dearer_mode
from portal.pairings.effective_queries import InYear
from portal.programme.policy import Policy


def bearers(source: sa.FromClause, in_year: InYear, policy: Policy) -> sa.Subquery:
    """Return the ids of the effective pairings, of ``source``, that bear what is due.

    The dearer mode bears it, of equals the first pairing; whoever asks, and with whatever filter,
    so that the parts of a summary add up to the whole.
    """
    place = sa.func.row_number().over(
        partition_by=Pairing.sending_organisation_id,
        order_by=(sa.case((Pairing.mode == dearer_mode(policy), 0), else_=1), Pairing.id),
    )
    ranked = (
        sa.select(Pairing.id, place.label("place"))
        .select_from(source)
        .where(in_year.is_effective())
        .subquery()
    )
    return sa.select(ranked.c.id).where(ranked.c.place == 1).subquery()
