"""When a masked value may be shown in clear. Pure."""

from __future__ import annotations

from portal.refusals import Refusal
from portal.standards.text import plain

MAX_REASON = 200
"""Characters of a reason; the audit keeps it."""


def refusals_for_reveal(*, reason: str, is_recorded: bool) -> list[Refusal]:
    """Say why a value is not shown in clear: there is none, or nobody said what for."""
    refusals = []
    length = len(plain(reason))
    if not is_recorded:
        refusals.append(Refusal("", "missing_value", "没有登记这项信息，无原文可查看。"))
    if length == 0:
        refusals.append(Refusal("reason", "missing_value", "查看原文须填写事由。"))
    elif length > MAX_REASON:
        refusals.append(
            Refusal("reason", "text_too_long", f"事由 {length} 字，超过上限 {MAX_REASON} 字。")
        )
    return refusals
