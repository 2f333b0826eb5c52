"""/notes: written on a pairing, read by whoever reaches it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import AuditEvent, Note
from tests.support.inbox import door_count

LIST, NEW = "/notes", "/pairings/P1/notes/new"


def test_a_note_is_kept_recorded_and_counted_on_the_door(pages, world):
    page = pages("province_officer").get(NEW).submit(text="演示：协议到期前提醒", follow=True)
    assert page.path == LIST
    assert "P1：演示：协议到期前提醒" in page.text
    assert door_count(page, "备忘") == "1"
    assert world.session.scalars(sa.select(Note.text)).all() == ["演示：协议到期前提醒"]
    assert "note.written" in world.session.scalars(sa.select(AuditEvent.event)).all()
    pages("audit_administrator").get("/audit?event=note.written").find("table")


def test_refuses_a_note_that_is_too_long(pages, world):
    page = pages("province_officer").get(NEW).submit(text="字" * 201, expect=200)
    assert "备忘最多 200 字，现有 201 字，请缩短后再保存。" in page.text
    assert world.session.scalars(sa.select(Note.text)).all() == []


@pytest.mark.parametrize(
    ("persona", "is_seen"), [("county_officer", True), ("other_province_officer", False)]
)
def test_who_does_not_reach_the_pairing_does_not_see_its_note(pages, persona, is_seen):
    pages("province_officer").get(NEW).submit(text="演示备忘")
    assert ("演示备忘" in pages(persona).get(LIST).text) == is_seen


def test_the_county_may_read_and_not_write(pages):
    pages("county_officer").get(NEW, expect=403)
    pages("other_province_officer").get(NEW, expect=404)
