"""What a source pays: the table of cases of the plan (三(一), B27, B28) and what a province changed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from models.types import ExpenseCategory as C
from models.types import FundSource as S
from portal.ledger.amount_rules import YearFacts
from portal.spending.eligibility_rules import (
    CellRule,
    Eligibility,
    Ground,
    PaidDay,
    Spending,
    matrix_on,
    refusals_for_cell_change,
    refusals_for_days,
    refusals_for_expenditure,
)

DAY, TODAY = date(2022, 5, 10), date(2022, 6, 1)
YEAR = YearFacts(2022, date(2022, 1, 1), is_closed=False, ends_on=date(2022, 12, 31))


def said(source: S, category: C, day: date, *, is_allowed: bool, hour: int = 1) -> CellRule:
    at = datetime(2022, 1, 1, hour, tzinfo=UTC)
    return CellRule(source, category, is_allowed, day, at, "演示通知 1 号")


def ground(*rules: CellRule, received: int = 3_000_000, other: int = 0, **year) -> Ground:
    matrix = matrix_on("福建省", rules, DAY)
    return Ground("演示机构", YEAR._replace(**year), matrix, other, received, 10)


def spending(source: S = S.MCA_SUBSIDY, category: C = C.ACTIVITY, **changes) -> Spending:
    detail = {
        C.OTHER: {"other_reason": "演示：场地维修"},
        C.TRANSPORT: {"route": "福州—银川", "travelled_from": DAY, "travelled_until": DAY},
        C.WAGES: {"has_person": True},
    }.get(category, {})
    usual = {"amount_fen": 10_000, "spent_on": DAY, "payee": "演示商店", "purpose": "材料"}
    return Spending(source, category, **{**usual, **detail, **changes})


def codes(one: Spending, where: Ground | None = None) -> list[tuple[str, str]]:
    found = refusals_for_expenditure(one, where or ground(), today=TODAY)
    return [(refusal.field, refusal.code) for refusal in found]


@pytest.mark.parametrize("source", S)
@pytest.mark.parametrize("category", C)
def test_each_cell_of_the_plan_is_open_but_wages_out_of_lottery_money(source: S, category: C):
    is_closed = (source, category) == (S.LOTTERY, C.WAGES)
    assert codes(spending(source, category)) == ([("source", "not_eligible")] if is_closed else [])
    verdict = matrix_on("福建省", [], DAY).verdict(source, category)
    usual = Eligibility.WITH_APPROVAL if category == C.OTHER else Eligibility.OPEN
    assert verdict == (Eligibility.CLOSED if is_closed else usual)


OPENED = said(S.LOTTERY, C.WAGES, DAY, is_allowed=True)
CLOSED = said(S.SOCIAL, C.MEALS, DAY, is_allowed=False)


@pytest.mark.parametrize(
    ("rules", "source", "category", "is_refused"),
    [
        ([OPENED], S.LOTTERY, C.WAGES, False),
        ([OPENED._replace(valid_from=TODAY)], S.LOTTERY, C.WAGES, True),
        ([CLOSED], S.SOCIAL, C.MEALS, True),
        ([CLOSED], S.SOCIAL, C.ACTIVITY, False),
        ([CLOSED], S.DONATION, C.MEALS, False),
        # Of two the later day counts, of one day what was said last.
        (
            [CLOSED, CLOSED._replace(is_allowed=True, valid_from=date(2022, 1, 1))],
            S.SOCIAL,
            C.MEALS,
            True,
        ),
        ([said(S.SOCIAL, C.MEALS, DAY, is_allowed=True, hour=9), CLOSED], S.SOCIAL, C.MEALS, False),
        ([said(S.SELF, C.OTHER, DAY, is_allowed=False)], S.SELF, C.OTHER, True),
    ],
)
def test_a_province_opens_and_closes_a_cell_from_a_day(rules, source, category, is_refused):
    found = codes(spending(source, category), ground(*rules))
    assert found == ([("source", "not_eligible")] if is_refused else [])


@pytest.mark.parametrize(
    ("source", "category", "purpose", "is_refused"),
    [
        (S.LOTTERY, C.ACTIVITY, "来访人员接待费", True),
        (S.LOTTERY, C.TRANSPORT, "公务用车加油", True),
        (S.LOTTERY, C.ACTIVITY, "项目人员支出", True),
        (S.LOTTERY, C.ACTIVITY, "小组活动材料", False),
        (S.MCA_SUBSIDY, C.ACTIVITY, "来访人员接待费", False),
        (S.MCA_SUBSIDY, C.WAGES, "五月工资", False),
    ],
)
def test_lottery_money_has_a_negative_list_of_its_own(source, category, purpose, is_refused):
    found = codes(spending(source, category, purpose=purpose))
    assert found == ([("purpose", "not_eligible")] if is_refused else [])


def test_opened_wages_may_be_called_wages_and_nothing_else_of_the_list():
    where = ground(OPENED)
    assert codes(spending(S.LOTTERY, C.WAGES, purpose="五月工资"), where) == []
    assert codes(spending(S.LOTTERY, C.WAGES, purpose="宴请"), where) == [
        ("purpose", "not_eligible")
    ]


@pytest.mark.parametrize(
    ("amount", "other", "received", "is_refused"),
    [
        (300_000, 0, 3_000_000, False),
        (300_001, 0, 3_000_000, True),
        (1, 300_000, 3_000_000, True),
        (1, 0, 0, True),
    ],
)
def test_other_spending_has_its_cap(amount, other, received, is_refused):
    where = ground(received=received, other=other)
    found = refusals_for_expenditure(
        spending(category=C.OTHER, amount_fen=amount), where, today=TODAY
    )
    assert [one.code for one in found] == (["over_cap"] if is_refused else [])
    if is_refused:
        assert "10%" in found[0].sentence
        assert "五类支出" in found[0].sentence


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"spent_on": date(2022, 6, 2)}, ("spent_on", "future_date")),
        ({"spent_on": date(2021, 12, 31)}, ("spent_on", "outside_work_year")),
        ({"payee": " "}, ("payee", "missing_value")),
        ({"payee": "甲" * 121}, ("payee", "text_too_long")),
        ({"purpose": ""}, ("purpose", "missing_value")),
        ({"purpose": "甲" * 501}, ("purpose", "text_too_long")),
        ({"invoice_number": "1" * 61}, ("invoice_number", "text_too_long")),
        ({"category": C.OTHER, "other_reason": None}, ("other_reason", "missing_value")),
        ({"category": C.TRANSPORT, "route": ""}, ("route", "missing_value")),
        ({"category": C.TRANSPORT, "travelled_from": None}, ("travelled_from", "missing_value")),
        ({"category": C.TRANSPORT, "travelled_until": date(2022, 5, 9)}, ("travelled_until", "invalid_date")),
        ({"category": C.WAGES, "has_person": False}, ("person", "missing_value")),
    ],
)  # fmt: skip
def test_each_thing_that_is_missing_or_wrong_has_its_field(changes, expected):
    assert codes(spending(**changes)) == [expected]


def test_what_a_file_has_no_column_for_may_be_missing():
    for category in C:
        one = spending(category=category)._replace(
            payee="", purpose="", other_reason=None, route=None, has_person=False, from_file=True
        )
        assert codes(one) == []


def test_a_closed_year_takes_nothing_and_a_year_of_another_pairing_neither():
    assert codes(spending(), ground(is_closed=True)) == [("", "closed_year")]
    assert codes(spending(), ground(starts_on=None, ends_on=None)) == [
        ("year", "outside_work_year")
    ]


WORKED = PaidDay(1, DAY, 7, is_approved=True)


@pytest.mark.parametrize(
    ("category", "days", "code"),
    [
        (C.WAGES, [WORKED], None),
        (C.WAGES, [], "missing_value"),
        (C.WAGES, [WORKED._replace(is_approved=False)], "not_approved"),
        (C.WAGES, [WORKED._replace(person_id=8)], "other_person"),
        (C.TRANSPORT, [], None),
        (C.TRANSPORT, [WORKED._replace(is_approved=False, person_id=8)], None),
        (C.TRANSPORT, [WORKED._replace(worked_on=date(2022, 5, 11))], "outside_trip"),
        (C.MEALS, [], None),
    ],
)
def test_wages_pay_approved_days_of_their_person_and_a_trip_its_own_days(category, days, code):
    found = refusals_for_days(spending(category=category), days, person_id=7)
    assert [one.code for one in found] == ([code] if code else [])


@pytest.mark.parametrize(
    ("is_allowed", "valid_from", "is_so", "field"),
    [
        (True, date(2022, 1, 1), False, None),
        (True, date(2021, 12, 31), False, "valid_from"),
        (False, TODAY, False, None),
        (False, date(2022, 5, 31), False, "valid_from"),
        (True, TODAY, True, "is_allowed"),
    ],
)
def test_a_cell_is_opened_within_the_year_and_closed_from_today(
    is_allowed, valid_from, is_so, field
):
    found = refusals_for_cell_change(
        is_allowed=is_allowed,
        valid_from=valid_from,
        today=TODAY,
        year_starts_on=date(2022, 1, 1),
        is_so_already=is_so,
    )
    assert [one.field for one in found] == ([field] if field else [])


@pytest.mark.parametrize(
    "purpose",
    ["公务接待", "公务 接待", "公 务 接 待", "公务-接待", "公·务·接·待", "公务\u3000接待"],
)
def test_a_word_of_the_negative_list_is_known_however_it_is_spread(purpose):
    (found,) = refusals_for_expenditure(
        spending(source=S.LOTTERY, purpose=f"演示：{purpose}"), ground(), today=TODAY
    )
    assert (found.field, found.code) == ("purpose", "not_eligible")
