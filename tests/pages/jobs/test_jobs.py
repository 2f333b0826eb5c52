"""Pages of background jobs: a long export from the click to the file, cancelling, dead ones."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import quote

import flask
import pytest
import sqlalchemy as sa

from models import Account, AuditEvent, Job, JobItem, JobResult, JobWorker, RoleGrant
from models.types import ItemState, Role, ScopeKind
from portal.deeds import VAR
from portal.jobs.claim_actions import note_alive
from portal.jobs.verification_queries import first_fault
from tests.support.jobs import work_off_portal
from tests.support.page_client import Page, PageClient
from tests.support.portal import Pages
from tests.support.world import World

PURPOSE = "报送2022年度汇总表"


@pytest.fixture(autouse=True)
def _every_export_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.summaries.views.EXPORTED_AT_ONCE", 2)


def ask(client: PageClient, **fields: str) -> Page:
    """Ask for an export that is too long for a request; return the page of its job."""
    given = {"kind": "csv", "purpose": PURPOSE, **fields}
    return client.get("/summary/exports?year=2022").submit(**given, follow=True)


def test_a_long_export_is_made_in_the_background_and_fetched(
    portal: flask.Flask, pages: Pages, world: World
) -> None:
    client = pages("national_officer")
    note_alive(world.session, "one")
    page = ask(client)
    assert "等待中" in page.text
    assert "可以离开本页" in page.text
    assert page.find("#job").get("hx-trigger") == "every 2s"
    assert page.find("meta[http-equiv=refresh]") is not None
    assert work_off_portal(portal, world) == 2  # the file, and the message that it is there
    page = client.get(page.path)
    assert "已完成" in page.text
    assert page.find("meta[http-equiv=refresh]") is None
    file = page.click("下载（3 行）")
    assert file.body.startswith(b"\xef\xbb\xbf")
    assert (
        quote("牵手计划2022年度汇总表（截至2022-11-21）.csv") in file.headers["Content-Disposition"]
    )
    (event,) = world.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.event == "summary.exported")
    )
    facts = json.loads(event.facts)
    assert (event.actor, facts["rows"], facts["purpose"]) == ("national_officer", 3, PURPOSE)
    assert facts["sha256"] == hashlib.sha256(file.body).hexdigest()


@pytest.mark.parametrize("kind", ["xlsx", "pdf", "json"])
def test_makes_every_kind_of_file(
    portal: flask.Flask, pages: Pages, world: World, kind: str
) -> None:
    client = pages("national_officer")
    page = ask(client, kind=kind)
    work_off_portal(portal, world)
    assert client.get(page.path).click("下载（3 行）").body[:1] in (b"P", b"%", b"{")


def test_the_file_holds_what_the_asker_may_see_and_no_more(
    portal: flask.Flask, pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.summaries.views.EXPORTED_AT_ONCE", 1)
    client = pages("province_officer")
    page = ask(client)
    work_off_portal(portal, world)
    lines = client.get(page.path).click("下载（2 行）").html
    assert "红寺堡区" in lines
    assert "水城区" not in lines


def test_of_one_person_one_export_is_made_at_a_time(pages: Pages, world: World) -> None:
    client = pages("national_officer")
    job = ask(client)
    page = client.get("/summary/exports?year=2022")
    assert page.click("查看进度").path == job.path
    page = page.submit(kind="csv", purpose=PURPOSE, expect=200)
    assert "同一时间只能办理一项" in page.errors[0]
    assert world.count(Job) == 1
    assert ask(pages("national_rural_officer")).find("#job") is not None


def test_sent_twice_the_form_asks_once(pages: Pages, world: World) -> None:
    form = pages("national_officer").get("/summary/exports?year=2022").form()
    first = form.submit({"kind": "csv", "purpose": PURPOSE})
    assert form.submit({"kind": "csv", "purpose": PURPOSE}).location == first.location
    assert world.count(Job) == 1


def test_a_cancelled_export_is_not_made(portal: flask.Flask, pages: Pages, world: World) -> None:
    client = pages("national_officer")
    page = ask(client).submit(button="取消任务", follow=True)
    assert "已取消" in page.text
    assert work_off_portal(portal, world) == 0
    assert world.count(JobResult) == 0
    (event,) = world.session.scalars(
        sa.select(AuditEvent.actor).where(AuditEvent.event == "job.cancelled")
    )
    assert event == "national_officer"
    assert "查看进度" not in client.get("/summary/exports?year=2022").text
    assert "等待中" in ask(client).text


def test_an_export_of_somebody_who_lost_the_right_is_dead_and_says_so(
    portal: flask.Flask, pages: Pages, world: World
) -> None:
    ask(pages("national_officer"))
    account_id = world.actor("national_officer").account_id
    world.session.execute(
        sa.update(RoleGrant)
        .where(RoleGrant.account_id == account_id)
        .values(revoked_at=world.clock())
    )
    work_off_portal(portal, world)
    assert world.count(JobResult) == 0
    client = pages("system_administrator")
    assert "只看未办成（1）" in client.get("/jobs/all").text
    assert "1 项未办成" in client.get("/").text
    (row,) = client.get("/jobs/all?state=dead").table_rows("未办成的任务")
    assert row["种类"] == "导出汇总"
    assert "已没有办理所需的权限" in row["问题"]
    page = client.get("/jobs/all?state=dead").submit(button="重试", follow=True)
    assert "等待中" in page.text
    assert PURPOSE not in page.html


def test_an_export_of_a_disabled_account_is_not_made_and_its_file_not_given(
    portal: flask.Flask, pages: Pages, world: World
) -> None:
    client = pages("national_officer")
    made = ask(client)
    work_off_portal(portal, world)
    waiting = ask(client)
    world.session.execute(
        sa.update(Account).where(Account.login == "national_officer").values(is_disabled=True)
    )
    work_off_portal(portal, world)
    assert world.count(JobResult) == 1
    assert client.get(f"{made.path}/result", expect=302).location.startswith("/sign-in")
    page = pages("system_administrator").get(waiting.path)
    assert "申请人的账号已停用" in page.text


def test_a_file_is_given_to_nobody_who_may_no_longer_make_it(
    portal: flask.Flask, pages: Pages, world: World
) -> None:
    client = pages("national_officer")
    page = ask(client)
    work_off_portal(portal, world)
    account_id = world.actor("national_officer").account_id
    world.session.execute(
        sa.update(RoleGrant).where(RoleGrant.account_id == account_id).values(role="evaluator")
    )
    client.get(f"{page.path}/result", expect=403)


def test_a_file_of_a_province_is_not_taken_along_to_another(
    portal: flask.Flask, pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.summaries.views.EXPORTED_AT_ONCE", 1)
    client = pages("province_officer")
    page = ask(client)
    work_off_portal(portal, world)
    assert client.get(f"{page.path}/result").body  # the control
    account_id = world.actor("province_officer").account_id
    before = world.session.scalars(
        sa.select(RoleGrant).where(RoleGrant.account_id == account_id)
    ).one()
    world.clock.pass_time(days=1)
    before.revoked_at = world.clock()
    moved = RoleGrant(
        account_id=account_id,
        role=before.role,
        scope_kind=before.scope_kind,
        scope_code="520000",
        proposed_at=world.clock(),
        confirmed_at=world.clock(),
    )
    world.session.add(moved)
    world.session.commit()
    client = pages("province_officer")
    answer = client.get(f"{page.path}/result", expect=409)
    assert "您现在的授权已不包括其全部内容" in answer.text
    page = client.get(page.path)
    assert "请按现在的管辖范围重新导出" in page.text
    assert "下载（" not in page.text
    # Whoever is given more than before may take what was within it.
    moved.scope_code = "CN"
    moved.scope_kind = ScopeKind.NATION
    moved.role = Role.NAT_CIVIL
    world.session.commit()
    assert pages("province_officer").get(f"{page.path}/result").body
    moved.revoked_at = world.clock()
    moved.role, moved.scope_kind = before.role, before.scope_kind
    before.revoked_at = None  # as if it were granted anew
    world.session.commit()
    assert pages("province_officer").get(f"{page.path}/result").body


def test_of_another_s_job_an_officer_sees_nothing_and_the_administrator_no_file(
    portal: flask.Flask, pages: Pages, world: World
) -> None:
    path = ask(pages("national_officer")).path
    work_off_portal(portal, world)
    pages("province_officer").get(path, expect=404)
    pages("province_officer").get(f"{path}/result", expect=404)
    pages("province_officer").post(f"{path}/cancellation", expect=404)
    client = pages("system_administrator")
    page = client.get(path)
    assert page.h1 == "导出汇总"
    assert "汇总表" not in page.text
    assert "只看未办成" not in client.get("/jobs/all").text
    client.get(f"{path}/result", expect=403)
    client.post(f"{path}/cancellation", expect=403)
    pages("security_administrator").get("/jobs/all", expect=403)


def test_a_file_that_was_swept_is_said_to_be_gone(
    portal: flask.Flask, pages: Pages, world: World
) -> None:
    client = pages("national_officer")
    page = ask(client)
    work_off_portal(portal, world)
    world.session.execute(sa.delete(JobResult))
    assert "文件只保留 7 天" in client.get(page.path).text
    client.get(f"{page.path}/result", expect=404)


def test_a_message_is_promised_to_whoever_asked_alone(pages: Pages, world: World) -> None:
    world.session.add(JobWorker(name="演示", seen=4e9))
    path = ask(pages("national_officer")).path
    promise = "办完后在首页的“消息”中告诉您"
    assert promise in pages("national_officer").get(path).text
    assert promise not in pages("system_administrator").get(path).text


def test_says_that_nobody_works(pages: Pages, world: World) -> None:
    assert "没有办理进程在运行" in ask(pages("national_officer")).text
    page = pages("system_administrator").get("/jobs/all")
    assert "flask jobs work" in page.text


def test_lists_one_s_own_jobs_and_how_far_each_is(
    portal: flask.Flask, pages: Pages, world: World
) -> None:
    client = pages("national_officer")
    assert "没有后台任务" in client.get("/jobs").text
    ask(client)
    work_off_portal(portal, world)
    (row,) = client.get("/jobs").table_rows()
    assert (row["任务"], row["状态"], row["结果"]) == (
        "2022 年度汇总表（csv）",
        "已完成",
        "下载 3 行",
    )


def test_shows_how_far_the_only_part_of_a_job_is(pages: Pages, world: World) -> None:
    client = pages("national_officer")
    page = ask(client)
    world.session.execute(
        sa.update(JobItem).values(state=ItemState.RUNNING, attempts=1, steps_done=1200, steps=4800)
    )
    assert "1,200 / 4,800" in client.get(page.path).text


def test_the_first_page_tells_that_a_file_is_there_until_it_is_put_away(
    portal: flask.Flask, pages: Pages, world: World
) -> None:
    client = pages("national_officer")
    job = ask(client)
    assert client.get("/").find(".q-messages") is None
    work_off_portal(portal, world)
    page = client.get("/")
    assert (
        "“2022 年度汇总表（csv）”已生成，共 3 行，请在 7 天内下载。"
        in page.find(".q-messages").text
    )
    assert client.get(page.find(".q-messages a")["href"]).path == job.path
    assert pages("national_rural_officer").get("/").find(".q-messages") is None
    page = page.submit(".q-messages form", button="知道了", follow=True)
    assert page.find(".q-messages") is None


def test_verify_finds_a_result_whose_file_is_gone(
    portal: flask.Flask, pages: Pages, world: World
) -> None:
    ask(pages("national_officer"))
    work_off_portal(portal, world)
    var = portal.extensions["qianshou_settings"].var
    world.session.info[VAR] = var
    assert first_fault(world.session) is None
    next((var / "results").iterdir()).unlink()
    assert "结果文件缺失" in (first_fault(world.session) or ("", ""))[1]
