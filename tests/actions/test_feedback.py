"""Sending and answering 投诉建议: the rows, exactly one audit event each, and what is refused."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import AuditEvent, Feedback, FeedbackReply
from models.types import FeedbackKind, FeedbackState
from portal.access.actor import VISITOR
from portal.deeds import Deed
from portal.feedback import rules
from portal.feedback.actions import Message, answer_feedback, send_feedback
from portal.feedback.queries import Filters, list_inbox
from portal.refusals import Conflict, Refused

MESSAGE = Message(FeedbackKind.FAULT, "演示：页面打不开。", "/workdays?q=张三", "演示联系方式")


def waiting(world) -> int:
    return len(list_inbox(world.session, Filters(FeedbackState.OPEN), cursor=None).rows)


def events(world) -> list[str]:
    rows = world.session.scalars(
        sa.select(AuditEvent.event)
        .where(AuditEvent.subject.startswith("feedback:"))
        .order_by(AuditEvent.id)
    )
    return list(rows)


def test_a_message_is_one_row_and_one_event(world):
    sent = send_feedback(world.deed("sending_staff"), MESSAGE)
    assert (sent.state, sent.page_path, sent.contact) == (FeedbackState.OPEN, "/workdays", "")
    assert sent.account_id == world.actor("sending_staff").account_id
    assert events(world) == ["feedback.sent"]
    assert waiting(world) == 1


def test_a_visitor_leaves_a_contact_and_no_account(world):
    sent = send_feedback(Deed(world.session, VISITOR, world.clock()), MESSAGE)
    assert (sent.account_id, sent.contact) == (None, "演示联系方式")


def test_an_answer_is_one_row_one_event_and_a_newer_version(world):
    sent = send_feedback(world.deed("sending_staff"), MESSAGE)
    for _ in range(2):  # the second leaves the state as it is, and is news all the same
        seen = sent.version
        answer_feedback(
            world.deed("system_administrator"), sent, "演示答复", FeedbackState.ANSWERED, seen=seen
        )
        assert sent.version == seen + 1
    assert events(world) == ["feedback.sent", "feedback.answered", "feedback.answered"]
    assert world.count(FeedbackReply) == 2
    assert waiting(world) == 0


def test_an_answer_to_an_older_version_is_a_conflict(world):
    sent = send_feedback(world.deed("sending_staff"), MESSAGE)
    deed = world.deed("system_administrator")
    answer_feedback(deed, sent, "演示答复", FeedbackState.CLOSED, seen=1)
    with pytest.raises(Conflict):
        answer_feedback(deed, sent, "演示答复", FeedbackState.CLOSED, seen=1)


def test_an_answer_cannot_put_a_message_back_to_the_beginning(world):
    sent = send_feedback(world.deed("sending_staff"), MESSAGE)
    with pytest.raises(Refused, match="请选择"):
        answer_feedback(
            world.deed("system_administrator"), sent, "演示", FeedbackState.OPEN, seen=1
        )


def test_the_limit_of_an_account_counts_the_last_24_hours(world):
    for _ in range(rules.MOST_A_DAY):
        send_feedback(world.deed("sending_staff"), MESSAGE)
    with pytest.raises(Refused, match="上限"):
        send_feedback(world.deed("sending_staff"), MESSAGE)
    send_feedback(world.deed("receiving_staff"), MESSAGE)
    world.clock.pass_time(hours=24)
    send_feedback(world.deed("sending_staff"), MESSAGE)
    assert world.count(Feedback) == rules.MOST_A_DAY + 2
