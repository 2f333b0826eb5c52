"""Moving an entry on by one conditional statement, and noting who did it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from models import Workday, WorkdayDecision
from models.database import run
from models.types import WorkdayState
from portal.deeds import Deed
from portal.refusals import Conflict, Refusal
from portal.workdays.queries import BATCH

_NOTE = sa.insert(cast("sa.Table", WorkdayDecision.__table__))

CHANGED_MEANWHILE = Refusal(
    "", "changed_meanwhile", "在您打开页面之后，这条日志已被处理或修改。请刷新后再办理。"
)


def move(
    deed: Deed,
    workday: Workday,
    expected: Collection[WorkdayState],
    state: WorkdayState,
    reason: str | None = None,
    columns: Mapping[str, Any] | None = None,
) -> None:
    """Write an entry by one conditional UPDATE; raise :class:`Conflict` if somebody was faster.

    A change of its state is noted with who, when and why; what a file claimed of it is settled.
    """
    before = workday.state
    changed = deed.session.execute(
        sa.update(Workday)
        .where(
            Workday.id == workday.id,
            Workday.version == workday.version,
            Workday.state.in_(list(expected)),
        )
        .values(
            state=state,
            version=Workday.version + 1,
            claimed_state=None,
            **{**signatures(deed, state), **(columns or {})},
        )
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined] # of an UPDATE it is a CursorResult
        raise Conflict([CHANGED_MEANWHILE])
    deed.session.refresh(workday)
    if state != before:
        note(deed, workday.id, workday.state, reason)


def move_all(
    deed: Deed,
    workdays: Sequence[Workday],
    expected: Collection[WorkdayState],
    state: WorkdayState,
    *,
    reason: str | None = None,
    columns: Mapping[str, Any] | None = None,
) -> None:
    """Move many entries on as they were read, at three statements for each 400; all or none.

    ``columns`` are written instead of who confirms and approves by this.
    """
    session = deed.session
    columns = {
        "state": state,
        "claimed_state": None,
        **(signatures(deed, state) if columns is None else columns),
    }
    for start in range(0, len(workdays), BATCH):
        some = workdays[start : start + BATCH]
        changed = session.execute(
            sa.update(Workday)
            .where(
                sa.tuple_(Workday.id, Workday.version).in_([(one.id, one.version) for one in some]),
                Workday.state.in_(list(expected)),
            )
            .values(version=Workday.version + 1, **columns)
            .execution_options(synchronize_session=False)
        )
        if changed.rowcount != len(some):  # type: ignore[attr-defined] # as above
            raise Conflict([CHANGED_MEANWHILE])
        session.execute(
            sa.insert(WorkdayDecision), [_decision(deed, one.id, state, reason) for one in some]
        )
        for one in some:
            for name, value in {**columns, "version": one.version + 1}.items():
                set_committed_value(one, name, value)


def signatures(deed: Deed, state: WorkdayState) -> dict[str, int | None]:
    """Return who has confirmed and approved an entry once it is in a state."""
    by = deed.actor.person_id
    match state:
        case WorkdayState.SUBMITTED:
            return {"confirmed_by_person_id": None, "approved_by_person_id": None}
        case WorkdayState.CONFIRMED:
            return {"confirmed_by_person_id": by}
        case WorkdayState.APPROVED:
            return {"approved_by_person_id": by}
    return {}


def note(deed: Deed, workday_id: int, state: WorkdayState, reason: str | None) -> None:
    """Note who brought an entry into a state, when and why."""
    run(deed.session, _NOTE, _decision(deed, workday_id, state, reason))


def _decision(
    deed: Deed, workday_id: int, state: WorkdayState, reason: str | None
) -> dict[str, Any]:
    return {
        "workday_id": workday_id,
        "state_after": state,
        "at": deed.now,
        "account_id": deed.actor.account_id,
        "person_id": deed.actor.person_id,
        "reason": reason,
    }
