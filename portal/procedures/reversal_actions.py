"""Taking back what the actor decided together a moment ago."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from models.base import Base
from portal.deeds import Deed
from portal.procedures import reversal_rules
from portal.procedures.queries import (
    Decided,
    find_reached,
    list_batch,
)
from portal.procedures.rules import NOTHING_TO_UNDO, F, Life, Step
from portal.procedures.writing_actions import note_rows, write
from portal.refusals import Refusal, Refused, refuse_if


def reverse(
    deed: Deed,
    life: Life[F],
    model: type[Base],
    batch: str,
    *,
    label_of: Callable[[Any], str],
    besides: Callable[[Sequence[Any]], Iterable[Refusal]] = lambda _subjects: (),
    aside: Callable[[Any], bool] = lambda _subject: False,
) -> list[Any]:
    """Take back what the actor decided together a moment ago, all of it; return the subjects.

    Each goes to the state from which it came, and is no longer signed by that step; those that are
    ``aside`` the room moves itself, after this. Raise :class:`Refused` if it was somebody else's, is
    too old, or is no longer the last word.
    """
    deed.session.flush()
    rows = {one.subject_id: one for one in list_batch(deed.session, model, deed.actor, batch)}
    step, subjects = _reached(deed, life, model, rows)
    refuse_if(
        reversal_rules.refusals_for_reversal(
            step,
            [
                reversal_rules.Taken(label_of(one), one.version == rows[one.id].version_after)
                for one in subjects
            ],
            taken_at=min(one.at for one in rows.values()),
            now=deed.now,
            besides=besides(subjects),
        )
    )
    unsigned = dict.fromkeys(step.signs)
    for state in step.source:
        some = [one for one in subjects if rows[one.id].state_before == state and not aside(one)]
        if some:
            left = [one.state for one in some]
            write(deed, some, (step.leads_to(state),), state, unsigned)
            note_rows(
                deed, some, left, step.undone, f"撤销{step.label}",
                batch=None, permission=step.permission,
            )  # fmt: skip
    return subjects


def _reached(
    deed: Deed, life: Life[F], model: type[Base], rows: Mapping[int, Decided]
) -> tuple[Step[F], list[Any]]:
    kinds = {one.kind for one in rows.values()}
    step = next((one for one in life.steps if {one.verb} == kinds), None)
    if step is None or step.undo is None or step.permission is None:
        raise Refused([NOTHING_TO_UNDO])
    subjects = find_reached(deed.session, model, deed.actor, step.permission, list(rows))
    if len(subjects) != len(rows):
        raise Refused([NOTHING_TO_UNDO])
    return step, subjects
