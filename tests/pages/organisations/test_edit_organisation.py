"""Changing an organisation, by its manager or by the office at its seat."""

from __future__ import annotations

import pytest


def path(world, key="receiving") -> str:
    return f"/organisations/{world.organisation(key).credit_code}/edit"


@pytest.mark.parametrize("persona", ["receiving_manager", "county_officer", "province_officer"])
def test_saves_what_was_changed(pages, world, persona):
    form = pages(persona).get(path(world))
    assert form.find("[name=name]")["value"] == "红寺堡区演示甲社会工作服务中心"
    page = form.submit(contact_name="演示新联系人", contact_phone="13900139000", follow=True)
    assert page.messages == ["机构信息已保存。"]
    assert "演示新联系人" in page.text
    assert "139****9000" in page.text


def test_leaves_the_phone_alone_if_its_field_is_empty(pages, world):
    form = pages("receiving_manager").get(path(world))
    assert "现为 138****8000，留空则不改。" in form.text
    assert "138****8000" in form.submit(name="演示改名中心", follow=True).text


def test_whoever_saves_second_is_told_of_the_first(pages, world):
    opened = pages("receiving_manager").get(path(world))
    pages("county_officer").get(path(world)).submit(contact_name="县里改的")
    page = opened.submit(contact_name="机构改的", expect=409)
    assert "别人已修改并保存了这条记录" in page.text
    assert world.organisation("receiving").contact_name == "县里改的"


def test_a_refusal_leaves_everything_as_it_was(pages, world):
    form = pages("receiving_manager").get(path(world))
    page = form.submit(name="长" * 101, contact_name="不应保存", expect=200)
    assert page.errors == ["机构名称：机构名称 101 字，超过上限 100 字。"]
    assert world.organisation("receiving").contact_name == "演示联系人"


def test_a_paired_organisation_cannot_leave_its_province(pages, world):
    page = pages("receiving_manager").get(path(world)).submit(region_code="350102", expect=200)
    assert any("已有结对（P1）" in error for error in page.errors)


def test_a_spoilt_version_is_no_way_in(pages, world):
    form = pages("receiving_manager").get(path(world))
    page = form.submit(version="abc", name="不应保存", expect=200)
    assert page.errors
    assert world.organisation("receiving").name == "红寺堡区演示甲社会工作服务中心"


@pytest.mark.parametrize(
    ("persona", "expect"),
    [
        ("sending_province_officer", 403),
        ("national_officer", 403),
        ("receiving_staff", 403),
        ("sending_manager", 404),
        ("other_province_officer", 404),
        ("other_county_officer", 404),
    ],
)
def test_nobody_else_may(pages, world, persona, expect):
    pages(persona).get(path(world), expect=expect)
    pages(persona).post(path(world), {"name": "不应保存", "version": 1}, expect=expect)
