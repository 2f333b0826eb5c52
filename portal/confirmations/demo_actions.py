"""The latest days of the shown pairing's people, brought as far as the desks of the demonstration say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import sqlalchemy as sa

from models import Person, Workday
from models.types import Side, Task, WorkMode
from portal.calendar.queries import load_calendar
from portal.clock import end_of
from portal.confirmations.actions import approve_workdays, confirm_workdays, return_workday
from portal.stage import Stage
from portal.workdays.actions import log_workday
from portal.workdays.rules import Entry

EVENING = timedelta(hours=6)
"""Days are logged at six in the evening."""

WORK = {
    (Side.SENT, Task.T1): "演示：走访乡镇，协助社工站建立值班、转介和档案制度",
    (Side.SENT, Task.T2): "演示：与受援机构梳理内部治理和项目管理制度",
    (Side.SENT, Task.T3): "演示：个案督导和小组工作培训，现场示范并点评",
    (Side.SENT, Task.T4): "演示：与县民政部门研讨社工站服务清单和考核办法",
    (Side.RECEIVED, Task.T1): "演示：入户探访困难老人和留守儿童，更新服务台账",
    (Side.RECEIVED, Task.T2): "演示：整理机构项目档案，参加能力建设工作坊",
    (Side.RECEIVED, Task.T3): "演示：参加社会工作实务培训和职业水平考试辅导",
    (Side.RECEIVED, Task.T4): "演示：起草乡镇社工站管理细则征求意见稿",
}

SAME = "演示：参加县社工站工作例会，交流个案进展"
SAID_TWICE = (4, 5)
"""Two of the first person's days say the very same: the county finds them under 需留意."""

PLACES = ("入户", "在社工站", "在村委会", "在敬老院", "在学校")


def words_of(side: Side, task: Task, day: date, number: int) -> str:
    """Return what a person of the demonstration writes on a date: seldom the same as anybody else."""
    where = PLACES[(day.day + number) % len(PLACES)]
    served = 2 + (day.toordinal() * 7 + number * 5) % 19
    return f"{WORK[side, task]}；{day.month}月{day.day}日{where}，服务 {served} 人次"


DRAFT, SUBMITTED, RETURNED, CONFIRMED, APPROVED = "草稿", "提交", "退回", "确认", "核准"
SENT_DESKS = (
    (DRAFT, SUBMITTED, SUBMITTED, RETURNED, CONFIRMED, CONFIRMED, APPROVED, APPROVED, APPROVED),
    (SUBMITTED, SUBMITTED, CONFIRMED, CONFIRMED, APPROVED, APPROVED, APPROVED),
)
RECEIVED_DESKS = ((SUBMITTED, RETURNED, SUBMITTED), (SUBMITTED, CONFIRMED), ())
"""How far each person's latest days have come, the latest first; the first has an account."""

REMARK = "演示：请补充服务对象和成效"
LOOKED_BACK = timedelta(days=60)


def lay_days(stage: Stage) -> None:
    """Log the latest days of the shown pairing's people, and bring them as far as the desks say."""
    for side, members, desks, logins in (
        (Side.SENT, stage.sent, SENT_DESKS, ("yanshi-send-staff", "yanshi-send-mgr")),
        (
            Side.RECEIVED,
            stage.received,
            RECEIVED_DESKS,
            ("yanshi-recv-staff", "yanshi-recv-mgr"),
        ),
    ):
        for position, (person_id, steps) in enumerate(zip(members, desks, strict=False)):
            worker = logins[0] if position == 0 else None
            for number, (step, day) in enumerate(
                zip(steps, _free_days(stage, person_id), strict=False)
            ):
                words = SAME if worker and number in SAID_TWICE else None
                _lay_day(stage, side, person_id, day, step, worker, logins[1], words)


def _free_days(stage: Stage, person_id: int) -> Iterator[date]:
    """Yield the person's free working days of the year before today, the latest first."""
    session, last = stage.deed.session, stage.deed.today - timedelta(days=1)
    first = max(date(stage.deed.today.year, 1, 1), last - LOOKED_BACK)
    taken = set(
        session.scalars(
            sa.select(Workday.worked_on).where(
                Workday.person_id == person_id, Workday.worked_on.between(first, last)
            )
        )
    )
    working = list(load_calendar(session, first, last).working_days(first, last))
    yield from (day for day in reversed(working) if day not in taken)


def _lay_day(
    stage: Stage,
    side: Side,
    person_id: int,
    day: date,
    step: str,
    worker: str | None,
    manager: str,
    words: str | None,
) -> None:
    evening = end_of(day) - EVENING
    task = tuple(Task)[day.day % len(Task)]
    entry = Entry(
        worked_on=day,
        half_days=2,
        mode=WorkMode.ONSITE,
        task=task,
        township_code=stage.township_code,
        description=words or words_of(side, task, day, person_id),
        late_reason=None,
    )
    workday = log_workday(
        stage.deed_of(worker, evening) if worker else replace(stage.deed, now=evening),
        pairing=stage.pairing,
        person=stage.deed.session.get_one(Person, person_id),
        entry=entry,
        submit=step != DRAFT,
    )
    if step == RETURNED:
        return_workday(stage.deed_of(manager, evening + timedelta(days=1)), workday, REMARK)
    if step in (CONFIRMED, APPROVED):
        confirm_workdays(stage.deed_of(manager, evening + timedelta(days=1)), [workday])
    if step == APPROVED:
        approve_workdays(stage.deed_of("yanshi-county", evening + timedelta(days=2)), [workday])
