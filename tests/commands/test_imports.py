"""``flask import``: the case of 福建 and 宁夏 in the order of the contract, and what it answers."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from models import (
    Account,
    Assignment,
    AuditEvent,
    ImportBatch,
    Organisation,
    Pairing,
    Person,
    Workday,
)
from models.types import AssignmentState, ImportKind
from portal.imports.kinds import KINDS
from portal.imports.reading_apart import read_sheet
from tests.files.make_files import PAIRS, id_number
from tests.support.imports import as_table, workbook, workday
from tests.support.portal import make_portal

FILES = Path(__file__).parents[1] / "files"

CASE = [
    # in the order of the contract: kind, file, rows
    ("organisations", "organisations.xlsx", 10),
    ("people", "people.csv", 25),
    ("allocations", "allocations.csv", 5),
    ("pairings", "pairings.xlsx", 5),
    ("assignments", "assignments.csv", 25),
    ("workdays", "workdays.xlsx", 250),
    ("funds", "funds.csv", 35),
]
KEYS = [
    "kind", "file", "sheet", "rows", "accepted", "refused", "unchanged", "warnings", "applied", "errors",
]  # fmt: skip


@pytest.fixture
def empty_portal(database, clock):
    app = make_portal(database.url, clock)
    yield app
    app.extensions["qianshou_database"].engine.dispose()


def run(app, *arguments: object, status: int = 0) -> str:
    result = app.test_cli_runner().invoke(args=["import", *map(str, arguments)])
    assert result.exit_code == status, result.output
    return result.output


def run_json(app, *arguments: object, status: int = 0) -> dict:
    answer = json.loads(run(app, *arguments, "--json", status=status))
    assert list(answer) == KEYS
    assert answer["rows"] == answer["accepted"] + answer["refused"] + answer["unchanged"]
    return answer


def count(database, model) -> int:
    with database.reading() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model))


@pytest.fixture
def loaded(empty_portal):
    """The whole case is there but its working days and its money."""
    for kind, name, _ in CASE[:-2]:
        run(empty_portal, kind, FILES / name)
    return empty_portal


def test_loads_a_whole_programme_and_changes_nothing_the_second_time(empty_portal, database):
    for kind, name, rows in CASE:
        first = run_json(empty_portal, kind, FILES / name)
        assert (first["rows"], first["accepted"], first["applied"]) == (rows, rows, True)
        assert (first["errors"], first["file"]) == ([], str(FILES / name))
    before = {model: count(database, model) for model in (AuditEvent, ImportBatch, Workday)}
    for kind, name, rows in CASE:
        again = run_json(empty_portal, kind, FILES / name)
        assert (again["unchanged"], again["accepted"], again["applied"]) == (rows, 0, False)
        said = run(empty_portal, kind, FILES / name)
        assert "没有需要写入的行" in said
    assert before == {model: count(database, model) for model in before}
    counted = [count(database, model) for model in (Organisation, Person, Pairing, Workday)]
    assert counted == [10, 25, 5, 250]
    with database.reading() as session:
        states = set(session.scalars(sa.select(Assignment.state)))
    assert states == {AssignmentState.APPROVED}
    verified = empty_portal.test_cli_runner().invoke(args=["verify", "--json"])
    assert verified.exit_code == 0, verified.output


def test_the_summary_of_the_case_says_what_the_files_say(loaded):
    run(loaded, "workdays", FILES / "workdays.xlsx")
    answer = loaded.test_cli_runner().invoke(
        args=["summary", "--year", "2022", "--province", "640000", "--format", "json"]
    )
    summary = json.loads(answer.output)
    assert len(summary["pairings"]) == len(PAIRS)
    for row in summary["pairings"]:
        # Half of the days are approved; one in five of the others is a half day.
        assert (row["sent_staff"], row["received_staff"]) == (2, 3)
        assert (row["sent_days"], row["received_days"]) == (9.0, 13.5)
        assert (row["sent_days_pending"], row["received_days_pending"]) == (9.0, 13.5)
        assert not row["compliant"]
        assert {one["code"] for one in row["findings"]} >= {
            "too_few_sent_days",
            "too_few_received_days",
        }


def test_the_money_of_the_case_passes_the_guarantee_and_stands_in_the_summary(loaded):
    """Show 4: five pairs across provinces at 50,000 yuan a year from the province."""
    run(loaded, "funds", FILES / "funds.csv")
    answer = loaded.test_cli_runner().invoke(
        args=["summary", "--year", "2022", "--province", "640000", "--format", "json"]
    )
    summary = json.loads(answer.output)
    for row in summary["pairings"]:
        assert (row["subsidy_due_fen"], row["subsidy_received_fen"]) == (3_000_000, 3_000_000)
        assert (row["province_due_fen"], row["province_received_fen"]) == (3_000_000, 5_000_000)
        assert (row["received_fen"], row["spent_fen"]) == (8_000_000, 123_456)
        assert row["balance_fen"] == 8_000_000 - 123_456
        assert not [one for one in row["findings"] if one["code"].endswith("_short")]
    assert summary["totals"]["subsidy_due_fen"] == 5 * 3_000_000
    assert summary["totals"]["spent_fen"] == 5 * 123_456


def test_a_trial_run_writes_nothing(loaded, database):
    before = count(database, AuditEvent)
    answer = run_json(loaded, "workdays", FILES / "workdays.xlsx", "--dry-run")
    assert (answer["accepted"], answer["applied"]) == (250, False)
    assert "仅检查，没有写入" in run(loaded, "workdays", FILES / "workdays.xlsx", "--dry-run")
    assert (count(database, Workday), count(database, AuditEvent)) == (0, before)


@pytest.fixture
def half_good(tmp_path):
    """A file with three good rows and two bad ones."""
    good = {
        "结对编号": PAIRS[0].code,
        "身份证件号": id_number(0, 0),
        "日期": "2022-07-04",
        "天数": 1,
        "工作内容": "=SUM(1,2)",
    }
    rows = [
        good,
        {**good, "日期": "2022-02-30"},
        {**good, "日期": "2022-07-05"},
        {**good, "日期": "2022-07-06", "方式": "乘车", "天数": 0.3},
        {**good, "日期": "2022-07-07"},
    ]
    path = tmp_path / "工作日志.xlsx"
    path.write_bytes(workbook(as_table(rows), "工作日志"))
    return path


def test_a_refused_row_keeps_all_out_and_the_good_ones_come_in_if_asked(
    loaded, database, half_good
):
    answer = run_json(loaded, "workdays", half_good, status=1)
    assert (answer["accepted"], answer["refused"], answer["applied"]) == (3, 2, False)
    assert [(one["row"], one["column"], one["code"]) for one in answer["errors"]] == [
        (3, "日期", "invalid_date"),
        (5, "天数", "invalid_days"),
        (5, "方式", "invalid_value"),
    ]
    assert set(answer["errors"][0]) == {"row", "column", "code", "message"}
    assert count(database, Workday) == 0
    said = run(loaded, "workdays", half_good, status=1)
    assert "第3行“日期”：“2022-02-30”不是有效日期" in said
    assert "没有写入" in said
    answer = run_json(loaded, "workdays", half_good, "--accept-valid")
    assert (answer["accepted"], answer["applied"]) == (3, True)
    assert count(database, Workday) == 3


def test_the_error_workbook_is_mended_and_brought_in_again(loaded, database, half_good, tmp_path):
    out = tmp_path / "错误.xlsx"
    run(loaded, "workdays", half_good, "--accept-valid", "--errors", out)
    book = openpyxl.load_workbook(out)
    sheet = book.active
    assert sheet.title == "工作日志"
    heads = [cell.value for cell in sheet[1]]
    assert heads == [
        "结对编号",
        "身份证件号",
        "日期",
        "天数",
        "工作内容",
        "方式",
        "原行号",
        "错误原因",
    ]
    first, second = list(sheet.iter_rows(min_row=2))
    assert first[2].value == "2022-02-30"
    assert "不是有效日期" in first[2].comment.text
    assert first[2].fill.bgColor.rgb != first[1].fill.bgColor.rgb
    assert [first[6].value, second[6].value] == [3, 5]
    assert first[7].value.startswith("“日期”：")
    assert "“天数”：" in second[7].value
    assert "“方式”：" in second[7].value
    # Text stays text: no cell of the file becomes a formula.
    assert (first[4].value, first[4].data_type) == ("=SUM(1,2)", "s")
    first[2].value = "2022-07-08"
    second[3].value, second[5].value = 0.5, "线上"
    mended = tmp_path / "改好.xlsx"
    book.save(mended)
    answer = run_json(loaded, "workdays", mended)
    assert (answer["accepted"], answer["warnings"], answer["applied"]) == (2, 0, True)
    assert count(database, Workday) == 5


def test_an_unknown_column_is_a_warning_and_a_missing_one_an_error(loaded, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("结对编号,身份证件号,日期,天数,心情\nA,B,2022-07-04,1,好\n", encoding="utf-8")
    answer = run_json(loaded, "workdays", path, status=1)
    assert answer["warnings"] == 1
    path.write_text("结对编号,日期,天数\nA,2022-07-04,1\n", encoding="utf-8")
    answer = run_json(loaded, "workdays", path, status=1)
    assert (answer["rows"], answer["refused"]) == (1, 1)
    assert [(one["row"], one["column"], one["code"]) for one in answer["errors"]] == [
        (1, "身份证件号", "missing_column")
    ]


def test_a_file_that_cannot_be_read_is_one_sentence(loaded, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"PK\x03\x04 nothing")
    answer = run_json(loaded, "workdays", path, status=1)
    assert (answer["rows"], len(answer["errors"])) == (0, 1)
    assert "已损坏" in run(loaded, "workdays", path, status=1)


@pytest.mark.parametrize(
    "arguments",
    [
        ["days", "a.csv"],
        ["workdays"],
        ["workdays", "没有这个文件.xlsx"],
        ["workdays", "a.csv", "--unknown"],
        ["template", "days", "out.xlsx"],
        ["template", "workdays"],
    ],
)
def test_wrong_usage_is_told_apart(empty_portal, arguments):
    run(empty_portal, *arguments, status=2)


def test_an_account_does_what_it_may_and_no_more(portal, world, tmp_path):
    path = tmp_path / "a.xlsx"
    rows = [workday(), workday("received1")]
    path.write_bytes(workbook(as_table(rows)))
    world.session.commit()
    answer = run_json(portal, "workdays", path, "--actor", "sending_manager", status=1)
    assert [one["code"] for one in answer["errors"]] == ["unknown_person"]
    said = run(portal, "workdays", path, "--actor", "sending_staff", status=1)
    assert "没有批量导入的权限" in said
    said = run(portal, "workdays", path, "--actor", "province_officer", status=1)
    assert "不能导入《工作日志》" in said
    run(portal, "workdays", path, "--actor", "nobody", status=1)
    run_json(portal, "workdays", path, "--actor", "county_officer")
    event = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (event.event, event.actor) == ("import.applied", "county_officer")


@pytest.mark.parametrize("word", list(ImportKind))
def test_the_template_is_read_as_an_empty_file_of_its_kind(empty_portal, tmp_path, word):
    out = tmp_path / "模板.xlsx"
    run(empty_portal, "template", word.value, out)
    kind = KINDS[word]
    book = openpyxl.load_workbook(out)
    assert book.sheetnames == [kind.label, "填表说明", "字典"]
    sheet = book[kind.label]
    assert [cell.value for cell in sheet[1]] == [column.name for column in kind.columns]
    assert all(cell.comment for cell in sheet[1])
    lists = [one for one in sheet.data_validations.dataValidation if one.type == "list"]
    assert len(lists) == len([column for column in kind.columns if column.choices])
    assert book.custom_doc_props["form_id"].value == f"qianshou.import.{word.value}"
    guide = "\n".join(str(cell.value) for row in book["填表说明"] for cell in row if cell.value)
    for column in kind.columns:
        assert column.note in guide
    answer = run_json(empty_portal, word.value, out, status=1)
    assert (answer["rows"], answer["errors"][0]["code"]) == (0, "no_rows")


@pytest.mark.parametrize("word", list(ImportKind))
def test_the_examples_of_a_template_have_the_shape_that_it_asks_for(word, tmp_path, empty_portal):
    kind = KINDS[word]
    path = tmp_path / "示例.xlsx"
    path.write_bytes(workbook([[column.name for column in kind.columns], *kind.examples]))
    codes = {one["code"] for one in _errors(empty_portal, word.value, path)}
    # What an example names is not there; how it is written is right.
    assert codes <= {"unknown_pairing", "unknown_person", "unknown_organisation"}


def _errors(app, *arguments: object) -> list[dict]:
    result = app.test_cli_runner().invoke(args=["import", *map(str, arguments), "--json"])
    return json.loads(result.output)["errors"]


def test_the_template_of_another_kind_is_noticed(empty_portal, tmp_path):
    out = tmp_path / "模板.xlsx"
    run(empty_portal, "template", "people", out)
    book = openpyxl.load_workbook(out)
    book["人员"].append(["1"])
    book.save(out)
    answer = run_json(empty_portal, "assignments", out, status=1)
    assert answer["warnings"] >= 1
    said = run(empty_portal, "assignments", out, status=1)
    assert "不是《选派人员》的模板" in said


def test_the_files_of_the_case_are_what_their_script_makes(tmp_path):
    before = {name: (FILES / name).read_bytes() for _, name, _ in CASE}
    script = (FILES / "make_files.py").read_text(encoding="utf-8")
    made = tmp_path / "tests" / "files"
    made.mkdir(parents=True)
    for folder in ("portal", "models"):
        (tmp_path / folder).symlink_to(FILES.parents[1] / folder)
    (made / "make_files.py").write_text(script, encoding="utf-8")
    subprocess.run([sys.executable, made / "make_files.py"], check=True)
    for name, content in before.items():
        new = (made / name).read_bytes()
        if name.endswith(".csv"):
            assert new == content
        else:
            kind = name.partition(".")[0]
            names = (kind, KINDS[ImportKind(kind)].label)
            assert read_sheet(new, names) == read_sheet(content, names)


def test_accounts_come_with_a_sheet_of_slips(empty_portal, database, tmp_path):
    source, slips = tmp_path / "accounts.xlsx", tmp_path / "slips.xlsx"
    row = {"登录名": "new.one", "姓名": "演示新人", "角色": "系统管理员", "范围": "CN"}
    source.write_bytes(workbook(as_table([row])))
    answer = run_json(empty_portal, "accounts", source, "--slips", slips)
    assert (answer["accepted"], answer["applied"]) == (1, True)
    head, slip = openpyxl.load_workbook(slips).worksheets[0].iter_rows(values_only=True)
    assert head == ("姓名", "机构", "登录名", "初始密码")
    with database.reading() as session:
        stored = session.scalars(sa.select(Account.password_hash)).one()
    assert slip[2] == "new.one"
    assert empty_portal.extensions["qianshou_passwords"].matches(stored, slip[3])
    assert run_json(empty_portal, "accounts", source)["unchanged"] == 1
    # Nobody else on the server reads them, and no other file is lost to them.
    assert stat.S_IMODE(slips.stat().st_mode) == 0o600
    run(empty_portal, "accounts", source, "--slips", slips, status=2)


def test_slips_belong_to_accounts_alone(empty_portal, tmp_path):
    run(empty_portal, "people", FILES / "people.csv", "--slips", tmp_path / "x.xlsx", status=2)
