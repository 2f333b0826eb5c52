"""A contact in clear: by POST, with a reason, kept by the audit."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from models import AuditEvent


def path(world, column="contact_phone", key="receiving") -> str:
    return f"/organisations/{world.organisation(key).credit_code}/disclosures/{column}"


def test_shows_the_phone_after_a_reason(pages, world):
    page = pages("county_officer").get(path(world))
    assert "13800138000" not in page.html
    page = page.submit(reason="回访核实", expect=200)
    assert "13800138000" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    event = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.event, event.actor) == ("organisation.contact_phone_revealed", "county_officer")
    assert json.loads(event.facts) == {"reason": "回访核实"}


@pytest.mark.parametrize("reason", ["", "   ", "长" * 201])
def test_shows_nothing_without_a_fair_reason(pages, world, reason):
    page = pages("county_officer").get(path(world))
    events = world.count(AuditEvent)
    page = page.submit(reason=reason, expect=200)
    assert len(page.errors) == 1
    assert "13800138000" not in page.html
    assert world.count(AuditEvent) == events


def test_says_so_if_nothing_is_recorded(pages, world):
    page = pages("county_officer").get(path(world, "bank_account"))
    assert "没有登记银行账号" in page.text


def test_other_columns_cannot_be_asked_for(pages, world):
    pages("county_officer").get(path(world, "name"), expect=404)


@pytest.mark.parametrize(
    ("persona", "expect"),
    [("sending_province_officer", 403), ("receiving_staff", 403), ("foreign_manager", 404)],
)
def test_nobody_else_may(pages, world, persona, expect):
    pages(persona).post(path(world), {"reason": "好奇"}, expect=expect)
