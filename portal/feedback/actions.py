"""Sending a message and answering it. The audit says that it was done, never what was written."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm.attributes import flag_modified

from models import Feedback, FeedbackReply
from models.types import FeedbackKind, FeedbackState
from portal.deeds import Deed
from portal.feedback import rules
from portal.refusals import Conflict, Refusal, refuse_if
from portal.standards.text import plain

A_DAY = timedelta(hours=24)


class Message(NamedTuple):
    """What somebody writes. ``contact`` is only asked of whoever has not signed in."""

    kind: FeedbackKind
    text: str
    page_path: str = ""
    contact: str = ""


def send_feedback(deed: Deed, message: Message) -> Feedback:
    """Take a message, of an account or of a visitor; raise :class:`Refused` if it cannot be."""
    account_id = deed.actor.account_id
    refuse_if(rules.refusals_for_message(message.text, sent_today=_sent_lately(deed, account_id)))
    sent = Feedback(
        kind=message.kind,
        text=plain(message.text),
        page_path=rules.local_path(message.page_path),
        contact="" if account_id else plain(message.contact),
        account_id=account_id,
        sent_at=deed.now,
    )
    deed.session.add(sent)
    deed.session.flush()
    deed.record("feedback.sent", f"feedback:{sent.public_id}", kind=message.kind.value)
    return sent


def _sent_lately(deed: Deed, account_id: int | None) -> int:
    if account_id is None:
        return 0
    own = sa.select(sa.func.count()).where(
        Feedback.account_id == account_id, Feedback.sent_at > deed.now - A_DAY
    )
    return deed.session.scalar(own) or 0


def answer_feedback(
    deed: Deed, message: Feedback, text: str, state_after: FeedbackState, *, seen: int
) -> FeedbackReply:
    """Answer a message; ``seen`` is its version on the page: another answer since is a conflict."""
    refuse_if(rules.refusals_for_answer(text, state_after))
    if message.version != seen:
        sentence = "在您打开页面之后，别人已答复了这条投诉建议，请先看最新的答复。"
        raise Conflict([Refusal("", "stale_version", sentence)])
    assert deed.actor.account_id is not None  # a command answers nobody
    reply = FeedbackReply(
        feedback_id=message.id,
        account_id=deed.actor.account_id,
        at=deed.now,
        text=plain(text),
        state_after=state_after,
    )
    deed.session.add(reply)
    message.state = state_after
    flag_modified(message, "state")  # a second answer in the same state is news, too
    deed.session.flush()
    deed.record("feedback.answered", f"feedback:{message.public_id}", state=state_after.value)
    return reply
