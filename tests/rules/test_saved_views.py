"""What a view keeps of a URL, and which views are not kept."""

from __future__ import annotations

import pytest

from forms.awards import AwardFilters
from forms.funding import AllocationFilters
from forms.organisations import OrganisationFilters
from forms.oversight import QuestionFilters
from forms.pairings import PairingFilters
from forms.people import PeopleFilters
from forms.settlements import SettlementFilters
from forms.spending import SpendingFilters
from forms.staffing import AssignmentFilters
from forms.summaries import SummaryFilters
from forms.workdays import WorkdayFilters
from models.types import Role
from portal.refusals import Refusal
from portal.saved_views.rules import MAX_VIEWS, PAGES, Draft, query_of, refusals_for_view

PAIRINGS = "pairings.list_pairings"
GOOD = Draft(PAIRINGS, "未达标", "compliant=no")


def refusals(draft: Draft, **facts: object) -> list[Refusal]:
    known = {
        "may_open": True,
        "own_roles": (Role.PROV_CIVIL,),
        "others": 0,
        "is_taken": False,
        "replace": False,
    }
    return refusals_for_view(draft, **{**known, **facts})


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("state=active&cursor=abc&sort=-county", "state=active&sort=-county"),
        ("sort=code&year=2022&q=+%E5%90%8C%E5%BF%83+", "year=2022&q=%E5%90%8C%E5%BF%83&sort=code"),
        ("line=&mode=cross_province", "mode=cross_province"),
        ("next=//example&admin=1&csrf_token=x", ""),
        ("state=active&state=terminated", "state=active"),
        ("?state=active", ""),
    ],
)
def test_keeps_the_filters_and_the_order_and_nothing_else(typed: str, kept: str) -> None:
    assert query_of(PAIRINGS, typed) == kept


def test_keeps_nothing_of_a_page_without_views() -> None:
    assert query_of("accounts.list_accounts", "state=waiting") == ""


@pytest.mark.parametrize(
    ("page", "form"),
    [
        ("organisations.list_organisations", OrganisationFilters),
        ("people.list_people", PeopleFilters),
        (PAIRINGS, PairingFilters),
        ("funding.list_fund_allocations", AllocationFilters),
        ("spending.list_expenditures", SpendingFilters),
        ("settlements.list_settlements", SettlementFilters),
        ("oversight.list_fund_questions", QuestionFilters),
        ("awards.list_awards", AwardFilters),
        ("staffing.list_assignments", AssignmentFilters),
        ("workdays.list_workdays", WorkdayFilters),
        ("summaries.show_summary", SummaryFilters),
    ],
)
def test_knows_every_filter_of_its_list(page: str, form: type) -> None:
    fields = {name for name in dir(form) if hasattr(getattr(form, name), "field_class")}
    assert fields
    # A year that is no field is chosen by the links above the list.
    assert set(PAGES[page].keys) - {"year", "sort"} == fields - {"year"}


def test_a_view_with_all_it_needs_is_kept() -> None:
    assert refusals(GOOD) == []
    assert refusals(GOOD._replace(shared_with=Role.PROV_CIVIL)) == []
    assert refusals(GOOD, is_taken=True, replace=True, others=MAX_VIEWS) == []


@pytest.mark.parametrize(
    ("draft", "facts", "code", "words"),
    [
        (GOOD, {"may_open": False}, "unknown_page", "从列表页保存"),
        (GOOD._replace(page="home.home"), {}, "unknown_page", "从列表页保存"),
        (GOOD._replace(name=""), {}, "missing_value", "起一个名称"),
        (GOOD._replace(name="长" * 41), {}, "too_long", "最多 40 个字，现有 41 个字"),
        (GOOD._replace(query=""), {}, "nothing_asked", "先在列表中筛选或排序"),
        (GOOD._replace(query="q=" + "x" * 999), {}, "too_long", "1001 个字符，最多 1000"),
        (GOOD._replace(shared_with=Role.NAT_CIVIL), {}, "not_own_role", "自己的角色"),
        (GOOD, {"is_taken": True}, "name_taken", "勾选“替换同名视图”"),
        (GOOD, {"others": MAX_VIEWS}, "too_many", "最多保存 20 个视图"),
    ],
)
def test_says_why_a_view_is_not_kept(
    draft: Draft, facts: dict[str, object], code: str, words: str
) -> None:
    (refusal,) = refusals(draft, **facts)
    assert refusal.code == code
    assert words in refusal.sentence
