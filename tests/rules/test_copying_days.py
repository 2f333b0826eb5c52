"""What a week, a stay or a text that is entered again would be like."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from models.types import Task, WorkMode
from portal.workdays import copying_rules as copying
from portal.workdays.copying_rules import Source

FRIDAY = date(2022, 11, 25)
MONDAY = date(2022, 11, 21)


def sources(*days: date, text: str = "演示") -> list[Source]:
    """Entries of these days, the latest first, as they are read."""
    return [
        Source(number, 1, day, 2, WorkMode.ONSITE, Task.T1, None, text)
        for number, day in enumerate(sorted(days, reverse=True))
    ]


def free(found: Sequence[Source], today: date):
    taken = {one.day for one in found}
    return lambda day: day not in taken and day <= today


def november(*numbers: int) -> list[date]:
    return [date(2022, 11, number) for number in numbers]


@pytest.mark.parametrize(
    ("entered", "today", "proposed"),
    [
        (november(14, 16, 18), FRIDAY, november(21, 23, 25)),
        # Of this week only what has come, and what is not entered yet.
        (november(14, 15, 16), MONDAY, november(21)),
        (november(14, 15, 16, 21), FRIDAY, november(22, 23)),
        # Nothing last week: that one like the week before.
        (november(8, 9), FRIDAY, november(15, 16)),
        # What is longer ago nobody means.
        (november(1, 2), FRIDAY, []),
        ([], FRIDAY, []),
    ],
)
def test_a_week_is_like_the_one_before(entered, today, proposed):
    found = sources(*entered)
    assert list(copying.next_week(found, today, free(found, today))) == proposed


@pytest.mark.parametrize(
    ("entered", "today", "proposed"),
    [
        (november(8, 9, 10), FRIDAY, november(23, 24, 25)),
        # A day by itself afterwards is no stay; nor is there one where all are by themselves.
        (november(8, 9, 10, 15), FRIDAY, november(23, 24, 25)),
        (november(8, 10, 15), FRIDAY, []),
        # What is entered of it already is not proposed again.
        (november(21, 22, 23, 24), FRIDAY, november(25)),
        (november(24, 25), FRIDAY, []),
        ([], FRIDAY, []),
    ],
)
def test_a_stay_is_like_the_last_one_and_ends_today(entered, today, proposed):
    found = sources(*entered)
    assert list(copying.next_stay(found, today, free(found, today))) == proposed


def test_each_day_is_like_the_one_so_many_days_before():
    found = sources(*november(14, 15))
    copy = copying.next_week(found, FRIDAY, free(found, FRIDAY))
    assert {day: one.day for day, one in copy.items()} == {
        MONDAY: MONDAY - timedelta(7),
        MONDAY + timedelta(1): MONDAY - timedelta(6),
    }


def test_texts_are_told_apart_and_the_latest_come_first():
    found = [
        one._replace(description=text)
        for one, text in zip(sources(*november(*range(1, 9))), "甲乙甲丙丁戊己庚", strict=True)
    ]
    assert [one.description for one in copying.different_texts(found)] == list("甲乙丙丁戊")
    assert copying.different_texts(sources(FRIDAY, text="")) == []


@pytest.mark.parametrize(
    ("changes", "alike"),
    [
        ({}, True),
        ({"description": "别的"}, False),
        ({"half_days": 1}, False),
        ({"mode": WorkMode.ONLINE}, False),
        ({"task": None}, False),
        ({"township_code": "640303100"}, True),
    ],
)
def test_one_sentence_does_only_where_all_say_the_same(changes, alike):
    one, other = sources(*november(14, 15))
    assert copying.are_alike({one.day: one, other.day: other._replace(**changes)}) is alike
