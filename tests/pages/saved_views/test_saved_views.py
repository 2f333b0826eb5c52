"""我的视图 under the filter bar of each list."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import SavedView
from models.types import Role
from portal.saved_views.actions import save_view
from portal.saved_views.rules import PAGES, Draft
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.world import World

PATHS = {
    "organisations.list_organisations": "/organisations?type=social_work",
    "people.list_people": "/people?level=none",
    "pairings.list_pairings": "/pairings?state=active&year=2022&sort=-county",
    "staffing.list_assignments": "/assignments?side=sent",
    "funding.list_fund_allocations": "/funds/allocations?state=to_pay&year=2022",
    "spending.list_expenditures": "/spending?state=booked&year=2022",
    "settlements.list_settlements": "/settlements?stage=missing&year=2022",
    "oversight.list_fund_questions": "/funds/questions?question=no_invoice&year=2022",
    "awards.list_awards": "/awards?state=claimed&sort=-amount",
    "workdays.list_workdays": "/workdays?state=confirmed&year=2022",
    "summaries.show_summary": "/summary?compliant=no&year=2022",
    "summaries.show_province": "/summary/provinces/640000?compliant=no&year=2022",
}
SAVE, DELETE = 'form[action="/views"]', 'form[action$="/deletion"]'


def chips(page: Page) -> list[str]:
    return [chip.text for chip in page.find_all(".q-views__chips .q-view")]


def test_every_list_with_views_is_tried() -> None:
    assert PATHS.keys() == PAGES.keys()


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_a_view_is_saved_opened_and_deleted(pages: Pages, path: str) -> None:
    client = pages("province_officer")
    page = client.get(path)
    assert chips(page) == []
    saved = page.submit(SAVE, name="我的常用", follow=True)
    assert saved.messages == ["已保存视图“我的常用”。"]
    assert chips(saved) == ["我的常用"]
    assert saved.find(".q-view")["aria-current"] == "true"
    bare = path.partition("?")[0]
    opened = client.get(bare).click("我的常用")
    assert sorted(opened.path.partition("?")[2].split("&")) == sorted(
        path.partition("?")[2].split("&")
    )
    gone = opened.submit(DELETE, follow=True)
    assert gone.messages == ["已删除视图“我的常用”。"]
    assert chips(gone) == []


def test_a_list_without_filters_says_what_to_do_first(pages: Pages) -> None:
    page = pages("province_officer").get("/pairings")
    assert page.find(SAVE) is None
    assert "先筛选或点列标题排序" in page.text


def test_the_same_name_is_refused_with_a_sentence_and_can_be_replaced(
    pages: Pages, world: World
) -> None:
    client = pages("province_officer")
    client.get("/pairings?state=active").submit(SAVE, name="常用", follow=True)
    refused = client.get("/pairings?compliant=no").submit(SAVE, name="常　用\u200b", expect=200)
    assert any("您在此页已有视图“常用”" in error for error in refused.errors)
    replaced = refused.submit(SAVE, replace=True, follow=True)
    assert chips(replaced) == ["常用"]
    view = world.session.scalars(sa.select(SavedView)).one()
    assert view.query == "compliant=no"


def test_a_refused_view_leads_back_to_its_list(pages: Pages) -> None:
    client = pages("province_officer")
    refused = client.get("/pairings?state=active").submit(SAVE, name="", expect=200)
    assert refused.errors == ["视图名称：请给视图起一个名称。"]
    assert refused.find_all(".q-breadcrumbs a")[-1]["href"] == "/pairings?state=active"


def test_what_is_no_filter_is_not_kept(pages: Pages, world: World) -> None:
    page = pages("province_officer").get("/pairings?state=active&cursor=bWzFd&foo=1")
    page.submit(SAVE, name="常用", follow=True)
    assert world.session.scalars(sa.select(SavedView.query)).one() == "state=active"


def test_a_page_that_has_no_views_keeps_none(pages: Pages, world: World) -> None:
    page = pages("province_officer").post(
        "/views", {"page": "accounts.list_accounts", "query": "state=waiting", "name": "x"}, 200
    )
    assert any("不能保存视图" in error for error in page.errors)
    nowhere = {"page": "summaries.show_province", "query": "compliant=no", "name": "x"}
    page = pages("province_officer").post("/views", nowhere, 200)
    assert any("没有筛选条件" in error for error in page.errors)
    assert world.count(SavedView) == 0


def test_is_shared_with_the_role_in_words_of_the_scope(pages: Pages, world: World) -> None:
    client = pages("county_officer")
    page = client.get("/pairings?state=active")
    options = [option.text for option in page.find_all("#view-shared-with option")]
    assert options == ["不共享，只给自己用", "红寺堡区的其他" + Role.COUNTY_CIVIL.label]
    saved = page.submit(SAVE, name="常用", shared_with="county_civil", follow=True)
    assert chips(saved) == ["常用 已共享"]
    for persona in ("other_county_officer", "county_rural_officer", "province_officer"):
        assert chips(pages(persona).get("/pairings")) == []


def test_only_the_owner_deletes(pages: Pages, world: World) -> None:
    view = save_view(
        world.deed("county_officer"),
        Draft("pairings.list_pairings", "常用", "state=active", Role.COUNTY_CIVIL),
    )
    path = f"/views/{view.id}/deletion"
    pages("other_county_officer").post(path, expect=404)
    assert world.count(SavedView) == 1
    pages("county_officer").post(path)
    assert world.count(SavedView) == 0
