"""Making, confirming, signing and ending pairings."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from models import (
    Assignment,
    AssignmentDecision,
    AuditEvent,
    Organisation,
    Pairing,
    PairingDecision,
    PairingYear,
    PairingYearTotal,
    WorkYear,
)
from models.types import AssignmentState, Line, Mode, PairingState, Task, WorkMode
from portal.changes.actions import terminate_pairing
from portal.compliance.rules import codes_in
from portal.deeds import Deed
from portal.organisations.actions import register_organisation
from portal.pairings.actions import create_pairing, record_agreement
from portal.pairings.decision_actions import confirm_pairing
from portal.pairings.queries import termination_effect
from portal.refusals import Conflict, Refused
from portal.workdays.actions import log_workday
from portal.workdays.rules import Entry
from tests.support.world import World, organisation_facts


def organisation(deed: Deed, seat: str, serial: int) -> Organisation:
    return register_organisation(
        deed, organisation_facts("52", seat, serial, f"演示新机构{serial}")
    )


def pair(deed: Deed, sending: Organisation, receiving: Organisation, **facts: Any) -> Pairing:
    return create_pairing(
        deed,
        **{
            "code": None,
            "sending": sending,
            "receiving": receiving,
            "county_code": receiving.region_code,
            "line": Line.CONTINUATION,
            "starts_on": date(2022, 6, 1),
            "ends_on": date(2023, 12, 31),
            **facts,
        },
    )


@pytest.fixture
def new_two(world: World) -> tuple[Organisation, Organisation]:
    """A Fujian and a Ningxia organisation that no pairing holds."""
    deed = world.deed()
    return organisation(deed, "350102", 71), organisation(deed, "640302", 72)


def kinds(world: World, pairing: Pairing) -> list[str]:
    return list(
        world.session.scalars(
            sa.select(PairingDecision.kind)
            .where(PairingDecision.pairing_id == pairing.id)
            .order_by(PairingDecision.id)
        )
    )


def codes_of(refused: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in refused.value.refusals]


def test_a_new_pairing_stands_in_each_year_it_touches(world: World, new_two):
    before = world.count(AuditEvent)
    pairing = pair(world.deed("sending_province_officer"), *new_two)
    assert pairing.mode == Mode.CROSS_PROVINCE
    years = sa.select(PairingYear.year).where(PairingYear.pairing_id == pairing.id)
    assert world.session.scalars(years.order_by(PairingYear.year)).all() == [2022, 2023]
    totals = sa.select(PairingYearTotal.year).where(PairingYearTotal.pairing_id == pairing.id)
    assert set(world.session.scalars(totals)) == {2022, 2023}
    assert world.count(AuditEvent) == before + 1


def test_without_an_end_it_runs_to_the_end_of_the_programme(world: World, new_two):
    assert pair(world.deed(), *new_two, ends_on=None).ends_on == date(2025, 12, 31)


def test_without_a_code_it_gets_the_next_free_one(world: World, new_two):
    first = pair(world.deed(), *new_two)
    other = organisation(world.deed(), "350102", 73), organisation(world.deed(), "640302", 74)
    second = pair(world.deed(), *other)
    assert [first.code, second.code] == ["2022-640302-01", "2022-640302-02"]


def test_refuses_a_code_in_use_and_says_so_beside_the_field(world: World, new_two):
    with pytest.raises(Refused) as refused:
        pair(world.deed(), *new_two, code="P1")
    assert codes_of(refused) == [("code", "duplicate")]


def test_refuses_an_unknown_county(world: World, new_two):
    with pytest.raises(Refused) as refused:
        pair(world.deed(), *new_two, county_code="649999")
    assert codes_of(refused) == [("county", "unknown_region")]


@pytest.mark.parametrize("persona", ["other_province_officer", "county_officer", "sending_manager"])
def test_only_a_province_of_either_side_makes_a_pairing(world: World, new_two, persona):
    with pytest.raises(Refused) as refused:
        pair(world.deed(persona), *new_two)
    assert codes_of(refused) == [("", "outside_scope")]


def test_refuses_a_second_partner_on_either_side(world: World, new_two):
    sending, receiving = new_two
    for two, field in (
        ((world.organisation("sending"), receiving), "sending"),
        ((sending, world.organisation("receiving")), "receiving"),
    ):
        with pytest.raises(Refused) as refused:
            pair(world.deed("province_officer"), *two)
        assert codes_of(refused) == [(field, "not_one_to_one")]


def test_the_operator_records_an_exception_and_the_place_of_that_side_stays_free(
    world: World, new_two
):
    pairing = pair(
        world.deed(),
        world.organisation("sending"),
        new_two[1],
        exception_reason=" 省厅〔2022〕5号同意 ",
    )
    decision = world.session.scalars(
        sa.select(PairingDecision).where(
            PairingDecision.pairing_id == pairing.id, PairingDecision.kind == "exempted"
        )
    ).one()
    assert decision.reason == "省厅〔2022〕5号同意"
    assert pairing.state == PairingState.CONFIRMED
    assert places(world, pairing) == {(False, True)}


def places(world: World, pairing: Pairing) -> set[tuple[bool, bool]]:
    """Return which places a pairing takes in its years: the sending one, the receiving one."""
    rows = world.session.scalars(
        sa.select(PairingYear).where(PairingYear.pairing_id == pairing.id)
    ).all()
    return {(row.occupies_sending, row.occupies_receiving) for row in rows}


def test_an_organisation_that_receives_in_one_pairing_sends_in_another(world: World):
    first = world.pairing("P1")
    both = world.session.get_one(Organisation, first.receiving_organisation_id)
    partner = organisation(world.deed(), "640302", 75)
    second = pair(world.deed("province_officer"), both, partner)
    assert second.sending_organisation_id == first.receiving_organisation_id
    assert (second.mode, second.state) == (Mode.IN_PROVINCE, PairingState.CONFIRMED)
    assert places(world, first) == places(world, second) == {(True, True)}


def test_a_third_partner_needs_an_exception_too(world: World, new_two):
    sending, receiving = new_two
    first = pair(world.deed(), sending, receiving, ends_on=date(2022, 12, 31))
    pair(world.deed(), sending, organisation(world.deed(), "640302", 75), exception_reason="同意")
    terminate_pairing(world.deed(), first, last_day=date(2022, 10, 1), reason="机构注销")
    with pytest.raises(Refused) as refused:
        pair(world.deed("province_officer"), sending, organisation(world.deed(), "640302", 76))
    assert codes_of(refused) == [("sending", "not_one_to_one")]


def test_refuses_a_closed_year(world: World, new_two):
    world.session.execute(
        sa.update(WorkYear)
        .where(WorkYear.year == 2022)
        .values(closed_at=world.clock(), closed_reason="已归档")
    )
    with pytest.raises(Refused) as refused:
        pair(world.deed(), *new_two)
    assert codes_of(refused) == [("starts_on", "closed_year")]


# ---- both provinces act jointly


def test_the_proposing_province_confirms_its_side_and_the_other_the_rest(world: World, new_two):
    pairing = pair(world.deed("sending_province_officer"), *new_two)
    assert kinds(world, pairing) == ["created", "confirmed_by_sending_side"]
    before = world.count(AuditEvent)
    confirm_pairing(world.deed("province_officer"), pairing)
    assert kinds(world, pairing)[2:] == ["confirmed_by_receiving_side", "took_effect"]
    assert world.count(AuditEvent) == before + 1
    with pytest.raises(Refused) as refused:
        confirm_pairing(world.deed("province_officer"), pairing)
    assert codes_of(refused) == [("", "wrong_state")]


def test_the_proposing_province_cannot_confirm_for_the_other(world: World, new_two):
    pairing = pair(world.deed("sending_province_officer"), *new_two)
    with pytest.raises(Refused) as refused:
        confirm_pairing(world.deed("sending_province_officer"), pairing)
    assert codes_of(refused) == [("", "own_entry"), ("", "outside_scope")]


def test_a_pairing_within_a_province_waits_for_nobody(world: World):
    deed = world.deed()
    two = organisation(deed, "640104", 77), organisation(deed, "640302", 78)
    pairing = pair(world.deed("province_officer"), *two)
    with pytest.raises(Refused) as refused:
        confirm_pairing(world.deed("province_officer"), pairing)
    assert codes_of(refused) == [("", "wrong_state")]


# ---- the agreement


def test_recording_the_agreement_mends_the_finding(world: World):
    pairing = world.pairing("P2")
    total = world.session.get_one(PairingYearTotal, (pairing.id, 2022))
    assert "no_agreement" in codes_in(total.findings)
    before = world.count(AuditEvent)
    record_agreement(
        world.deed("province_officer"), pairing, number="协议2号", signed_on=date(2022, 2, 1)
    )
    world.session.refresh(total)
    assert "no_agreement" not in codes_in(total.findings)
    assert (pairing.agreement_number, pairing.agreement_signed_on) == ("协议2号", date(2022, 2, 1))
    assert kinds(world, pairing)[-1] == "agreement_recorded"
    assert world.count(AuditEvent) == before + 1


def test_refuses_an_agreement_of_tomorrow(world: World):
    with pytest.raises(Refused) as refused:
        record_agreement(
            world.deed(), world.pairing("P2"), number="1号", signed_on=date(2022, 11, 22)
        )
    assert codes_of(refused) == [("signed_on", "future_date")]


def test_the_second_of_two_officers_learns_that_the_first_was_faster(world: World):
    pairing = world.pairing("P2")
    version = pairing.version
    record_agreement(
        world.deed(), pairing, number="1号", signed_on=date(2022, 2, 1), version=version
    )
    with pytest.raises(Conflict):
        terminate_pairing(
            world.deed(), pairing, last_day=date(2022, 6, 30), reason="注销", version=version
        )


# ---- the end


def test_a_terminated_pairing_leaves_the_later_years_and_frees_its_last(world: World, new_two):
    pairing = world.pairing("P1")
    deed = world.deed("province_officer")
    before = world.count(AuditEvent)
    terminate_pairing(deed, pairing, last_day=date(2022, 10, 31), reason="受援机构注销")
    assert (pairing.state, pairing.ends_on) == (PairingState.TERMINATED, date(2022, 10, 31))
    assert world.count(AuditEvent) == before + 1
    rows = world.session.scalars(
        sa.select(PairingYear).where(PairingYear.pairing_id == pairing.id)
    ).all()
    assert [(row.year, row.occupies_sending, row.occupies_receiving) for row in rows] == [
        (2022, False, False)
    ]
    totals = sa.select(PairingYearTotal.year).where(PairingYearTotal.pairing_id == pairing.id)
    assert world.session.scalars(totals).all() == [2022]
    assert pair(deed, world.organisation("sending"), new_two[1]).code == "2022-640302-01"


def test_the_assignments_end_with_it_and_say_why(world: World):
    pairing = world.pairing("P1")
    later = world.assignment("sent2")
    later.starts_on = date(2022, 12, 1)
    terminate_pairing(
        world.deed("province_officer"), pairing, last_day=date(2022, 10, 31), reason="注销"
    )
    assert world.assignment("sent1").ends_on == date(2022, 10, 31)
    assert world.assignment("sent1").state == AssignmentState.APPROVED
    assert later.state == AssignmentState.REJECTED
    decisions = world.session.scalars(
        sa.select(AssignmentDecision).where(
            AssignmentDecision.kind.in_(["pairing_terminated", "never_began"])
        )
    ).all()
    assert len(decisions) == 5
    assert [one.assignment_id for one in decisions if one.kind == "never_began"] == [later.id]
    assert {one.reason for one in decisions} == {"结对 P1 终止"}


def test_a_working_day_after_the_last_day_stands_in_the_way(world: World):
    pairing = world.pairing("P1")
    entry = Entry(date(2022, 11, 1), 2, WorkMode.ONSITE, Task.T1, None, "督导", None)
    log_workday(
        world.deed("sending_staff"),
        pairing=pairing,
        person=world.person("sent1"),
        entry=entry,
        submit=True,
    )
    with pytest.raises(Refused) as refused:
        terminate_pairing(world.deed(), pairing, last_day=date(2022, 10, 31), reason="注销")
    assert codes_of(refused) == [("last_day", "overlap")]
    assert "2022-11-01" in refused.value.refusals[0].sentence


def test_it_does_not_leave_a_closed_year(world: World):
    world.session.execute(
        sa.update(WorkYear)
        .where(WorkYear.year == 2023)
        .values(closed_at=world.clock(), closed_reason="已归档")
    )
    with pytest.raises(Refused) as refused:
        terminate_pairing(
            world.deed(), world.pairing("P1"), last_day=date(2022, 12, 31), reason="注销"
        )
    assert codes_of(refused) == [("last_day", "closed_year")]


def test_ends_once(world: World):
    pairing = world.pairing("P1")
    terminate_pairing(world.deed(), pairing, last_day=date(2022, 10, 31), reason="注销")
    with pytest.raises(Refused) as refused:
        terminate_pairing(world.deed(), pairing, last_day=date(2022, 9, 30), reason="注销")
    assert codes_of(refused) == [("", "wrong_state")]


def test_the_effect_is_known_before(world: World):
    world.assignment("sent2").starts_on = date(2022, 12, 1)
    world.session.flush()
    effect = termination_effect(world.session, world.pairing("P1"), date(2022, 10, 31))
    assert effect.years_left == (2023, 2024, 2025)
    assert effect.year_freed == 2022
    assert (effect.shortened, effect.never_begun, effect.later_workdays) == (4, 1, 0)
    assert world.session.scalar(sa.select(sa.func.max(Assignment.ends_on))) == date(
        2025, 12, 31
    )  # nothing was changed by asking
