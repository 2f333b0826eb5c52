"""The page on which a second person lets take effect what somebody else's file claims."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from models import ImportBatch, Workday
from models.types import Role, WorkdayState
from portal.accounts.actions import open_account
from tests.support.imports import import_rows, workday
from tests.support.world import World

REFUSAL = "form[action$=refusal]"
ROWS = [workday(状态="已核准"), workday("sent2", 状态="已核准"), workday("received1")]


@pytest.fixture
def batch(world: World) -> str:
    """A file that the officer of the county brought in; there is a second officer."""
    open_account(
        world.deed(),
        login="second_officer",
        password_hash="not a hash: tests sign in by session",
        name="演示同事",
        role=Role.COUNTY_CIVIL,
        scope_code="640303",
    )
    assert import_rows(world, "workdays", ROWS, persona="county_officer").report.applied
    return world.session.scalars(sa.select(ImportBatch.public_id)).one()


def states(world: World) -> list[WorkdayState]:
    return list(world.session.scalars(sa.select(Workday.state).order_by(Workday.id)))


def test_leads_from_the_inbox_to_what_is_confirmed(pages: Any, world: World, batch: str) -> None:
    client = pages("second_officer")
    page = client.get("/")
    assert "待您确认的他人导入" in page.text
    page = client.get("/import/confirmation").click("演示.xlsx")
    assert [row["条数"] for row in page.table_rows("这份文件中待确认的日志")] == ["1", "1"]
    done = page.submit("form[action$=confirmation]", button="确认 2 条", follow=True)
    assert done.messages == ["已确认 2 条，即时生效。"]
    assert "没有待您确认的导入" in done.text
    approved = WorkdayState.APPROVED
    assert states(world) == [approved, approved, WorkdayState.SUBMITTED]
    assert "待您确认的他人导入" not in client.get("/").text


def test_refuses_only_with_a_reason(pages: Any, world: World, batch: str) -> None:
    client = pages("second_officer")
    page = client.get(f"/import/confirmation?batch={batch}")
    page = page.submit(REFUSAL, reason="", expect=200)
    assert page.errors == ["不予确认的原因：请填写不予确认的原因，导入人会看到。"]
    done = page.submit(REFUSAL, reason="与台账不符", follow=True)
    assert done.messages == ["未予确认 2 条，这些日志已失效，日期可重新填报。"]
    void = WorkdayState.SUPERSEDED
    assert states(world) == [void, void, WorkdayState.SUBMITTED]


def test_whoever_brought_them_in_sees_that_they_wait(pages: Any, world: World, batch: str) -> None:
    client = pages("county_officer")
    text = client.get(f"/import/batches/{batch}").text
    assert "其中 2 条填写为“已核准”，须由导入人之外的人" in text
    assert "由受援县民政部门的另一名工作人员确认" in text
    assert "待您确认的导入" not in client.get("/import").text
    client.get(f"/import/confirmation?batch={batch}", 404)
    day = world.session.scalars(sa.select(Workday.id).order_by(Workday.id)).first()
    assert "导入时写明“已核准”，另一名负责人确认后生效" in client.get(f"/workdays/{day}").text


@pytest.mark.parametrize("persona", ["sending_manager", "other_county_officer", "province_officer"])
def test_to_others_it_looks_as_if_it_were_not_there(pages: Any, batch: str, persona: str) -> None:
    client = pages(persona)
    assert "没有待您确认的导入" in client.get("/import/confirmation").text
    foreign = client.get(f"/import/confirmation?batch={batch}", 404)
    missing = client.get("/import/confirmation?batch=AAAAAAAAAAAAAAAA", 404)
    assert foreign.text.partition("编号")[0] == missing.text.partition("编号")[0]
    for path in ("/import/confirmation", "/import/refusal"):
        sent = {"batch": batch, "seen": "2", "reason": "演示原因"}
        client.post(path, sent, 404, csrf=True)


@pytest.mark.parametrize(
    "values", [{}, {"batch": "x"}, {"seen": "9" * 30}, {"batch": "x", "seen": "-"}]
)
@pytest.mark.parametrize("path", ["/import/confirmation", "/import/refusal"])
def test_a_form_with_missing_or_odd_parts_does_nothing(
    pages: Any, world: World, batch: str, path: str, values: dict[str, str]
) -> None:
    client = pages("second_officer")
    before = states(world)
    answer = client.client.post(path, data={**values, "csrf_token": client._csrf_token()})
    assert answer.status_code in (200, 404)
    assert states(world) == before
