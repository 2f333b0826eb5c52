"""The demonstration: loaded once at any time of the programme, with a task for whoever decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import (
    Assignment,
    AssignmentDecision,
    AuditEvent,
    Pairing,
    Workday,
    WorkdayDecision,
    WorkYear,
    WorkYearDecision,
)
from models.database import Database
from models.types import ItemState
from portal.access.demo_account_rules import DEMO_ACCOUNTS
from portal.access.queries import find_actor
from portal.checks import verify
from portal.clock import end_of
from portal.deeds import operator_deed
from portal.demo.actions import FIRST_YEARS, load_demo
from portal.home.inbox_queries import inbox
from portal.jobs.queries import list_own
from portal.jobs.worker_jobs import Worker
from portal.programme.policy import Policy
from portal.programme.queries import policy_of_year
from portal.refusals import Refused
from portal.rooms import HOUSE, JOB_KINDS
from portal.summaries.queries import summary_of
from portal.totals.known_queries import (
    KNOWN_BEFORE,
    known_person_sums,
    last_assignment_decision,
    last_workday_decisions,
)
from portal.totals.queries import THE_YEAR, standing_under
from tests.conftest import EMPTY
from tests.support.clock import Clock
from tests.support.databases import Press
from tests.support.jobs import settings_of

DAYS = (date(2022, 12, 31), date(2026, 1, 5))
"""The last day of a year of the first programme, and the first working days of the continuation."""


@pytest.fixture(scope="module", params=DAYS, ids=str)
def loaded(request: pytest.FixtureRequest, sqlite_press: Press) -> Iterator[tuple[Database, Clock]]:
    clock = Clock(request.param)
    with sqlite_press.opened(EMPTY) as database:
        with database.writing() as session:
            assert load_demo(
                operator_deed(session, clock()), "no hash: nobody signs in here", HOUSE.demonstrate
            )
        yield database, clock


@pytest.fixture
def demo(loaded: tuple[Database, Clock]) -> Iterator[tuple[Session, Clock]]:
    database, clock = loaded
    with database.open() as session:
        yield session, clock


def labels(session: Session, clock: Clock, login: str) -> set[str]:
    actor = find_actor(session, login)
    assert actor is not None
    return {task.label for task in inbox(session, actor, clock(), HOUSE.agenda)}


def test_loading_it_again_changes_nothing(demo: tuple[Session, Clock]):
    session, clock = demo
    before = [count(session, model) for model in (Pairing, Workday, AuditEvent)]
    assert load_demo(operator_deed(session, clock()), "another", HOUSE.demonstrate) == {}
    assert [count(session, model) for model in (Pairing, Workday, AuditEvent)] == before


def count(session: Session, model: type) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_it_is_valid_by_every_check_of_the_books(demo: tuple[Session, Clock]):
    session, _ = demo
    assert [outcome.fault for outcome in verify(session, HOUSE.checks) if outcome.fault] == []


def test_all_160_are_in_effect_but_one_of_the_continuation_that_waits(demo: tuple[Session, Clock]):
    session, clock = demo
    wanted = sa.select(Pairing.state, sa.func.count()).where(
        Pairing.code.startswith(f"YS{'26' if clock().year == 2026 else '22'}-")
    )
    found = {state.value: number for state, number in session.execute(wanted.group_by("state"))}
    assert found == (
        {"confirmed": 159, "proposed": 1} if clock().year == 2026 else {"confirmed": 160}
    )


# Of the 248 working days of 2025 the 30th of June is the 120th: an even spread has 40 × 120 / 248 = 19.35 days
# of those sent by then, 120 × 120 / 248 = 58.06 of those received.
AT_MIDYEAR = {
    # 20 and 59 days: both ahead. 61 days of three people are 21 days, the last 21 of December.
    "YS22-150422": ("on_course", "on_course", "2025-12-03"),
    # 12 and 60: two people have 28 days left, 14 each, from 12 December; three have 60, 20 each.
    "YS22-152221": ("slow", "on_course", "2025-12-04"),
    # 22 and 39: 81 days of three people are 27 each, from 25 November.
    "YS22-451029": ("on_course", "slow", "2025-11-25"),
    # 11 of one person alone: 29 days, from 21 November.
    "YS22-451121": ("slow", "on_course", "2025-11-21"),
}


@pytest.mark.parametrize("loaded", DAYS[1:], indirect=True, ids=str)
def test_on_30_june_2025_most_were_on_course_some_slow_and_none_lost(
    demo: tuple[Session, Clock],
):
    session, clock = demo
    found = summary_of(session, 2025, now=clock(), as_of=date(2025, 6, 30))
    # Out of reach, slow, on course, done.
    assert found.totals.sums.paces == (0, 24, 136, 0)
    lines = {one.code: one for one in found.pairings}
    for code, (sent, received, start) in AT_MIDYEAR.items():
        line = lines[code]
        shown = (line.sent_pace, line.received_pace, str(line.latest_start_on))
        assert shown == (sent, received, start), code


def test_whoever_decides_finds_a_task(demo: tuple[Session, Clock]):
    session, clock = demo
    found = {one.login: labels(session, clock, one.login) for one in DEMO_ACCOUNTS}
    assert "待审批的选派" in found["yanshi-prov-send"]
    assert "待审批的选派" in found["yanshi-county"]
    assert {"待确认的授权", "请求重置密码"} <= found["yanshi-sec-admin"]
    assert "待答复的投诉建议" in found["yanshi-sys-admin"]
    assert found["yanshi-evaluator"] == found["yanshi-prov-rural"] == set()
    if clock().year == DAYS[0].year:
        assert found["yanshi-send-staff"] == {"被退回的日志", "尚未提交的草稿", "被退回的支出"}
        assert "待确认的工作日志" in found["yanshi-send-mgr"] & found["yanshi-recv-mgr"]
        assert "待核准的工作日志" in found["yanshi-county"]
    else:
        assert "待本省确认的结对" in found["yanshi-prov"]


def test_nothing_stands_on_the_day_itself_or_later(demo: tuple[Session, Clock]):
    session, clock = demo
    latest = session.scalar(sa.select(sa.func.max(Workday.worked_on)))
    assert latest is not None
    assert latest < clock().date()


def test_as_of_a_day_every_working_day_stands_as_its_last_decision_before_left_it(
    demo: tuple[Session, Clock],
):
    session, clock = demo
    decisions = session.execute(
        sa.select(WorkdayDecision.workday_id, WorkdayDecision.state_after, WorkdayDecision.at)
        .join(Workday, Workday.id == WorkdayDecision.workday_id)
        .where(Workday.year == clock().year)
        .order_by(WorkdayDecision.at, WorkdayDecision.id)
    ).all()
    dates = sorted({at.date() for _, _, at in decisions})
    for day in dates[:: max(1, len(dates) // 5)]:
        expected = {one: state for one, state, at in decisions if at < end_of(day)}
        days = last_workday_decisions(clock().year, end_of(day))
        found = sa.select(days.c.id, days.c.state)
        assert Counter(map(tuple, session.execute(found))) == Counter(expected.items()), day


@pytest.mark.parametrize(
    "change", [{}, {"counts_from": "confirmed", "offday": "never"}], ids=["the plan", "confirmed"]
)
def test_as_of_a_day_the_sums_of_people_are_those_of_the_days_told_one_by_one(
    demo: tuple[Session, Clock], change: dict[str, str]
):
    session, clock = demo
    year = clock().year
    policy = Policy({**policy_of_year(session, year).values, **change})
    for day in (date(year, 6, 30), date(year, 10, 31), clock().date()):
        end = end_of(day)
        days = last_workday_decisions(year, end)
        standing = standing_under(
            policy,
            AssignmentDecision.state_after,
            AssignmentDecision.is_qualified_after,
            day=days.c,
            is_confirmed=Pairing.confirmed_at < end,
        )
        told = (
            sa.select(
                days.c.pairing_id,
                days.c.side,
                days.c.person_id,
                days.c.worth_centidays,
                standing.counts,
                standing.waits,
                standing.eligible,
            )
            .join(Assignment, Assignment.id == days.c.assignment_id)
            .join(Pairing, Pairing.id == days.c.pairing_id)
            .join(AssignmentDecision, AssignmentDecision.id == last_assignment_decision(end))
        )
        expected: Counter[tuple[object, ...]] = Counter()
        for *who, worth, counts, waits, eligible in session.execute(told):
            expected[*who, "counted"] += worth if counts else 0
            expected[*who, "pending"] += worth if waits else 0
            expected[*who, "undecided"] += worth if waits and eligible else 0
        asked = {THE_YEAR.key: year, KNOWN_BEFORE.key: end}
        found: Counter[tuple[object, ...]] = Counter()
        for row in session.execute(known_person_sums(policy), asked):
            for name in ("counted", "pending", "undecided"):
                key = (row.pairing_id, row.side, row.person_id, name)
                found[key] = getattr(row, f"{name}_centidays")
        assert +found == +expected, day


def test_no_work_year_is_closed_before_it_is_there_nor_opened_after_its_first_day(
    demo: tuple[Session, Clock],
):
    """The years of the first programme are as old as the installation."""
    session, clock = demo
    rows = session.execute(
        sa.select(WorkYear.year, WorkYear.starts_on, WorkYearDecision.kind, WorkYearDecision.at)
        .join(WorkYear, WorkYear.id == WorkYearDecision.work_year_id)
        .order_by(WorkYear.year, WorkYearDecision.id)
    ).all()
    closed = [row for row in rows if row.kind == "closed"]
    assert {row.year for row in closed} == set(FIRST_YEARS) & set(range(clock().year))
    assert {row.at for row in closed} <= {clock()}
    continued = [row for row in rows if row.kind == "opened" and row.year > FIRST_YEARS[-1]]
    if clock().year > FIRST_YEARS[-1]:
        assert continued
        assert all(row.at.date() < row.starts_on for row in continued)


def test_a_province_finds_the_file_that_it_asked_for(
    loaded: tuple[Database, Clock], tmp_path: Path
):
    database, clock = loaded
    Worker(database, settings_of(database, clock, tmp_path), JOB_KINDS).work()
    with database.reading() as session:
        actor = find_actor(session, "yanshi-prov-send")
        assert actor is not None
        (row,) = list_own(session, actor)
        assert row.state is ItemState.DONE
        assert row.result is not None
        assert row.result.rows > 0
        assert row.result.file_name.endswith(".xlsx")


def test_before_the_programme_it_says_what_is_wrong(sqlite_press: Press):
    with sqlite_press.opened(EMPTY) as database, database.open() as session:
        deed = operator_deed(session, Clock(date(2021, 6, 1))())
        with pytest.raises(Refused, match="演示数据从 2022 年开始"):
            load_demo(deed, "no hash", HOUSE.demonstrate)
