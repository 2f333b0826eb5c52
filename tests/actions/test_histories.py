"""Random histories through the real verbs, on both databases: what stands in the rows afterwards."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from models import (
    Account,
    Assignment,
    CertificateAward,
    Disbursement,
    Expenditure,
    FundAllocation,
    Pairing,
    Programme,
    RoleGrant,
    Settlement,
    Workday,
    WorkdayDecision,
    WorkYear,
)
from models.types import (
    AssignmentState,
    ExpenseCategory,
    FundSource,
    GrantState,
    Line,
    Role,
    SettlementOutcome,
    Side,
)
from portal.access.loading import Unseen
from portal.accounts import actions as accounts
from portal.accounts.rules import LIFE as GRANT_LIFE
from portal.activities import actions as activities
from portal.activities.queries import TeamMember
from portal.awards import actions as awards
from portal.awards.rules import LIFE as AWARD_LIFE
from portal.changes import actions as changes
from portal.checks import verify
from portal.confirmations import actions as confirmations
from portal.confirmations.reversal_actions import reverse_decision
from portal.corrections.actions import correct_workday
from portal.disputes import actions as disputes
from portal.funding import actions as funding
from portal.funding import payment_actions as payments
from portal.funding.allocation_rules import LIFE as ALLOCATION_LIFE
from portal.funding.payment_rules import PAYMENT_LIFE
from portal.ledger.check_queries import CHECKS as LEDGER_CHECKS
from portal.pairings import actions as pairings
from portal.pairings import decision_actions
from portal.pairings.procedure_rules import LIFE as PAIRING_LIFE
from portal.procedures import actions, reversal_actions
from portal.procedures.queries import decisions_of
from portal.procedures.rules import Life
from portal.programme.actions import close_programme, close_work_year, reopen_work_year
from portal.programme.closing_rules import LIFE as WORK_YEAR_LIFE
from portal.refusals import Refused
from portal.settlements import actions as settlements
from portal.settlements.rules import LIFE as SETTLEMENT_LIFE
from portal.spending import actions as spending
from portal.spending.rules import LIFE as SPENDING_LIFE
from portal.staffing import actions as staffing
from portal.staffing.rules import LIFE as ASSIGNMENT_LIFE
from portal.workdays import actions as workdays
from portal.workdays.handing_in_actions import hand_in_all
from portal.workdays.life_rules import LIFE as WORKDAY_LIFE
from tests.support.awards import certificate, with_award_rules
from tests.support.histories import LENGTH, ON_A_DATABASE, faults_in_database
from tests.support.money import PAID_ON, RECEIVED_ON, YEAR, approved, received
from tests.support.sample_life import (
    FILED,
    PLAN_LIFE,
    SEATS,
    Plan,
    PlanDecision,
    create_tables,
    everywhere,
    sign,
    take,
)
from tests.support.spending import claim
from tests.support.workdays import MONDAY, entry
from tests.support.world import World

PEOPLE = ("province_officer", "sending_province_officer", "county_officer", "national_officer")


def play_plans(world: World, rng: random.Random) -> None:
    """Plans, on each of which four people and the operator try fifty things."""
    create_tables(world.session)
    deeds = [world.deed(persona) for persona in PEOPLE] + [world.deed()]
    plans = [Plan(author_person_id=rng.choice(deeds).actor.person_id) for _ in range(ON_A_DATABASE)]
    world.session.add_all(plans)
    actions.note(deeds[-1], plans, "drafted")
    verbs = [step.verb for step in PLAN_LIFE.steps if step.permission]
    for plan in plans:
        for _ in range(LENGTH):
            deed = rng.choice(deeds)
            try:
                if rng.random() < 0.5:
                    passed = rng.random() < 0.8
                    sign(deed, plan, rng.choice(SEATS), passed=passed, text="演示")
                elif rng.random() < 0.1:
                    _undo(world, deed, plan)
                else:
                    take(deed, plan, rng.choice(verbs), reason="演示")
            except Refused:
                continue


def _undo(world: World, deed: Any, plan: Plan) -> None:
    if plan.state != FILED:
        return
    last = (
        sa.select(PlanDecision.batch)
        .where(PlanDecision.plan_id == plan.id)
        .order_by(PlanDecision.id.desc())
        .limit(1)
    )
    batch = world.session.scalar(last)
    assert batch
    # Within reach of everybody here: it is the decision that must be the actor's own.
    reversal_actions.reverse(deed, PLAN_LIFE, Plan, batch, label_of=lambda one: str(one.id))


def play_assignments(world: World, rng: random.Random) -> None:
    """People of a pairing, nominated, decided on and ended by anybody in any order.

    Each attempt adds up the pairing anew, so that there are fewer of them.
    """
    deeds = [world.deed(one) for one in ("sending_manager", *PEOPLE)] + [world.deed()]
    keys = ("sent1", "sent2", "unqualified", "received1", "received2")
    for _ in range(ON_A_DATABASE // 50 * LENGTH):
        deed = rng.choice(deeds)
        try:
            with world.session.begin_nested():
                _try_on_assignments(world, deed, rng, keys)
        except Refused:
            continue


def _try_on_assignments(world: World, deed: Any, rng: random.Random, keys: tuple[str, ...]) -> None:
    person = world.person(rng.choice(keys))
    day = date(2022, 1, 1) + timedelta(days=30 * rng.randrange(24))
    if rng.random() < 0.3:
        side = Side.RECEIVED if "乙" in person.name else Side.SENT
        until = day + timedelta(days=20)
        staffing.nominate(
            deed, pairing=world.pairing(), person=person, side=side, starts_on=day, ends_on=until
        )
        return
    some = world.session.scalars(sa.select(Assignment).order_by(Assignment.id)).all()
    waiting = [row for row in some if row.state == AssignmentState.NOMINATED]
    one = rng.choice(waiting or some)
    match rng.randrange(7):
        case 0:
            staffing.approve_assignment(deed, one)
        case 1:
            staffing.approve_assignments(deed, rng.sample(waiting, min(2, len(waiting))))
        case 2:
            staffing.reject_assignment(deed, one, "演示")
        case 3:
            staffing.withdraw_nomination(deed, one)
        case 4:
            staffing.grant_exception(deed, one, "演示")
        case 5:
            staffing.end_assignment(deed, one, one.starts_on, "演示")
        case 6:
            staffing.review_qualification(deed, one.person_id)


def play_pairings(world: World, rng: random.Random) -> None:
    """Two organisations that anybody pairs, confirms, declines, signs for and parts in any order."""
    deeds = [world.deed(one) for one in PEOPLE] + [world.deed()]
    for number in range(ON_A_DATABASE // 50 * LENGTH):
        try:
            with world.session.begin_nested():
                _try_on_pairings(world, rng.choice(deeds), rng, number)
        except Refused:
            continue


def _try_on_pairings(world: World, deed: Any, rng: random.Random, number: int) -> None:
    some = world.session.scalars(sa.select(Pairing).order_by(Pairing.id)).all()
    one = rng.choice([some[-1], *some])
    match rng.randrange(6):
        case 0 | 1:
            pairings.create_pairing(
                deed,
                code=f"H{number}",
                sending=world.organisation(rng.choice(("sending", "sending2"))),
                receiving=world.organisation(rng.choice(("receiving", "receiving2"))),
                county_code=world.pairing().county_code,
                line=Line.KEY_COUNTY,
                starts_on=date(2022, 12, 1),
                ends_on=None,
                exception_reason=rng.choice((None, "演示")),
            )
        case 2:
            decision_actions.confirm_pairing(deed, one)
        case 3:
            granted = rng.random() < 0.7
            changes.decide_on_exception(deed, one, Side.SENT, is_granted=granted, opinion="演示")
        case 4:
            changes.decline_pairing(deed, one, "演示")
        case 5:
            changes.terminate_pairing(deed, one, last_day=one.starts_on, reason="演示")


def play_work_years(world: World, rng: random.Random) -> None:
    """Work years, closed and opened again by anybody in any order, one by one and all together."""
    deeds = [world.deed(persona) for persona in PEOPLE] + [world.deed()]
    code = world.session.scalars(sa.select(Programme.code)).first()
    for _ in range(ON_A_DATABASE // 50 * LENGTH):
        deed, year = rng.choice(deeds), rng.randrange(2021, 2026)
        try:
            match rng.randrange(5):
                case 0 | 1:
                    close_work_year(deed, year, "演示")
                case 2 | 3:
                    reopen_work_year(deed, year, "演示")
                case 4:
                    close_programme(deed, code, "演示", is_sure=True)
        except Refused:
            continue


def play_workdays(world: World, rng: random.Random) -> None:
    """Days of two people, handed in, decided on, corrected and taken back by anybody in any order."""
    names = ("sending_staff", "sending_manager", "receiving_manager", "county_officer")
    deeds = [world.deed(one) for one in (*names, "national_officer")] + [world.deed()]
    for _ in range(ON_A_DATABASE // 25 * LENGTH):
        try:
            with world.session.begin_nested():
                _try_on_workdays(world, rng.choice(deeds), rng)
        except (Refused, Unseen):
            continue


def _try_on_workdays(world: World, deed: Any, rng: random.Random) -> None:
    asked = entry(MONDAY - timedelta(days=rng.randrange(5)), half_days=rng.choice((1, 2)))
    some = world.session.scalars(sa.select(Workday).order_by(Workday.id)).all()
    if rng.random() < 0.05:
        people = [world.person(one) for one in ("sent1", "sent2")]
        members = [TeamMember(one.id, one.public_id, one.name) for one in people]
        activities.log_activity(deed, world.pairing(), members, asked)
        return
    if len(some) < 3 or rng.random() < 0.1:
        person = world.person(rng.choice(("sent1", "sent2")))
        workdays.log_workday(
            deed, pairing=world.pairing(), person=person, entry=asked, submit=rng.random() < 0.7
        )
        return
    one = rng.choice(some[-4:])
    submit = rng.random() < 0.5
    verb = rng.choice(("returned", "returned_by_county"))
    tries: list[Callable[[], Any]] = [
        *[lambda: confirmations.confirm_workdays(deed, [one])] * 3,
        *[lambda: confirmations.approve_workdays(deed, [one])] * 3,
        lambda: confirmations.return_workday(deed, one, "演示", verb=verb),
        lambda: workdays.submit_workday(deed, one),
        lambda: workdays.recall_workday(deed, one),
        lambda: workdays.edit_workday(deed, one, asked, submit=submit),
        lambda: workdays.give_up_workday(deed, one),
        lambda: correct_workday(deed, one, asked, "演示"),
        lambda: activities.decline_day(deed, one, seen=None),
        lambda: activities.withdraw_days(deed, {one.id: one.version}),
        *[lambda: disputes.dispute_days(deed, {one.id: one.version}, "演示")] * 2,
        lambda: disputes.withdraw_disputes(deed, {one.id: one.version}),
        lambda: disputes.dismiss_dispute(deed, one, "演示", seen=None),
        lambda: disputes.uphold_dispute(deed, one, "演示", seen=None),
        lambda: hand_in_all(deed, {each.id: each.version for each in some}),
        lambda: reverse_decision(deed, _last_batch(world)),
    ]
    rng.choice(tries)()


def _last_batch(world: World) -> str:
    batches = sa.select(WorkdayDecision.batch).where(WorkdayDecision.batch.is_not(None))
    return world.session.scalar(batches.order_by(WorkdayDecision.id.desc()).limit(1)) or ""


def play_grants(world: World, rng: random.Random) -> None:
    """Roles of three accounts, proposed, confirmed, declined and ended by anybody in any order."""
    administrators = ("system_administrator", "security_administrator", "national_officer")
    deeds = [world.deed(one) for one in administrators] + [world.deed()]
    # Proposed for, and holding, what others have proposed: the own one is nobody's to confirm.
    held = [
        world.session.get_one(Account, deed.actor.account_id)
        for deed in (world.deed(one) for one in ("association", "national_officer"))
    ]
    for _ in range(ON_A_DATABASE // 25 * LENGTH):
        try:
            with world.session.begin_nested():
                _try_on_grants(world, rng.choice(deeds), rng, held)
        except Refused:
            continue


def _try_on_grants(world: World, deed: Any, rng: random.Random, held: list[Account]) -> None:
    some = world.session.scalars(sa.select(RoleGrant).order_by(RoleGrant.id)).all()
    waiting = [one for one in some if one.state == GrantState.PROPOSED]
    one = rng.choice(waiting or some)
    match rng.randrange(6):
        case 0 | 1:
            role = rng.choice((Role.EVALUATOR, Role.ASSOCIATION))
            accounts.propose_grant(deed, rng.choice(held), role, rng.choice(("CN", "640000")))
        case 2:
            accounts.confirm_grant(deed, one)
        case 3:
            accounts.decline_grant(deed, one, "演示")
        case 4:
            accounts.withdraw_grant(deed, one)
        case 5:
            accounts.revoke_grant(deed, rng.choice(some))


SOURCES = (FundSource.MCA_SUBSIDY, FundSource.PROVINCIAL)


def play_money(world: World, rng: random.Random) -> None:
    """Allocations, planned, approved, cut, paid, received and reversed by anybody in any order."""
    names = ("national_officer", "sending_province_officer", "sending_manager")
    deeds = [world.deed(one) for one in names] + [world.deed()]
    for number in range(ON_A_DATABASE // 50 * LENGTH):
        try:
            with world.session.begin_nested():
                _try_on_money(world, rng.choice(deeds), rng, number)
        except Refused:
            continue


def _try_on_money(world: World, deed: Any, rng: random.Random, number: int) -> None:
    allocations = world.session.scalars(sa.select(FundAllocation)).all()
    paid = world.session.scalars(sa.select(Disbursement)).all()
    if not allocations or rng.random() < 0.1:
        plan = (world.pairing(), YEAR, rng.choice(SOURCES), "演示拨款方", 10_000)
        funding.plan_allocations(deed, [funding.PlannedFunds(*plan)])
        return
    one, payment = rng.choice(allocations[-4:]), rng.choice(paid[-4:] or [None])
    tries: list[Callable[[], Any]] = [
        *[lambda: funding.approve_allocations(deed, [one])] * 2,
        lambda: funding.decline_allocation(deed, one, "演示"),
        lambda: funding.reduce_allocation(deed, one, "演示"),
        *[
            lambda: payments.disburse(
                deed, [payments.Payment(one, rng.choice((2_500, 5_000)), PAID_ON, f"演示{number}")]
            )
        ]
        * 3,
    ]
    if payment:
        tries += [
            *[
                lambda: payments.confirm_receipt(
                    deed,
                    payment,
                    received_on=RECEIVED_ON,
                    received_fen=payment.amount_fen - rng.choice((0, 100)),
                    reason="演示",
                )
            ]
            * 3,
            lambda: payments.reverse_receipt(deed, payment, "演示"),
            lambda: payments.reverse_disbursement(deed, payment, "演示"),
        ]
    rng.choice(tries)()


def play_spending(world: World, rng: random.Random) -> None:
    """Expenditures, claimed, booked, sampled, disallowed, repaid, reversed by anybody in any order."""
    received(world, 100_000)
    names = ("sending_staff", "sending_manager", "sending_province_officer", "province_officer")
    deeds = [world.deed(one) for one in names] + [world.deed()]
    for number in range(ON_A_DATABASE // 50 * LENGTH):
        try:
            with world.session.begin_nested():
                _try_on_spending(world, rng.choice(deeds), rng, number)
        except Refused:
            continue


def _try_on_spending(world: World, deed: Any, rng: random.Random, number: int) -> None:
    category = rng.choice((ExpenseCategory.MEALS, ExpenseCategory.OTHER))
    reason = "演示" if category == ExpenseCategory.OTHER else None
    asked = claim(world, 1_000, category, payee=f"演示{number}", other_reason=reason)
    some = world.session.scalars(sa.select(Expenditure).order_by(Expenditure.id)).all()
    if not some or rng.random() < 0.1:
        spending.claim_expenditures(deed, [asked])
        return
    one = rng.choice(some[-4:])
    tries: list[Callable[[], Any]] = [
        lambda: spending.edit_claim(deed, one, asked),
        lambda: spending.withdraw_claim(deed, one),
        lambda: spending.answer_question(deed, one, "演示"),
        lambda: spending.approve_expenditures(deed, [one]),
        *[lambda: spending.book_expenditures(deed, [one])] * 3,
        lambda: spending.accept_samples(deed, [one]),
        *[
            lambda verb=verb: spending.return_claim(deed, one, "演示", verb=verb)
            for verb in ("returned", "declined")
        ],
        *[lambda: spending.disallow(deed, one, "演示")] * 2,
        *[lambda: spending.repay(deed, one, deed.today, "演示回单")] * 2,
        *[
            lambda verb=verb: spending.take_back(deed, one, "演示", verb=verb)
            for verb in spending.REVERSES
        ],
    ]
    rng.choice(tries)()


def play_awards(world: World, rng: random.Random) -> None:
    """Awards, claimed, verified, publicised, objected to, paid, reversed by anybody on any day."""
    with_award_rules(world)
    names = ("sending_manager", "sending_staff", "sending_province_officer", None)
    for _ in range(ON_A_DATABASE // 50 * LENGTH):
        if rng.random() < 0.1:
            world.clock.pass_time(days=rng.randrange(8))
        try:
            with world.session.begin_nested():
                _try_on_awards(world, world.deed(rng.choice(names)), rng)
        except (Refused, Unseen):
            continue


def _try_on_awards(world: World, deed: Any, rng: random.Random) -> None:
    some = world.session.scalars(sa.select(CertificateAward).order_by(CertificateAward.id)).all()
    if not some or rng.random() < 0.15:
        key = rng.choice(("sent1", "sent2", "unqualified"))
        awards.claim_awards(deed, [awards.AwardClaim(certificate(world, key).id, 10_000)])
        return
    one = rng.choice(some[-4:])
    with_reason = (
        awards.withdraw_award,
        awards.send_back,
        awards.dismiss_objection,
        awards.reject_award,
        awards.take_payment_back,
    )
    tries: list[Callable[[], Any]] = [
        *[lambda: awards.verify_awards(deed, [one])] * 3,
        *[lambda: awards.publicise_awards(deed, [one])] * 3,
        *[lambda: awards.pay_awards(deed, [one], deed.today, "演示凭证")] * 3,
        *[lambda verb=verb: verb(deed, one, "演示") for verb in with_reason],
    ]
    rng.choice(tries)()


def play_settlements(world: World, rng: random.Random) -> None:
    """Years of two organisations, handed in, settled, sent back, closed, reopened by anybody."""
    received(world, 100_000)
    received(world, 50_000, FundSource.LOTTERY, allocation=approved(world, 50_000, pairing="P2"))
    names = ("sending_manager", "sending_province_officer", "province_officer", None)
    for _ in range(ON_A_DATABASE // 50 * LENGTH):
        deed = world.deed(rng.choice(names))
        try:
            with world.session.begin_nested():
                _try_on_settlements(world, deed, rng)
        except Refused:
            continue


def _try_on_settlements(world: World, deed: Any, rng: random.Random) -> None:
    some = world.session.scalars(sa.select(Settlement).order_by(Settlement.id)).all()
    if len(some) < 2 or rng.random() < 0.3:
        one = world.organisation(rng.choice(("sending", "sending2")))
        wish = rng.choice((*SettlementOutcome, None))
        settlements.submit_settlement(deed, one, YEAR, wish=wish)
        return
    one = rng.choice(some)
    tries: list[Callable[[], Any]] = [
        lambda: settlements.withdraw_settlement(deed, one),
        *[lambda: settlements.settle(deed, [one], outcome=rng.choice((*SettlementOutcome, None)))]
        * 4,
        lambda: settlements.return_settlement(deed, one, "演示"),
        *[lambda: settlements.send_back(deed, one, deed.today, "演示退1")] * 3,
        *[lambda: settlements.close_settlement(deed, one)] * 3,
        lambda: settlements.reopen_settlement(deed, one, "演示"),
    ]
    rng.choice(tries)()


DRIVERS: dict[str, tuple[Life[Any], type[Any], Callable[[World, random.Random], None]]] = {
    "sample_plan": (PLAN_LIFE, Plan, play_plans),
    "pairing": (PAIRING_LIFE, Pairing, play_pairings),
    "assignment": (ASSIGNMENT_LIFE, Assignment, play_assignments),
    "workday": (WORKDAY_LIFE, Workday, play_workdays),
    "work_year": (WORK_YEAR_LIFE, WorkYear, play_work_years),
    "role_grant": (GRANT_LIFE, RoleGrant, play_grants),
    "fund_allocation": (ALLOCATION_LIFE, FundAllocation, play_money),
    "disbursement": (PAYMENT_LIFE, Disbursement, play_money),
    "expenditure": (SPENDING_LIFE, Expenditure, play_spending),
    "settlement": (SETTLEMENT_LIFE, Settlement, play_settlements),
    "certificate_award": (AWARD_LIFE, CertificateAward, play_awards),
}
"""The lives whose real verbs are played; of the others the declaration is (tests/rules)."""


@pytest.mark.parametrize("name", DRIVERS)
def test_no_history_through_the_verbs_leads_astray(
    world: World, name: str, measured, monkeypatch: pytest.MonkeyPatch
):
    life, model, drive = DRIVERS[name]
    for module in (
        "procedures.queries",
        "activities.actions",
        "disputes.actions",
        "workdays.handing_in_actions",
    ):
        monkeypatch.setattr(f"portal.{module}.within", everywhere)
    drive(world, random.Random(8))
    world.session.flush()
    dialect = world.session.get_bind().dialect.name
    count = world.count(decisions_of(model))
    measured(f"histories of {name} on {dialect}: decisions", str(count))
    assert faults_in_database(world.session, life, model) == Counter()
    assert [one.fault for one in verify(world.session, LEDGER_CHECKS) if one.fault] == []
