"""What somebody tried and was refused stands in the trail, and the chain holds."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from models import Account, AuditEvent, RoleGrant
from portal.audit import trail
from portal.audit.rules import MOST_REFUSED
from portal.personal_data.rules import MOST_REVEALS
from tests.support.workdays import logged


def kept(world) -> list[tuple[str, str, list[str]]]:
    world.session.expire_all()
    rows = world.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.event == "attempt.refused").order_by(AuditEvent.id)
    )
    return [(row.actor, row.subject, json.loads(row.facts)["codes"]) for row in rows]


def account_path(world, login: str) -> str:
    found = world.session.scalars(sa.select(Account).where(Account.login == login)).one()
    return f"/accounts/{found.public_id}"


def test_a_deed_that_the_role_does_not_allow(pages, world):
    workday = logged(world)
    path = f"/workdays/{workday.id}/confirmation/return"
    pages("county_officer").get(path, expect=403)
    assert kept(world) == []  # a page that is only looked at is no deed
    pages("county_officer").post(path, expect=403)
    assert kept(world) == [("county_officer", f"page:{path}", ["forbidden"])]
    assert trail.first_fault(world.session) is None


def test_a_deed_on_what_is_not_there_for_somebody(pages, world):
    path = f"{account_path(world, 'audit_administrator')}/disablement"
    pages("county_officer").post(path, expect=404)
    assert kept(world) == [("county_officer", f"page:{path}", ["unseen"])]


def test_rights_that_may_not_be_taken_away(pages, world):
    path = f"{account_path(world, 'security_administrator')}/disablement"
    page = pages("system_administrator").post(path, expect=409)
    assert "唯一启用的“安全管理员”" in page.text
    assert kept(world) == [("system_administrator", f"page:{path}", ["last_administrator"])]


def test_rights_administration_refused_in_a_form(pages, world):
    page = pages("system_administrator").get("/accounts/new")
    page.submit(
        login="county_officer",
        name="演示新人",
        role="county_civil",
        scope_code="640303",
        expect=200,
    )
    assert kept(world) == [("system_administrator", "page:/accounts/new", ["duplicate"])]


def test_four_eyes(pages, world):
    """A manager who is also the person confirms no day of the own."""
    workday = logged(world)
    manager = world.actor("sending_manager")
    world.session.execute(
        sa.text("UPDATE workday SET person_id = person_id, entered_by_person_id = :me"),
        {"me": manager.person_id},
    )
    client = pages("sending_manager")
    chosen = {"chosen": [f"{workday.id}-{workday.version}"]}
    client.post("/workdays/confirmation", chosen, expect=200)
    assert [(who, codes) for who, _, codes in kept(world)] == [("sending_manager", ["own_entry"])]


def test_too_many_reveals(pages, world):
    client = pages("sending_manager")
    path = f"/people/{world.person('sent1').public_id}/disclosures/id_number"
    for _ in range(MOST_REVEALS):
        client.post(path, {"reason": "演示核对"}, expect=200)
    page = client.post(path, {"reason": "演示核对"}, expect=200)
    assert "之后可以继续" in page.errors[0]
    assert kept(world) == [("sending_manager", f"page:{path}", ["too_many_reveals"])]


def test_what_a_clerk_mistypes_is_not_kept(pages, world):
    page = pages("sending_manager").get(f"/people/{world.person('sent1').public_id}/edit")
    page.submit(phone="12", expect=200)
    assert kept(world) == []


def test_a_flood_of_refusals_is_counted_not_written_down(pages, world, clock, portal):
    clients = [pages("county_officer") for _ in range(4)]
    path = f"{account_path(world, 'audit_administrator')}/disablement"
    for number in range(40):
        clients[number % 4].post(path, expect=404)
    assert len(kept(world)) == MOST_REFUSED
    clock.pass_time(minutes=1)
    clients[0].post(path, expect=404)
    assert len(kept(world)) == MOST_REFUSED + 1
    # The control: a grant that is withdrawn is recorded as ever.
    assert world.count(RoleGrant)


def test_refusals_at_the_same_time_leave_a_chain_that_holds(pages, world):
    clients = [
        pages(persona) for persona in ("county_officer", "sending_manager") for _ in range(4)
    ]
    path = f"{account_path(world, 'audit_administrator')}/disablement"
    tokens = [client.get("/password").form().values for client in clients]
    world.session.commit()

    def attempt(client, values):
        return client.client.post(path, data=values).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(attempt, clients, tokens))
    assert answers == [404] * 8
    assert len(kept(world)) == 8
    assert trail.first_fault(world.session) is None


def test_the_auditor_reads_it_in_words(pages, world):
    pages("system_administrator").post(
        f"{account_path(world, 'sending_staff')}/unlocking", expect=403
    )
    row = pages("audit_administrator").get("/audit?event=attempt.refused")
    assert "没有此项权限" in row.text
    assert "确认授权、解锁和强制下线" in row.text
