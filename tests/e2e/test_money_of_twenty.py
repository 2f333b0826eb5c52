"""A province pays twenty organisations their year: planned, approved and paid, in taps that do not grow with them."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, DemoPortal
from tests.e2e.further_cases import APPROVER_OF_TWENTY, OF_TWENTY
from tests.e2e.page_checks import layout_faults_of
from tests.e2e.thumb import A_MINUTE, Thumb
from tests.support.measured import Measured

TWENTY, MOST_TAPS = 20, 24
FIRST_VOUCHER = "演示川付01"


def test_twenty_organisations_are_paid_by_one_bank_list(
    demo: DemoPortal, measured: Measured
) -> None:
    planned, approved, paid = Thumb(), Thumb(), Thumb()
    with demo.visited(OF_TWENTY, DESKTOP, has_touch=True) as page:
        planned.watch(page)
        page.goto("/")
        to_the_money(page, planned)
        planned.tap(page.get_by_role("link", name="按标准编制"))
        planned.type(page.get_by_label("拨款方"), "四川省民政厅")
        planned.tap(page.get_by_role("button", name=f"为 {TWENTY} 家编制"))
        expect(page.get_by_text(f"已为 {TWENTY} 家机构编制")).to_be_visible()
        planned.rest(page)
    with demo.visited(APPROVER_OF_TWENTY, DESKTOP, has_touch=True) as page:
        approved.watch(page)
        page.goto("/")
        approved.tap(page.get_by_role("link", name="去核定 ：待核定的资金安排"))
        approved.tap(page.get_by_label("全选本页"))
        approved.tap(page.get_by_role("button", name="核定所选"))
        approved.tap(page.get_by_role("dialog").get_by_role("button").last)
        expect(page.get_by_text(f"已核定 {TWENTY} 项")).to_be_visible()
        approved.rest(page)
    with demo.visited(OF_TWENTY, DESKTOP, has_touch=True) as page:
        paid.watch(page)
        page.goto("/")
        to_the_money(page, paid)
        paid.tap(page.get_by_role("link", name="批量拨付"))
        paid.tap(page.get_by_role("link", name="银行清单"))
        with page.expect_download() as made:
            paid.tap(page.get_by_role("button", name="导出 Excel"))
        content = fill(Path(made.value.path()).read_bytes(), paid)
        page.get_by_label("已填写的清单").set_input_files(
            {"name": "清单.xlsx", "mimeType": "application/octet-stream", "buffer": content}
        )
        paid.taps += 2
        assert layout_faults_of(page) == []
        paid.tap(page.get_by_role("button", name="上传并核对"))
        assert layout_faults_of(page) == []
        paid.tap(page.get_by_role("button", name=f"登记这 {TWENTY} 笔拨付"))
        expect(page.get_by_text(f"已按清单登记拨付 {TWENTY} 笔")).to_be_visible()
        paid.rest(page)
    for what, thumb in (("planned", planned), ("approved", approved), ("paid by list", paid)):
        measured(f"{TWENTY} organisations of a province, {what}", str(thumb))
    assert planned.taps + approved.taps + paid.taps <= MOST_TAPS
    assert planned.seconds + approved.seconds + paid.seconds < A_MINUTE


def to_the_money(page: Page, thumb: Thumb) -> None:
    thumb.tap(page.get_by_role("navigation").get_by_role("link", name="资金", exact=True).first)


def fill(content: bytes, thumb: Thumb) -> bytes:
    """Put a date and a number into the first row of a list, and have the others filled from it."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["银行清单"]
    head = next(row for row in sheet.iter_rows() if "凭证号" in [cell.value for cell in row])
    columns = {cell.value: cell.column for cell in head}
    rows = range(head[0].row + 1, head[0].row + 1 + TWENTY)
    for number, row in enumerate(rows, start=1):
        sheet.cell(row, columns["拨付日期"]).value = date(2026, 11, 20)
        sheet.cell(row, columns["凭证号"]).value = f"{FIRST_VOUCHER[:-2]}{number:02}"
    # In a spreadsheet: opened, a cell and its handle for each of both columns, saved.
    thumb.taps += 6
    thumb.fields += 2
    thumb.characters += len("2026-11-20") + len(FIRST_VOUCHER)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
