"""The tour: shown until it is sent away, once for all, to whoever may go anywhere at all."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import Account, AuditEvent
from tests.support.statements import statements


def account_of(world, persona):
    return world.session.scalars(sa.select(Account).where(Account.login == persona)).one()


@pytest.mark.parametrize(
    "persona",
    [
        "receiving_staff",
        "sending_manager",
        "county_officer",
        "prefecture_rural_officer",
        "evaluator",
        "association",
        "system_administrator",
        "security_administrator",
        "audit_administrator",
    ],
)
def test_everybody_meets_it_once_and_may_open_all_it_speaks_of(pages, persona):
    client = pages(persona)
    assert client.get("/").find("[data-tour]")
    assert not client.get("/calendar/2022").find("[data-tour]")  # on the first page only
    for link in client.get("/help/tour").find_all("main ol a"):
        client.get(link["href"], 200, follow=True)
    client.post("/tour/dismissal", {"back": "/"})
    assert not client.get("/").find("[data-tour]")
    assert client.get("/help/tour").find("main ol li")


def test_it_stands_outside_the_page_and_links_its_script_only_when_shown(pages):
    client = pages("sending_staff")
    page = client.get("/")
    assert not page.find("main [data-tour]")
    assert page.find("script[src*=tour.js]")
    client.post("/tour/dismissal", {})
    page = client.get("/")
    assert not page.find("script[src*=tour.js]")
    assert "tour.css" not in page.html


def test_sending_it_away_leads_back_and_is_one_event(pages, world):
    client = pages("sending_staff")
    assert client.post("/tour/dismissal", {"back": "/workdays?year=2022"}).location == (
        "/workdays?year=2022"
    )
    assert client.post("/tour/dismissal", {"back": "//evil.example/"}).location == "/"
    assert account_of(world, "sending_staff").toured_at is not None
    events = world.session.scalars(
        sa.select(AuditEvent.event).where(AuditEvent.event == "tour.dismissed")
    ).all()
    assert len(events) == 1
    assert account_of(world, "receiving_staff").toured_at is None


def test_whoever_must_change_the_password_first_is_not_led_elsewhere(pages, world):
    account_of(world, "sending_staff").must_change_password = True
    world.session.commit()
    page = pages("sending_staff").get("/password")
    assert not page.find("[data-tour]")


def test_a_visitor_sees_none(pages):
    assert not pages().get("/help").find("[data-tour]")
    pages().post("/tour/dismissal", {}, 302)


def test_it_costs_no_query(pages, portal):
    client = pages("sending_staff")
    client.get("/")
    with statements(portal) as shown:
        client.get("/")
    client.post("/tour/dismissal", {})
    with statements(portal) as gone:
        client.get("/")
    assert len(shown) == len(gone)
