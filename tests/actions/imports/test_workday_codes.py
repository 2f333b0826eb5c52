"""Every code of the contract for working days: which row, which column, and that nothing is written."""

from __future__ import annotations

from datetime import date

import pytest

from models import Workday
from models.types import ImportKind
from portal.imports.actions import carry_out
from portal.programme.actions import close_work_year
from tests.support.imports import check_rows, codes_of, id_number, import_rows, workday

WORKDAYS = ImportKind.WORKDAYS

REFUSED = [
    # what is wrong with a good row, the column, the code
    ({"结对编号": "没有"}, "结对编号", "unknown_pairing"),
    ({"结对编号": ""}, "结对编号", "missing_value"),
    ({"身份证件号": "659012198503010015"}, "身份证件号", "unknown_person"),
    ({"身份证件号": 6.59012198503010e17}, "身份证件号", "invalid_value"),
    ({"身份证件号": None}, "身份证件号", "missing_value"),
    ({"身份证件号": id_number("unqualified")}, "身份证件号", "not_assigned"),
    ({"身份证件号": id_number("foreign")}, "身份证件号", "not_assigned"),
    ({"日期": "2021-12-31"}, "日期", "outside_assignment"),
    ({"日期": "2022-02-30"}, "日期", "invalid_date"),
    ({"日期": 44866.0}, "日期", "invalid_date"),
    ({"日期": ""}, "日期", "missing_value"),
    ({"日期": "2022-11-22"}, "日期", "future_date"),
    ({"天数": "0.3"}, "天数", "invalid_days"),
    ({"天数": 0.0}, "天数", "invalid_days"),
    ({"天数": 1.5}, "天数", "invalid_days"),
    ({"天数": "半天"}, "天数", "invalid_days"),
    ({"天数": ""}, "天数", "missing_value"),
    ({"方式": "乘车"}, "方式", "invalid_value"),
    ({"任务": "其他"}, "任务", "invalid_value"),
    ({"地点代码": "640303999"}, "地点代码", "invalid_value"),
    ({"地点代码": "640324100"}, "地点代码", "invalid_value"),
    ({"状态": "已退回"}, "状态", "invalid_value"),
    ({"工作内容": "长" * 2001}, "工作内容", "text_too_long"),
]


@pytest.mark.parametrize(("change", "column", "code"), REFUSED)
def test_refuses_a_row_and_writes_nothing(world, change, column, code):
    rows = [workday(), workday(day="2022-11-02", **change), workday("sent2")]
    checked = import_rows(world, WORKDAYS, rows)
    assert (3, column, code) in codes_of(checked)
    report = checked.report
    assert (report.rows, report.accepted, report.refused, report.applied) == (3, 2, 1, False)
    error = next(error for error in report.errors if error.code == code)
    assert error.message.startswith(f"第3行“{column}”：")
    assert world.count(Workday) == 0


def test_refuses_a_date_outside_of_all_work_years(world):
    checked = check_rows(world, WORKDAYS, [workday(day="2020-06-01")])
    assert (2, "日期", "outside_work_year") in codes_of(checked)


def test_refuses_a_day_of_a_closed_year(world):
    world.clock.stand_on(date(2023, 2, 1))
    close_work_year(world.deed(), 2022, "年度总结报告已受理")
    checked = check_rows(world, WORKDAYS, [workday()])
    assert codes_of(checked) == [(2, "日期", "closed_year")]


def test_refuses_more_than_a_day_over_the_rows_of_the_file(world):
    rows = [
        workday(天数="0.5"),
        workday(天数="0.5", 工作内容="下午"),
        workday(天数="0.5", 工作内容="晚上"),
    ]
    assert codes_of(check_rows(world, WORKDAYS, rows)) == [(4, "天数", "over_one_day")]


def test_a_refused_row_takes_no_part_of_the_day(world):
    rows = [workday(方式="乘车"), workday(工作内容="另一条")]
    assert codes_of(check_rows(world, WORKDAYS, rows)) == [(2, "方式", "invalid_value")]


def test_refuses_more_than_a_day_with_what_is_stored(world):
    import_rows(world, WORKDAYS, [workday()])
    rows = [workday(天数="0.5", 工作内容="下午又去一次")]
    assert codes_of(check_rows(world, WORKDAYS, rows)) == [(2, "天数", "over_one_day")]


def test_refuses_a_row_that_stands_twice_in_the_file(world):
    rows = [workday(), workday("sent2"), workday()]
    checked = check_rows(world, WORKDAYS, rows)
    assert (4, "结对编号", "duplicate_row") in codes_of(checked)
    assert "第2行" in checked.report.errors[0].message
    assert checked.report.accepted == 2


def test_says_everything_that_is_wrong_with_a_row(world):
    row = workday(结对编号="没有", 方式="乘车", 地点代码="1", 日期="昨天")
    assert codes_of(check_rows(world, WORKDAYS, [row])) == [
        (2, "结对编号", "unknown_pairing"),
        (2, "日期", "invalid_date"),
        (2, "方式", "invalid_value"),
        (2, "地点代码", "invalid_value"),
    ]


def test_accepting_the_valid_rows_writes_exactly_these(world):
    rows = [workday(day="2022-11-01"), workday(day="2022-02-30"), workday(day="2022-11-03")]
    checked = import_rows(world, WORKDAYS, rows, accept_valid=True)
    report = checked.report
    assert (report.accepted, report.refused, report.applied) == (2, 1, True)
    days = [row.worked_on for row in world.session.query(Workday).order_by(Workday.worked_on)]
    assert days == [date(2022, 11, 1), date(2022, 11, 3)]


def test_what_happens_between_checking_and_writing_is_seen(world):
    checked = check_rows(world, WORKDAYS, [workday()])
    assert checked.report.refused == 0
    import_rows(world, WORKDAYS, [workday(工作内容="别人先填的")])
    late = carry_out(world.deed(), checked, accept_valid=True)
    assert codes_of(late) == [(2, "天数", "over_one_day")]
    assert not late.report.applied
    assert world.count(Workday) == 1
