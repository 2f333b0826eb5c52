"""The pace of days: a table of cases, and the forecast that it puts as numbers."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from models.types import DayKind, Side
from portal.calendar.rules import Calendar, Numbering
from portal.compliance.pace_rules import (
    RANKED,
    Course,
    Days,
    Pace,
    PaceMoment,
    course_of,
    latest_start_of,
    moment_of,
    need_of,
    pace_of,
    standing_of,
    verdict_of,
    worst_of,
)
from portal.compliance.rules import forecast
from portal.programme.policy import DEFAULT_POLICY, Policy

PER_PERSON = Policy({**DEFAULT_POLICY.values, "day_basis": "per_person"})

WEEK = Calendar({date(2022, 1, 3): DayKind.HOLIDAY, date(2022, 1, 8): DayKind.MAKEUP}, frozenset())
FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)
NUMBERING = Numbering(WEEK, FIRST, LAST)
# 260 weekdays, one of them a holiday, and one Saturday that is worked.
IN_ALL = 260

WHOLE = Course(LAST, 0, 250, sent_people=2, received_people=3)
"""A year of 250 working days, as round numbers are easier to follow."""


def on(through: int, day: date = date(2022, 6, 30)) -> PaceMoment:
    """The end of the working day with a number."""
    return PaceMoment(day, through - 1, through)


def sent(logged: int, people: int = 2) -> Days:
    return Days(logged, 4000, people, is_done=logged >= 4000)


@pytest.mark.parametrize(
    ("days", "moment", "expected", "start"),
    [
        # Half of 40 days at half of 250: as an even spread has it; a day later it has more.
        (sent(2000), on(125), Pace.ON_COURSE, 241),
        (sent(2000), on(126), Pace.SLOW, 241),
        (sent(2050), on(128), Pace.ON_COURSE, 241),
        (sent(2050), on(129), Pace.SLOW, 241),
        # Nothing yet: 20 days of two people, which begin on the 231st working day at the latest.
        (sent(0), on(231), Pace.SLOW, 231),
        (sent(0), on(232), Pace.OUT_OF_REACH, None),
        # Half a day too much is a day more for one of them.
        (sent(50), on(231), Pace.SLOW, 231),
        (sent(3850), on(250), Pace.SLOW, 250),
        (sent(3750), on(250), Pace.OUT_OF_REACH, None),
        (sent(0, people=1), on(211), Pace.SLOW, 211),
        (sent(0, people=1), on(212), Pace.OUT_OF_REACH, None),
        # What counts is enough, or will be once somebody has decided.
        (sent(4000), on(1), Pace.DONE, None),
        (sent(4000), on(250), Pace.DONE, None),
        (Days(4000, 4000, 2, is_done=False), on(250), Pace.ON_COURSE, None),
        # Nobody has to begin before the year does.
        (sent(0), on(0, date(2021, 12, 31)), Pace.ON_COURSE, 231),
    ],
)
def test_a_side_stands_on_a_day(
    days: Days, moment: PaceMoment, expected: Pace, start: int | None
) -> None:
    assert pace_of(days, WHOLE, moment) == expected
    assert latest_start_of(days, WHOLE, moment) == start


def test_a_year_that_is_over_has_no_pace() -> None:
    assert pace_of(sent(0), WHOLE, on(250, LAST)) == Pace.OUT_OF_REACH
    assert pace_of(sent(0), WHOLE, on(250, date(2023, 1, 1))) is None
    assert pace_of(sent(4000), WHOLE, on(250, date(2023, 1, 1))) is None
    assert latest_start_of(sent(0), WHOLE, on(250, date(2023, 1, 1))) is None


def test_a_pairing_that_begins_late_is_measured_by_its_own_days() -> None:
    second_half = WHOLE._replace(before=125)
    assert pace_of(sent(0), second_half, on(100)) == Pace.ON_COURSE
    assert pace_of(sent(1000), second_half, on(156)) == Pace.ON_COURSE
    assert pace_of(sent(1000), second_half, on(157)) == Pace.SLOW


def test_the_side_further_behind_is_the_pace_of_the_pairing() -> None:
    assert worst_of(Pace.DONE, Pace.SLOW) == Pace.SLOW
    assert worst_of(Pace.ON_COURSE, Pace.OUT_OF_REACH) == Pace.OUT_OF_REACH
    assert worst_of(Pace.DONE, Pace.DONE) == Pace.DONE
    assert worst_of(None, None) is None
    assert [pace.label for pace in RANKED] == ["来不及", "偏慢", "按进度", "已完成"]


def test_the_earlier_of_two_latest_starts_is_told() -> None:
    course = course_of((FIRST, LAST), (2, 3), NUMBERING, DEFAULT_POLICY)
    moment = moment_of(NUMBERING, date(2022, 6, 30))
    received = Days(0, 12000, 3, is_done=False)
    standing = standing_of(sent(3900), received, course, moment, NUMBERING)
    # 40 days of three people: the last 40 working days, of a December without holidays.
    assert standing.latest_start_on == date(2022, 11, 7)
    assert (standing.sent, standing.received) == (Pace.ON_COURSE, Pace.SLOW)
    assert standing.worst == Pace.SLOW


def test_working_days_are_numbered_from_the_first_day_of_the_year() -> None:
    numbering = NUMBERING
    assert [numbering.through(date(2022, 1, day)) for day in (1, 3, 4, 7, 8, 9, 10)] == [
        0, 0, 1, 4, 5, 5, 6,
    ]  # fmt: skip
    assert numbering.through(LAST) == IN_ALL
    assert numbering.through(date(2023, 1, 2)) == IN_ALL + 1
    assert numbering.through(date(2021, 12, 31)) == 0
    assert numbering.through(date(2021, 12, 30)) == -1
    for day in (date(2022, 1, 4), date(2022, 1, 8), date(2022, 12, 30), date(2023, 1, 3)):
        assert numbering.date_of(numbering.through(day)) == day
    assert numbering.date_of(0) == date(2021, 12, 31)


@pytest.mark.parametrize(
    ("crew", "policy", "people"),
    [
        ((2, 3), DEFAULT_POLICY, (2, 3)),
        ((1, 0), DEFAULT_POLICY, (1, 3)),
        ((0, 5), DEFAULT_POLICY, (2, 5)),
        # Nobody can do another's days.
        ((2, 3), PER_PERSON, (1, 1)),
    ],
)
def test_whoever_is_on_duty_on_the_last_day_is_reckoned_with(
    crew: tuple[int, int], policy: Policy, people: tuple[int, int]
) -> None:
    course = course_of((date(2022, 1, 6), LAST), crew, NUMBERING, policy)
    assert (course.sent_people, course.received_people) == people
    assert (course.before, course.through, course.ends_on) == (2, IN_ALL, LAST)


def test_the_pace_is_the_forecast_put_as_numbers() -> None:
    """Whatever is logged, on whatever day: what the forecast takes for possible is not out of reach."""
    chance = Random(20220630)
    course = course_of((FIRST, LAST), (0, 0), NUMBERING, DEFAULT_POLICY)
    seen = set()
    for _ in range(400):
        side, people = chance.choice(list(Side)), chance.randint(1, 4)
        need = need_of(side, DEFAULT_POLICY)
        logged = chance.choice([0, need, chance.randint(0, 2 * need) // 50 * 50])
        day = date(2022, chance.choice([3, 9, 11, 12]), chance.randint(1, 28))
        outlook = forecast(
            done_centidays=logged,
            waiting_centidays=0,
            need_days=need / 100,
            people=people,
            first=day,
            last=LAST,
            calendar=WEEK,
        )
        days, moment = Days(logged, need, people, is_done=logged >= need), moment_of(NUMBERING, day)
        found = pace_of(days, course, moment)
        seen.add(found)
        assert (found == Pace.OUT_OF_REACH) == (not outlook.is_feasible)
        assert (found == Pace.DONE) == outlook.is_met
        start = latest_start_of(days, course, moment)
        assert (start and NUMBERING.date_of(start)) == outlook.latest_start
    assert seen == set(Pace)


@pytest.mark.parametrize(
    ("is_compliant", "paces", "word"),
    [
        (True, (Pace.DONE, Pace.DONE), "是"),
        (False, (Pace.ON_COURSE, Pace.SLOW), "尚未"),
        (False, (Pace.DONE, Pace.DONE), "尚未"),  # people may still come
        (False, (Pace.ON_COURSE, Pace.OUT_OF_REACH), "否"),
        (False, (None, None), "否"),
        (True, (None, None), "是"),
    ],
)
def test_a_file_says_no_only_where_no_day_to_come_can_mend_it(
    is_compliant: bool, paces: tuple[Pace | None, Pace | None], word: str
) -> None:
    assert verdict_of(is_compliant, *paces) == word
