"""The programme, its work years and its dated policy."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from models import AuditEvent, PairingYearTotal, PolicyParameter, Programme, Workday, WorkYear
from models.types import Hold, Task, WorkMode
from portal.changes.actions import change_parameter
from portal.changes.opening_actions import reopen_year
from portal.compliance.rules import codes_in
from portal.confirmations.actions import approve_workdays, confirm_workdays
from portal.deeds import Deed
from portal.programme.actions import (
    add_programme,
    close_work_year,
    load_programme,
    reopen_work_year,
)
from portal.programme.period_rules import NewProgramme
from portal.programme.policy import DEFAULT_POLICY, PARAMETERS, Policy
from portal.programme.queries import get_work_year, list_years, policy_of_year, policy_on
from portal.refusals import Refused
from portal.workdays.actions import log_workday
from portal.workdays.rules import Entry
from tests.support.clock import Clock
from tests.support.world import World

NEW_YEAR = date(2022, 1, 1)
JUNE = date(2022, 6, 1)
NOTHING_NEW = {"programmes": 0, "work_years": 0, "parameters": 0}


def log(world: World, person: str, day: date, mode: WorkMode = WorkMode.ONSITE) -> Workday:
    """Log a whole day with a task, and have it approved."""
    deed = world.deed()
    workday = log_workday(
        deed,
        pairing=world.pairing(),
        person=world.person(person),
        entry=Entry(day, 2, mode, Task.T1, None, "", "补录测试"),
        submit=True,
    )
    confirm_workdays(deed, [workday])
    approve_workdays(deed, [workday])
    return workday


def total_of(world: World, year: int = 2022) -> PairingYearTotal:
    world.session.expire_all()
    return world.session.get_one(PairingYearTotal, (world.pairing().id, year))


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [refusal.code for refusal in refused.value.refusals]


def last_event(deed: Deed) -> AuditEvent:
    return deed.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()


# ---- loading


def test_a_fresh_installation_has_the_programme_of_the_plan(deed: Deed) -> None:
    programme = deed.session.scalars(sa.select(Programme)).one()
    assert (programme.code, programme.document_number) == ("2021-2025", "民发〔2021〕105号")
    assert (programme.starts_on, programme.ends_on) == (date(2021, 1, 1), date(2025, 12, 31))
    assert list_years(deed.session) == [2025, 2024, 2023, 2022, 2021]
    assert get_work_year(deed.session, 2022).ends_on == date(2022, 12, 31)
    assert policy_on(deed.session, NEW_YEAR) == DEFAULT_POLICY
    rows = deed.session.scalars(sa.select(PolicyParameter)).all()
    assert len(rows) == len(PARAMETERS)
    assert {row.recorded_by_account_id for row in rows} == {None}


def test_a_second_loading_changes_nothing(deed: Deed) -> None:
    assert load_programme(deed) == NOTHING_NEW


def test_loading_adds_the_parameters_of_a_newer_version_and_keeps_the_rest(deed: Deed) -> None:
    session = deed.session
    change_parameter(deed, "min_sent_days", "50", NEW_YEAR, "测试")
    close_work_year(deed, 2021, "年度结束")
    session.execute(sa.delete(PolicyParameter).where(PolicyParameter.key == "backfill_days"))
    assert load_programme(deed) == {**NOTHING_NEW, "parameters": 1}
    assert policy_on(session, NEW_YEAR)["min_sent_days"] == 50
    assert get_work_year(session, 2021).closed_at is not None


# ---- a further programme


def test_a_further_programme_has_work_years_and_parameters_of_its_own(deed: Deed) -> None:
    session = deed.session
    policy = Policy({**DEFAULT_POLICY.values, "min_sent_days": 30})
    programme = add_programme(
        deed,
        NewProgramme("2026-2030", "延续计划（演示）", None, date(2026, 1, 1), date(2030, 6, 30)),
        policy=policy,
        is_demo=True,
    )
    assert programme.is_demo
    assert list_years(session)[:5] == [2030, 2029, 2028, 2027, 2026]
    assert get_work_year(session, 2030).ends_on == date(2030, 6, 30)
    assert policy_on(session, date(2025, 12, 31))["min_sent_days"] == 40
    assert policy_on(session, date(2026, 1, 1))["min_sent_days"] == 30
    change_parameter(deed, "min_sent_days", "45", JUNE, "测试")
    assert policy_on(session, date(2026, 1, 1))["min_sent_days"] == 30
    assert load_programme(deed) == NOTHING_NEW


def test_refuses_a_programme_that_overlaps_another(deed: Deed) -> None:
    with pytest.raises(Refused) as refused:
        add_programme(
            deed, NewProgramme("2021-2025", " ", None, date(2025, 12, 31), date(2025, 1, 1))
        )
    assert codes(refused) == ["missing_value", "invalid_date", "duplicate", "overlap"]


# ---- changing a parameter


def test_a_parameter_holds_from_its_date_on(deed: Deed) -> None:
    change_parameter(deed, "min_sent_days", "50", JUNE, "民政部通知")
    session = deed.session
    assert policy_on(session, JUNE - timedelta(days=1))["min_sent_days"] == 40
    assert policy_on(session, JUNE)["min_sent_days"] == 50
    assert policy_of_year(session, 2021)["min_sent_days"] == 40
    row = session.scalars(sa.select(PolicyParameter).order_by(PolicyParameter.id.desc())).first()
    assert (row.value, row.note, row.clause) == ("50", "民政部通知", "二(四)2")
    event = last_event(deed)
    assert (event.event, event.subject) == ("parameter.changed", "parameter:min_sent_days")
    assert json.loads(event.facts)["valid_from"] == "2022-06-01"


def test_of_two_changes_at_one_instant_the_later_holds(deed: Deed) -> None:
    for value in ("50", "60", "45"):
        change_parameter(deed, "min_sent_days", value, JUNE, "测试")
    assert policy_on(deed.session, JUNE)["min_sent_days"] == 45


def test_what_was_recorded_later_was_not_known_before(world: World, clock: Clock) -> None:
    before = clock() + timedelta(seconds=1)
    clock.pass_time(days=1)
    officer = world.deed("national_officer")
    change_parameter(officer, "min_sent_days", "50", NEW_YEAR, "测试")
    assert policy_on(world.session, JUNE)["min_sent_days"] == 50
    assert policy_on(world.session, JUNE, known_before=before)["min_sent_days"] == 40
    row = world.session.scalars(
        sa.select(PolicyParameter).order_by(PolicyParameter.id.desc())
    ).first()
    assert row.recorded_by_account_id == officer.actor.account_id


@pytest.mark.parametrize(
    ("key", "value", "valid_from", "note", "expected"),
    [
        ("no_such_key", "1", JUNE, "甲", ["unknown_parameter"]),
        ("min_sent_days", "many", JUNE, "甲", ["invalid_value"]),
        ("min_sent_days", "-1", JUNE, "甲", ["invalid_value"]),
        ("min_sent_days", "nan", JUNE, "甲", ["invalid_value"]),
        ("min_sent_days", "inf", JUNE, "甲", ["invalid_value"]),
        ("offday", "sometimes", JUNE, " ", ["invalid_value", "missing_value"]),
        ("min_sent_days", "50", date(2020, 12, 31), "甲", ["invalid_date"]),
        ("min_sent_days", "50", date(2026, 1, 1), "甲", ["invalid_date"]),
    ],
)
def test_refuses_a_parameter_that_cannot_be(
    deed: Deed, key: str, value: str, valid_from: date, note: str, expected: list[str]
) -> None:
    with pytest.raises(Refused) as refused:
        change_parameter(deed, key, value, valid_from, note)
    assert codes(refused) == expected


def test_refuses_a_date_from_which_a_closed_year_would_change(deed: Deed) -> None:
    close_work_year(deed, 2022, "年度结束")
    for day in (date(2021, 6, 1), JUNE, date(2022, 12, 31)):
        with pytest.raises(Refused) as refused:
            change_parameter(deed, "min_sent_days", "50", day, "测试")
        assert codes(refused) == ["closed_year"]
    change_parameter(deed, "min_sent_days", "50", date(2023, 1, 1), "测试")
    assert policy_of_year(deed.session, 2022)["min_sent_days"] == 40


# ---- what a parameter does to days, people and totals


def test_a_weight_changes_the_days_from_its_date_on(world: World) -> None:
    before, after = log(world, "sent1", date(2022, 5, 31)), log(world, "sent1", JUNE)
    online = log(world, "sent2", date(2022, 6, 2), WorkMode.ONLINE)
    assert change_parameter(world.deed(), "weight_sent_onsite", "0.5", JUNE, "测试") == 1
    assert [day.worth_centidays for day in (before, after, online)] == [100, 50, 100]
    assert total_of(world).sent_centidays == 250


def test_a_changed_rule_about_tasks_takes_the_hold_away(world: World) -> None:
    deed = world.deed()
    workday = log_workday(
        deed,
        pairing=world.pairing(),
        person=world.person("received1"),
        entry=Entry(JUNE, 2, WorkMode.ONSITE, None, None, "", "补录测试"),
        submit=True,
    )
    confirm_workdays(deed, [workday])
    approve_workdays(deed, [workday])
    assert (workday.hold, total_of(world).received_centidays) == (Hold.NO_TASK, 0)
    assert change_parameter(deed, "received_requires_task", "否", NEW_YEAR, "测试") == 1
    assert (workday.hold, total_of(world).received_centidays) == (None, 100)


def test_a_limit_changes_the_findings_without_changing_a_day(world: World) -> None:
    log(world, "sent1", JUNE)
    assert "too_few_sent_days" in codes_in(total_of(world).findings)
    assert change_parameter(world.deed(), "min_sent_days", "1", NEW_YEAR, "测试") == 0
    assert "too_few_sent_days" not in codes_in(total_of(world).findings)
    change_parameter(world.deed(), "min_sent_days", "2", date(2023, 1, 1), "测试")
    assert "too_few_sent_days" not in codes_in(total_of(world).findings)
    assert "too_few_sent_days" in codes_in(total_of(world, 2023).findings)


def test_recognised_certificates_decide_anew_on_people_nominated_since(world: World) -> None:
    assert world.assignment("sent1").is_qualified
    change_parameter(world.deed(), "cert_levels", "senior", date(2022, 1, 2), "测试")
    assert world.assignment("sent1").is_qualified
    change_parameter(world.deed(), "cert_levels", "senior", NEW_YEAR, "测试")
    assert not world.assignment("sent1").is_qualified
    assert world.assignment("sent2").is_qualified


# ---- work years


def test_closes_and_reopens_a_work_year(world: World) -> None:
    deed = world.deed("national_officer")
    closed = close_work_year(deed, 2022, "年度结束")
    assert closed.closed_by_account_id == deed.actor.account_id
    assert (closed.closed_at, closed.closed_reason) == (deed.now, "年度结束")
    assert last_event(deed).event == "work_year.closed"
    reopened = reopen_work_year(deed, 2022, "补正")
    assert (reopened.closed_at, reopened.closed_reason) == (None, None)
    assert json.loads(last_event(deed).facts)["reason"] == "补正"


def test_refuses_to_close_twice_to_open_what_is_open_and_without_a_reason(deed: Deed) -> None:
    with pytest.raises(Refused) as refused:
        reopen_work_year(deed, 2022, " ")
    assert codes(refused) == ["missing_value", "wrong_state"]
    close_work_year(deed, 2022, "年度结束")
    with pytest.raises(Refused) as refused:
        close_work_year(deed, 2022, " ")
    assert codes(refused) == ["missing_value", "wrong_state"]
    with pytest.raises(Refused) as refused:
        close_work_year(deed, 2031, "年度结束")
    assert codes(refused) == ["unknown_year"]


def test_a_year_that_opens_again_has_its_totals_brought_up_to_date(world: World) -> None:
    log(world, "sent1", JUNE)
    close_work_year(world.deed(), 2022, "年度结束")
    year = world.session.scalars(sa.select(WorkYear).where(WorkYear.year == 2022)).one()
    assert reopen_year(world.deed(), 2022, "补正") == 0
    assert year.closed_at is None
    assert total_of(world).sent_centidays == 100
