"""Which lists have views, what a view keeps of a URL, and why one is not kept."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode

from models.types import Role
from portal.refusals import Refusal
from portal.standards.text import plain

MAX_NAME = 40
MAX_QUERY = 1000
"""Characters of a query as it stands in the URL."""

MAX_VIEWS = 20
"""Of one account on one page."""


class Page(NamedTuple):
    """A list that has views: its name, who may open it, and what its URL may ask.

    ``place`` is the key that stands in the path of the address: without it there is no such page.
    """

    label: str
    permission: str
    keys: tuple[str, ...]
    place: str = ""


PAGES: dict[str, Page] = {
    "organisations.list_organisations": Page(
        "机构", "organisation.read", ("q", "province", "type", "role", "sort")
    ),
    "people.list_people": Page(
        "人员", "person.read", ("q", "organisation", "level", "qualified", "sort")
    ),
    "pairings.list_pairings": Page(
        "结对",
        "pairing.read",
        (
            *("year", "q", "sending", "receiving", "line", "mode", "pace", "compliant"),
            *("finding", "state", "sort"),
        ),
    ),
    "funding.list_fund_allocations": Page(
        "资金安排", "fund.read", ("year", "q", "source", "province", "state", "sort")
    ),
    "spending.list_expenditures": Page(
        "支出",
        "spending.read",
        (
            *("year", "q", "state", "source", "category", "organisation", "pairing"),
            "sort",
        ),
    ),
    "settlements.list_settlements": Page(
        "年度结算", "fund.read", ("year", "q", "province", "stage", "sort")
    ),
    "oversight.list_fund_questions": Page(
        "资金监管", "fund.question", ("year", "q", "province", "question", "stage")
    ),
    "awards.list_awards": Page("证书奖补", "award.read", ("q", "state", "level", "sort")),
    "staffing.list_assignments": Page(
        "选派", "assignment.read", ("q", "side", "state", "qualified", "sort")
    ),
    "workdays.list_workdays": Page(
        "工作日志",
        "workday.read",
        ("year", "month", "pairing", "side", "person", "state", "sort"),
    ),
    "summaries.show_summary": Page(
        "汇总",
        "summary.read",
        (
            *("year", "province", "line", "mode", "pace", "compliant", "finding"),
            *("as_of", "sort"),
        ),
    ),
    "summaries.show_province": Page(
        "一省汇总",
        "summary.read",
        (
            *("code", "year", "side", "county", "line", "mode", "pace", "compliant", "finding"),
            *("as_of", "sort"),
        ),
        place="code",
    ),
}
"""By endpoint. A test holds the keys to the forms of the filters."""


class Draft(NamedTuple):
    """A view as somebody wants to keep it; ``query`` is normalised."""

    page: str
    name: str
    query: str
    shared_with: Role | None = None


def query_of(page: str, typed: str) -> str:
    """Return what a view of a page keeps of a query string: known keys with a value, in order.

    A key that stands twice counts once, as it was first.
    """
    asked: dict[str, str] = {}
    for key, value in parse_qsl(typed, max_num_fields=None):
        asked.setdefault(key, plain(value))
    known = PAGES[page].keys if page in PAGES else ()
    if known and PAGES[page].place and not asked.get(PAGES[page].place):
        return ""
    return urlencode([(key, asked[key]) for key in known if asked.get(key)])


def refusals_for_view(
    draft: Draft,
    *,
    may_open: bool,
    own_roles: Collection[Role],
    others: int,
    is_taken: bool,
    replace: bool,
) -> list[Refusal]:
    """Say why a view is not kept.

    ``others`` are the account's views of the page under other names; ``is_taken`` says that there
    is one of this name, ``replace`` that it may go.
    """
    refusals = []
    if draft.page not in PAGES or not may_open:
        refusals.append(Refusal("", "unknown_page", "这个页面不能保存视图，请从列表页保存。"))
    if not draft.name:
        refusals.append(Refusal("name", "missing_value", "请给视图起一个名称。"))
    elif len(draft.name) > MAX_NAME:
        sentence = f"名称最多 {MAX_NAME} 个字，现有 {len(draft.name)} 个字。"
        refusals.append(Refusal("name", "too_long", sentence))
    if not draft.query:
        sentence = "当前没有筛选条件，也没有排序。请先在列表中筛选或排序，再保存视图。"
        refusals.append(Refusal("", "nothing_asked", sentence))
    elif len(draft.query) > MAX_QUERY:
        sentence = f"筛选条件过长（{len(draft.query)} 个字符，最多 {MAX_QUERY}），请减少条件。"
        refusals.append(Refusal("", "too_long", sentence))
    if draft.shared_with is not None and draft.shared_with not in own_roles:
        refusals.append(Refusal("shared_with", "not_own_role", "只能共享给您自己的角色。"))
    if is_taken and not replace:
        sentence = f"您在此页已有视图“{draft.name}”。请换一个名称，或勾选“替换同名视图”。"
        refusals.append(Refusal("name", "name_taken", sentence))
    if not is_taken and others >= MAX_VIEWS:
        sentence = f"每个列表最多保存 {MAX_VIEWS} 个视图，请先删除不用的。"
        refusals.append(Refusal("", "too_many", sentence))
    return refusals
