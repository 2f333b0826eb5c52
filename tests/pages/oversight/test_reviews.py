"""/funds/questions and the records of review: asked, answered, decided; who sees what."""

from __future__ import annotations

from datetime import date

import flask
import pytest
import sqlalchemy as sa

from models import AuditEvent, FundReview
from models.types import ExpenseCategory, FundQuestion, FundReviewState
from portal.checks import verify
from portal.funding.payment_actions import confirm_receipt
from portal.oversight import question_queries
from portal.oversight.actions import answer, decide, open_review
from portal.oversight.check_queries import CHECKS
from portal.oversight.queries import QuestionsAsked, list_questions
from portal.oversight.question_rules import limits_of
from portal.oversight.rules import ASKS, Handling
from portal.refusals import Conflict, Refused
from portal.spending.actions import book_expenditures
from tests.support.money import RECEIVED_ON, SUBSIDY, YEAR, approved, paid, received
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.spending import claimed
from tests.support.statements import statements
from tests.support.world import World

LIST = f"/funds/questions?year={YEAR}"
OFFICER, MANAGER = "sending_province_officer", "sending_manager"


def without_invoice(world: World, fen: int = 1_200_000, **kind: object) -> None:
    """Have the sending organisation spend without any voucher: a question."""
    received(world)
    book_expenditures(world.deed(MANAGER), [claimed(world, fen, **kind)])


def questions(world: World, persona: str = OFFICER):
    found = list_questions(
        world.session, world.deed(persona).actor, QuestionsAsked(YEAR), world.deed().today
    )
    return found.page.rows


def opened(world: World, verdict: Handling = Handling.ASKED, **asked: object) -> FundReview:
    (one,) = questions(world)
    return open_review(
        world.deed(OFFICER),
        world.organisation("sending"),
        YEAR,
        verdict,
        "演示：请说明",
        facts=one.facts,
        **asked,
    )


def row(page: Page) -> dict[str, str]:
    (found,) = page.table_rows("资金疑点和审核记录")
    return found


def test_a_question_is_asked_by_one_click_answered_and_accepted(pages: Pages, world: World):
    without_invoice(world)
    page = pages(OFFICER).get(f"/funds?year={YEAR}").click("资金监管")
    assert "有 1 笔支出既没有票据文件，也没有单据号，共 12,000.00 元" in row(page)["疑点"]
    assert "支出须有凭证" in row(page)["疑点"]
    page = page.submit('form[action*="/reviews"]', follow=True)
    assert page.messages == ["已请机构说明，机构负责人会在首页看到。"]
    assert ASKS in page.text

    page = pages(MANAGER).get("/")
    assert "待说明的资金疑点" in page.text
    page = page.click("去说明：待说明的资金疑点").click("说明")
    page = page.submit(said="演示：小店不开票，已附收据", follow=True)
    assert page.messages == ["已提交说明，等待省级民政部门审核。"]

    page = pages(OFFICER).get("/").click("去审核：待审核的资金说明").click("认可说明")
    assert "演示：小店不开票，已附收据" in page.text
    page = page.submit(said="演示：同意", follow=True)
    assert page.messages == ["已认可说明；数据不变时不再询问。"]
    assert "核定资金安排" in page.text or "拨付" in page.text  # among what happened to the money
    assert row(pages(OFFICER).get(LIST))["进度"] == "已说明"


def test_the_same_is_not_asked_again_unless_its_figures_change(pages: Pages, world: World):
    without_invoice(world)
    one = opened(world, Handling.EXPLAINED)
    assert [found.review_id for found in questions(world)] == [one.public_id]
    book_expenditures(
        world.deed(MANAGER),
        [claimed(world, 100_000, payee="演示另一店", spent_on=date(2022, 7, 1))],
    )
    found = questions(world)
    assert [found[0].review_id, found[1].review_id] == [None, one.public_id]
    assert "有 2 笔支出" in found[0].found


def test_what_is_to_be_mended_has_a_day_and_comes_back(pages: Pages, world: World):
    without_invoice(world)
    page = pages(OFFICER).get(LIST)
    page = page.click(f"处理：{world.organisation('sending').name}，无票据支出偏多")
    page = page.submit("form.q-panel", verdict="to_mend_at_once", said="演示：补票", expect=200)
    assert page.errors == ["整改期限：要求整改须写明期限，请填写整改期限。"]
    page = page.submit("form.q-panel", mend_by="2022-12-20", follow=True)
    assert page.messages == ["已要求整改，机构负责人会在首页看到。"]
    assert "2022-12-20" in page.text
    page = pages(MANAGER).get("/")
    assert "待整改的资金问题" in page.text
    assert "12月20日前" in page.text
    page.click("去报告整改：待整改的资金问题").click("说明").submit(
        said="演示：已补票", follow=True
    )
    assert world.session.scalars(sa.select(FundReview.state)).one() == FundReviewState.ANSWERED


def test_referred_it_leads_to_the_expenditures(pages: Pages, world: World):
    without_invoice(world)
    one = opened(world)
    page = pages(OFFICER).get(f"/funds/reviews/{one.public_id}").click("转不予认可")
    page = page.submit(said="演示：与计划无关", follow=True)
    page = page.click("查看该机构的支出")
    assert "演示文具店" in page.text
    assert "资金审核记录" in pages(OFFICER).get("/search?q=单据号").text
    assert "资金审核记录" not in pages("province_officer").get("/search?q=单据号").text


def test_a_note_needs_no_question(pages: Pages, world: World):
    received(world)
    code = world.organisation("sending").credit_code
    page = pages(OFFICER).get(f"/funds/organisations/{code}/{YEAR}").click("审核备注")
    page = page.submit("form.q-panel", verdict="noted", said="演示：现场核对无误", follow=True)
    assert page.messages == ["已记录备注。"]
    assert "演示：现场核对无误" in pages(MANAGER).get(LIST).text


REFUSED = [
    # (by which, what is said, of the question, mended by, the sentence)
    (Handling.ASKED, " ", True, None, "请填写说明。"),
    (Handling.ASKED, "字" * 1001, True, None, "说明 1001 字，超过上限 1000 字。"),
    (Handling.TO_MEND, "演示", True, None, "要求整改须写明期限，请填写整改期限。"),
    (
        Handling.TO_MEND,
        "演示",
        True,
        date(2022, 11, 20),
        "整改期限 2022-11-20 早于今天（2022-11-21），请填写今天或以后的日期。",
    ),
    (
        Handling.EXPLAINED,
        "演示",
        False,
        None,
        "备注不对应任何疑点，只能选“只作备注”或“请机构说明”。",
    ),
]


def test_refuses_with_a_sentence(world: World):
    without_invoice(world)
    (one,) = questions(world)
    deed, organisation = world.deed(OFFICER), world.organisation("sending")
    for verdict, said, is_of_it, mend_by, sentence in REFUSED:
        facts = one.facts if is_of_it else ""
        with pytest.raises(Refused) as refused:
            open_review(deed, organisation, YEAR, verdict, said, facts=facts, mend_by=mend_by)
        assert [one.sentence for one in refused.value.refusals] == [sentence]
    assert world.count(FundReview) == 0


def test_refuses_a_second_record_and_figures_that_have_changed(world: World):
    without_invoice(world)
    facts = questions(world)[0].facts
    opened(world)
    for asked in (facts, "0" * 64):
        with pytest.raises(Conflict):
            open_review(
                world.deed(OFFICER),
                world.organisation("sending"),
                YEAR,
                Handling.ASKED,
                "演示",
                facts=asked,
            )


def test_refuses_a_step_out_of_its_state_with_both_named(world: World):
    without_invoice(world)
    one = opened(world, Handling.EXPLAINED)
    with pytest.raises(Refused) as refused:
        answer(world.deed(MANAGER), one, "演示")
    assert "已说明" in refused.value.refusals[0].sentence
    with pytest.raises(Refused):
        decide(world.deed(OFFICER), one, "referred", "演示")


def test_each_decision_stays_and_leaves_an_audit_row(world: World):
    without_invoice(world)
    one = opened(world)
    answer(world.deed(MANAGER), one, "演示：一")
    decide(world.deed(OFFICER), one, "asked_again", "演示：二")
    answer(world.deed(MANAGER), one, "演示：三")
    decide(world.deed(OFFICER), one, "to_mend", "演示：四", mend_by=date(2022, 12, 1))
    world.session.flush()
    events = world.session.scalars(
        sa.select(AuditEvent.event)
        .where(AuditEvent.event.startswith("fund_review."))
        .order_by(AuditEvent.id)
    ).all()
    assert [one.removeprefix("fund_review.") for one in events] == [
        "asked",
        "answered",
        "asked_again",
        "answered",
        "to_mend",
    ]


SEES = {
    "national_officer": 200,
    "national_rural_officer": 200,
    OFFICER: 200,
    MANAGER: 200,
    "province_officer": 404,
    "other_province_officer": 404,
    "receiving_manager": 404,
    "other_manager": 404,
    "evaluator": 404,
    "county_officer": 403,
    "sending_staff": 403,
}


def test_only_the_organisation_its_province_and_the_nation_see_it(pages: Pages, world: World):
    without_invoice(world)
    assert "没有待说明的资金问题" in pages(MANAGER).get(LIST).text  # nobody has asked it yet
    one = opened(world)
    for persona, status in SEES.items():
        expect = 200 if status == 200 else 404
        pages(persona).get(f"/funds/reviews/{one.public_id}", expect=expect)
        page = pages(persona).get(LIST, expect=403 if status == 403 else 200)
        assert ("12,000.00" in page.text) == (status == 200), persona
    code = world.organisation("sending").credit_code
    for persona in ("national_officer", "province_officer", MANAGER):
        expect = 404 if persona == "province_officer" else 403
        pages(persona).get(f"/funds/organisations/{code}/{YEAR}/reviews", expect=expect)


def test_every_kind_is_found_in_the_books(world: World):
    """Expenditures of the end of a year, round, without vouchers, for people who logged nothing."""
    received(world)
    world.clock.pass_time(days=35)
    manager = world.deed(MANAGER)
    end = date(2022, 12, 10)
    for place in range(3):
        one = claimed(world, 300_000, spent_on=end, payee=f"演示店{place}")
        book_expenditures(manager, [one])
    book_expenditures(
        manager, [claimed(world, 10_000, category=ExpenseCategory.MEALS, spent_on=date(2022, 3, 2))]
    )
    found = {one.code.value: one.found for one in questions(world)}
    assert "共 9,000.00 元（工资津贴除外）" in found["round"]
    assert "占全年支出 9,100.00 元的 99%" in found["surge"]
    assert "首笔于 2022-03-04 到账，此前已列支 1 笔，共 100.00 元" in found["early"]
    assert "餐补" in found["without_days"]
    world.clock.pass_time(days=100)
    found = {one.code.value: one.found for one in questions(world)}
    assert "部级补助 20,900.00 元到账已满 365 天仍未使用" in found["idle"]


def test_one_payee_in_several_organisations_is_asked_of_each(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    received(world)
    book_expenditures(world.deed(MANAGER), [claimed(world, 10_000, invoice_number="演示1")])
    payment = paid(world, 2_000_000, allocation=approved(world, 2_000_000, SUBSIDY, "P2"))
    other = world.deed("other_manager")
    confirm_receipt(other, payment, received_on=RECEIVED_ON, received_fen=2_000_000)
    of_other = {"organisation": "sending2", "pairing": "P2", "invoice_number": "演示2"}
    book_expenditures(other, [claimed(world, 20_000, "other_staff", **of_other)])

    def asked() -> list[str]:
        return [one.found for one in questions(world) if one.code == FundQuestion.PAYEE]

    assert asked() == []  # three are asked, two are not
    monkeypatch.setattr(
        question_queries, "limits_of", lambda policy: limits_of(policy)._replace(shared_payee=2)
    )
    assert asked() == [
        f"“演示文具店”本年度在本省 2 家机构收款，其中本机构 1 笔，共 {fen} 元。"
        for fen in ("100.00", "200.00")
    ]


def test_verify_and_the_database_hold_records_to_their_decisions(world: World):
    without_invoice(world)
    one = opened(world)
    answer(world.deed(MANAGER), one, "演示")
    world.session.flush()
    assert not [found for found in verify(world.session, CHECKS) if found.fault]
    again = {
        column.key: getattr(one, column.key)
        for column in sa.inspect(FundReview).column_attrs
        if column.key not in ("id", "public_id")
    }
    with pytest.raises(sa.exc.IntegrityError), world.session.begin_nested():
        world.session.execute(sa.insert(FundReview).values(public_id="AAAAAAAAAAAAAAAA", **again))
    with pytest.raises(sa.exc.IntegrityError), world.session.begin_nested():
        world.session.execute(
            sa.text("UPDATE fund_review SET decided_by_person_id = answered_by_person_id")
        )
    for harm in (
        "UPDATE fund_review_decision SET reason = '演示：改'",
        "DELETE FROM fund_review_decision",
    ):
        with pytest.raises(sa.exc.DBAPIError, match="what was said"), world.session.begin_nested():
            world.session.execute(sa.text(harm))
    world.session.execute(sa.text("UPDATE fund_review SET state = 'explained'"))
    (found,) = [found for found in verify(world.session, CHECKS) if found.fault]
    assert "fund_review" in found.fault.row


def test_costs_the_same_queries_however_many(pages: Pages, world: World, portal: flask.Flask):
    officer = pages(OFFICER)
    received(world)
    officer.get(LIST)
    with statements(portal) as few:
        officer.get(LIST)
    book_expenditures(world.deed(MANAGER), [claimed(world, 1_200_000)])
    opened(world)
    book_expenditures(
        world.deed(MANAGER),
        [claimed(world, 100_000, payee="演示另一店", spent_on=date(2022, 7, 1))],
    )
    with statements(portal) as many:
        officer.get(LIST)
    assert len(few) == len(many)


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_an_odd_cursor_begins_at_the_beginning(pages: Pages, world: World) -> None:
    without_invoice(world)
    client = pages(OFFICER)
    first = client.get(LIST).text
    for odd in ("9" * 5_000, "²", "999999999"):
        assert client.get(f"{LIST}&cursor={odd}").text == first
