"""The pairing sheet (结对情况表) as a document. It names no people: either side may read it whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.compliance.pace_rules import Pace
from portal.documents.description_rules import Cell, Column, Document, Facts, Section, Table

TITLE = "结对情况表"
SIGNATURES = ("援派机构（盖章）", "受援机构（盖章）", "日期")
YEARS = (
    Column("工作年度", "year", 11),
    Column("人数", "number", 9, "援派"),
    Column("合格", "number", 9, "援派"),
    Column("工作日", "days", 11, "援派"),
    Column("待审", "days", 9, "援派"),
    Column("人数", "number", 9, "受援"),
    Column("工作日", "days", 11, "受援"),
    Column("待审", "days", 9, "受援"),
    Column("达标或进度", "text", 11),
)


NOT_EFFECTIVE = "未生效"


def standing_in_words(*, is_compliant: bool, pace: Pace | None) -> str:
    """Say how a year stands, as pages do: while it runs by its pace, afterwards whether it is met."""
    if is_compliant:
        return "达标"
    if pace is Pace.DONE:
        return "天数已完成"
    return pace.label if pace else "未达标"


@dataclass(frozen=True, slots=True)
class YearLine:
    """A work year of the pairing under ``YEARS``, and what it lacks in words."""

    cells: tuple[Cell, ...]
    year: int
    missing: tuple[str, ...]


def pairing_sheet(
    code: str,
    facts: Sequence[tuple[str, Cell]],
    years: Sequence[YearLine],
    *,
    is_demo: bool,
    made_at: datetime,
) -> Document:
    """Describe how a pairing stands: parties, people and days by year, what is missing."""
    missing = [f"{line.year} 年度：{'；'.join(line.missing)}。" for line in years if line.missing]
    return Document(
        title=TITLE,
        subject=f"{TITLE}，结对 {code}",
        made_at=made_at,
        mark="演示数据，非真实业务" if is_demo else "",
        parts=(
            Facts(tuple(facts)),
            Table(
                "各工作年度人员和工作日", "各年度", YEARS, [line.cells for line in years],
                empty="该结对不在任何工作年度内。",
            ),
            Section("尚缺事项", tuple(missing) or ("各工作年度均已达到计划要求。",)),
        ),
        signatures=SIGNATURES,
        footnotes=("人数为有计入工作日的不同人员；“合格”指符合援派资格的人员。工作日以天计，待审为尚未计入的天数。",),
    )  # fmt: skip
