"""When an approved day may be corrected. Pure."""

from __future__ import annotations

from models.types import WorkdayState
from portal.procedures.rules import refusals_for_reason
from portal.refusals import Refusal


def refusals_for_correction(state: WorkdayState, reason: str, *, has_open: bool) -> list[Refusal]:
    """Say why an entry cannot be corrected; ``has_open`` says that a correction is on its way."""
    if state != WorkdayState.APPROVED:
        return [Refusal("", "wrong_state", "只有已核准的日志需要更正；其他状态可直接修改或退回。")]
    if has_open:
        return [Refusal("", "wrong_state", "这条日志已有一份更正在办理中，请先办完那一份。")]
    return refusals_for_reason(reason, "更正")
