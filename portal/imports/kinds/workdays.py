"""工作日志: half days and days of people, by the hundred thousand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, ClassVar

from models import ImportBatch
from models.types import ImportKind, Task, WorkdayState, WorkMode
from portal.deeds import Deed
from portal.imports import cell_rules
from portal.imports.column_rules import Column, Parsed
from portal.imports.fact_rules import Setting
from portal.imports.kind import Kind
from portal.imports.kinds.workday_fact_rules import APPROVE, CONFIRM, Facts
from portal.imports.kinds.workday_queries import gather
from portal.imports.kinds.workday_rules import (
    DAY,
    DAYS,
    ID_NUMBER,
    MODE,
    PAIRING,
    STATE,
    TASK,
    TEXT,
    TOWNSHIP,
    Day,
    Judgement,
)
from portal.imports.kinds.workday_template_queries import list_prepared
from portal.imports.kinds.workday_undo_actions import effect_on_days, take_back_days
from portal.imports.naming_rules import NAME, PERSON_CODE
from portal.imports.report_rules import Verdict
from portal.imports.rules import IMPORTABLE
from portal.imports.undo_rules import UndoEffect
from portal.standards.id_number import mask_id_number
from portal.totals.actions import refresh
from portal.workdays.rules import MAX_DESCRIPTION
from portal.workdays.set_actions import bring_in


class Workdays(Kind):
    word = ImportKind.WORKDAYS
    permissions = (CONFIRM, APPROVE)
    called_by = (NAME, ID_NUMBER)
    about = "人员"
    columns: ClassVar[tuple[Column, ...]] = (
        Column(PAIRING, cell_rules.pairing_code, "已建立的结对编号。", is_required=True, width=20),
        Column(
            ID_NUMBER,
            cell_rules.code,
            "已登记人员的18位公民身份号码。",
            is_required=True,
            width=22,
            mask=mask_id_number,
            instead=NAME,
            apart=PERSON_CODE,
        ),
        Column(DAY, cell_rules.day, "如 2022-03-01。", is_required=True, look="date"),
        Column(
            DAYS,
            cell_rules.half_days,
            "0.5 或 1；每人每日合计不超过 1 天。",
            is_required=True,
            choices=("0.5", "1"),
            look="number",
            width=8,
        ),
        Column(
            MODE,
            cell_rules.one_of(WorkMode),
            "从下拉框选择；留空为“驻点”。",
            default=WorkMode.ONSITE,
            choices=tuple(mode.label for mode in WorkMode),
            width=10,
        ),
        Column(
            TASK,
            cell_rules.one_of(Task),
            "从下拉框选择；受援人员不填则暂不计入。",
            choices=tuple(task.label for task in Task),
        ),
        Column(TOWNSHIP, cell_rules.township_code, "受援县的9位乡镇（街道）代码，可留空。"),
        Column(TEXT, cell_rules.text, f"不超过{MAX_DESCRIPTION}字。", default="", width=40),
        Column(
            STATE,
            cell_rules.one_of(WorkdayState, IMPORTABLE),
            "留空为“已提交”；已确认、已核准只能由有相应权限的人员导入，"
            "并由另一名负责人确认整批后生效。",
            default=WorkdayState.SUBMITTED,
            choices=tuple(state.label for state in IMPORTABLE),
            width=10,
        ),
        Column(NAME, cell_rules.name, "不填身份证件号的，填写该结对中人员的姓名。", width=12),
        Column(PERSON_CODE, cell_rules.title, "同一结对有同名人员时填写，模板中已填好。", width=20),
    )
    examples = (
        (
            "2022-640303-01",
            "659012198503010018",
            "2022-03-01",
            "1",
            "驻点",
            "社工站建设",
            "640303100",
            "（示例）指导社工站完善值班制度",
            "已提交",
            "",
            "",
        ),
        (
            "2022-640303-01",
            "659012198503010018",
            "2022-03-02",
            "0.5",
            "线上",
            "人才培养",
            "",
            "",
            "",
            "",
            "",
        ),
    )
    notes = (
        "休息日、节假日的工作可以导入，经县级核准后计入。",
        "超过补录时限的日志可以导入，补录原因记为“批量导入”和文件名。",
        "内容完全相同、已在系统中的行不会重复写入。",
        "导入人不能确认自己导入的日志，由本机构另一位负责人确认；只有一位负责人的，“状态”填“已确认”，由受援县民政部门确认整批。",
        f"“{ID_NUMBER}”和“{NAME}”填一项即可；都填时以“{ID_NUMBER}”为准。",
    )

    prepared = (PAIRING, NAME, PERSON_CODE, DAY)
    prepared_for = "按姓名填写，不需要身份证件号：下载已填好本方人员和工作日的模板，有工作的行填写天数和内容，没有工作的行留空；已填满的日期不再列出。"
    by_month = True

    def prepare(self, deed: Deed, month: date) -> list[tuple[Any, ...]]:
        return list_prepared(deed, month)

    def gather(self, deed: Deed, parsed: Parsed) -> Facts:
        return gather(
            deed,
            codes=parsed.distinct(PAIRING),
            id_numbers=parsed.distinct(ID_NUMBER),
            days=parsed.distinct(DAY),
            township_codes=parsed.distinct(TOWNSHIP),
            names_people=bool(parsed.distinct(NAME) or parsed.distinct(PERSON_CODE)),
        )

    def name_in_register(self, facts: Facts, key: str | None) -> str:
        person = facts.people.get(key or "")
        return person.name if person else ""

    def judge(self, parsed: Parsed, facts: Facts, setting: Setting) -> Verdict:
        verdict = self.verdict_on(parsed)
        judgement = Judgement(facts, setting, verdict)
        rows = parsed.rows(*(column.name for column in self.columns))
        for index, (number, row) in enumerate(zip(parsed.numbers, rows, strict=True)):
            judgement.look_at(index, number, row, is_faulty=index in parsed.faults)
        return verdict

    def write(self, deed: Deed, verdict: Verdict, batch: ImportBatch) -> None:
        plan: list[Day] = verdict.plan
        bring_in(
            deed,
            columns_written(),
            rows_written(deed, plan, import_id=batch.id),
            import_id=batch.id,
            reason=f"批量导入：{batch.file_name}",
        )
        refresh(deed.session, {(day.pairing_id, day.year) for day in plan})

    def undo_effect(self, deed: Deed, batch: ImportBatch, *, holds: bool = False) -> UndoEffect:
        return effect_on_days(deed, batch, holds=holds)

    def take_back(self, deed: Deed, batch: ImportBatch) -> int:
        return take_back_days(deed, batch)


def columns_written() -> tuple[str, ...]:
    """Return the columns of ``workday`` that an import fills."""
    brought = ("entered_by_person_id", "entered_by_operator", "entered_at", "import_id", "version")
    return (*Day._fields, *brought)


def rows_written(
    deed: Deed, plan: Iterable[Day], *, import_id: int | None
) -> Iterator[tuple[Any, ...]]:
    """Yield the days in the order of :func:`columns_written`: whoever brings them in drafted them."""
    actor = deed.actor
    brought = (actor.person_id, actor.is_operator, deed.now, import_id, 1)
    for day in plan:
        yield day + brought
