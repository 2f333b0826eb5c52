"""Changing a person; who qualifies is decided anew."""

from __future__ import annotations

import pytest


def path(world, key="sent1") -> str:
    return f"/people/{world.person(key).public_id}/edit"


def test_saves_what_was_changed(pages, world):
    form = pages("sending_manager").get(path(world))
    assert form.find("[name=service_started_on]")["value"] == "2015-01-01"
    page = form.submit(name="演示改名", phone="13900139000", follow=True)
    assert page.h1 == "演示改名"
    assert "139****9000" in page.text


def test_a_later_start_of_service_shows_at_once_in_the_assignment(pages, world):
    assert world.assignment("sent1").is_qualified
    form = pages("sending_manager").get(path(world))
    page = form.submit(service_started_on="2021-06-01", follow=True)
    assert page.table_rows("选派")[0]["资格"] == "不符合，所记天数暂不计入"
    assert "复核后不符合资格：P1" in page.find(".q-timeline li").text
    assert not world.assignment("sent1").is_qualified


def test_whoever_saves_second_is_told_of_the_first(pages, world):
    client = pages("sending_manager")
    opened = client.get(path(world))
    client.get(path(world)).submit(phone="13900139000")
    page = opened.submit(phone="13900139001", expect=409)
    assert "别人已修改并保存了这条记录" in page.text
    assert world.person("sent1").phone_masked == "139****9000"


def test_a_refusal_changes_nothing(pages, world):
    form = pages("sending_manager").get(path(world))
    page = form.submit(phone="13900139000", service_started_on="2031-01-01", expect=200)
    assert "晚于今天" in page.errors[0]
    assert world.person("sent1").phone_masked is None


@pytest.mark.parametrize(
    ("persona", "expect"),
    [
        ("sending_staff", 403),
        ("sending_province_officer", 403),
        ("receiving_manager", 404),
        ("foreign_manager", 404),
    ],
)
def test_nobody_else_may(pages, world, persona, expect):
    pages(persona).get(path(world), expect=expect)
    pages(persona).post(path(world), {"name": "不应保存", "version": 1}, expect=expect)
