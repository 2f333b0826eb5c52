"""``flask programme`` and ``flask work-year``: opening and closing, as the pages do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from models.types import NATION
from portal.changes.opening_actions import open_programme, open_work_year, reopen_year
from portal.clock import date_of
from portal.deeds import Deed, operator_deed
from portal.programme.actions import close_programme, close_work_year
from portal.programme.period_rules import NewProgramme, NewWorkYear
from portal.programme.work_year_queries import ProgrammeRow, WorkYearRow, list_programmes
from portal.refusals import Refusal, Refused
from portal.standards.dates import EARLIEST_YEAR, LATEST_YEAR, is_date_of_another_age, parse_date
from portal.terminal import app_database, app_settings, refuse, say

DRY = "只看影响，不保存。"
NATION_WORDS = "六位省级区划代码；缺省为全国。"
SURE = "仍要关闭：年度尚未结束，或还有日志待审。"
GAP = "允许间断：前后两期之间确有不在任何一期内的日期。"


def _as_json(command: Callable[..., None]) -> Callable[..., None]:
    return click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。")(command)


@click.group("programme", invoke_without_command=True, help="计划的期限：列出、设立、关闭。")
@_as_json
@click.pass_context
@with_appcontext
def programme(context: click.Context, as_json: bool) -> None:
    if context.invoked_subcommand is None:
        _list(as_json=as_json)


@click.group(
    "work-year", invoke_without_command=True, help="工作年度：列出、设立、关闭、重新开放。"
)
@_as_json
@click.pass_context
@with_appcontext
def work_year(context: click.Context, as_json: bool) -> None:
    if context.invoked_subcommand is None:
        _list(as_json=as_json)


@programme.command("open", help="设立下一期计划；政策口径沿用上一期现行的值。")
@click.argument("code")
@click.option("--name", required=True, help="名称。")
@click.option("--document", "document_number", help="文号。")
@click.option("--starts", required=True, help="开始日期，如 2026-01-01。")
@click.option("--ends", required=True, help="结束日期。")
@click.option("--no-years", is_flag=True, help="不按自然年设立工作年度，以后逐个设立。")
@click.option("--accept-gap", is_flag=True, help=GAP)
@click.option("--dry-run", is_flag=True, help=DRY)
@_as_json
@with_appcontext
def programme_open(
    code: str,
    name: str,
    document_number: str | None,
    starts: str,
    ends: str,
    no_years: bool,
    accept_gap: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    with _deed(dry_run=dry_run, as_json=as_json) as deed:
        wanted = NewProgramme(
            code,
            name,
            document_number,
            _day(starts, "starts_on"),
            _day(ends, "ends_on"),
            lays_years=not no_years,
            accepts_gap=accept_gap,
        )
        opened = open_programme(deed, wanted)
    _tell(f"计划“{code}”", opened.words, opened.facts, dry_run=dry_run, as_json=as_json)


@programme.command("close", help="关闭一期计划：关闭其全部工作年度。")
@click.argument("code")
@click.option("--reason", required=True, help="原因，记入审计。")
@click.option("--sure", is_flag=True, help=SURE)
@click.option("--dry-run", is_flag=True, help=DRY)
@_as_json
@with_appcontext
def programme_close(code: str, reason: str, sure: bool, dry_run: bool, as_json: bool) -> None:
    with _deed(dry_run=dry_run, as_json=as_json) as deed:
        years = close_programme(deed, code, reason, is_sure=sure)
    words = f"关闭 {'、'.join(map(str, years))} 工作年度"
    _tell(f"计划“{code}”", words, {"closed": years}, dry_run=dry_run, as_json=as_json)


@work_year.command("open", help="设立一个工作年度，或一个省自定的起止日期。")
@click.argument("year", type=int)
@click.option("--starts", help="开始日期；缺省为 1 月 1 日。")
@click.option("--ends", help="结束日期；缺省为 12 月 31 日。")
@click.option("--province", "region_code", default=NATION, help=NATION_WORDS)
@click.option("--accept-gap", is_flag=True, help=GAP)
@click.option("--dry-run", is_flag=True, help=DRY)
@_as_json
@with_appcontext
def work_year_open(
    year: int,
    starts: str | None,
    ends: str | None,
    region_code: str,
    accept_gap: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    with _deed(dry_run=dry_run, as_json=as_json) as deed:
        wanted = NewWorkYear(
            year,
            _day(starts or f"{year}-01-01", "starts_on"),
            _day(ends or f"{year}-12-31", "ends_on"),
            region_code,
            accepts_gap=accept_gap,
        )
        opened = open_work_year(deed, wanted)
    _tell(f"{year} 工作年度", opened.words, opened.facts, dry_run=dry_run, as_json=as_json)


@work_year.command("close", help="关闭一个工作年度：不再接受填报、确认和核准。")
@click.argument("year", type=int)
@click.option("--reason", required=True, help="原因，记入审计。")
@click.option("--province", "region_code", default=NATION, help=NATION_WORDS)
@click.option("--sure", is_flag=True, help=SURE)
@click.option("--dry-run", is_flag=True, help=DRY)
@_as_json
@with_appcontext
def work_year_close(
    year: int, reason: str, region_code: str, sure: bool, dry_run: bool, as_json: bool
) -> None:
    with _deed(dry_run=dry_run, as_json=as_json) as deed:
        row = close_work_year(deed, year, reason, region_code, is_sure=sure)
        facts = {"year": row.year, "region_code": row.region_code}
    _tell(f"{year} 工作年度", "关闭", facts, dry_run=dry_run, as_json=as_json)


@work_year.command("reopen", help="重新开放一个已关闭的工作年度，并补算其间的变化。")
@click.argument("year", type=int)
@click.option("--reason", required=True, help="原因，记入审计。")
@click.option("--province", "region_code", default=NATION, help=NATION_WORDS)
@click.option("--dry-run", is_flag=True, help=DRY)
@_as_json
@with_appcontext
def work_year_reopen(
    year: int, reason: str, region_code: str, dry_run: bool, as_json: bool
) -> None:
    with _deed(dry_run=dry_run, as_json=as_json) as deed:
        changed = reopen_year(deed, year, reason, region_code)
    words = f"重新开放，{changed} 条工作日志的计入情况变化"
    facts = {"year": year, "region_code": region_code, "workdays": changed}
    _tell(f"{year} 工作年度", words, facts, dry_run=dry_run, as_json=as_json)


@contextmanager
def _deed(*, dry_run: bool, as_json: bool) -> Iterator[Deed]:
    """Yield the operator's deed; keep what it does, or nothing of a dry run or a refused one."""
    try:
        with app_database().open() as session:
            yield operator_deed(session, app_settings().now())
            _end(session, dry_run=dry_run)
    except Refused as refused:
        refuse(refused, as_json=as_json)


def _end(session: Session, *, dry_run: bool) -> None:
    if dry_run:
        session.rollback()
    else:
        session.commit()


def _day(text: str, field: str) -> date:
    found = parse_date(text)
    if found is None:
        sentence = (
            f"日期应在 {EARLIEST_YEAR} 年至 {LATEST_YEAR} 年之间，实际为“{text}”。"
            if is_date_of_another_age(text)
            else f"“{text}”不是日期，请写成 2026-01-01。"
        )
        raise Refused([Refusal(field, "invalid_date", sentence)])
    return found


def _tell(what: str, words: str, facts: dict[str, Any], *, dry_run: bool, as_json: bool) -> None:
    ahead = "试算（没有保存）：" if dry_run else "已办理："
    say(f"{ahead}{what}，{words}。", {**facts, "applied": not dry_run}, as_json=as_json)


def _list(*, as_json: bool) -> None:
    with app_database().reading() as session:
        programmes = list_programmes(session)
    today = date_of(app_settings().now())
    lines = []
    for one in programmes:
        lines.append(f"{one.code}  {one.starts_on} 至 {one.ends_on}  {one.name}")
        lines += [
            f"  {row.title}  {row.starts_on} 至 {row.ends_on}  {_state(row, today)}"
            for row in _rows(one)
        ]
    facts = [
        {
            "code": one.code,
            "name": one.name,
            "document_number": one.document_number,
            "starts_on": one.starts_on.isoformat(),
            "ends_on": one.ends_on.isoformat(),
            "work_years": [
                {
                    "year": row.year,
                    "region_code": row.region_code,
                    "starts_on": row.starts_on.isoformat(),
                    "ends_on": row.ends_on.isoformat(),
                    "closed": row.closed_at is not None,
                }
                for row in _rows(one)
            ],
        }
        for one in programmes
    ]
    say("\n".join(lines) or "还没有计划。", {"programmes": facts}, as_json=as_json)


def _state(row: WorkYearRow, today: date) -> str:
    if row.closed_at:
        return "已关闭"
    return "未开始" if row.starts_on > today else "开放"


def _rows(one: ProgrammeRow) -> list[WorkYearRow]:
    return [*one.years, *one.own_years]
