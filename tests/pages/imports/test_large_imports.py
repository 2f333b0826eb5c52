"""Large files are checked and written in the background; the page shows how far it is."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import flask
import pytest
import sqlalchemy as sa

from models import (
    Account,
    AuditEvent,
    ImportBatch,
    Job,
    JobItem,
    RoleGrant,
    Workday,
    WorkdayDecision,
)
from models.types import ItemState
from portal.accounts.deputy_actions import lend_role
from portal.clock import date_of
from tests.support.imports import as_table, workbook, workday
from tests.support.jobs import work_off_portal
from tests.support.page_client import Page, PageClient
from tests.support.portal import Pages
from tests.support.workdays import logged
from tests.support.world import World

ROWS = [workday(), workday(day="2022-11-02"), workday("sent2")]
APPLY = "form[action$=application]"


@pytest.fixture(autouse=True)
def _every_file_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.imports.views.CHECKED_AT_ONCE", 1)
    monkeypatch.setattr("portal.imports.batch_views.WRITTEN_AT_ONCE", 1)


def upload(client: PageClient, rows: Any = ROWS) -> Page:
    file = (io.BytesIO(workbook(as_table(rows))), "十一月工作日志.xlsx")
    return client.get("/import/workdays").submit(file=file, follow=True)


def events(world: World) -> list[str]:
    wanted = sa.select(AuditEvent.event).where(AuditEvent.event.startswith("import."))
    return list(world.session.scalars(wanted.order_by(AuditEvent.id)))


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_faults_of_a_large_file_are_mended_page_by_page_and_checked_by_a_job(
    portal: flask.Flask, pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.imports.batch_views.FAULTS_A_PAGE", 2)
    client = pages("sending_manager")
    path = upload(client, [*ROWS, *(workday(day=f"2022-02-3{digit}") for digit in "012")]).path
    work_off_portal(portal, world)
    page = client.get(path)
    fields = [one["name"] for one in page.find_all("input[name$=':日期']")]
    assert fields == ["5:日期", "6:日期"]
    page = page.submit(
        "form[action*=mending]",
        values={"5:日期": "2022-11-07", "6:日期": "2022-11-08"},
        button="保存本页，改下一页",
        follow=True,
    )
    assert "已保存 2 处改正，尚未检查" in page.text
    assert [one["name"] for one in page.find_all("input[name$=':日期']")] == ["7:日期"]
    assert client.get(path).find("input[name='5:日期']")["value"] == "2022-11-07"
    page = page.submit("form[action*=mending]", values={"7:日期": "2022-11-09"}, follow=True)
    assert "正在检查，不会写入" in page.text
    work_off_portal(portal, world)
    page = client.get(path)
    assert "全部通过检查" in page.text
    page.submit(APPLY, follow=True)
    work_off_portal(portal, world)
    assert world.count(Workday) == len(ROWS) + 3
    assert events(world) == ["import.staged", "import.checked", "import.mended", "import.applied"]


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_a_file_of_too_many_rows_says_how_many_can_be_mended_here(
    portal: flask.Flask, pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.imports.batch_views.MOST_ROWS", 1)
    client = pages("sending_manager")
    path = upload(client, [*ROWS, workday(day="2022-02-30")]).path
    work_off_portal(portal, world)
    page = client.get(path)
    assert "不能在网页上改正；请下载有错误的行" in page.text
    assert page.find("form[action*=mending]") is None
    client.post(f"{path}/mending", {"5:日期": "2022-11-07"}, 302)
    assert "不能在网页上改正" in client.get(path).text


def test_a_large_file_is_checked_and_written_by_jobs(
    portal: flask.Flask, pages: Pages, world: World
) -> None:
    client = pages("sending_manager")
    page = upload(client)
    assert "正在检查，不会写入" in page.text
    assert page.find("#import").get("hx-trigger") == "every 2s"
    assert client.get("/import").table_rows("我的导入")[0]["状态"] == "未检查"
    assert work_off_portal(portal, world) == 2  # the job, and its message
    page = client.get(page.path)
    assert "全部通过检查" in page.text
    page = page.submit(APPLY, button="导入 3 行", follow=True)
    assert "正在写入，全部写完才生效" in page.text
    assert page.find(APPLY) is None
    assert world.count(Workday) == 0
    assert work_off_portal(portal, world) == 2  # the job, and its message
    page = client.get(page.path)
    assert "已导入" in page.text
    assert page.find("#import").get("hx-trigger") is None
    assert world.count(Workday) == 3
    assert events(world) == ["import.staged", "import.checked", "import.applied"]
    (writer,) = world.session.scalars(
        sa.select(AuditEvent.actor).where(AuditEvent.event == "import.applied")
    )
    assert writer == "sending_manager"


def test_what_a_job_writes_for_a_deputy_says_in_whose_place(
    portal: flask.Flask, pages: Pages, world: World
) -> None:
    manager, today = world.actor("sending_manager"), date_of(world.clock())
    grant = world.session.scalars(
        sa.select(RoleGrant).where(RoleGrant.account_id == manager.account_id)
    ).one()
    staff = world.session.get_one(Account, world.actor("sending_staff").account_id)
    lend_role(world.deed("sending_manager"), grant, staff, today, today)
    client = pages("sending_staff")
    page = upload(client, [workday("sent2"), workday("sent2", "2022-11-02")])
    work_off_portal(portal, world)
    client.get(page.path).submit(APPLY, button="导入 2 行")
    work_off_portal(portal, world)
    lent_by = sa.select(WorkdayDecision.deputy_for_person_id)
    assert set(world.session.scalars(lent_by)) == {manager.person_id}
    facts = sa.select(AuditEvent.facts).where(AuditEvent.event == "import.applied")
    assert "deputy_for" in world.session.scalars(facts).one()


def test_the_write_is_one_transaction_with_its_item(
    portal: flask.Flask, pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = pages("sending_manager")
    page = upload(client)
    work_off_portal(portal, world)
    client.get(page.path).submit(APPLY, button="导入 3 行")

    def lose(*_given: Any) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr("portal.jobs.claim_actions.finish", lose)
        work_off_portal(portal, world)
    assert world.count(Workday) == 0
    assert "import.applied" not in events(world)
    world.session.execute(sa.update(JobItem).values(due=0))
    work_off_portal(portal, world)
    assert world.count(Workday) == 3


def test_a_file_of_no_use_says_why_and_offers_nothing(
    portal: flask.Flask, pages: Pages, world: World
) -> None:
    client = pages("sending_manager")
    page = upload(client, [{"甲": "1"}])
    work_off_portal(portal, world)
    page = client.get(page.path)
    assert page.find(APPLY) is None
    assert page.find(".q-notice--danger") is not None


def test_what_changed_between_check_and_write_is_not_written_and_shown(
    portal: flask.Flask, pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.imports.batch_views.WRITTEN_AT_ONCE", 0)
    client = pages("sending_manager")
    page = upload(client, [workday(day="2022-11-14")])
    work_off_portal(portal, world)
    client.get(page.path).submit(APPLY, button="导入 1 行")
    logged(world, "sent1", date(2022, 11, 14))
    before = world.count(Workday)
    work_off_portal(portal, world)
    assert world.count(Workday) == before
    page = client.get(page.path)
    assert "没有写入：检查之后系统中的数据有了变化" in page.text
    assert page.find(APPLY) is None


def test_a_file_that_is_withdrawn_while_it_waits_is_not_checked(
    portal: flask.Flask, pages: Pages, world: World
) -> None:
    client = pages("sending_manager")
    upload(client).submit("form[action$=withdrawal]", button="撤下文件", follow=True)
    assert work_off_portal(portal, world) == 0
    assert world.count(ImportBatch) == 0
    assert world.session.scalars(sa.select(Job.cancelled_at)).one() is not None


def test_the_same_file_again_is_the_same_import_and_the_same_job(
    pages: Pages, world: World
) -> None:
    client = pages("sending_manager")
    content = workbook(as_table(ROWS))
    for _ in range(2):
        client.get("/import/workdays").submit(file=(io.BytesIO(content), "十一月.xlsx"))
    assert (world.count(ImportBatch), world.count(Job)) == (1, 1)


def test_a_dead_job_says_why_on_the_page_of_the_import(pages: Pages, world: World) -> None:
    client = pages("sending_manager")
    page = upload(client)
    world.session.execute(
        sa.update(JobItem).values(state=ItemState.DEAD, attempts=6, problem="演示：系统出错。")
    )
    world.session.execute(sa.update(Job).values(finished_at=world.clock()))
    assert "后台没有办成：演示：系统出错。" in client.get(page.path).text
