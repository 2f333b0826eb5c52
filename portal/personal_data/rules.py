"""When a masked value may be shown in clear. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from portal.refusals import Refusal
from portal.standards.text import plain

REVEAL_WINDOW = timedelta(hours=1)
MOST_REVEALS = 20
"""Values that one person is shown in clear in an hour, over all accounts. Who checks a nomination
needs two or three, a pairing has some ten people on both sides; whoever wants more at once wants
a list, and the mask and the blind index serve for comparing lists."""

ALARMING_REVEALS = 15
"""From so many on the audit administrator is told."""

MAX_REASON = 200
"""Characters of a reason; the audit keeps it."""


def refusals_for_reveal(
    *, reason: str, is_recorded: bool, lately: Sequence[datetime]
) -> list[Refusal]:
    """Say why a value is not shown in clear: there is none, nobody said what for, or too many.

    ``lately`` are the instants, in Asia/Shanghai and in order, of what the person was shown in the
    last hour.
    """
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
    if len(lately) >= MOST_REVEALS:
        goes_on_at = lately[-MOST_REVEALS] + REVEAL_WINDOW + timedelta(minutes=1)
        refusals.append(
            Refusal(
                "",
                "too_many_reveals",
                f"每人一小时内最多查看 {MOST_REVEALS} 项原文（各账号合并计算），您在过去一小时内已"
                f"查看 {len(lately)} 项；北京时间 {goes_on_at:%H:%M} 之后可以继续。",
            )
        )
    return refusals


def unreadable(what: str) -> Refusal:
    """Say that a sealed value does not open."""
    return Refusal(
        "",
        "unreadable",
        f"系统中保存的{what}无法解封（密钥不符或数据损坏），不能显示原文；已记入审计并通知审计"
        "管理员。请按证件或原始材料核对，重新填写后即可恢复。",
    )
