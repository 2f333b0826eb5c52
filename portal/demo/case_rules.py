"""Which story each demonstration pairing tells in each year. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

FULL_SENT_HALF_DAYS = 84
FULL_RECEIVED_HALF_DAYS = 246
NOT_BEGUN_EVERY = 40


class Story(Enum):
    """What is to be seen on a pairing in a year."""

    GOOD = "达标"
    FEW_SENT_DAYS = "援派工作日不足"
    ALMOST_SENT_DAYS = "援派工作日差半天"
    FEW_RECEIVED_DAYS = "受援工作日不足"
    ONE_SENT_PERSON = "援派只有一人"
    TWO_RECEIVED_PEOPLE = "受援只有两人"
    UNQUALIFIED = "援派人员资格不符"
    LEFT_MID_YEAR = "年中有人离开"
    NO_AGREEMENT = "未登记协议"
    EMPTY = "尚未开始"


@dataclass(frozen=True, slots=True)
class Plan:
    """How many people and half days of each side a pairing gets in a year."""

    story: Story
    sent_people: int
    received_people: int
    sent_half_days: int
    received_half_days: int


STORIES = (
    *[Story.GOOD] * 9,
    Story.FEW_SENT_DAYS,
    Story.GOOD,
    Story.ONE_SENT_PERSON,
    Story.GOOD,
    Story.FEW_RECEIVED_DAYS,
    Story.LEFT_MID_YEAR,
    Story.GOOD,
    Story.UNQUALIFIED,
    Story.GOOD,
    Story.TWO_RECEIVED_PEOPLE,
    Story.ALMOST_SENT_DAYS,
    Story.NO_AGREEMENT,
)


def plan_for(number: int, year: int, *, is_open: bool) -> Plan:
    """Return what the pairing with this number does in a year; the same at every call.

    ``is_open`` marks the current year, in which some have not begun.
    """
    story = STORIES[(number * 8 + year * 5) % len(STORIES)]
    if is_open and number % NOT_BEGUN_EVERY == 0:
        story = Story.EMPTY
    sent_people = 1 if story == Story.ONE_SENT_PERSON else 2
    received_people = 2 if story == Story.TWO_RECEIVED_PEOPLE else 3
    return Plan(
        story,
        sent_people,
        received_people,
        _sent_half_days(story, number),
        _received_half_days(story, number),
    )


def _sent_half_days(story: Story, number: int) -> int:
    match story:
        case Story.EMPTY:
            return 0
        case Story.FEW_SENT_DAYS:
            return 36 + number % 9
        case Story.ALMOST_SENT_DAYS:
            return 79
    return FULL_SENT_HALF_DAYS + number % 12


def _received_half_days(story: Story, number: int) -> int:
    match story:
        case Story.EMPTY:
            return 0
        case Story.FEW_RECEIVED_DAYS:
            return 150 + number % 40
    return FULL_RECEIVED_HALF_DAYS + number % 20
