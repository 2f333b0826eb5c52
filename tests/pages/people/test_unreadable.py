"""A sealed value that does not open: said where it is asked for, told to whoever can mend it."""

from __future__ import annotations

import json
import logging

import pytest
import sqlalchemy as sa

from models import AuditEvent
from portal.audit import trail
from portal.checks import verify
from portal.home.inbox_queries import inbox
from portal.rooms import HOUSE

DAMAGED = b"\x01" + bytes(60)


def alarms(world) -> list[dict]:
    world.session.expire_all()
    rows = world.session.scalars(
        sa.select(AuditEvent).where(AuditEvent.event == "sealed_value.unreadable")
    )
    return [{"subject": row.subject, "actor": row.actor, **json.loads(row.facts)} for row in rows]


def ask(pages, path: str):
    return pages("county_officer").post(path, {"reason": "演示核对"}, expect=200)


@pytest.fixture
def damaged(world) -> dict[str, str]:
    """A person's and an organisation's value of each kind, damaged; the addresses that show them."""
    person, organisation = world.person("received1"), world.organisation("receiving")
    for column in ("id_number", "phone"):
        setattr(person, f"{column}_sealed", DAMAGED)
        setattr(person, f"{column}_masked", "****")
    for column in ("contact_phone", "bank_account"):
        setattr(organisation, f"{column}_sealed", DAMAGED)
        setattr(organisation, f"{column}_masked", "****")
    world.session.commit()
    return {
        **{
            f"person.{column}": f"/people/{person.public_id}/disclosures/{column}"
            for column in ("id_number", "phone")
        },
        **{
            f"organisation.{column}": (
                f"/organisations/{organisation.credit_code}/disclosures/{column}"
            )
            for column in ("contact_phone", "bank_account")
        },
    }


def test_the_page_says_so_and_raises_one_alarm_an_hour(pages, world, damaged, clock, caplog):
    for path in damaged.values():
        with caplog.at_level(logging.ERROR, "qianshou"):
            page = ask(pages, path)
        assert "无法解封（密钥不符或数据损坏）" in page.errors[0]
        assert "sealed value does not open" in caplog.text
        ask(pages, path)
    found = alarms(world)
    columns = {f"{one['subject'].partition(':')[0]}.{one['column']}" for one in found}
    assert columns == set(damaged)
    assert len(found) == len(damaged)
    assert {one["actor"] for one in found} == {"system"}
    clock.pass_time(hours=1)
    ask(pages, damaged["person.phone"])
    assert len(alarms(world)) == len(damaged) + 1
    assert trail.first_fault(world.session) is None


def test_the_audit_administrator_finds_it_in_the_inbox(pages, world, damaged):
    ask(pages, damaged["person.phone"])
    tasks = inbox(world.session, world.actor("audit_administrator"), world.clock(), HOUSE.agenda)
    assert [task.label for task in tasks] == ["加密信息无法解封"]
    page = pages("audit_administrator").get("/").click("去查看：加密信息无法解封")
    assert "手机号" in page.text


def test_the_system_administrator_is_told_what_to_do(pages, world, damaged):
    ask(pages, damaged["person.phone"])
    page = pages("system_administrator").get("/").click("看怎么办：加密信息无法解封")
    assert "flask verify" in page.text


def test_pages_that_show_masks_only_stay_as_they_are(pages, world, damaged):
    client = pages("county_officer")
    for path in ("/people", "/organisations", *damaged.values()):
        client.get(path.partition("/disclosures")[0])
    assert alarms(world) == []


def test_verify_counts_what_does_not_open(world, damaged):
    (fault,) = [
        one.fault
        for one in verify(world.session, HOUSE.checks)
        if one.check.code == "sealed_values"
    ]
    assert fault.row == f"organisation:{world.organisation('receiving').id}"
    assert "共 4 项有误" in fault.sentence


def test_a_new_value_mends_it(pages, world, damaged):
    page = pages("receiving_manager").get(f"/people/{world.person('received1').public_id}/edit")
    page.submit(phone="13900139000")
    assert "13900139000" in ask(pages, damaged["person.phone"]).text
