"""Taking steps: one, many at once, and what follows from what happened elsewhere.

Every verb asks the rules first, then writes by one conditional UPDATE (portal/procedures/
writing_actions.py). Totals and the audit event are the room's, which calls these verbs; the event
comes last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from models.base import new_public_id
from portal.deeds import Deed
from portal.procedures import rules
from portal.procedures.rules import CHANGED_MEANWHILE, F, Life
from portal.procedures.writing_actions import note_rows, write_step
from portal.refusals import Conflict, Refusal, refuse_if
from portal.standards.text import plain


def take(
    deed: Deed,
    life: Life[F],
    subject: Any,
    verb: str,
    *,
    facts: F,
    reason: str | None = None,
    noted: str | None = None,
    seen: int | None = None,
    columns: Mapping[str, Any] | None = None,
    besides: Iterable[Refusal] = (),
) -> None:
    """Take a step on one subject.

    ``seen`` is the version that was shown to whoever takes it, ``columns`` what the step writes
    besides the state, ``besides`` what the room refuses of what was asked for, ``noted`` what the
    decision keeps where that is more than the reason.
    """
    step = life.step(verb)
    person = deed.actor.person_id
    refuse_if(
        [
            *rules.refusals_for_step(
                life, step, facts, person_id=person, reason=reason, besides=besides
            ),
            *rules.barred_as_deputy(
                step, [facts], deed.actor.principals_for(step.permission), names=False
            ),
        ]
    )
    deed.session.flush()
    if seen is not None and seen != subject.version:
        raise Conflict([CHANGED_MEANWHILE])
    kept = noted or (plain(reason) if reason else None)
    write_step(deed, step, [subject], reason=kept, columns=columns)


def take_all(
    deed: Deed,
    life: Life[F],
    subjects: Sequence[Any],
    verb: str,
    *,
    facts: Sequence[F],
    reason: str | None = None,
    seen: Mapping[int, int] | None = None,
    columns: Mapping[str, Any] | None = None,
    besides: Iterable[Refusal] = (),
    names_one: bool = False,
    first: Callable[[], None] = lambda: None,
) -> str:
    """Take a step on many, all or none, at two statements for each 400; return their batch.

    ``facts`` are those of the subjects, in their order; ``seen`` gives, by id, the version in which
    each was shown: one that was changed since is refused by name. ``first`` is what the room has to
    write before them, once nothing is refused.
    """
    step = life.step(verb)
    deed.session.flush()
    refuse_if(
        [
            *rules.refusals_for_all(
                life,
                step,
                facts,
                person_id=deed.actor.person_id,
                changed=changed_since(subjects, seen),
                names_one=names_one,
            ),
            *rules.barred_as_deputy(step, facts, deed.actor.principals_for(step.permission)),
            *(rules.refusals_for_reason(reason, step.label) if step.needs_reason else ()),
            *besides,
        ]
    )
    first()
    batch = new_public_id()
    text = plain(reason) if reason else None
    write_step(deed, step, subjects, reason=text, columns=columns, batch=batch)
    return batch


def changed_since(subjects: Sequence[Any], seen: Mapping[int, int] | None) -> list[int]:
    """Return the positions of those that are no longer in the version in which they were shown."""
    return [
        position
        for position, one in enumerate(subjects)
        if seen is not None and seen.get(one.id) != one.version
    ]


def follow(
    deed: Deed,
    life: Life[F],
    subjects: Sequence[Any],
    verb: str,
    *,
    reason: str | None = None,
    columns: Mapping[str, Any] | None = None,
) -> None:
    """Write what follows for some subjects from what happened elsewhere; nobody decides on it."""
    step = life.step(verb)
    assert step.permission is None, f"{verb} is a step that somebody takes"
    deed.session.flush()
    write_step(deed, step, subjects, reason=reason, columns=columns)


def note(
    deed: Deed,
    subjects: Sequence[Any],
    kind: str,
    reason: str | None = None,
    *,
    permission: str | None = None,
) -> None:
    """Note who began some subjects, by which permission, as they stand in the session now."""
    deed.session.flush()
    before = [None] * len(subjects)
    note_rows(deed, subjects, before, kind, reason, batch=None, permission=permission)
