"""Taking steps, giving opinions, taking back: the only code that writes the state of a life.

Every verb asks the rules first, then writes by one conditional UPDATE (id, version and state as they
were read): whoever was faster stands, the other gets :class:`Conflict`. Each change is a decision row.
Totals and the audit event are the room's, which calls these verbs; the event comes last.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.attributes import set_committed_value

from models.base import Base, new_public_id
from models.types import Labelled
from portal.deeds import Deed
from portal.procedures import rules
from portal.procedures.queries import (
    BATCH,
    Decided,
    decisions_of,
    find_reached,
    list_batch,
    list_opinions,
    opinions_of,
)
from portal.procedures.rules import CHANGED_MEANWHILE, NOTHING_TO_UNDO, F, Life, R, Review, Step
from portal.refusals import Conflict, Refusal, Refused, refuse_if
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
        rules.refusals_for_step(life, step, facts, person_id=person, reason=reason, besides=besides)
    )
    deed.session.flush()
    if seen is not None and seen != subject.version:
        raise Conflict([CHANGED_MEANWHILE])
    kept = noted or (plain(reason) if reason else None)
    _step(deed, step, [subject], reason=kept, columns=columns)


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
) -> str:
    """Take a step on many, all or none, at two statements for each 400; return their batch.

    ``facts`` are those of the subjects, in their order; ``seen`` gives, by id, the version in which
    each was shown: one that was changed since is refused by name.
    """
    step = life.step(verb)
    deed.session.flush()
    changed = [
        position
        for position, one in enumerate(subjects)
        if seen is not None and seen.get(one.id, one.version) != one.version
    ]
    refuse_if(
        [
            *rules.refusals_for_all(
                life, step, facts, person_id=deed.actor.person_id, changed=changed
            ),
            *(rules.refusals_for_reason(reason, step.label) if step.needs_reason else ()),
            *besides,
        ]
    )
    batch = new_public_id()
    text = plain(reason) if reason else None
    _step(deed, step, subjects, reason=text, columns=columns, batch=batch)
    return batch


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
    _step(deed, step, subjects, reason=reason, columns=columns)


def note(deed: Deed, subjects: Sequence[Any], kind: str, reason: str | None = None) -> None:
    """Note who began some subjects, as they stand in the session now."""
    deed.session.flush()
    _note(deed, subjects, [None] * len(subjects), kind, reason, batch=None)


def give_opinion(
    deed: Deed,
    life: Life[R],
    subject: Any,
    review: Review[R],
    *,
    facts: R,
    party: str,
    speaks_for: Collection[str],
    passed: bool,
    text: str | None = None,
    seen: int | None = None,
) -> Labelled | None:
    """Give the opinion of a party in this round; return the state to which the review led, or None.

    ``speaks_for`` are the parties for which the actor speaks, ``seen`` the version that was shown.
    An opinion leaves the version of the subject as it is, so that several parties may sign what they
    were all shown; the subject is held until the commit, so that they speak one after the other.
    """
    deed.session.flush()
    is_open = facts.state == review.during
    is_shown = seen is None or seen == subject.version
    is_held = is_open and is_shown and _hold(deed, review, subject)
    opinions = list_opinions(deed.session, subject) if is_open else []
    refuse_if(
        rules.refusals_for_opinion(
            life,
            review,
            facts,
            opinions,
            party=party,
            speaks_for=speaks_for,
            person_id=deed.actor.person_id,
            passed=passed,
            text=text,
        )
    )
    if not is_held:
        raise Conflict([CHANGED_MEANWHILE])
    assert deed.actor.person_id is not None  # the rules refused it otherwise
    rows = opinions_of(type(subject))
    said = plain(text) if text else None
    deed.session.execute(
        sa.insert(rows),
        {
            rows.subject_key: subject.id,
            "round": facts.round,
            "party": party,
            "passed": passed,
            "text": said,
            "at": deed.now,
            "account_id": deed.actor.account_id,
            "person_id": deed.actor.person_id,
            "author_person_id": getattr(subject, rows.author),
        },
    )
    opinion = rules.Opinion(facts.round, party, deed.actor.person_id, passed)
    state = rules.outcome_of_review(review, facts, [*opinions, opinion])
    if state is not None:
        kind, _ = review.kinds[state]
        _write(deed, [subject], (review.during,), state, {})
        _note(deed, [subject], [review.during], kind, None if passed else said, batch=None)
    return state


def _hold(deed: Deed, review: Review[Any], subject: Any) -> bool:
    """Keep others from the subject until the commit; False if it is no longer as it was read."""
    model = type(subject)
    held = deed.session.execute(
        sa.update(model)
        .where(
            model.id == subject.id,
            model.version == subject.version,
            model.state == review.during,
        )
        .values(version=model.version)
        .execution_options(synchronize_session=False)
    )
    return bool(held.rowcount)  # type: ignore[attr-defined] # of an UPDATE it is a CursorResult


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
        rules.refusals_for_reversal(
            step,
            [
                rules.Taken(label_of(one), one.version == rows[one.id].version_after)
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
            _write(deed, some, (step.leads_to(state),), state, unsigned)
            _note(deed, some, left, step.undone, f"撤销{step.label}", batch=None)
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


# ---- writing


def _step(
    deed: Deed,
    step: Step[Any],
    subjects: Sequence[Any],
    *,
    reason: str | None,
    columns: Mapping[str, Any] | None,
    batch: str | None = None,
) -> None:
    written: dict[str, Any] = {
        **dict.fromkeys(step.signs, deed.actor.person_id),
        **dict.fromkeys(step.clears),
        **(columns or {}),
    }
    if step.undo and batch is None:
        batch = new_public_id()
    before = [one.state for one in subjects]
    if step.opens_round:
        written["round"] = type(subjects[0]).round + 1
    _write(deed, subjects, step.source, step.to, written)
    _note(deed, subjects, before, step.verb, reason, batch=batch)


def _write(
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
        if changed.rowcount != len(some):  # type: ignore[attr-defined] # as above
            raise Conflict([CHANGED_MEANWHILE])
        for one in some:
            # As they stand in the database now; the session need not read them again.
            for name, value in {**values, "version": one.version + 1}.items():
                known = one.round + 1 if name == "round" else value
                set_committed_value(one, name, known)


def _note(
    deed: Deed,
    subjects: Sequence[Any],
    before: Sequence[Labelled | None],
    kind: str,
    reason: str | None,
    *,
    batch: str | None,
) -> None:
    for start in range(0, len(subjects), BATCH):
        some = list(zip(subjects, before, strict=True))[start : start + BATCH]
        rows = decisions_of(type(some[0][0]))
        deed.session.execute(
            sa.insert(rows),
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
                    "reason": reason,
                    **{column: getattr(one, name) for column, name in rows.also_keeps.items()},
                }
                for one, state in some
            ],
        )
