"""When a programme or a work year may be opened and closed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal.programme.period_rules import (
    Moved,
    NewProgramme,
    Span,
    refusals_for_closing,
    refusals_for_programme,
    refusals_for_work_year,
)

TODAY = date(2025, 11, 20)
FIRST = Span("2021-2025", date(2021, 1, 1), date(2025, 12, 31))
NEXT = Span("2026-2030", date(2026, 1, 1), date(2030, 12, 31))


def year(number: int, province: str = "") -> Span:
    title = f"{number} 工作年度{province}"
    return Span(title, date(number, 1, 1), date(number, 12, 31))


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"code": " "}, ["missing_value"]),
        ({"name": ""}, ["missing_value"]),
        ({"code": "../2026"}, ["invalid_value"]),
        ({"code": "2026" * 11}, ["invalid_value"]),
        ({"ends_on": date(2026, 1, 1)}, ["invalid_date"]),
        ({"ends_on": date(2025, 1, 1)}, ["invalid_date"]),
        ({"ends_on": date(2036, 1, 1)}, []),
        ({"ends_on": date(2036, 1, 2)}, ["too_long"]),
        ({"ends_on": date.max}, ["too_long"]),
        ({"starts_on": date(2206, 1, 1), "ends_on": date(2210, 12, 31)}, ["far_away"]),
        ({"starts_on": date(206, 1, 1), "ends_on": date(210, 12, 31)}, ["far_away"]),
        ({"starts_on": date(2025, 12, 31)}, ["overlap"]),
        ({"starts_on": date(2022, 1, 1), "ends_on": date(2023, 1, 1)}, ["overlap"]),
        ({"code": "2021-2025"}, ["duplicate"]),
        ({"starts_on": date(2026, 7, 1)}, ["gap"]),
        ({"starts_on": date(2026, 7, 1), "accepts_gap": True}, []),
        ({"starts_on": date(2016, 1, 1), "ends_on": date(2020, 12, 31)}, []),
        ({"starts_on": date(2016, 1, 1), "ends_on": date(2020, 6, 30)}, ["gap"]),
    ],
)
def test_when_a_programme_may_be_opened(changes: dict[str, Any], codes: list[str]) -> None:
    asked: dict[str, Any] = {
        "code": NEXT.name,
        "name": "下一期（演示）",
        "starts_on": NEXT.starts_on,
        "ends_on": NEXT.ends_on,
        "others": [FIRST],
        "today": TODAY,
        "accepts_gap": False,
        **changes,
    }
    others, today = asked.pop("others"), asked.pop("today")
    found = refusals_for_programme(
        NewProgramme(**asked, document_number=None), others=others, today=today
    )
    assert [one.code for one in found] == codes
    assert all(one.sentence.endswith("。") for one in found)


def test_a_gap_is_named_by_its_days() -> None:
    (found,) = refusals_for_programme(
        NewProgramme("2026-2030", "下一期（演示）", None, date(2026, 7, 1), date(2030, 12, 31)),
        others=[FIRST],
        today=TODAY,
    )
    assert found.sentence.startswith("2026-01-01 至 2026-06-30 将不在任何一期计划内")


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"wanted": Span("2027 工作年度", date(2027, 1, 1), date(2027, 1, 1))}, ["invalid_date"]),
        ({"wanted": Span("2027 工作年度", date(2027, 1, 1), date(2028, 1, 1))}, ["too_long"]),
        (
            {"wanted": Span("2027 工作年度", date(2026, 12, 1), date(2027, 11, 30))},
            ["invalid_date", "overlap"],
        ),
        ({"number": 2206, "wanted": year(2206)}, ["far_away", "outside_programme"]),
        ({"programme": None}, ["outside_programme"]),
        ({"programme": NEXT._replace(ends_on=date(2027, 6, 30))}, ["outside_programme"]),
        ({"same_scope": [year(2026), year(2027)]}, ["duplicate"]),
        (
            {"same_scope": [year(2026)._replace(ends_on=date(2027, 2, 28))]},
            ["overlap"],
        ),
        ({"is_open_nationwide": False}, ["unknown_year"]),
        ({"is_closed": True}, ["closed_year"]),
        ({"moved": Moved(3, 0)}, ["days_would_move"]),
        ({"moved": Moved(0, 1)}, ["pairing_left_out"]),
        ({"wanted": Span("2027 工作年度", date(2027, 3, 1), date(2027, 12, 31))}, ["gap"]),
        ({"in_force": []}, ["gap"]),
        ({"in_force": [], "accepts_gap": True}, []),
        ({"in_force": [year(2026), year(2029)]}, ["gap"]),
    ],
)
def test_when_a_work_year_may_be_opened(changes: dict[str, Any], codes: list[str]) -> None:
    asked: dict[str, Any] = {
        "number": 2027,
        "wanted": year(2027),
        "programme": NEXT,
        "same_scope": [year(2026)],
        "in_force": [year(2026)],
        "is_open_nationwide": None,
        "is_closed": False,
        "moved": Moved(0, 0),
        "today": TODAY,
        "accepts_gap": False,
        **changes,
    }
    found = refusals_for_work_year(asked.pop("number"), asked.pop("wanted"), **asked)
    assert [one.code for one in found] == codes
    assert all(one.sentence.endswith("。") for one in found)


@pytest.mark.parametrize(
    ("today", "waiting", "is_sure", "codes"),
    [
        (date(2026, 1, 1), 0, False, []),
        (date(2025, 12, 31), 0, False, ["still_running"]),
        (date(2026, 1, 1), 2, False, ["waiting_days"]),
        (date(2025, 6, 1), 2, False, ["still_running", "waiting_days"]),
        (date(2025, 6, 1), 2, True, []),
    ],
)
def test_when_a_period_may_be_closed(
    today: date, waiting: int, is_sure: bool, codes: list[str]
) -> None:
    found = refusals_for_closing(year(2025), waiting=waiting, today=today, is_sure=is_sure)
    assert [one.code for one in found] == codes
