"""The trail as the audit administrator sees it."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import flask
import pytest
import sqlalchemy as sa

from models import AuditEvent
from portal.audit import views
from portal.clock import SHANGHAI
from portal.standards.formulas import STARTS, guarded, unguarded
from tests.support.portal import Pages
from tests.support.statements import statements
from tests.support.workdays import confirmed
from tests.support.world import World


def test_lists_the_events_latest_first(pages: Pages) -> None:
    page = pages("audit_administrator").get("/audit")
    rows = page.table_rows("审计记录")
    assert page.h1 == "审计记录"
    assert rows[0]["事项"] == "登录"
    assert rows[0]["内容"] == "网络地址：127.0.0.1"


def test_filters_by_kind_and_account(pages: Pages) -> None:
    page = pages("audit_administrator").get("/audit?event=account.opened&actor=system")
    rows = page.table_rows("审计记录")
    assert {(row["事项"], row["账号"]) for row in rows} == {("开设账号", "系统")}


def test_names_who_did_what_to_whom_instead_of_ids(pages: Pages, world: World) -> None:
    workday = confirmed(world)
    world.session.commit()
    client = pages("audit_administrator")
    row = client.get("/audit?event=workday.confirmed").table_rows("审计记录")[0]
    name = world.person("sent1").name
    assert row["对象"] == f"工作日志 {name} {workday.worked_on}"
    assert row["账号"] == f"{world.actor('sending_manager').name}（sending_manager）"
    assert row["内容"] == f"条数：1；涉及：{name} {workday.worked_on}"
    opened = client.get("/audit?event=account.opened").table_rows("审计记录")
    assert any("范围：全国" in row["内容"] for row in opened)
    assert not any("CN" in row["内容"] for row in opened)


@pytest.mark.parametrize("about", ["person", "organisation", "pairing"])
def test_finds_a_subject_by_its_name(pages: Pages, world: World, about: str) -> None:
    confirmed(world)
    world.session.commit()
    asked, word = {
        "person": (world.person("sent1").name, world.person("sent1").name),
        "organisation": (world.organisation("sending").name, world.organisation("sending").name),
        "pairing": ("结对 P1", "P1（红寺堡区）"),
    }[about]
    page = pages("audit_administrator").get(f"/audit?subject={asked}")
    rows = page.table_rows("审计记录")
    assert rows
    assert all(word in row["对象"] for row in rows)


def test_finds_what_somebody_did_by_their_name(pages: Pages, world: World) -> None:
    confirmed(world)
    world.session.commit()
    manager = world.actor("sending_manager").name
    rows = pages("audit_administrator").get(f"/audit?actor={manager}").table_rows("审计记录")
    assert f"{manager}（sending_manager）" in {row["账号"] for row in rows}
    assert all(row["账号"].startswith(f"{manager}（") for row in rows)


def test_names_what_an_old_row_holds_unseen(pages: Pages, world: World) -> None:
    client = pages("audit_administrator")
    facts = '{"reason": "\u200b", "login": "\u202demdash"}'
    last = world.session.scalar(sa.select(sa.func.max(AuditEvent.id)))
    world.session.execute(sa.update(AuditEvent).where(AuditEvent.id == last).values(facts=facts))
    world.session.commit()
    row = client.get("/audit").table_rows("审计记录")[0]
    assert "原因：〔U+200B〕" in row["内容"]
    assert "登录名：〔U+202D〕emdash" in row["内容"]
    page = client.post("/audit/export", {"purpose": "年度检查"}, expect=200)
    assert "〔U+200B〕" in page.body.decode("utf-8-sig")


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
    assert rows[0] == ["序号", "时间", "账号", "事项", "事项代码", "对象", "内容"]
    assert rows[3][5] == "'=1+1"
    noted = world.session.scalars(
        sa.select(AuditEvent.facts).where(AuditEvent.event == "audit.exported")
    ).one()
    assert "年度检查" in noted


def test_asks_for_the_purpose_of_an_export(pages: Pages) -> None:
    page = pages("audit_administrator").post("/audit/export", {"purpose": " "}, follow=True)
    assert "请填写导出用途" in page.text


def on(event: AuditEvent) -> str:
    return event.at.astimezone(SHANGHAI).date().isoformat()


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("first=2022-11-21", lambda event: on(event) >= "2022-11-21"),
        ("last=2021-12-31", lambda event: on(event) <= "2021-12-31"),
        ("first=2021-01-04&last=2021-01-04", lambda event: on(event) == "2021-01-04"),
        ("first=2022-02-30&event=person.registered", lambda e: e.event == "person.registered"),
        ("actor=audit_administrator", lambda event: event.actor == "audit_administrator"),
        ("actor=nobody-here", lambda event: False),
        (
            "actor=系统&event=reference.loaded",
            lambda e: (e.actor, e.event) == ("system", "reference.loaded"),
        ),
        ("event=grant.revoked", lambda event: False),
        ("subject=pairing:P1", lambda event: event.subject == "pairing:P1"),
        ("subject=person:%25", lambda event: False),
        ("subject=person&event=person.registered", lambda e: e.event == "person.registered"),
    ],
)
def test_filters(
    pages: Pages, world: World, query: str, fits: Callable[[AuditEvent], bool]
) -> None:
    page = pages("audit_administrator").get(f"/audit?{query}")
    events = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc()))
    expected = [str(event.id) for event in events if fits(event)]
    shown = page.table_rows("审计记录") if page.find("table") else []
    assert [row["序号"] for row in shown] == expected


def test_pages_through_the_trail_without_gaps(pages: Pages) -> None:
    client = pages("audit_administrator")
    page = client.get("/audit")
    numbers = [int(row["序号"]) for row in page.table_rows("审计记录")]
    rest = page.click("下一页")
    numbers += [int(row["序号"]) for row in rest.table_rows("审计记录")]
    assert numbers == list(range(numbers[0], 0, -1))
    assert rest.click("上一页").table_rows("审计记录") == page.table_rows("审计记录")


def test_costs_the_same_for_one_event_and_for_many(pages: Pages, portal: flask.Flask) -> None:
    client = pages("audit_administrator")
    client.get("/audit")
    with statements(portal) as one:
        client.get("/audit?event=reference.loaded")
    with statements(portal) as many:
        client.get("/audit")
    assert len(many) == len(one)


def test_refuses_an_export_too_large_to_read(
    pages: Pages, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_EXPORTED", 10)
    client = pages("audit_administrator")
    page = client.post("/audit/export", {"purpose": "年度检查"}, follow=True)
    assert "请按日期或事项缩小范围" in page.text
    client.post("/audit/export?event=reference.loaded", {"purpose": "年度检查"}, expect=200)


@pytest.mark.parametrize("persona", ["national_officer", "system_administrator"])
def test_is_closed_to_everybody_else(pages: Pages, persona: str) -> None:
    pages(persona).get("/audit", expect=403)


@pytest.mark.parametrize("text", ["=1", "+1", "＝甲", "-", "普通", "'quoted", ""])
def test_guarding_a_text_can_be_undone(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in STARTS
