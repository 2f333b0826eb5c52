"""Organisations, people, allocations, pairings and assignments: codes, changes, and who may what."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models import (
    Allocation,
    Assignment,
    AssignmentDecision,
    AuditEvent,
    Certificate,
    Organisation,
    Pairing,
    PairingYearTotal,
    Person,
)
from models.types import AssignmentState, CertLevel, ImportKind, Line, OrgType, Side
from portal.changes.actions import terminate_pairing
from portal.imports.checking_apart import check
from portal.organisations.actions import register_organisation
from portal.organisations.rules import OrganisationFacts
from portal.pairings.actions import create_pairing, record_agreement
from portal.people.actions import record_certificate, register_person
from portal.people.rules import CertificateFacts, PersonFacts
from portal.refusals import Refused
from portal.staffing.actions import nominate, reject_assignment
from portal.standards.credit_code import make_credit_code
from portal.standards.id_number import make_id_number
from tests.support.imports import (
    check_rows,
    codes_of,
    credit_code_of,
    file_of,
    id_number,
    import_rows,
)

ORG, PEOPLE, PAIRINGS = ImportKind.ORGANISATIONS, ImportKind.PEOPLE, ImportKind.PAIRINGS
ALLOCATIONS, ASSIGNMENTS = ImportKind.ALLOCATIONS, ImportKind.ASSIGNMENTS

NEW_CODE = make_credit_code("52", "640303", 900)
NEW_NUMBER = make_id_number("653228", date(1990, 5, 1), 90)
FREE_NUMBER = make_id_number("653228", date(1990, 5, 1), 91)


def organisation(**cells):
    row = {
        "统一社会信用代码": NEW_CODE,
        "机构名称": "红寺堡区演示新社会工作服务中心",
        "机构类型": "社会工作服务机构",
        "所在地代码": 640303,
        "法定代表人": "演示法人",
        "联系人": "演示联系人",
        "联系电话": 13800138000,
        "成立日期": "2019年3月1日",
    }
    return {**row, **cells}


def person(**cells):
    row = {
        "机构信用代码": credit_code_of("sending"),
        "姓名": "演示新人",
        "身份证件号": NEW_NUMBER,
        "手机号": "13900001111",
        "证书等级": "社会工作师",
        "证书编号": "演示证900",
        "证书取得日期": "2018/6/1",
        "从事社会工作起始日期": "2015-01-01",
    }
    return {**row, **cells}


def pairing(**cells):
    row = {
        "结对编号": "2022-640402-09",
        "援派机构信用代码": make_credit_code("52", "350102", 901),
        "受援机构信用代码": NEW_CODE,
        "受援县代码": 640303,
        "任务线": "重点县",
        "开始日期": "2022-01-01",
    }
    return {**row, **cells}


def assignment(**cells):
    row = {
        "结对编号": "P1",
        "身份证件号": id_number("unqualified"),
        "角色": "援派",
        "开始日期": "2022-03-01",
    }
    return {**row, **cells}


def columns(one, besides=()):
    own = {"id", "version", "public_id", *besides}
    return {
        column.key: getattr(one, column.key)
        for column in sa.inspect(type(one)).column_attrs
        if column.key not in own and not column.key.endswith("_sealed")
    }


# ---- organisations -------------------------------------------------------------------------


def test_registers_an_organisation_as_the_page_would(world):
    import_rows(world, ORG, [organisation()])
    by_file = world.session.scalars(
        sa.select(Organisation).where(Organisation.credit_code == NEW_CODE)
    ).one()
    other = make_credit_code("52", "640303", 902)
    by_page = register_organisation(
        world.deed(),
        OrganisationFacts(
            other, by_file.name, OrgType.SOCIAL_WORK, None, "640303", "演示法人", "演示联系人",
            "13800138000", None, date(2019, 3, 1),
        ),
    )  # fmt: skip
    assert columns(by_file, ["credit_code"]) == columns(by_page, ["credit_code"])
    assert by_file.contact_phone_sealed


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"统一社会信用代码": NEW_CODE[:-1] + "0"}, "统一社会信用代码", "invalid_credit_code"),
        ({"统一社会信用代码": ""}, "统一社会信用代码", "missing_value"),
        ({"所在地代码": "640000"}, "所在地代码", "unknown_region"),
        ({"所在地代码": "999999"}, "所在地代码", "unknown_region"),
        ({"机构类型": "公司"}, "机构类型", "invalid_value"),
        ({"联系电话": "12345"}, "联系电话", "invalid_value"),
        ({"成立日期": "2031-01-01"}, "成立日期", "future_date"),
        ({"成立日期": "去年"}, "成立日期", "invalid_date"),
        ({"机构名称": "长" * 101}, "机构名称", "text_too_long"),
    ],
)
def test_refuses_an_organisation(world, change, column, code):
    count = world.count(Organisation)
    checked = import_rows(world, ORG, [organisation(**change)])
    assert codes_of(checked) == [(2, column, code)]
    assert world.count(Organisation) == count


def test_refuses_an_organisation_that_stands_twice_in_the_file(world):
    checked = check_rows(world, ORG, [organisation(), organisation(机构名称="又一家")])
    assert codes_of(checked) == [(3, "统一社会信用代码", "duplicate")]


def test_changes_what_differs_and_leaves_what_is_blank(world):
    code = credit_code_of("receiving")
    row = {
        "统一社会信用代码": code.lower(),
        "机构名称": "改名后的演示中心",
        "机构类型": "社会工作服务机构",
        "所在地代码": "640303",
        "法定代表人": "",
        "联系电话": "13900001111",
    }
    assert import_rows(world, ORG, [row]).report.accepted == 1
    found = world.organisation("receiving")
    assert found.name == "改名后的演示中心"
    assert (found.legal_representative, found.founded_on) == ("演示法定代表人", date(2012, 5, 1))
    assert found.contact_phone_masked == "139****1111"
    events = world.count(AuditEvent)
    report = import_rows(world, ORG, [row]).report
    assert (report.unchanged, report.applied) == (1, False)
    assert world.count(AuditEvent) == events


def test_takes_another_type_of_organisation_and_asks_to_explain_it(world):
    report = import_rows(world, ORG, [organisation(机构类型="其他")]).report
    assert report.applied
    assert [caution.code for caution in report.warnings] == ["type_reason"]
    assert import_rows(world, ORG, [organisation(机构类型="其他")]).report.unchanged == 1


@pytest.mark.parametrize(
    ("persona", "row", "code"),
    [
        ("county_officer", organisation(), None),
        ("province_officer", organisation(), None),
        ("other_county_officer", organisation(), "outside_scope"),
        (
            "county_officer",
            organisation(统一社会信用代码=credit_code_of("sending")),
            "duplicate",
        ),
        ("sending_manager", organisation(), "outside_scope"),
        (
            "sending_manager",
            organisation(统一社会信用代码=credit_code_of("receiving")),
            "outside_scope",
        ),
        (
            "sending_manager",
            organisation(统一社会信用代码=credit_code_of("sending"), 所在地代码="350102"),
            None,
        ),
    ],
)
def test_an_officer_registers_in_the_own_area_and_a_manager_changes_the_own_one(
    world, persona, row, code
):
    errors = check_rows(world, ORG, [row], persona=persona).report.errors
    assert [error.code for error in errors] == ([code] if code else [])


# ---- people --------------------------------------------------------------------------------


def test_registers_a_person_as_the_page_would(world):
    import_rows(world, PEOPLE, [person()])
    by_file = world.session.scalars(sa.select(Person).where(Person.name == "演示新人")).one()
    by_page = register_person(
        world.deed(),
        world.organisation("sending"),
        PersonFacts("演示新人", FREE_NUMBER, "13900001111", date(2015, 1, 1)),
    )
    own = ["id_number_index", "id_number_masked"]
    assert columns(by_file, own) == columns(by_page, own)
    record_certificate(
        world.deed(), by_page, CertificateFacts(CertLevel.INTERMEDIATE, "另一号", date(2018, 6, 1))
    )
    first, second = world.session.scalars(
        sa.select(Certificate)
        .where(Certificate.person_id.in_([by_file.id, by_page.id]))
        .order_by(Certificate.id)
    )
    assert columns(first, ["person_id", "number"]) == columns(second, ["person_id", "number"])


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"机构信用代码": NEW_CODE[:-1] + "0"}, "机构信用代码", "invalid_credit_code"),
        ({"机构信用代码": NEW_CODE}, "机构信用代码", "unknown_organisation"),
        ({"身份证件号": NEW_NUMBER[:-1] + "0"}, "身份证件号", "invalid_id_number"),
        ({"身份证件号": "99" + NEW_NUMBER[2:]}, "身份证件号", "invalid_id_number"),
        ({"身份证件号": 6.53228199005010e17}, "身份证件号", "invalid_id_number"),
        ({"身份证件号": id_number("received1")}, "身份证件号", "duplicate"),
        ({"姓名": " "}, "姓名", "missing_value"),
        ({"手机号": "110"}, "手机号", "invalid_value"),
        ({"证书等级": "一级"}, "证书等级", "invalid_value"),
        ({"证书等级": ""}, "证书等级", "missing_value"),
        ({"证书编号": "演示证书12"}, "证书编号", "duplicate"),
        ({"证书编号": "长" * 61}, "证书编号", "text_too_long"),
        ({"证书取得日期": "2031-01-01"}, "证书取得日期", "future_date"),
        ({"从事社会工作起始日期": "2031-01-01"}, "从事社会工作起始日期", "future_date"),
    ],
)
def test_refuses_a_person(world, change, column, code):
    count = world.count(Person)
    checked = import_rows(world, PEOPLE, [person(**change)])
    assert codes_of(checked) == [(2, column, code)]
    assert world.count(Person) == count


def test_refuses_the_same_person_or_certificate_twice_in_a_file(world):
    other = make_id_number("653228", date(1991, 5, 1), 92)
    rows = [person(), person(姓名="同一人"), person(身份证件号=other)]
    assert codes_of(check_rows(world, PEOPLE, rows)) == [
        (3, "身份证件号", "duplicate"),
        (4, "证书编号", "duplicate"),
    ]


def test_a_certificate_that_comes_later_makes_a_sent_person_qualify(world):
    import_rows(world, ASSIGNMENTS, [assignment()])
    kept = world.assignment("unqualified")
    assert not kept.is_qualified
    row = {
        "机构信用代码": credit_code_of("sending"),
        "姓名": "演示甲三",
        "身份证件号": id_number("unqualified"),
        "证书等级": "社会工作师",
        "证书编号": "演示证901",
        "证书取得日期": "2018-06-01",
        "从事社会工作起始日期": "2015-01-01",
    }
    assert import_rows(world, PEOPLE, [row]).report.accepted == 1
    world.session.refresh(kept)
    assert kept.is_qualified
    kinds = world.session.scalars(
        sa.select(AssignmentDecision.kind).order_by(AssignmentDecision.id.desc()).limit(1)
    ).all()
    assert kinds == ["qualified"]
    assert import_rows(world, PEOPLE, [row]).report.unchanged == 1


def test_a_manager_brings_in_the_own_people_only(world):
    rows = [person(), person(机构信用代码=credit_code_of("receiving"))]
    checked = check_rows(world, PEOPLE, rows, persona="sending_manager")
    assert (3, "机构信用代码", "unknown_organisation") in codes_of(checked)
    assert checked.report.accepted == 1
    with pytest.raises(Refused):
        check(world.deed("county_officer"), file_of(PEOPLE, [person()]))


def test_says_nothing_of_people_and_certificates_to_who_may_not_register_them(world):
    taken = {"身份证件号": id_number("sent1"), "证书等级": "社会工作师", "证书编号": "演示证书11"}
    free = {**taken, "身份证件号": NEW_NUMBER, "证书编号": "演示证书无人"}
    foreign = {"机构信用代码": credit_code_of("sending"), "证书取得日期": "2018-06-01"}
    found = [
        codes_of(check_rows(world, PEOPLE, [person(**cells, **foreign)], persona="foreign_manager"))
        for cells in (taken, free)
    ]
    assert found[0] == found[1] == [(2, "机构信用代码", "unknown_organisation")]


# ---- allocations ---------------------------------------------------------------------------


def allocation(**cells):
    row = {"年度": 2022, "援派省份代码": 350000, "受援省份代码": "640000", "结对数量": "5"}
    return {**row, **cells}


def test_writes_the_allocation_table_and_changes_numbers(world):
    rows = [allocation(), allocation(受援县代码="640303", 结对数量=1)]
    assert import_rows(world, ALLOCATIONS, rows, persona="national_officer").report.applied
    assert import_rows(world, ALLOCATIONS, rows).report.unchanged == 2
    import_rows(world, ALLOCATIONS, [allocation(结对数量="6")])
    pairs = world.session.execute(
        sa.select(Allocation.county_code, Allocation.pairs, Allocation.line).order_by(
            Allocation.county_code
        )
    ).all()
    assert [tuple(row) for row in pairs] == [
        ("", 6, Line.KEY_COUNTY),
        ("640303", 1, Line.KEY_COUNTY),
    ]


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"年度": "2035"}, "年度", "outside_work_year"),
        ({"援派省份代码": "350100"}, "援派省份代码", "unknown_region"),
        ({"结对数量": "0"}, "结对数量", "invalid_value"),
        ({"结对数量": "五"}, "结对数量", "invalid_value"),
        ({"受援县代码": "640000"}, "受援县代码", "unknown_region"),
        ({"受援县代码": "350203"}, "受援县代码", "mode_mismatch"),
        ({"受援县代码": "640104"}, "受援县代码", "not_key_county"),
    ],
)
def test_refuses_an_allocation(world, change, column, code):
    assert (2, column, code) in codes_of(check_rows(world, ALLOCATIONS, [allocation(**change)]))


def test_only_the_nation_brings_allocations_in(world):
    with pytest.raises(Refused):
        check(world.deed("province_officer"), file_of(ALLOCATIONS, [allocation()]))


# ---- pairings ------------------------------------------------------------------------------


@pytest.fixture
def two_more(world):
    """A sending and a receiving organisation that nobody is paired with."""
    rows = [
        organisation(),
        organisation(统一社会信用代码=make_credit_code("52", "350102", 901), 所在地代码="350102"),
    ]
    assert import_rows(world, ORG, rows).report.applied
    world.session.commit()
    return world


def test_makes_a_pairing_as_the_page_would(two_more):
    world = two_more
    row = pairing(协议编号="演示协议9号", 协议签订日期="2022-01-05")
    assert import_rows(world, PAIRINGS, [row]).report.applied
    by_file = world.pairing("2022-640402-09")
    totals = sa.select(PairingYearTotal).where(PairingYearTotal.pairing_id == by_file.id)
    kept = [columns(one, ["pairing_id"]) for one in world.session.scalars(totals)]
    expected = columns(by_file)
    sending = world.session.get_one(Organisation, by_file.sending_organisation_id)
    receiving = world.session.get_one(Organisation, by_file.receiving_organisation_id)
    world.session.rollback()
    by_page = create_pairing(
        world.deed(), code="2022-640402-09", sending=sending, receiving=receiving,
        county_code="640303", line=Line.KEY_COUNTY, starts_on=date(2022, 1, 1), ends_on=None,
    )  # fmt: skip
    record_agreement(world.deed(), by_page, number="演示协议9号", signed_on=date(2022, 1, 5))
    assert columns(by_page) == expected
    totals = sa.select(PairingYearTotal).where(PairingYearTotal.pairing_id == by_page.id)
    assert [columns(one, ["pairing_id"]) for one in world.session.scalars(totals)] == kept


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"援派机构信用代码": credit_code_of("sending")}, "援派机构信用代码", "not_one_to_one"),
        ({"受援机构信用代码": credit_code_of("receiving")}, "受援机构信用代码", "not_one_to_one"),
        ({"援派机构信用代码": NEW_CODE}, "受援机构信用代码", "not_one_to_one"),
        ({"受援县代码": "350203"}, "受援县代码", "mode_mismatch"),
        ({"受援县代码": "640104"}, "受援县代码", "not_key_county"),
        ({"任务线": "援藏援疆"}, "任务线", "mode_mismatch"),
        ({"受援县代码": "999999"}, "受援县代码", "unknown_region"),
        (
            {"援派机构信用代码": make_credit_code("52", "350102", 999)},
            "援派机构信用代码",
            "unknown_organisation",
        ),
        ({"援派机构信用代码": NEW_CODE[:-1] + "0"}, "援派机构信用代码", "invalid_credit_code"),
        ({"结束日期": "2021-01-01"}, "结束日期", "invalid_value"),
        ({"开始日期": "2035-01-01"}, "开始日期", "outside_work_year"),
        ({"结对编号": "a/b"}, "结对编号", "invalid_value"),
        ({"结对编号": "长" * 41}, "结对编号", "text_too_long"),
        ({"协议编号": "演示协议"}, "协议签订日期", "missing_value"),
        ({"协议签订日期": "2022-01-05"}, "协议编号", "missing_value"),
        ({"协议编号": "演示", "协议签订日期": "2031-01-05"}, "协议签订日期", "future_date"),
        ({"协议编号": "长" * 61}, "协议编号", "text_too_long"),
    ],
)
def test_refuses_a_pairing(two_more, change, column, code):
    count = two_more.count(Pairing)
    checked = import_rows(two_more, PAIRINGS, [pairing(**change)])
    assert (2, column, code) in codes_of(checked)
    assert two_more.count(Pairing) == count


def test_sees_one_to_one_and_overlaps_over_the_rows_of_the_file(two_more):
    rows = [pairing(), pairing(结对编号="2022-640402-10")]
    found = codes_of(check_rows(two_more, PAIRINGS, rows))
    assert {code for row, _, code in found if row == 3} == {"not_one_to_one", "overlap"}
    assert not [row for row, _, _ in found if row == 2]
    assert (3, "结对编号", "duplicate") in codes_of(
        check_rows(two_more, PAIRINGS, [pairing(), pairing(任务线="延续")])
    )


def test_a_place_is_free_again_once_the_pairing_before_has_ended(two_more):
    world = two_more
    terminate_pairing(
        world.deed(), world.pairing("P1"), last_day=date(2022, 6, 30), reason="机构注销"
    )
    row = pairing(援派机构信用代码=credit_code_of("sending"), 开始日期="2022-07-01")
    assert import_rows(world, PAIRINGS, [row]).report.applied


def test_a_pairing_that_is_there_takes_its_agreement_and_nothing_else(two_more):
    world = two_more
    import_rows(world, PAIRINGS, [pairing()])
    assert import_rows(world, PAIRINGS, [pairing()]).report.unchanged == 1
    signed = pairing(协议编号="演示协议9号", 协议签订日期="2022-01-05")
    assert import_rows(world, PAIRINGS, [signed]).report.accepted == 1
    assert world.pairing("2022-640402-09").agreement_signed_on == date(2022, 1, 5)
    assert import_rows(world, PAIRINGS, [signed]).report.unchanged == 1
    other = pairing(任务线="延续", 开始日期="2022-02-01", 结束日期="2023-12-31")
    assert codes_of(check_rows(world, PAIRINGS, [other])) == [
        (2, "任务线", "duplicate"),
        (2, "开始日期", "duplicate"),
        (2, "结束日期", "duplicate"),
    ]


@pytest.mark.parametrize("persona", ["province_officer", "sending_province_officer"])
def test_the_province_of_either_side_makes_pairings(two_more, persona):
    assert import_rows(two_more, PAIRINGS, [pairing()], persona=persona).report.applied


def test_a_third_province_makes_none(two_more):
    found = codes_of(check_rows(two_more, PAIRINGS, [pairing()], persona="other_province_officer"))
    assert (2, "结对编号", "outside_scope") in found
    taken = pairing(结对编号="P1")
    found = codes_of(check_rows(two_more, PAIRINGS, [taken], persona="other_province_officer"))
    assert (2, "结对编号", "duplicate") in found


# ---- assignments ---------------------------------------------------------------------------


def test_assigns_a_person_as_the_page_would(world):
    for persona in (None, "sending_manager"):
        world.session.rollback()
        report = import_rows(world, ASSIGNMENTS, [assignment()], persona=persona).report
        assert report.applied
        assert {caution.code for caution in report.warnings} == {
            "certificate_missing",
            "service_too_short",
        }
        by_file = columns(world.assignment("unqualified"), ("import_id",))
        world.session.rollback()
        nominate(
            world.deed(persona),
            pairing=world.pairing(),
            person=world.person("unqualified"),
            side=Side.SENT,
            starts_on=date(2022, 3, 1),
            ends_on=None,
        )
        assert columns(world.assignment("unqualified"), ("import_id",)) == by_file


def test_a_managers_import_waits_for_approval(world):
    import_rows(world, ASSIGNMENTS, [assignment()], persona="sending_manager")
    assert world.assignment("unqualified").state == AssignmentState.NOMINATED
    report = import_rows(world, ASSIGNMENTS, [assignment()], persona="sending_manager").report
    assert (report.unchanged, report.applied) == (1, False)


@pytest.mark.parametrize(
    ("change", "column", "code"),
    [
        ({"结对编号": "没有"}, "结对编号", "unknown_pairing"),
        ({"身份证件号": NEW_NUMBER}, "身份证件号", "unknown_person"),
        ({"角色": "受援"}, "身份证件号", "not_a_member"),
        ({"角色": "派出"}, "角色", "invalid_value"),
        ({"开始日期": "2021-12-01"}, "开始日期", "outside_pairing"),
        ({"结束日期": "2022-02-01"}, "结束日期", "invalid_value"),
        ({"身份证件号": id_number("sent1")}, "开始日期", "overlap"),
    ],
)
def test_refuses_an_assignment(world, change, column, code):
    count = world.count(Assignment)
    checked = import_rows(world, ASSIGNMENTS, [assignment(**change)])
    assert (2, column, code) in codes_of(checked)
    assert world.count(Assignment) == count


def test_sees_overlaps_over_the_rows_of_the_file(world):
    rows = [
        assignment(结束日期="2022-06-30"),
        assignment(开始日期="2022-06-30"),
        assignment(开始日期="2022-07-01"),
    ]
    assert codes_of(check_rows(world, ASSIGNMENTS, rows)) == [(3, "开始日期", "overlap")]


def test_what_was_turned_down_is_not_proposed_again_by_the_same_file(world):
    import_rows(world, ASSIGNMENTS, [assignment()], persona="sending_manager")
    reject_assignment(
        world.deed("sending_province_officer"), world.assignment("unqualified"), "材料不全"
    )
    assert codes_of(check_rows(world, ASSIGNMENTS, [assignment()])) == [
        (2, "开始日期", "duplicate")
    ]


def test_a_manager_assigns_the_own_people_only(world):
    rows = [
        assignment(身份证件号=id_number("received1"), 角色="受援"),
        assignment(结对编号="P3", 身份证件号=id_number("foreign")),
    ]
    found = codes_of(check_rows(world, ASSIGNMENTS, rows, persona="sending_manager"))
    assert (2, "身份证件号", "unknown_person") in found
    assert {(3, "结对编号", "unknown_pairing"), (3, "身份证件号", "unknown_person")} <= set(found)
