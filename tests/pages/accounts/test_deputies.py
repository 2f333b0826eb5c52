"""Lending a role for some dates: what the deputy may do, what is written of it, and how it ends."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from models import (
    Account,
    AuditEvent,
    ImportBatch,
    Organisation,
    OutboxMessage,
    RoleGrant,
    Workday,
    WorkdayDecision,
)
from models.types import GrantState, ImportKind, Role, WorkdayState
from portal.accounts.actions import (
    disable_account,
    open_account,
    propose_grant,
    revoke_grant,
)
from portal.accounts.deputy_actions import end_lapsed
from portal.checks import verify
from portal.clock import date_of
from portal.outbox.queries import list_messages
from portal.rooms import HOUSE
from tests.support.imports import import_rows
from tests.support.imports import workday as workday_row
from tests.support.page_client import Page, PageClient
from tests.support.portal import Pages
from tests.support.workdays import confirmed, logged
from tests.support.world import World

DEPUTIES, CONFIRM, APPROVE = "/deputies", "/workdays/confirmation", "/workdays/approval"
CLAIMS = "/import/confirmation"


def account(world: World, login: str) -> Account:
    return world.session.scalars(sa.select(Account).where(Account.login == login)).one()


def lend(
    pages: Pages, world: World, by: str, to: str, *, starts: int = 0, ends: int = 6
) -> tuple[PageClient, Page]:
    today = date_of(world.clock())
    client = pages(by)
    page = client.get(DEPUTIES).submit(
        "form.q-panel",
        button="委托",
        follow=True,
        deputy=account(world, to).public_id,
        starts_on=str(today + timedelta(starts)),
        ends_on=str(today + timedelta(ends)),
    )
    assert page.messages == ["已委托代理，到期自动结束，也可随时提前结束。"]
    return client, page


def tokens(page: Page) -> list[str]:
    return [one["value"] for one in page.find_all("input[data-bulk-item]")]


def lent(world: World) -> RoleGrant:
    wanted = sa.select(RoleGrant).where(RoleGrant.deputy_of_grant_id.is_not(None))
    return world.session.scalars(wanted.order_by(RoleGrant.id.desc())).first()


def test_a_county_officers_deputy_approves_in_that_name(pages: Pages, world: World):
    workday = confirmed(world)
    pages("county_rural_officer").get(APPROVE, expect=403)
    _, page = lend(pages, world, "county_officer", "county_rural_officer")
    principal = world.actor("county_officer").name
    deputy = pages("county_rural_officer")
    page = deputy.get(APPROVE)
    assert f"您正代{principal}办理" in page.text
    page = page.submit("#queue", chosen=tokens(page), button="核准所选", follow=True)
    assert page.messages == ["已核准 1 条，已计入汇总。"]
    decision = world.session.scalars(
        sa.select(WorkdayDecision).where(WorkdayDecision.kind == "approved")
    ).one()
    assert decision.person_id == account(world, "county_rural_officer").person_id
    assert decision.deputy_for_person_id == account(world, "county_officer").person_id
    event = world.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.event == "workday.approved")
    ).one()
    assert event.actor == "county_rural_officer"
    assert "deputy_for" in json.loads(event.facts)
    assert f"（代{principal}）" in deputy.get(f"/workdays/{workday.id}").text
    page = page.submit(".q-undo form", follow=True)
    assert page.messages == ["已撤销核准，1 条恢复到核准前的状态。"]
    assert [one for one in verify(world.session, HOUSE.checks) if one.fault] == []


def test_what_is_done_in_the_own_role_is_nobody_elses(pages: Pages, world: World):
    lend(pages, world, "sending_manager", "sending_staff")
    confirmed(world, "sent2")
    client = pages("county_officer")
    page = client.get(APPROVE)
    page.submit("#queue", chosen=tokens(page), button="核准所选", follow=True)
    lent_by = sa.select(WorkdayDecision.deputy_for_person_id)
    assert set(world.session.scalars(lent_by)) == {None}


def test_a_deputy_confirms_neither_the_own_days_nor_the_principals(pages: Pages, world: World):
    own, other = logged(world), logged(world, "sent2")
    lend(pages, world, "sending_manager", "sending_staff")
    deputy = pages("sending_staff")
    assert tokens(deputy.get(CONFIRM)) == [f"{other.id}-{other.version}"]
    page = deputy.post(CONFIRM, {"chosen": [f"{own.id}-{own.version}"]}, expect=200)
    assert "不能由本人确认" in page.errors[0]
    # What the principal brought in, nobody decides on in the principal's place.
    other.entered_by_person_id = account(world, "sending_manager").person_id
    other.entered_by_operator = False
    world.session.flush()
    assert tokens(deputy.get(CONFIRM)) == []
    page = deputy.post(CONFIRM, {"chosen": [f"{other.id}-{other.version}"]}, expect=200)
    assert "您正代" in page.errors[0]
    assert "须由其他人员办理" in page.errors[0]
    assert "现在不能确认、退回：您正代" in deputy.get(f"/workdays/{other.id}").text
    assert {own.state, other.state} == {WorkdayState.SUBMITTED}


def test_who_has_an_own_role_elsewhere_decides_there_in_person_and_here_in_the_others_place(
    pages: Pages, world: World
):
    here, rural = confirmed(world), account(world, "county_rural_officer")
    elsewhere = confirmed(world, "foreign", code="P3")
    county = world.pairing("P3").county_code
    propose_grant(world.deed(), rural, Role.COUNTY_CIVIL, county)
    lend(pages, world, "county_officer", "county_rural_officer")
    principal = account(world, "county_officer").person_id
    deputy = pages("county_rural_officer")
    page = deputy.get(APPROVE)
    assert "其中一部分由您代" in page.text
    chosen = [f"{one.id}-{one.version}" for one in (here, elsewhere)]
    page = page.submit("#queue", chosen=chosen, button="核准所选", follow=True)
    assert page.messages == ["已核准 2 条，已计入汇总。"]
    page.submit(".q-undo form", follow=True)
    rows = world.session.execute(
        sa.select(WorkdayDecision.workday_id, WorkdayDecision.deputy_for_person_id).where(
            WorkdayDecision.kind.in_(("approved", "approved_undone"))
        )
    )
    assert sorted(rows) == sorted([(here.id, principal), (elsewhere.id, None)] * 2)
    written = sa.select(AuditEvent).where(AuditEvent.event == "workday.approved")
    assert "deputy_for" in json.loads(world.session.scalars(written).one().facts)


def told(world: World, persona: str) -> list[str]:
    """What a person is told, once it is delivered."""
    world.session.execute(sa.update(OutboxMessage).values(delivered_at=world.clock()))
    return [one.words for one in list_messages(world.session, world.actor(persona))]


def test_a_deputy_is_told_when_a_role_is_lent_and_when_that_ends(pages: Pages, world: World):
    lend(pages, world, "sending_manager", "sending_staff")
    manager, staff = (world.actor(one).name for one in ("sending_manager", "sending_staff"))
    (words,) = told(world, "sending_staff")
    assert words.startswith(f"{manager}委托您代理“援派机构负责人 · ")
    assert words.endswith("2022-11-21 至 2022-11-27。")
    assert told(world, "sending_manager") == []
    pages("sending_staff").get(DEPUTIES).submit("form[action$=end]", follow=True)
    (words,) = told(world, "sending_manager")
    assert words.startswith(f"{staff}代您办理“援派机构负责人 · ")
    assert told(world, "sending_staff") == [], "it was the deputy who ended it"
    lend(pages, world, "sending_manager", "sending_staff", ends=1)
    world.clock.pass_time(days=2)
    end_lapsed(world.deed())
    (words,) = told(world, "sending_staff")
    assert words == f"您代{manager}办理“援派机构负责人 · {organisation(world)}”已结束。"


def organisation(world: World) -> str:
    found = world.session.get_one(Organisation, world.pairing().sending_organisation_id)
    return found.name


def test_an_own_role_elsewhere_does_not_let_a_deputy_decide_on_what_the_principal_brought(
    pages: Pages, world: World
):
    workday, rural = confirmed(world), account(world, "county_rural_officer")
    workday.entered_by_person_id = account(world, "county_officer").person_id
    workday.entered_by_operator = False
    propose_grant(world.deed(), rural, Role.COUNTY_CIVIL, "640324")
    lend(pages, world, "county_officer", "county_rural_officer")
    deputy = pages("county_rural_officer")
    assert tokens(deputy.get(APPROVE)) == []
    page = deputy.post(APPROVE, {"chosen": [f"{workday.id}-{workday.version}"]}, expect=200)
    assert "您正代" in page.errors[0]
    assert workday.state == WorkdayState.CONFIRMED


def test_a_deputy_does_not_let_the_principals_file_take_effect(pages: Pages, world: World):
    rows = [workday_row(状态="已核准")]
    assert import_rows(world, ImportKind.WORKDAYS, rows, persona="county_officer").report.applied
    lend(pages, world, "county_officer", "county_rural_officer")
    batch = world.session.scalars(sa.select(ImportBatch.public_id)).one()
    deputy = pages("county_rural_officer")
    assert "没有待您确认的导入" in deputy.get(CLAIMS).text
    deputy.get(f"{CLAIMS}?batch={batch}", expect=404)
    deputy.post(CLAIMS, {"batch": batch, "seen": "1"}, 404, csrf=True)
    assert world.session.scalars(sa.select(Workday.state)).one() == WorkdayState.SUBMITTED


@pytest.mark.parametrize("has_own_role_elsewhere", [False, True])
def test_a_file_that_a_deputy_lets_take_effect_says_in_whose_place(
    pages: Pages, world: World, has_own_role_elsewhere: bool
):
    if has_own_role_elsewhere:
        rural = account(world, "county_rural_officer")
        propose_grant(world.deed(), rural, Role.COUNTY_CIVIL, "640324")
    open_account(
        world.deed(),
        login="second_officer",
        password_hash="not a hash: nobody signs in",
        name="演示同事",
        role=Role.COUNTY_CIVIL,
        scope_code="640303",
    )
    rows = [workday_row(状态="已核准")]
    assert import_rows(world, ImportKind.WORKDAYS, rows, persona="second_officer").report.applied
    lend(pages, world, "county_officer", "county_rural_officer")
    page = pages("county_rural_officer").get(CLAIMS).click("演示.xlsx")
    page = page.submit("form[action$=confirmation]", button="确认 1 条", follow=True)
    assert page.messages == ["已确认 1 条，即时生效。"]
    decision = world.session.scalars(
        sa.select(WorkdayDecision).where(WorkdayDecision.kind == "claim_approved")
    ).one()
    assert decision.person_id == account(world, "county_rural_officer").person_id
    assert decision.deputy_for_person_id == account(world, "county_officer").person_id


def test_a_deputy_begins_and_ends_with_the_dates(pages: Pages, world: World):
    logged(world, "sent2")
    lend(pages, world, "sending_manager", "sending_staff", starts=1, ends=2)
    pages("sending_staff").get(CONFIRM, expect=403)
    world.clock.pass_time(days=1)
    pages("sending_staff").get(CONFIRM)
    world.clock.pass_time(days=2)
    pages("sending_staff").get(CONFIRM, expect=403)
    assert lent(world).state == GrantState.CONFIRMED
    assert end_lapsed(world.deed()) == 1
    assert end_lapsed(world.deed()) == 0
    assert lent(world).state == GrantState.REVOKED
    # And another one can be named.
    lend(pages, world, "sending_manager", "sending_staff")


@pytest.mark.parametrize("by", ["sending_manager", "sending_staff"])
def test_both_sides_see_it_and_either_ends_it_at_once(pages: Pages, world: World, by: str):
    lend(pages, world, "sending_manager", "sending_staff")
    seen = pages(by).get(DEPUTIES)
    assert "代理中" in seen.text
    assert "代演示" in pages("sending_staff").get("/workdays").html
    page = seen.submit("form[action$=end]", follow=True)
    assert page.messages == ["代理已结束，即时生效。"]
    pages("sending_staff").get(CONFIRM, expect=403)
    assert "已提前结束" in pages("sending_manager").get(DEPUTIES).text


def test_nobody_else_ends_it(pages: Pages, world: World):
    lend(pages, world, "sending_manager", "sending_staff")
    pages("receiving_manager").post(f"/deputies/{lent(world).id}/end")
    own = world.session.scalars(
        sa.select(RoleGrant.id).where(RoleGrant.account_id == account(world, "sending_staff").id)
    ).first()
    staff = pages("sending_staff")
    staff.post(f"/deputies/{own}/end")
    # Who lends nothing is not told to, and sees what was lent to them.
    page = staff.get(DEPUTIES)
    assert "机构负责人和县级民政部门可以委托" in page.text
    assert "我的代理人" not in page.text
    assert page.table_rows("我代理的")
    states = set(world.session.scalars(sa.select(RoleGrant.state)))
    assert states == {GrantState.CONFIRMED}


def test_a_role_has_one_deputy_at_a_time_and_a_deputy_names_none(pages: Pages, world: World):
    _, page = lend(pages, world, "sending_manager", "sending_staff")
    again = page.submit(
        "form.q-panel",
        button="委托",
        deputy=account(world, "sending_staff").public_id,
        starts_on="2022-11-21",
        ends_on="2022-11-22",
        expect=200,
    )
    assert "同一时间只能有一人" in again.errors[0]
    assert pages("sending_staff").get(DEPUTIES).find("form[novalidate]") is None


def test_only_accounts_of_the_same_place_are_offered(pages: Pages, world: World):
    page = pages("county_officer").get(DEPUTIES)
    offered = [one.text for one in page.find_all("select[name=deputy] option")]
    assert [words.partition("（")[2] for words in offered[1:]] == ["county_rural_officer）"]
    page = page.submit(
        button="委托",
        deputy=account(world, "county_rural_officer").public_id,
        starts_on="2022-11-20",
        ends_on="2022-11-22",
        expect=200,
    )
    assert "代理不能从过去开始" in page.errors[0]
    assert pages("national_officer").get(DEPUTIES).find("form[novalidate]") is None


@pytest.mark.parametrize("how", ["revoked", "disabled"])
def test_a_deputy_falls_with_the_role_that_was_lent(pages: Pages, world: World, how: str):
    lend(pages, world, "sending_manager", "sending_staff")
    manager = account(world, "sending_manager")
    if how == "revoked":
        grant = world.session.get_one(RoleGrant, lent(world).deputy_of_grant_id)
        revoke_grant(world.deed("security_administrator"), grant)
    else:
        disable_account(world.deed("system_administrator"), manager)
    pages("sending_staff").get(CONFIRM, expect=403)
    assert lent(world).state == GrantState.REVOKED
    assert [one for one in verify(world.session, HOUSE.checks) if one.fault] == []
