"""Conditions typed into the search, and the lists that understand them."""

from __future__ import annotations

from typing import Any

import pytest

from portal.rooms import HOUSE
from portal.saved_views.rules import PAGES
from portal.search.condition_rules import conditions_in, known_conditions, understood_by
from portal.search.rules import asked_by

PROVINCES = {"贵州省": "520000", "福建省": "350000", "湖北省": "420000", "湖南省": "430000"}


def opened(typed: str) -> dict[str, Any]:
    conditions, words = conditions_in(asked_by(typed), HOUSE.lists)
    found = understood_by(conditions, words, HOUSE.lists, PROVINCES)
    return {one.target.label: one.values for one in found}


@pytest.mark.parametrize(
    ("typed", "lists"),
    [
        ("省:贵州", {"结对": {"receiving": "520000"}}),
        ("援派省：福建 达标：否", {"结对": {"sending": "350000", "compliant": "no"}}),
        ("达标:未达标 红寺堡", {"结对": {"compliant": "no", "q": "红寺堡"}}),
        ("状态:退回", {"工作日志": {"state": "returned"}}),
        (
            "状态:待确认",
            {"结对": {"state": "waiting"}, "资金安排": {"state": "to_confirm"}},
        ),
        ("来源:部级 状态:已入账", {"支出": {"source": "mca_subsidy", "state": "booked"}}),
        (
            "状态:已退回 姓名:演示 年度:２０２２",
            {"工作日志": {"state": "returned", "person": "演示", "year": "2022"}},
        ),
        ("角色:援派", {"工作日志": {"side": "sent"}, "选派": {"side": "sent"}}),
        ("角色:援派 甲", {"选派": {"side": "sent", "q": "甲"}}),
        ("类型:儿童福利", {"机构": {"type": "child_welfare"}}),
    ],
)
def test_opens_the_lists_that_understand_all_of_it(typed: str, lists: dict[str, Any]) -> None:
    assert opened(typed) == lists


@pytest.mark.parametrize(
    "typed",
    [
        "省:贵州 状态:退回",  # the list of working days has no province
        "省:湖",  # two begin so
        "省:东海",
        "类型:机构",
    ],
)
def test_opens_no_list_for_what_none_understands(typed: str) -> None:
    assert opened(typed) == {}


def test_a_colon_alone_makes_no_condition() -> None:
    assert conditions_in(asked_by("12:30 http://x :x 省:"), HOUSE.lists) == (
        [],
        ["12:30", "http://x", ":x", "省:"],
    )


def test_asks_only_what_the_list_can_be_asked() -> None:
    for target in HOUSE.lists:
        page = PAGES[target.endpoint]
        assert target.permission == page.permission
        asked = {name for name, _ in target.filters.values()} | {target.search} - {""}
        assert asked <= set(page.keys)
    assert "受援省" in known_conditions(HOUSE.lists)
