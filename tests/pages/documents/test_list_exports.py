"""Every list × every filter tried: the workbook and the print hold the rows of the page, no others."""

from __future__ import annotations

import hashlib
import io
import json
from typing import Any, NamedTuple

import flask
import openpyxl
import pytest
import sqlalchemy as sa

from models import AuditEvent, Job
from portal.documents.listing_export import Listing
from portal.organisations.listing_export import LISTING as ORGANISATIONS
from portal.pairings.listing_export import LISTING as PAIRINGS
from portal.people.listing_export import LISTING as PEOPLE
from portal.rooms import HOUSE
from portal.staffing.listing_export import LISTING as ASSIGNMENTS
from portal.workdays.listing_export import LISTING as WORKDAYS
from tests.support.jobs import work_off_portal
from tests.support.page_client import Page, PageClient
from tests.support.portal import Pages
from tests.support.workdays import MONDAY, confirmed, logged
from tests.support.world import World

HEAD = 4
"""Rows of a sheet above its rows where the head has one line: title, 填报单位, head."""
BELOW = 2
"""Rows of a sheet below them: an empty one, and what is signed."""


BESIDE = ".q-list-exports--head form"


class List(NamedTuple):
    """A list and its columns that stand on the page and in the file alike: by their headings."""

    listing: Listing
    same: dict[str, str]
    queries: tuple[str, ...]


LISTS = (
    List(
        ORGANISATIONS,
        {"机构名称": "机构名称", "统一社会信用代码": "统一社会信用代码", "机构类型": "机构类型"},
        ("", "?role=sent", "?q=演示甲&sort=-name", "?role=none", "?province=640000&sort=credit_code"),
    ),
    List(
        PEOPLE,
        {"姓名": "姓名", "机构": "机构", "证件号码": "证件号码", "援派资格": "援派资格"},
        ("", "?qualified=yes", "?level=none&sort=-name", "?organisation=演示甲&sort=service"),
    ),
    List(
        PAIRINGS,
        {"结对编号": "结对编号", "受援县": "县", "受援人数": "人数"},
        ("", "?year=2022&state=active", "?q=P1", "?receiving=640000&sort=-code", "?finding=no_agreement"),
    ),
    List(
        ASSIGNMENTS,
        {"姓名": "姓名", "角色": "角色", "机构": "机构", "结对": "结对", "状态": "状态"},
        ("", "?side=sent&sort=name", "?state=approved", "?q=P1&sort=ends_on"),
    ),
    List(
        WORKDAYS,
        {"姓名": "姓名", "天数": "天数"},
        ("?year=2022", "?year=2022&side=sent&sort=date", "?year=2022&state=approved", "?year=2022&pairing=P1&month=2022-11"),
    ),
)  # fmt: skip


def address(one: List) -> str:
    return f"/{one.listing.word}"


def workbook(client: PageClient, one: List, query: str) -> Page:
    """Click 导出 Excel beside the list; the answer is the file, which is no redirect."""
    return client.get(f"{address(one)}{query}").submit(BESIDE, expect=200)


def rows_in(content: bytes, listing: Listing) -> list[dict[str, Any]]:
    """The rows of the workbook under their headings, without the sum."""
    sheet = openpyxl.load_workbook(io.BytesIO(content))[listing.label]
    found = [list(row) for row in sheet.iter_rows(values_only=True)]
    first = int(str(sheet.print_title_rows).rpartition("$")[2])
    heads = [one.heading for one in listing.columns]
    labels = [one.label for one in listing.columns]
    upper, lower = [
        ["".join(str(one or "").split()) for one in row] for row in found[first - 2 : first]
    ]
    assert heads in ([low or up for up, low in zip(upper, lower, strict=True)], lower)
    body = [dict(zip(labels, row, strict=True)) for row in found[first:-BELOW]]
    return [row for row in body if row[labels[0]] not in ("合计", "没有符合条件的记录。")]


def events(world: World) -> list[AuditEvent]:
    wanted = sa.select(AuditEvent).where(AuditEvent.event == "list.exported")
    return list(world.session.scalars(wanted))


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("one", LISTS, ids=[one.listing.word for one in LISTS])
def test_a_file_and_a_print_hold_the_rows_of_the_page_and_the_trail_knows(
    world: World, pages: Pages, one: List, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Several pages of the list, one after the other.
    monkeypatch.setattr("portal.documents.listing_export.PIECE", 2)
    client = pages("national_officer")
    compared = 0
    for query in one.queries:
        shown = client.get(f"{address(one)}{query}")
        if not shown.find_all("tbody"):
            continue
        compared += 1
        answer = workbook(client, one, query)
        exported = rows_in(answer.body, one.listing)
        printed = client.get(f"{address(one)}/exports{query}").table_rows()
        for label, heading in one.same.items():
            on_page = [row[_heading(row, label)].split(" / ")[0] for row in shown.table_rows()]
            assert [_text(row[label]) for row in exported] == on_page != [], (query, label)
            assert [row[_heading(row, heading)] for row in printed] == on_page, (query, label)
    assert compared >= 3
    assert answer.headers["Content-Disposition"].startswith("attachment")
    event = events(world)[-1]
    facts = json.loads(event.facts)
    assert (event.actor, event.subject) == ("national_officer", f"list:{one.listing.word}")
    assert facts["rows"] == len(exported)
    assert facts["sha256"] == hashlib.sha256(answer.body).hexdigest()


def _heading(row: dict[str, str], label: str) -> str:
    """The heading of the page: of two lines it begins with the common one."""
    return next(one for one in row if one == label or one.endswith(label))


def _text(cell: Any) -> str:
    return "—" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell)


@pytest.mark.usefixtures("busy")
def test_the_trail_does_not_hold_what_was_typed(world: World, pages: Pages) -> None:
    """It may be a name."""
    name = world.person("sent1").name
    workbook(pages("national_officer"), LISTS[1], f"?q={name}")
    (event,) = events(world)
    assert name not in event.facts
    assert json.loads(event.facts)["filters"] == "姓名"


@pytest.mark.usefixtures("busy")
def test_a_file_holds_the_own_scope_only_and_numbers_masked(world: World, pages: Pages) -> None:
    officer = pages("other_province_officer")
    codes = [row["结对编号"] for row in rows_in(workbook(officer, LISTS[2], "").body, PAIRINGS)]
    assert codes == ["P3"]
    people = rows_in(workbook(pages("national_officer"), LISTS[1], "").body, PEOPLE)
    numbers = [row["证件号码"] for row in people if row["证件号码"]]
    assert numbers
    assert all("*" in number for number in numbers)


@pytest.mark.usefixtures("busy")
def test_what_is_said_of_a_list_stands_on_the_last_sheet(pages: Pages) -> None:
    answer = workbook(pages("national_officer"), LISTS[3], "?side=sent&state=approved")
    book = openpyxl.load_workbook(io.BytesIO(answer.body))
    assert book.sheetnames == ["选派", "说明"]
    notes = {row[0]: row[1] for row in book["说明"].iter_rows(min_row=3, values_only=True)}
    assert notes["筛选条件"] == "角色：援派；状态：在岗" or "角色：援派" in notes["筛选条件"]
    assert notes["数据截至"] == "2022-11-21"


@pytest.mark.usefixtures("busy")
def test_the_sum_of_a_list_is_that_of_its_page(pages: Pages) -> None:
    client = pages("national_officer")
    answer = workbook(client, LISTS[2], "?year=2022")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.body))["结对"]
    (total,) = [row for row in sheet.iter_rows(values_only=True) if row[0] == "合计"]
    shown = [cell.text for cell in client.get("/pairings?year=2022").find_all("tfoot td")]
    sums = dict(zip((one.label for one in PAIRINGS.columns), total, strict=True))
    assert f"{sums['援派工作日']:,g}" in shown
    assert f"{sums['受援工作日']:,g}" in shown


def test_the_list_of_days_says_whose_it_is_which_are_disputed_and_counts_alike(
    world: World, pages: Pages
) -> None:
    """Dates were texts, 15.0 stood below rows of 1, and who hands it in was left to be written."""
    disputed = confirmed(world, "sent1", MONDAY)
    logged(world, "sent2", MONDAY, half_days=2)
    token = f"{disputed.id}-{disputed.version}"
    pages("receiving_manager").get("/workdays/partner").submit(
        "#partner", chosen=[token], reason="演示：当天没有到站", follow=True
    )
    answer = workbook(pages("sending_manager"), LISTS[4], "?year=2022")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.body))["工作日志"]
    name = world.organisation("sending").name
    assert sheet["A2"].value.startswith(f"填报单位：{name}　")
    heads = [cell.value.replace("\n", "") for cell in sheet[HEAD - 1]]
    one, other, total = (
        dict(zip(heads, row, strict=True))
        for row in sheet.iter_rows(min_row=HEAD, max_row=HEAD + 2)
    )
    for row in (one, other):
        assert (row["日期"].value.date(), row["日期"].is_date) == (MONDAY, True)
    assert {row["对方异议"].value for row in (one, other)} == {"演示：当天没有到站", None}
    assert (total["日期"].value, total["天数"].value) == ("合计", 2)
    assert one["天数"].number_format == total["天数"].number_format == "#,##0"


@pytest.mark.usefixtures("busy")
def test_a_long_list_is_written_in_the_background(
    portal: flask.Flask, world: World, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.documents.listing_frame.COUNT_CAP", 1)
    client = pages("national_officer")
    asked = "/assignments/exports?side=sent&state=approved&sort=name"
    page = client.post(asked, {"form_key": "k" * 12}, follow=True)
    assert page.h1 == "选派名单"
    again = client.post("/people/exports", {"form_key": "m" * 12}, 409)
    assert "同一时间只能办理一项" in again.text
    work_off_portal(portal, world)
    page = client.get(page.path)
    file = page.find("#job a[href$=result]")
    content = client.get(file.get("href")).body
    monkeypatch.undo()
    at_once = workbook(client, LISTS[3], "?side=sent&state=approved&sort=name").body
    assert rows_in(content, ASSIGNMENTS) == rows_in(at_once, ASSIGNMENTS) != []
    in_background, _ = events(world)
    facts = json.loads(in_background.facts)
    assert facts["sha256"] == hashlib.sha256(content).hexdigest()
    assert facts["filters"] == "角色、状态"


def test_a_long_list_is_not_printed_and_says_what_to_do(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.documents.listing_frame.COUNT_CAP", 1)
    page = pages("national_officer").get("/people/exports")
    assert "打印页至多 1 行" in page.text
    assert page.find_all("table") == []


def test_a_file_has_so_many_rows_at_most(
    portal: flask.Flask, world: World, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.documents.listing_frame.COUNT_CAP", 1)
    monkeypatch.setattr("portal.documents.listing_export.MOST_ROWS", 2)
    client = pages("national_officer")
    page = client.post("/people/exports", {"form_key": "k" * 12}, follow=True)
    work_off_portal(portal, world)
    assert "请先缩小筛选范围" in client.get(page.path).text
    asked = sa.select(Job).where(Job.kind == "people_export")
    assert world.session.scalars(asked).one().finished_at is not None


def test_every_list_that_is_exported_has_its_kind_of_job() -> None:
    kinds = {kind.word: kind.permission for kind in HOUSE.kinds}
    for one in LISTS:
        assert kinds[f"{one.listing.word}_export"] == one.listing.permission


@pytest.mark.usefixtures("world")
def test_an_empty_list_offers_no_file(pages: Pages) -> None:
    page = pages("national_officer").get("/people?q=没有这个人")
    assert page.find_all("form[data-download]") == []
