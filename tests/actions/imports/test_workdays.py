"""What an import of working days writes, for whom, and what it leaves alone."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
import sqlalchemy as sa

from models import (
    AuditEvent,
    ImportBatch,
    PairingYearTotal,
    PersonYearTotal,
    Workday,
    WorkdayDecision,
)
from models.types import Hold, ImportKind, Side, Task, WorkdayState, WorkMode
from portal.audit.trail import first_fault
from portal.confirmations.actions import confirm_workdays, return_workday
from portal.imports.checking_apart import check, read_file
from portal.imports.kinds import KINDS
from portal.refusals import Refused
from portal.staffing.actions import nominate
from portal.totals.actions import refresh
from portal.totals.queries import PERSON_COLUMNS
from portal.workdays.actions import log_workday
from tests.support.imports import (
    as_table,
    check_rows,
    codes_of,
    file_of,
    import_rows,
    workbook,
    workday,
)
from tests.support.workdays import entry

WORKDAYS = ImportKind.WORKDAYS
COLUMNS = [column.key for column in sa.inspect(Workday).column_attrs]


def only(world) -> Workday:
    return world.session.scalars(sa.select(Workday)).one()


def test_writes_the_row_its_decision_its_totals_one_event_and_one_batch(world):
    events = world.count(AuditEvent)
    row = workday(天数="0.5", 方式="线上", 地点代码="640303100", 状态="已核准")
    import_rows(world, WORKDAYS, [row], persona=None)
    day = only(world)
    assert (day.worked_on, day.half_days, day.takes_first_half, day.takes_second_half) == (
        date(2022, 11, 1), 1, True, False,
    )  # fmt: skip
    assert (day.mode, day.task, day.township_code) == (WorkMode.ONLINE, Task.T1, "640303100")
    assert (day.state, day.worth_centidays, day.year) == (WorkdayState.APPROVED, 50, 2022)
    assert (day.entered_by_person_id, day.entered_by_operator) == (None, True)
    assert (day.late_reason, day.version) == (None, 1)
    batch = world.session.scalars(sa.select(ImportBatch)).one()
    assert day.import_id == batch.id
    assert (batch.rows, batch.accepted, batch.account_id) == (1, 1, None)
    decision = world.session.scalars(sa.select(WorkdayDecision)).one()
    assert (decision.workday_id, decision.state_after) == (day.id, WorkdayState.APPROVED)
    assert decision.reason == "批量导入：演示.xlsx"
    total = world.session.scalars(
        sa.select(PairingYearTotal).where(
            PairingYearTotal.pairing_id == day.pairing_id, PairingYearTotal.year == 2022
        )
    ).one()
    assert total.sent_centidays == 50
    assert world.count(AuditEvent) == events + 1
    last = world.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc())).first()
    assert (last.event, last.subject) == ("import.applied", f"import:{batch.public_id}")
    assert first_fault(world.session) is None


def test_writes_what_the_page_would_write(world):
    """One day through the page's action, the other through a file: alike but for who entered it."""
    log_workday(
        world.deed("sending_staff"),
        pairing=world.pairing(),
        person=world.person("sent1"),
        entry=entry(date(2022, 11, 14), township_code="640303100", description="同样的内容"),
        submit=True,
    )
    import_rows(
        world,
        WORKDAYS,
        [workday(day="2022-11-15", 地点代码=640303100, 工作内容="同样的内容")],
    )
    by_page, by_file = world.session.scalars(sa.select(Workday).order_by(Workday.worked_on))
    own = {
        "id", "worked_on", "entered_by_person_id", "entered_by_operator", "import_id", "entered_at",
    }  # fmt: skip
    for name in set(COLUMNS) - own:
        assert getattr(by_page, name) == getattr(by_file, name), name


def test_a_second_import_changes_nothing_in_whatever_state_the_days_are(world):
    rows = [workday(day=f"2022-11-0{day}") for day in range(1, 5)]
    import_rows(world, WORKDAYS, rows)
    days = world.session.scalars(sa.select(Workday).order_by(Workday.worked_on)).all()
    confirm_workdays(world.deed("sending_manager"), days[:1])
    return_workday(world.deed("sending_manager"), days[1], "请补充内容")
    events = world.count(AuditEvent)
    report = import_rows(world, WORKDAYS, rows).report
    assert (report.rows, report.unchanged, report.accepted, report.applied) == (4, 4, 0, False)
    assert (world.count(Workday), world.count(ImportBatch)) == (4, 1)
    assert world.count(AuditEvent) == events


def test_two_halves_of_a_day_are_two_entries(world):
    rows = [workday(天数=0.5), workday(天数=0.5, 工作内容="下午")]
    import_rows(world, WORKDAYS, rows)
    halves = world.session.execute(
        sa.select(Workday.takes_first_half, Workday.takes_second_half).order_by(Workday.id)
    ).all()
    assert [tuple(row) for row in halves] == [(True, False), (False, True)]


def test_an_old_day_says_that_a_file_brought_it(world):
    import_rows(world, WORKDAYS, [workday(day="2022-10-21"), workday(day="2022-10-24")])
    reasons = world.session.scalars(sa.select(Workday.late_reason).order_by(Workday.worked_on))
    assert list(reasons) == ["批量导入：演示.xlsx", None]


def test_takes_days_that_do_not_count_yet_and_says_so(world):
    nominate(
        world.deed("sending_manager"),
        pairing=world.pairing(),
        person=world.person("unqualified"),
        side=Side.SENT,
        starts_on=date(2022, 1, 1),
        ends_on=None,
    )
    rows = [
        workday(day="2022-10-01"),
        workday("received1", 任务=""),
        workday("unqualified"),
    ]
    report = import_rows(world, WORKDAYS, rows).report
    assert report.applied
    where = {(caution.code, caution.where) for caution in report.warnings}
    assert where == {
        ("rest_day", "第2行"),
        ("no_task", "第3行"),
        ("not_qualified", "第4行"),
        ("not_approved", "第4行"),
    }
    assert report.as_json()["warnings"] == 4
    holds = world.session.execute(
        sa.select(Workday.is_rest_day, Workday.hold).order_by(Workday.id)
    ).all()
    assert [tuple(row) for row in holds] == [(True, None), (False, Hold.NO_TASK), (False, None)]


STATES = ["草稿", "已提交", "已确认", "已核准"]


@pytest.mark.parametrize(
    ("persona", "highest"),
    [(None, "已核准"), ("county_officer", "已核准"), ("sending_manager", "已确认")],
)
def test_an_actor_takes_days_as_far_as_the_policy_lets(world, persona, highest):
    for number, state in enumerate(STATES):
        row = workday(day=date(2022, 11, 1 + number), 状态=state)
        checked = import_rows(world, WORKDAYS, [row], persona=persona)
        if number <= STATES.index(highest):
            assert checked.report.applied, state
        else:
            assert codes_of(checked) == [(2, "状态", "invalid_value")]
            assert highest in checked.report.errors[0].message


@pytest.mark.parametrize(
    ("persona", "row", "code"),
    [
        # A county officer sees the pairings of the own county, on both sides.
        ("other_county_officer", workday(), "unknown_pairing"),
        ("county_officer", workday("foreign", 结对编号="P3"), "unknown_pairing"),
        # A manager sees the own pairings, and in them the own people.
        ("sending_manager", workday("received1"), "unknown_person"),
        ("receiving_manager", workday("sent1"), "unknown_person"),
        ("foreign_manager", workday(), "unknown_pairing"),
        ("other_manager", workday("sent_other"), "unknown_pairing"),
    ],
)
def test_what_is_out_of_reach_looks_as_if_it_were_not_there(world, persona, row, code):
    found = check_rows(world, WORKDAYS, [row], persona=persona).report.errors
    assert code in [error.code for error in found]
    missing = {
        "unknown_pairing": {**row, "结对编号": "P9"},
        "unknown_person": {**row, "身份证件号": "653228198503010015"},
    }[code]
    nobody = check_rows(world, WORKDAYS, [missing], persona=persona).report.errors
    strip = lambda errors: {e.message.replace("P9", "P1").replace("P3", "P1") for e in errors}  # noqa: E731
    assert strip(found) >= strip(nobody)


def test_nobody_brings_in_the_own_days(world):
    """A person may hold an account as a manager and another one as staff."""
    account = world.actor("sending_manager")
    world.session.execute(
        sa.text("UPDATE account SET person_id = :own WHERE id = :id"),
        {"own": world.person("sent1").id, "id": account.account_id},
    )
    rows = [workday("sent1"), workday("sent2")]
    checked = check_rows(world, WORKDAYS, rows, persona="sending_manager")
    assert codes_of(checked) == [(2, "身份证件号", "invalid_value")]
    assert checked.report.accepted == 1


@pytest.mark.parametrize(
    "persona",
    ["sending_staff", "province_officer", "national_officer", "evaluator", "system_administrator"],
)
def test_who_may_not_decide_on_days_brings_none_in(world, persona):
    with pytest.raises(Refused, match="不能导入《工作日志》"):
        check(world.deed(persona), file_of(WORKDAYS, [workday()]))


def test_the_totals_equal_a_recomputation_of_everything(world):
    rows = [
        workday(person, date(2022, 11, day), 状态=state)
        for person in ("sent1", "sent2", "received1", "received2")
        for day, state in zip(range(1, 11), STATES * 3, strict=False)
    ]
    assert import_rows(world, WORKDAYS, rows).report.accepted == 40
    sums = sa.select(*(getattr(PersonYearTotal, name) for name in PERSON_COLUMNS)).order_by(
        PersonYearTotal.pairing_id, PersonYearTotal.side, PersonYearTotal.person_id
    )
    kept = [tuple(row) for row in world.session.execute(sums)]
    assert any(row[PERSON_COLUMNS.index("counted_centidays")] for row in kept)
    refresh(world.session, [(world.pairing(code).id, 2022) for code in ("P1", "P2", "P3")])
    assert [tuple(row) for row in world.session.execute(sums)] == kept


def test_costs_the_same_number_of_queries_for_few_rows_and_for_many(world):
    sent: list[str] = []
    engine = world.session.get_bind()
    note = lambda _c, _cur, statement, *_rest: sent.append(statement)  # noqa: E731
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        counts = []
        for days in (1, 18):
            rows = [
                workday(person, date(2022, 11, 1 + day))
                for person in ("sent1", "sent2", "received1", "received2", "received3")[: days + 1]
                for day in range(days)
            ]
            sent.clear()
            check(world.deed(), file_of(WORKDAYS, rows))
            counts.append(len(sent))
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    assert counts[0] == counts[1]


def test_rows_that_a_filter_hides_come_in_with_a_warning(world):
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(as_table([workday(), workday(day="2022-11-02")]), "工作日志"))
    )
    book.active.row_dimensions[3].hidden = True
    hidden = book.active["C1"]
    book.active.column_dimensions["C"].hidden = True
    book.create_sheet("十二月").append(["结对编号"])
    out = io.BytesIO()
    book.save(out)
    report = check(world.deed(), read_file(KINDS[WORKDAYS], "演示.xlsx", out.getvalue())).report
    assert (report.accepted, report.sheet) == (2, "工作日志")
    assert [(one.code, one.where) for one in report.warnings] == [
        ("hidden_row", "第3行"),
        ("hidden_column", ""),
        ("other_sheet", ""),
    ]
    assert f"列“{hidden.value}”在文件中被隐藏" in report.warnings[1].sentence
    assert "另有 1 个工作表（“十二月”）没有读取" in report.warnings[2].sentence


def test_a_table_that_is_numbered_down_to_its_end_has_no_more_rows_for_it(world):
    rows = [{"序号": 1, **workday()}, {"序号": 2}, {"序号": 3}]
    content = workbook(as_table(rows), "工作日志")
    report = check(world.deed(), read_file(KINDS[WORKDAYS], "演示.xlsx", content)).report
    assert (report.rows, report.accepted, report.refused) == (1, 1, 0)
    assert ("empty_row", "第3、4行") in [(one.code, one.where) for one in report.warnings]
