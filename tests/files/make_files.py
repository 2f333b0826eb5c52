"""Makes the import files of the tests: 福建 helps 宁夏 in five counties from July 2022.

    python tests/files/make_files.py

The shape follows a real case (five pairs, some twenty days a pair until the autumn); names,
codes and numbers are of nobody. Each file is written as offices write them: some cells are
numbers, some dates are texts, some headers have a star, one file is GB18030.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parents[1]))

from portal.standards.credit_code import make_credit_code  # noqa: E402 - found by the line above
from portal.standards.id_number import make_id_number  # noqa: E402

FIRST_DAY = date(2022, 7, 1)
NOBODYS_REGION = "653228"
"""Introduced in 2024: no adult has a number that starts with it."""


class Pair(NamedTuple):
    code: str
    sending_seat: str
    county: str
    township: str


PAIRS = (
    Pair("2022-640303-01", "350102", "640303", "640303100"),
    Pair("2022-640324-01", "350203", "640324", "640324100"),
    Pair("2022-640402-01", "350502", "640402", "640402100"),
    Pair("2022-640422-01", "350602", "640422", "640422100"),
    Pair("2022-640522-01", "350802", "640522", "640522100"),
)
TASKS = ("社工站建设", "机构培育", "人才培养", "制度建设")
TEXTS = (
    "走访乡镇社工站，核对五有标准",
    "督导受援社工完成个案记录",
    "与受援机构商定值班、例会等制度",
    "开展小组工作实务培训",
)


def sending_code(number: int) -> str:
    return make_credit_code("52", PAIRS[number].sending_seat, 8_000_000 + number)


def receiving_code(number: int) -> str:
    return make_credit_code("52", PAIRS[number].county, 8_100_000 + number)


def id_number(pair: int, person: int) -> str:
    """Persons 0 and 1 of a pair are sent, 2, 3 and 4 receive."""
    return make_id_number(
        NOBODYS_REGION, date(1985, 1, 1) + timedelta(days=200 * person), 10 * pair + person
    )


def organisations() -> Iterable[Sequence[Any]]:
    yield (
        "统一社会信用代码*", "机构名称*", "机构类型*", "所在地代码*",
        "法定代表人", "联系人", "联系电话", "成立日期",
    )  # fmt: skip
    for number, pair in enumerate(PAIRS):
        yield (
            sending_code(number), f"演示援派社会工作服务中心{number + 1}", "社会工作服务机构",
            int(pair.sending_seat), "演示法人", "演示联系人", f"0591-8800{number:04}",
            date(2012, 5, 1),
        )  # fmt: skip
        yield (
            receiving_code(number), f"演示受援社会工作服务中心{number + 1}", "社会工作服务机构",
            pair.county, "演示法人", "演示联系人", 13800138000 + number, "2019年3月1日",
        )  # fmt: skip


def people() -> Iterable[Sequence[Any]]:
    yield (
        "机构信用代码", "姓名", "身份证件号", "手机号", "证书等级", "证书编号",
        "证书取得日期", "从事社会工作起始日期",
    )  # fmt: skip
    for pair in range(len(PAIRS)):
        for person in range(5):
            is_sent = person < 2
            yield (
                sending_code(pair) if is_sent else receiving_code(pair),
                f"演示{'援' if is_sent else '受'}{pair + 1}{'甲乙丙丁戊'[person]}",
                id_number(pair, person),
                f"1390000{pair}{person:03}",
                "社会工作师" if is_sent else "",
                f"演示证{pair}{person}" if is_sent else "",
                "2018/6/1" if is_sent else "",
                "2015-01-01" if is_sent else "",
            )


def allocations() -> Iterable[Sequence[Any]]:
    yield ("年度", "援派省份代码", "受援省份代码", "结对数量", "任务线", "受援县代码")
    for pair in PAIRS:
        yield ("2022", "350000", "640000", "1", "重点县", pair.county)


def pairings() -> Iterable[Sequence[Any]]:
    yield (
        "结对编号", "援派机构信用代码", "受援机构信用代码", "受援县代码", "任务线",
        "开始日期", "结束日期", "协议编号", "协议签订日期",
    )  # fmt: skip
    for number, pair in enumerate(PAIRS):
        yield (
            pair.code, sending_code(number), receiving_code(number), int(pair.county), "重点县",
            FIRST_DAY, None, f"演示协议{number + 1}号", "2022/7/1",
        )  # fmt: skip


def assignments() -> Iterable[Sequence[Any]]:
    yield ("结对编号", "身份证件号", "角色", "开始日期", "结束日期")
    for number, pair in enumerate(PAIRS):
        for person in range(5):
            side = "援派" if person < 2 else "受援"
            yield (pair.code, id_number(number, person), side, FIRST_DAY, None)


def workdays() -> Iterable[Sequence[Any]]:
    """Twenty sent and thirty received days a pair, of Mondays to Fridays in July and August."""
    yield (
        "结对编号", "身份证件号", "日期", "天数", "方式", "任务", "地点代码", "工作内容", "状态",
    )  # fmt: skip
    days = [day for day in (FIRST_DAY + timedelta(n) for n in range(40)) if day.weekday() < 5]
    for number, pair in enumerate(PAIRS):
        for person in range(5):
            for step in range(10):
                day = days[step * 2 + person % 2]
                yield (
                    pair.code,
                    id_number(number, person),
                    day if step % 2 else f"{day.year}/{day.month}/{day.day}",
                    1 if step % 5 else 0.5,
                    "线上" if step == 7 else None,
                    TASKS[step % 4],
                    int(pair.township) if step % 3 else None,
                    f"{TEXTS[step % 4]}（{day.isoformat()}）",
                    "已核准" if step % 2 else None,
                )


def funds() -> Iterable[Sequence[Any]]:
    """The ministry's 30,000 yuan and the province's 50,000 of each pair, arrived; something is spent."""
    yield (
        "结对编号", "年度", "类型", "资金来源", "支出类别", "金额", "日期", "凭证号", "摘要",
    )  # fmt: skip
    for number, pair in enumerate(PAIRS, start=1):
        for source, yuan in (("部级补助", "30000.00"), ("省级配套", "50,000")):
            paper = f"演示{source}{number}"
            yield (pair.code, 2022, "到账", source, None, yuan, "2022-07-12", paper, None)
            yield (pair.code, 2022, "拨付", source, None, yuan, "2022/7/8", paper, None)
            yield (pair.code, 2022, "计划", source, None, yuan, "2022年7月4日", f"{paper}号", None)
        yield (
            pair.code, 2022, "支出", "部级补助", "活动费用", 1234.56, "2022-08-01",
            f"演示发票{number}", "演示：督导培训场地",
        )  # fmt: skip


def write_workbook(name: str, sheet: str, rows: Iterable[Sequence[Any]]) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.title = "说明"
    first.append(["数据在后一张工作表。"])
    target = book.create_sheet(sheet)
    for row in rows:
        target.append(list(row))
    book.save(FOLDER / name)


def write_csv(name: str, encoding: str, rows: Iterable[Sequence[Any]]) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    (FOLDER / name).write_bytes(text.getvalue().encode(encoding))


def main() -> None:
    write_workbook("organisations.xlsx", "organisations", organisations())
    write_csv("people.csv", "gb18030", people())
    write_csv("allocations.csv", "utf-8-sig", allocations())
    write_workbook("pairings.xlsx", "结对", pairings())
    write_csv("assignments.csv", "utf-8", assignments())
    write_workbook("workdays.xlsx", "workdays", workdays())
    write_csv("funds.csv", "gb18030", funds())


if __name__ == "__main__":
    main()
