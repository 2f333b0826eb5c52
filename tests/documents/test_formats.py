"""Every document × every format: read back by other programs, each figure is that of the description."""

import io
import math
import re
from datetime import UTC, date, datetime
from typing import Any

import docx
import openpyxl
import pypdf
import pytest
from docx.oxml.ns import qn
from openpyxl.utils import range_boundaries

from models.types import (
    DocumentKind,
    ExpenseCategory,
    FundSource,
    SettlementOutcome,
    SettlementState,
    Side,
    Task,
    WorkdayState,
    WorkMode,
)
from portal.documents.description_rules import Document, Facts, Section
from portal.documents.description_rules import written as written_cell
from portal.documents.font_export import register_fonts, width_of, wrapped
from portal.documents.formats_export import FORMATS
from portal.documents.heading_rules import heading_lines
from portal.documents.rules import WORDS
from portal.documents.xlsx_row_export import LINE
from portal.ledger.book_export import WholeBook
from portal.ledger.book_export import document_of as document_of_book
from portal.ledger.book_rules import BookLine, Foot, Paid
from portal.papers.month_rules import MonthDay, MonthFacts, month_sheet
from portal.papers.pairing_rules import YearLine, pairing_sheet
from portal.papers.service_rules import certificate_of
from portal.settlements.figure_rules import Figures, SourceLine
from portal.settlements.paper_export import SettlementPaper
from portal.settlements.paper_export import document_of as document_of_settlement
from portal.summaries.document_export import document_of
from portal.summaries.queries import summary_of
from tests.support.world import World

RARE = "欧阳𬭎䶮·阿卜杜热合曼"
"""Characters of names beyond what old fonts and old readers know."""
NOW = datetime(2026, 11, 28, 2, tzinfo=UTC)
TEXT = "演示：<走访> & “入户”，\u3000约 3.5 小时；=1+1"
"""What people write, as XML and formulas would misread it."""


def day(number: int, **changes: Any) -> MonthDay:
    values: dict[str, Any] = {
        "worked_on": date(2026, 11, 1 + number // 2),
        "half_days": 1, "halves": 1, "mode": WorkMode.ONSITE, "task": Task.T1, "place": "太阳山镇",
        "description": f"{TEXT}{number}", "state": WorkdayState.APPROVED, "is_rest_day": False,
        "is_correction": False, "counted_centidays": 50, "waiting_centidays": 0,
    }  # fmt: skip
    return MonthDay(**{**values, **changes})


def month(count: int) -> Document:
    facts = MonthFacts(
        date(2026, 11, 1), RARE, Side.SENT, "演示甲中心" * 8, "演示乙中心", "P1", "红寺堡区",
        is_demo=True,
    )  # fmt: skip
    return month_sheet(facts, [day(number) for number in range(count)], made_at=NOW)


def certificate() -> Document:
    facts = {
        "person": RARE, "id_number": "640***********24", "organisation": "演示甲中心",
        "credit_code": "52350102MJ0000001X", "side": "sent", "pairing": "P1",
        "partner": "演示乙中心", "county": "红寺堡区", "terms": [["2022-01-01", "2025-12-31"]],
        "years": [
            {"year": year, "first": f"{year}-01-04", "last": f"{year}-12-30", "centidays": 4250}
            for year in range(1996, 2026)
        ],
        "issuer": "演示甲中心", "is_demo": False, "number": "牵手服务〔2026〕12号",
        "issued_on": "2026-11-28", "supersedes": "牵手服务〔2026〕11号",
    }  # fmt: skip
    return certificate_of(facts, made_at=NOW, code="1A2B-3C4D-5E6F-7890", superseded_by=None)


def pairing() -> Document:
    cells = (2022, 2, 1, 1039.5, 0, 3, 120, 1.5, "否")
    lines = [YearLine(cells, 2022, ("援派工作日不足",)), YearLine((2023, *cells[1:]), 2023, ())]
    facts = [("结对编号", "P1"), ("援派机构", f"{RARE}中心"), ("状态", "结对中")]
    return pairing_sheet("P1", facts, lines, is_demo=False, made_at=NOW)


def ledger_book(count: int) -> Document:
    """A book: money came in once, and was spent on something else each day."""
    lines, spent = [], 0
    for number in range(1, count + 1):
        fen = 0 if number == 1 else 1_000 + number
        spent += fen
        lines.append(
            BookLine(
                number, date(2026, 3, number), f"演示{number}", FundSource.MCA_SUBSIDY,
                list(ExpenseCategory)[number % 6] if fen else None, TEXT, Task.T1, RARE,
                "演示文具店" * 3, fen, -fen or 3_000_000, "12345678", number % 3, spent,
                3_000_000 - spent, "演示负责人", date(2026, 3, number), "",
            )
        )  # fmt: skip
    paid = [
        Paid(FundSource.MCA_SUBSIDY, "演示基金会", "演示文〔2026〕1号", 3_000_000, date(2026, 2, 1),
             "演示1", 3_000_000, date(2026, 2, 3), 2_999_000, "银行手续费 10 元")
    ]  # fmt: skip
    by = {(one.category, one.source): one.spent_fen for one in lines if one.category}
    foot = Foot(3_000_000, 0, 0, 0, sum(by.values()), 0, 0, 0, 3_000_000 - spent, by)
    return document_of_book(
        WholeBook(
            f"{RARE}中心", "52350102MJ0000001X", ["P1"], 2026, None, paid if count else [], lines,
            foot, NOW, is_demo=True,
        )
    )  # fmt: skip


def settlement(*sources: FundSource) -> Document:
    lines = tuple(SourceLine(one, 0, 3_000_000_00, 1_234_567_89, 4_50) for one in sources)
    spent = {(category, one): 205_761_31 for category in ExpenseCategory for one in sources}
    figures = Figures(lines, spent, 0)
    return document_of_settlement(
        SettlementPaper(
            f"{RARE}中心", "52350102MJ0000001X", "福建省", "P1", 2026, "演示1",
            SettlementState.SUBMITTED, figures, figures.balance_fen,
            SettlementOutcome.CARRIED_OVER if sources else None, None, TEXT, None, None, NOW,
            is_demo=True,
        )
    )  # fmt: skip


DOCUMENTS = {
    "month": month(5),
    "empty month": month(0),
    "long month": month(58),
    "certificate of many years": certificate(),
    "pairing": pairing(),
    "empty ledger book": ledger_book(0),
    "ledger book": ledger_book(7),
    "settlement of nothing": settlement(),
    "settlement of three sources": settlement(*list(FundSource)[:3]),
    "settlement of every source": settlement(*FundSource),
}


def written(document: Document, kind: str) -> io.BytesIO:
    file = io.BytesIO()
    FORMATS[kind].write(document, file)
    file.seek(0)
    return file


def bare(text: str) -> str:
    """A text without what a layout may add or lose between its pieces."""
    return "".join(text.split())


def said(document: Document) -> list[str]:
    """Every text that the document says outside its tables."""
    found = [document.title, document.number, document.mark, *document.footnotes]
    found += [f"{label}：" for label in document.signatures]
    found += [document.seal.who, document.seal.written_on] if document.seal else []
    # The hash is filled in when the rows are written (tests/summaries/test_exports.py).
    found += document.note_lines
    for part in document.parts:
        if isinstance(part, Facts):
            found += [text for row in part.written for text in row]
        elif isinstance(part, Section):
            found += [part.heading, *part.paragraphs]
    return [bare(text) for text in found if text]


@pytest.fixture(params=DOCUMENTS)
def document(request: pytest.FixtureRequest) -> Document:
    return DOCUMENTS[request.param]


def test_word_says_every_text_and_figure_of_the_description(document: Document) -> None:
    word = docx.Document(written(document, "docx"))
    text = bare("".join(word.element.body.xpath(".//w:t/text()")))
    assert [one for one in said(document) if one not in text] == []
    tables = [table for table in word.tables if _is_headed(table)]
    with_rows = [one for one in document.tables if list(one.rows)]
    assert len(tables) >= len(with_rows)
    for table, of in zip(
        [one for one in tables if len(one.rows) > 1], document.tables, strict=False
    ):
        rows = [[cell.text for cell in row.cells] for row in table.rows if not _is_head(row)]
        expected = [*of.paper_rows(), *([of.paper_total] if of.paper_total else [])]
        assert rows == expected


def test_word_repeats_every_line_of_a_head_and_splits_no_row(document: Document) -> None:
    for table in docx.Document(written(document, "docx")).tables:
        if _is_headed(table):
            heads = [row for row in table.rows if _is_head(row)]
            groups = bool(table._tbl.xpath(".//w:gridSpan[@w:val > 1] | .//w:vMerge"))
            assert len(heads) == (2 if groups else 1)
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


def test_word_names_a_chinese_font_for_every_text(document: Document) -> None:
    word = docx.Document(written(document, "docx"))
    runs = word.element.body.xpath(".//w:r[w:t]")
    assert runs
    for run in runs:
        fonts = run.rPr.rFonts
        assert fonts.get(qn("w:eastAsia"))
        assert fonts.get(qn("w:hint")) == "eastAsia"  # else quotation marks are Latin ones


def test_word_is_laid_out_after_the_standard() -> None:
    word = docx.Document(written(certificate(), "docx"))
    section = word.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(one.mm) for one in margins] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    (body,) = word.element.body.xpath(".//w:p[.//w:t='特此证明。']")
    assert body.pPr.ind.get(qn("w:firstLineChars")) == "200"
    assert body.pPr.ind.get(qn("w:firstLine")) == "640"  # LibreOffice reads only this one
    assert body.pPr.spacing.get(qn("w:line")) == "560"
    (title,) = word.element.body.xpath(".//w:r[w:t='服务证明']")
    assert title.rPr.rFonts.get(qn("w:eastAsia")) == "方正小标宋简体"
    assert title.rPr.sz.get(qn("w:val")) == "44"
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        assert "— 1 —" in "".join(footer._element.xpath(".//w:t/text()"))
        assert footer._element.xpath(".//w:jc/@w:val") == [side]
        assert footer._element.xpath(".//w:fldSimple/@w:instr") == [" PAGE "]


def test_pdf_says_every_text_and_figure_of_the_description(document: Document) -> None:
    reader = pypdf.PdfReader(written(document, "pdf"))
    text = bare("".join(page.extract_text() for page in reader.pages))
    # A page's foot stands between the lines of a paragraph that goes over.
    assert [one for one in said(document) if one[:12] not in text] == []
    for of in document.tables:
        for row in [*of.paper_rows(), of.paper_total or []]:
            for cell in row:
                assert all(bare(piece) in text for piece in _pieces(cell)), cell


def test_pdf_repeats_the_head_of_a_table_on_each_of_its_pages() -> None:
    pages = pypdf.PdfReader(written(month(58), "pdf")).pages
    assert len(pages) > 2
    for page in pages:
        assert "工作内容" in page.extract_text()
        assert "填报" in page.extract_text()


def test_a_workbook_says_every_figure_of_the_description(document: Document) -> None:
    book = openpyxl.load_workbook(written(document, "xlsx"))
    for of in document.tables:
        sheet = book[of.sheet]
        cells = [
            [_as_read(cell, one.kind) for cell, one in zip(row, of.columns, strict=True)]
            for row in [*of.rows, *([of.total] if of.total else [])]
        ]
        found = [
            list(row)
            for row in sheet.iter_rows(values_only=True)
            if not any(str(cell).startswith("本页支出") for cell in row)
        ]
        start = int(re.search(r"\$(\d+)$", sheet.print_title_rows)[1])
        upper, lower = found[start - 2 : start]
        if any(one.group for one in of.columns):
            assert {one.group for one in of.columns if one.group} <= set(upper)
            heads = [low or up for up, low in zip(upper, lower, strict=True)]
        else:
            heads = lower
        assert heads == [one.heading for one in of.columns]
        read = [[_as_date(cell) for cell in row] for row in found[start : start + len(cells)]]
        assert read == cells
    texts = {cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    for section in document.sections:
        assert {section.heading or None, *section.paragraphs} <= texts


def _as_read(cell: Any, kind: str) -> Any:
    """Return a cell as a sheet holds it: nothing for an empty text, yuan for fen, shares as read."""
    if kind == "share" and isinstance(cell, float):
        return float(f"{cell:.16G}")
    if kind == "fen" and isinstance(cell, int):
        return cell / 100
    return None if cell == "" else cell


def _as_date(cell: Any) -> Any:
    """A date of a sheet is one; the reader says midnight of it."""
    return cell.date() if isinstance(cell, datetime) else cell


def test_a_report_can_be_passed_on_sheet_by_sheet(world: World) -> None:
    """Each sheet has its title, 单位, 填报单位 and day above, and what is signed below."""
    described = document_of(summary_of(world.session, 2022, now=world.clock()))
    book = openpyxl.load_workbook(written(described, "xlsx"))
    assert book.sheetnames == ["汇总", "分省", "按援派省份", "资金", "说明"]
    assert book.active.title == "汇总"  # what programs read
    for of in described.tables:
        sheet = book[of.sheet]
        texts = [[cell for cell in row if cell] for row in sheet.iter_rows(values_only=True)]
        assert texts[0] == [of.heading]
        left, right = texts[1]
        assert left.startswith("填报单位：")
        assert "数据截至：2022年" in left
        assert right == f"单位：{of.unit}"
        assert [one.rstrip("：") for one in texts[-1][0].split("：　")[:1]] == ["填报人"]
        assert all(label in texts[-1][0] for label in described.signatures)
        assert _printed_columns(sheet) == len(of.sheet_columns)
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in ((None, 0), (1, 0))


def _printed_columns(sheet: Any) -> int:
    return range_boundaries(sheet.print_area.split("!")[-1].replace("$", ""))[2]


def test_nothing_that_is_written_touches_the_next_column(world: World) -> None:
    """A number that does not fit is shown as ####; a text is wrapped, and its row is as high."""
    described = document_of(summary_of(world.session, 2022, now=world.clock()))
    book = openpyxl.load_workbook(written(described, "xlsx"))
    for of in described.tables:
        sheet = book[of.sheet]
        usual = sheet.sheet_format.defaultRowHeight
        start = int(re.search(r"\$(\d+)$", sheet.print_title_rows)[1])
        for row in sheet.iter_rows(min_row=start + 1, max_row=sheet.max_row - 2):
            height = sheet.row_dimensions[row[0].row].height or usual
            for cell, column in zip(row, of.columns, strict=True):
                assert cell.border.left.style == "thin"
                if column.is_number:
                    assert len(f"{cell.value or 0:,.1f}") <= column.width
                elif isinstance(cell.value, str):
                    assert cell.alignment.wrap_text
                    wide = sum(1 if one.isascii() else 2 for one in cell.value)
                    assert math.ceil(wide / column.width) * LINE <= height


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("受援人数不足、援派工作日不足、受援工作日不足", ["援派工作日不足、"]),
        ("1,039.5天和（2,022）人以及93.8%", ["1,039.5", "（2,022）", "93.8%"]),
        ("演示甲（集团）中心", ["（集团）"]),
        ("达标结对数", ["结对"]),
    ],
)
def test_no_line_ends_in_a_number_a_bracket_or_a_word_of_ours(text: str, pieces: list[str]) -> None:
    register_fonts()
    for width in (66, 80, 95):
        lines = wrapped(text, width, 7.5)
        assert "".join(lines) == text
        assert all(width_of(line, 7.5) <= width for line in lines)
        assert len(lines) == 1 or len(lines[-1]) > 1
        for piece in pieces:
            assert any(piece in line for line in lines), (width, lines)


@pytest.mark.parametrize(
    ("heading", "room", "lines"),
    [
        ("实际援派结对数", 6, ("实际援派", "结对数")),  # 实际援派结对 | 数
        ("未达标及其他问题", 7, ("未达标及", "其他问题")),
        ("省级应配套（元）", 6.5, ("省级应配套", "（元）")),
        ("工作日达标结对数", 3.5, ("工作日", "达标", "结对数")),
        ("应结对数", 4, ("应结对数",)),
        ("结对编号", 1, ("结", "对", "编", "号")),  # no room for more
    ],
)
def test_a_heading_breaks_between_words_and_leaves_no_character_over(
    heading: str, room: float, lines: tuple[str, ...]
) -> None:
    assert heading_lines(heading, room) == lines


def test_days_have_one_decimal_at_most() -> None:
    assert [written_cell(one, "days") for one in (40, 39.5, 1.25, 4.35, 1039.25, 0.04)] == [
        "40", "39.5", "1.3", "4.4", "1,039.3", "0",
    ]  # fmt: skip
    assert written_cell(2025, "year") == "2025"


def test_a_workbook_is_ready_to_be_printed(document: Document) -> None:
    book = openpyxl.load_workbook(written(document, "xlsx"))
    for of in document.tables:
        sheet = book[of.sheet]
        assert str(sheet.page_setup.paperSize) == "9"
        assert (sheet.page_setup.orientation == "landscape") == document.is_across
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows
        assert bool(sheet.print_title_cols) == ((sheet.page_setup.fitToWidth or 1) > 1)
        assert sheet.print_area
        assert "第 &P 页" in str(sheet.oddFooter.right.text)
        assert sheet.freeze_panes


def test_the_summary_says_the_same_in_every_format(world: World) -> None:
    summary = document_of(summary_of(world.session, 2022, now=world.clock()))
    test_word_says_every_text_and_figure_of_the_description(summary)
    test_word_repeats_every_line_of_a_head_and_splits_no_row(summary)
    test_pdf_says_every_text_and_figure_of_the_description(summary)
    test_a_workbook_says_every_figure_of_the_description(summary)
    test_a_workbook_is_ready_to_be_printed(summary)


def test_a_name_of_rare_characters_comes_out_whole_in_every_format() -> None:
    document = month(1)
    assert RARE in "".join(
        docx.Document(written(document, "docx")).element.body.xpath(".//w:t/text()")
    )
    assert RARE in pypdf.PdfReader(written(document, "pdf")).pages[0].extract_text()
    sheet = openpyxl.load_workbook(written(document, "xlsx")).active
    assert any(RARE in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)


def test_a_text_like_a_formula_stays_text_in_a_workbook() -> None:
    (one,) = month(1).tables
    sheet = openpyxl.load_workbook(written(month(1), "xlsx"))[one.sheet]
    texts = [cell for row in sheet.iter_rows() for cell in row if TEXT in str(cell.value)]
    assert [cell.data_type for cell in texts] == ["s"]


def test_a_superseded_certificate_says_so_on_paper() -> None:
    facts = {**_facts_of_certificate(), "supersedes": None}
    document = certificate_of(facts, made_at=NOW, code="X", superseded_by="牵手服务〔2026〕13号")
    assert "已失效：由 牵手服务〔2026〕13号 取代" in document.mark


def _facts_of_certificate() -> dict[str, Any]:
    return {
        "person": RARE, "id_number": None, "organisation": "演示", "credit_code": "1",
        "side": "received", "pairing": "P1", "partner": "演示", "county": "演示",
        "terms": [], "years": [], "issuer": "演示", "is_demo": True,
        "number": "牵手服务〔2026〕12号", "issued_on": "2026-11-28",
    }  # fmt: skip


def _is_head(row: Any) -> bool:
    return row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None


def _is_headed(table: Any) -> bool:
    return any(_is_head(row) for row in table.rows)


def _pieces(cell: str) -> list[str]:
    """A cell as it may be broken into lines: any two neighbours that were not torn apart."""
    return [cell] if len(cell) < 5 else []


def test_every_kind_of_issued_document_has_words_for_its_number() -> None:
    assert set(WORDS) == set(DocumentKind)


@pytest.mark.parametrize(
    ("county", "partner", "words"),
    [
        ("吴忠市红寺堡区", "红寺堡区演示乙中心", "赴吴忠市红寺堡区演示乙中心开展"),
        ("吴忠市红寺堡区", "演示乙中心", "赴吴忠市红寺堡区演示乙中心开展"),
        ("吴忠市红寺堡区", "区域发展中心", "赴吴忠市红寺堡区区域发展中心开展"),
    ],
)
def test_a_place_is_not_said_again_by_the_name_of_who_works_there(
    county: str, partner: str, words: str
) -> None:
    facts = {**_facts_of_certificate(), "supersedes": None, "side": "sent"}
    facts |= {"county": county, "partner": partner}
    document = certificate_of(facts, made_at=NOW, code="X", superseded_by=None)
    assert words in str(document.parts[0])
