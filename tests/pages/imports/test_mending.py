"""Refused cells are mended in the browser; what will be written is shown against what stands."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
import sqlalchemy as sa

from models import AuditEvent, ImportBatch, Organisation, Workday
from models.types import ImportKind
from portal.imports.actions import apply, mend, stage
from portal.imports.finding_store import Findings
from portal.refusals import Conflict
from tests.support.imports import (
    as_table,
    check_rows,
    credit_code_of,
    workbook,
    workday,
)
from tests.support.page_client import Page
from tests.support.portal import Pages
from tests.support.world import World

MEND, APPLY = "form[action$=mending]", "form[action$=application]"
FAULTY = [workday(), workday(day="2022-02-30"), workday("sent2", "2022-11-03", 任务="走访")]

on_one_database = pytest.mark.parametrize("press", ["sqlite"], indirect=True)
"""What a page shows and asks is above the database."""


def upload(pages: Pages, kind: str, rows: list, name: str = "演示.xlsx", **options) -> Page:
    persona = "county_officer" if kind == "organisations" else "sending_manager"
    file = (io.BytesIO(workbook(as_table(rows))), name)
    return pages(persona).get(f"/import/{kind}").submit(file=file, follow=True, **options)


def test_a_slip_is_mended_without_another_upload(pages: Pages, world: World):
    page = upload(pages, "workdays", FAULTY)
    assert "有 2 行有错误" in page.text
    values = {"3:日期": "2022-11-02", "4:任务": "社工站建设"}
    page = page.submit(MEND, values=values, follow=True)
    assert page.messages == ["已改正 2 处并重新检查，全部通过检查。"]
    page.submit(APPLY, follow=True)
    assert world.count(Workday) == len(FAULTY)
    events = [one.event for one in world.session.scalars(sa.select(AuditEvent))]
    assert events[-3:] == ["import.staged", "import.mended", "import.applied"]


@on_one_database
def test_the_same_rule_judges_what_was_typed_and_nothing_typed_changes_nothing(
    pages: Pages, world: World
):
    page = upload(pages, "workdays", FAULTY)
    offered = [one.text for one in page.find_all("select[name='4:任务'] option")]
    assert (offered[0], "社工站建设" in offered) == ("走访", True)
    before = world.session.scalars(sa.select(ImportBatch.file_hash)).one()
    page = page.submit(MEND, follow=True)
    assert page.messages == ["没有改动。请在标出的单元格中填写正确的内容。"]
    assert world.session.scalars(sa.select(ImportBatch.file_hash)).one() == before
    page = page.submit(MEND, values={"3:日期": "明天"}, follow=True)
    assert page.messages == ["已改正 1 处并重新检查，还有 2 行有错误。"]
    assert page.find("input[name='3:日期']")["value"] == "明天"
    assert world.session.scalars(sa.select(ImportBatch)).one().refused == 2


def test_a_file_that_was_mended_meanwhile_is_not_carried_out_as_it_was(world: World):
    checked = check_rows(world, ImportKind.WORKDAYS, [workday()])
    findings = Findings.of(checked, world.clock())
    batch = stage(world.deed(), findings)
    mended = replace(findings, file_hash="11" * 32)
    mend(world.deed(), batch.id, mended, seen=checked.file.digest)
    with pytest.raises(Conflict):
        apply(world.deed(), batch.id, checked, accept_valid=False)
    assert world.count(Workday) == 0


@on_one_database
def test_a_number_of_a_person_is_typed_anew_and_never_shown(pages: Pages):
    number = "110105199303010779"
    page = upload(pages, "workdays", [workday(), workday(身份证件号=number)])
    field = page.find("input[name='3:身份证件号']")
    assert (field["value"], number in page.html) == ("", False)
    (line,) = page.table_rows("需要修改的内容")
    assert line["文件中的内容"] == f"{number[:3]}{'*' * 13}{number[-2:]}"


@on_one_database
def test_only_whoever_brought_the_file_mends_it_and_not_once_it_was_carried_out(
    pages: Pages, world: World
):
    page = upload(pages, "workdays", FAULTY)
    path = page.find(MEND)["action"]
    pages("receiving_manager").post(path, {"3:日期": "2022-11-02"}, 404)
    page.submit(APPLY, values={"accept_valid": "y"})
    pages("sending_manager").post(path, {"3:日期": "2022-11-02"}, 409)
    assert world.count(Workday) == 1


# ---- what will be written ------------------------------------------------------------------


@on_one_database
def test_new_rows_are_shown_by_their_cells(pages: Pages):
    page = upload(pages, "workdays", [workday()])
    (row,) = page.table_rows("将写入的内容")
    assert (row["变化"], row["日期"], row["工作内容"]) == (
        "新增",
        "2022-11-01",
        "演示：sent1 2022-11-01",
    )
    assert "*" in row["身份证件号"]
    assert row["人员"] == "演示甲一"  # the file has the number alone, the register the name


@on_one_database
@pytest.mark.parametrize(
    ("kind", "persona", "row", "shown"),
    [
        (
            "accounts",
            "system_administrator",
            {"姓名": "演示新人", "角色": "县级民政（社会工作）部门", "范围": "红寺堡区"},
            {"登录名": "yanshixinren", "范围": "红寺堡区"},
        ),
        (
            "assignments",
            "sending_manager",
            {"结对编号": "P1", "姓名": "演示甲三", "角色": "援派", "开始日期": "2022-03-01"},
            {"姓名": "演示甲三", "结束日期": "2025-12-31"},
        ),
    ],
)
def test_what_the_portal_fills_in_is_shown_too(
    pages: Pages, kind: str, persona: str, row: dict, shown: dict
):
    file = (io.BytesIO(workbook(as_table([row]))), "演示.xlsx")
    page = pages(persona).get(f"/import/{kind}").submit(file=file, follow=True)
    (found,) = page.table_rows("将写入的内容")
    assert shown.items() <= found.items()
    assert found["变化"] == "新增"


@on_one_database
def test_changed_rows_say_what_stands_and_what_comes(pages: Pages, world: World):
    receiving = world.organisation("receiving")
    receiving.contact_name = "演示旧人"
    world.session.flush()
    row = {
        "统一社会信用代码": credit_code_of("receiving"),
        "机构名称": "演示新名社会工作服务中心",
        "机构类型": "社会工作服务机构",
        "所在地代码": "640303",
        "联系人": "演示新人",
    }
    page = upload(pages, "organisations", [row])
    (shown,) = page.table_rows("将写入的内容")
    assert (shown["变化"], shown["联系人"]) == ("修改", "演示旧人 → 演示新人")
    assert shown["机构名称"] == "红寺堡区演示甲社会工作服务中心 → 演示新名社会工作服务中心"
    assert "机构类型" not in shown
    assert "新增 0 行，修改 1 行，未变化 0 行不写入" in page.text
    same = upload(pages, "organisations", [{**row, "机构名称": receiving.name}])
    assert same.table_rows("将写入的内容")[0]["机构"] == receiving.name  # whose contact it is
    page.submit(APPLY, follow=True)
    found = world.session.scalars(
        sa.select(Organisation).where(Organisation.credit_code == credit_code_of("receiving"))
    ).one()
    assert found.contact_name == "演示新人"
