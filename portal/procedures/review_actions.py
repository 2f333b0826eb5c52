"""Giving an opinion in a review: one party after the other, however many speak at the same moment."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from models.types import Labelled
from portal.deeds import Deed
from portal.procedures import review_rules
from portal.procedures.queries import (
    list_opinions,
    opinions_of,
)
from portal.procedures.rules import CHANGED_MEANWHILE, Life, R, Review
from portal.procedures.writing_actions import note_rows, write
from portal.refusals import Conflict, refuse_if
from portal.standards.text import plain


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
        review_rules.refusals_for_opinion(
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
    opinion = review_rules.Opinion(facts.round, party, deed.actor.person_id, passed)
    state = review_rules.outcome_of_review(review, facts, [*opinions, opinion])
    if state is not None:
        kind, _ = review.kinds[state]
        write(deed, [subject], (review.during,), state, {})
        note_rows(deed, [subject], [review.during], kind, None if passed else said, batch=None)
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
