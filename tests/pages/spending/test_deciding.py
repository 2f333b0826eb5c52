"""/spending: who sees which; booked several at once, sampled, disallowed, repaid; the province's matrix."""

from __future__ import annotations

import io

import openpyxl
import pytest
import sqlalchemy as sa

from models import EligibilityRule, Expenditure, ExpenditureDecision
from models.types import ExpenditureState as State
from models.types import ExpenseCategory, FileKind
from portal.files.actions import attach
from portal.files.content_rules import Judged
from portal.files.queries import pegs_of
from portal.spending import actions
from portal.spending.sampling_rules import Booked, draw
from tests.support.money import received
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.spending import claimed
from tests.support.statements import statements
from tests.support.world import World

on_one_database = pytest.mark.parametrize("press", ["sqlite"], indirect=True)
"""What no query tells apart is asked of one database; the other has the deeds, and its statements are the crawl's."""

URL = "/spending"
MANAGER, PROVINCE = "sending_manager", "sending_province_officer"


def rows(page: Page) -> list[dict[str, str]]:
    return page.table_rows() if page.find("table") else []


def booked(world: World, fen: int = 10_000, **asked) -> Expenditure:
    one = claimed(world, fen, **asked)
    actions.book_expenditures(world.deed(MANAGER), [one])
    return one


def test_a_voucher_is_offered_to_be_taken_off_until_it_is_booked(pages: Pages, world: World):
    received(world)
    one = claimed(world)
    (peg,) = pegs_of(world.session, one)
    attach(world.deed("sending_staff"), one, peg, "演示.pdf", Judged(FileKind.PDF, b"a"))
    client = pages(MANAGER)
    page = client.get(f"{URL}/{one.public_id}")
    assert [row["操作"] for row in page.table_rows("票据")] == ["移除 演示.pdf"]
    actions.book_expenditures(world.deed(MANAGER), [one])
    page = client.get(f"{URL}/{one.public_id}")
    assert all("操作" not in row for row in page.table_rows("票据"))


@pytest.mark.parametrize(
    ("persona", "seen"),
    [
        ("sending_staff", 1),
        (MANAGER, 2),
        (PROVINCE, 2),
        ("province_officer", 2),
        ("county_officer", 2),
        ("national_officer", 3),
        ("evaluator", 2),
        ("receiving_manager", 0),
        ("other_staff", 0),
        ("other_manager", 0),
        ("other_province_officer", 1),
        ("other_county_officer", 0),
    ],
)
def test_everybody_sees_the_own_reach(pages: Pages, world: World, persona: str, seen: int):
    claimed(world)
    claimed(world, persona=MANAGER, payee="演示另一家")
    claimed(world, persona="foreign_manager", organisation="foreign_sending", pairing="P3")
    assert len(rows(pages(persona).get(URL))) == seen


@pytest.mark.parametrize("persona", ["other_staff", "other_manager", "other_province_officer"])
def test_what_is_out_of_reach_is_not_there(pages: Pages, world: World, persona: str):
    one = claimed(world)
    pages(persona).get(f"{URL}/{one.public_id}", expect=404)


def test_the_manager_books_several_at_once_as_shown(pages: Pages, world: World):
    received(world)
    some = [claimed(world, payee=f"演示店{number}") for number in range(3)]
    page = pages(MANAGER).get(f"{URL}?state=waiting")
    chosen = [f"{one.public_id}-{one.version}" for one in some[:2]]
    page = page.submit("form[data-bulk]", values={"chosen": chosen}).follow()
    assert page.messages == ["已入账 2 笔，共 200.00 元。"]
    states = world.session.scalars(sa.select(Expenditure.state).order_by(Expenditure.id))
    assert list(states) == [State.BOOKED, State.BOOKED, State.CLAIMED]


def test_booking_more_than_there_is_books_nothing_and_says_what_is_missing(
    pages: Pages, world: World
):
    received(world, 15_000)
    some = [claimed(world, payee=f"演示店{number}") for number in range(2)]
    page = pages(MANAGER).get(URL)
    chosen = [f"{one.public_id}-{one.version}" for one in some]
    page = page.submit("form[data-bulk]", values={"chosen": chosen}, expect=409)
    assert "可用结余只有 50.00 元" in page.text
    assert {one.state for one in some} == {State.CLAIMED}


def test_the_list_costs_the_same_whatever_it_holds(pages: Pages, world: World):
    counts = []
    for number in range(2):
        for other in range(4):
            claimed(world, payee=f"演示店{number}{other}")
        client = pages(PROVINCE)
        client.get(URL)
        with statements(pages.app) as said:
            client.get(URL)
        counts.append(len(said))
    assert counts[0] == counts[1]


def test_filters_find_and_the_workbook_holds_the_same(pages: Pages, world: World):
    received(world)
    booked(world, 20_000, category=ExpenseCategory.MEALS, payee="演示饭店")
    claimed(world)
    client = pages(PROVINCE)
    (row,) = rows(client.get(f"{URL}?category=meals&q=演示饭店&state=booked&organisation=福州"))
    assert row["金额（元）"] == "200.00"
    assert rows(client.get(f"{URL}?q=没有这样的")) == []
    assert "演示饭店" in client.get(f"{URL}/exports?category=meals").text
    answer = client.get(f"{URL}?category=meals").submit(0, expect=200)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.body)).active
    cells = [cell for line in sheet.iter_rows(values_only=True) for cell in line]
    assert 200 in cells
    assert "演示饭店" in cells
    assert "演示文具店" not in cells


def test_one_page_tells_the_whole_life(pages: Pages, world: World):
    received(world)
    one = booked(world)
    url = f"{URL}/{one.public_id}"
    page = pages(PROVINCE).get(url).click("不予认可")
    page = page.submit(button="不予认可", reason="", expect=200)
    assert "不予认可须填写原因" in page.text
    page.submit(button="不予认可", reason="演示：与计划无关").follow()
    manager = pages(MANAGER)
    page = manager.get(url)
    assert "请将 100.00 元退回本计划资金账户" in page.text
    page = page.click("登记退回").submit(button="登记退回", voucher_number="", expect=200)
    assert "请填写凭证号" in page.text
    page = page.submit(button="登记退回", voucher_number="演示回单1").follow()
    told = [one.text for one in page.find_all(".q-timeline__what")]
    assert told == ["登记退回", "不予认可，须退回", "入账", "登记支出"]
    page = page.click("冲销退回").submit(button="冲销退回", reason="演示：填错").follow()
    assert "不予认可" in page.h1 + page.text


@on_one_database
@pytest.mark.parametrize(
    ("verb", "path", "persona"),
    [
        ("returned", "return", MANAGER),
        ("reversed", "reversal", MANAGER),
        ("disallowed", "disallowance", PROVINCE),
        ("declined", "refusal", PROVINCE),
    ],
)
def test_who_may_not_decide_is_refused(pages: Pages, world: World, verb, path, persona):
    one = claimed(world)
    url = f"{URL}/{one.public_id}/{path}"
    pages("sending_staff").get(url, expect=403)
    pages("other_manager").get(url, expect=404)
    pages(persona).get(url)


def test_the_receiving_province_looks_on_and_does_not_sample(pages: Pages, world: World):
    received(world)
    one = booked(world)
    pages("province_officer").get(f"{URL}/{one.public_id}")
    pages("province_officer").get(f"{URL}/{one.public_id}/disallowance", expect=403)
    page = pages("province_officer").get(f"{URL}/sample?seed=1")
    assert rows(page) == []
    assert "尚未抽查 0 笔" in page.text


def test_other_spending_is_approved_by_the_province_first(pages: Pages, world: World):
    received(world)
    one = claimed(world, category=ExpenseCategory.OTHER, other_reason="演示：门窗维修")
    url = f"{URL}/{one.public_id}"
    assert "待省级民政部门核准" in pages(MANAGER).get(url).text
    page = pages(PROVINCE).get(f"{URL}?state=waiting")
    assert len(rows(page)) == 1
    pages(PROVINCE).get(url).submit("form[action$=approvals]").follow()
    pages(MANAGER).get(url).submit("form[action$=bookings]").follow()
    assert world.session.get_one(Expenditure, one.id).state == State.BOOKED


def test_a_sample_notes_its_seed_and_draws_the_same_again(pages: Pages, world: World):
    received(world)
    for number in range(3):
        booked(world, 1_000 * (number + 1), payee=f"演示店{number}")
    client = pages(PROVINCE)
    assert "尚未抽查 3 笔，共 60.00 元" in client.get(f"{URL}/sample").text
    page = client.get(f"{URL}/sample?seed=4711")
    assert [row["金额（元）"] for row in rows(page)] == ["30.00", "20.00", "10.00"]
    assert rows(client.get(f"{URL}/sample?seed=4711")) == rows(page)
    box = page.find("input[name=chosen]")
    assert box is not None
    page.submit("form[data-bulk]", values={"chosen": [box["value"]]}).follow()
    reason = sa.select(ExpenditureDecision.reason).where(ExpenditureDecision.kind == "sampled")
    assert world.session.scalar(reason) == "随机抽查，种子 4711"
    assert len(rows(client.get(f"{URL}/sample?seed=4711"))) == 2


def test_half_of_a_sample_is_the_largest_and_the_rest_by_lot():
    some = [Booked(number, 100 * number) for number in range(1, 101)]
    drawn = draw(some, 7, 20)
    assert drawn[:10] == list(range(100, 90, -1))
    assert len(set(drawn)) == 20
    assert drawn == draw(list(reversed(some)), 7, 20)
    assert drawn[10:] != draw(some, 8, 20)[10:]


@on_one_database
@pytest.mark.parametrize("seed", ["0", "999999", "1000000", "-1", "x", "1e3", "9" * 30])
def test_an_odd_seed_is_none(pages: Pages, world: World, seed: str):
    pages(PROVINCE).get(f"{URL}/sample?seed={seed}")


def test_the_province_opens_a_cell_with_a_reason(pages: Pages, world: World):
    page = pages(PROVINCE).get(f"{URL}/rules")
    asked = {
        "source": "lottery",
        "category": "wages",
        "is_allowed": "yes",
        "valid_from": "2022-01-01",
    }
    page = page.submit(button="保存调整", expect=200, **asked)
    assert "调整须填写原因" in page.text
    page = page.submit(button="保存调整", reason="演示：闽民〔2022〕1 号").follow()
    assert "福建省" in page.text
    assert world.count(EligibilityRule) == 1
    page = page.submit(button="保存调整", expect=200, **asked, reason="演示：再开一次")
    assert "无须调整" in page.text
    pages(MANAGER).get(f"{URL}/rules", expect=403)


def test_what_waits_stands_on_the_first_page(pages: Pages, world: World):
    received(world)
    one = claimed(world)
    assert "待入账的支出" in pages(MANAGER).get("/").text
    actions.return_claim(world.deed(MANAGER), one, "演示", verb="returned")
    assert "被退回的支出" in pages("sending_staff").get("/").text
    two = booked(world, payee="演示饭店")
    actions.disallow(world.deed(PROVINCE), two, "演示")
    assert "待退回的支出" in pages(MANAGER).get("/").text
    claimed(world, category=ExpenseCategory.OTHER, other_reason="演示", payee="演示维修店")
    assert "待核准的其他类支出" in pages(PROVINCE).get("/").text


def test_the_search_finds_it_by_its_payee(pages: Pages, world: World):
    claimed(world, payee="演示特别文具店")
    assert "演示特别文具店" in pages(MANAGER).get("/search?q=特别文具").text
    assert "演示特别文具店" not in pages("other_manager").get("/search?q=特别文具").text


def test_what_looks_like_another_is_not_ticked_with_the_rest(pages: Pages, world: World):
    received(world)
    claimed(world)
    claimed(world)
    other = claimed(world, 7_700, payee="演示另一家")
    page = pages("sending_manager").get("/spending?state=waiting")
    assert [one["value"] for one in page.find_all("input[name=chosen]")] == [
        f"{other.public_id}-{other.version}"
    ]
    assert page.text.count("疑似重复") == 2
