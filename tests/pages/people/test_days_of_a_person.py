"""The days of a person by work year, on the person's page."""

from __future__ import annotations

from datetime import date

from models.types import Task, WorkMode
from portal.confirmations.actions import approve_workdays, confirm_workdays
from portal.workdays.actions import log_workday
from portal.workdays.rules import Entry


def log(world, day: date, half_days: int):
    return log_workday(
        world.deed(),
        pairing=world.pairing(),
        person=world.person("sent1"),
        entry=Entry(day, half_days, WorkMode.ONSITE, Task.T1, None, "演示", None),
        submit=True,
    )


def test_shows_counted_and_waiting_days(pages, world):
    first, second = log(world, date(2022, 11, 14), 2), log(world, date(2022, 11, 15), 1)
    log(world, date(2022, 11, 16), 2)
    confirm_workdays(world.deed("sending_manager"), [first, second])
    approve_workdays(world.deed("county_officer"), [first, second])
    page = pages("sending_staff").get(f"/people/{world.person('sent1').public_id}")
    assert page.table_rows("各年度工作日") == [
        {
            "工作年度": "2022",
            "结对编号": "P1",
            "角色": "援派",
            "已计入（天）": "1.5",
            "待审或暂不计入（天）": "1",
            "首日至末日": "2022-11-14 至 2022-11-15",
        }
    ]
