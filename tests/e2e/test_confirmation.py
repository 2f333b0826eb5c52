"""A pairing before and after the second province's confirmation, in a real browser."""

from __future__ import annotations

import re

import sqlalchemy as sa
from playwright.sync_api import Page, expect

from models import Pairing
from models.types import PairingState
from tests.e2e.conftest import DESKTOP, PHONE, DemoPortal, picture


def code_of_the_proposal(demo: DemoPortal) -> str:
    with demo.app.extensions["qianshou_database"].reading() as session:
        waiting = sa.select(Pairing.code).where(Pairing.state == PairingState.PROPOSED)
        return session.scalars(waiting).one()


def paired_of_the_year(page: Page) -> str:
    """Read the last line of the list: how many pairings wait, and how many there are."""
    page.goto("/pairings?year=2026")
    return page.locator("tfoot").inner_text()


def test_a_pairing_before_and_after_the_second_provinces_confirmation(demo: DemoPortal) -> None:
    code = code_of_the_proposal(demo)
    with demo.visited("yanshi-prov", PHONE) as page:
        page.goto(f"/pairings/{code}")
        picture(page, "pairing-unconfirmed")
    with demo.visited("yanshi-prov", DESKTOP) as page:
        page.goto("/")
        task = page.locator(".q-tasks li", has_text="待本省确认的结对")
        expect(task).to_contain_text(code)
        assert "待确认 1" in paired_of_the_year(page)

        page.goto(f"/pairings/{code}")
        expect(page.get_by_text("待确认，尚未生效。")).to_be_visible()
        expect(page.get_by_role("link", name="不同意结对")).to_be_visible()
        expect(page.get_by_role("link", name="终止结对")).to_have_count(0)
        expect(page.get_by_role("heading", name=re.compile("是否达标"))).to_have_count(0)
        picture(page, "pairing-unconfirmed")

        page.goto(f"/pairings/{code}/agreement")
        expect(page.get_by_text(f"结对 {code} 待确认，不能登记帮扶协议")).to_be_visible()
        expect(page.get_by_role("button", name="登记")).to_have_count(0)

        page.goto(f"/pairings/{code}")
        page.get_by_role("button", name="确认结对").click()
        page.get_by_role("dialog").get_by_role("button").last.click()
        expect(page.get_by_text("结对自现在起生效")).to_be_visible()
        expect(page.get_by_text("待确认，尚未生效。")).to_have_count(0)
        expect(page.get_by_role("link", name="终止结对")).to_be_visible()
        expect(page.get_by_role("heading", name=re.compile("是否达标"))).to_be_visible()
        assert "待确认" not in paired_of_the_year(page)

        page.goto(f"/pairings/{code}/agreement")
        expect(page.get_by_role("button", name="登记")).to_be_visible()
        page.goto("/")
        expect(page.locator(".q-tasks li", has_text="待本省确认的结对")).to_have_count(0)
