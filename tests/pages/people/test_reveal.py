"""A number in clear: by POST, with a reason, kept by the audit."""

from __future__ import annotations

import json
from datetime import date

import pytest
import sqlalchemy as sa

from models import AuditEvent
from portal.standards.id_number import make_id_number

SENT = make_id_number("110105", date(1985, 3, 1), 11)
RECEIVED = make_id_number("110105", date(1990, 3, 1), 21)


def path(world, key="sent1", column="id_number") -> str:
    return f"/people/{world.person(key).public_id}/disclosures/{column}"


@pytest.mark.parametrize(
    ("persona", "key", "number"),
    [
        ("sending_manager", "sent1", SENT),
        ("sending_province_officer", "sent1", SENT),
        ("county_officer", "received1", RECEIVED),
    ],
)
def test_shows_the_number_after_a_reason(pages, world, persona, key, number):
    page = pages(persona).get(path(world, key))
    assert number not in page.html
    page = page.submit(reason="办理保险", expect=200)
    assert number in page.text
    event = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.event, event.actor) == ("person.id_number_revealed", persona)
    assert event.subject == f"person:{world.person(key).public_id}"
    assert json.loads(event.facts) == {"reason": "办理保险"}


@pytest.mark.parametrize("reason", ["", "  ", "\u200b", "\u3164\u00a0"])
def test_shows_nothing_without_a_reason(pages, world, reason):
    page = pages("sending_manager").get(path(world))
    events = world.count(AuditEvent)
    page = page.submit(reason=reason, expect=200)
    assert len(page.errors) == 1
    assert SENT not in page.html
    assert world.count(AuditEvent) == events


def test_says_so_if_nothing_is_recorded(pages, world):
    page = pages("sending_manager").get(path(world, column="phone"))
    assert "没有登记手机号" in page.text
    page = pages("sending_manager").post(
        path(world, column="phone"), {"reason": "联系"}, expect=200
    )
    assert page.errors == ["没有登记这项信息，无原文可查看。"]


@pytest.mark.parametrize(
    ("persona", "key", "expect"),
    [
        ("province_officer", "sent1", 403),
        ("county_officer", "sent1", 403),
        ("national_officer", "sent1", 403),
        ("sending_staff", "sent1", 403),
        ("receiving_manager", "sent1", 404),
        ("other_county_officer", "received1", 404),
    ],
)
def test_nobody_else_may(pages, world, persona, key, expect):
    pages(persona).post(path(world, key), {"reason": "好奇"}, expect=expect)
