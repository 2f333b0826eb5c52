"""The staffing and day rules of the plan, head counts over time, and the forecast."""

from datetime import date

import pytest

from models.types import DayKind
from portal.calendar.rules import Calendar
from portal.compliance.rules import (
    COMPLIANCE_CODES,
    FINDING_CODES,
    TITLES,
    Presence,
    Stretch,
    Tally,
    codes_in,
    findings_for,
    forecast,
    gaps,
    head_counts,
    is_compliant,
    mask_of,
)
from portal.programme.policy import DEFAULT_POLICY, Policy

ENOUGH = Tally(
    sent_staff=2,
    qualified_sent_staff=2,
    received_staff=3,
    unqualified_received_staff=0,
    sent_centidays=4000,
    received_centidays=12000,
    sent_pending_centidays=0,
    received_pending_centidays=0,
    sent_min_centidays=2000,
    received_min_centidays=4000,
    has_agreement=True,
)
PER_PERSON = Policy({**DEFAULT_POLICY.values, "day_basis": "per_person"})

MAY_DAY_2022 = Calendar(
    {
        date(2022, 4, 24): DayKind.MAKEUP,
        date(2022, 4, 30): DayKind.HOLIDAY_WEEKEND,
        date(2022, 5, 1): DayKind.HOLIDAY_WEEKEND,
        date(2022, 5, 2): DayKind.HOLIDAY,
        date(2022, 5, 3): DayKind.HOLIDAY,
        date(2022, 5, 4): DayKind.HOLIDAY,
        date(2022, 5, 7): DayKind.MAKEUP,
    },
    frozenset({2022}),
)


def codes(tally: Tally, policy: Policy = DEFAULT_POLICY) -> list[str]:
    return [finding.code for finding in findings_for(tally, policy)]


def test_two_and_three_people_with_40_and_120_days_are_compliant() -> None:
    assert findings_for(ENOUGH, DEFAULT_POLICY) == []
    assert is_compliant([])


@pytest.mark.parametrize(
    ("change", "code", "have", "need"),
    [
        ({"sent_staff": 1, "qualified_sent_staff": 1}, "too_few_sent_staff", 1, 2),
        ({"sent_staff": 3}, "sent_staff_not_qualified", 2, 3),
        ({"received_staff": 2}, "too_few_received_staff", 2, 3),
        ({"sent_centidays": 3950}, "too_few_sent_days", 39.5, 40),
        ({"sent_centidays": 0}, "too_few_sent_days", 0, 40),
        ({"received_centidays": 11999}, "too_few_received_days", 119.99, 120),
        ({"has_agreement": False}, "no_agreement", 0, 1),
    ],
)
def test_one_requirement_missed_is_one_finding(
    change: dict[str, int], code: str, have: float, need: float
) -> None:
    (finding,) = findings_for(ENOUGH._replace(**change), DEFAULT_POLICY)
    assert (finding.code, finding.have, finding.need) == (code, have, need)
    assert finding.clause in ("二(四)2", "二(五)")
    assert finding.title == TITLES[code]
    assert is_compliant([finding]) == (code not in COMPLIANCE_CODES)


@pytest.mark.parametrize(
    ("change", "is_enough"),
    [
        ({"sent_centidays": 3950}, False),
        ({"sent_centidays": 3999}, False),
        ({"sent_centidays": 4000}, True),
        ({"received_centidays": 11950}, False),
        ({"received_centidays": 12000}, True),
    ],
)
def test_the_limit_itself_is_enough_and_half_a_day_less_is_not(
    change: dict[str, int], is_enough: bool
) -> None:
    assert is_compliant(findings_for(ENOUGH._replace(**change), DEFAULT_POLICY)) == is_enough


def test_the_message_names_what_is_there_what_is_needed_and_what_waits() -> None:
    tally = ENOUGH._replace(sent_centidays=3950, sent_pending_centidays=150)
    (finding,) = findings_for(tally, DEFAULT_POLICY)
    assert finding.message == (
        "援派工作日累计 39.5 天，应不少于 40 天，还差 0.5 天，另有 1.5 天尚未计入。"
    )


def test_a_received_person_who_does_not_count_is_a_finding_beside_compliance() -> None:
    """Decision B41: the head count leaves the person out already."""
    (finding,) = findings_for(ENOUGH._replace(unqualified_received_staff=2), DEFAULT_POLICY)
    assert (finding.code, finding.have, finding.need) == ("received_staff_not_qualified", 3, 5)
    assert "有 2 人按现行口径不算社会工作专业人才" in finding.message
    assert is_compliant([finding])


def test_waiting_days_do_not_make_a_pairing_compliant() -> None:
    tally = ENOUGH._replace(sent_centidays=0, sent_pending_centidays=99999)
    assert "too_few_sent_days" in codes(tally)


def test_a_pairing_in_which_nothing_happened_misses_everything_but_qualification() -> None:
    nothing = Tally(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, has_agreement=False)
    assert codes(nothing) == [
        "too_few_sent_staff",
        "too_few_received_staff",
        "too_few_sent_days",
        "too_few_received_days",
        "no_agreement",
    ]


def test_each_person_must_reach_the_limit_where_the_policy_says_per_person() -> None:
    assert codes(ENOUGH, PER_PERSON) == ["too_few_sent_days", "too_few_received_days"]
    each = ENOUGH._replace(sent_min_centidays=4000, received_min_centidays=12000)
    assert codes(each, PER_PERSON) == []
    sent, _received = findings_for(ENOUGH, PER_PERSON)
    assert (sent.have, sent.need) == (20, 40)
    assert "每人最少 20 天" in sent.message


def test_the_limits_are_those_of_the_policy() -> None:
    lower = Policy({**DEFAULT_POLICY.values, "min_sent_days": 10, "min_sent_staff": 1})
    tally = ENOUGH._replace(sent_staff=1, qualified_sent_staff=1, sent_centidays=1000)
    assert codes(tally, lower) == []


def test_five_pairs_with_about_20_days_each_all_lack_days() -> None:
    """Ningxia and Fujian 2022–23: 100 days over five pairs, 40 needed of each (cases.md)."""
    for centidays in (2100, 1950, 2000, 1900, 2050):
        tally = ENOUGH._replace(sent_centidays=centidays)
        (finding,) = findings_for(tally, DEFAULT_POLICY)
        assert finding.code == "too_few_sent_days"
        assert (finding.have, finding.need) == (centidays / 100, 40)


def test_a_mask_gives_back_its_codes() -> None:
    nothing = Tally(1, 0, 0, 1, 0, 0, 0, 0, 0, 0, has_agreement=False)
    findings = findings_for(nothing, DEFAULT_POLICY)
    assert codes_in(mask_of(findings)) == [finding.code for finding in findings]
    assert codes_in(mask_of(findings)) == list(FINDING_CODES)
    assert codes_in(0) == []


FIRST, LAST = date(2022, 1, 1), date(2022, 12, 31)


def stretch(first: tuple[int, int], last: tuple[int, int], count: int) -> Stretch:
    return Stretch(date(2022, *first), date(2022, *last), count)


def presence(person: int, first: tuple[int, int], last: tuple[int, int]) -> Presence:
    return Presence(person, date(2022, *first), date(2022, *last))


@pytest.mark.parametrize(
    ("presences", "expected"),
    [
        ([], [stretch((1, 1), (12, 31), 0)]),
        (
            # Somebody leaves in the middle of the year and nobody takes the place.
            [presence(1, (1, 1), (12, 31)), presence(2, (1, 1), (6, 30))],
            [stretch((1, 1), (6, 30), 2), stretch((7, 1), (12, 31), 1)],
        ),
        (
            # The successor begins ten days later.
            [
                presence(1, (1, 1), (12, 31)),
                presence(2, (1, 1), (6, 30)),
                presence(3, (7, 11), (12, 31)),
            ],
            [
                stretch((1, 1), (6, 30), 2),
                stretch((7, 1), (7, 10), 1),
                stretch((7, 11), (12, 31), 2),
            ],
        ),
        (
            # The same person twice in a row is one person, without a seam.
            [presence(1, (1, 1), (3, 31)), presence(1, (4, 1), (12, 31))],
            [stretch((1, 1), (12, 31), 1)],
        ),
        (
            # Two overlapping assignments of one person count once.
            [presence(1, (1, 1), (12, 31)), presence(1, (4, 1), (5, 1))],
            [stretch((1, 1), (12, 31), 1)],
        ),
        (
            [Presence(1, date(2021, 5, 1), date(2023, 5, 1))],
            [stretch((1, 1), (12, 31), 1)],
        ),
        (
            [Presence(1, date(2021, 5, 1), date(2021, 12, 31))],
            [stretch((1, 1), (12, 31), 0)],
        ),
        (
            [presence(1, (12, 31), (12, 31))],
            [stretch((1, 1), (12, 30), 0), stretch((12, 31), (12, 31), 1)],
        ),
    ],
)
def test_heads_are_counted_in_unbroken_stretches(
    presences: list[Presence], expected: list[Stretch]
) -> None:
    assert head_counts(presences, FIRST, LAST) == expected


def test_gaps_are_the_stretches_with_too_few_people() -> None:
    stretches = head_counts(
        [presence(1, (1, 1), (12, 31)), presence(2, (3, 1), (6, 30))], FIRST, LAST
    )
    assert gaps(stretches, 2) == [stretch((1, 1), (2, 28), 1), stretch((7, 1), (12, 31), 1)]
    assert gaps(stretches, 1) == []


def foresee(done: int, waiting: int, people: int, first: date, last: date, need: float = 40):
    return forecast(
        done_centidays=done,
        waiting_centidays=waiting,
        need_days=need,
        people=people,
        first=first,
        last=last,
        calendar=MAY_DAY_2022,
    )


def test_the_days_left_leave_out_holidays_and_take_in_makeup_days() -> None:
    # 22 and 24 (a Sunday of make-up) to 29 April, 5 to 7 May (a Saturday of make-up).
    found = foresee(0, 0, 2, date(2022, 4, 22), date(2022, 5, 8))
    assert found.working_days_left == 1 + 6 + 3


@pytest.mark.parametrize(
    ("missing", "people", "latest"),
    [
        (1, 1, date(2022, 5, 7)),  # the make-up Saturday is the last working day
        (2, 1, date(2022, 5, 6)),
        (3, 1, date(2022, 5, 5)),
        (4, 1, date(2022, 4, 29)),  # over the holiday
        (9, 1, date(2022, 4, 24)),  # the make-up Sunday
        (10, 1, date(2022, 4, 22)),
        (11, 1, None),
        (11, 2, date(2022, 4, 27)),  # six days each for 11 between two
        (0.5, 2, date(2022, 5, 7)),
        (20, 2, date(2022, 4, 22)),
        (20.5, 2, None),
    ],
)
def test_the_latest_start_is_counted_back_over_working_days(
    missing: float, people: int, latest: date | None
) -> None:
    found = foresee(4000 - round(missing * 100), 0, people, date(2022, 4, 22), date(2022, 5, 8))
    assert found.missing_days == missing
    assert found.latest_start == latest
    assert found.is_feasible == (latest is not None)


def test_the_forecast_takes_waiting_days_as_done() -> None:
    found = foresee(3000, 1000, 2, date(2022, 4, 22), date(2022, 5, 8))
    assert found.is_met
    assert found.is_feasible
    assert found.latest_start is None
    assert found.needed_pace is None


def test_nobody_on_duty_makes_it_infeasible() -> None:
    assert not foresee(0, 0, 0, date(2022, 4, 22), date(2022, 5, 8), need=1).is_feasible


def test_after_the_last_day_nothing_is_left() -> None:
    found = foresee(0, 0, 2, date(2022, 5, 9), date(2022, 5, 8))
    assert (found.working_days_left, found.needed_pace, found.is_feasible) == (0, None, False)
    assert found.unofficial_years == ()


def test_the_pace_is_the_missing_days_for_each_working_day_left() -> None:
    found = foresee(2000, 0, 2, date(2022, 4, 22), date(2022, 5, 8))
    assert found.needed_pace == 2


def test_a_year_without_an_official_notice_is_named() -> None:
    found = foresee(0, 0, 2, date(2022, 12, 1), date(2023, 1, 31))
    assert found.unofficial_years == (2023,)
