"""The life of an expenditure through its verbs: what moves in the ledger, and what is refused."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models import (
    Expenditure,
    ExpenditureFile,
    ExpenditureWorkday,
    FundAccount,
    LedgerEntry,
)
from models.database import Database
from models.types import ExpenditureState as State
from models.types import ExpenseCategory as Category
from models.types import FileKind, FundSource, LedgerKind
from models.types import FundAccountKind as Kind
from portal.files.actions import attach, detach
from portal.files.content_rules import Judged
from portal.files.queries import find_file, pegs_of
from portal.ledger.queries import money_of
from portal.refusals import Conflict, Refused
from portal.spending import actions
from portal.spending.alike_queries import list_alike
from portal.spending.cell_actions import change_cell
from portal.spending.queries import facts_of
from tests.support.clock import Clock
from tests.support.money import YEAR, received
from tests.support.parallel import at_once
from tests.support.spending import SPENT_ON, claim, claimed
from tests.support.workdays import approved
from tests.support.world import World

MANAGER, STAFF, PROVINCE = "sending_manager", "sending_staff", "sending_province_officer"
REPAID_ON = date(2022, 11, 21)


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in caught.value.refusals]


def balances(world: World) -> dict[Kind, int]:
    rows = world.session.execute(sa.select(FundAccount.kind, FundAccount.balance_fen))
    return {kind: fen for kind, fen in rows if fen and kind is not Kind.OUTSIDE}


def booked(world: World, fen: int = 10_000, **asked) -> Expenditure:
    one = claimed(world, fen, **asked)
    actions.book_expenditures(world.deed(MANAGER), [one])
    return one


def hang(world: World, one: Expenditure, content: bytes = b"a", persona: str = STAFF) -> None:
    (peg,) = pegs_of(world.session, one)
    attach(world.deed(persona), one, peg, "演示.pdf", Judged(FileKind.PDF, content))


def test_money_is_spent_once_another_has_booked_it(world: World):
    received(world)
    one = claimed(world)
    assert balances(world) == {Kind.CASH: 3_000_000}
    actions.book_expenditures(world.deed(MANAGER), [one])
    assert balances(world) == {Kind.CASH: 2_990_000, Kind.SPENT: 10_000}
    money = money_of(world.session, world.organisation("sending").id, YEAR)
    assert (money.spent_fen, money.balance_fen) == (10_000, 2_990_000)
    entry = world.session.scalars(
        sa.select(LedgerEntry).where(LedgerEntry.expenditure_id == one.id)
    ).one()
    assert (entry.kind, entry.booked_on) == (LedgerKind.EXPENDITURE, SPENT_ON)


def test_nobody_books_what_is_ones_own(world: World):
    received(world)
    one = claimed(world, persona=MANAGER)
    with pytest.raises(Refused) as caught:
        actions.book_expenditures(world.deed(MANAGER), [one])
    assert codes(caught) == ["own_entry"]
    assert "另一位负责人" in caught.value.refusals[0].sentence


def test_booking_needs_the_money_and_says_what_is_missing(world: World):
    received(world, 9_000)
    one = claimed(world)
    with pytest.raises(Refused) as caught:
        actions.book_expenditures(world.deed(MANAGER), [one])
    assert codes(caught) == ["over_balance"]
    assert "差 10.00 元" in caught.value.refusals[0].sentence
    two = [claimed(world, 5_000, payee=f"演示店{number}") for number in range(2)]
    with pytest.raises(Refused) as caught:
        actions.book_expenditures(world.deed(MANAGER), two)
    assert codes(caught) == ["over_balance"]


def test_booking_needs_a_voucher_or_why_there_is_none(world: World):
    received(world)
    one = claimed(world, claimed={"no_voucher_reason": None})
    with pytest.raises(Refused) as caught:
        actions.book_expenditures(world.deed(MANAGER), [one])
    assert codes(caught) == ["no_voucher"]
    hang(world, one)
    actions.book_expenditures(world.deed(MANAGER), [one])
    assert one.state == State.BOOKED


def test_what_is_booked_keeps_its_vouchers(world: World):
    received(world)
    one = claimed(world)
    hang(world, one)
    actions.book_expenditures(world.deed(MANAGER), [one])
    with pytest.raises(Refused) as caught:
        hang(world, one, b"b")
    assert codes(caught) == ["wrong_state"]
    row = world.session.scalars(sa.select(ExpenditureFile)).one()
    found = find_file(world.session, one, row.public_id)
    with pytest.raises(Refused) as caught:
        detach(world.deed(STAFF), one, found, "演示：换一张")
    assert codes(caught) == ["wrong_state"]


def test_disallowed_money_comes_back_to_the_programme(world: World):
    received(world)
    one = booked(world)
    officer = world.deed(PROVINCE)
    with pytest.raises(Refused) as caught:
        actions.disallow(officer, one, "")
    assert codes(caught) == ["missing_value"]
    actions.disallow(officer, one, "演示：与计划无关")
    assert balances(world) == {Kind.CASH: 2_990_000, Kind.TO_REPAY: 10_000}
    money = money_of(world.session, one.organisation_id, YEAR)
    assert (money.spent_fen, money.to_repay_fen) == (0, 10_000)
    with pytest.raises(Refused) as caught:
        actions.repay(world.deed(MANAGER), one, SPENT_ON, "演示回单1")
    assert codes(caught) == ["invalid_date"]
    actions.repay(world.deed(MANAGER), one, REPAID_ON, "演示回单1")
    assert balances(world) == {Kind.CASH: 3_000_000}
    assert (one.state, one.repaid_on) == (State.REPAID, REPAID_ON)


def test_each_movement_is_taken_back_by_a_row_of_its_own(world: World):
    received(world)
    one, officer, manager = booked(world), world.deed(PROVINCE), world.deed(MANAGER)
    actions.disallow(officer, one, "演示：与计划无关")
    actions.repay(manager, one, REPAID_ON, "演示回单1")
    actions.take_back(manager, one, "演示：日期填错", verb="repayment_reversed")
    assert (one.state, one.repaid_on) == (State.DISALLOWED, None)
    assert balances(world) == {Kind.CASH: 2_990_000, Kind.TO_REPAY: 10_000}
    actions.repay(manager, one, REPAID_ON, "演示回单2")
    actions.take_back(manager, one, "演示：又填错", verb="repayment_reversed")
    actions.take_back(officer, one, "演示：补交了通知", verb="disallowance_reversed")
    assert one.state == State.SAMPLED
    assert balances(world) == {Kind.CASH: 2_990_000, Kind.SPENT: 10_000}
    other = booked(world, payee="演示另一家")
    actions.take_back(manager, other, "演示：重复入账", verb="reversed")
    assert other.state == State.REVERSED
    assert balances(world) == {Kind.CASH: 2_990_000, Kind.SPENT: 10_000}
    with pytest.raises(Refused) as caught:
        actions.take_back(manager, other, "演示：再来一次", verb="reversed")
    assert codes(caught) == ["wrong_state"]


def test_other_spending_waits_for_the_province_and_keeps_to_its_cap(world: World):
    received(world)
    asked = {"category": Category.OTHER, "other_reason": "演示：场地维修"}
    one = claimed(world, 200_000, **asked)
    with pytest.raises(Refused) as caught:
        claimed(world, 100_001, **asked)
    assert codes(caught) == ["over_cap"]
    assert "还可登记 1,000.00 元" in caught.value.refusals[0].sentence
    with pytest.raises(Refused) as caught:
        actions.book_expenditures(world.deed(MANAGER), [one])
    assert codes(caught) == ["not_approved"]
    actions.approve_expenditures(world.deed(PROVINCE), [one])
    actions.book_expenditures(world.deed(MANAGER), [one])
    assert one.state == State.BOOKED


def test_what_was_approved_is_approved_anew_once_it_is_changed(world: World):
    received(world)
    asked = {"category": Category.OTHER, "other_reason": "演示：场地维修"}
    one = claimed(world, **asked)
    actions.approve_expenditures(world.deed(PROVINCE), [one])
    actions.edit_claim(world.deed(STAFF), one, claim(world, 300_000, **asked))
    assert (one.amount_fen, one.approved_by_person_id, one.approved_at) == (300_000, None, None)
    actions.return_claim(world.deed(PROVINCE), one, "演示：理由不充分", verb="declined")
    assert one.state == State.RETURNED


def test_what_was_returned_is_mended_and_claimed_again_by_its_own_claimant(world: World):
    one = claimed(world)
    actions.return_claim(world.deed(MANAGER), one, "演示：请写清用途", verb="returned")
    with pytest.raises(Refused) as caught:
        actions.edit_claim(world.deed(MANAGER), one, claim(world, 20_000))
    assert codes(caught) == ["not_own"]
    actions.edit_claim(world.deed(STAFF), one, claim(world, 20_000))
    assert (one.state, one.amount_fen) == (State.CLAIMED, 20_000)
    actions.withdraw_claim(world.deed(STAFF), one)
    assert one.state == State.WITHDRAWN


def test_the_rule_of_the_day_is_asked_once_more_when_it_is_booked(world: World):
    received(world, source=FundSource.SOCIAL)
    one = claimed(world, source=FundSource.SOCIAL, spent_on=REPAID_ON)
    change_cell(
        world.deed(PROVINCE),
        "350000",
        FundSource.SOCIAL,
        Category.ACTIVITY,
        is_allowed=False,
        valid_from=REPAID_ON,
        reason="演示：专款专用",
    )
    with pytest.raises(Refused) as caught:
        actions.book_expenditures(world.deed(MANAGER), [one])
    assert codes(caught) == ["not_eligible"]
    assert "演示：专款专用" in caught.value.refusals[0].sentence


def test_a_cell_that_a_province_opened_is_open_there_alone(world: World):
    asked = {"source": FundSource.LOTTERY, "category": Category.ACTIVITY, "purpose": "项目人员支出"}
    with pytest.raises(Refused) as caught:
        claimed(world, **asked)
    assert codes(caught) == ["not_eligible"]
    change_cell(
        world.deed(PROVINCE),
        "350000",
        FundSource.LOTTERY,
        Category.WAGES,
        is_allowed=True,
        valid_from=date(2022, 1, 1),
        reason="演示：闽民〔2022〕1 号",
    )
    facts = {"source": FundSource.LOTTERY, "category": Category.WAGES, "has_person": True}
    asked = claim(world, **facts, claimed={"person_id": world.person("sent1").id})
    assert [one.code for one in actions.refusals_for_claims(world.deed(STAFF), [asked])] == [
        "missing_value"
    ]
    elsewhere = claim(world, **facts, organisation="foreign_sending", pairing="P3")
    found = actions.refusals_for_claims(world.deed("foreign_manager"), [elsewhere])
    assert "not_eligible" in [one.code for one in found]


def test_wages_pay_days_once_or_say_why_twice(world: World):
    received(world)
    day = approved(world)
    person = world.person("sent1").id
    paid = {
        "category": Category.WAGES,
        "has_person": True,
        "spent_on": REPAID_ON,
        "claimed": {
            "person_id": person,
            "workday_ids": (day.id,),
            "no_voucher_reason": "演示：签收表在机构",
        },
    }
    booked(world, **paid)
    assert world.count(ExpenditureWorkday) == 1
    again = claimed(world, 12_000, **paid)
    with pytest.raises(Refused) as caught:
        actions.book_expenditures(world.deed(MANAGER), [again])
    assert codes(caught) == ["unanswered"]
    actions.answer_question(world.deed(STAFF), again, "演示：补发差额")
    actions.book_expenditures(world.deed(MANAGER), [again])


def test_the_same_voucher_twice_is_a_question_that_tells_no_secrets(world: World):
    received(world)
    foreign = claimed(
        world, persona="foreign_manager", organisation="foreign_sending", pairing="P3"
    )
    hang(world, foreign, b"same", "foreign_manager")
    one = claimed(world, 7_000)
    hang(world, one, b"same")
    with pytest.raises(Refused) as caught:
        actions.book_expenditures(world.deed(MANAGER), [one])
    assert codes(caught) == ["unanswered"]
    (row,) = list_alike(world.session, world.actor(MANAGER), one)
    assert row == ("同一份票据", None, None, None)
    (row,) = list_alike(world.session, world.actor("national_officer"), one)
    assert row.organisation_name == "重庆市演示丙社会工作服务中心"
    actions.answer_question(world.deed(STAFF), one, "演示：两家合开一张发票，各付一半")
    assert facts_of(world.session, world.actor(MANAGER), [one], REPAID_ON)[0].questions == 0


def test_an_answer_speaks_of_what_was_there_and_not_of_what_comes(world: World, clock: Clock):
    received(world)
    claimed(world)
    one = claimed(world)
    actions.answer_question(world.deed(STAFF), one, "演示：两次采购")
    clock.pass_time(minutes=1)
    claimed(world)
    with pytest.raises(Refused) as caught:
        actions.book_expenditures(world.deed(MANAGER), [one])
    assert codes(caught) == ["unanswered"]
    actions.edit_claim(world.deed(STAFF), one, claim(world, 10_001))
    actions.book_expenditures(world.deed(MANAGER), [one])


def test_what_the_operator_brings_in_is_decided(world: World):
    received(world)
    one = claimed(world, persona=None)
    other = claimed(
        world,
        persona=None,
        category=Category.OTHER,
        other_reason="演示：场地维修",
        payee="演示维修店",
    )
    assert {one.state, other.state} == {State.BOOKED}
    from_file = claim(world, category=Category.TRANSPORT, payee="", purpose="", from_file=True)
    assert actions.refusals_for_claims(world.deed(), [from_file]) == []


def test_several_are_booked_all_or_none_as_they_were_shown(world: World):
    received(world)
    some = [claimed(world, payee=f"演示店{number}") for number in range(3)]
    seen = {one.id: one.version for one in some}
    actions.edit_claim(world.deed(STAFF), some[0], claim(world, 99_000, payee="演示店0"))
    with pytest.raises(Refused) as caught:
        actions.book_expenditures(world.deed(MANAGER), some, seen=seen)
    assert codes(caught) == ["changed_meanwhile"]
    seen[some[0].id] = some[0].version
    actions.book_expenditures(world.deed(MANAGER), some, seen=seen)
    assert {one.state for one in some} == {State.BOOKED}


def test_of_many_bookings_of_one_claim_one_is_made(world_database: Database, clock: Clock):
    with world_database.writing() as session:
        world = World(session, clock)
        received(world)
        number = claimed(world).id

    def book(world: World) -> object:
        one = world.session.get_one(Expenditure, number)
        return actions.book_expenditures(world.deed(MANAGER), [one])

    answers = at_once(world_database, clock, [book] * 6)
    assert answers.count("done") == 1
    assert set(answers) <= {"done", "wrong_state", "changed_meanwhile"}
    with world_database.reading() as session:
        entries = sa.select(sa.func.count()).where(LedgerEntry.expenditure_id == number)
        assert session.scalar(entries) == 1


def test_whoever_was_shown_another_version_decides_nothing(world: World):
    one = claimed(world)
    actions.edit_claim(world.deed(STAFF), one, claim(world, 20_000))
    with pytest.raises(Conflict):
        actions.return_claim(world.deed(MANAGER), one, "演示", verb="returned", seen=1)
