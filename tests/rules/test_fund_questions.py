"""What an auditor asks of a year of money: each question a table of cases."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import FundQuestion as Q
from models.types import FundSource
from portal.oversight.question_rules import (
    CashBook,
    Doubt,
    Early,
    Payee,
    Some,
    YearOfMoney,
    end_begins_on,
    limits_of,
    questions_of,
)
from portal.programme.policy import DEFAULT_POLICY

LIMITS = limits_of(DEFAULT_POLICY)
TODAY = date(2023, 6, 1)
YEAR = YearOfMoney(spent_fen=1_000_000, end_from=date(2022, 12, 1))
SUBSIDY = FundSource.MCA_SUBSIDY
OLD, NEW = date(2022, 6, 1), date(2022, 6, 2)


def asked(year: YearOfMoney) -> list[Doubt]:
    return questions_of(year, LIMITS, TODAY)


def cash(held: int, *arrived: tuple[date, int]) -> YearOfMoney:
    return YEAR._replace(cash=(CashBook(SUBSIDY, arrived, held),))


def test_an_ordinary_year_is_asked_nothing() -> None:
    assert asked(YEAR) == []


CASES = [
    # (what is there, the question, a part of what is said; None: nothing is asked)
    (cash(300, (OLD, 300)), Q.IDLE, "部级补助 3.00 元到账已满 365 天仍未使用"),
    (cash(300, (NEW, 300)), Q.IDLE, None),  # a day short of a year
    (cash(0, (OLD, 300)), Q.IDLE, None),
    # What came first is spent first.
    (cash(300, (OLD, 300), (NEW, 300)), Q.IDLE, None),
    (cash(400, (OLD, 300), (NEW, 300)), Q.IDLE, "部级补助 1.00 元"),
    (cash(250, (date(2022, 1, 5), 200), (OLD, 300)), Q.IDLE, "最早的一笔于 2022-06-01 到账"),
    (
        YEAR._replace(early=(Early(SUBSIDY, Some(2, 500, 7), OLD, NEW),)),
        Q.EARLY,
        "首笔于 2022-06-02 到账，此前已列支 2 笔，共 5.00 元",
    ),
    (YEAR._replace(round_at_end=Some(3, 300_000, 9)), Q.ROUND, "3 笔支出是 1,000.00 元的整数倍"),
    (YEAR._replace(round_at_end=Some(2, 300_000, 9)), Q.ROUND, None),
    (YEAR._replace(at_end=Some(4, 500_000, 9)), Q.SURGE, "占全年支出 10,000.00 元的 50%"),
    (YEAR._replace(at_end=Some(4, 499_999, 9)), Q.SURGE, None),
    (YEAR._replace(spent_fen=0), Q.SURGE, None),
    (
        YEAR._replace(payees=(Payee("演示车队", 3, Some(2, 800, 9)),)),
        Q.PAYEE,
        "“演示车队”本年度在本省 3 家机构收款，其中本机构 2 笔，共 8.00 元",
    ),
    (YEAR._replace(payees=(Payee("演示车队", 2, Some(2, 800, 9)),)), Q.PAYEE, None),
    (YEAR._replace(no_invoice=Some(1, 100_000, 9)), Q.NO_INVOICE, "占全年支出的 10%"),
    (YEAR._replace(no_invoice=Some(1, 99_999, 9)), Q.NO_INVOICE, None),
    (YEAR._replace(for_people=Some(1, 100, 9)), Q.WITHOUT_DAYS, "没有计入的工作日"),
    (YEAR._replace(for_people=Some(1, 100, 9), counted_centidays=50), Q.WITHOUT_DAYS, None),
]


@pytest.mark.parametrize(("year", "code", "said"), CASES)
def test_asks_with_its_numbers_and_not_below_the_limit(
    year: YearOfMoney, code: Q, said: str | None
) -> None:
    found = [one for one in asked(year) if one.code == code]
    assert len(found) == (said is not None)
    if said:
        assert said in found[0].found
        assert found[0].why.endswith("。")


def test_every_kind_of_question_has_a_case_that_asks_and_all_but_one_a_case_that_does_not() -> None:
    assert {code for _, code, said in CASES if said} == set(Q)
    assert {code for _, code, said in CASES if not said} == set(Q) - {Q.EARLY}


def test_the_same_figures_are_the_same_question_and_others_are_another() -> None:
    def facts(year: YearOfMoney, today: date = TODAY) -> str:
        return questions_of(year, LIMITS, today)[0].facts

    one = cash(300, (OLD, 300))
    assert facts(one) == facts(one, date(2023, 7, 1))  # days alone change nothing
    assert facts(one) != facts(cash(200, (OLD, 300)))
    spent = YEAR._replace(at_end=Some(4, 600_000, 9))
    other = YEAR._replace(at_end=Some(4, 600_000, 10))  # others of the same number and sum
    assert facts(spent) != facts(other)


def test_the_end_of_a_year_is_its_last_days() -> None:
    assert end_begins_on(date(2022, 12, 31), LIMITS) == date(2022, 12, 1)
