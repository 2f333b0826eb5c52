"""Claims as an enemy writes them: other people's days, days that are approved no more, a cap gone round."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from datetime import date

import pytest
import sqlalchemy as sa

from models import (
    Account,
    Expenditure,
    ExpenditureDecision,
    ExpenditureFile,
    ExpenditureWorkday,
    RoleGrant,
    Workday,
)
from models.database import Database
from models.types import ExpenditureState as State
from models.types import ExpenseCategory as Category
from models.types import FileKind, WorkdayState
from portal.access.queries import find_actor_of_account
from portal.accounts.deputy_actions import lend_role
from portal.deeds import Deed
from portal.files.actions import attach, detach
from portal.files.content_rules import Judged
from portal.files.queries import find_file, pegs_of
from portal.refusals import Refused
from portal.spending import actions
from tests.support.clock import Clock
from tests.support.money import received
from tests.support.portal import Pages
from tests.support.spending import claim, claimed
from tests.support.workdays import MONDAY, approved, logged
from tests.support.world import World

MANAGER, STAFF, PROVINCE = "sending_manager", "sending_staff", "sending_province_officer"
ON_SQLITE = pytest.mark.parametrize("press", ["sqlite"], indirect=True)
"""What the rules answer alike, whatever the database."""
TRIP = {"route": "福州—银川", "travelled_from": MONDAY, "travelled_until": date(2022, 11, 16)}


def codes(caught: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in caught.value.refusals]


def travel(world: World, persona: str, *ids: int) -> Expenditure:
    asked = claim(world, category=Category.TRANSPORT, claimed={"workday_ids": ids}, **TRIP)
    return actions.claim_expenditures(world.deed(persona), [asked])[0]


@ON_SQLITE
@pytest.mark.parametrize(
    ("persona", "worker", "kind", "is_taken"),
    [
        (STAFF, "sent1", {}, True),
        (STAFF, "sent2", {}, False),  # a colleague's
        (STAFF, "received1", {}, False),  # the partner's
        (STAFF, "sent1", {"submit": False}, False),  # a draft
        (MANAGER, "sent2", {}, True),
        (MANAGER, "sent2", {"submit": False}, False),
        (MANAGER, "received1", {}, False),
        (MANAGER, "foreign", {"code": "P3"}, False),  # of another pairing
    ],
)
def test_a_trip_takes_the_days_alone_that_its_claimant_is_offered(
    world: World, persona: str, worker: str, kind: dict, is_taken: bool
) -> None:
    day = logged(world, worker, **kind)
    if is_taken:
        travel(world, persona, day.id)
    else:
        with pytest.raises(Refused) as caught:
            travel(world, persona, day.id)
        assert codes(caught) == ["unknown"]
        # Whether it is there or not, whoever guesses is told the same.
        assert caught.value.refusals[0].sentence == "所选工作日已变动，请重新列出并勾选。"
    assert world.count(ExpenditureWorkday) == int(is_taken)


def test_a_day_that_no_column_holds_is_none(world: World) -> None:
    for number in (0, -1, 2**53, 2**63, 10**30):
        with pytest.raises(Refused) as caught:
            travel(world, STAFF, number)
        assert codes(caught) == ["unknown"]


def test_a_day_that_is_approved_no_more_is_not_paid(world: World) -> None:
    received(world)
    day = approved(world)
    details = {"person_id": world.person("sent1").id, "workday_ids": (day.id,)}
    one = claimed(world, category=Category.WAGES, has_person=True, claimed=details)
    world.session.execute(
        sa.update(Workday).where(Workday.id == day.id).values(state=WorkdayState.RETURNED)
    )
    with pytest.raises(Refused) as caught:
        actions.book_expenditures(world.deed(MANAGER), [one])
    assert codes(caught) == ["not_approved"]
    assert f"{MONDAY} 的工作日志尚未核准" in caught.value.refusals[0].sentence


def test_what_was_disallowed_does_not_come_back_beyond_the_cap(world: World) -> None:
    received(world)
    first = claimed(world, 300_000, category=Category.OTHER, other_reason="演示：翻译")

    def spend(one: Expenditure) -> None:
        actions.approve_expenditures(world.deed(PROVINCE), [one])
        actions.book_expenditures(world.deed(MANAGER), [one])

    spend(first)
    actions.disallow(world.deed(PROVINCE), first, "演示：与计划无关")
    second = claimed(
        world, 300_000, category=Category.OTHER, other_reason="演示：场租", payee="演示另一家"
    )
    spend(second)
    with pytest.raises(Refused) as caught:
        actions.take_back(
            world.deed(PROVINCE), first, "演示：改为认可", verb="disallowance_reversed"
        )
    assert codes(caught) == ["over_cap"]
    actions.take_back(world.deed(MANAGER), second, "演示：退货", verb="reversed")
    actions.take_back(world.deed(PROVINCE), first, "演示：改为认可", verb="disallowance_reversed")
    assert first.state == State.SAMPLED


def test_the_voucher_by_which_the_province_approved_is_not_changed_for_another(
    world: World,
) -> None:
    received(world)
    one = claimed(world, 10_000, category=Category.OTHER, other_reason="演示：翻译")
    (peg,) = pegs_of(world.session, one)
    first = attach(world.deed(STAFF), one, peg, "演示.pdf", Judged(FileKind.PDF, b"a"))
    actions.approve_expenditures(world.deed(PROVINCE), [one])
    attach(world.deed(STAFF), one, peg, "演示2.pdf", Judged(FileKind.PDF, b"b"))
    found = find_file(world.session, one, first.public_id)
    with pytest.raises(Refused) as caught:
        detach(world.deed(STAFF), one, found, "演示：换一张")
    assert "凭现有票据核准，票据不能移除" in caught.value.refusals[0].sentence
    edited = claim(world, 10_000, category=Category.OTHER, other_reason="演示：翻译")
    actions.edit_claim(world.deed(STAFF), one, edited)
    detach(world.deed(STAFF), one, found, "演示：换一张")
    with pytest.raises(Refused) as caught:
        actions.book_expenditures(world.deed(MANAGER), [one])
    assert codes(caught) == ["not_approved"]


def deputy(world: World) -> Deed:
    """Have the sending manager lend the role to a member of staff for today; return a deed of that one."""
    account = {
        name: world.session.scalars(sa.select(Account).where(Account.login == name)).one()
        for name in (MANAGER, STAFF)
    }
    role = world.session.scalars(
        sa.select(RoleGrant).where(RoleGrant.account_id == account[MANAGER].id)
    ).one()
    deed = world.deed(MANAGER)
    lend_role(deed, role, account[STAFF], deed.today, deed.today)
    world.session.flush()
    actor = find_actor_of_account(world.session, account[STAFF].id, deed.today)
    assert actor is not None
    assert [one.name for one in actor.principals_for("spending.book")] == [deed.actor.name]
    return Deed(world.session, actor, world.clock())


@ON_SQLITE
@pytest.mark.parametrize(
    ("claimant", "codes_"), [(STAFF, ["own_entry"]), (MANAGER, ["own_entry"]), (None, [])]
)
def test_a_deputy_books_neither_the_own_claim_nor_that_of_whoever_lent_the_role(
    world: World, claimant: str | None, codes_: list[str]
) -> None:
    received(world)
    deed = deputy(world)
    one = claimed(world, persona=claimant or MANAGER)
    if claimant is None:  # somebody else's
        someone = world.person("sent2").id
        world.session.execute(sa.update(Expenditure).values(claimed_by_person_id=someone))
        world.session.refresh(one)
    found: list[str] = []
    try:
        actions.book_expenditures(deed, [one])
    except Refused as refused:
        found = [each.code for each in refused.refusals]
    assert found == codes_
    assert one.state == (State.CLAIMED if codes_ else State.BOOKED)


@ON_SQLITE
@pytest.mark.parametrize(
    ("seed", "noted"),
    [
        ("7", "随机抽查，种子 7"),
        *((odd, None) for odd in ("1000000", "9" * 5_000, "７")),
    ],
)
def test_a_seed_is_noted_if_it_is_one(
    pages: Pages, world: World, seed: str, noted: str | None
) -> None:
    received(world)
    one = claimed(world)
    actions.book_expenditures(world.deed(MANAGER), [one])
    world.session.commit()
    sent = {"seed": seed, "chosen": f"{one.public_id}-{one.version}"}
    pages(PROVINCE).post("/spending/acceptances", sent)
    wanted = sa.select(ExpenditureDecision.reason).where(ExpenditureDecision.kind == "sampled")
    assert world.session.scalars(wanted).one() == noted


def test_nothing_is_booked_by_a_voucher_that_goes_in_that_moment(
    world_database: Database, clock: Clock
) -> None:
    with world_database.writing() as session:
        world = World(session, clock)
        received(world)
        one = claimed(world, claimed={"no_voucher_reason": None})
        (peg,) = pegs_of(session, one)
        attach(world.deed(STAFF), one, peg, "演示.pdf", Judged(FileKind.PDF, b"a"))

    def book() -> str:
        with world_database.open() as session:
            world = World(session, clock)
            try:
                one = session.scalars(sa.select(Expenditure)).one()
                actions.book_expenditures(world.deed(MANAGER), [one])
                session.commit()
            except Refused as refused:
                return refused.refusals[0].code
        return "done"

    with ThreadPoolExecutor(1) as threads, world_database.open() as session:
        world = World(session, clock)
        one = session.scalars(sa.select(Expenditure)).one()
        (row,) = session.scalars(sa.select(ExpenditureFile)).all()
        found = find_file(session, one, row.public_id)
        assert found is not None
        detach(world.deed(STAFF), one, found, "演示：换一张")
        answer = threads.submit(book)
        wait([answer], 0.2)  # long enough to see the voucher that is on its way out
        session.commit()
        assert answer.result() == "no_voucher"
    with world_database.reading() as session:
        assert session.scalars(sa.select(Expenditure.state)).one() == State.CLAIMED
