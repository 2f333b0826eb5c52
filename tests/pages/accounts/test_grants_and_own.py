"""Many grants confirmed at once, scopes found while somebody types, the own account."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import Account, AuditEvent, RoleGrant
from models.types import GrantState, Role
from portal.accounts.actions import propose_grant
from tests.support.portal import Pages
from tests.support.world import World

HOLDERS = ("county_officer", "other_county_officer", "province_officer")


@pytest.fixture
def proposed(world: World) -> list[RoleGrant]:
    deed = world.deed("system_administrator")
    return [
        propose_grant(deed, account, Role.NAT_RURAL, "CN")
        for account in world.session.scalars(
            sa.select(Account).where(Account.login.in_(HOLDERS)).order_by(Account.login)
        )
    ]


def states(world: World, grants: list[RoleGrant]) -> set[GrantState]:
    world.session.expire_all()
    return {grant.state for grant in grants}


def test_all_that_wait_are_confirmed_by_one_click(pages: Pages, world: World, proposed):
    page = pages("security_administrator").get("/accounts/grants")
    assert [row["登录名"] for row in page.table_rows("待确认的授权")] == sorted(HOLDERS)
    chosen = [box["value"] for box in page.find_all("input[name=chosen]")]
    page = page.submit("#grants", button="确认所选", chosen=chosen, follow=True)
    assert page.messages == ["已确认 3 项授权，即时生效。"]
    assert "没有待确认的授权" in page.text
    assert states(world, proposed) == {GrantState.CONFIRMED}
    # The audit is asked by account: each says that its rights rose.
    confirmed = sa.select(AuditEvent.subject).where(AuditEvent.event == "grant.confirmed")
    opened = sa.select(Account.public_id).where(Account.login.in_(HOLDERS))
    accounts = {f"account:{one}" for one in world.session.scalars(opened)}
    assert accounts == set(world.session.scalars(confirmed))


def test_one_that_changed_meanwhile_keeps_all(pages: Pages, world: World, proposed):
    client = pages("security_administrator")
    chosen = [f"{proposed[0].id}-{proposed[0].version}", f"{proposed[1].id}-7"]
    client.post("/accounts/grants/confirmation", {"chosen": chosen}, 409)
    assert states(world, proposed) == {GrantState.PROPOSED}


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_nobody_confirms_for_themselves_nor_what_does_not_wait(pages: Pages, proposed):
    token = f"{proposed[0].id}-{proposed[0].version}"
    for persona in ("system_administrator", "county_officer"):
        pages(persona).post("/accounts/grants/confirmation", {"chosen": token}, 403)
    client = pages("security_administrator")
    client.post("/accounts/grants/confirmation", {"chosen": "99999-1"}, 404)


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
@pytest.mark.parametrize("odd", ["²-1", f"{'9' * 30}-1", "x-1", "-1"])
def test_what_is_no_grant_chooses_nothing(pages: Pages, proposed, odd):
    client = pages("security_administrator")
    page = client.post("/accounts/grants/confirmation", {"chosen": odd}, 409)
    assert "请先勾选要确认的授权" in page.text


# ---- scopes ----


def options(pages: Pages, text: str) -> list[str]:
    client = pages("system_administrator")
    page = client.get(f"/accounts/scopes?scope_code={text}", fragment=True)
    return [one["value"] for one in page.find_all("option")]


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
@pytest.mark.parametrize("text", ["红寺堡区", "红寺", "红寺 吴忠"])
def test_a_region_is_offered_by_part_of_its_name(pages: Pages, text):
    found = options(pages, text)
    assert ("吴忠市红寺堡区 640303" in found) == (text != "红寺 吴忠")


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_an_organisation_is_offered_too_and_nothing_for_nothing(pages: Pages, world: World):
    name, code = world.organisation("sending").name, world.organisation("sending").credit_code
    assert options(pages, "福州市演示甲") == [f"{name} {code}"]
    assert options(pages, "") == []


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
@pytest.mark.parametrize("typed", ["红寺堡", "吴忠市红寺堡区 640303"])
def test_a_part_or_an_offered_line_is_enough(pages: Pages, world: World, typed):
    fields = {"login": "new.one", "name": "演示新人", "role": "county_civil"}
    pages("system_administrator").get("/accounts/new").submit(
        expect=200, scope_code=typed, **fields
    )
    grant = world.session.scalars(sa.select(RoleGrant).order_by(RoleGrant.id.desc())).first()
    assert grant.scope_code == "640303"


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_a_part_of_several_names_is_asked_about(pages: Pages):
    fields = {"login": "new.one", "name": "演示新人", "role": "county_civil"}
    page = pages("system_administrator").get("/accounts/new")
    page = page.submit(expect=200, scope_code="演示甲", **{**fields, "role": "recv_mgr"})
    assert "有 2 处名称相近" in page.errors[0]


# ---- the own account ----


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_says_who_one_is_and_what_one_may_do(pages: Pages, world: World):
    page = pages("sending_staff").get("/me")
    assert "演示甲一" in page.text
    assert f"{Role.SEND_STAFF.label} · {world.organisation('sending').name}" in page.text
    assert "填报和更正工作日志" in page.text
    assert ("修改密码", "/password") in page.links()
    assert [row["状态"] for row in page.table_rows("最近的登录")] == ["本次登录"]


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_administrators_have_one_too(pages: Pages):
    assert "确认授权、解锁和强制下线" in pages("security_administrator").get("/me").text
