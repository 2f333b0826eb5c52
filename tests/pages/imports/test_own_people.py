"""The template that comes filled with the own people: only what was worked is filled in."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from models import Workday
from tests.support.portal import Pages
from tests.support.world import World

pytestmark = pytest.mark.parametrize("press", ["sqlite"], indirect=True)
"""The query stands in tests/actions/imports/test_by_name.py."""

URL = "/import/workdays/people.xlsx?month=2022-11-01"


def template(pages: Pages, persona: str = "sending_manager") -> openpyxl.Workbook:
    response = pages(persona).client.get(URL)
    return openpyxl.load_workbook(io.BytesIO(response.data))


def filled(book: openpyxl.Workbook, **cells: dict[str, object]) -> bytes:
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    for row, values in cells.items():
        for header, value in values.items():
            sheet.cell(int(row[1:]), headers.index(header) + 1, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_names_the_own_people_on_working_days_up_to_today(pages: Pages):
    rows = list(template(pages).worksheets[0].iter_rows(values_only=True))
    assert rows[0][:4] == ("结对编号", "姓名", "人员编号", "日期")
    assert "身份证件号" not in rows[0]
    listed = [row for row in rows[1:] if row[0]]
    assert {row[1] for row in listed} == {"演示甲一", "演示甲二"}
    days = sorted({row[3].date() for row in listed})
    assert (days[0], days[-1]) == (date(2022, 11, 1), date(2022, 11, 21))
    assert date(2022, 11, 5) not in days  # a Saturday
    assert all(row[4] is None for row in listed)


def test_rows_left_as_they_came_are_no_rows(pages: Pages, world: World):
    client = pages("sending_manager")
    untouched = (io.BytesIO(filled(template(pages))), "十一月.xlsx")
    page = client.get("/import/workdays").submit(file=untouched, expect=200)
    assert any("都还没有填写其余内容" in one for one in page.errors)
    content = filled(template(pages), r2={"天数": 1, "任务": "社工站建设", "工作内容": "演示"})
    page = client.get("/import/workdays").submit(
        file=(io.BytesIO(content), "十一月.xlsx"), follow=True
    )
    assert "导入 1 行" in page.text
    page.submit("form[action$=application]", follow=True)
    made = world.session.query(Workday).filter_by(description="演示").one()
    assert (made.person_id, made.worked_on) == (world.person("sent2").id, date(2022, 11, 1))


def test_a_manager_nominates_in_the_template_of_the_own_people(pages: Pages, world: World):
    client = pages("sending_manager")
    book = openpyxl.load_workbook(
        io.BytesIO(client.client.get("/import/assignments/people.xlsx").data)
    )
    sheet = book.worksheets[0]
    headers = [cell.value for cell in sheet[1]]
    assert (headers[:2], "身份证件号" in headers) == (["姓名", "人员编号"], False)
    names = [row[0].value for row in sheet.iter_rows(min_row=2) if row[0].value]
    assert {"演示甲一", "演示甲二"} <= set(names)
    line = names.index(world.person("unqualified").name) + 2
    cells = {"结对编号": "P1", "角色": "援派", "开始日期": "2022-11-01"}
    content = filled(book, **{f"r{line}": cells})
    page = client.get("/import/assignments").submit(
        file=(io.BytesIO(content), "选派.xlsx"), follow=True
    )
    assert "导入 1 行" in page.text
    (row,) = page.table_rows("将写入的内容")
    assert (row["变化"], row["姓名"]) == ("新增", world.person("unqualified").name)


def test_kinds_without_people_have_no_such_template(pages: Pages):
    pages("sending_manager").get("/import/organisations/people.xlsx", 404)
    pages("sending_staff").get(URL, 403)
