"""Writing a new entry by one statement that proves on what it was placed."""

from __future__ import annotations

from collections.abc import Sequence
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

_STANDS = (
    Pairing.confirmed_at.is_not(None),
    *(column == sa.bindparam(name, type_=column.type) for column, name in _PROOF.items()),
)

_ADD = (
    sa.insert(_ROWS)
    .from_select(
        [column.name for column in _WRITTEN],
        sa.select(*(sa.bindparam(one.name, type_=one.type) for one in _WRITTEN))
        .select_from(RegimeVersion)
        .join(Pairing, sa.true())
        .join(Assignment, sa.true())
        .where(*_STANDS)
        # On PostgreSQL what was proved stays so until the end: whoever changes it waits.
        .with_for_update(read=True),
        include_defaults=False,
    )
    .returning(_ROWS.c.id)
)

_HOLD = (
    sa.select(Assignment.id)
    .select_from(RegimeVersion)
    .join(Pairing, sa.true())
    .join(Assignment, sa.true())
    .where(*_STANDS)
    .with_for_update(read=True)
)
"""The same proof by itself, before several days are written on it."""

_ADD_ALL = sa.insert(_ROWS).returning(_ROWS.c.id)


_NOTE = sa.insert(cast("sa.Table", WorkdayDecision.__table__))


def add_workday(deed: Deed, placement: Placement, state: WorkdayState) -> int:
    """Write a new entry of a person, return its number; raise :class:`Overtaken` if it no longer
    stands as placed.

    Where another request took the date in the same moment, a unique half of the date refuses the
    row (IntegrityError); done anew, the rules see what the other wrote.
    """
    row = _row(deed, placement, state)
    number: int | None = run(deed.session, _ADD, {**row, **_proof(placement)}).scalar_one_or_none()
    if number is None:
        raise Overtaken([CHANGED_MEANWHILE])
    run(deed.session, _NOTE, _begun(deed, number, state))
    return number


def add_workdays(deed: Deed, placements: Sequence[Placement], state: WorkdayState) -> list[int]:
    """Write new entries, return their numbers in order; the same as :func:`add_workday` of each.

    Costs two statements and one for each assignment that they stand on, however many they are.
    """
    for one in {one.term.id: one for one in placements}.values():
        if run(deed.session, _HOLD, _proof(one)).one_or_none() is None:
            raise Overtaken([CHANGED_MEANWHILE])
    rows = [_row(deed, one, state) for one in placements]
    numbers = sorted(run(deed.session, _ADD_ALL, rows).scalars())
    run(deed.session, _NOTE, [_begun(deed, number, state) for number in numbers])
    return numbers


def _row(deed: Deed, placement: Placement, state: WorkdayState) -> dict[str, Any]:
    return {
        **dict.fromkeys((column.name for column in _WRITTEN), None),
        **placement.columns(),
        **placement.halves(),
        "pairing_id": placement.grounds.pairing_id,
        "person_id": placement.grounds.person_id,
        "state": state,
        "entered_at": deed.now,
        "entered_by_person_id": deed.actor.person_id,
        "entered_by_operator": deed.actor.is_operator,
        "version": 1,
    }


def _proof(placement: Placement) -> dict[str, Any]:
    """Return the values of ``_PROOF``: what the rules were told."""
    grounds, term = placement.grounds, placement.term
    return {
        "the_token": grounds.regime.token,
        "pairing_id": grounds.pairing_id,
        "pairing_state": grounds.pairing.life.state,
        "pairing_starts_on": grounds.pairing.starts_on,
        "pairing_ends_on": grounds.pairing.ends_on,
        "assignment_id": term.id,
        "assignment_state": term.state,
        "assignment_is_qualified": term.id in grounds.qualified,
        "assignment_starts_on": term.starts_on,
        "assignment_ends_on": term.ends_on,
    }


def _begun(deed: Deed, number: int, state: WorkdayState) -> dict[str, Any]:
    """Like ``portal.procedures.actions.note``, of a row that no object stands for."""
    return {
        "workday_id": number,
        "kind": "drafted" if state is WorkdayState.DRAFT else "entered",
        "state_before": None,
        "state_after": state,
        "version_after": 1,
        "batch": None,
        "at": deed.now,
        "account_id": deed.actor.account_id,
        "person_id": deed.actor.person_id,
        "reason": None,
    }
