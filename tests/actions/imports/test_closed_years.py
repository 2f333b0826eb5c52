"""A file that would change what a closed work year counts: its row is named, the others come in."""

from __future__ import annotations

import pytest

from models.types import CertLevel, ImportKind
from portal.programme.actions import close_work_year
from tests.support.imports import credit_code_of, id_number, import_rows
from tests.support.waiting_days import unqualified
from tests.support.workdays import MONDAY, approved
from tests.support.world import World


def rows(world: World, **cells: str) -> list[dict[str, str]]:
    """Return one row about somebody with days of 2022, and one about somebody without."""
    return [
        {
            "机构信用代码": credit_code_of("sending"),
            "姓名": world.person(key).name,
            "身份证件号": id_number(key),
            **own,
        }
        for key, own in (("unqualified", cells), ("sent2", {"手机号": "13800138000"}))
    ]


QUALIFYING = {
    "证书等级": CertLevel.INTERMEDIATE.label,
    "证书编号": "演示证书99",
    "证书取得日期": "2018-06-01",
    "从事社会工作起始日期": "2015-01-01",
}


@pytest.mark.parametrize("is_closed", [False, True])
def test_a_person_who_would_qualify_for_days_of_a_closed_year(world: World, is_closed) -> None:
    unqualified(world)
    if is_closed:
        close_work_year(world.deed(), 2022, "年度结束")
    report = import_rows(
        world, ImportKind.PEOPLE, rows(world, **QUALIFYING), accept_valid=True
    ).report
    assert [(one.row, one.code) for one in report.errors] == [(2, "closed_year")] * is_closed
    assert report.accepted == 2 - is_closed


def test_what_changes_no_qualification_comes_in_all_the_same(world: World) -> None:
    unqualified(world)
    close_work_year(world.deed(), 2022, "年度结束")
    report = import_rows(world, ImportKind.PEOPLE, rows(world, 手机号="13800138001")).report
    assert (report.accepted, report.errors) == (2, ())


def test_a_term_that_begins_in_a_closed_year(world: World) -> None:
    approved(world)
    close_work_year(world.deed(), 2022, "年度结束")
    row = {
        "结对编号": "P1",
        "身份证件号": id_number("unqualified"),
        "角色": "援派",
        "开始日期": str(MONDAY),
    }
    report = import_rows(world, ImportKind.ASSIGNMENTS, [row]).report
    assert [(one.row, one.code) for one in report.errors] == [(2, "closed_year")]
