"""What happened: the decisions on a subject and what was said in its reviews, as one timeline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import Account, Person
from models.base import Base
from portal.procedures.queries import decisions_of, opinions_of, subject_column
from portal.procedures.rules import Life

SHOWN_OF_SEVERAL = 50
"""Events of a timeline that tells of more than one subject."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a timeline (``components/timeline.html``): what was done, by whom, when and why.

    ``kind`` is the decision's, or the verb of the review; ``label`` says what ``why`` is where it is no
    reason.
    """

    at: datetime
    kind: str
    who: str
    what: str
    why: str | None
    label: str | None = None


class Track(NamedTuple):
    """Whose decisions a timeline tells: those on the subjects of a life that meet a condition.

    ``about`` is the expression that names a subject among those of several, ``named`` says how its
    value reads.
    """

    life: Life[Any]
    model: type[Base]
    which: sa.ColumnElement[bool]
    about: sa.SQLColumnExpression[Any] | None = None
    named: Callable[[Any], str] = str

    def says(self, what: str, about: Any) -> str:
        return what if about is None else f"{what}：{self.named(about)}"


def timeline(session: Session, *tracks: Track, most: int | None = None) -> list[Event]:
    """Return what was decided, and said in reviews, latest first; one statement a table."""
    found: list[tuple[_Place, Event]] = []
    for rank, track in enumerate(tracks):
        found += _decisions(session, track, -rank, most)
        if track.life.reviews:
            found += _opinions(session, track, -rank, most)
    return [event for _, event in sorted(found, key=lambda one: one[0], reverse=True)][:most]


class _Place(NamedTuple):
    """Where an event stands: by time; an opinion before the decision to which it led."""

    at: datetime
    rank: int
    is_decision: bool
    number: int


def _decisions(
    session: Session, track: Track, rank: int, most: int | None
) -> list[tuple[_Place, Event]]:
    rows, life = decisions_of(track.model), track.life
    notes = dict(life.notes)
    found = []
    for at, number, who, about, kind, reason in session.execute(
        _told(track, rows, rows.kind, rows.reason, most=most)
    ):
        done = life.words.get(kind, kind)
        # Some steps note themselves in words: that is no reason.
        why = None if reason == done else reason
        event = Event(at, kind, who, track.says(done, about), why, notes.get(kind))
        found.append((_Place(at, rank, is_decision=True, number=number), event))
    return found


def _opinions(
    session: Session, track: Track, rank: int, most: int | None
) -> list[tuple[_Place, Event]]:
    rows, reviews = opinions_of(track.model), track.life.reviews
    verb, label = reviews[0].verb, "、".join(review.label for review in reviews)
    found = []
    for at, number, who, about, passed, text in session.execute(
        _told(track, rows, rows.passed, rows.text, most=most)
    ):
        said = f"{label}：{'同意' if passed else '退回'}"
        event = Event(at, verb, who, track.says(said, about), text, "意见")
        found.append((_Place(at, rank, is_decision=False, number=number), event))
    return found


def _told(track: Track, rows: type[Any], *columns: Any, most: int | None) -> sa.Select[Any]:
    who, principal, subject = aliased(Person), aliased(Person), cast("Any", track.model)
    name: Any = sa.func.coalesce(who.name, Account.login, "系统")
    lent_by = getattr(rows, "deputy_for_person_id", None)
    if lent_by is not None:
        name = name + sa.case((principal.name.is_(None), ""), else_="（代" + principal.name + "）")
    wanted = (
        sa.select(
            rows.at,
            rows.id,
            name,
            sa.null() if track.about is None else track.about,
            *columns,
        )
        .select_from(rows)
        .join(subject, subject.id == subject_column(rows))
        .outerjoin(who, who.id == rows.person_id)
        .outerjoin(Account, Account.id == rows.account_id)
        .where(track.which)
        .order_by(rows.at.desc(), rows.id.desc())
        .limit(most)
    )
    return wanted if lent_by is None else wanted.outerjoin(principal, principal.id == lent_by)
