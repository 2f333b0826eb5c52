"""Who may confirm, approve or return which day, and which days ask to be looked at one by one. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from models.types import Labelled
from portal.procedures.rules import refusals_for_all
from portal.refusals import Refusal
from portal.standards.text import is_blank
from portal.workdays.life_rules import LIFE, DayFacts

WHOLE_DAY = 2
"""Half days of a whole one."""

STOCK_REASONS = (
    ("content", "请补充工作内容：服务了谁、做了什么、结果怎样。"),
    ("same_text", "内容与其他日期或其他人员相同，请按当天实际填写。"),
    ("date", "日期与实际不符，请核对后重新提交。"),
    ("days", "天数与实际不符，请核对是半天还是一天。"),
    ("rest_day", "休息日工作请写明安排和原因。"),
    ("late", "补录较晚，请写明补录原因。"),
    ("task", "帮扶任务选得不对，请重新选择。"),
    ("place", "请补充工作地点。"),
)
"""What a return says again and again: by a code word, the sentence that the person reads."""


class Attention(Labelled):
    """需留意: why an entry asks to be looked at by itself, in the order in which this is said."""

    NOT_YOURS = "not_yours", "须他人办理"
    NOT_IN_EFFECT = "not_in_effect", "结对未生效"
    DISPUTED = "disputed", "对方有异议"
    CORRECTION = "correction", "更正"
    TWO_COUNTIES = "two_counties", "同日两县"
    REST_DAY = "rest_day", "休息日"
    LATE = "late", "补录"
    HALF_DAY = "half_day", "半天"
    SAME_TEXT = "same_text", "内容相同"


class Tab(Labelled):
    """The parts of a queue: what can be decided at a glance, and what cannot."""

    ORDINARY = "ordinary", "普通"
    NOTED = "noted", "需留意"


class Traits(NamedTuple):
    """What of an entry may ask for attention.

    ``is_barred`` says that whoever looks may not decide on it, ``lag_days`` how long after the day it
    was entered, ``has_same_text`` that another day of its pairing and year, of whomever, says the very
    same, and was not written together with it.
    """

    half_days: int
    lag_days: int = 0
    is_barred: bool = False
    is_in_effect: bool = True
    is_disputed: bool = False
    is_correction: bool = False
    is_in_two_counties: bool = False
    is_rest_day: bool = False
    has_same_text: bool = False


def attention(traits: Traits, *, backfill_days: int) -> tuple[Attention, ...]:
    """Say why an entry needs attention; none for an ordinary one.

    ``backfill_days`` are those of the policy, beyond which a late entry needs a reason. A correction
    is late and partial by its nature: that it is one says it all.
    """
    said = (
        (Attention.NOT_YOURS, traits.is_barred),
        (Attention.NOT_IN_EFFECT, not traits.is_in_effect),
        (Attention.DISPUTED, traits.is_disputed),
        (Attention.CORRECTION, traits.is_correction),
        (Attention.TWO_COUNTIES, traits.is_in_two_counties),
        (Attention.REST_DAY, traits.is_rest_day),
        (Attention.LATE, traits.lag_days > backfill_days and not traits.is_correction),
        (Attention.HALF_DAY, traits.half_days < WHOLE_DAY and not traits.is_correction),
        (Attention.SAME_TEXT, traits.has_same_text and not traits.is_correction),
    )
    return tuple(one for one, holds in said if holds)


def reason_of_return(stock: Collection[str], words: str | None) -> str:
    """Return what the person reads: the stock reasons that were chosen, then the own words."""
    sentences = [sentence for code, sentence in STOCK_REASONS if code in stock]
    return "".join([*sentences, *([] if is_blank(words) else [words or ""])])


def refusals_for_decision(
    verb: str, rows: Sequence[DayFacts], *, person_id: int | None, changed: Collection[int] = ()
) -> list[Refusal]:
    """Say why this person may not take a step on these entries (states, two-person rule).

    One refusal a kind of obstacle; it names the entries that it concerns, one alone too. ``changed``
    are the positions of those that are no longer what was shown to whoever decides.
    """
    return refusals_for_all(
        LIFE, LIFE.step(verb), rows, person_id=person_id, changed=changed, names_one=True
    )
