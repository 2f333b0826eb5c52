"""任务分配表: how many pairings a province sends to a province in a work year (二(二))."""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

import sqlalchemy as sa

from models import Allocation, ImportBatch, Region
from models.types import NATION, ImportKind, Line, RegionLevel
from portal.deeds import Deed
from portal.imports import cell_rules
from portal.imports.column_rules import Column, Parsed
from portal.imports.fact_rules import Setting
from portal.imports.kind import Kind
from portal.imports.kinds.register_undo_actions import take_back_allocations_of
from portal.imports.queries import load_counties, load_work_years
from portal.imports.report_rules import Verdict
from portal.imports.written_actions import WrittenRow, note_written
from portal.programme.allocation_actions import write_allocations
from portal.programme.rules import (
    TIBET_AND_XINJIANG,
    AllocationFacts,
    AllocationKey,
    County,
    refusals_for_allocation,
)

YEAR, SENDING, RECEIVING, PAIRS = "年度", "援派省份代码", "受援省份代码", "结对数量"
LINE, COUNTY = "任务线", "受援县代码"

COLUMN_OF_FIELD = {
    "year": YEAR,
    "sending_province_code": SENDING,
    "receiving_province_code": RECEIVING,
    "pairs": PAIRS,
    "line": LINE,
    "county_code": COUNTY,
}


class Facts(NamedTuple):
    closed_by_year: dict[int, bool]
    province_codes: frozenset[str]
    counties: dict[str, County]
    stored: dict[AllocationKey, int]


class Allocations(Kind):
    word = ImportKind.ALLOCATIONS
    permissions = ("allocation.write",)
    called_by = (SENDING,)
    about = "援派省份"
    columns: ClassVar[tuple[Column, ...]] = (
        Column(
            YEAR, cell_rules.whole_number, "工作年度，如 2022。", is_required=True, look="number"
        ),
        Column(SENDING, cell_rules.code, "6位省级行政区划代码，如 350000。", is_required=True),
        Column(RECEIVING, cell_rules.code, "6位省级行政区划代码，如 640000。", is_required=True),
        Column(PAIRS, cell_rules.whole_number, "结对数量（家）。", is_required=True, look="number"),
        Column(
            LINE,
            cell_rules.one_of(Line),
            "从下拉框选择；留空为“重点县”。",
            default=Line.KEY_COUNTY,
            choices=tuple(line.label for line in Line),
        ),
        Column(COUNTY, cell_rules.code, "指定受援县时填写6位县级代码，否则留空。", default=""),
    )
    examples = (("2022", "350000", "640000", "5", "重点县", "640303"),)
    notes = ("年度、两省、任务线和受援县相同的行为同一行：再次导入时按文件修改结对数量。",)

    def gather(self, deed: Deed, parsed: Parsed) -> Facts:
        session = deed.session
        provinces = session.scalars(
            sa.select(Region.code).where(
                Region.level == RegionLevel.PROVINCE, Region.is_withdrawn.is_(False)
            )
        )
        counties = load_counties(session, parsed.distinct(COUNTY))
        work_years = load_work_years(session).rows
        stored = session.execute(
            sa.select(
                *(getattr(Allocation, name) for name in AllocationKey._fields), Allocation.pairs
            ).where(Allocation.year.in_({year.year for _, year in work_years}))
        )
        return Facts(
            closed_by_year={
                year.year: year.is_closed for region, year in work_years if region == NATION
            },
            province_codes=frozenset(provinces),
            counties={
                code: County(name, province_code, code in counties.listed)
                for code, (name, province_code) in counties.names.items()
            },
            stored={AllocationKey(*key): pairs for *key, pairs in stored},
        )

    def judge(self, parsed: Parsed, facts: Facts, setting: Setting) -> Verdict:  # noqa: ARG002 - one signature for all kinds
        verdict = self.verdict_on(parsed)
        first_rows: dict[AllocationKey, int] = {}
        for index, row in enumerate(parsed.rows(*(column.name for column in self.columns))):
            unread = parsed.unread(index)
            year, sending, receiving, pairs, line, county_code = _without(unread, row, facts)
            wanted = AllocationFacts(year, sending, receiving, pairs, line, county_code)
            key = wanted.key
            for refusal in refusals_for_allocation(
                wanted,
                closed_by_year=facts.closed_by_year,
                province_codes=facts.province_codes,
                county=facts.counties.get(county_code),
            ):
                column = COLUMN_OF_FIELD[refusal.field]
                verdict.refuse(index, column, refusal.code, refusal.sentence)
            number = parsed.numbers[index]
            first = number if unread else first_rows.setdefault(key, number)
            if first != number:
                sentence = f"与第{first}行的年度、省份、任务线和受援县相同，请合并为一行。"
                verdict.refuse(index, YEAR, "duplicate", sentence)
            if index in verdict.refused:
                continue
            if facts.stored.get(key) == pairs:
                verdict.unchanged += 1
            else:
                stood = facts.stored.get(key)
                verdict.write(index, wanted, None if stood is None else {PAIRS: str(stood)})
        return verdict

    def write(self, deed: Deed, verdict: Verdict, batch: ImportBatch) -> None:
        written = [
            WrittenRow(row_id, None, None if stood is None else {"pairs": stood})
            for row_id, stood in write_allocations(deed, verdict.plan)
        ]
        note_written(deed, batch, "allocation_id", written)

    def take_back(self, deed: Deed, batch: ImportBatch) -> int:
        return take_back_allocations_of(deed, batch)


def _without(unread: frozenset[str], row: tuple[Any, ...], facts: Facts) -> tuple[Any, ...]:
    """Return a row in which nothing can be said against the cells that could not be read."""
    if not unread:
        return row
    year, sending, receiving, pairs, line, county_code = row
    county = facts.counties.get(county_code)
    if RECEIVING in unread:
        receiving = county.province_code if county else min(TIBET_AND_XINJIANG)
    if LINE in unread:
        line = Line.CONTINUATION
    return year or 0, sending or "", receiving, pairs or 0, line, county_code
