"""Writing one activity for several people at once: drafts that each of them has yet to confirm."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from models import Workday
from models.types import WorkdayState
from portal.deeds import Deed
from portal.procedures.actions import note
from portal.totals.actions import refresh
from portal.workdays.placing_rules import Placement
from portal.workdays.set_actions import add_days


def propose_days(deed: Deed, placements: Sequence[Placement]) -> list[int]:
    """Write a draft for each of these people, all of one pairing and date; return their numbers.

    The caller holds what they were placed on. That nobody has more than a day on the date is proved
    by the halves, as for every entry; the statements are as many for one person as for a hundred.
    """
    first = placements[0]
    rows = [
        {
            **one.columns(),
            **one.halves(),
            "pairing_id": one.grounds.pairing_id,
            "person_id": one.grounds.person_id,
            "state": WorkdayState.DRAFT,
            "entered_at": deed.now,
            "entered_by_person_id": deed.actor.person_id,
            "entered_by_operator": deed.actor.is_operator,
            "version": 1,
        }
        for one in placements
    ]
    names = list(rows[0])
    add_days(deed, names, [[row[name] for name in names] for row in rows])
    written = deed.session.scalars(
        sa.select(Workday)
        .where(
            Workday.pairing_id == first.grounds.pairing_id,
            Workday.worked_on == first.entry.worked_on,
            Workday.person_id.in_([one.grounds.person_id for one in placements]),
            Workday.entered_at == deed.now,
            Workday.entered_by_person_id.is_not_distinct_from(deed.actor.person_id),
            Workday.state == WorkdayState.DRAFT,
        )
        .order_by(Workday.id)
    ).all()
    note(deed, written, "proposed", permission="workday.propose")
    refresh(deed.session, [(first.grounds.pairing_id, first.year)])
    return [one.id for one in written]
