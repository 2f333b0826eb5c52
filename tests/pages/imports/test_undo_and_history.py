"""An import on its page is taken back by one click; a kind shows who brought in what and when."""

from __future__ import annotations

import io

import pytest

from tests.support.imports import as_table, workbook, workday
from tests.support.page_client import Page
from tests.support.portal import Pages

ROWS = [workday(), workday(day="2022-11-02")]
APPLY, UNDO = "form[action$=application]", "form[action$=undoing]"


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
    others.post(page.find(UNDO)["action"], expect=404)
    page = page.submit(UNDO, follow=True)
    assert page.messages == ["已撤销这次导入，2 行不再有效；可以改好文件后重新导入。"]
    assert "已撤销" in page.find(".q-page-header").text
    assert page.find(UNDO) is None
