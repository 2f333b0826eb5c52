"""Names in the database: one stored form, keys that follow it whichever way a row comes in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Organisation, Person, Region
from models.names import NAME_COLUMNS, keys_of_name
from models.types import CertLevel, ImportKind, Role
from portal.accounts.actions import open_account
from portal.imports import cell_rules
from portal.organisations.actions import edit_organisation
from portal.organisations.rules import OrganisationFacts
from portal.pairings.actions import record_agreement
from portal.people.actions import edit_person, record_certificate, register_person
from portal.people.rules import CertificateFacts, PersonFacts
from portal.refusals import Refused
from portal.standards.id_number import make_id_number
from portal.standards.names import order_of
from tests.support.imports import credit_code_of, id_number, import_rows, workday
from tests.support.world import PEOPLE, World

KINDS = (Person, Organisation, Region)


def columns_of(session: Session, kind: Any) -> dict[str, list[str]]:
    columns = [getattr(kind, name) for name in NAME_COLUMNS]
    return {name: keys for name, *keys in session.execute(sa.select(kind.name, *columns))}


def assert_keys_follow(session: Session) -> None:
    for kind in KINDS:
        found = columns_of(session, kind)
        assert found
        for name, keys in found.items():
            assert keys == list(keys_of_name(name, is_person=kind.IS_PERSON).values())


def person_row(key: str, **cells: Any) -> dict[str, Any]:
    organisation, name, *_ = PEOPLE[key]
    row = {"机构信用代码": credit_code_of(organisation), "姓名": name, "身份证件号": id_number(key)}
    return {**row, **cells}


def new_row(name: str, number: str) -> dict[str, Any]:
    return {"机构信用代码": credit_code_of("receiving"), "姓名": name, "身份证件号": number}


def test_keys_follow_what_the_actions_write(world: World) -> None:
    assert_keys_follow(world.session)


def test_keys_follow_a_plain_insert_of_many(world: World) -> None:
    names = ["演示单丽", "演示　赵", "阿依古丽·演示"]
    world.session.execute(
        sa.insert(Person), [{"name": name, "created_at": world.clock()} for name in names]
    )
    world.session.execute(
        sa.insert(Region.__table__),
        [
            {"code": "999901", "name": "演示县", "level": "county", "province_code": "990000"}
            | {"sort_no": 1, "is_withdrawn": False}
        ],
    )
    assert_keys_follow(world.session)


def test_keys_follow_a_new_name(world: World) -> None:
    person = world.person("received1")
    facts = PersonFacts("演示单丽", "", None, None)
    edit_person(world.deed(), person, facts, version=person.version)
    organisation = world.organisation("receiving")
    edit_organisation(
        world.deed(), organisation, facts_of(organisation, "单县演示"), version=organisation.version
    )
    assert_keys_follow(world.session)


def facts_of(one: Organisation, name: str) -> OrganisationFacts:
    return OrganisationFacts(
        *(one.credit_code, name, one.type, one.type_reason, one.region_code),
        *(None, None, None, None, None),
    )


def test_a_name_is_stored_in_one_form(world: World) -> None:
    deed = world.deed()
    number = make_id_number("110105", date(1990, 1, 1), 77)
    person = register_person(
        deed, world.organisation("receiving"), PersonFacts("演示张　伟\u200b", number, None, None)
    )
    organisation = world.organisation("receiving")
    facts = facts_of(organisation, "演示 ＡＢＣ 中心(一)")._replace(
        legal_representative="演示 • 某", contact_name="\u202d演示　乙\u202c"
    )
    edit_organisation(deed, organisation, facts, version=organisation.version)
    account = open_account(
        deed,
        login="padded",
        password_hash="none",
        name="演示　官员",
        role=Role.COUNTY_CIVIL,
        scope_code="640303",
    )
    holder = world.session.get_one(Person, account.person_id)
    assert person.name == "演示张伟"
    assert organisation.name == "演示ABC中心（一）"
    assert (organisation.legal_representative, organisation.contact_name) == ("演示·某", "演示乙")
    assert holder.name == "演示官员"


def test_numbers_of_papers_are_stored_as_an_import_would_store_them(world: World) -> None:
    deed, typed = world.deed(), "\u202d演示（２０２２）０１号\u202c"
    certificate = record_certificate(
        deed,
        world.person("received1"),
        CertificateFacts(CertLevel.ASSISTANT, typed, date(2018, 6, 1)),
    )
    pairing = world.pairing("P1")
    record_agreement(deed, pairing, number=typed, signed_on=pairing.starts_on)
    assert (
        certificate.number
        == pairing.agreement_number
        == cell_rules.title(typed)
        == "演示(2022)01号"
    )


def test_refuses_an_account_of_somebody_whose_name_shows_nothing(world: World) -> None:
    with pytest.raises(Refused, match="请填写使用人姓名"):
        open_account(
            world.deed(),
            login="nobody",
            password_hash="none",
            name="\u200b\u3164",
            role=Role.COUNTY_CIVIL,
            scope_code="640303",
        )


@pytest.mark.parametrize(
    "name", ["演示乙一", "演示乙　一", "演 示 乙 一", "\u202d演示乙一\u202c", "演示乙一\u200b"]
)
def test_the_same_person_under_a_variant_of_the_name_is_unchanged(world: World, name: str) -> None:
    checked = import_rows(world, ImportKind.PEOPLE, [person_row("received1", 姓名=name)])
    assert (checked.verdict.unchanged, checked.verdict.plan) == (1, [])


@pytest.mark.parametrize("dot", "·•・･‧∙⋅．.")
def test_the_same_person_under_any_dot_is_unchanged(world: World, dot: str) -> None:
    number = make_id_number("110105", date(1990, 1, 1), 78)
    import_rows(world, ImportKind.PEOPLE, [new_row("阿依古丽·演示", number)])
    checked = import_rows(world, ImportKind.PEOPLE, [new_row(f"阿依古丽{dot}演示", number)])
    assert checked.verdict.unchanged == 1


@pytest.mark.parametrize(
    "name",
    [
        "红寺堡区演示甲社会工作服务中心",
        "红寺堡区 演示甲 社会工作服务中心",
        "红寺堡区演示甲社会工作服务中心\ufeff",
    ],
)
def test_the_same_organisation_under_a_variant_of_the_name_is_unchanged(
    world: World, name: str
) -> None:
    row = {
        "统一社会信用代码": credit_code_of("receiving"),
        "机构名称": name,
        "机构类型": "社会工作服务机构",
        "所在地代码": "640303",
    }
    checked = import_rows(world, ImportKind.ORGANISATIONS, [row])
    assert checked.verdict.unchanged == 1


def test_a_pasted_id_number_names_the_person(world: World) -> None:
    row = workday("sent1", 身份证件号=f"\u202d{id_number('sent1')}\u202c")
    checked = import_rows(world, ImportKind.WORKDAYS, [row])
    assert (checked.report.accepted, checked.report.errors) == (1, ())


def test_a_row_that_shows_nothing_is_no_row(world: World) -> None:
    rows = [person_row("received1"), dict.fromkeys(person_row("received1"), "\u200b\u3164")]
    assert import_rows(world, ImportKind.PEOPLE, rows).verdict.unchanged == 1


def test_both_databases_sort_as_the_keys_do(world: World) -> None:
    """Spaces, letters, Han characters of every plane, and what sorts otherwise by language."""
    names = [
        "西安 一",
        "先一",
        "Ａnna",
        "anna b",
        "Zoë",
        "\U00020000",
        "一",
        "张·伟",
        "章伟",
        "é",
        "10",
        "9",
    ]
    world.session.execute(
        sa.insert(Person), [{"name": name, "created_at": world.clock()} for name in names]
    )
    found = world.session.scalars(
        sa.select(Person.name).where(Person.name.in_(names)).order_by(Person.name_order)
    ).all()
    expected = sorted(names, key=lambda name: order_of(name, of_person=True).encode())
    assert list(found) == expected
