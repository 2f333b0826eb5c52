"""Reading messages: how many wait, the inbox, one with its answers, and one's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, NamedTuple, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, Feedback, FeedbackReply, Person
from models.database import Moment, run
from models.types import FeedbackKind, FeedbackState, Role
from portal.access.actor import Actor
from portal.doors import Counts, how_many
from portal.paging import COUNT_CAP, PAGE_SIZE, Order, Slice, read_slice

EXCERPT = 80
"""Characters of a message in the list."""

REFERENCE = 8
"""So many characters of its id are the number that a sender is told."""

OFFICE = Role.SYS_ADMIN.label
"""In whose name a sender is answered; the audit knows the account."""

LATEST_FIRST = (Order(Feedback.id, descending=True),)


class Filters(NamedTuple):
    """What the inbox is asked for; empty means everything. ``number`` begins the reference."""

    state: FeedbackState | None = None
    kind: FeedbackKind | None = None
    number: str = ""


class Event(NamedTuple):
    """An answer as a line of the message's history; ``words`` is what it says."""

    at: datetime
    who: str
    what: str
    words: str
    why: None = None


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message in a list. ``sender`` is None for a visitor."""

    id: int
    public_id: str
    kind: FeedbackKind
    state: FeedbackState
    text: str
    page_path: str
    contact: str
    sent_at: datetime
    version: int
    sender: str | None
    login: str | None
    replies: tuple[Event, ...] = ()

    @property
    def number(self) -> str:
        return number_of(self.public_id)

    @property
    def excerpt(self) -> str:
        line = " ".join(self.text.split())
        return line if len(line) <= EXCERPT else f"{line[:EXCERPT]}…"


def number_of(public_id: str) -> str:
    """Return the reference number that a sender is told: the beginning of the id."""
    return public_id[:REFERENCE]


_COLUMNS = (
    Feedback.id,
    Feedback.public_id,
    Feedback.kind,
    Feedback.state,
    Feedback.text,
    Feedback.page_path,
    Feedback.contact,
    Feedback.sent_at,
    Feedback.version,
    Person.name,
    Account.login,
)


def counts_of_open(actor: Actor, _moment: Moment) -> Counts | None:
    """Count what waits for whoever answers: what nobody has answered yet, up to the cap of all counts."""
    if not actor.holds("feedback.answer"):
        return None
    some = sa.select(Feedback.id).where(Feedback.state == FeedbackState.OPEN)
    return [how_many(some.limit(COUNT_CAP + 1))]


def list_inbox(
    session: Session, filters: Filters, *, cursor: str | None, size: int = PAGE_SIZE
) -> Slice[MessageRow]:
    """Return one page of all messages, latest first."""
    wanted = _messages()
    if filters.state:
        wanted = wanted.where(Feedback.state == filters.state)
    if filters.kind:
        wanted = wanted.where(Feedback.kind == filters.kind)
    if filters.number:
        wanted = wanted.where(Feedback.public_id.startswith(filters.number, autoescape=True))
    return read_slice(
        session,
        wanted,
        LATEST_FIRST,
        cursor=cursor,
        make=lambda row: MessageRow(*row),
        size=size,
    )


def list_own(session: Session, account_id: int | None, *, cursor: str | None) -> Slice[MessageRow]:
    """Return one page of what an account sent, with all answers, latest first."""
    wanted = _messages().where(Feedback.account_id == account_id)
    found = read_slice(
        session, wanted, LATEST_FIRST, cursor=cursor, make=lambda row: MessageRow(*row), size=20
    )
    replies = _replies_to(session, [row.id for row in found.rows], with_names=False)
    rows = [replace(row, replies=tuple(replies[row.id])) for row in found.rows]
    return replace(found, rows=rows)


_LAST_ANSWER = (
    sa.select(sa.func.max(FeedbackReply.at))
    .join(Feedback, Feedback.id == FeedbackReply.feedback_id)
    .where(
        Feedback.account_id == sa.bindparam("account"), FeedbackReply.at >= sa.bindparam("since")
    )
)


def last_answer_to(session: Session, account_id: int | None, since: datetime) -> datetime | None:
    """Return when an account was last answered, if that was since an instant."""
    asked = {"account": account_id, "since": since}
    return cast("datetime | None", run(session, _LAST_ANSWER, asked).scalar())


def find_message(session: Session, public_id: str) -> Feedback | None:
    """Return a message by its id, to be answered."""
    return session.scalar(sa.select(Feedback).where(Feedback.public_id == public_id))


def find_row(session: Session, public_id: str, *, with_names: bool) -> MessageRow | None:
    """Return a message with its answers, latest first.

    Without names it says neither who wrote nor which administrator answered.
    """
    row = session.execute(_messages().where(Feedback.public_id == public_id)).one_or_none()
    if row is None:
        return None
    message = MessageRow(*row)
    if not with_names:
        message = replace(message, sender=None, login=None, contact="")
    replies = _replies_to(session, [message.id], with_names=with_names)
    return replace(message, replies=tuple(replies[message.id]))


def _messages() -> sa.Select[Any]:
    columns: tuple[Any, ...] = _COLUMNS
    return (
        sa.select(*columns)
        .outerjoin(Account, Account.id == Feedback.account_id)
        .outerjoin(Person, Person.id == Account.person_id)
    )


def _replies_to(
    session: Session, ids: Collection[int], *, with_names: bool
) -> dict[int, list[Event]]:
    """Return the answers by message, latest first; the sender is answered by an office."""
    found: dict[int, list[Event]] = defaultdict(list)
    rows = session.execute(
        sa.select(
            FeedbackReply.feedback_id,
            FeedbackReply.at,
            Person.name,
            FeedbackReply.state_after,
            FeedbackReply.text,
        )
        .join(Account, Account.id == FeedbackReply.account_id)
        .join(Person, Person.id == Account.person_id)
        .where(FeedbackReply.feedback_id.in_(ids))
        .order_by(FeedbackReply.id.desc())
    )
    for feedback_id, at, who, state, text in rows:
        found[feedback_id].append(
            Event(at, who if with_names else OFFICE, f"答复，{state.label}", text)
        )
    return found
