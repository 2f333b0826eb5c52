"""Registering and editing organisations, and showing their contact in clear."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from models import AuditEvent, Organisation
from models.types import ImportKind, OrgType
from portal.organisations.actions import edit_organisation, register_organisation, reveal
from portal.refusals import Conflict, Refused
from tests.support.imports import import_rows
from tests.support.world import organisation_facts

NEW = organisation_facts("52", "640303", 900, "红寺堡区演示新社会工作服务中心")


def last_event(world) -> AuditEvent:
    return world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()


def codes_of(caught) -> list[tuple[str, str]]:
    return [(one.field, one.code) for one in caught.value.refusals]


def test_registers_an_organisation_with_one_audit_event(world):
    events = world.count(AuditEvent)
    made = register_organisation(world.deed("county_officer"), NEW)
    assert made.province_code == "640000"
    assert (made.contact_phone_masked, made.bank_account_masked) == ("138****8000", None)
    assert b"13800138000" not in made.contact_phone_sealed
    assert world.count(AuditEvent) == events + 1
    assert last_event(world).event == "organisation.registered"
    assert last_event(world).subject == f"organisation:{NEW.credit_code}"


def test_stores_what_was_typed_in_its_normal_form(world):
    facts = NEW._replace(
        credit_code=f" {NEW.credit_code.lower()} ",
        name=f" {NEW.name} ",
        contact_phone="138 0013 8000",
        bank_account="1234 5678 9012 3456",
        legal_representative="  ",
    )
    made = register_organisation(world.deed("county_officer"), facts)
    assert (made.credit_code, made.name) == (NEW.credit_code, NEW.name)
    assert made.legal_representative is None
    assert made.bank_account_masked == "************3456"


def test_keeps_at_which_bank_an_account_is_until_somebody_changes_that(world):
    """The name of a bank is no secret: it stands in clear beside the masked account."""
    facts = NEW._replace(bank_name=" 演示银行　红寺堡支行 ", bank_account="12345678901234")
    made = register_organisation(world.deed("county_officer"), facts)
    assert made.bank_name == "演示银行 红寺堡支行"
    row = {
        "统一社会信用代码": NEW.credit_code,
        "机构名称": "演示改名",
        "机构类型": "社会工作服务机构",
        "所在地代码": "640303",
    }
    # A file has no column for it, as for the account.
    assert import_rows(world, ImportKind.ORGANISATIONS, [row]).report.applied
    world.session.refresh(made)
    assert (made.name, made.bank_name) == ("演示改名", "演示银行 红寺堡支行")
    assert made.bank_account_masked == "**********1234"
    edit_organisation(
        world.deed("county_officer"), made, facts._replace(bank_name=""), version=made.version
    )
    assert made.bank_name is None
    assert "bank_name" in last_event(world).facts


@pytest.mark.parametrize(
    ("persona", "seat", "is_taken"),
    [
        ("province_officer", "640303", True),
        ("province_officer", "640324", True),
        ("province_officer", "350102", False),
        ("county_officer", "640303", True),
        ("county_officer", "640324", False),
        ("national_officer", "640303", False),
        ("province_rural_officer", "640303", False),
        ("sending_manager", "350102", False),
        (None, "350102", True),
    ],
)
def test_an_office_registers_inside_its_own_area_only(world, persona, seat, is_taken):
    facts = organisation_facts("52", seat, 901, "演示机构")
    if is_taken:
        assert register_organisation(world.deed(persona), facts).region_code == seat
        return
    with pytest.raises(Refused) as caught:
        register_organisation(world.deed(persona), facts)
    assert codes_of(caught) == [("region_code", "outside_scope")]


def test_takes_a_prefecture_without_counties_as_a_seat(world):
    made = register_organisation(world.deed(), organisation_facts("52", "441900", 902, "东莞演示"))
    assert made.province_code == "440000"


@pytest.mark.parametrize("seat", ["640000", "640300", "999999", ""])
def test_refuses_a_seat_that_is_no_county(world, seat):
    with pytest.raises(Refused) as caught:
        register_organisation(world.deed(), NEW._replace(region_code=seat))
    assert codes_of(caught) == [("region_code", "unknown_region")]


def test_refuses_a_second_organisation_of_the_same_code(world):
    taken = world.organisation("receiving").credit_code
    with pytest.raises(Refused) as caught:
        register_organisation(world.deed("county_officer"), NEW._replace(credit_code=taken))
    assert codes_of(caught) == [("credit_code", "duplicate")]


def edited(world, persona="receiving_manager", version=None, **changes) -> Organisation:
    organisation = world.organisation("receiving")
    facts = organisation_facts("52", "640303", 2, organisation.name)._replace(**changes)
    edit_organisation(
        world.deed(persona), organisation, facts, version=version or organisation.version
    )
    return organisation


def test_an_edit_says_in_the_audit_what_changed_but_not_to_what(world):
    organisation = edited(world, contact_name="演示新联系人", contact_phone=None)
    assert organisation.contact_name == "演示新联系人"
    assert organisation.contact_phone_masked == "138****8000"
    assert last_event(world).event == "organisation.edited"
    assert json.loads(last_event(world).facts) == {"changed": ["contact_name"]}


def test_an_edit_forgets_the_reason_of_a_type_that_needs_none(world):
    organisation = edited(world, type=OrgType.OTHER, type_reason="演示理由")
    assert organisation.type_reason == "演示理由"
    assert edited(world, type=OrgType.RESCUE, type_reason="演示理由").type_reason is None


def test_an_edit_leaves_the_credit_code_alone(world):
    before = world.organisation("receiving").credit_code
    assert edited(world, credit_code=NEW.credit_code).credit_code == before


def test_an_edit_of_an_older_version_is_a_conflict(world):
    opened_with = world.organisation("receiving").version
    edited(world, contact_name="第一人")
    with pytest.raises(Conflict):
        edited(world, version=opened_with, contact_name="第二人")
    assert world.organisation("receiving").contact_name == "第一人"


@pytest.mark.parametrize(
    ("persona", "seat", "codes"),
    [
        ("receiving_manager", "640324", []),
        ("county_officer", "640324", ["outside_scope"]),
        ("receiving_manager", "350102", ["outside_scope", "paired"]),
        (None, "350102", ["paired"]),
    ],
)
def test_a_seat_moves_inside_the_scope_and_the_province(world, persona, seat, codes):
    if not codes:
        assert edited(world, persona, region_code=seat).region_code == seat
        return
    with pytest.raises(Refused) as caught:
        edited(world, persona, region_code=seat)
    assert codes_of(caught) == [("region_code", code) for code in codes]


def test_reveals_the_phone_and_keeps_the_reason(world):
    clear = reveal(
        world.deed("county_officer"), world.organisation("receiving"), "contact_phone", " 回访 "
    )
    assert clear == "13800138000"
    event = last_event(world)
    assert event.event == "organisation.contact_phone_revealed"
    assert json.loads(event.facts) == {"reason": "回访"}
    assert "13800138000" not in event.facts


@pytest.mark.parametrize(
    ("column", "reason"), [("contact_phone", " "), ("bank_account", "核对"), ("name", "核对")]
)
def test_reveals_nothing_without_a_reason_or_a_value(world, column, reason):
    events = world.count(AuditEvent)
    with pytest.raises(Refused):
        reveal(world.deed("county_officer"), world.organisation("receiving"), column, reason)
    assert world.count(AuditEvent) == events
