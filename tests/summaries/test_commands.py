"""``flask summary`` as people and scripts call it."""

import csv
import io
import json
from pathlib import Path

import flask
import pytest
from click.testing import Result
from sqlalchemy import select

from models import AuditEvent
from tests.support.unconfirmed import unconfirm
from tests.support.world import World


def run(app: flask.Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=["summary", *arguments])


def test_writes_json_to_standard_output(busy: World, portal: flask.Flask) -> None:
    found = run(portal, "--year", "2022")
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["totals"]["pairings"] == 3


@pytest.mark.parametrize(
    ("kind", "start"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK"), ("pdf", b"%PDF")]
)
def test_writes_every_other_kind_to_standard_output_too(
    busy: World, portal: flask.Flask, kind: str, start: bytes
) -> None:
    found = run(portal, "--year", "2022", "--format", kind)
    assert found.exit_code == 0, found.output
    assert found.stdout_bytes.startswith(start)


def test_keeps_a_province_on_either_side_and_a_past_day(busy: World, portal: flask.Flask) -> None:
    for province, count in (("350000", 2), ("640000", 2), ("500000", 1), ("110000", 0)):
        found = run(portal, "--year", "2022", "--province", province)
        assert len(json.loads(found.stdout)["pairings"]) == count, province
    past = json.loads(run(portal, "--year", "2022", "--as-of", "2022-11-20").stdout)
    assert (past["as_of"], past["totals"]["sent_days"]) == ("2022-11-20", 0.0)


def test_writes_a_file_says_so_and_records_it(
    busy: World, portal: flask.Flask, tmp_path: Path
) -> None:
    target = tmp_path / "汇总.csv"
    found = run(portal, "--year", "2022", "--format", "csv", "-o", str(target))
    assert found.exit_code == 0, found.output
    assert "3 对" in found.stdout
    assert len(list(csv.reader(io.StringIO(target.read_text("utf-8-sig"))))) == 4
    event = busy.session.scalars(
        select(AuditEvent).where(AuditEvent.event == "summary.exported")
    ).one()
    assert (event.actor, event.subject) == ("system", "summary:2022")
    assert json.loads(event.facts)["rows"] == 3


def test_says_how_many_of_the_lines_of_a_file_count_in_no_sum(
    busy: World, portal: flask.Flask, tmp_path: Path
) -> None:
    unconfirm(busy)
    busy.session.commit()
    found = run(portal, "--year", "2022", "-o", str(tmp_path / "汇总.xlsx"))
    assert "3 对，其中 1 对待确认、不计入合计" in found.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--year", "1999"], "unknown_year", "没有 1999 工作年度"),
        (["--year", "2022", "--province", "64"], "unknown_region", "省份代码“64”不存在"),
        (["--year", "2022", "--as-of", "2030-01-01"], "future_date", "晚于今天"),
        (["--year", "2022", "-o", "/proc/no/such/file"], "not_writable", "不能写入文件"),
    ],
)
def test_refuses_in_chinese_with_1(
    world: World, portal: flask.Flask, arguments: list[str], code: str, words: str
) -> None:
    world.session.commit()
    told = run(portal, *arguments)
    assert (told.exit_code, told.stdout) == (1, "")
    assert words in told.stderr
    answered = run(portal, *arguments, "--json")
    assert answered.exit_code == 1
    assert [one["code"] for one in json.loads(answered.stdout)["errors"]] == [code]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--year", "twenty"],
        ["--year", "2022", "--format", "doc"],
        ["--year", "2022", "--as-of", "yesterday"],
    ],
)
def test_wrong_usage_exits_with_2(world: World, portal: flask.Flask, arguments: list[str]) -> None:
    world.session.commit()
    assert run(portal, *arguments).exit_code == 2
