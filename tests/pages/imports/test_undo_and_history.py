"""An import on its page is taken back by one click; a kind shows who brought in what and when."""

from __future__ import annotations

import io
from datetime import date

import pytest
import sqlalchemy as sa

from models import Workday
from portal.confirmations.actions import confirm_workdays
from tests.support.imports import as_table, workbook, workday
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.world import World

ROWS = [workday(), workday(day="2022-11-02")]
APPLY = "form[action$=application]"


def carried_out(pages: Pages, persona: str = "county_officer") -> Page:
    file = (io.BytesIO(workbook(as_table(ROWS))), "十一月.xlsx")
    page = pages(persona).get("/import/workdays").submit(file=file, follow=True)
    return page.submit(APPLY, follow=True)


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_a_kind_shows_who_brought_in_what_and_one_click_takes_it_back(pages: Pages):
    page = carried_out(pages)
    own = pages("county_officer").get("/import/workdays")
    (row,) = own.table_rows("导入历史")
    assert (row["文件"], row["状态"], row["已写入"]) == ("十一月.xlsx", "已导入", "2")
    assert page.path in [url for _, url in own.links()]
    others = pages("sending_manager")
    assert "导入历史" not in others.get("/import/workdays").text
    path = f"{page.path}/undoing"
    others.post(path, expect=404)
    asked = pages("county_officer").get(path)
    assert "移除新写入的 2 项" in asked.text
    assert [row["撤销后"] for row in asked.table_rows("这份文件写入的内容")] == ["移除", "移除"]
    page = asked.submit(follow=True)
    assert page.messages == ["已撤销这次导入：移除 2 项；可以改好文件后重新导入。"]
    assert "已撤销" in page.find(".q-page-header").text
    assert "写入后已撤销" in page.find(".q-kpis").text
    assert path not in [url for _, url in page.links()]
    (row,) = pages("county_officer").get("/import/workdays").table_rows("导入历史")
    assert (row["状态"], row["撤销"].split()[0]) == ("已撤销", row["导入人"])
    assert row["已写入"] == "2（已撤销）"
    again = pages("county_officer").get(path)
    assert "尚未写入，或已经撤销" in again.text
    assert again.find(".q-effect form") is None
    pages("county_officer").post(path, expect=409)


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_the_page_names_who_built_on_it_and_offers_no_click(pages: Pages, world: World):
    page = carried_out(pages)
    day = world.session.scalars(sa.select(Workday).where(Workday.worked_on == date(2022, 11, 2)))
    confirm_workdays(world.deed("sending_manager"), [day.one()])
    world.session.commit()
    asked = pages("county_officer").get(f"{page.path}/undoing")
    assert "有 1 项已有人接续办理" in asked.text
    (row,) = asked.table_rows("已有人接续办理的内容")
    name = world.actor("sending_manager").name
    assert (row["内容"], row["其后的办理"], row["办理人"]) == (
        "演示甲一 2022-11-02",
        "已确认",
        name,
    )
    assert asked.find("form[action$=undoing] button, .q-effect form") is None
