"""Every file that the portal sends has a Chinese name, and one that any program can read."""

from __future__ import annotations

import io
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from portal.imports.kinds import KINDS
from tests.support.imports import as_table, workbook, workday

PORTAL = Path(__file__).parents[2] / "portal"
NAMES = re.compile(
    r"attachment; filename=\"(qianshou-[a-z0-9-]+\.[a-z]{3,4})\"; filename\*=UTF-8''(\S+)"
)


BROUGHT_IN_BY = {
    "allocations": "national_officer",
    "pairings": "province_officer",
    "accounts": "system_administrator",
}


def names_of(answer) -> tuple[str, str]:
    found = NAMES.fullmatch(answer.headers["Content-Disposition"])
    assert found, answer.headers["Content-Disposition"]
    plain, chinese = found.group(1), unquote(found.group(2))
    assert plain.rpartition(".")[2] == chinese.rpartition(".")[2]
    assert re.search("[一-鿿]", chinese)
    return plain, chinese


@pytest.mark.parametrize("word", [word.value for word in KINDS])
def test_a_template(pages, word):
    persona = BROUGHT_IN_BY.get(word, "sending_manager")
    plain, chinese = names_of(pages(persona).get(f"/import/{word}/template.xlsx"))
    assert plain == f"qianshou-{word}-template.xlsx"
    assert chinese.endswith("导入模板.xlsx")


def test_the_rows_with_errors(pages):
    file = (io.BytesIO(workbook(as_table([workday(), workday(天数="0.3")]))), "演示.xlsx")
    page = pages("sending_manager").get("/import/workdays").submit(file=file, follow=True)
    answer = page.click("下载有错误的行（标出原因，改后可直接上传）")
    assert names_of(answer) == ("qianshou-workdays-errors.xlsx", "工作日志错误行.xlsx")


def test_a_picture(pages):
    plain, _ = names_of(pages("national_officer").get("/dashboard/flow.csv?year=2022"))
    assert plain == "qianshou-2022-flow-2022-11-21.csv"


@pytest.mark.parametrize("kind", ["xlsx", "csv", "pdf", "json"])
def test_the_summary(pages, kind):
    client = pages("national_officer")
    form = client.get("/summary/exports?year=2022")
    hidden = {
        name: form.find(f"input[name={name}]").get("value") or ""
        for name in ("csrf_token", "form_key", "year", "province")
    }
    answer = client.post("/summary/exports", {**hidden, "kind": kind, "purpose": "演示"}, 200)
    plain, chinese = names_of(answer)
    assert plain == f"qianshou-summary-2022-as-of-2022-11-21.{kind}"
    assert chinese.startswith("牵手计划2022年度汇总表")


def test_the_audit(pages):
    client = pages("audit_administrator")
    plain, chinese = names_of(client.post("/audit/export", {"purpose": "年度检查"}, expect=200))
    assert plain == "qianshou-audit-2022-11-21.csv"
    assert "审计" in chinese


def test_there_is_one_place_that_names_them():
    for path in PORTAL.rglob("*.py"):
        if path.name != "downloads.py":
            text = path.read_text(encoding="utf-8")
            assert "Content-Disposition" not in text, path
            assert "as_attachment" not in text, path
