"""What a pairing may not do before every province concerned has said yes, and that it may after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from models import (
    Account,
    AuditEvent,
    Pairing,
    PairingYear,
    PairingYearTotal,
    RoleGrant,
    WorkYear,
)
from models.types import NATION, AssignmentState, ImportKind, PairingState, Side
from portal.changes.actions import decline_pairing, terminate_pairing
from portal.confirmations.actions import approve_workdays, confirm_workdays, return_workday
from portal.corrections.actions import correct_workday
from portal.pairings.actions import record_agreement
from portal.pairings.decision_actions import confirm_pairing
from portal.pairings.life_rules import Standing, standing_on
from portal.pairings.standing_queries import stands_as
from portal.pairings.year_actions import lay_pairings
from portal.programme.work_year_queries import find_work_year, standing_of
from portal.refusals import Refusal, Refused, refuse_if
from portal.staffing.actions import approve_assignment, nominate
from portal.workdays.actions import (
    edit_workday,
    give_up_workday,
    log_workday,
    recall_workday,
    submit_workday,
)
from tests.actions.test_pairings import codes_of, kinds, new_two, organisation, pair, places
from tests.support.imports import Row, credit_code_of, id_number, import_rows, workday
from tests.support.unconfirmed import colleague, confirm, unconfirm
from tests.support.workdays import (
    MONDAY,
    approved,
    assert_totals_stand,
    confirmed,
    entry,
    logged,
)
from tests.support.world import World

__all__ = ["new_two"]

TUESDAY = MONDAY + timedelta(1)


# ---- the table of verbs: what is there before, and the deed


def _nothing(_world: World) -> None:
    return None


def _log(world: World, _before: Any, *, submit: bool) -> None:
    log_workday(
        world.deed("sending_staff"),
        pairing=world.pairing(),
        person=world.person("sent1"),
        entry=entry(),
        submit=submit,
    )


def bring_in(
    world: World, kind: ImportKind, rows: Sequence[Row], persona: str | None = None
) -> None:
    """Import rows; raise what is refused of them, by column."""
    checked = import_rows(world, kind, rows, persona=persona)
    refuse_if(Refusal(one.column, one.code, one.message) for one in checked.report.errors)


def _nominee(world: World) -> Any:
    assignment = world.assignment("sent2")
    assignment.state = AssignmentState.NOMINATED
    world.session.flush()
    return assignment


def _import_assignment(world: World, _before: Any) -> None:
    row = {"结对编号": "P1", "身份证件号": id_number("unqualified"), "角色": "援派"}
    bring_in(world, ImportKind.ASSIGNMENTS, [{**row, "开始日期": "2022-03-01"}])


def _import_agreement(world: World, _before: Any) -> None:
    row = {
        "结对编号": "P1",
        "援派机构信用代码": credit_code_of("sending"),
        "受援机构信用代码": credit_code_of("receiving"),
        "受援县代码": "640303",
        "开始日期": "2022-01-01",
        "协议编号": "演示协议更正号",
        "协议签订日期": "2022-01-02",
    }
    bring_in(world, ImportKind.PAIRINGS, [row])


VERBS: dict[str, tuple[Callable[[World], Any], Callable[[World, Any], Any]]] = {
    "approve an assignment": (
        _nominee,
        lambda world, one: approve_assignment(world.deed("sending_province_officer"), one),
    ),
    "have the operator assign somebody at once": (
        _nothing,
        lambda world, _: nominate(
            world.deed(),
            pairing=world.pairing(),
            person=world.person("unqualified"),
            side=Side.SENT,
            starts_on=date(2022, 3, 1),
            ends_on=None,
        ),
    ),
    "log a draft": (_nothing, lambda world, one: _log(world, one, submit=False)),
    "log a day": (_nothing, lambda world, one: _log(world, one, submit=True)),
    "edit a draft": (
        lambda world: logged(world, submit=False),
        lambda world, one: edit_workday(
            world.deed("sending_staff"), one, entry(half_days=1), submit=False
        ),
    ),
    "submit a draft": (
        lambda world: logged(world, submit=False),
        lambda world, one: submit_workday(world.deed("sending_staff"), one),
    ),
    "confirm a day": (
        logged,
        lambda world, one: confirm_workdays(world.deed("sending_manager"), [one]),
    ),
    "approve a day": (
        confirmed,
        lambda world, one: approve_workdays(world.deed("county_officer"), [one]),
    ),
    "correct a day": (
        approved,
        lambda world, one: correct_workday(
            world.deed("sending_staff"), one, entry(half_days=1), "多记了半天"
        ),
    ),
    "record the agreement": (
        _nothing,
        lambda world, _: record_agreement(
            world.deed("province_officer"),
            world.pairing(),
            number="演示协议更正号",
            signed_on=date(2022, 1, 2),
        ),
    ),
    "import the agreement": (_nothing, _import_agreement),
    "import an approved assignment": (_nothing, _import_assignment),
    "import a day": (
        _nothing,
        lambda world, _: bring_in(world, ImportKind.WORKDAYS, [workday("sent2", MONDAY)]),
    ),
}


@pytest.mark.parametrize("verb", VERBS)
def test_an_unconfirmed_pairing_refuses_to_and_a_confirmed_one_does(world: World, verb: str):
    prepare, act = VERBS[verb]
    before = prepare(world)
    unconfirm(world)
    world.session.commit()
    with pytest.raises(Refused) as refused:
        act(world, before)
    assert "not_confirmed" in refusal_codes(refused.value)
    assert "还待受援省民政部门确认结对" in str(refused.value)
    world.session.rollback()
    confirm(world)
    act(world, before)
    assert_totals_stand(world.session)


def refusal_codes(refused: Refused) -> list[str]:
    return [one.code for one in refused.refusals]


def test_people_are_named_ahead_for_a_pairing_that_waits_and_cannot_be_approved(
    world: World, new_two
):
    pairing = pair(world.deed("sending_province_officer"), *new_two)
    person = world.person("sent1")
    person.organisation_id = new_two[0].id
    assignment = nominate(
        world.deed("sending_manager"),
        pairing=pairing,
        person=person,
        side=Side.SENT,
        starts_on=date(2022, 6, 1),
        ends_on=None,
    )
    assert assignment.state == AssignmentState.NOMINATED


def test_what_takes_nothing_into_effect_stays_open(world: World):
    """A day may still be taken back, sent back and given up, whoever has to confirm."""
    waiting, sent_back = logged(world), confirmed(world, day=TUESDAY)
    unconfirm(world)
    recall_workday(world.deed("sending_staff"), waiting)
    give_up_workday(world.deed("sending_staff"), waiting)
    return_workday(world.deed("county_officer"), sent_back, "结对尚未确认")
    assert [one.state.value for one in (waiting, sent_back)] == ["superseded", "returned"]


# ---- the totals know it


def total(world: World) -> PairingYearTotal:
    world.session.expire_all()
    return world.session.get_one(PairingYearTotal, (world.pairing().id, 2022))


def test_days_of_a_former_release_wait_until_the_pairing_is_confirmed(world: World):
    approved(world, "sent1")
    approved(world, "received1")
    before = (total(world).sent_staff, total(world).sent_centidays, total(world).received_centidays)
    unconfirm(world)
    found = total(world)
    assert (found.sent_staff, found.received_staff, found.sent_centidays) == (0, 0, 0)
    assert (found.sent_pending_centidays, found.received_pending_centidays) == (100, 100)
    confirm(world)
    found = total(world)
    assert (found.sent_staff, found.sent_centidays, found.received_centidays) == before
    assert (found.sent_pending_centidays, found.received_pending_centidays) == (0, 0)


# ---- confirming


def test_a_pairing_takes_effect_with_the_second_confirmation(world: World, new_two):
    pairing = pair(world.deed("sending_province_officer"), *new_two)
    assert (pairing.state, pairing.confirmed_at) == (PairingState.PROPOSED, None)
    world.clock.stand_on(date(2022, 11, 23))
    confirm_pairing(world.deed("province_officer"), pairing)
    assert (pairing.state, pairing.confirmed_at) == (PairingState.CONFIRMED, world.clock())


def test_a_pairing_within_a_province_and_one_of_the_operator_take_effect_at_once(world: World):
    deed = world.deed()
    two = organisation(deed, "640104", 77), organisation(deed, "640302", 78)
    others = organisation(deed, "350102", 79), organisation(deed, "640302", 80)
    for pairing in (pair(world.deed("province_officer"), *two), pair(deed, *others)):
        assert (pairing.state, pairing.confirmed_at) == (PairingState.CONFIRMED, world.clock())


def test_a_proposal_takes_the_one_to_one_place_and_gives_it_back(world: World, new_two):
    pairing = pair(world.deed("sending_province_officer"), *new_two)
    assert places(world, pairing) == {(True, True)}
    before = world.count(AuditEvent)
    decline_pairing(world.deed("province_officer"), pairing, "受援机构不同意")
    assert (pairing.state, kinds(world, pairing)[-1]) == (PairingState.DECLINED, "declined")
    assert places(world, pairing) == {(False, False)}
    assert world.count(AuditEvent) == before + 1
    again = pair(world.deed("province_officer"), *new_two)
    assert places(world, again) == {(True, True)}


def test_the_proposing_province_takes_its_proposal_back_with_the_people_named_for_it(
    world: World, new_two
):
    pairing = pair(world.deed("sending_province_officer"), *new_two)
    person = world.person("sent1")
    person.organisation_id = new_two[0].id
    named = nominate(
        world.deed("sending_manager"),
        pairing=pairing,
        person=person,
        side=Side.SENT,
        starts_on=date(2022, 6, 1),
        ends_on=None,
    )
    decline_pairing(world.deed("sending_province_officer"), pairing, "录入有误")
    assert kinds(world, pairing)[-1] == "withdrawn"
    assert named.state == AssignmentState.REJECTED


@pytest.mark.parametrize("verb", [terminate_pairing, decline_pairing])
def test_what_is_in_effect_is_terminated_and_what_is_not_is_declined(
    world: World, new_two, verb: Callable[..., None]
):
    proposed = pair(world.deed("sending_province_officer"), *new_two)
    facts: dict[str, Any] = {"reason": "机构注销"}
    if verb is terminate_pairing:
        facts["last_day"] = date(2022, 10, 31)
    wrong = proposed if verb is terminate_pairing else world.pairing("P1")
    with pytest.raises(Refused) as refused:
        verb(world.deed("province_officer"), wrong, **facts)
    assert refusal_codes(refused.value) == ["wrong_state"]


def test_an_imported_pairing_of_two_provinces_is_a_proposal_and_takes_no_agreement(
    world: World, new_two
):
    row = {
        "结对编号": "X1",
        "援派机构信用代码": new_two[0].credit_code,
        "受援机构信用代码": new_two[1].credit_code,
        "受援县代码": "640302",
        "任务线": "延续",
        "开始日期": "2022-06-01",
    }
    signed = {**row, "协议编号": "演示1号", "协议签订日期": "2022-06-01"}
    with pytest.raises(Refused) as refused:
        bring_in(world, ImportKind.PAIRINGS, [signed], persona="province_officer")
    assert codes_of(refused) == [("协议编号", "not_confirmed")]
    bring_in(world, ImportKind.PAIRINGS, [row], persona="province_officer")
    pairing = world.pairing("X1")
    assert pairing.state == PairingState.PROPOSED
    confirm_pairing(world.deed("sending_province_officer"), pairing)
    bring_in(world, ImportKind.PAIRINGS, [signed], persona="province_officer")
    assert pairing.agreement_number == "演示1号"


# ---- how pairings stand, as one asks it of all


def test_the_filter_and_the_rule_say_the_same_of_every_pairing_on_every_day(world: World):
    today = world.clock().date()
    spans = [(-20, -10), (-10, 0), (-5, 5), (0, 0), (0, 10), (1, 10), (-10, -1)]
    sending, receiving = world.organisation("sending2"), world.organisation("receiving")
    for number, (first, last) in enumerate(spans):
        for state in PairingState:
            world.session.add(
                Pairing(
                    code=f"S{number}{state.value}",
                    sending_organisation_id=sending.id,
                    receiving_organisation_id=receiving.id,
                    sending_province_code="350000",
                    receiving_province_code="640000",
                    county_code="640303",
                    mode=world.pairing().mode,
                    line=world.pairing().line,
                    starts_on=today + timedelta(first),
                    ends_on=today + timedelta(last),
                    state=state,
                    confirmed_at=world.clock() if state == PairingState.CONFIRMED else None,
                    created_at=world.clock(),
                )
            )
    world.session.flush()
    everything = world.session.scalars(sa.select(Pairing)).all()
    seen = set()
    for standing in Standing:
        found = world.session.scalars(sa.select(Pairing.code).where(stands_as(standing, today)))
        wanted = {
            one.code
            for one in everything
            if standing_on(today, one.state, one.starts_on, one.ends_on) == standing
        }
        assert set(found) == wanted
        seen |= wanted
    assert seen == {one.code for one in everything}


def test_one_person_with_roles_in_both_provinces_speaks_for_one_of_them(world: World, new_two):
    login = colleague(world, "officer_of_both", "350000")
    held = world.session.scalars(
        sa.select(RoleGrant)
        .join(Account, Account.id == RoleGrant.account_id)
        .where(Account.login == login)
    ).one()
    names = [column.key for column in RoleGrant.__table__.columns if column.key != "id"]
    values = {name: getattr(held, name) for name in names}
    world.session.add(RoleGrant(**{**values, "scope_code": "640000"}))
    world.session.flush()
    pairing = pair(world.deed(login), *new_two)
    assert (pairing.state, kinds(world, pairing)[1:]) == (
        PairingState.PROPOSED,
        ["confirmed_by_sending_side"],
    )
    with pytest.raises(Refused) as refused:
        confirm_pairing(world.deed(login), pairing)
    assert refusal_codes(refused.value) == ["own_entry"]


def test_a_year_that_opens_later_holds_no_pairing_that_came_to_nothing(world: World):
    """P1 waits for its second province and is laid; P2 was declined and is not."""
    unconfirm(world)
    declined = world.pairing("P2")
    declined.state, declined.confirmed_at = PairingState.DECLINED, None
    for model in (PairingYearTotal, PairingYear):
        world.session.execute(sa.delete(model).where(model.year == 2025))
    work_year = world.session.scalars(
        sa.select(WorkYear).where(WorkYear.year == 2025, WorkYear.region_code == "CN")
    ).one()
    lay_pairings(world.deed(), work_year)
    laid = sa.select(Pairing.code).join(PairingYear, PairingYear.pairing_id == Pairing.id)
    found = world.session.scalars(laid.where(PairingYear.year == 2025).order_by(Pairing.code))
    assert found.all() == ["P1", "P3"]


def test_the_preview_of_closing_a_year_counts_confirmed_pairings_only(world: World) -> None:
    work_year = find_work_year(world.session, 2022, NATION)
    assert work_year is not None
    before = standing_of(world.session, work_year).pairings
    unconfirm(world)
    assert standing_of(world.session, work_year).pairings == before - 1
