"""Files that wrote into a register are taken back: untouched, built on, changed since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

from models import (
    Account,
    Allocation,
    Assignment,
    AuditEvent,
    Certificate,
    ImportBatch,
    ImportedRow,
    Organisation,
    Pairing,
    PairingDecision,
    Person,
    RoleGrant,
    WorkYear,
)
from models.types import CertLevel, GrantState, ImportKind, PairingState, Role, Side
from portal.accounts.actions import confirm_grant, disable_account
from portal.changes.actions import record_certificate
from portal.checks import verify
from portal.imports.actions import undo
from portal.imports.kinds import KINDS
from portal.imports.undo_queries import REGISTERS, WORDS, references_to
from portal.organisations.actions import edit_organisation
from portal.organisations.rules import OrganisationFacts
from portal.pairings.actions import record_agreement
from portal.people.actions import register_person
from portal.people.rules import CertificateFacts, PersonFacts
from portal.programme.allocation_actions import facts_of, remove_allocation, set_allocation
from portal.refusals import Refused
from portal.rooms import HOUSE
from portal.staffing.actions import nominate
from portal.standards.credit_code import make_credit_code
from portal.standards.id_number import make_id_number
from tests.support.imports import Row, credit_code_of, id_number, import_rows
from tests.support.world import World

NEW_CODE, NEW_SENDER = make_credit_code("52", "640303", 900), make_credit_code("52", "350102", 901)
NEW_NUMBER = make_id_number("653228", date(1990, 5, 1), 90)
CODE = "2022-640303-09"


class Case(NamedTuple):
    """A file of a kind, and what somebody does afterwards; ``stands`` says what is to be as before."""

    kind: ImportKind
    persona: str | None
    rows: Callable[[World], list[Row]]
    stands: Callable[[World], Any]
    build: Callable[[World], object]
    built: str
    change: Callable[[World], object]
    changed: str


def organisation(**cells: Any) -> Row:
    return {
        "统一社会信用代码": NEW_CODE,
        "机构名称": "红寺堡区演示新社会工作服务中心",
        "机构类型": "社会工作服务机构",
        "所在地代码": "640303",
        **cells,
    }


def organisations(world: World) -> list[Row]:
    stored = world.organisation("receiving")
    stored.contact_phone_sealed = stored.contact_phone_masked = None
    world.session.flush()
    known = {"统一社会信用代码": stored.credit_code, "机构名称": stored.name}
    return [organisation(), organisation(**known, 联系人="演示新人", 联系电话="13900001111")]


def organisations_stand(world: World) -> Any:
    wanted = sa.select(
        Organisation.credit_code,
        Organisation.name,
        Organisation.contact_name,
        Organisation.contact_phone_masked,
        Organisation.contact_phone_sealed.is_(None),
    ).order_by(Organisation.id)
    return [tuple(row) for row in world.session.execute(wanted)]


def new_organisation(world: World) -> Organisation:
    wanted = sa.select(Organisation).where(Organisation.credit_code == NEW_CODE)
    return world.session.scalars(wanted).one()


def changes_contact(world: World) -> None:
    one = world.organisation("receiving")
    facts = OrganisationFacts(
        one.credit_code, one.name, one.type, None, one.region_code, None, "演示又一人", None, None, None
    )  # fmt: skip
    edit_organisation(world.deed(), one, facts, version=one.version)


def people(world: World) -> list[Row]:
    if not world.session.scalar(sa.select(sa.exists().where(Person.name == "演示新人"))):
        assert not world.assignment("unqualified").is_qualified
    new = {
        "机构信用代码": credit_code_of("sending"),
        "姓名": "演示新人",
        "身份证件号": NEW_NUMBER,
        "证书等级": "社会工作师",
        "证书编号": "演示证900",
        "证书取得日期": "2018-06-01",
    }
    known = {
        "姓名": "演示甲三",
        "身份证件号": id_number("unqualified"),
        "手机号": "13900001111",
        "证书编号": "演示证901",
        "从事社会工作起始日期": "2015-01-01",
    }
    return [new, {**new, **known}]


def people_stand(world: World) -> Any:
    session = world.session
    persons = sa.select(
        Person.name, Person.phone_masked, Person.phone_sealed.is_(None), Person.service_started_on
    )
    certificates = sa.select(Certificate.person_id, Certificate.level, Certificate.number)
    sent = sa.select(Assignment.person_id, Assignment.is_qualified)
    return [sorted(map(str, session.execute(wanted))) for wanted in (persons, certificates, sent)]


def nominates_the_new_one(world: World) -> None:
    person = world.session.scalars(sa.select(Person).where(Person.name == "演示新人")).one()
    nominate(
        world.deed("sending_manager"),
        pairing=world.pairing(),
        person=person,
        side=Side.SENT,
        starts_on=date(2022, 3, 1),
        ends_on=None,
    )


def certifies_the_known_one(world: World) -> None:
    facts = CertificateFacts(CertLevel.SENIOR, "演示证902", date(2020, 6, 1))
    record_certificate(world.deed("sending_manager"), world.person("unqualified"), facts)


def pairings(world: World) -> list[Row]:
    rows = [organisation(), organisation(统一社会信用代码=NEW_SENDER, 所在地代码="350102")]
    if not world.session.scalar(sa.select(sa.exists().where(Organisation.credit_code == NEW_CODE))):
        import_rows(world, ImportKind.ORGANISATIONS, rows)
    new = {
        "结对编号": CODE,
        "援派机构信用代码": NEW_SENDER,
        "受援机构信用代码": NEW_CODE,
        "受援县代码": "640303",
        "开始日期": "2022-01-01",
    }
    known = [
        {
            **new,
            "结对编号": code,
            "援派机构信用代码": credit_code_of(sending),
            "受援机构信用代码": credit_code_of(receiving),
            "受援县代码": county,
            "协议编号": f"演示协议新{code}",
            "协议签订日期": "2022-01-05",
        }
        for code, sending, receiving, county in (
            ("P1", "sending", "receiving", "640303"),
            ("P2", "sending2", "receiving2", "640324"),
        )
    ]
    return [new, *known]


def pairings_stand(world: World) -> Any:
    wanted = sa.select(
        Pairing.code,
        Pairing.state,
        Pairing.agreement_number,
        Pairing.agreement_signed_on,
        Pairing.agreement_recorded_at,
    ).where(Pairing.state != PairingState.DECLINED)
    return [tuple(row) for row in world.session.execute(wanted.order_by(Pairing.id))]


def sends_somebody(world: World) -> None:
    deed = world.deed()
    sender = world.session.scalars(
        sa.select(Organisation).where(Organisation.credit_code == NEW_SENDER)
    ).one()
    person = register_person(deed, sender, PersonFacts("演示新人", NEW_NUMBER, None, None))
    first = date(2022, 3, 1)
    pairing = world.pairing(CODE)
    nominate(deed, pairing=pairing, person=person, side=Side.SENT, starts_on=first, ends_on=None)


def allocations(world: World) -> list[Row]:
    row = {
        "年度": "2022",
        "援派省份代码": "350000",
        "受援省份代码": "640000",
        "结对数量": "5",
    }
    if not world.count(Allocation):
        import_rows(world, ImportKind.ALLOCATIONS, [row])
        world.clock.pass_time(minutes=5)
    return [{**row, "结对数量": "6"}, {**row, "结对数量": "2", "受援县代码": "640303"}]


def allocations_stand(world: World) -> Any:
    wanted = sa.select(Allocation.county_code, Allocation.pairs).order_by(Allocation.id)
    return [tuple(row) for row in world.session.execute(wanted)]


def allocation(world: World, county: str) -> Allocation:
    wanted = sa.select(Allocation).where(Allocation.county_code == county)
    return world.session.scalars(wanted).one()


def plans_more(world: World) -> None:
    row = allocation(world, "")
    facts = facts_of(row)._replace(pairs=9)
    set_allocation(world.deed("national_officer"), facts, replacing=row)


def accounts(_world: World) -> list[Row]:
    return [
        {
            "登录名": "new.one",
            "姓名": "演示新人",
            "角色": Role.COUNTY_CIVIL.label,
            "范围": "红寺堡区",
        },
        {"姓名": "演示甲二", "角色": Role.SEND_STAFF.label, "范围": credit_code_of("sending")},
    ]


def accounts_stand(world: World) -> Any:
    wanted = (
        sa.select(Account.login, RoleGrant.role)
        .join(RoleGrant, RoleGrant.account_id == Account.id)
        .where(
            RoleGrant.state.in_((GrantState.PROPOSED, GrantState.CONFIRMED)),
            Account.is_disabled.is_(False),
        )
    )
    return sorted(map(str, world.session.execute(wanted)))


def new_account(world: World) -> Account:
    return world.session.scalars(sa.select(Account).where(Account.login == "new.one")).one()


def confirms(world: World) -> None:
    wanted = sa.select(RoleGrant).where(RoleGrant.account_id == new_account(world).id)
    confirm_grant(world.deed("security_administrator"), world.session.scalars(wanted).one())


CASES = (
    Case(
        ImportKind.ORGANISATIONS,
        "county_officer",
        organisations,
        organisations_stand,
        lambda world: register_person(
            world.deed(), new_organisation(world), PersonFacts("演示新人", NEW_NUMBER, None, None)
        ),
        "红寺堡区演示新社会工作服务中心（人员 1 项：演示新人",
        changes_contact,
        "红寺堡区演示甲社会工作服务中心（此后有修改，",
    ),
    Case(
        ImportKind.PEOPLE,
        "sending_manager",
        people,
        people_stand,
        nominates_the_new_one,
        "演示新人（选派 1 项：P1，演示",
        certifies_the_known_one,
        "演示甲三（此后有修改，演示",
    ),
    Case(
        ImportKind.PAIRINGS,
        None,
        pairings,
        pairings_stand,
        sends_somebody,
        f"{CODE}（选派 1 项：{CODE}",
        lambda world: record_agreement(
            world.deed("province_officer"),
            world.pairing(),
            number="演示协议3号",
            signed_on=date(2022, 2, 1),
        ),
        "P1（此后有修改，演示",
    ),
    Case(
        ImportKind.ALLOCATIONS,
        "national_officer",
        allocations,
        allocations_stand,
        lambda world: remove_allocation(world.deed(), allocation(world, "640303")),
        "有 1 项已被删除",
        plans_more,
        "2022 年度 福建省 → 宁夏回族自治区（此后有修改，演示",
    ),
    Case(
        ImportKind.ACCOUNTS,
        "system_administrator",
        accounts,
        accounts_stand,
        confirms,
        "演示新人（new.one）（授权有效，演示",
        lambda world: disable_account(world.deed("security_administrator"), new_account(world)),
        "演示新人（new.one）（已停用",
    ),
)
OF_EVERY_KIND = pytest.mark.parametrize("case", CASES, ids=[case.kind.value for case in CASES])


@pytest.fixture
def taken_in(world: World, case: Case) -> tuple[World, ImportBatch, Any]:
    """A file of the kind that was carried out, and what stood before."""
    nominate(
        world.deed(),
        pairing=world.pairing(),
        person=world.person("unqualified"),
        side=Side.SENT,
        starts_on=date(2022, 1, 1),
        ends_on=None,
    )
    rows = case.rows(world)
    world.session.flush()
    before = case.stands(world)
    assert import_rows(world, case.kind, rows, persona=case.persona).report.applied
    assert case.stands(world) != before
    latest = sa.select(ImportBatch).order_by(ImportBatch.id.desc()).limit(1)
    world.session.commit()
    world.clock.pass_time(minutes=5)
    return world, world.session.scalars(latest).one(), before


def take_back(world: World, case: Case, batch: ImportBatch) -> Any:
    with world.session.begin_nested():
        return undo(world.deed(case.persona), batch, KINDS[case.kind])


@OF_EVERY_KIND
def test_an_untouched_file_goes_and_comes_in_anew(taken_in: Any, case: Case):
    world, batch, before = taken_in
    done = take_back(world, case, batch)
    assert case.stands(world) == before
    kept = sa.exists().where(ImportedRow.import_id == batch.id)
    assert (done.count, world.session.scalar(sa.select(kept))) == (batch.accepted, False)
    event = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert event.event == "import.undone"
    assert f'"removed":{done.removed}' in event.facts.replace(" ", "")
    again = import_rows(world, case.kind, case.rows(world), persona=case.persona)
    assert (again.report.accepted, again.report.refused) == (batch.accepted, 0)


@OF_EVERY_KIND
def test_what_somebody_built_on_or_changed_since_keeps_the_whole_file(taken_in: Any, case: Case):
    world, batch, _ = taken_in
    for deed, told in ((case.build, case.built), (case.change, case.changed)):
        with world.session.begin_nested() as afterwards:
            deed(world)
            stands = case.stands(world)
            with pytest.raises(Refused) as refused:
                take_back(world, case, batch)
            assert told in str(refused.value)
            assert (case.stands(world), batch.undone_at) == (stands, None)
            afterwards.rollback()


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
@pytest.mark.parametrize("case", CASES[2:4], ids=["pairings", "allocations"])
def test_what_counts_in_a_closed_year_stays(taken_in: Any, case: Case):
    world, batch, _ = taken_in
    closed = sa.update(WorkYear).where(WorkYear.year == 2022)
    world.session.execute(closed.values(closed_at=world.clock(), state="closed"))
    stands = case.stands(world)
    with pytest.raises(Refused, match="2022"):
        take_back(world, case, batch)
    assert (case.stands(world), batch.undone_at) == (stands, None)


@pytest.mark.parametrize("press", ["sqlite"], indirect=True)
@pytest.mark.parametrize("case", [CASES[2]])
def test_the_decisions_on_a_pairing_tell_it(taken_in: Any, case: Case):
    world, batch, _ = taken_in
    pairing = world.pairing(CODE)
    take_back(world, case, batch)
    kinds = sa.select(PairingDecision.kind, PairingDecision.reason).order_by(PairingDecision.id)
    of_new = kinds.where(PairingDecision.pairing_id == pairing.id)
    assert tuple(world.session.execute(of_new).all()[-1]) == (
        "import_undone",
        "撤销导入：演示.xlsx",
    )
    of_known = kinds.where(PairingDecision.pairing_id == world.pairing().id)
    assert world.session.execute(of_known).all()[-1].kind == "agreement_undone"
    assert (pairing.code, pairing.confirmed_at) == (f"{CODE}-作废{pairing.id}", None)
    faults = [one.fault for one in verify(world.session, HOUSE.checks) if one.fault]
    assert faults == []


def test_every_table_that_refers_to_a_register_has_its_word():
    named = {table.name for one in REGISTERS.values() for table, _ in references_to(one)}
    decided = {name for name in named if name.endswith("_decision")}
    assert named - decided <= set(WORDS)
    assert set(WORDS) - named == {"certificate_file"}
