"""投诉建议: written from any page, also without an account; answered; found again by the sender."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from models import AuditEvent, Feedback
from models.types import FeedbackState
from portal.feedback import queries, rules
from tests.support.statements import statements

WORDS = "演示：日志页面的日期选择在手机上看不清。"


def write(client, expect=302, **fields):
    """Send a message and return the page that follows: the receipt, or the form with its errors."""
    page = client.get("/feedback?page=/workdays/new")
    values = {"kind": "suggestion", "text": WORDS, **fields}
    return page.submit(values=values, expect=expect, follow=expect == 302)


def only(world) -> Feedback:
    return world.session.scalars(sa.select(Feedback)).one()


@pytest.mark.parametrize("persona", [None, "sending_staff", "county_officer"])
def test_every_page_leads_to_the_form_with_its_own_address(pages, persona):
    client = pages(persona)
    path = "/sign-in" if persona is None else "/password"
    assert client.get(path).find("footer a[href^=/feedback]")["href"] == f"/feedback?page={path}"
    assert client.get("/nothing", 404).find("footer a[href^=/feedback]")
    page = client.get(f"/feedback?page={path}")
    assert page.find("#page")["value"] == path
    assert "不要填写身份证号" in page.text


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("/workdays/new", "/workdays/new"),
        ("/people?q=张三#x", "/people"),
        ("//evil.example/x", ""),
        ("https://evil.example/", ""),
        ("javascript:alert(1)", ""),
        ("/\\evil.example", ""),
        ("/" + "x" * 300, ""),
    ],
)
def test_takes_only_a_path_of_this_portal(pages, asked, kept):
    answer = pages().client.get("/feedback", query_string={"page": asked})
    found = re.search(r'<input[^>]*id="page"[^>]*value="([^"]*)"', answer.text)
    assert found
    assert found[1] == kept
    assert rules.local_path(asked) == kept


def test_a_visitor_may_write_and_leave_a_contact(pages, world):
    page = write(pages(), contact="演示区 000-0000")
    assert page.h1 == "已收到，谢谢"
    message = only(world)
    assert queries.number_of(message.public_id) in page.text
    assert (message.account_id, message.contact) == (None, "演示区 000-0000")
    assert (message.text, message.page_path) == (WORDS, "/workdays/new")
    assert message.state == FeedbackState.OPEN


def test_nobody_is_asked_for_a_contact_who_has_signed_in(pages, world):
    client = pages("sending_staff")
    assert not client.get("/feedback").find("#contact")
    assert write(client).h1 == "已收到，谢谢"
    assert only(world).account_id == world.actor("sending_staff").account_id


def test_the_receipt_without_a_message_leads_to_the_form(pages):
    assert pages().get("/feedback/receipt", 302).location == "/feedback"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("不好", "请至少写 5 个字"),
        ("字" * 2001, "最多 2000 个字"),
        ("他的证件是 11010519491231002X，请查", "身份证号码"),
    ],
)
def test_refuses_what_is_too_short_too_long_or_personal(pages, world, text, said):
    page = write(pages("sending_staff"), 200, text=text)
    assert any(said in sentence for sentence in page.errors)
    assert world.count(Feedback) == 0


def test_a_long_number_that_is_no_id_number_is_let_through():
    assert not rules.has_id_number("订单号 110105194912310021 查不到")


def test_one_address_may_not_flood_the_inbox_and_keeps_its_text(pages, world, clock):
    client = pages()
    for _ in range(rules.MOST_FROM_ADDRESS):
        assert write(client).h1 == "已收到，谢谢"
    page = client.get("/feedback").submit(kind="fault", text=WORDS, expect=429)
    assert "1 小时后再试" in page.text
    assert page.headers["Retry-After"] == "3600"
    assert WORDS in page.find("textarea").text
    assert write(pages("sending_staff")).h1 == "已收到，谢谢"
    clock.pass_time(minutes=61)
    assert write(pages()).h1 == "已收到，谢谢"
    assert world.count(Feedback) == rules.MOST_FROM_ADDRESS + 2


def test_one_account_may_not_flood_the_inbox(pages, world, monkeypatch):
    monkeypatch.setattr(rules, "MOST_A_DAY", 2)
    client = pages("sending_staff")
    for _ in range(2):
        write(client)
    page = write(client, 200)
    assert any("上限 2 条" in sentence for sentence in page.errors)
    assert world.count(Feedback) == 2


def test_the_inbox_is_the_administrators(pages):
    write(pages("sending_staff"))
    pages("county_officer").get("/feedback/inbox", 403)
    pages("security_administrator").get("/feedback/inbox", 403)
    for reader in ("system_administrator", "audit_administrator"):
        rows = pages(reader).get("/feedback/inbox").table_rows("投诉建议")
        assert [row["内容"] for row in rows] == [WORDS]


def test_the_door_counts_what_waits(pages, world):
    write(pages("sending_staff"))
    door = (
        pages("system_administrator")
        .get("/feedback/inbox")
        .find("nav a[href='/feedback/inbox'] .q-count")
    )
    assert door.text.startswith("1")
    # Whoever cannot answer is not told to.
    page = pages("audit_administrator").get("/feedback/inbox")
    assert not page.find("nav a[href='/feedback/inbox'] .q-count")


def test_an_answer_reaches_the_sender_and_nobody_else(pages, world):
    write(pages("sending_staff"))
    number = queries.number_of(only(world).public_id)
    page = pages("system_administrator").get("/feedback/inbox").click(WORDS)
    page = page.submit(text="演示：下一版改。", state_after="answered", follow=True)
    assert page.messages == ["答复已保存，提交人在“我的投诉建议”中可以看到。"]
    own = pages("sending_staff").get("/feedback/mine")
    assert number in own.text
    assert "处理中" in own.text
    assert "演示：下一版改。" in own.text
    other = pages("receiving_staff").get("/feedback/mine")
    assert number not in other.text
    assert "还没有提交过投诉建议" in other.text


def test_the_first_page_says_for_a_week_that_there_is_an_answer(pages, world, clock):
    write(pages("sending_staff"))
    page = pages("system_administrator").get("/feedback/inbox").click(WORDS)
    page.submit(text="演示：下一版改。", state_after="answered")
    assert ("查看答复", "/feedback/mine") in pages("sending_staff").get("/").links()
    assert "有了答复" not in pages("receiving_staff").get("/").text
    clock.pass_time(days=8)
    later = pages("sending_staff").get("/").text
    assert "待办" in later
    assert "有了答复" not in later


def test_a_page_is_called_by_its_name_too(pages):
    write(pages("sending_staff"), page="/summary")
    assert "有关页面：汇总（/summary）" in pages("sending_staff").get("/feedback/mine").text
    assert "汇总（/summary）" in pages("system_administrator").get("/feedback/inbox").text


def test_the_auditor_reads_and_is_offered_no_answer(pages, world):
    write(pages("sending_staff"))
    path = f"/feedback/inbox/{only(world).public_id}"
    page = pages("audit_administrator").get(path)
    assert WORDS in page.text
    assert page.forms == []
    pages("audit_administrator").post(f"{path}/answers", {"text": "x"}, 403)


def test_a_second_answer_from_an_old_page_is_a_conflict(pages, world):
    write(pages("sending_staff"))
    path = f"/feedback/inbox/{only(world).public_id}"
    first = pages("system_administrator").get(path)
    second = pages("system_administrator").get(path)
    first.submit(text="演示：已收到。", state_after="answered")
    second.submit(text="演示：另一答复。", state_after="answered", expect=409)
    page = pages("system_administrator").get(path)
    page.submit(text="演示：已办好。", state_after="closed")
    page = pages("system_administrator").get(path)
    assert "另一答复" not in page.text
    assert "已办结" in page.text


def test_an_answer_needs_words_and_a_state(pages, world):
    write(pages("sending_staff"))
    page = pages("system_administrator").get(f"/feedback/inbox/{only(world).public_id}")
    page = page.submit(text=" ", expect=200)
    assert len(page.errors) == 2
    assert only(world).state == FeedbackState.OPEN


def test_a_message_that_is_not_there_is_missing(pages):
    pages("system_administrator").get("/feedback/inbox/AAAAAAAAAAAAAAAA", 404)


def test_the_inbox_filters_by_state_kind_and_number(pages, world):
    write(pages("sending_staff"))
    number = queries.number_of(only(world).public_id)
    client = pages("system_administrator")
    for query, count in (
        ("state=open", 1),
        ("state=closed", 0),
        ("kind=suggestion&state=", 1),
        ("kind=fault", 0),
        (f"number={number}", 1),
        ("number=zzzz%25", 0),
        ("state=nonsense", 1),
    ):
        page = client.get(f"/feedback/inbox?{query}")
        assert len(page.table_rows("投诉建议") if count else []) == count, query
        assert ("没有符合条件的投诉建议" in page.text) == (count == 0), query


def test_the_audit_says_that_it_was_done_and_not_what_was_written(pages, world):
    write(pages(), contact="演示区 000-0000")
    message = only(world)
    pages("system_administrator").get(f"/feedback/inbox/{message.public_id}").submit(
        text="演示：已电话告知。", state_after="closed"
    )
    rows = world.session.execute(
        sa.select(AuditEvent.event, AuditEvent.actor, AuditEvent.facts).where(
            AuditEvent.subject == f"feedback:{message.public_id}"
        )
    ).all()
    assert [row[0] for row in rows] == ["feedback.sent", "feedback.answered"]
    assert [row[1] for row in rows] == ["visitor", "system_administrator"]
    assert not any("演示" in row[2] for row in rows)


def test_the_auditor_is_not_told_who_wrote_nor_the_sender_who_answered(pages, world):
    write(pages("sending_staff"))
    path = f"/feedback/inbox/{only(world).public_id}"
    page = pages("system_administrator").get(path)
    page.submit(text="演示：已收到。", state_after="closed")
    sender, answerer = world.actor("sending_staff"), world.actor("system_administrator")
    page = pages("system_administrator").get(path)
    assert f"{sender.name}（{sender.login}）" in page.text
    assert answerer.name in page.text
    for where in (path, "/feedback/inbox"):
        text = pages("audit_administrator").get(where).text
        assert sender.name not in text
        assert sender.login not in text
        assert answerer.name not in text
    own = pages("sending_staff").get("/feedback/mine").text
    assert "系统管理员" in own
    assert answerer.name not in own


def test_the_contact_is_shown_to_whoever_answers_only(pages, world):
    write(pages(), contact="演示区 000-0000")
    path = f"/feedback/inbox/{only(world).public_id}"
    assert "000-0000" in pages("system_administrator").get(path).text
    assert "000-0000" not in pages("audit_administrator").get(path).text


def test_twenty_messages_cost_as_many_queries_as_one(pages, portal):
    client = pages("sending_staff")
    client.get("/feedback")  # asks once a process whether this is a demonstration
    counted = []
    for _ in range(2):
        for path in ("/feedback/mine", "/feedback"):
            with statements(portal) as sent:
                client.get(path)
            counted.append(len(sent))
        for _ in range(6):
            write(client)
    assert counted[:2] == counted[2:]
