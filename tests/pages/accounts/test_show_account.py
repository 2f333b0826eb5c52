"""One account: its grants, its sessions, and what each administrator may do."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import Account, Person, RoleGrant, WebSession
from models.types import Role
from portal.access import actions


def account(world, login="county_officer") -> Account:
    return world.session.scalars(sa.select(Account).where(Account.login == login)).one()


def url(world, login="county_officer", rest="") -> str:
    return f"/accounts/{account(world, login).public_id}{rest}"


def buttons(page) -> set[str]:
    return {button.text for button in page.find_all("main form button")}


def proposed(world, login="county_officer") -> RoleGrant:
    deed = world.deed("system_administrator")
    return actions.propose_grant(deed, account(world, login), Role.COUNTY_CIVIL, "640324")


def test_shows_grants_sessions_and_the_other_accounts(pages, world):
    world.token("county_officer")
    other = account(world, "county_rural_officer")
    other.person_id = account(world).person_id
    page = pages("security_administrator").get(url(world))
    assert page.h1.startswith("county_officer")
    assert page.table_rows("授权")[0]["角色"] == "县级民政（社会工作）部门"
    row = page.table_rows("最近的登录")[0]
    assert (row["网络地址"], row["办理"]) == ("127.0.0.1", "结束")
    # Who ends no sign-in has no column for it.
    page_of_other = pages("system_administrator").get(url(world))
    assert "办理" not in page_of_other.table_rows("最近的登录")[0]
    assert "county_rural_officer" in page.text


def test_what_each_administrator_may_do(pages, world):
    world.token("county_officer")
    proposed(world)
    account(world).locked_until = world.clock().replace(year=2023)
    page = pages("system_administrator").get(url(world))
    assert buttons(page) == {"撤回", "停用账号"}
    page = pages("security_administrator").get(url(world))
    assert buttons(page) == {
        "解锁",
        "确认",
        "不予确认",
        "撤销",
        "结束",
        "结束全部登录",
        "重置密码",
    }


class TestGrants:
    def test_is_proposed_by_one_and_confirmed_by_another(self, pages, world):
        page = pages("system_administrator").get(url(world)).click("提出授权")
        page = page.submit(role="pref_civil", scope_code="吴忠市", follow=True)
        assert page.messages == ["授权已提出，待安全管理员确认后生效。"]
        assert len(world.actor("county_officer").grants) == 1
        page = pages("security_administrator").get(url(world))
        page = page.submit("form[action$=confirmation]", follow=True)
        assert page.messages == ["授权已确认，即时生效。"]
        assert world.actor("county_officer").roles == (Role.COUNTY_CIVIL, Role.PREF_CIVIL)

    def test_shows_why_three_administrators_stay_apart(self, pages, world):
        page = pages("system_administrator").get(url(world, "audit_administrator", "/grants/new"))
        page = page.submit(role="sys_admin", scope_code="CN", expect=200)
        assert page.errors == [
            "角色：该人员已有“审计管理员”角色，按三员分立要求不能再授予“系统管理员”。"
        ]

    def test_the_proposer_only_withdraws(self, pages, world):
        grant = proposed(world)
        client = pages("system_administrator")
        client.post(url(world, rest=f"/grants/{grant.id}/confirmation"), expect=403)
        client.post(url(world, rest=f"/grants/{grant.id}/revocation"), expect=403)
        page = client.get(url(world)).submit("form[action$=withdrawal]", follow=True)
        assert page.messages == ["授权申请已撤回。"]
        assert world.session.get_one(RoleGrant, grant.id).revoked_at is not None

    def test_what_is_confirmed_is_not_withdrawn(self, pages, world):
        grant = world.session.scalars(
            sa.select(RoleGrant).where(RoleGrant.account_id == account(world).id)
        ).one()
        page = pages("system_administrator").post(
            url(world, rest=f"/grants/{grant.id}/withdrawal"), expect=409
        )
        assert "只能由安全管理员撤销" in page.text

    def test_is_revoked_at_once(self, pages, world):
        page = pages("security_administrator").get(url(world))
        page = page.submit("form[action$=revocation]", follow=True)
        assert page.messages == ["授权已撤销，该账号须重新登录。"]
        assert page.table_rows("授权")[0]["状态"].startswith("已撤销")
        assert world.actor("county_officer").grants == ()

    def test_a_grant_of_another_account_is_none_of_this(self, pages, world):
        grant = proposed(world)
        path = url(world, "sending_staff", f"/grants/{grant.id}/confirmation")
        pages("security_administrator").post(path, expect=404)
        path = url(world, rest="/grants/99999999999999999999/confirmation")
        pages("security_administrator").post(path, expect=404)

    def test_waiting_grants_are_counted_on_the_door(self, pages, world):
        proposed(world)
        page = pages("security_administrator").get("/accounts")
        assert "1 件待办" in page.find(".q-nav").text
        page = pages("system_administrator").get("/accounts")
        assert "件待办" not in page.find(".q-nav").text


class TestStanding:
    def test_is_disabled_and_enabled(self, pages, world):
        client = pages("system_administrator")
        page = client.get(url(world)).submit("form[action$=disablement]", follow=True)
        assert page.messages == ["账号已停用，其登录立即失效。"]
        assert page.find(".q-tag").text == "已停用"
        page = page.submit("form[action$=enablement]", follow=True)
        assert not account(world).is_disabled

    def test_the_last_administrator_has_no_button_to_end_it(self, pages, world):
        page = pages("system_administrator").get(url(world, "audit_administrator"))
        assert "唯一启用的“审计管理员”" in page.text
        assert page.find("form[action$=disablement]") is None
        page = pages("security_administrator").get(url(world, "system_administrator"))
        assert page.find("form[action$=revocation]") is None
        # The control: of two each may go.
        actions.open_account(
            world.deed(),
            login="second.audit",
            password_hash="x",
            name="演示第二人",
            role=Role.AUDIT_ADMIN,
            scope_code="CN",
        )
        page = pages("system_administrator").get(url(world, "audit_administrator"))
        assert page.find("form[action$=disablement]")

    def test_is_unlocked(self, pages, world):
        account(world).locked_until = world.clock().replace(year=2023)
        account(world).failed_attempts = 5
        page = pages("security_administrator").get(url(world))
        page = page.submit("form[action$=unlocking]", follow=True)
        assert account(world).locked_until is None
        assert account(world).failed_attempts == 0

    def test_a_new_first_password_is_shown_once(self, pages, world):
        world.token("county_officer")
        page = pages("security_administrator").get(url(world))
        page = page.submit("form[action$=password]", expect=200)
        assert page.h1 == "密码已重置"
        hasher = pages.app.extensions["qianshou_passwords"]
        assert hasher.matches(account(world).password_hash, page.find("code").text)
        assert account(world).must_change_password

    def test_an_administrators_password_is_the_operators_business(self, pages, world):
        page = pages("security_administrator").get(url(world, "system_administrator"))
        assert "flask user password" in page.text
        assert "重置密码" not in buttons(page)
        path = url(world, "system_administrator", "/password")
        page = pages("security_administrator").post(path, expect=409)
        assert "三员分立" in page.text

    def test_the_own_account_is_left_to_another(self, pages, world):
        page = pages("security_administrator").get(url(world, "security_administrator"))
        assert "这是您本人的账号" in page.text
        path = url(world, "security_administrator", "/password")
        pages("security_administrator").post(path, expect=409)

    def test_sessions_are_ended_one_by_one_or_all(self, pages, world):
        here, there = pages("county_officer"), pages("county_officer")
        page = pages("security_administrator").get(url(world))
        ids = world.session.scalars(
            sa.select(WebSession.id)
            .where(WebSession.account_id == account(world).id)
            .order_by(WebSession.id)
        ).all()
        page = page.submit(f"form[action$='sessions/{ids[0]}/end']", follow=True)
        assert page.messages == ["该登录已结束。"]
        here.get("/password", 302)
        there.get("/password")
        page = page.submit("form[action$='sessions/end']", follow=True)
        assert page.messages == ["已结束 1 个登录。"]
        there.get("/password", 302)


class TestLinking:
    def test_gives_an_account_of_a_name_to_the_registered_person(self, pages, world):
        actions.open_account(
            world.deed(),
            login="by.name",
            password_hash="x",
            name="演示甲二",
            role=Role.SEND_STAFF,
            scope_code=world.organisation("sending").credit_code,
        )
        page = pages("system_administrator").get(url(world, "by.name"))
        page = page.click("关联登记人员")
        page = page.submit(name="演示乙一", expect=200)
        assert "没有登记名为“演示乙一”的人员" in page.errors[0]
        page = page.submit(name="演示甲二", follow=True)
        assert page.messages == ["账号已关联到登记人员 演示甲二。"]
        holder = world.session.get_one(Person, account(world, "by.name").person_id)
        assert holder.id_number_masked is not None
        assert holder.organisation_id == world.organisation("sending").id

    def test_is_offered_only_where_it_is_missing(self, pages, world):
        for login in ("sending_staff", "county_officer"):
            page = pages("system_administrator").get(url(world, login))
            assert "关联登记人员" not in page.text


@pytest.mark.parametrize("persona", ["audit_administrator", "national_officer", "sending_staff"])
def test_others_see_no_accounts(pages, world, persona):
    client = pages(persona)
    client.get("/accounts", 403)
    client.get(url(world), 404)
    client.post(url(world, rest="/password"), expect=404)


def test_an_unknown_account_is_not_found(pages):
    pages("system_administrator").get("/accounts/nobody", 404)
