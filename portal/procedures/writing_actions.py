"""What the verbs of this room share: the conditional UPDATE, and the row of the decision.

The UPDATE names id, version and state as they were read: whoever was faster stands, the other gets
:class:`Conflict`. Each change is a decision row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from models.base import new_public_id
from models.database import run
from models.types import Labelled
from portal.deeds import Deed
from portal.procedures.deputy_queries import principals_of
from portal.procedures.queries import BATCH, decisions_of
from portal.procedures.rules import CHANGED_MEANWHILE, Step
from portal.refusals import Conflict


def write_step(
    deed: Deed,
    step: Step[Any],
    subjects: Sequence[Any],
    *,
    reason: str | None,
    columns: Mapping[str, Any] | None,
    batch: str | None = None,
) -> None:
    """Take a step on subjects on which the rules were asked; ``reason`` is what the decision keeps."""
    written: dict[str, Any] = {
        **dict.fromkeys(step.signs, deed.actor.person_id),
        **dict.fromkeys(step.clears),
        **(columns or {}),
    }
    if step.undo and batch is None:
        batch = new_public_id()
    before = [one.state for one in subjects]
    if step.opens_round and subjects:
        written["round"] = type(subjects[0]).round + 1
    write(deed, subjects, step.source, step.to, written)
    note_rows(deed, subjects, before, step.verb, reason, batch=batch, permission=step.permission)


def write(
    deed: Deed,
    subjects: Sequence[Any],
    source: Sequence[Labelled],
    to: Labelled | None,
    columns: Mapping[str, Any],
) -> None:
    """Write subjects as they were read, and nothing else; raise :class:`Conflict` otherwise."""
    values = dict(columns) if to is None else {"state": to, **columns}
    for start in range(0, len(subjects), BATCH):
        some = subjects[start : start + BATCH]
        model = type(some[0])
        which = (
            sa.and_(model.id == some[0].id, model.version == some[0].version)
            if len(some) == 1
            else sa.tuple_(model.id, model.version).in_([(one.id, one.version) for one in some])
        )
        changed = deed.session.execute(
            sa.update(model)
            .where(which, model.state.in_(list(source)))
            .values(version=model.version + 1, **values)
            .execution_options(synchronize_session=False)
        )
        if changed.rowcount != len(some):  # type: ignore[attr-defined] # of an UPDATE it is a CursorResult
            raise Conflict([CHANGED_MEANWHILE])
        for one in some:
            # As they stand in the database now; the session need not read them again.
            for name, value in {**values, "version": one.version + 1}.items():
                known = one.round + 1 if name == "round" else value
                set_committed_value(one, name, known)


def note_rows(
    deed: Deed,
    subjects: Sequence[Any],
    before: Sequence[Labelled | None],
    kind: str,
    reason: str | None,
    *,
    batch: str | None,
    permission: str | None = None,
) -> None:
    """Add a decision row for each subject, as it stands now; ``before`` are the states before.

    ``permission`` is that of the step: by it each row says in whose place it was decided.
    """
    principals = principals_of(deed, permission, subjects)
    deed.stood_in_for.update({one.person_id: one for one in principals.values()})
    lent_by = {number: one.person_id for number, one in principals.items()}
    for start in range(0, len(subjects), BATCH):
        some = list(zip(subjects, before, strict=True))[start : start + BATCH]
        rows = decisions_of(type(some[0][0]))
        run(
            deed.session,
            sa.insert(rows.__table__),
            [
                {
                    rows.subject_key: one.id,
                    "kind": kind,
                    "state_before": state,
                    "state_after": one.state,
                    "version_after": one.version,
                    "batch": batch,
                    "at": deed.now,
                    "account_id": deed.actor.account_id,
                    "person_id": deed.actor.person_id,
                    "deputy_for_person_id": lent_by.get(one.id),
                    "reason": reason,
                    **{column: getattr(one, name) for column, name in rows.also_keeps.items()},
                }
                for one, state in some
            ],
        )
