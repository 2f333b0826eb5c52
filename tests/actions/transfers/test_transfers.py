"""Passing money on to the partner (B29): by an agreed item, within the balance, confirmed, counted once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models import AuditEvent, FundTransfer, FundYearTotal, LedgerEntry
from models.database import Database
from models.types import FundSource, LedgerKind, TransferState
from portal.changes.actions import terminate_pairing
from portal.checks import verify
from portal.ledger.book_queries import BookAsked, foot_of_book, may_read_book, read_all
from portal.ledger.known_queries import money_known
from portal.ledger.queries import money_of
from portal.ledger.rules import Money
from portal.programme.actions import close_work_year
from portal.refusals import Refused
from portal.rooms import HOUSE
from portal.settlements.figure_queries import figures_of
from portal.spending.actions import book_expenditures
from portal.transfers.actions import confirm_transfer, decide_transfer, pass_on
from portal.transfers.queries import list_transfers
from tests.support.clock import Clock
from tests.support.money import SUBSIDY, YEAR, received
from tests.support.parallel import at_once
from tests.support.settlements import handed_in
from tests.support.spending import claimed
from tests.support.transfers import (
    ARRIVED_ON,
    RECEIVER,
    SENDER,
    allow_transfers,
    arrived,
    asked,
    passed_on,
)
from tests.support.world import World


@pytest.fixture
def open_world(world: World) -> World:
    """The small world with the policy open and the subsidy received."""
    received(world)
    allow_transfers(world)
    return world


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in caught.value.refusals]


def money(world: World, key: str) -> Money:
    return money_of(world.session, world.organisation(key).id, YEAR)


def rows(world: World) -> list[LedgerEntry]:
    wanted = sa.select(LedgerEntry).where(LedgerEntry.kind == LedgerKind.TRANSFER)
    return list(world.session.scalars(wanted.order_by(LedgerEntry.id)))


def faults(world: World) -> list[str]:
    world.session.flush()
    return [one.check.code for one in verify(world.session, HOUSE.checks) if one.fault]


def test_moves_nothing_before_the_partner_confirms(open_world: World):
    transfer = passed_on(open_world)
    assert (transfer.state, rows(open_world)) == (TransferState.PAID, [])
    assert money(open_world, "sending").balance_fen == 3_000_000


def test_one_row_moves_it_into_the_partners_balance_and_is_no_subsidy_of_the_partner(
    open_world: World,
):
    arrived(open_world)
    sender, receiver = money(open_world, "sending"), money(open_world, "receiving")
    assert (sender.received_fen, sender.balance_fen) == (3_000_000, 2_500_000)
    assert receiver == Money(balance_fen=500_000)
    nation = sa.select(sa.func.sum(FundYearTotal.received_fen))
    assert open_world.session.scalar(nation) == 3_000_000
    (row,) = rows(open_world)
    assert (row.amount_fen, row.booked_on) == (500_000, ARRIVED_ON)
    assert faults(open_world) == []


def test_is_known_as_of_a_day_as_it_is_kept(open_world: World):
    transfer = arrived(open_world)
    session = open_world.session
    session.commit()
    tomorrow = open_world.clock() + timedelta(days=1)
    for verb in (None, "reversed"):
        if verb:
            decide_transfer(open_world.deed(RECEIVER), transfer, "演示：误转", verb=verb)
            session.commit()
        known = money_known(session, YEAR, tomorrow)
        kept = {
            one.organisation_id: money_of(session, one.organisation_id, YEAR)
            for one in session.scalars(sa.select(FundYearTotal).where(FundYearTotal.year == YEAR))
        }
        assert {key: value for key, value in kept.items() if value != Money()} == {
            key: value for key, value in known.items() if value != Money()
        }


def test_both_books_tell_it_and_reconcile(open_world: World):
    arrived(open_world)
    told = {}
    for key in ("sending", "receiving"):
        book = BookAsked(open_world.organisation(key).id, YEAR)
        foot = foot_of_book(open_world.session, book)
        told[key] = (foot.came_in_fen, foot.passed_in_fen, foot.passed_on_fen, foot.balance_fen)
        last = read_all(open_world.session, book)[-1]
        assert last.balance_so_far_fen == foot.balance_fen
        assert "演示协议1号" in last.purpose
        assert last.purpose.startswith("转付对方机构" if key == "sending" else "对方机构转付")
    assert told == {
        "sending": (3_000_000, 0, 500_000, 2_500_000),
        "receiving": (0, 500_000, 0, 500_000),
    }


def test_the_partner_settles_it_and_a_transfer_that_waits_is_in_the_way(open_world: World):
    passed_on(open_world)
    with pytest.raises(Refused) as caught:
        handed_in(open_world)
    assert codes(caught) == ["open_transfers"]
    decide_transfer(
        open_world.deed(SENDER),
        open_world.session.scalars(sa.select(FundTransfer)).one(),
        "演示",
        verb="withdrawn",
    )
    arrived(open_world)
    line = figures_of(open_world.session, open_world.organisation("receiving").id, YEAR).sources
    assert [(one.source, one.received_fen, one.left_fen) for one in line] == [(SUBSIDY, 0, 500_000)]


def test_is_taken_back_once_with_a_reason(open_world: World):
    transfer = arrived(open_world)
    with pytest.raises(Refused) as caught:
        decide_transfer(open_world.deed(RECEIVER), transfer, "", verb="reversed")
    assert codes(caught) == ["missing_value"]
    decide_transfer(open_world.deed(RECEIVER), transfer, "演示：误转", verb="reversed")
    assert money(open_world, "receiving").balance_fen == 0
    assert money(open_world, "sending").balance_fen == 3_000_000
    with pytest.raises(Refused) as caught:
        decide_transfer(open_world.deed(RECEIVER), transfer, "演示", verb="reversed")
    assert codes(caught) == ["wrong_state"]
    assert [one.reversal_of_id is None for one in rows(open_world)] == [True, False]
    assert faults(open_world) == []


REFUSED = {
    "no item of the agreement": ({"clause": " "}, ["missing_value"], "协议没有约定的，不能转付"),
    "no number of the agreement": ({"agreement_number": ""}, ["missing_value"], "协议编号"),
    "agreed after it was paid": ({"agreed_on": date(2022, 4, 2)}, ["invalid_date"], "早于协议日期"),
    "of tomorrow": ({"paid_on": date(2022, 11, 22)}, ["future_date"], "晚于今天"),
    "before the policy allowed it": ({"paid_on": date(2021, 12, 31)}, ["not_eligible"], "未开放"),
    "without voucher": ({"voucher_number": ""}, ["missing_value"], "凭证号"),
    "above the balance": ({"fen": 3_000_001}, ["over_balance"], "超出 0.01 元"),
    "of a source without money": (
        {"source": FundSource.LOTTERY},
        ["over_balance"],
        "只有 0.00 元",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refuses(open_world: World, name: str):
    changed, expected, sentence = REFUSED[name]
    wanted = asked(**{"fen": 500_000, **changed})
    with pytest.raises(Refused) as caught:
        pass_on(open_world.deed(SENDER), open_world.pairing(), YEAR, wanted)
    assert codes(caught) == expected
    assert sentence in caught.value.refusals[0].sentence


def test_refuses_while_the_policy_does_not_allow_it(world: World):
    received(world)
    with pytest.raises(Refused) as caught:
        passed_on(world)
    assert codes(caught) == ["not_eligible"]
    assert "未开放" in caught.value.refusals[0].sentence


def test_refuses_what_waits_already_and_a_voucher_twice(open_world: World):
    passed_on(open_world, 2_000_000)
    with pytest.raises(Refused) as caught:
        passed_on(open_world, 2_000_000)
    assert codes(caught) == ["duplicate", "over_balance"]
    assert "2,000,000" not in caught.value.refusals[1].sentence
    assert "另有 20,000.00 元已转出、待受援机构确认" in caught.value.refusals[1].sentence


def test_refuses_a_pairing_or_year_that_is_not_the_partners(open_world: World):
    for pairing, year, expected in (
        ("P2", YEAR, "outside_scope"),
        ("P1", 2019, "outside_work_year"),
    ):
        with pytest.raises(Refused) as caught:
            pass_on(open_world.deed(SENDER), open_world.pairing(pairing), year, asked())
        assert expected in codes(caught)


def test_refuses_a_closed_year_and_after_the_pairing_ended(open_world: World):
    transfer = passed_on(open_world)
    terminate_pairing(
        open_world.deed("province_officer"),
        open_world.pairing(),
        last_day=date(2022, 3, 31),
        reason="演示：终止",
    )
    with pytest.raises(Refused) as caught:
        passed_on(open_world, voucher_number="演示转2")
    assert codes(caught) == ["wrong_state"]
    assert "结对终止后不再转付" in caught.value.refusals[0].sentence
    open_world.clock.stand_on(date(2023, 2, 1))
    close_work_year(open_world.deed("national_officer"), YEAR, "演示", is_sure=True)
    with pytest.raises(Refused) as caught:
        confirm_transfer(open_world.deed(RECEIVER), transfer, received_on=ARRIVED_ON)
    assert codes(caught) == ["closed_year"]


@pytest.mark.parametrize(
    ("persona", "verb"),
    [(SENDER, "declined"), (SENDER, "confirmed"), (RECEIVER, "withdrawn")],
)
def test_only_the_receiver_confirms_and_only_the_sender_withdraws(
    open_world: World, persona: str, verb: str
):
    transfer = passed_on(open_world)
    act = {
        "confirmed": lambda deed: confirm_transfer(deed, transfer, received_on=ARRIVED_ON),
    }.get(verb, lambda deed: decide_transfer(deed, transfer, "演示", verb=verb))
    with pytest.raises(Refused) as caught:
        act(open_world.deed(persona))
    assert "outside_scope" in codes(caught)


def test_what_the_sender_spent_meanwhile_is_not_confirmed(open_world: World):
    transfer = passed_on(open_world, 2_500_000)
    claim = claimed(open_world, fen=1_000_000)
    book_expenditures(open_world.deed(), [claim])
    with pytest.raises(Refused) as caught:
        confirm_transfer(open_world.deed(RECEIVER), transfer, received_on=ARRIVED_ON)
    assert codes(caught) == ["over_balance"]
    assert money(open_world, "receiving").balance_fen == 0


def test_two_at_once_never_pass_on_more_than_there_is(
    open_world: World, world_database: Database, clock: Clock
):
    open_world.session.commit()

    def attempt(number: int) -> Callable[[World], object]:
        return lambda one: passed_on(one, 2_000_000, voucher_number=f"演示转{number}")

    found = at_once(world_database, clock, [attempt(number) for number in range(4)])
    assert found == ["done", "over_balance", "over_balance", "over_balance"]


def test_each_step_leaves_one_audit_row_and_who_may_not_see_it_reads_no_book(open_world: World):
    before = open_world.count(AuditEvent)
    arrived(open_world)
    assert open_world.count(AuditEvent) == before + 2
    receiving = open_world.organisation("receiving").id
    for persona, sees in (("county_officer", True), ("other_province_officer", False)):
        actor = open_world.actor(persona)
        assert bool(list_transfers(open_world.session, actor, YEAR).rows) is sees
        assert may_read_book(open_world.session, actor, receiving, YEAR) is sees
