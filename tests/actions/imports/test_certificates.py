"""A certificate proves something with number and date only, by whatever door it comes in."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from models import Assignment, AssignmentDecision, Certificate, Person
from models.types import CertLevel, ImportKind, Side
from portal.changes.actions import record_certificate
from portal.people.rules import CertificateFacts
from portal.staffing.actions import nominate, review_incomplete_certificates
from portal.staffing.queries import checks_of
from portal.standards.id_number import make_id_number
from tests.support.imports import credit_code_of, import_rows
from tests.support.world import World

NUMBER = make_id_number("659012", date(1985, 3, 1), 77)
FIRST_DAY = date(2022, 3, 1)
CELLS = {"证书编号": "演示证900", "证书取得日期": "2018-06-01"}
MISSING = [
    (["证书编号"], "没有登记证书编号"),
    (["证书取得日期"], "没有登记取得日期"),
    (["证书编号", "证书取得日期"], "没有登记证书编号和取得日期"),
]


def row(missing=()):
    return {
        "机构信用代码": credit_code_of("sending"),
        "姓名": "演示新人",
        "身份证件号": NUMBER,
        "证书等级": "社会工作师",
        "从事社会工作起始日期": "2015-01-01",
        **CELLS,
        **dict.fromkeys(missing, ""),
    }


def new_person(world: World) -> Person:
    return world.session.scalars(sa.select(Person).where(Person.name == "演示新人")).one()


def assign(world: World) -> Assignment:
    return nominate(
        world.deed(), pairing=world.pairing(), person=new_person(world), side=Side.SENT,
        starts_on=FIRST_DAY, ends_on=None,
    )  # fmt: skip


@pytest.mark.parametrize(("missing", "words"), MISSING)
def test_an_imported_certificate_that_lacks_something_is_taken_named_and_proves_nothing(
    world, missing, words
):
    report = import_rows(world, ImportKind.PEOPLE, [row(missing)]).report
    assert (report.accepted, report.refused) == (1, 0)
    (warning,) = report.warnings
    assert warning.code == "certificate_incomplete"
    assert words.removeprefix("没有登记") in warning.sentence

    (lacking,) = [
        check
        for check in checks_of(world.session, new_person(world).id, Side.SENT, FIRST_DAY)
        if not check.is_met
    ]
    assert (lacking.code, lacking.have) == ("certificate_incomplete", f"社会工作师证书{words}")

    file = {"结对编号": "P1", "身份证件号": NUMBER, "角色": "援派", "开始日期": str(FIRST_DAY)}
    report = import_rows(world, ImportKind.ASSIGNMENTS, [file]).report
    assert [one.code for one in report.warnings] == ["certificate_incomplete"]
    assert words in report.warnings[0].sentence
    assignment = world.session.scalars(
        sa.select(Assignment).where(Assignment.person_id == new_person(world).id)
    ).one()
    assert not assignment.is_qualified

    import_rows(world, ImportKind.PEOPLE, [row()])
    assert assignment.is_qualified


def test_a_second_file_need_not_repeat_what_is_there(world):
    import_rows(world, ImportKind.PEOPLE, [row(["证书编号"])])
    report = import_rows(world, ImportKind.PEOPLE, [row(["证书取得日期"])]).report
    assert (report.accepted, report.warnings) == (1, ())
    assert assign(world).is_qualified


def test_a_complete_certificate_is_taken_without_a_word(world):
    report = import_rows(world, ImportKind.PEOPLE, [row()]).report
    assert (report.accepted, report.warnings) == (1, ())
    assert assign(world).is_qualified


def test_page_and_file_are_asked_by_the_same_rule(world):
    import_rows(world, ImportKind.PEOPLE, [row(["证书取得日期"])])
    by_file = assign(world)
    by_page = world.assignment("sent1")
    facts = CertificateFacts(CertLevel.INTERMEDIATE, "演示证901", None)
    record_certificate(world.deed("sending_manager"), world.person("sent1"), facts)
    assert (by_file.is_qualified, by_page.is_qualified) == (False, False)


def test_whoever_qualified_in_a_former_release_is_judged_anew_once(world):
    assignment = world.assignment("sent1")
    world.session.execute(
        sa.update(Certificate)
        .where(Certificate.person_id == assignment.person_id)
        .values(issued_on=None)
    )
    world.session.flush()
    assert assignment.is_qualified
    for _ in range(2):
        review_incomplete_certificates(world.deed())
    assert not assignment.is_qualified
    kinds = world.session.scalars(
        sa.select(AssignmentDecision.kind)
        .where(AssignmentDecision.assignment_id == assignment.id)
        .order_by(AssignmentDecision.id)
    )
    assert kinds.all()[-2:] == ["nominated", "disqualified"]
