"""Putting a map up and taking it down: the row, and exactly one audit event."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from models import ApprovedMap, AuditEvent
from portal.maps.actions import upload_map, withdraw_map
from portal.refusals import Conflict, Refused
from tests.support.maps import NUMBER, map_file
from tests.support.world import World


def put_up(world: World, number: str = NUMBER) -> ApprovedMap:
    deed = world.deed("system_administrator")
    return upload_map(deed, approval_number=number, file_name="a.json", content=map_file())


def events(world: World) -> list[AuditEvent]:
    wanted = sa.select(AuditEvent).where(AuditEvent.event.startswith("map."))
    return list(world.session.scalars(wanted.order_by(AuditEvent.id)))


def test_notes_who_put_up_which_map(world: World) -> None:
    found = put_up(world)
    (event,) = events(world)
    assert (event.event, event.actor) == ("map.uploaded", "system_administrator")
    assert event.subject == f"map:{found.public_id}"
    facts = json.loads(event.facts)
    assert facts["approval_number"] == NUMBER
    assert facts["sha256"] == found.file_hash.hex()


def test_notes_who_took_it_down(world: World) -> None:
    found = put_up(world)
    withdraw_map(world.deed("system_administrator"), found)
    assert found.withdrawn_at is not None
    assert not found.is_standing
    assert [event.event for event in events(world)] == ["map.uploaded", "map.withdrawn"]


def test_a_second_map_waits_for_the_first_to_be_taken_down(world: World) -> None:
    put_up(world)
    with pytest.raises(Refused, match="请先撤下再上传"):
        put_up(world, "GS（2025）0001号")
    assert world.count(ApprovedMap) == 1


def test_a_map_is_taken_down_once(world: World) -> None:
    found = put_up(world)
    withdraw_map(world.deed("system_administrator"), found)
    with pytest.raises(Conflict, match="已经撤下"):
        withdraw_map(world.deed("system_administrator"), found)
    assert len(events(world)) == 2


def test_the_database_knows_one_standing_map(world: World) -> None:
    found = put_up(world)
    world.session.flush()
    second = sa.insert(ApprovedMap).values(
        public_id="another",
        approval_number=NUMBER,
        file_name="b.json",
        file_hash=b"0" * 32,
        geojson="{}",
        uploaded_at=found.uploaded_at,
        uploaded_by_account_id=found.uploaded_by_account_id,
        is_standing=True,
    )
    with pytest.raises(sa.exc.IntegrityError):
        world.session.execute(second)
