"""Writing a new entry by one statement that proves on what it was placed."""

from __future__ import annotations

from typing import Any, cast

import sqlalchemy as sa

from models import Assignment, Pairing, RegimeVersion, Workday, WorkdayDecision
from models.database import run
from models.types import WorkdayState
from portal.deeds import Deed
from portal.procedures.rules import CHANGED_MEANWHILE
from portal.refusals import Overtaken
from portal.workdays.placing_rules import Placement

_ROWS = cast("sa.Table", Workday.__table__)
_WRITTEN = [column for column in _ROWS.c if column.name != "id"]
_PROOF = {
    RegimeVersion.token: "the_token",
    Pairing.id: "pairing_id",
    Pairing.state: "pairing_state",
    Pairing.starts_on: "pairing_starts_on",
    Pairing.ends_on: "pairing_ends_on",
    Assignment.id: "assignment_id",
    Assignment.state: "assignment_state",
    Assignment.is_qualified: "assignment_is_qualified",
    Assignment.starts_on: "assignment_starts_on",
    Assignment.ends_on: "assignment_ends_on",
}
"""What a placement rests on; the halves of the date are proved by their unique indexes."""

_ADD = (
    sa.insert(_ROWS)
    .from_select(
        [column.name for column in _WRITTEN],
        sa.select(*(sa.bindparam(one.name, type_=one.type) for one in _WRITTEN))
        .select_from(RegimeVersion)
        .join(Pairing, sa.true())
        .join(Assignment, sa.true())
        .where(
            Pairing.confirmed_at.is_not(None),
            *(
                column == sa.bindparam(name, type_=column.type)
                for column, name in _PROOF.items()
                if name not in ("pairing_id", "assignment_id")
            ),
            Pairing.id == sa.bindparam("pairing_id", type_=Pairing.id.type),
            Assignment.id == sa.bindparam("assignment_id", type_=Assignment.id.type),
        )
        # On PostgreSQL what was proved stays so until the end: whoever changes it waits.
        .with_for_update(read=True),
        include_defaults=False,
    )
    .returning(_ROWS.c.id)
)


_NOTE = sa.insert(cast("sa.Table", WorkdayDecision.__table__))


def add_workday(deed: Deed, placement: Placement, state: WorkdayState) -> int:
    """Write a new entry of a person, return its number; raise :class:`Overtaken` if it no longer
    stands as placed.

    Where another request took the date in the same moment, a unique half of the date refuses the
    row (IntegrityError); done anew, the rules see what the other wrote.
    """
    grounds, term = placement.grounds, placement.term
    row: dict[str, Any] = {
        **dict.fromkeys((column.name for column in _WRITTEN), None),
        **placement.columns(),
        **placement.halves(),
        "pairing_id": grounds.pairing_id,
        "person_id": grounds.person_id,
        "state": state,
        "entered_at": deed.now,
        "entered_by_person_id": deed.actor.person_id,
        "entered_by_operator": deed.actor.is_operator,
        "version": 1,
    }
    number: int | None = run(
        deed.session,
        _ADD,
        {
            **row,
            "the_token": grounds.regime.token,
            "pairing_state": grounds.pairing.life.state,
            "pairing_starts_on": grounds.pairing.starts_on,
            "pairing_ends_on": grounds.pairing.ends_on,
            "assignment_state": term.state,
            "assignment_is_qualified": term.id in grounds.qualified,
            "assignment_starts_on": term.starts_on,
            "assignment_ends_on": term.ends_on,
        },
    ).scalar_one_or_none()
    if number is None:
        raise Overtaken([CHANGED_MEANWHILE])
    # Like ``portal.procedures.actions.note``, of a row that no object stands for.
    begun = {
        "workday_id": number,
        "kind": "drafted" if state is WorkdayState.DRAFT else "entered",
        "state_before": None,
        "state_after": state,
        "version_after": row["version"],
        "batch": None,
        "at": deed.now,
        "account_id": deed.actor.account_id,
        "person_id": deed.actor.person_id,
        "reason": None,
    }
    run(deed.session, _NOTE, begun)
    return number
