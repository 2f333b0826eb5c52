"""The life of a settlement through its verbs: what is in its way, what moves in the ledger, what stops."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models import FundAccount, Settlement
from models.database import Database
from models.types import FundAccountKind as Kind
from models.types import FundSource, Side
from models.types import SettlementState as State
from portal.funding.actions import PlannedFunds, Raised, plan_allocations, record_income
from portal.ledger.queries import money_of
from portal.programme.actions import close_work_year
from portal.refusals import Conflict, Refused
from portal.settlements import actions
from portal.settlements.check_queries import CHECKS
from portal.settlements.figure_queries import figures_of
from portal.settlements.rules import NextYear, refusals_for_carrying
from portal.spending import actions as spending
from tests.support.clock import Clock
from tests.support.money import PROVINCIAL, RECEIVED_ON, SUBSIDY, YEAR, paid, received
from tests.support.parallel import at_once
from tests.support.settlements import CARRIED, PAID_BACK_ON, SENT_BACK, handed_in, spent
from tests.support.spending import claim, claimed
from tests.support.world import World

MANAGER, PROVINCE = "sending_manager", "sending_province_officer"
TODAY = date(2022, 11, 21)


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in caught.value.refusals]


def cash(world: World, year: int = YEAR) -> dict[FundSource, int]:
    rows = world.session.execute(
        sa.select(FundAccount.source, FundAccount.balance_fen).where(
            FundAccount.kind == Kind.CASH, FundAccount.year == year, FundAccount.balance_fen > 0
        )
    )
    return dict(rows.all())


def faults(world: World) -> list[str]:
    return [fault.sentence for check in CHECKS if (fault := check.find(world.session))]


def settled(world: World, one: Settlement, **asked) -> Settlement:
    actions.settle(world.deed(PROVINCE), [one], **asked)
    return one


def test_freezes_the_figures_of_the_ledger(world: World):
    spent(world)
    one = handed_in(world)
    assert (one.received_fen, one.spent_fen, one.balance_fen) == (3_000_000, 1_000_000, 2_000_000)
    assert (one.state, one.wish) == (State.SUBMITTED, CARRIED)
    assert faults(world) == []


def test_carries_each_source_over_into_the_next_year(world: World):
    spent(world)
    received(world, 500_000, PROVINCIAL)
    one = settled(world, handed_in(world))
    assert (one.state, one.outcome) == (State.CLOSED, CARRIED)
    assert cash(world) == {}
    assert cash(world, YEAR + 1) == {SUBSIDY: 2_000_000, PROVINCIAL: 500_000}
    number = one.organisation_id
    assert money_of(world.session, number, YEAR + 1).balance_fen == 2_500_000
    assert money_of(world.session, number, YEAR + 1).received_fen == 0
    figures = figures_of(world.session, number, YEAR)
    assert (figures.balance_fen, figures.received_fen) == (2_500_000, 3_500_000)
    following = figures_of(world.session, number, YEAR + 1)
    assert [line.carried_fen for line in following.sources] == [2_000_000, 500_000]
    assert faults(world) == []


def test_returns_what_is_left_once_the_bank_says_so(world: World):
    spent(world)
    one = settled(world, handed_in(world, SENT_BACK))
    assert one.state == State.SETTLED
    assert cash(world) == {SUBSIDY: 2_000_000}
    province, manager = world.deed(PROVINCE), world.deed(MANAGER)
    with pytest.raises(Refused) as caught:
        actions.close_settlement(province, one)
    assert "还没有登记退回，不能办结" in caught.value.refusals[0].sentence
    with pytest.raises(Refused) as caught:
        actions.send_back(manager, one, PAID_BACK_ON, "")
    assert codes(caught) == ["invalid_date", "missing_value"]
    actions.send_back(manager, one, TODAY, "演示退1号")
    assert cash(world) == {SUBSIDY: 2_000_000}
    actions.close_settlement(province, one)
    assert (one.state, cash(world)) == (State.CLOSED, {})
    assert money_of(world.session, one.organisation_id, YEAR).received_fen == 3_000_000
    assert faults(world) == []


def test_closes_at_once_where_nothing_is_left(world: World):
    spent(world, 3_000_000)
    one = settled(world, handed_in(world, CARRIED))
    assert (one.state, one.wish, one.outcome) == (State.CLOSED, None, None)


def test_the_province_may_decide_otherwise_than_wished(world: World):
    spent(world)
    one = settled(world, handed_in(world, CARRIED), outcome=SENT_BACK)
    assert (one.state, one.wish, one.outcome) == (State.SETTLED, CARRIED, SENT_BACK)


def test_refuses_a_year_in_which_something_is_open(world: World):
    received(world)
    paid(world, source=PROVINCIAL, voucher="演示凭证9")
    waiting = claimed(world, 20_000)
    booked = claimed(world, 30_000, payee="演示饭店")
    spending.book_expenditures(world.deed(MANAGER), [booked])
    spending.disallow(world.deed(PROVINCE), booked, "演示：超范围")
    with pytest.raises(Refused) as caught:
        handed_in(world)
    assert codes(caught) == ["open_claims", "open_payments", "to_repay"]
    assert "还有 1 笔支出待入账，共 200.00 元" in caught.value.refusals[0].sentence
    spending.return_claim(world.deed(MANAGER), waiting, "演示：不全", verb="returned")
    with pytest.raises(Refused) as caught:
        handed_in(world)
    assert codes(caught) == ["open_payments", "to_repay"]


def test_asks_what_becomes_of_what_is_left(world: World):
    spent(world)
    with pytest.raises(Refused) as caught:
        handed_in(world, None)
    assert codes(caught) == ["missing_value"]


@pytest.mark.parametrize("state", ["submitted", "settled", "closed"])
def test_books_nothing_else_while_it_waits_or_is_settled(world: World, state: str):
    spent(world)
    one = handed_in(world, SENT_BACK)
    pairing = world.pairing()
    if state != "submitted":
        settled(world, one)
    if state == "closed":
        actions.send_back(world.deed(MANAGER), one, TODAY, "演示退1号")
        actions.close_settlement(world.deed(PROVINCE), one)
    deed = world.deed(MANAGER)
    raised = Raised(pairing, Side.SENT, YEAR, FundSource.DONATION, "演示方", 1, RECEIVED_ON, "演1")
    for act in (
        lambda: record_income(deed, raised),
        lambda: claimed(world, 20_000),
        lambda: plan_allocations(
            world.deed(), [PlannedFunds(pairing, YEAR, PROVINCIAL, "演示省", 100)]
        ),
    ):
        with pytest.raises(Refused) as caught:
            act()
        assert codes(caught) == ["settled_year"]
        assert f"{YEAR} 年度资金结算{one.state.label}" in caught.value.refusals[0].sentence
    # The partner's year is its own.
    spending.claim_expenditures(
        world.deed("receiving_manager"),
        [claim(world, 100, organisation="receiving", source=FundSource.SELF)],
    )


def test_takes_entries_again_once_it_is_withdrawn_or_sent_back(world: World):
    spent(world)
    one = handed_in(world)
    actions.withdraw_settlement(world.deed(MANAGER), one)
    spending.book_expenditures(world.deed(MANAGER), [claimed(world, 40_000, payee="演示店")])
    again = handed_in(world)
    assert (again.id, again.spent_fen) == (one.id, 1_040_000)
    actions.return_settlement(world.deed(PROVINCE), one, "演示：凭证不全")
    assert one.state == State.RETURNED
    claimed(world, 50_000, payee="演示店二")


def test_opens_a_closed_one_again_by_rows_that_reverse(world: World):
    spent(world)
    one = settled(world, handed_in(world))
    actions.reopen_settlement(world.deed(PROVINCE), one, "演示：核定有误")
    assert (one.state, one.outcome) == (State.RETURNED, None)
    assert (cash(world), cash(world, YEAR + 1)) == ({SUBSIDY: 2_000_000}, {})
    assert figures_of(world.session, one.organisation_id, YEAR).balance_fen == 2_000_000
    settled(world, handed_in(world, SENT_BACK))
    assert faults(world) == []


def test_does_not_open_again_what_was_spent_since(world: World):
    spent(world)
    one = settled(world, handed_in(world))
    world.clock.stand_on(date(2023, 3, 1))
    later = claimed(world, 100_000, year=YEAR + 1, spent_on=date(2023, 2, 1))
    spending.book_expenditures(world.deed(MANAGER), [later])
    with pytest.raises(Refused) as caught:
        actions.reopen_settlement(world.deed(PROVINCE), one, "演示：核定有误")
    assert codes(caught) == ["over_balance"]


def test_carries_nothing_into_a_closed_year(world: World):
    spent(world)
    one = handed_in(world)
    close_work_year(world.deed(), YEAR + 1, "演示：关闭", is_sure=True)
    with pytest.raises(Refused) as caught:
        settled(world, one)
    assert codes(caught) == ["closed_year"]
    assert settled(world, one, outcome=SENT_BACK).state == State.SETTLED


def test_takes_nothing_back_out_of_a_closed_year(world: World):
    spent(world)
    one = settled(world, handed_in(world))
    close_work_year(world.deed(), YEAR + 1, "演示：关闭", is_sure=True)
    with pytest.raises(Refused) as caught:
        actions.reopen_settlement(world.deed(PROVINCE), one, "演示：核定有误")
    assert codes(caught) == ["closed_year"]
    assert cash(world, YEAR + 1) == {SUBSIDY: 2_000_000}


@pytest.mark.parametrize(
    ("following", "said"),
    [
        (NextYear(2023, False, False, True, None), "2023 工作年度尚未设立，余款无处结转"),
        (NextYear(2023, True, False, False, None), "机构在 2023 工作年度没有结对"),
        (NextYear(2023, True, True, True, None), "2023 工作年度已关闭，不能再转入余款"),
        (NextYear(2023, True, False, True, State.SUBMITTED), "2023 年度资金结算待核定"),
        (NextYear(2023, True, False, True, State.RETURNED), ""),
        (NextYear(2023, True, False, True, None), ""),
    ],
)
def test_says_why_nothing_is_carried_over(following: NextYear, said: str):
    found = "".join(one.sentence for one in refusals_for_carrying(following))
    assert found.startswith(said)
    assert bool(found) == bool(said)


def test_settles_several_at_once_all_or_none(world: World):
    spent(world)
    given = ("演示方", 700, RECEIVED_ON, "演1")
    record_income(
        world.deed("other_manager"),
        Raised(world.pairing("P2"), Side.SENT, YEAR, FundSource.DONATION, *given),
    )
    first = handed_in(world)
    second = handed_in(world, SENT_BACK, persona="other_manager", organisation="sending2")
    with pytest.raises(Refused):
        actions.settle(world.deed(PROVINCE), [first, second], seen={first.id: 1, second.id: 7})
    actions.settle(world.deed(PROVINCE), [first, second], seen={first.id: 1, second.id: 1})
    assert (first.state, second.state) == (State.CLOSED, State.SETTLED)
    with pytest.raises(Refused) as caught:
        actions.settle(world.deed(PROVINCE), [])
    assert codes(caught) == ["missing_value"]


def test_refuses_whoever_saw_another_version(world: World):
    spent(world)
    one = handed_in(world)
    with pytest.raises(Conflict):
        actions.withdraw_settlement(world.deed(MANAGER), one, seen=9)


def test_a_closed_work_year_settles_nothing(world: World):
    spent(world)
    one = handed_in(world)
    close_work_year(world.deed(), YEAR, "演示：关闭", is_sure=True)
    with pytest.raises(Refused) as caught:
        settled(world, one)
    assert codes(caught) == ["closed_year"]


def test_of_two_bookings_and_a_settlement_at_once_nothing_is_booked_beside_it(
    world_database: Database, clock: Clock
):
    with world_database.writing() as session:
        world = World(session, clock)
        spent(world)
        organisation_id = world.organisation("sending").id

    def submit(world: World) -> None:
        handed_in(world)

    def raise_some(world: World) -> None:
        record_income(
            world.deed(MANAGER),
            Raised(
                world.pairing(),
                Side.SENT,
                YEAR,
                FundSource.DONATION,
                "演示方",
                700,
                RECEIVED_ON,
                "演1",
            ),
        )

    answers = at_once(world_database, clock, [raise_some, submit, raise_some, submit])
    assert answers.count("done") >= 1
    with world_database.reading() as session:
        one = session.scalars(sa.select(Settlement)).one()
        held = money_of(session, organisation_id, YEAR)
        assert (one.received_fen, one.balance_fen) == (held.received_fen, held.balance_fen)


def test_names_what_the_ledger_says_otherwise(world: World):
    spent(world)
    one = handed_in(world)
    one.received_fen += 1
    world.session.flush()
    assert faults(world) == [f"settlement 第 {one.id} 行的金额与台账不符。"]
