"""The list of accounts."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from models import Account
from models.types import Role
from portal.accounts.actions import open_account
from tests.support.statements import statements
from tests.support.world import PERSONAS


def logins(page) -> list[str]:
    return [row["登录名"] for row in page.table_rows()]


def test_lists_everybody_by_login(pages):
    found = logins(pages("system_administrator").get("/accounts"))
    assert found == sorted(PERSONAS)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=COUNTY_OFF", {"county_officer", "other_county_officer"}),
        ("q=演示甲一", {"sending_staff"}),
        ("q=%25", set()),
        ("role=sys_admin", {"system_administrator"}),
        ("role=sys_admin&q=county", set()),
        ("role=nonsense", set(PERSONAS)),
        ("state=locked", {"evaluator"}),
        ("state=disabled", {"association"}),
    ],
)
def test_filters(pages, world, clock, query, expected):
    until = clock() + timedelta(minutes=5)
    world.session.execute(
        sa.update(Account).where(Account.login == "evaluator").values(locked_until=until)
    )
    world.session.execute(
        sa.update(Account).where(Account.login == "association").values(is_disabled=True)
    )
    page = pages("security_administrator").get(f"/accounts?{query}")
    assert set(logins(page) if page.find("table") else []) == expected


def test_pages_through_many(pages, world):
    for number in range(60):
        open_account(
            world.deed(),
            login=f"many.{number:02}",
            password_hash="x",
            name="演示多人",
            role=Role.EVALUATOR,
            scope_code="CN",
        )
    client = pages("system_administrator")
    page = client.get("/accounts")
    assert len(logins(page)) == 50
    rest = page.click("下一页")
    assert len(logins(rest)) == len(PERSONAS) + 10
    assert set(logins(page)).isdisjoint(logins(rest))
    assert logins(rest.click("上一页")) == logins(page)


def test_costs_the_same_for_one_and_for_many(pages, portal):
    client = pages("system_administrator")
    client.get("/accounts")
    with statements(portal) as one:
        assert len(logins(client.get("/accounts?role=sys_admin"))) == 1
    with statements(portal) as many:
        assert len(logins(client.get("/accounts"))) > 20
    assert len(many) == len(one)


def test_says_how_an_account_stands(pages, world):
    world.session.execute(
        sa.update(Account).where(Account.login == "evaluator").values(must_change_password=True)
    )
    rows = {
        row["登录名"]: row["状态"]
        for row in pages("system_administrator").get("/accounts").table_rows()
    }
    assert rows["evaluator"] == "待改初始密码"
    assert rows["association"] == "正常"
