"""Pages of settlements: a manager hands in, the province settles, returns, closes; who sees what."""

from __future__ import annotations

import io

import openpyxl
import pytest
import sqlalchemy as sa

from models import Settlement
from models.types import SettlementState as State
from portal.settlements import actions
from tests.support.money import YEAR, received
from tests.support.portal import Pages
from tests.support.settlements import SENT_BACK, handed_in, spent
from tests.support.spending import claimed
from tests.support.world import World

LIST = f"/settlements?year={YEAR}"


def address(world: World) -> str:
    code = world.organisation("sending").credit_code
    return f"/settlements/organisations/{code}/{YEAR}"


def page_of(one: Settlement) -> str:
    return f"/settlements/{one.public_id}"


def test_a_year_is_handed_in_settled_and_told(pages: Pages, world: World):
    spent(world)
    page = pages("sending_manager").get(f"/funds?year={YEAR}")
    page = page.click("提交年度结算")
    assert "余款 20,000.00 元" in page.text
    page = page.submit(wish="carried_over", note="演示：下年培训", follow=True)
    assert page.messages == ["已提交结算，等待省级民政部门核定；在此期间该年度不再登记资金。"]
    page = pages("sending_province_officer").get(LIST)
    boxes = [box["value"] for box in page.find_all("tbody input[type=checkbox]")]
    assert len(boxes) == 1
    page = page.submit("#settlements", chosen=boxes, follow=True)
    assert page.messages == ["已按机构申请核定 1 家的结算，余款共 20,000.00 元。"]
    assert "核定，余款结转下年使用，办结" in page.text
    assert world.session.scalars(sa.select(Settlement.state)).one() == State.CLOSED


def test_what_is_open_stands_there_with_its_link_instead_of_the_form(pages: Pages, world: World):
    received(world)
    claimed(world, 20_000)
    page = pages("sending_manager").get(address(world))
    assert "还有 1 笔支出待入账，共 200.00 元" in page.text
    assert "提交结算" not in [button.text for button in page.find_all("main form button")]


def test_what_is_left_goes_back_step_by_step(pages: Pages, world: World):
    spent(world)
    one = handed_in(world, SENT_BACK)
    page = pages("sending_province_officer").get(page_of(one)).click("核定")
    page = page.submit(outcome="returned_to_payer", follow=True)
    assert page.messages == ["已核定，余款由机构退回拨款方并登记后办结。"]
    page = pages("sending_manager").get(page_of(one)).click("登记退回余款")
    page = page.submit(returned_on="2022-11-21", voucher_number="演示退1号", follow=True)
    assert page.messages == ["已登记退回，等待省级民政部门核对办结。"]
    page = pages("sending_province_officer").get(page_of(one))
    page = page.submit(0, follow=True)
    assert page.messages == ["已办结，台账记入余款退回拨款方。"]
    page = page.click("重新打开").submit(reason="演示：金额有误", follow=True)
    assert "退回原因：演示：金额有误" in page.text


def test_is_returned_and_withdrawn(pages: Pages, world: World):
    spent(world)
    one = handed_in(world)
    page = pages("sending_province_officer").get(page_of(one)).click("退回修改")
    page = page.submit(reason="", expect=200)
    assert page.errors == ["原因：退回修改须填写原因。"]
    page = page.submit(reason="演示：凭证不全", follow=True)
    page = pages("sending_manager").get(page_of(one)).click("重新提交")
    page = page.submit(follow=True)
    page = page.submit(0, follow=True)
    assert page.messages == ["已撤回结算，该年度恢复登记资金；修改后可重新提交。"]


@pytest.mark.parametrize(
    ("persona", "found"),
    [
        ("sending_manager", 200),
        ("sending_province_officer", 200),
        ("province_officer", 200),
        ("national_officer", 200),
        ("other_manager", 404),
        ("other_province_officer", 404),
        ("sending_staff", 404),
    ],
)
def test_who_sees_one(pages: Pages, world: World, persona: str, found: int):
    spent(world)
    one = handed_in(world)
    pages(persona).get(page_of(one), expect=found)


def test_the_province_that_receives_does_not_settle(pages: Pages, world: World):
    spent(world)
    one = handed_in(world)
    page = pages("province_officer").get(LIST)
    assert "福州市演示甲" in page.text
    assert page.find_all("tbody input[type=checkbox]") == []
    pages("province_officer").get(page_of(one) + "/settled", expect=403)


def test_says_who_has_not_handed_in(pages: Pages, world: World):
    received(world)
    page = pages("sending_province_officer").get(LIST + "&stage=missing")
    assert "福州市演示甲" in page.text
    assert (
        "没有符合条件的机构" in pages("sending_province_officer").get(LIST + "&stage=closed").text
    )


@pytest.mark.parametrize("kind", ["xlsx", "pdf", "docx"])
def test_the_paper_says_the_figures(pages: Pages, world: World, kind: str):
    spent(world)
    one = handed_in(world)
    client = pages("sending_manager")
    answer = client.post(page_of(one) + "/paper", {"kind": kind}, expect=200)
    assert len(answer.body) > 1_000
    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(answer.body))
        values = [
            cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        ]
        assert {30_000, 10_000, 20_000} <= {one for one in values if isinstance(one, int | float)}


def test_the_list_leaves_with_its_sums(pages: Pages, world: World):
    spent(world)
    handed_in(world)
    answer = pages("sending_province_officer").post(
        f"/settlements/exports?year={YEAR}", {}, expect=200
    )
    book = openpyxl.load_workbook(io.BytesIO(answer.body))
    values = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row]
    assert 20_000 in values


def test_whoever_hands_in_again_writes_the_same_row(world: World):
    spent(world)
    one = handed_in(world)
    actions.return_settlement(world.deed("sending_province_officer"), one, "演示：改")
    assert handed_in(world).id == one.id


def test_whoever_sees_a_part_of_the_year_sees_no_settlement_of_it(pages: Pages, world: World):
    """The organisation spent money of another pairing, too: its sums are no reading for this partner."""
    spent(world)
    one = handed_in(world)
    partner = pages("province_officer")
    assert "结算" in partner.get(page_of(one)).text
    world.session.execute(
        sa.text("UPDATE pairing SET sending_province_code = '350000' WHERE code = 'P3'")
    )
    world.session.execute(
        sa.text("UPDATE expenditure SET pairing_id = :other"), {"other": world.pairing("P3").id}
    )
    world.session.commit()
    partner.get(page_of(one), 404)
    partner.post(page_of(one) + "/paper", {"kind": "xlsx"}, expect=404)
    name = world.organisation("sending").name
    assert page_of(one) not in partner.get(f"/search?q={name}").html
    pages("sending_province_officer").get(page_of(one))
    assert page_of(one) in pages("sending_province_officer").get(f"/search?q={name}").html
