"""资金使用台账: the same lines and sums on the page, in the workbook and in the PDF, to the fen."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import docx
import openpyxl
import pypdf
import pytest
import sqlalchemy as sa

from models import AuditEvent, FundAccount, FundYearTotal, Settlement
from models.base import new_public_id
from models.types import FundAccountKind, FundSource, LedgerKind, SettlementState
from portal.checks import verify
from portal.ledger.actions import post, reverse
from portal.ledger.book_export import LINE_COLUMNS
from portal.ledger.check_queries import CHECKS
from portal.ledger.rules import Book, LedgerRow
from portal.standards.money import format_yuan, parse_yuan
from portal.summaries.export import line_json
from portal.summaries.queries import summary_of
from tests.support.books import a_year, spent
from tests.support.money import PROVINCIAL, YEAR, received
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.world import World

on_one_database = pytest.mark.parametrize("press", ["sqlite"], indirect=True)
"""What no query tells apart is asked of one database; the other has the deeds, and its statements are the crawl's."""

FORM = (
    "序号", "日期", "凭证号", "资金来源", "支出类别", "用途摘要", "关联任务", "经办人", "收款人", "金额",
    "发票或单据号", "附件数", "累计支出", "结余", "审核人", "审核日期", "备注",
)  # fmt: skip
"""The columns of the plan's form, in their order."""


SHEET_OF_PAPER = 516 * 1240 / 784
"""Points of rows on A4 across, where the width of the book is made to fit."""


def address(world: World, key: str = "sending", year: int = YEAR) -> str:
    return f"/ledger/{world.organisation(key).credit_code}/{year}"


@pytest.fixture
def booked(world: World) -> World:
    a_year(world)
    world.session.commit()
    return world


def sums(world: World) -> FundYearTotal:
    key = (world.organisation("sending").id, YEAR)
    return world.session.get_one(FundYearTotal, key)


def fen(text: str) -> int:
    found = parse_yuan(text)
    assert found is not None, text
    return found


@on_one_database
def test_has_the_columns_of_the_form(booked: World, pages: Pages) -> None:
    assert tuple(one.label.removesuffix("（元）") for one in LINE_COLUMNS) == FORM
    rows = pages("sending_manager").get(address(booked)).table_rows(0)
    assert (
        tuple(heading.removesuffix("（元）") for heading in rows[0] if heading != "其余各项")
        == FORM
    )


def test_runs_on_from_line_to_line_and_ends_with_what_the_year_comes_to(
    booked: World, pages: Pages
) -> None:
    page = pages("sending_manager").get(address(booked))
    rows = [row for row in page.table_rows(0) if row["序号"].isdigit()]
    assert [row["序号"] for row in rows] == [str(number) for number in range(1, 15)]
    spent_so_far = balance = 0
    for row in rows:
        amount = fen(row["金额（元）"])
        is_spending = row["支出类别"] not in ("", "—")
        spent_so_far += amount if is_spending else 0
        assert fen(row["累计支出（元）"]) == spent_so_far
        if not row["用途摘要"].startswith("不予认可"):
            balance += -amount if is_spending else amount
        assert fen(row["结余（元）"]) == balance
    kept = sums(booked)
    assert (spent_so_far, balance) == (kept.spent_fen, kept.balance_fen) == (933_457, 6_111_543)
    assert kept.to_repay_fen == 5_000
    assert kept.received_fen == 7_050_000
    assert "13.2%" in page.text  # 9,334.57 of 70,500


@on_one_database
def test_says_what_a_line_is_of(booked: World, pages: Pages) -> None:
    rows = pages("sending_manager").get(address(booked)).table_rows(0)
    travel, wages, other = rows[4], rows[5], rows[6]
    assert "福州—红寺堡，2022-04-01 至 2022-04-03" in travel["用途摘要"]
    assert (travel["发票或单据号"], travel["关联任务"]) == ("演示客票8", "T3 人才培养")
    assert "发放对象 演示甲一；1 天（11-14）" in wages["用途摘要"]
    assert (wages["资金来源"], wages["经办人"], wages["审核人"]) == (
        "省级配套", "演示甲一", "演示援派机构负责人",
    )  # fmt: skip
    assert "列支理由：演示：打印费" in other["用途摘要"]
    assert rows[0]["用途摘要"] == "到账：演示拨款方"
    assert rows[8]["金额（元）"] == "-777.00"
    assert rows[8]["备注"].startswith("冲销第 8 笔：演示：重复登记")
    assert "未附票据" in rows[7]["备注"]
    assert (rows[11]["用途摘要"], rows[11]["凭证号"]) == ("退回：演示活动物料", "演示退款单1")


@pytest.mark.parametrize("persona", ["sending_manager", "evaluator"])
def test_leads_from_a_line_to_its_voucher(booked: World, pages: Pages, persona: str) -> None:
    client = pages(persona)
    links = client.get(address(booked)).find_all("a.q-ledger__text")
    kinds = {one["href"].split("/")[1]: one["href"] for one in links}
    assert set(kinds) == {"funds", "spending"}
    for href in kinds.values():
        client.get(href)


def test_of_one_source_it_is_the_book_of_that_source(booked: World, pages: Pages) -> None:
    page = pages("sending_manager").get(f"{address(booked)}?source=provincial")
    rows = [row for row in page.table_rows(0) if row["序号"].isdigit()]
    assert [row["资金来源"] for row in rows] == ["省级配套"] * 2
    assert rows[-1]["结余（元）"] == "34,999.99"


def workbook(world: World, pages: Pages, query: str = "") -> Any:
    page = pages("sending_manager").get(address(world) + query)
    answer = page.form("form[data-download]").submit({"kind": "xlsx"}, expect=200)
    return openpyxl.load_workbook(io.BytesIO(answer.body))


def cells(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def in_fen(value: Any) -> int:
    return int(Decimal(str(value)) * 100)


def test_page_workbook_and_sums_agree_to_the_fen(booked: World, pages: Pages) -> None:
    page = pages("sending_manager").get(address(booked))
    shown = [row for row in page.table_rows(0) if row["序号"].isdigit()]
    book = workbook(booked, pages)
    assert book.sheetnames == ["台账", "安排与到账", "小计", "说明"]
    lines = [row for row in cells(book["台账"]) if isinstance(row[0], int)]
    assert len(lines) == len(shown)
    for row, line in zip(shown, lines, strict=True):
        for place, label in ((9, "金额（元）"), (12, "累计支出（元）"), (13, "结余（元）")):
            assert in_fen(line[place]) == fen(row[label])
    kept = sums(booked)
    total = next(row for row in cells(book["小计"]) if row[0] == "合计")
    assert in_fen(total[-2]) == kept.spent_fen
    assert sum(in_fen(amount) for amount in total[1:-2]) == kept.spent_fen
    held = booked.session.scalars(
        sa.select(FundAccount.balance_fen).where(FundAccount.kind == FundAccountKind.CASH)
    )
    assert sum(held) == kept.balance_fen == in_fen(lines[-1][13])
    notes = dict(row[:2] for row in cells(book["说明"]) if row[0])
    assert notes["结余"] == f"{format_yuan(kept.balance_fen)} 元"
    assert notes["累计支出"] == f"{format_yuan(kept.spent_fen)} 元"


def taken_out(world: World, pages: Pages, kind: str) -> bytes:
    page = pages("sending_manager").get(address(world))
    return page.form("form[data-download]").submit({"kind": kind}, expect=200).body


def test_paper_and_word_hold_every_line_of_the_page_to_the_fen(booked: World, pages: Pages) -> None:
    page = pages("sending_manager").get(address(booked))
    shown = [row for row in page.table_rows(0) if row["序号"].isdigit()]
    amounts = ("金额（元）", "累计支出（元）", "结余（元）")
    word = docx.Document(io.BytesIO(taken_out(booked, pages, "docx")))
    (lines,) = [one for one in word.tables if one.rows[0].cells[0].text == "序号"]
    heads = [cell.text.replace("\n", "") for cell in lines.rows[0].cells]
    places = [heads.index(label) for label in amounts]
    written = [[row.cells[place].text for place in places] for row in lines.rows[1:-1]]
    assert written == [[row[label] for label in amounts] for row in shown]
    paper = pypdf.PdfReader(io.BytesIO(taken_out(booked, pages, "pdf")))
    text = "\n".join(one.extract_text() for one in paper.pages)
    figures = text.split("收支明细")[1].split("按支出类别和资金来源小计")[0].split()
    for row in shown:
        assert {row[label] for label in amounts} <= set(figures)
    kept = sums(booked)
    assert f"累计支出：{format_yuan(kept.spent_fen)} 元" in text
    assert f"结余：{format_yuan(kept.balance_fen)} 元" in text


def test_the_summary_says_what_the_book_says(booked: World, pages: Pages) -> None:
    found = summary_of(booked.session, YEAR, now=booked.clock())
    line = next(line_json(one, found) for one in found.pairings if one.code == "P1")
    figures = told(pages("sending_manager").get(address(booked)))
    assert fen(figures["到账和自筹"]) == line["received_fen"] == 7_050_000
    assert fen(figures["累计支出"]) == line["spent_fen"] == 933_457
    assert fen(figures["结余"]) == line["balance_fen"] == 6_111_543
    names = ("subsidy_received_fen", "province_received_fen")
    # 三(三): what the organisation raised itself is in neither part, although it is a donation.
    assert [line[name] for name in names] == [3_000_000, 4_000_000]


@on_one_database
def test_pages_end_with_their_sums_on_screen_and_on_paper(world: World, pages: Pages) -> None:
    received(world)
    for number in range(60):
        spent(
            world, 100 + number, purpose=f"演示第 {number + 1} 笔" + "，很长的摘要" * (number % 9)
        )
    world.session.commit()
    first = pages("sending_manager").get(address(world))
    foot = first.find("tfoot")
    assert foot is not None
    assert "本页支出" in foot.text
    assert format_yuan(sum(range(100, 149))) in foot.text
    sheet = workbook(world, pages)["台账"]
    rows = cells(sheet)
    of_pages = [place for place, row in enumerate(rows) if str(row[5] or "").startswith("本页支出")]
    breaks = [one.id for one in sheet.row_breaks.brk]
    assert breaks == [place + 1 for place in of_pages[:-1]] != []
    first = 0
    for place in of_pages:
        lines = [row for row in rows[first:place] if isinstance(row[0], int) and row[4]]
        assert in_fen(rows[place][9]) == sum(in_fen(row[9]) for row in lines)
        height = sum(sheet.row_dimensions[row + 1].height for row in range(first, place + 1))
        assert height < SHEET_OF_PAPER
        first = place + 1
    whole = next(row for row in rows if str(row[5] or "").startswith("全年支出"))
    assert in_fen(whole[9]) == sum(range(100, 160))
    page = pages("sending_manager").get(address(world))
    answer = page.form("form[data-download]").submit({"kind": "pdf"}, expect=200)
    sheets = [one.extract_text() for one in pypdf.PdfReader(io.BytesIO(answer.body)).pages]
    assert len(sheets) >= 2
    with_lines = [text for text in sheets if "演示第" in text]
    assert all(text.count("本页支出") == 1 for text in with_lines)
    assert sum(text.count("全年支出") for text in sheets) == 1
    assert "填报单位：" in sheets[0]
    last = sheets[-1]
    assert "占支出" in last, "the table that is signed stays whole"
    assert "活动费用" in last
    assert "填报人" in last


def test_is_read_by_whoever_may_see_all_of_it(booked: World, pages: Pages) -> None:
    for persona in (
        "sending_province_officer",
        "national_officer",
        "province_officer",
        "county_officer",
        "evaluator",
    ):
        assert "演示活动物料" in pages(persona).get(address(booked)).text
        assert "福州市演示甲" in pages(persona).get(f"/ledger?year={YEAR}").text
    for persona in ("other_manager", "receiving_manager", "other_county_officer"):
        pages(persona).get(address(booked), 404)
        assert "福州市演示甲" not in pages(persona).get(f"/ledger?year={YEAR}").text
    pages("sending_staff").get(address(booked), 404)
    pages("sending_manager").get(address(booked, year=1999), 404)


def test_a_book_of_which_one_may_not_see_a_row_is_withheld(booked: World, pages: Pages) -> None:
    """The organisation has money of another pairing, too: its partner province sees no sums of that."""
    booked.session.execute(
        sa.text("UPDATE pairing SET sending_province_code = '350000' WHERE code = 'P3'")
    )
    booked.session.execute(
        sa.text("UPDATE fund_income SET pairing_id = :other"), {"other": booked.pairing("P3").id}
    )
    booked.session.commit()
    client = pages("province_officer")
    page = client.get(address(booked))
    assert "须整本查看" in page.text
    assert page.find("table") is None
    assert "70,500.00" not in page.text
    purse = client.get(address(booked).replace("/ledger/", "/funds/organisations/"))
    assert "须整体查看" in purse.text
    assert purse.find("table") is None
    sent = client.post(address(booked), {"kind": "xlsx"}, expect=200)
    assert "须整本查看" in sent.text
    assert "福州市演示甲" not in pages("province_officer").get(f"/ledger?year={YEAR}").text
    pages("sending_province_officer").get(address(booked))


def carried(world: World, fen: int) -> list[int]:
    """Carry money over to the next year as a settlement does; return the row of the ledger."""
    one, pairing = world.deed("sending_manager"), world.pairing()
    settled = Settlement(
        public_id=new_public_id(), organisation_id=pairing.sending_organisation_id,
        pairing_id=pairing.id, year=YEAR, received_fen=0, spent_fen=0, balance_fen=0,
        state=SettlementState.SETTLED, created_at=one.now,
    )  # fmt: skip
    world.session.add(settled)
    world.session.flush()
    book = Book(settled.organisation_id, YEAR, PROVINCIAL)
    subject = ("settlement_id", settled.id)
    return post(
        one,
        [LedgerRow(LedgerKind.CARRY_OVER, book, fen, subject, one.today, carried_to=YEAR + 1)],
    )


def told(page: Page) -> dict[str, str]:
    """Return the figures above the book."""
    labels, figures = page.find_all(".q-kpi__label"), page.find_all(".q-kpi__number")
    return {label.text: one.text for label, one in zip(labels, figures, strict=True)}


def test_what_is_carried_over_leaves_one_book_and_opens_the_next(
    booked: World, pages: Pages
) -> None:
    rows = carried(booked, 1_000_000)
    booked.session.commit()
    client = pages("sending_manager")
    old, new = client.get(address(booked)), client.get(address(booked, year=YEAR + 1))
    last, first = old.table_rows(0)[-1], new.table_rows(0)[0]
    assert (last["用途摘要"], last["金额（元）"]) == ("结转下年：2022 年度结算", "-10,000.00")
    assert (first["用途摘要"], first["金额（元）"]) == ("上年结转：2022 年度结算", "10,000.00")
    assert told(old)["结转下年"] == "10,000.00"
    assert told(new)["上年结转"] == "10,000.00"
    assert first["结余（元）"] == "10,000.00"
    assert [one.fault for one in verify(booked.session, CHECKS[:3]) if one.fault] == []
    reverse(booked.deed("sending_manager"), rows, "演示：结算退回")
    booked.session.commit()
    again = client.get(address(booked, year=YEAR + 1))
    assert again.table_rows(0)[1]["备注"] == "冲销第 1 笔：演示：结算退回"
    assert "上年结转" not in told(again)
    assert [one.fault for one in verify(booked.session, CHECKS[:3]) if one.fault] == []


@on_one_database
def test_an_empty_year_says_so(world: World, pages: Pages) -> None:
    page = pages("sending_manager").get(address(world))
    assert "本年度尚无收支" in page.text
    assert "尚无到账" in page.text
    assert "本年度尚无收支" in pages("sending_manager").get(address(world)).text
    book = workbook(world, pages)
    assert any("本年度尚无收支。" in row for row in cells(book["台账"]))


def test_taking_a_book_out_is_recorded(booked: World, pages: Pages) -> None:
    workbook(booked, pages, "?source=donation")
    event = booked.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event is not None
    assert (event.event, event.subject) == (
        "ledger.exported", f"organisation:{booked.organisation('sending').credit_code}",
    )  # fmt: skip
    assert FundSource.DONATION.label in event.facts


def test_asks_as_many_questions_however_long_the_book_is(booked: World, pages: Pages) -> None:
    client = pages("sending_manager")
    client.get(address(booked))
    with statements(pages.app) as few:
        client.get(address(booked))
    for number in range(30):
        spent(booked, 100 + number)
    booked.session.commit()
    with statements(pages.app) as many:
        client.get(address(booked))
    assert len(few) == len(many)
