"""/pairings/<code>/agreement: the number and day of the signed agreement."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.portal import Pages
from tests.support.world import World

URL = "/pairings/P2/agreement"


@pytest.mark.parametrize("persona", ["province_officer", "sending_province_officer"])
def test_either_province_records_it(pages: Pages, world: World, persona):
    page = pages(persona).get(URL)
    page = page.submit(number="闽宁协议2号", signed_on="2022年2月1日", follow=True)
    assert page.path == "/pairings/P2"
    assert page.messages == ["帮扶协议已登记。"]
    assert world.pairing("P2").agreement_signed_on == date(2022, 2, 1)
    assert "闽宁协议2号，2022-02-01 签订" in page.text


def test_what_was_recorded_can_be_mended(pages: Pages, world: World):
    page = pages("province_officer").get("/pairings/P1").click("更正协议信息")
    assert page.form().values["number"] == ["演示协议1号"]
    page.submit(number="演示协议1号（更正）")
    assert world.pairing("P1").agreement_number == "演示协议1号(更正)"


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"number": ""}, "协议编号：请填写协议编号。"),
        ({"number": "x" * 61}, "协议编号：协议编号 61 字，超过上限 60 字。"),
        ({"signed_on": "2022-11-22"}, "签订日期：签订日期 2022-11-22 晚于今天"),
        ({"signed_on": "2022-13-01"}, "签订日期：“2022-13-01”不是日期"),
    ],
)
def test_says_what_is_wrong(pages: Pages, world: World, values, error):
    page = pages("province_officer").get(URL)
    values = {"number": "2号", "signed_on": "2022-02-01", **values}
    page = page.submit(values=values, expect=200)
    assert any(one.startswith(error) for one in page.errors), page.errors
    assert world.pairing("P2").agreement_number is None


def test_two_officers_do_not_overwrite_each_other(pages: Pages):
    one = pages("province_officer").get(URL)
    other = pages("sending_province_officer").get(URL)
    one.submit(number="1号", signed_on="2022-02-01")
    page = other.submit(number="2号", signed_on="2022-02-01", expect=409)
    assert "别人已修改并保存了这条记录" in page.text


@pytest.mark.parametrize(
    ("persona", "status"),
    [("other_county_officer", 403), ("other_manager", 403), ("other_province_officer", 404)],
)
def test_nobody_else_gets_the_form(pages: Pages, persona, status):
    pages(persona).get(URL, status)
