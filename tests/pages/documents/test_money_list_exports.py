"""The lists of money × filters: workbook and print hold the rows and sums of the page, to the fen."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any, NamedTuple

import openpyxl
import pytest

from models.types import ExpenseCategory, FundSource
from portal.awards.listing_export import LISTING as AWARDS
from portal.documents.listing_export import Listing
from portal.funding.listing_export import LISTING as ALLOCATIONS
from portal.settlements.listing_export import LISTING as SETTLEMENTS
from portal.spending.listing_export import LISTING as EXPENDITURES
from portal.standards.money import format_yuan, parse_yuan
from tests.pages.documents.test_list_exports import BESIDE, rows_in
from tests.support.awards import claimed as award
from tests.support.awards import with_award_rules
from tests.support.money import PROVINCIAL, YEAR, approved, paid, received
from tests.support.portal import Pages
from tests.support.spending import claimed
from tests.support.world import World

YEAR_ASKED = f"year={YEAR}"


class MoneyList(NamedTuple):
    """A list: where it stands, which column of the file is which of the page, the amount among them."""

    listing: Listing
    path: str
    amount: str
    on_page: str
    queries: tuple[str, ...]


LISTS = (
    MoneyList(
        ALLOCATIONS, "/funds/allocations", "核定", "核定",
        (YEAR_ASKED, f"{YEAR_ASKED}&source=lottery", f"{YEAR_ASKED}&sort=-amount", f"{YEAR_ASKED}&state=to_pay"),
    ),
    MoneyList(
        EXPENDITURES, "/spending", "金额", "金额（元）",
        (YEAR_ASKED, f"{YEAR_ASKED}&category=meals", f"{YEAR_ASKED}&sort=-amount", f"{YEAR_ASKED}&q=演示饭店"),
    ),
    MoneyList(
        SETTLEMENTS, "/settlements", "余款", "余款",
        (YEAR_ASKED, f"{YEAR_ASKED}&stage=submitted", f"{YEAR_ASKED}&sort=-balance"),
    ),
    MoneyList(AWARDS, "/awards", "奖补金额", "金额（元）", ("", "level=senior", "sort=-amount")),
)  # fmt: skip


def fill(world: World) -> None:
    """Money of two organisations in every state that a list tells apart, with odd fen."""
    received(world, 3_000_001)
    paid(world, 2_500_000, PROVINCIAL, voucher="演示凭证2")
    approved(world, 4_000_050, FundSource.LOTTERY, "P2")
    claimed(world, 12_345)
    claimed(world, 67_890, category=ExpenseCategory.MEALS, payee="演示饭店")
    claimed(world, 1, payee="演示饭店")
    with_award_rules(world)
    award(world, "sent1")
    award(world, "sent2")


@pytest.fixture
def filled(world: World) -> World:
    fill(world)
    world.session.commit()
    return world


def amounts_in(rows: list[dict[str, Any]], label: str) -> list[str]:
    """Return amounts of a workbook as pages write them; what there is none of is a dash."""
    cells = [row[label] for row in rows]
    return ["—" if cell is None else format_yuan(int(Decimal(str(cell)) * 100)) for cell in cells]


def first_line(text: str) -> str:
    return text.split(maxsplit=1)[0] if text else text


@pytest.mark.parametrize("one", LISTS, ids=[one.listing.word for one in LISTS])
def test_the_file_and_the_print_of_a_list_of_money_are_its_page(
    filled: World, pages: Pages, one: MoneyList
) -> None:
    client = pages("national_officer")
    seen = 0
    for query in one.queries:
        page = client.get(f"{one.path}?{query}")
        if not page.find_all("form[data-download]"):
            continue
        shown = [first_line(row[one.on_page]) for row in page.table_rows() if row[one.on_page]]
        answer = page.submit(BESIDE, expect=200)
        exported = [
            row
            for row in rows_in(answer.body, one.listing)
            if not str(next(iter(row.values()))).startswith("合计")
        ]
        printed = client.get(f"{one.path}/exports?{query}").table_rows()
        assert amounts_in(exported, one.amount) == shown != [], query
        heading = next(label for label in printed[0] if label.endswith(one.amount))
        assert [row[heading] or "—" for row in printed] == shown, query
        sheet = openpyxl.load_workbook(io.BytesIO(answer.body))[one.listing.label]
        assert sheet["A2"].value.startswith("填报单位："), query
        assert any("单位：元" in str(cell.value) for cell in sheet[2]), query
        place = [column.label for column in one.listing.columns].index(one.amount)
        (total,) = [
            row[place]
            for row in sheet.iter_rows(values_only=True)
            if str(row[0]).startswith("合计")
        ]
        assert int(Decimal(str(total)) * 100) == sum(parse_yuan(cell) or 0 for cell in shown), query
        seen += 1
    assert seen >= 2
