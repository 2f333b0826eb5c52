"""Changing the own password."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import AuditEvent, PasswordHistory, RoleGrant
from tests.support.world import PASSWORD

NEW = "teal-otter-9-planks"
WRONG_CURRENT = "当前密码：当前密码不正确；连续错误 5 次将锁定 15 分钟。"


def change(door, current=PASSWORD, new=NEW, repeated=None, **kept):
    page = door.pages("county_officer").get("/password")
    return page.submit(current=current, password=new, repeated=repeated or new, **kept)


def test_changes_it_and_asks_to_sign_in_again(door, world):
    page = change(door, follow=True)
    assert page.h1 == "登录"
    assert page.messages == ["密码已修改，请用新密码重新登录。"]
    door.fail(1, PASSWORD)
    assert door.try_in(NEW).location == "/"
    events = world.session.scalars(
        sa.select(AuditEvent.event).where(AuditEvent.event == "account.password_set")
    ).all()
    assert len(events) == 1


def test_whoever_holds_no_role_yet_changes_it_and_signs_out(door, world):
    world.session.execute(
        sa.update(RoleGrant)
        .where(RoleGrant.account_id == door.account().id)
        .values(state="proposed", confirmed_by_person_id=None)
    )
    first = door.pages("county_officer").get("/")
    assert "授权由系统管理员提出，经安全管理员确认后生效" in first.text
    assert change(door, follow=True).messages == ["密码已修改，请用新密码重新登录。"]
    client = door.pages("county_officer")
    client.get("/password")
    assert client.post("/sign-out").location == "/sign-in"
    assert client.get("/password", 302).location.startswith("/sign-in")


def test_no_password_stands_in_the_audit_or_the_history(door, world):
    change(door)
    facts = world.session.scalars(sa.select(AuditEvent.facts)).all()
    hashes = world.session.scalars(sa.select(PasswordHistory.password_hash)).all()
    assert not any(NEW in text or PASSWORD in text for text in [*facts, *hashes])


def test_refuses_a_wrong_current_password_and_counts_it(door):
    for _ in range(5):
        assert change(door, current="wrong-password", expect=200).errors == [WRONG_CURRENT]
    assert change(door, expect=200).errors == [WRONG_CURRENT]
    door.fail(1, PASSWORD)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ("short-7-xy", "密码应为 12–128 位，实际为 10 位"),
        ("county_officer-99", "不能包含登录名"),
        ("qianshou2022!!", "过于常见"),
        (PASSWORD, "最近 5 次用过"),
    ],
)
def test_refuses_a_weak_password_and_forgets_no_attempts(door, new, words):
    page = change(door, new=new, expect=200)
    assert any(words in error for error in page.errors)
    assert door.account().failed_attempts == 0
    assert door.try_in().location == "/"


def test_refuses_two_different_new_passwords(door):
    page = change(door, repeated="another-9-password", expect=200)
    assert page.errors == ["再输入一次新密码：两次输入的新密码不一致。"]


def test_the_last_five_do_not_come_back_but_older_ones_may(door, world):
    words = ["amber", "birch", "cedar", "delta", "ember"]
    used = [f"{word}-otter-{number}-planks" for number, word in enumerate(words)]
    current = PASSWORD
    for new in used:
        change(door, current=current, new=new)
        current = new
    for old in used:
        assert any("最近 5 次" in error for error in change(door, current, old, expect=200).errors)
    assert change(door, current, PASSWORD).location == "/sign-in"
    kept = sa.select(sa.func.count()).where(PasswordHistory.account_id == door.account().id)
    assert world.session.scalar(kept) == 5


def test_a_visitor_has_no_password_to_change(pages):
    assert pages().get("/password", 302).location == "/sign-in?next=/password"
