"""Saving and deleting views: the row and one audit event."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import AuditEvent, SavedView
from models.types import Role
from portal.refusals import Refused
from portal.saved_views.actions import delete_view, save_view
from portal.saved_views.queries import list_views
from portal.saved_views.rules import MAX_VIEWS, Draft
from tests.support.world import World

PAIRINGS = "pairings.list_pairings"
DRAFT = Draft(PAIRINGS, "未达标", "compliant=no")


def events(world: World) -> list[str]:
    return list(world.session.scalars(sa.select(AuditEvent.event).order_by(AuditEvent.id)))


def test_keeps_a_view_and_records_it_once(world: World) -> None:
    before = len(events(world))
    view = save_view(world.deed("province_officer"), DRAFT)
    assert (view.page, view.name, view.query) == tuple(DRAFT[:3])
    assert view.shared_with is None
    assert events(world)[before:] == ["saved_view.saved"]


def test_the_same_name_is_refused_and_replaced_if_that_is_meant(world: World) -> None:
    deed = world.deed("province_officer")
    first = save_view(deed, DRAFT)
    with pytest.raises(Refused, match="替换同名视图"):
        save_view(deed, DRAFT._replace(query="state=active"))
    second = save_view(deed, DRAFT._replace(query="state=active"), replace=True)
    assert second.id == first.id
    assert second.query == "state=active"
    assert world.count(SavedView) == 1


def test_another_account_and_another_page_have_names_of_their_own(world: World) -> None:
    save_view(world.deed("province_officer"), DRAFT)
    save_view(world.deed("county_officer"), DRAFT)
    save_view(
        world.deed("province_officer"), DRAFT._replace(page="people.list_people", query="q=x")
    )
    assert world.count(SavedView) == 3


def test_keeps_twenty_a_page(world: World) -> None:
    deed = world.deed("province_officer")
    for number in range(MAX_VIEWS):
        save_view(deed, DRAFT._replace(name=f"视图{number}"))
    with pytest.raises(Refused, match="最多保存 20 个视图"):
        save_view(deed, DRAFT)
    save_view(deed, DRAFT._replace(name="视图3", query="state=active"), replace=True)
    save_view(deed, DRAFT._replace(page="people.list_people", query="q=x"))


def test_keeps_no_view_of_a_page_that_the_actor_may_not_open(world: World) -> None:
    with pytest.raises(Refused, match="不能保存视图"):
        save_view(
            world.deed("county_rural_officer"),
            DRAFT._replace(page="people.list_people", query="q=x"),
        )


def test_shares_with_an_own_role_only(world: World) -> None:
    with pytest.raises(Refused, match="自己的角色"):
        save_view(world.deed("province_officer"), DRAFT._replace(shared_with=Role.COUNTY_CIVIL))


def test_deletes_a_view_and_records_it_once(world: World) -> None:
    deed = world.deed("province_officer")
    view = save_view(deed, DRAFT)
    before = len(events(world))
    delete_view(deed, view)
    assert world.count(SavedView) == 0
    assert events(world)[before:] == ["saved_view.deleted"]


def shared_with(world: World, persona: str) -> list[str]:
    return [row.name for row in list_views(world.session, world.actor(persona), PAIRINGS)]


def test_a_shared_view_is_seen_by_the_role_in_the_same_scope(world: World) -> None:
    save_view(world.deed("province_officer"), DRAFT._replace(shared_with=Role.PROV_CIVIL))
    assert shared_with(world, "province_officer") == ["未达标"]
    for persona in ("sending_province_officer", "province_rural_officer", "county_officer"):
        assert shared_with(world, persona) == []
    colleague = world.actor("sending_province_officer")
    own = world.actor("province_officer")
    seen = list_views(
        world.session,
        colleague.__class__(colleague.account_id, colleague.person_id, "x", "x", own.grants),
        PAIRINGS,
    )
    assert [(row.name, row.owner) for row in seen] == [("未达标", own.name)]


def test_a_view_that_is_not_shared_is_seen_by_its_owner_alone(world: World) -> None:
    save_view(world.deed("province_officer"), DRAFT)
    own = world.actor("province_officer")
    other = world.actor("sending_province_officer")
    seen = list_views(
        world.session,
        other.__class__(other.account_id, other.person_id, "x", "x", own.grants),
        PAIRINGS,
    )
    assert seen == []
