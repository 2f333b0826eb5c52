"""The pages of imports: choose, upload, look, carry out, take back."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa

from models import AuditEvent, ImportBatch, Workday
from models.types import WorkdayState
from portal.imports.kinds import KINDS
from tests.support.imports import as_table, id_number, workbook, workday
from tests.support.workdays import logged

ROWS = [workday(), workday(day="2022-11-02"), workday("sent2")]
HALF_BAD = [workday(), workday(day="2022-02-30"), workday("received1", day="2022-11-02")]


SHA256_DIGITS = 64
ERRORS = "下载有错误的行（标出原因，改后可直接上传）"
APPLY, WITHDRAW = "form[action$=application]", "form[action$=withdrawal]"


def upload(client, rows=ROWS, **options):
    return upload_bytes(client, workbook(as_table(rows)), **options)


def upload_bytes(client, content, **options):
    file = (io.BytesIO(content), "十一月工作日志.xlsx")
    return client.get("/import/workdays").submit(file=file, **options)


def uploads(portal) -> list[Path]:
    folder = portal.extensions["qianshou_settings"].var / "uploads"
    return list(folder.glob("*")) if folder.exists() else []


def test_takes_in_no_more_than_may_wait_and_keeps_nothing_of_it(pages, portal, world, monkeypatch):
    monkeypatch.setattr("portal.imports.rules.MOST_WAITING", 1)
    client, content = pages("sending_manager"), workbook(as_table(ROWS))
    upload_bytes(client, content)
    kept = uploads(portal)
    for at_once in (2**20, 1):
        monkeypatch.setattr("portal.imports.views.CHECKED_AT_ONCE", at_once)
        page = upload(client, HALF_BAD, expect=200)
        assert "您已有 1 个文件上传后未导入（各账号合并计算），最多 1 个" in page.errors[0]
        assert uploads(portal) == kept
    upload_bytes(client, content)  # what waits already is the same import
    assert world.count(ImportBatch) == 1


# ---- choosing ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("persona", "kinds"),
    [
        ("national_officer", ["任务分配表", "资金"]),
        ("province_officer", ["机构", "结对", "资金"]),
        ("county_officer", ["机构", "工作日志"]),
        ("sending_manager", ["机构", "人员", "选派人员", "工作日志", "资金"]),
        ("receiving_manager", ["机构", "人员", "选派人员", "工作日志", "资金"]),
        ("system_administrator", ["账号"]),
    ],
)
def test_offers_the_kinds_that_the_role_may_bring_in(pages, persona, kinds):
    page = pages(persona).get("/import")
    offered = page.table_rows("可以导入的种类")
    assert [row["种类"] for row in offered] == kinds
    for row in offered:
        if row["种类"] in ("选派人员", "工作日志"):
            assert row["必填列"].startswith("结对编号、身份证件号或姓名（和人员编号）、")
    assert "还没有导入过文件" in page.text
    assert any(link.text == "批量导入" for link in page.find_all("header nav a"))


@pytest.mark.parametrize(
    "persona", ["sending_staff", "evaluator", "security_administrator", "audit_administrator"]
)
def test_others_see_no_imports(pages, persona):
    pages(persona).get("/import", expect=403)
    pages(persona).get("/import/workdays", expect=403)


def test_a_kind_of_another_role_is_forbidden_and_an_unknown_one_not_there(pages):
    client = pages("sending_manager")
    client.get("/import/pairings", expect=403)
    client.get("/import/pairings/template.xlsx", expect=403)
    client.get("/import/days", expect=404)


@pytest.mark.parametrize("word", ["organisations", "people", "assignments", "workdays"])
def test_explains_the_columns_and_gives_the_template(pages, word):
    page = pages("sending_manager").get(f"/import/{word}")
    kind = next(kind for kind in KINDS.values() if kind.word == word)
    assert [row["列"] for row in page.table_rows("文件的列")] == [one.name for one in kind.columns]
    template = page.click("下载模板")
    assert template.headers["Content-Disposition"].startswith("attachment")
    book = openpyxl.load_workbook(io.BytesIO(template.body))
    assert book.sheetnames[0] == kind.label


# ---- uploading -----------------------------------------------------------------------------


def test_shows_what_was_found_and_writes_it_with_the_second_click(pages, world, portal):
    client = pages("sending_manager")
    page = upload(client, follow=True)
    assert "全部通过检查" in page.text
    assert "由本机构另一位负责人确认，您本人不能确认" in page.text
    assert "读取的工作表：“Sheet1”。" in page.text
    assert world.count(Workday) == 0
    events = world.count(AuditEvent)
    done = page.submit(APPLY, button="导入 3 行", follow=True)
    assert done.messages == ["已写入 3 行，0 行此前已有。"]
    assert "已导入" in done.text
    assert done.click("查看工作日志").path == "/workdays"
    assert world.count(Workday) == 3
    assert world.count(AuditEvent) == events + 1
    batch = world.session.scalars(sa.select(ImportBatch)).one()
    assert batch.applied_at is not None
    assert batch.account_id == world.actor("sending_manager").account_id
    assert uploads(portal) == []
    row = client.get("/import").table_rows("我的导入")[0]
    assert (row["文件"], row["状态"], row["行数"]) == ("十一月工作日志.xlsx", "已导入", "3")


def test_looks_into_the_file_once_and_shows_what_was_found(pages, world, monkeypatch):
    """Six views of a large file would be six times its rows in memory."""
    page = upload(pages("sending_manager"), HALF_BAD, follow=True)
    book = page.click(ERRORS).body  # made when it is first asked for

    def never(*_args, **_options):
        raise AssertionError("the file was read again")

    monkeypatch.setattr("portal.imports.batch_views.check_apart", never)
    monkeypatch.setattr("portal.imports.batch_views.read_file", never)
    again = page.client.get(page.path)
    assert again.table_rows("需要修改的内容") == page.table_rows("需要修改的内容")
    assert again.click(ERRORS).body == book


def test_what_is_shown_after_the_second_click_is_what_was_found_then(pages, world):
    """Somebody else has taken a date between the check and the second click."""
    page = upload(pages("sending_manager"), follow=True)
    logged(world, "sent1", date(2022, 11, 1))
    after = page.submit(APPLY, button="导入 3 行", follow=True)
    assert "没有写入：有错误的行" in after.messages[0]
    (line,) = after.table_rows("需要修改的内容")
    assert (line["行号"], line["列"]) == ("第2行", "天数")
    assert after.click(ERRORS).body.startswith(b"PK")
    assert world.count(Workday) == 1


def test_looking_twice_changes_nothing(pages, world):
    client = pages("sending_manager")
    page = upload(client, follow=True)
    events = world.count(AuditEvent)
    assert client.get(page.path).text == client.get(page.path).text
    assert (world.count(AuditEvent), world.count(ImportBatch)) == (events, 1)


def test_lists_errors_by_row_and_column_and_how_to_mend_them(pages, world):
    client = pages("sending_manager")
    page = upload(client, HALF_BAD, follow=True)
    assert [(row["行号"], row["列"]) for row in page.table_rows("需要修改的内容")] == [
        ("第3行", "日期"),
        ("第4行", "身份证件号"),
    ]
    day, number = page.find_all("form[action$=mending] input.form-control")
    assert day["value"] == "2022-02-30"
    masked = id_number("received1")[:3] + "*" * 13 + id_number("received1")[-2:]
    assert (number["value"], number["size"]) == ("", "19")  # a code of 18 places stands there whole
    shown = page.table_rows("需要修改的内容")
    assert [row["人员"] for row in shown] == [world.person("sent1").name, "—"]
    assert shown[1]["文件中的内容"] == masked
    assert "请写成 2022-03-01" in page.text
    errors = page.click(ERRORS)
    sheet = openpyxl.load_workbook(io.BytesIO(errors.body)).active
    assert sheet.max_row == 3
    assert sheet.cell(2, sheet.max_column).value.startswith("“日期”：")
    assert errors.headers["X-Content-Type-Options"] == "nosniff"


def test_writes_the_good_rows_only_if_asked(pages, world, portal):
    client = pages("sending_manager")
    page = upload(client, HALF_BAD, follow=True)
    refused = page.submit(APPLY, button="导入 1 行", follow=True)
    assert "没有写入" in refused.messages[0]
    assert world.count(Workday) == 0
    done = refused.submit(APPLY, button="导入 1 行", accept_valid=True, follow=True)
    assert done.messages == ["已写入 1 行，0 行此前已有。另有 2 行有错误，没有写入。"]
    assert world.count(Workday) == 1
    # The file stays for a day, so that the refused rows can be fetched.
    assert len(uploads(portal)) == 2
    assert len(done.table_rows("需要修改的内容")) == 2
    assert not done.find_all(APPLY)


def test_the_second_submission_of_a_form_has_no_second_effect(pages, world):
    client = pages("sending_manager")
    page = upload(client, follow=True)
    first = page.submit(APPLY, button="导入 3 行")
    again = page.submit(APPLY, button="导入 3 行")
    assert first.location == again.location
    assert (world.count(Workday), world.count(ImportBatch)) == (3, 1)


def test_what_is_carried_out_is_not_carried_out_again(pages, world):
    client = pages("sending_manager")
    page = upload(client, HALF_BAD, follow=True)
    path = page.path
    client.post(f"{path}/application", {"accept_valid": "y"}, follow=True)
    again = client.post(f"{path}/application", {"accept_valid": "y"}, follow=True)
    assert "没有写入" in again.messages[0]
    client.post(f"{path}/withdrawal", expect=409)
    assert world.count(Workday) == 1


def test_the_commit_checks_everything_again(pages, world):
    client = pages("sending_manager")
    page = upload(client, follow=True)
    upload(pages("county_officer"), [workday(工作内容="县里先导入的")], follow=True).submit(
        APPLY, button="导入 1 行"
    )
    done = page.submit(APPLY, button="导入 3 行", follow=True)
    assert "没有写入" in done.messages[0]
    assert done.table_rows("需要修改的内容")[0]["列"] == "天数"
    assert world.count(Workday) == 1


def test_the_same_file_waits_once(pages, world):
    client = pages("sending_manager")
    content = workbook(as_table(ROWS))
    first = upload_bytes(client, content)
    second = upload_bytes(client, content)
    assert first.location == second.location
    assert world.count(ImportBatch) == 1


def test_a_file_without_news_says_so(pages):
    client = pages("sending_manager")
    upload(client, follow=True).submit(APPLY, button="导入 3 行")
    page = upload(client, follow=True)
    assert "没有需要写入的行" in page.text
    assert [form.element.get("action") for form in page.forms] == [f"{page.path}/withdrawal"]


def test_a_file_with_nothing_good_offers_no_button(pages):
    page = upload(pages("sending_manager"), [workday(日期="昨天")], follow=True)
    assert "没有可以写入的行" in page.text
    assert "须修改" in page.text
    assert "待写入" not in page.text
    assert [form.element.get("action") for form in page.forms] == [
        f"{page.path}/withdrawal",
        f"{page.path}/mending",
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "没有内容"),
        (b"PK\x03\x04", "已损坏"),
        (
            "结对编号,日期\nP1,2022-11-01\n".encode(),
            "缺少必填列“身份证件号”，或“姓名”（和“人员编号”）",
        ),
    ],
)
def test_says_at_the_field_why_a_file_is_of_no_use(pages, world, portal, content, words):
    form = pages("sending_manager").get("/import/workdays")
    page = form.submit(file=(io.BytesIO(content), "a.xlsx"), expect=200)
    assert any(words in error for error in page.errors)
    assert words in page.find("#file-error").text
    assert world.count(ImportBatch) == 0
    assert uploads(portal) == []


def test_asks_for_a_file(pages):
    page = pages("sending_manager").get("/import/workdays").submit(expect=200)
    assert page.errors == ["文件：请选择要导入的文件。"]


# ---- other people's imports ----------------------------------------------------------------


def test_an_import_is_seen_by_whoever_brought_it_in_alone(pages, world):
    path = upload(pages("sending_manager"), HALF_BAD).location
    for persona in ("receiving_manager", "county_officer", "national_officer"):
        client = pages(persona)
        client.get(path, expect=404)
        client.get(f"{path}/errors.xlsx", expect=404)
        client.post(f"{path}/application", {"accept_valid": "y"}, expect=404)
        client.post(f"{path}/withdrawal", expect=404)
        assert "还没有导入过文件" in client.get("/import").text
    assert world.count(Workday) == 0
    assert world.count(ImportBatch) == 1


def test_a_file_taken_back_leaves_nothing(pages, world, portal):
    client = pages("sending_manager")
    page = upload(client, follow=True)
    done = page.submit(WITHDRAW, follow=True)
    assert done.messages == ["已撤下该文件，没有写入任何数据。"]
    assert (world.count(ImportBatch), world.count(Workday), uploads(portal)) == (0, 0, [])
    client.get(page.path, expect=404)


def test_a_file_that_another_waits_for_stays(pages, portal):
    content = workbook(as_table(ROWS))
    page = upload_bytes(pages("sending_manager"), content, follow=True)
    other = upload_bytes(pages("county_officer"), content, follow=True)
    page.submit(WITHDRAW)
    assert len([kept for kept in uploads(portal) if len(kept.stem) == SHA256_DIGITS]) == 1
    assert "全部通过检查" in other.client.get(other.path).text


def test_a_staged_file_is_sealed_and_gone_after_a_day(pages, clock, portal):
    client = pages("sending_manager")
    page = upload(client, follow=True)
    first = uploads(portal)
    assert len(first) == 2  # the file, and what was found in it
    for kept in first:
        content = kept.read_bytes()
        assert not any(
            clear in content for clear in (b"PK\x03\x04", b"rows", id_number("sent1").encode())
        )
        assert kept.stat().st_mode & 0o077 == 0
    clock.pass_time(hours=25)
    client = pages("sending_manager")
    upload(client, HALF_BAD)
    assert not set(first) & set(uploads(portal))
    gone = client.get(page.path)
    assert "只保留一天" in gone.text
    assert not gone.find_all(APPLY)
    client.get(f"{page.path}/errors.xlsx", expect=404)
    again = client.post(f"{page.path}/application", follow=True)
    assert "请重新上传" in again.messages[0]


def test_warnings_name_their_rows(pages):
    rows = [workday(day="2022-10-01"), workday("sent2", day="2022-10-02")]
    page = upload(pages("county_officer"), rows, follow=True)
    assert "第2、3行：休息日或节假日，可以导入，经县级核准后计入。" in page.text


def test_a_county_officer_brings_approved_days_in_as_drafts_of_a_second_one(pages, world):
    page = upload(pages("county_officer"), [workday(状态="已核准")], follow=True)
    page.submit(APPLY, button="导入 1 行")
    day = world.session.scalars(sa.select(Workday)).one()
    assert (day.state, day.claimed_state) == (WorkdayState.SUBMITTED, WorkdayState.APPROVED)
    assert day.entered_by_person_id == world.actor("county_officer").person_id
