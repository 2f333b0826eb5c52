"""JSON, CSV, XLSX, PDF and Word of one summary, read back by other programs."""

import csv
import hashlib
import io
import json
import re
from typing import Any

import docx
import openpyxl
import pypdf
import pytest
from openpyxl.utils import get_column_letter

from models import PairingYearTotal, Programme
from portal.documents.description_rules import SIGNATURES, text_of
from portal.documents.docx_export import MOST_ROWS
from portal.settings import PORTAL
from portal.summaries.column_export import (
    AREA_COLUMNS,
    DIGEST_LABEL,
    FUND_COLUMNS,
    PAIRING_COLUMNS,
    SENDER_COLUMNS,
    fund_cells,
    pairing_cells,
    sender_cells,
)
from portal.summaries.document_export import document_of
from portal.summaries.export import EXPORTS, guarded
from portal.summaries.queries import Summary, summary_of
from tests.support.many_pairings import make_pairings
from tests.support.world import World

PAIRING_KEYS = [
    "code", "confirmed", "line", "mode", "county_code", "sending_credit_code", "sending_name",
    "sending_province_code", "receiving_credit_code", "receiving_name", "receiving_province_code",
    "sent_staff", "qualified_sent_staff", "received_staff", "sent_days", "received_days",
    "sent_days_pending", "received_days_pending", "compliant", "pace", "findings",
    "subsidy_due_fen",
    "subsidy_received_fen", "province_due_fen", "province_received_fen", "received_fen",
    "spent_fen", "balance_fen", "townships", "stations_open", "stations_standard", "grade",
]  # fmt: skip
SUMMED_KEYS = [
    "sent_staff", "qualified_sent_staff", "received_staff", "sent_days", "received_days",
    "sent_days_pending", "received_days_pending", "subsidy_due_fen", "province_due_fen",
    "subsidy_received_fen", "province_received_fen", "received_fen", "spent_fen", "balance_fen",
]  # fmt: skip
COUNTED_KEYS = [
    "pairings", "sent_pairings", "compliant_pairings", "pace", "key_counties",
    "key_counties_covered", "townships",
]  # fmt: skip
UNKNOWN_KEYS = ["stations_open", "stations_standard"]
"""What no room records yet."""
AREA_KEYS = sorted([*COUNTED_KEYS, *SUMMED_KEYS, *UNKNOWN_KEYS])
TOP_KEYS = [
    "programme", "year", "as_of", "generated_at", "policy", "totals", "provinces", "pairings",
]  # fmt: skip
TOWNSHIPS = 2554
"""Of all key counties (portal/places/data/townships.csv)."""
RARE = "演示𬭎喆社会工作服务中心"
"""A name with a character beyond U+FFFF, as some real names have."""


def summary(world: World) -> Summary:
    return summary_of(world.session, 2022, now=world.clock())


def written(world: World, kind: str) -> bytes:
    file = io.BytesIO()
    EXPORTS[kind].write(summary(world), file)
    return file.getvalue()


def as_json(world: World) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written(world, "json"))
    return found


def csv_rows(world: World) -> list[list[str]]:
    return list(csv.reader(io.StringIO(written(world, "csv").decode("utf-8-sig"))))


def workbook(world: World) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(written(world, "xlsx")))


def pdf(world: World) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(written(world, "pdf")))


def test_json_has_exactly_the_keys_of_the_contract(busy: World) -> None:
    found = as_json(busy)
    assert list(found) == TOP_KEYS
    assert sorted(found["totals"]) == AREA_KEYS
    for province in found["provinces"]:
        assert sorted(province) == sorted(["code", "name", *AREA_KEYS])
    for pairing in found["pairings"]:
        assert list(pairing) == PAIRING_KEYS
        for finding in pairing["findings"]:
            assert list(finding) == ["code", "have", "need", "clause", "message"]


def test_json_says_null_of_what_cannot_be_recorded_yet(busy: World) -> None:
    found = as_json(busy)
    for row in (found["totals"], *found["provinces"], *found["pairings"]):
        assert [row[key] for key in UNKNOWN_KEYS] == [None] * len(UNKNOWN_KEYS)


def test_json_says_null_of_the_townships_of_a_county_whose_list_is_not_loaded(world: World) -> None:
    world.pairing("P1").county_code = "640106"  # 金凤区, no key county
    total = world.session.get_one(PairingYearTotal, (world.pairing("P1").id, 2022))
    total.county_code = "640106"
    world.session.flush()
    found = {one["code"]: one["townships"] for one in as_json(world)["pairings"]}
    assert (found["P1"], found["P2"]) == (None, 11)


def test_json_has_a_row_of_a_province_that_only_sends(busy: World) -> None:
    found = as_json(busy)
    rows = {row["name"]: row for row in found["provinces"]}
    fujian, ningxia = rows["福建省"], rows["宁夏回族自治区"]
    assert (fujian["pairings"], fujian["sent_pairings"]) == (0, 2)
    assert (ningxia["pairings"], ningxia["sent_pairings"]) == (2, 0)
    assert (fujian["province_due_fen"], ningxia["province_due_fen"]) == (6_000_000, 0)
    assert sum(row["sent_pairings"] for row in rows.values()) == found["totals"]["pairings"]


def test_json_says_what_was_counted_by_hand(busy: World) -> None:
    found = as_json(busy)
    assert (found["year"], found["as_of"]) == (2022, "2022-11-21")
    assert found["generated_at"] == "2022-11-21T02:00:00Z"
    assert found["policy"]["min_sent_days"] == 40
    assert found["policy"]["day_basis"] == "pairing"
    pairing = next(one for one in found["pairings"] if one["code"] == "P1")
    assert (pairing["line"], pairing["mode"]) == ("key_county", "cross_province")
    assert (pairing["sent_days"], pairing["received_days"]) == (2.5, 1.5)
    assert pairing["received_days_pending"] == 1.0
    assert (pairing["compliant"], pairing["grade"]) == (False, None)
    # 37.5 days of two people are 19 working days, the last of 2022 on 30 December.
    assert pairing["pace"] == {
        "sent": "slow", "received": "out_of_reach", "latest_start_on": "2022-12-06",
    }  # fmt: skip
    assert found["totals"]["pace"] == {"out_of_reach": 3, "slow": 0, "on_course": 0, "done": 0}
    assert (pairing["subsidy_due_fen"], pairing["province_due_fen"]) == (3_000_000, 3_000_000)
    assert pairing["townships"] == 6  # 红寺堡区: 1 street, 2 towns, 3 townships
    lacking = next(one for one in pairing["findings"] if one["code"] == "too_few_sent_days")
    assert (lacking["have"], lacking["need"], lacking["clause"]) == (2.5, 40, "二(四)2")
    assert "还差 37.5 天" in lacking["message"]
    ningxia = next(one for one in found["provinces"] if one["code"] == "640000")
    assert (ningxia["name"], ningxia["pairings"]) == ("宁夏回族自治区", 2)
    assert (ningxia["key_counties"], ningxia["key_counties_covered"]) == (5, 2)
    assert found["totals"]["key_counties"] == 160


def test_json_sums_equal_the_lower_level(busy: World) -> None:
    make_pairings(busy.session, 700)
    found = as_json(busy)
    for key in SUMMED_KEYS:
        lines = sum(pairing[key] for pairing in found["pairings"])
        assert found["totals"][key] == pytest.approx(lines), key
        assert sum(one[key] for one in found["provinces"]) == pytest.approx(lines), key
    for key in ("pairings", "sent_pairings", "townships"):
        assert sum(one[key] for one in found["provinces"]) == found["totals"][key], key
    assert found["totals"]["pairings"] == len(found["pairings"]) == 703
    compliant = sum(pairing["compliant"] for pairing in found["pairings"])
    assert found["totals"]["compliant_pairings"] == compliant
    counties = {pairing["county_code"] for pairing in found["pairings"]}
    assert found["totals"]["key_counties_covered"] == len(counties) == 160
    assert found["totals"]["townships"] == TOWNSHIPS  # each county once, whatever its pairings


def test_json_of_nothing_is_still_json(world: World) -> None:
    found = json.loads(written_nothing(world, "json"))
    assert (found["pairings"], found["totals"]["pairings"]) == ([], 0)


def written_nothing(world: World, kind: str) -> bytes:
    file = io.BytesIO()
    nobody = world.actor("system_administrator")
    EXPORTS[kind].write(summary_of(world.session, 2022, now=world.clock(), actor=nobody), file)
    return file.getvalue()


def test_every_kind_of_file_can_be_empty(world: World) -> None:
    assert len(list(csv.reader(io.StringIO(written_nothing(world, "csv").decode())))) == 1
    sheet = openpyxl.load_workbook(io.BytesIO(written_nothing(world, "xlsx")))["汇总"]
    first = sheet["A1"].value, sheet["A5"].value
    assert first == ("2022年度汇总表：结对明细", "合计")
    assert len(pypdf.PdfReader(io.BytesIO(written_nothing(world, "pdf"))).pages) == 1


def test_csv_has_a_mark_of_utf8_a_heading_and_a_row_a_pairing(busy: World) -> None:
    make_pairings(busy.session, 1100)  # more than two pieces
    assert written(busy, "csv").startswith(b"\xef\xbb\xbf")
    heading, *rows = csv_rows(busy)
    assert heading == [column.label for column in PAIRING_COLUMNS]
    assert "统一社会信用代码" in "".join(heading)
    assert len(rows) == 1103
    assert len({row[0] for row in rows}) == 1103


def test_csv_says_what_was_counted_by_hand(busy: World) -> None:
    heading, *rows = csv_rows(busy)
    row = dict(zip(heading, next(row for row in rows if row[0] == "P1"), strict=True))
    assert row["援派省份"] == "福建省"
    assert row["受援县"] == "红寺堡区"
    assert row["援派机构统一社会信用代码"] == busy.organisation("sending").credit_code
    assert row["援派工作日合计"] == "2.5"
    assert (row["援派人均工作日"], row["援派每人最少工作日"]) == ("1.25", "0.5")
    assert row["受援待审工作日"] == "1"
    assert (row["援派人数达标"], row["援派工作日达标"]) == ("是", "否")
    assert (row["援派进度"], row["受援进度"]) == ("偏慢", "来不及")
    assert (row["是否达标"], row["重点帮扶县"]) == ("否", "是"), "来不及"
    assert row["未达标及其他问题"] == (
        "受援人数不足、援派工作日不足、受援工作日不足、部级补助未足额到账、省级配套不足"
    )
    assert (row["部级补助应拨（元）"], row["部级补助到账（元）"]) == ("30000.00", "0.00")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_csv_text_of_people_never_begins_a_formula(start: str) -> None:
    places = {
        place: column.label
        for place, column in enumerate(PAIRING_COLUMNS)
        if guarded([f"{start}1+1"] * len(PAIRING_COLUMNS))[place] == f"'{start}1+1"
    }
    assert list(places.values()) == [
        "结对编号",
        "援派机构",
        "受援机构",
        "援派机构统一社会信用代码",
        "受援机构统一社会信用代码",
    ]


def test_the_guard_leaves_other_text_and_numbers_alone() -> None:
    row: list[Any] = [None, -1.5, "", "1+1", 0] * 6 + [""] * (len(PAIRING_COLUMNS) - 30)
    assert guarded(row) == row


def test_a_name_like_a_formula_stays_text_in_csv_and_xlsx(busy: World) -> None:
    formula = '=HYPERLINK("http://x")'
    busy.organisation("sending").name = formula
    busy.session.flush()
    _, *rows = csv_rows(busy)
    assert f"'{formula}" in next(row for row in rows if row[0] == "P1")
    book = workbook(busy)
    cells = [cell for row in book["汇总"].iter_rows() for cell in row if cell.value == formula]
    assert [(cell.data_type, cell.hyperlink) for cell in cells] == [("s", None)]


BODY = 5
"""The first row of a sheet below its title, its line and its two lines of head."""
BELOW = 2
"""Lines below the rows and their sum: an empty one, and what is signed."""


def body_of(sheet: Any) -> list[tuple[Any, ...]]:
    """The rows of a sheet, the sum the last."""
    rows = sheet.iter_rows(min_row=BODY, max_row=sheet.max_row - BELOW, values_only=True)
    return [tuple(row) for row in rows]


def heads_of(sheet: Any) -> list[str]:
    """The headings, without their breaks."""
    heads = zip(sheet[3], sheet[4], strict=True)
    return [(low.value or up.value).replace("\n", "") for up, low in heads]


def test_xlsx_has_the_pairings_the_provinces_and_what_is_said_of_them(busy: World) -> None:
    book = workbook(busy)
    assert book.sheetnames == ["汇总", "分省", "按援派省份", "资金", "说明"]
    assert book["汇总"].freeze_panes == "B5"
    assert heads_of(book["汇总"]) == [one.heading for one in PAIRING_COLUMNS]
    assert heads_of(book["分省"]) == [one.heading for one in AREA_COLUMNS]
    assert heads_of(book["按援派省份"]) == [one.heading for one in SENDER_COLUMNS]
    found = summary(busy)
    cells = pairing_cells(found)
    *rows, total = body_of(book["汇总"])
    assert rows == [_as_sheet(cells(line), PAIRING_COLUMNS) for line in found.pairings]
    assert total == document_of(found).tables[-1].total
    areas = document_of(found).tables[0]
    assert body_of(book["分省"]) == [
        _as_sheet(row, AREA_COLUMNS) for row in (*areas.rows, areas.total)
    ]
    labels = [one.label for one in areas.columns]
    sums = dict(zip(labels, areas.total, strict=True))
    # Three pairings of 40 and 120 days each; 2.5 and 1.5 are there.
    assert (sums["援派还差工作日"], sums["受援还差工作日"]) == (117.5, 358.5)
    assert sums["来不及结对数"] == 3
    assert {"援派还差工作日", "来不及结对数"} <= {one.label for one in areas.sheet_columns}
    assert body_of(book["按援派省份"]) == [
        _as_sheet(sender_cells(one, found), SENDER_COLUMNS)
        for one in (*found.senders, found.all_sent)
    ]
    assert body_of(book["资金"]) == [
        _as_sheet(fund_cells(one, found), FUND_COLUMNS) for one in (*found.senders, found.all_sent)
    ]


def test_xlsx_filters_the_rows_and_leaves_the_sum_where_it_is(busy: World) -> None:
    sheet = workbook(busy)["汇总"]
    first, last = sheet.auto_filter.ref.split(":")
    assert (first, last) == ("A4", f"{get_column_letter(len(PAIRING_COLUMNS))}{BODY + 2}")


def test_xlsx_writes_a_year_as_a_year_and_days_with_one_decimal_at_most(busy: World) -> None:
    """A separator of thousands made 2,022 of it."""
    book = workbook(busy)
    labels = [column.label for column in PAIRING_COLUMNS]
    row = next(row for row in book["汇总"].iter_rows(min_row=BODY) if row[0].value == "P1")
    cells = dict(zip(labels, row, strict=True))
    assert cells["年度"].number_format == "0"
    days = [cells[name] for name in ("援派人均工作日", "援派工作日合计", "援派待审工作日")]
    assert [(one.value, one.number_format) for one in days] == [
        (1.25, "#,##0.0"), (2.5, "#,##0.0"), (0, "#,##0"),
    ]  # fmt: skip
    (noted,) = [row for row in book["说明"].iter_rows() if row[0].value == "工作年度"]
    assert noted[1].number_format == "General"


def _as_sheet(cells: Any, columns: Any) -> tuple[Any, ...]:
    """A workbook does not tell an empty text from an empty cell, and has money in yuan."""
    return tuple(
        None if cell == "" else cell / 100 if column.kind == "fen" and cell is not None else cell
        for cell, column in zip(cells, columns, strict=True)
    )


def test_xlsx_numbers_are_numbers_and_codes_are_text(busy: World) -> None:
    book = workbook(busy)
    heading = [column.label for column in PAIRING_COLUMNS]
    rows = book["汇总"].iter_rows(min_row=BODY, max_row=book["汇总"].max_row - BELOW - 1)
    for row in rows:
        kinds = {name: cell.data_type for name, cell in zip(heading, row, strict=True)}
        assert kinds["援派工作日合计"] == kinds["援派人数"] == kinds["年度"] == "n"
        assert kinds["受援县代码"] == kinds["援派机构统一社会信用代码"] == "s"


def notes_of(world: World) -> dict[str, Any]:
    rows = workbook(world)["说明"].iter_rows(min_row=3, values_only=True)
    return {row[0]: row[1] for row in rows}


def test_xlsx_says_last_which_state_it_is_how_many_rows_and_their_hash(busy: World) -> None:
    cover = notes_of(busy)
    found = summary(busy)
    assert cover["计划"] == found.programme
    assert (cover["工作年度"], cover["数据截至"]) == (2022, "2022-11-21")
    assert cover["生成时间（北京时间）"] == "2022-11-21 10:00:00"
    assert (cover["明细行数（结对）"], cover["其中待确认（不计入合计）"]) == (3, 0)
    assert (cover["受援省份行数"], cover["援派省份行数"]) == (10, 2)
    *rows, total = body_of(workbook(busy)["汇总"])
    sums = dict(zip((column.label for column in PAIRING_COLUMNS), total, strict=True))
    assert (sums["援派工作日合计"], sums["受援工作日合计"]) == (2.5, 1.5)
    digest = hashlib.sha256("".join(text_of(row) for row in rows).encode()).hexdigest()
    assert cover[DIGEST_LABEL] == digest


def test_pdf_embeds_its_fonts_and_can_be_searched(busy: World) -> None:
    busy.organisation("sending").name = RARE
    busy.session.flush()
    reader = pdf(busy)
    fonts = {}
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            facts = font.get_object()
            fonts[facts["/BaseFont"]] = facts["/FontDescriptor"].get_object()
    assert fonts
    assert all("/FontFile2" in descriptor for descriptor in fonts.values())
    assert all("NotoSerifSC" in name for name in fonts)
    text = "".join("".join(page.extract_text().split()) for page in reader.pages)
    assert RARE in text
    assert "红寺堡区演示甲社会工作服务中心" in text
    assert "援派工作日不足" in text


def test_pdf_says_in_its_properties_what_it_is_and_who_made_it(busy: World) -> None:
    facts = pdf(busy).metadata
    assert facts.title == f"{summary(busy).programme}2022年度汇总表"
    assert facts.subject == "2022年度汇总表，数据截至 2022-11-21"
    assert facts.author == facts.creator == PORTAL
    assert "anonymous" not in str(facts)


def test_pdf_ends_with_what_is_filled_in_by_hand(busy: World) -> None:
    last = pdf(busy).pages[-1].extract_text()
    assert all(f"{label}：" in last for label in SIGNATURES)


def test_pdf_is_a4_across_with_a_heading_and_a_number_on_every_page(busy: World) -> None:
    make_pairings(busy.session, 600)
    reader = pdf(busy)
    count = len(reader.pages)
    assert count > 20
    for number, page in enumerate(reader.pages, start=1):
        assert (round(page.mediabox.width), round(page.mediabox.height)) == (842, 595)
        text = page.extract_text()
        assert f"第 {number} 页" in text
        assert f"共 {count} 页" in text
        if 2 < number < count:
            assert "结对编号" in text
    text = "".join(page.extract_text() for page in reader.pages)
    assert len(set(re.findall(r"M\d{6}", text))) == 600


def test_pdf_has_the_totals_and_the_hash_of_the_workbook(busy: World) -> None:
    reader = pdf(busy)
    first, last = (reader.pages[number].extract_text() for number in (0, -1))
    assert notes_of(busy)[DIGEST_LABEL] in last.replace("\n", "")
    assert "2022-11-21 10:00:00" in last
    total = next(line for line in first.splitlines() if line.startswith("合计"))
    assert "2.5" in total.split()
    assert "合计" in last
    assert "3 对" in last


def test_a_summary_of_twenty_rows_takes_three_pages_at_most_and_one_of_money(busy: World) -> None:
    """It took nine."""
    make_pairings(busy.session, 17)
    assert summary(busy).listed == 20
    assert len(pdf(busy).pages) <= 3 + 1


def test_every_file_says_that_demonstration_data_are_no_real_ones(busy: World) -> None:
    programme = busy.session.get_one(Programme, 1)
    programme.is_demo = True
    busy.session.flush()
    assert notes_of(busy)["数据性质"] == "演示数据，非真实业务"
    assert "演示数据，非真实业务" in pdf(busy).pages[-1].extract_text()


def docx_of(world: World) -> Any:
    return docx.Document(io.BytesIO(written(world, "docx")))


def test_docx_has_every_table_of_the_paper_and_what_is_said_of_them(busy: World) -> None:
    word = docx_of(busy)
    described = document_of(summary(busy))
    texts = [paragraph.text for paragraph in word.paragraphs]
    digest = notes_of(busy)[DIGEST_LABEL]
    notes = [one + digest if one == f"{DIGEST_LABEL}：" else one for one in described.note_lines]
    assert [one for one in texts if one in notes] == notes
    for table, of in zip(word.tables, described.tables, strict=True):
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        assert rows[-1] == of.paper_total
        assert rows[-1 - len(list(of.rows)) : -1] == list(of.paper_rows())
        assert "\t".join(described.line_on_paper(of)) in texts


def test_docx_leaves_long_tables_to_the_workbook_and_says_so(busy: World) -> None:
    make_pairings(busy.session, MOST_ROWS)
    word = docx_of(busy)
    text = "\n".join(paragraph.text for paragraph in word.paragraphs)
    assert "共 1,003 行，超过 Word 文件每表 1,000 行的上限" in text
    assert "请导出 Excel 工作簿或 PDF" in text
    assert len(word.tables) == 3  # receiving and sending provinces, money
    assert f"{DIGEST_LABEL}：{notes_of(busy)[DIGEST_LABEL]}" in text
