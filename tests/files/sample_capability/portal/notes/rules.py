"""What may be noted."""

from __future__ import annotations

from portal.refusals import Refusal

LONGEST = 200


def refusals_for_note(text: str) -> list[Refusal]:
    """Say why this is not noted."""
    if len(text) <= LONGEST:
        return []
    sentence = f"备忘最多 {LONGEST} 字，现有 {len(text)} 字，请缩短后再保存。"
    return [Refusal("text", "too_long", sentence)]
