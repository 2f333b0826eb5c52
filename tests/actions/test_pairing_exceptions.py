"""A second partner is asked for, and somebody else of the province of that side grants it (二(一), B14)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from models import AuditEvent, Pairing
from models.types import ImportKind, PairingState, Side
from portal.changes.actions import decide_on_exception
from portal.pairings.actions import record_agreement
from portal.pairings.decision_actions import confirm_pairing
from portal.pairings.queries import partners
from portal.refusals import Refused
from tests.actions.test_life_of_a_pairing import bring_in, refusal_codes
from tests.actions.test_pairings import kinds, new_two, organisation, pair, places
from tests.support.imports import credit_code_of
from tests.support.unconfirmed import colleague
from tests.support.world import World

__all__ = ["new_two"]


def second_partner(
    world: World, new_two: Any, persona: str = "sending_province_officer"
) -> Pairing:
    """Ask for a second partner of P1's sending organisation."""
    return pair(
        world.deed(persona), world.organisation("sending"), new_two[1], exception_reason="力量充足"
    )


def test_an_exception_is_a_request_that_takes_no_place_and_lets_nothing_happen(
    world: World, new_two
):
    pairing = second_partner(world, new_two)
    confirm_pairing(world.deed("province_officer"), pairing)
    assert pairing.state == PairingState.PROPOSED
    assert places(world, pairing) == {(False, False)}
    assert partners(world.session, new_two[1].id, [2022], "receiving") == {}
    with pytest.raises(Refused) as refused:
        record_agreement(
            world.deed("province_officer"), pairing, number="1号", signed_on=date(2022, 6, 1)
        )
    assert "批准一对一例外" in refused.value.refusals[0].sentence


def test_one_officer_cannot_lift_one_to_one_for_another_provinces_organisation(
    world: World, new_two
):
    """宁夏's officer asks for a second partner of a 福建 organisation: only 福建 can grant it."""
    pairing = second_partner(world, new_two, "province_officer")
    another = colleague(world, "other_ningxia", "640000")
    for persona in ("province_officer", another):
        with pytest.raises(Refused) as refused:
            decide_on_exception(
                world.deed(persona), pairing, Side.SENT, is_granted=True, opinion=""
            )
        assert "outside_scope" in refusal_codes(refused.value)
    decide_on_exception(
        world.deed("sending_province_officer"), pairing, Side.SENT, is_granted=True, opinion=""
    )
    assert pairing.state == PairingState.PROPOSED
    confirm_pairing(world.deed("sending_province_officer"), pairing)
    assert pairing.state == PairingState.CONFIRMED


def test_nobody_grants_the_exception_that_they_asked_for(world: World, new_two):
    pairing = second_partner(world, new_two)
    with pytest.raises(Refused) as refused:
        decide_on_exception(
            world.deed("sending_province_officer"), pairing, Side.SENT, is_granted=True, opinion=""
        )
    assert refusal_codes(refused.value) == ["own_entry"]


def test_a_granted_exception_takes_the_place_of_the_other_side_only(world: World, new_two):
    pairing = second_partner(world, new_two)
    confirm_pairing(world.deed("province_officer"), pairing)
    before = world.count(AuditEvent)
    decide_on_exception(
        world.deed(colleague(world, "other_fujian", "350000")),
        pairing,
        Side.SENT,
        is_granted=True,
        opinion="省厅〔2022〕5号",
    )
    assert world.count(AuditEvent) > before
    assert (pairing.state, places(world, pairing)) == (PairingState.CONFIRMED, {(False, True)})
    assert kinds(world, pairing)[-2:] == ["excepted", "took_effect"]


def test_a_refused_exception_ends_the_proposal(world: World, new_two):
    pairing = second_partner(world, new_two)
    other = world.deed(colleague(world, "other_fujian", "350000"))
    with pytest.raises(Refused) as refused:
        decide_on_exception(other, pairing, Side.SENT, is_granted=False, opinion=" ")
    assert refusal_codes(refused.value) == ["missing_value"]
    decide_on_exception(other, pairing, Side.SENT, is_granted=False, opinion="力量不足")
    assert pairing.state == PairingState.DECLINED
    with pytest.raises(Refused) as refused:
        confirm_pairing(world.deed("province_officer"), pairing)
    assert refusal_codes(refused.value) == ["wrong_state"]


def test_each_side_whose_place_is_taken_needs_its_own_province(world: World):
    pairing = pair(
        world.deed("sending_province_officer"),
        world.organisation("sending"),
        world.organisation("receiving2"),
        exception_reason="两家都有余力",
    )
    decide_on_exception(
        world.deed(colleague(world, "other_fujian", "350000")),
        pairing,
        Side.SENT,
        is_granted=True,
        opinion="",
    )
    confirm_pairing(world.deed("province_officer"), pairing)
    assert pairing.state == PairingState.PROPOSED
    decide_on_exception(
        world.deed("province_officer"), pairing, Side.RECEIVED, is_granted=True, opinion=""
    )
    assert (pairing.state, places(world, pairing)) == (PairingState.CONFIRMED, {(False, False)})


def test_a_place_taken_while_an_exception_waited_is_not_taken_twice(world: World, new_two):
    pairing = second_partner(world, new_two)
    confirm_pairing(world.deed("province_officer"), pairing)
    pair(world.deed(), organisation(world.deed(), "350102", 81), new_two[1])
    with pytest.raises(Refused) as refused:
        decide_on_exception(
            world.deed(colleague(world, "other_fujian", "350000")),
            pairing,
            Side.SENT,
            is_granted=True,
            opinion="",
        )
    assert refusal_codes(refused.value) == ["not_one_to_one"]


def test_an_import_lifts_no_one_to_one(world: World, new_two):
    row = {
        "结对编号": "X1",
        "援派机构信用代码": credit_code_of("sending"),
        "受援机构信用代码": new_two[1].credit_code,
        "受援县代码": "640302",
        "任务线": "延续",
        "开始日期": "2022-06-01",
    }
    for persona in ("sending_province_officer", None):
        with pytest.raises(Refused) as refused:
            bring_in(world, ImportKind.PAIRINGS, [row], persona=persona)
        assert refusal_codes(refused.value) == ["not_one_to_one"]
