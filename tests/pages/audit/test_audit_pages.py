"""The trail as the audit administrator sees it."""

from __future__ import annotations

import csv
import io

import pytest
import sqlalchemy as sa

from models import AuditEvent
from portal.standards.formulas import STARTS, guarded, unguarded
from tests.support.portal import Pages
from tests.support.world import World


def test_lists_the_events_latest_first(pages: Pages) -> None:
    page = pages("audit_administrator").get("/audit")
    rows = page.table_rows("审计记录")
    assert page.h1 == "审计记录"
    assert rows[0]["事项"] == "session.started"


def test_filters_by_kind_and_account(pages: Pages) -> None:
    page = pages("audit_administrator").get("/audit?event=account.opened&actor=system")
    rows = page.table_rows("审计记录")
    assert {(row["事项"], row["账号"]) for row in rows} == {("account.opened", "system")}


def test_says_what_to_do_when_nothing_fits(pages: Pages) -> None:
    page = pages("audit_administrator").get("/audit?subject=nothing-like-this")
    assert "没有符合条件的记录" in page.text


def test_confirms_a_whole_chain_and_notes_the_check(pages: Pages, world: World) -> None:
    page = pages("audit_administrator").post("/audit/check", follow=True)
    assert "审计链完整" in page.text
    assert world.session.scalar(sa.select(AuditEvent.id).where(AuditEvent.event == "audit.checked"))


def test_names_the_first_bad_row(pages: Pages, world: World) -> None:
    world.session.execute(sa.update(AuditEvent).where(AuditEvent.id == 3).values(actor="somebody"))
    page = pages("audit_administrator").post("/audit/check", follow=True)
    assert "第 3 条" in page.text


def test_exports_what_the_filter_shows_and_notes_why(pages: Pages, world: World) -> None:
    world.session.execute(sa.update(AuditEvent).where(AuditEvent.id == 3).values(subject="=1+1"))
    client = pages("audit_administrator")
    answer = client.client.post("/audit/export", data={"purpose": ""})
    assert answer.status_code == 400  # no CSRF token
    page = client.post("/audit/export", {"purpose": "年度检查"}, expect=200)
    rows = list(csv.reader(io.StringIO(page.body.decode("utf-8-sig"))))
    assert rows[0] == ["序号", "时间", "账号", "事项", "对象", "内容"]
    assert rows[3][4] == "'=1+1"
    noted = world.session.scalars(
        sa.select(AuditEvent.facts).where(AuditEvent.event == "audit.exported")
    ).one()
    assert "年度检查" in noted


def test_asks_for_the_purpose_of_an_export(pages: Pages) -> None:
    page = pages("audit_administrator").post("/audit/export", {"purpose": " "}, follow=True)
    assert "请填写导出用途" in page.text


@pytest.mark.parametrize("persona", ["national_officer", "system_administrator"])
def test_is_closed_to_everybody_else(pages: Pages, persona: str) -> None:
    pages(persona).get("/audit", expect=403)


@pytest.mark.parametrize("text", ["=1", "+1", "＝甲", "-", "普通", "'quoted", ""])
def test_guarding_a_text_can_be_undone(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in STARTS
