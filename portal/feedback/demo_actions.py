"""A message of the demonstration that waits for its answer."""

from __future__ import annotations

from datetime import timedelta

from models.types import FeedbackKind
from portal.feedback.actions import Message, send_feedback
from portal.stage import Stage

SUGGESTED_AGO = timedelta(days=1)


def suggest(stage: Stage) -> None:
    """Have a worker write to the administrators."""
    text = "演示：希望工作日志能按月打印成册，便于年底归档。"
    sender = stage.deed_of("yanshi-send-staff", stage.deed.now - SUGGESTED_AGO)
    send_feedback(sender, Message(FeedbackKind.SUGGESTION, text, "/workdays"))
