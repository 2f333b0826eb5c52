"""``flask summary``."""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import IO

import click
from flask.cli import with_appcontext

from portal.deeds import operator_deed
from portal.documents.formats_export import sha256_of
from portal.refusals import Refusal, Refused
from portal.standards.dates import EARLIEST_YEAR, LATEST_YEAR, is_date_of_another_age, parse_date
from portal.summaries.actions import record_export
from portal.summaries.export import EXPORTS
from portal.summaries.queries import summary_of
from portal.summaries.rules import Filters
from portal.terminal import app_database, app_settings, refuse, say


class Day(click.ParamType[date]):
    """A date as people write it."""

    name = "DATE"

    def convert(
        self, value: str | date, param: click.Parameter | None, ctx: click.Context | None
    ) -> date:
        if isinstance(value, date):
            return value
        found = parse_date(value)
        if is_date_of_another_age(value):
            years = f"{EARLIEST_YEAR} 年至 {LATEST_YEAR} 年之间"
            self.fail(f"日期应在 {years}，实际为“{value}”。", param, ctx)
        if found is None:
            self.fail(f"“{value}”不是日期，请写成 2022-12-31。", param, ctx)
        return found


@click.command("summary", help="汇总一个工作年度：全国，或与某省有关的结对。")
@click.option("--year", type=int, required=True, help="工作年度，如 2022。")
@click.option("--as-of", type=Day(), help="截至日期：按该日结束时已知的情况汇总。")
@click.option("--province", help="六位省级区划代码：只汇总援派方或受援方在该省的结对。")
@click.option("--format", "kind", type=click.Choice(list(EXPORTS)), default="json", help="格式。")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True),
    help="写入文件；缺省为标准输出。",
)
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出写入结果或未办理的原因。")
@with_appcontext
def summary(
    year: int,
    as_of: date | None,
    province: str | None,
    kind: str,
    output: str | None,
    as_json: bool,
) -> None:
    database, now = app_database(), app_settings().now()
    filters = Filters(either_province=province)
    with tempfile.TemporaryFile() as file:
        try:
            with database.reading() as session:
                found = summary_of(session, year, now=now, as_of=as_of, filters=filters)
                EXPORTS[kind].write(found, file)
            rows, sha256 = found.listed, sha256_of(file)
            with database.writing() as session:
                record_export(
                    operator_deed(session, now),
                    year=year,
                    kind=kind,
                    purpose="命令行导出",
                    as_of=found.as_of,
                    filters=filters,
                    rows=rows,
                    sha256=sha256,
                )
            _deliver(file, output)
        except Refused as refused:
            refuse(refused, as_json=as_json)
    if output:
        facts = {"file": output, "format": kind, "rows": rows, "sha256": sha256}
        waiting = rows - found.totals.sums.pairings
        aside = f"，其中 {waiting} 对待确认、不计入合计" if waiting else ""
        say(f"已写入 {output}：{rows} 对{aside}，SHA-256 {sha256}。", facts, as_json=as_json)


def _deliver(file: IO[bytes], output: str | None) -> None:
    if output is None:
        shutil.copyfileobj(file, sys.stdout.buffer)
        return
    try:
        with Path(output).open("wb") as target:
            shutil.copyfileobj(file, target)
    except OSError as fault:
        sentence = f"不能写入文件 {output}：{fault.strerror}。请换一个位置。"
        raise Refused([Refusal("output", "not_writable", sentence)]) from fault
