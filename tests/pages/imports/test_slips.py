"""The slips of imported accounts: made once, shown once, each password good for one change."""

from __future__ import annotations

import io

import pytest
import sqlalchemy as sa

from models import Account, AuditEvent
from models.types import Role
from tests.support.imports import as_table, workbook
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.world import World

ROWS = [
    {"登录名": f"new.{number}", "姓名": f"演示新人{number}", "角色": label, "范围": scope}
    for number, (label, scope) in enumerate(
        [(Role.COUNTY_CIVIL.label, "红寺堡区"), (Role.NAT_RURAL.label, "全国")], start=1
    )
]
SLIPS = "form[action$=slips]"


def carried_out(pages: Pages) -> Page:
    file = (io.BytesIO(workbook(as_table(ROWS))), "账号.xlsx")
    page = pages("system_administrator").get("/import/accounts").submit(file=file, follow=True)
    return page.submit("form[action$=application]", follow=True)


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
def test_each_account_gets_a_password_that_is_shown_once(pages: Pages, world: World):
    page = carried_out(pages)
    assert "2 个账号还没有密码" in page.text
    path = page.find(SLIPS)["action"]
    for persona in ("security_administrator", "sending_manager"):
        pages(persona).post(path, expect=404)
    assert pages().get("/sign-in").submit(login="new.1", password="!", expect=200).errors
    shown = page.submit(SLIPS, expect=200)
    assert shown.headers["Cache-Control"] == "no-store"
    codes = [one.text for one in shown.find_all(".q-slips code")]
    passwords = dict(zip(codes[::2], codes[1::2], strict=True))
    assert sorted(passwords) == ["new.1", "new.2"]
    hasher = pages.app.extensions["qianshou_passwords"]
    for account in world.session.scalars(sa.select(Account).where(Account.login.like("new.%"))):
        assert hasher.matches(account.password_hash, passwords[account.login])
    facts = world.session.scalars(sa.select(AuditEvent.facts)).all()
    assert not any(password in text for text in facts for password in passwords.values())
    assert "都已有密码" in pages("system_administrator").post(path, expect=409).text
    assert "还没有密码" not in pages("system_administrator").get(page.path).text
    page = pages().get("/sign-in").submit(login="new.1", password=passwords["new.1"])
    assert page.follow(302).location == "/password"
