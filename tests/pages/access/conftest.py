"""An account that can be signed in to by its password, as a visitor does it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import Account
from portal.access.password_store import Passwords
from tests.support.page_client import Page
from tests.support.world import PASSWORD, World

WRONG = "登录名或密码不正确；连续错误 5 次将锁定 15 分钟。"


class Door:
    """The sign-in page, and the account that a test tries to get into."""

    def __init__(self, pages, world: World) -> None:
        self.pages = pages
        self.world = world

    def account(self, login: str = "county_officer") -> Account:
        return self.world.session.scalars(sa.select(Account).where(Account.login == login)).one()

    def try_in(self, password=PASSWORD, login="county_officer", client=None, **kept) -> Page:
        """Send the form; ``expect=302`` (the default) is the answer of somebody who is let in."""
        page = (client or self.pages()).get("/sign-in" + kept.pop("query", ""))
        return page.submit(login=login, password=password, **kept)

    def fail(self, times: int, password="wrong-password", login="county_officer") -> None:
        for _ in range(times):
            page = self.try_in(password, login, expect=200)
            assert page.errors == [WRONG]


@pytest.fixture
def door(pages, world) -> Door:
    hashed = Passwords(8).hash(PASSWORD)
    world.session.execute(sa.update(Account).values(password_hash=hashed))
    world.session.commit()
    return Door(pages, world)
