"""/spending/new: a claim with its voucher; what it offers and refuses; changed, taken back, answered."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from models import Expenditure, ExpenditureFile, ExpenditureWorkday
from models.types import ExpenditureState as State
from models.types import ExpenseCategory, FundSource
from portal.spending import actions
from tests.support import files
from tests.support.money import received
from tests.support.page_client import Page, PageClient
from tests.support.portal import Pages
from tests.support.spending import claimed
from tests.support.workdays import MONDAY, approved, logged
from tests.support.world import World

on_one_database = pytest.mark.parametrize("press", ["sqlite"], indirect=True)
"""What no query tells apart is asked of one database; the other has the deeds, and its statements are the crawl's."""

URL = "/spending/new"
USUAL = {
    "amount": "128.50",
    "category": "activity",
    "payee": "演示文具店",
    "purpose": "演示：小组活动材料",
    "spent_on": "2022-11-18",
}


def send(client: PageClient, expect: int = 302, **asked) -> Page:
    return client.get(URL).submit(button="提交登记", expect=expect, **{**USUAL, **asked})


def only(world: World) -> Expenditure:
    return world.session.scalars(sa.select(Expenditure)).one()


def test_staff_claim_with_a_photo_and_see_it_wait(pages: Pages, world: World):
    received(world)
    page = send(pages("sending_staff"), photo=(io.BytesIO(files.png()), "票据.png")).follow()
    one = only(world)
    assert (one.amount_fen, one.source, one.state) == (
        12_850,
        FundSource.MCA_SUBSIDY,
        State.CLAIMED,
    )
    assert one.claimed_by_person_id == world.person("sent1").id
    assert world.count(ExpenditureFile) == 1
    assert page.h1 == "活动费用 128.50 元"
    assert "待入账" in page.text


@on_one_database
def test_the_form_says_what_is_left_and_what_is_not_allowed(pages: Pages, world: World):
    received(world, 123_456)
    page = pages("sending_staff").get(URL)
    assert "可用 1,234.56 元" in page.text
    assert page.find("[data-cell='lottery wages']") is not None
    assert page.find("[data-cell='mca_subsidy wages']") is None
    source = page.find("input[name=source][checked]")
    assert source is not None
    assert source["value"] == "mca_subsidy"


@on_one_database
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": "0"}, "金额应大于 0 元"),
        ({"amount": "-1"}, "金额应大于 0 元"),
        ({"amount": "0.001"}, "最多两位小数"),
        ({"amount": "1e5"}, "以元为单位的数字"),
        ({"amount": "NaN"}, "以元为单位的数字"),
        ({"amount": "壹万元"}, "以元为单位的数字"),
        ({"amount": "1000000000000000000"}, "以元为单位的数字"),
        ({"amount": ""}, "请填写金额"),
        ({"category": None}, "请选择支出类别"),
        ({"source": "lottery", "category": "wages"}, "不可列支“工资津贴”"),
        ({"source": "lottery", "purpose": "公务接待"}, "负面清单"),
        ({"spent_on": "2022-11-22"}, "晚于今天"),
        ({"spent_on": "2021-06-01"}, "不在 2021 工作年度内"),
        ({"payee": ""}, "请填写收款人"),
        ({"category": "transport"}, "须写明路线"),
        ({"category": "wages"}, "须勾选所付的工作日"),
        ({"category": "other", "other_reason": "演示"}, "不得超过本年度到账"),
    ],
)
def test_refuses_with_a_sentence_and_keeps_what_was_typed(
    pages: Pages, world: World, changes, sentence
):
    page = send(pages("sending_staff"), expect=200, **changes)
    assert sentence in page.text
    assert world.count(Expenditure) == 0
    purpose = page.find("input[name=purpose]")
    assert purpose is not None
    assert purpose["value"] == changes.get("purpose", USUAL["purpose"])


@on_one_database
@pytest.mark.parametrize(
    ("typed", "fen"), [("１２８．５０", 12_850), ("1,000", 100_000), (" 7 ", 700)]
)
def test_reads_an_amount_as_people_write_it(pages: Pages, world: World, typed: str, fen: int):
    send(pages("sending_staff"), amount=typed)
    assert only(world).amount_fen == fen


def test_wages_list_the_approved_days_of_the_person_and_tick_what_is_unpaid(
    pages: Pages, world: World
):
    day = approved(world)
    client = pages("sending_staff")
    page = client.get(URL).submit(
        button="列出工作日，供勾选", expect=200, **{**USUAL, "category": "wages"}
    )
    box = page.find("input[name=days]")
    assert box is not None
    assert (box["value"], box.get("checked") is not None) == (str(day.id), True)
    page.submit(button="提交登记", expect=302)
    assert only(world).paid_person_id == world.person("sent1").id
    assert world.count(ExpenditureWorkday) == 1
    page = client.get(URL).submit(
        button="列出工作日，供勾选", expect=200, **{**USUAL, "category": "wages"}
    )
    box = page.find("input[name=days]")
    assert box is not None
    assert box.get("checked") is None
    assert "已列支" in page.text


def test_a_trip_offers_the_days_logged_while_it_lasted(pages: Pages, world: World):
    day = logged(world, "sent1", MONDAY)
    trip = {
        "category": "transport",
        "route": "福州—银川",
        "travelled_from": MONDAY.isoformat(),
        "travelled_until": "2022-11-16",
    }
    page = (
        pages("sending_staff")
        .get(URL)
        .submit(button="列出工作日，供勾选", expect=200, **{**USUAL, **trip})
    )
    page.submit(button="提交登记", expect=302)
    row = world.session.scalars(sa.select(ExpenditureWorkday)).one()
    assert (row.workday_id, only(world).route) == (day.id, "福州—银川")


def test_a_ticket_of_a_logged_day_asks_for_neither_dates_nor_days(pages: Pages, world: World):
    day = logged(world, "sent1", MONDAY)
    client = pages("sending_staff")
    page = client.get(f"/workdays/{day.id}").click("登记这天的支出")
    assert page.find("#spent_on")["value"] == MONDAY.isoformat()
    said = {key: value for key, value in USUAL.items() if key != "spent_on"}
    page = page.submit(
        button="提交登记", **{**said, "category": "transport", "route": "福州—银川"}
    ).follow()
    one = only(world)
    assert (one.travelled_from, one.travelled_until) == (MONDAY, MONDAY)
    assert world.session.scalars(sa.select(ExpenditureWorkday.workday_id)).all() == [day.id]
    # The meal of the same day comes next; it has no days.
    page.click("再登记一笔").submit(button="提交登记", **{**said, "category": "meals"})
    assert world.count(Expenditure) == 2
    assert world.count(ExpenditureWorkday) == 1


def test_a_trip_of_which_no_dates_are_said_took_place_on_the_day_of_the_expenditure(
    pages: Pages, world: World
):
    send(pages("sending_staff"), category="transport", route="福州—银川")
    one = only(world)
    assert one.travelled_from == one.travelled_until == one.spent_on


def test_an_odd_day_in_the_address_is_no_day(pages: Pages):
    client = pages("sending_staff")
    for on in ("0001-01-01", "9999-12-31", "2099-01-01", "昨天", ""):
        client.get(f"{URL}?on={on}")


def test_a_manager_claims_for_any_of_the_own_people_and_staff_for_themselves(
    pages: Pages, world: World
):
    names = {one["value"] for one in pages("sending_manager").get(URL).find_all("#person option")}
    assert world.person("sent2").public_id in names
    own = {one["value"] for one in pages("sending_staff").get(URL).find_all("#person option")}
    assert own == {"", world.person("sent1").public_id}


def test_one_form_sent_twice_is_one_claim(pages: Pages, world: World):
    client = pages("sending_staff")
    page = client.get(URL)
    form = {**page.form("form[data-claim]").values, **USUAL}
    data = {name: value[0] if isinstance(value, list) else value for name, value in form.items()}
    first = client.post(URL, data)
    assert client.post(URL, data).location == first.location
    assert world.count(Expenditure) == 1


@on_one_database
def test_whoever_has_no_pairing_is_told_so(pages: Pages, world: World):
    page = pages("other_staff").get(URL)
    assert "还没有可以登记支出的结对" in page.text


def test_a_returned_claim_is_mended_and_handed_in_again(pages: Pages, world: World):
    one = claimed(world)
    actions.return_claim(world.deed("sending_manager"), one, "演示：金额不符", verb="returned")
    client = pages("sending_staff")
    page = client.get(f"/spending/{one.public_id}")
    assert "退回原因：演示：金额不符" in page.text
    page = page.click("修改并重新提交").submit(button="重新提交", amount="99.00", expect=302)
    world.session.expire_all()
    assert (one.state, one.amount_fen) == (State.CLAIMED, 9_900)


def test_what_another_changed_meanwhile_is_shown_beside_what_was_typed(pages: Pages, world: World):
    one = claimed(world)
    client = pages("sending_staff")
    page = client.get(f"/spending/{one.public_id}/edit")
    other = client.get(f"/spending/{one.public_id}/edit")
    other.submit(button="保存", payee="演示另一家", expect=302)
    page = page.submit(button="保存", amount="77.00", expect=409)
    assert "演示另一家" in page.text
    page.submit(button="保存", expect=302)
    world.session.expire_all()
    assert one.amount_fen == 7_700


def test_only_the_claimant_takes_it_back(pages: Pages, world: World):
    one = claimed(world)
    url = f"/spending/{one.public_id}"
    assert "撤回" not in pages("sending_manager").get(url).text
    page = pages("sending_staff").get(url).submit("form[action$=withdrawal]").follow()
    assert "已撤回" in page.text
    assert world.session.get_one(Expenditure, one.id).state == State.WITHDRAWN


def test_a_question_is_answered_before_it_is_booked(pages: Pages, world: World):
    received(world)
    claimed(world)
    one = claimed(world, category=ExpenseCategory.MEALS)
    url = f"/spending/{one.public_id}"
    page = pages("sending_manager").get(url)
    assert "金额、日期和收款人相同" in page.text
    assert not [form for form in page.forms if "bookings" in form.element.get("action", "")]
    page = pages("sending_staff").get(url).click("说明")
    page = page.submit(button="提交说明", answer="", expect=200)
    assert "请写明为什么不是重复" in page.text
    page.submit(button="提交说明", answer="演示：餐费与材料分开开票").follow()
    page = pages("sending_manager").get(url)
    assert "说明：演示：餐费与材料分开开票" in page.text
    page.submit("form[action$=bookings]").follow()
    assert world.session.get_one(Expenditure, one.id).state == State.BOOKED


def test_another_organisations_expenditure_is_not_told(pages: Pages, world: World):
    foreign = claimed(
        world, persona="foreign_manager", organisation="foreign_sending", pairing="P3"
    )
    one = claimed(world)
    page = pages("sending_staff").get(f"/spending/{one.public_id}")
    assert "另一笔您无权查看的支出" in page.text
    assert foreign.public_id not in page.html
    assert "重庆" not in page.text
