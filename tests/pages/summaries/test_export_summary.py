"""The export form: a purpose, a file, one audit row; nothing beyond the own scope."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from urllib.parse import quote, unquote

import openpyxl
import pytest
import sqlalchemy as sa

from models import AuditEvent
from tests.support.many_pairings import make_pairings
from tests.support.page_client import Page

PURPOSE = "报送2022年度汇总表"
STARTS = {"xlsx": b"PK", "csv": b"\xef\xbb\xbf", "pdf": b"%PDF", "json": b"{"}


def exported(client, path: str = "/summary/exports?year=2022", **fields: str) -> Page:
    """Fill in the form and send it; the answer is the file, which is no redirect."""
    form = client.get(path)
    names = ("csrf_token", "form_key", "year", "province")
    hidden = {name: form.find(f"input[name={name}]").get("value") or "" for name in names}
    return client.post("/summary/exports", {**hidden, **fields}, 200)


def events(world) -> list[AuditEvent]:
    wanted = sa.select(AuditEvent).where(AuditEvent.event == "summary.exported")
    return list(world.session.scalars(wanted))


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("kind", STARTS)
def test_sends_each_kind_as_an_attachment_and_records_it(world, pages, kind: str) -> None:
    answer = exported(pages("national_officer"), kind=kind, purpose=PURPOSE)
    assert answer.body.startswith(STARTS[kind])
    name = quote(f"牵手计划2022年度汇总表（截至2022-11-21）.{kind}")
    assert name in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    (event,) = events(world)
    facts = json.loads(event.facts)
    assert (event.actor, event.subject) == ("national_officer", "summary:2022")
    assert (facts["format"], facts["purpose"], facts["rows"]) == (kind, PURPOSE, 3)
    assert facts["sha256"] == hashlib.sha256(answer.body).hexdigest()


@pytest.mark.usefixtures("busy")
def test_prints_the_whole_as_one_page(world, pages) -> None:
    make_pairings(world.session, 120)
    page = exported(pages("national_officer"), kind="html", purpose=PURPOSE)
    rows = {row["结对编号"]: row for row in page.table_rows("结对明细")}
    assert len(rows) == 123
    assert rows["P1"]["援派工作日"] == "2.5"
    provinces = page.table_rows("按受援省份")
    assert sum(int(row["实际结对数"]) for row in provinces) == 123
    assert len(page.find_all(".q-table-frame--landscape")) == 4
    assert len(events(world)) == 1


def test_asks_for_a_purpose_and_a_kind(world, pages) -> None:
    form = pages("national_officer").get("/summary/exports?year=2022")
    assert form.find("input[name=kind][checked]").get("value") == "xlsx"
    page = form.submit(expect=200)
    assert [error.partition("：")[0] for error in page.errors] == ["用途"]
    page = form.submit(kind=None, expect=200)
    assert len(page.errors) == 2
    assert events(world) == []


@pytest.mark.usefixtures("busy")
def test_says_what_was_made(pages) -> None:
    """The cookie that the script of the page reads (static/js/download.js)."""
    client = pages("national_officer")
    answer = exported(client, kind="csv", purpose=PURPOSE, line="key_county")
    said = answer.headers["Set-Cookie"].partition("=")[2].partition(";")[0].split(".")
    assert said[1:3] == ["3", str(len(answer.body))]
    assert [unquote(one) for one in said[3:]] == [
        "牵手计划2022年度汇总表（截至2022-11-21）.csv",
        "范围：全国；任务线：重点县；数据截至 2022-11-21",
    ]


def test_refuses_a_day_to_come_beside_its_field(world, pages) -> None:
    client = pages("national_officer")
    page = exported(client, kind="csv", purpose=PURPOSE, as_of="2030-01-01")
    assert "晚于今天" in "".join(page.errors)
    assert events(world) == []


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("persona", "codes", "unit", "area"),
    [
        ("province_officer", ["P1", "P2"], "宁夏回族自治区民政厅", "宁夏回族自治区"),
        ("other_province_officer", ["P3"], "贵州省民政厅", "贵州省"),
        ("county_officer", ["P1"], "红寺堡区民政（社会工作）部门", "红寺堡区"),
    ],
)
def test_a_file_holds_the_own_scope_only_and_says_whose_it_is(
    pages, persona: str, codes: list[str], unit: str, area: str
) -> None:
    answer = exported(pages(persona), kind="csv", purpose=PURPOSE)
    _, *rows = csv.reader(io.StringIO(answer.body.decode("utf-8-sig")))
    assert [row[0] for row in rows] == codes
    book = openpyxl.load_workbook(
        io.BytesIO(exported(pages(persona), kind="xlsx", purpose=PURPOSE).body)
    )
    for name in ("汇总", "分省", "按援派省份"):
        assert book[name]["A2"].value.startswith(f"填报单位：{unit}　　范围：与{area}有关的结对　")
    assert "U+" not in str([cell.value for row in book["说明"] for cell in row])


@pytest.mark.usefixtures("busy")
def test_filters_of_the_page_come_along(world, pages) -> None:
    client = pages("national_officer")
    url = next(
        url
        for text, url in client.get("/summary/provinces/640000?finding=no_agreement").links()
        if text == "导出"
    )
    answer = exported(client, url, kind="json", purpose=PURPOSE, finding="no_agreement")
    assert [one["code"] for one in json.loads(answer.body)["pairings"]] == ["P2"]
    (event,) = events(world)
    assert json.loads(event.facts)["filters"] == {
        "finding": "no_agreement",
        "either_province": "640000",
    }
    form = client.get(url)
    assert form.h1.endswith("年度汇总：宁夏回族自治区的结对")
    assert form.find("select[name=finding] option[selected]").get("value") == "no_agreement"


@pytest.mark.parametrize(
    "persona", ["sending_manager", "receiving_staff", "evaluator", "county_rural_officer"]
)
def test_who_may_not_export_is_shown_no_button_and_no_form(pages, persona: str) -> None:
    client = pages(persona)
    assert "导出" not in [text for text, _ in client.get("/summary").links()]
    client.get("/summary/exports", 403)
    client.post("/summary/exports", {"kind": "csv", "purpose": PURPOSE, "year": "2022"}, 403)


def test_an_export_needs_its_token(world, pages) -> None:
    data = {"kind": "csv", "purpose": PURPOSE, "year": "2022"}
    pages("national_officer").post("/summary/exports", data, 400, csrf=False)
    assert events(world) == []
