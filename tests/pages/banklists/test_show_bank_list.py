"""/funds/bank-list: what is to be paid goes out as a workbook, comes back, is looked at and then paid."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from models import AuditEvent, Disbursement, FundAllocation
from models.types import FundSource
from portal.funding.payment_actions import Payment, disburse
from portal.organisations.actions import edit_organisation
from portal.organisations.rules import OrganisationFacts
from tests.support.money import PROVINCIAL, YEAR, approved
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.world import ORGANISATIONS, World, organisation_facts

URL = f"/funds/bank-list?year={YEAR}"
ACCOUNT = "6222020200112233445"
BANK = "演示银行福州支行"
CONFIRM = "form[action*=payments]"


def to_pay(world: World) -> None:
    """Two approved allocations of the sending province; the first organisation has an account."""
    one = world.organisation("sending")
    facts: OrganisationFacts = organisation_facts(*ORGANISATIONS["sending"])
    edit_organisation(
        world.deed(), one, facts._replace(bank_account=ACCOUNT, bank_name=BANK), version=one.version
    )
    approved(world, 3_000_000, PROVINCIAL, "P1")
    approved(world, 4_000_000, FundSource.LOTTERY, "P2")
    approved(world, 3_000_000, FundSource.MCA_SUBSIDY, "P1")


def listed(page: Page) -> tuple[Any, list[list[Any]]]:
    """Return the sheet of a list and its rows that name an allocation."""
    book = openpyxl.load_workbook(io.BytesIO(page.body))
    rows = [[cell.value for cell in row] for row in book["银行清单"].iter_rows()]
    head = next(place for place, row in enumerate(rows) if "资金安排编号" in row)
    return book, [row for row in rows[head + 1 :] if row[6]]


def filled(book: Any, cells: dict[str, dict[str, Any]]) -> io.BytesIO:
    """Return the workbook with cells put in, by organisation and heading."""
    sheet = book["银行清单"]
    head = next(row for row in sheet.iter_rows() if row[6].value == "资金安排编号")
    places = {cell.value: cell.column for cell in head}
    for row in sheet.iter_rows(min_row=head[0].row + 1):
        for heading, value in cells.get(row[0].value, {}).items():
            sheet.cell(row[0].row, places[heading]).value = value
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


@pytest.fixture
def names(world: World) -> tuple[str, str]:
    to_pay(world)
    return world.organisation("sending").name, world.organisation("sending2").name


def test_a_list_goes_out_and_comes_back_as_payments(
    pages: Pages, world: World, names: tuple[str, str]
):
    first, second = names
    client = pages("sending_province_officer")
    page = client.get(URL)
    assert "待拨付 2 笔，合计 70,000.00 元" in page.text
    book, rows = listed(page.submit("form[data-download]", expect=200))
    assert [(row[0], row[2], row[4], row[5]) for row in rows] == [
        (first, BANK, 30000, "省级配套"),
        (second, None, 40000, "彩票公益金"),
    ]
    assert ACCOUNT not in {row[3] for row in rows}
    file = filled(book, {first: {"拨付日期": date(2022, 3, 1), "凭证号": "演示行付1"}})
    seen = sent(client, file)
    assert "将登记 1 笔，合计 30,000.00 元" in seen.text
    assert "1 行未填拨付日期和凭证号，不登记。" in seen.text
    assert seen.table_rows("将登记的拨付")[0]["凭证号"] == "演示行付1"
    assert world.count(Disbursement) == 0
    page = seen.submit(CONFIRM, follow=True)
    assert page.messages == ["已按清单登记拨付 1 笔，合计 30,000.00 元。"]
    paid = world.session.scalars(sa.select(Disbursement)).one()
    assert (paid.amount_fen, paid.paid_on, paid.voucher_number) == (
        3_000_000,
        date(2022, 3, 1),
        "演示行付1",
    )


def sent(client: Any, file: io.BytesIO) -> Page:
    """Upload a list; return the page that says what it would do."""
    return client.get(URL).submit("form[enctype]", values={"file": (file, "清单.xlsx")}, expect=200)


def test_the_same_list_twice_is_told_and_pays_once(
    pages: Pages, world: World, names: tuple[str, str]
):
    first, second = names
    client = pages("sending_province_officer")
    book, _ = listed(client.get(URL).submit("form[data-download]", expect=200))
    paid_on = {"拨付日期": date(2022, 3, 1)}
    # Half of it, in characters of an input method; and twice by two windows of one officer.
    file = filled(book, {first: {**paid_on, "凭证号": "演示１", "金额": "１5,000.00"}})
    seen, other = sent(client, file), sent(client, filled(book, {}))
    assert "部分拨付，此前尚可拨付 30,000.00 元" in seen.text
    seen.submit(CONFIRM, follow=True)
    late = other.submit(CONFIRM, follow=True)
    assert late.messages == ["清单里的各行都已登记过，没有新的拨付。"]
    again = sent(client, filled(book, {second: {**paid_on, "凭证号": "演示2"}}))
    assert "1 行已登记过（凭证号、日期、金额相同），不会重复登记。" in again.text
    assert "将登记 1 笔，合计 40,000.00 元" in again.text
    again.submit(CONFIRM, follow=True)
    nothing = sent(client, filled(book, {}))
    assert "没有新的拨付" in nothing.text
    assert nothing.find(CONFIRM) is None
    fen = world.session.scalars(sa.select(Disbursement.amount_fen).order_by(Disbursement.id))
    assert list(fen) == [1_500_000, 4_000_000]


def test_pays_what_was_shown_to_that_account_or_nothing(
    pages: Pages, world: World, names: tuple[str, str]
):
    first, _ = names
    client = pages("sending_province_officer")
    book, _ = listed(client.get(URL).submit("form[data-download]", expect=200))
    paid_on = {"拨付日期": date(2022, 3, 1)}
    seen = sent(client, filled(book, {first: {**paid_on, "凭证号": "演示1"}}))
    shown = seen.find(f"{CONFIRM} [name=shown]")["value"]
    forged = seen.submit(CONFIRM, shown=shown[:-2] + "xx", expect=200)
    assert "请重新上传清单" in forged.text
    national = pages("national_officer")
    taken = national.post(f"{URL.replace('?', '/payments?')}", {"shown": shown}, expect=200)
    assert "请重新上传清单" in taken.text
    assert world.count(Disbursement) == 0
    # Meanwhile a colleague pays the same by hand.
    one = world.session.scalars(
        sa.select(FundAllocation).where(FundAllocation.source == PROVINCIAL)
    ).one()
    disburse(world.deed(), [Payment(one, 100, date(2022, 3, 1), "演示手工")])
    world.session.commit()
    late = seen.submit(CONFIRM, expect=200)
    assert "超出 1.00 元" in late.table_rows("有误的行")[0]["原因"]
    assert world.count(Disbursement) == 1


def test_of_a_list_with_a_fault_nothing_is_written_and_each_row_says_why(
    pages: Pages, world: World, names: tuple[str, str]
):
    first, second = names
    client = pages("sending_province_officer")
    book, _ = listed(client.get(URL).submit("form[data-download]", expect=200))
    good = {"拨付日期": date(2022, 3, 1), "凭证号": "演示1"}
    file = filled(book, {first: good, second: {**good, "金额": 40000.01, "凭证号": None}})
    page = sent(client, file)
    (row,) = page.table_rows("有误的行")
    assert row["机构"] == second
    assert "缺少“凭证号”" in row["原因"]
    file = filled(book, {second: {**good, "金额": "四万", "统一社会信用代码": "123"}})
    page = sent(client, file)
    assert "“金额”：金额应为以元为单位的数字" in page.table_rows("有误的行")[0]["原因"]
    assert "与该资金安排的机构" in page.table_rows("有误的行")[0]["原因"]
    file = filled(book, {second: {**good, "金额": 40000.01, "统一社会信用代码": None}})
    page = sent(client, file)
    assert "超出 0.01 元" in page.table_rows("有误的行")[0]["原因"]
    assert world.count(Disbursement) == 0


def test_accounts_in_clear_need_a_reason_and_leave_a_trace(
    pages: Pages, world: World, names: tuple[str, str]
):
    page = pages("sending_province_officer").get(URL)
    _, rows = listed(page.submit("form[data-download]", reason="演示：交银行代付", expect=200))
    assert rows[0][3] == ACCOUNT
    events = world.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.event.startswith("bank_list."))
    ).all()
    assert [one.event for one in events] == ["bank_list.accounts_revealed", "bank_list.exported"]
    page = pages("national_officer").get(URL)
    assert page.find("[name=reason]") is None
    _, rows = listed(page.submit("form[data-download]", expect=200))
    assert [row[4] for row in rows] == [30000]
    assert ACCOUNT not in {row[3] for row in rows}


def test_another_province_pays_nothing_by_the_list(
    pages: Pages, world: World, names: tuple[str, str]
):
    first, _ = names
    book, _ = listed(
        pages("sending_province_officer").get(URL).submit("form[data-download]", expect=200)
    )
    file = filled(book, {first: {"拨付日期": date(2022, 3, 1), "凭证号": "演示1"}})
    page = sent(pages("other_province_officer"), file)
    assert "不是您可以拨付的资金安排" in page.table_rows("有误的行")[0]["原因"]
    pages("sending_manager").get(URL, expect=403)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "没有内容"),
        (b"a,b\n1,2\n", "清单缺少列：资金安排编号、金额、拨付日期、凭证号"),
        (b"\xd0\xcf\x11\xe0", "旧版的 .xls"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(
    pages: Pages, world: World, content: bytes, said: str
):
    page = pages("sending_province_officer").get(URL)
    file = (io.BytesIO(content), "清单.csv")
    page = page.submit("form[enctype]", values={"file": file}, expect=200)
    assert said in page.errors[0]


def test_nothing_is_paid_of_what_the_workbook_hides(
    pages: Pages, world: World, names: tuple[str, str]
):
    """Whoever fills in the column of a filtered list fills in the rows that are not shown, too."""
    first, second = names
    client = pages("sending_province_officer")
    good = {"拨付日期": date(2022, 3, 1), "凭证号": "演示1"}

    def sent(hide: Any) -> Page:
        book, _ = listed(client.get(URL).submit("form[data-download]", expect=200))
        file = filled(book, {first: good, second: {**good, "凭证号": "演示2"}})
        changed = openpyxl.load_workbook(file)
        hide(changed["银行清单"])
        again = io.BytesIO()
        changed.save(again)
        again.seek(0)
        return client.get(URL).submit(
            "form[enctype]", values={"file": (again, "清单.xlsx")}, expect=200
        )

    def hide_second(sheet: Any) -> None:
        (row,) = [cells[0].row for cells in sheet.iter_rows() if cells[0].value == second]
        sheet.row_dimensions[row].hidden = True

    def hide_amounts(sheet: Any) -> None:
        sheet.column_dimensions["E"].hidden = True

    (bad,) = sent(hide_second).table_rows("有误的行")
    assert bad["机构"] == second
    assert "被筛选或隐藏" in bad["原因"]
    assert "这些列被隐藏：金额" in sent(hide_amounts).errors[0]
    assert world.count(Disbursement) == 0


def test_a_cell_of_the_list_is_never_a_formula(pages: Pages, world: World):
    """A name that begins like one is text, in the workbook for the bank as everywhere."""
    one = world.organisation("sending")
    facts = organisation_facts(*ORGANISATIONS["sending"])
    named = facts._replace(name="=HYPERLINK(演示)")
    edit_organisation(world.deed(), one, named, version=one.version)
    approved(world, 3_000_000, PROVINCIAL, "P1")
    page = pages("sending_province_officer").get(URL).submit("form[data-download]", expect=200)
    book = openpyxl.load_workbook(io.BytesIO(page.body))
    cells = [cell for row in book["银行清单"].iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if "HYPERLINK" in str(cell.value)] == ["s"]
    assert [cell for cell in cells if cell.data_type == "f" and "SUM" not in str(cell.value)] == []
