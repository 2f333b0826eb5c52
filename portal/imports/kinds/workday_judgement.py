"""Judging working days row by row: the rules of portal/workdays, and what the rows before take."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from models.types import AssignmentState, Hold, Side, Task, WorkdayState, WorkMode
from portal.imports.kind import Setting
from portal.imports.kinds.workday_facts import Facts, PairingRow, PersonRow
from portal.imports.queries import FIRST_HALF, SECOND_HALF
from portal.imports.report import Verdict
from portal.imports.rules import refusals_for_state
from portal.refusals import Refusal
from portal.workdays.rules import (
    Entry,
    Term,
    Value,
    Year,
    refusals_for_workday,
    term_on,
    value_of,
)
from portal.workdays.writing import halves_for

PAIRING, ID_NUMBER, DAY, DAYS = "结对编号", "身份证件号", "日期", "天数"
MODE, TASK, TOWNSHIP, TEXT, STATE = "方式", "任务", "地点代码", "工作内容", "状态"

COLUMN_OF_FIELD = {
    "pairing": PAIRING,
    "person": ID_NUMBER,
    "worked_on": DAY,
    "days": DAYS,
    "township": TOWNSHIP,
    "description": TEXT,
    "state": STATE,
}


class Day(NamedTuple):
    """A working day to be written: columns of ``workday``."""

    pairing_id: int
    assignment_id: int
    person_id: int
    side: Side
    year: int
    worked_on: date
    half_days: int
    takes_first_half: bool
    takes_second_half: bool
    mode: WorkMode
    task: Task | None
    township_code: str | None
    description: str
    late_reason: str | None
    state: WorkdayState
    is_rest_day: bool
    worth_centidays: int
    hold: Hold | None


class Judgement:
    """Judges row after row; remembers what the rows before take and say."""

    def __init__(self, facts: Facts, setting: Setting, verdict: Verdict) -> None:
        self._facts = facts
        self._setting = setting
        self._verdict = verdict
        self._halves = dict(facts.halves)
        self._first_rows: dict[tuple[Any, ...], int] = {}
        # Asked for every row, answered once: there are few dates, and few kinds of day.
        self._year_on: Callable[[date, str], Year | None] = cache(facts.work_years.on)
        self._is_rest_day = cache(lambda day: not facts.calendar.is_working_day(day))
        self._late_reason = cache(self._find_late_reason)
        self._value_on = cache(self._find_value)
        self._highest_state = cache(facts.highest_state)

    def look_at(self, index: int, number: int, row: tuple[Any, ...], *, is_faulty: bool) -> None:
        code, id_number, day, half_days, mode, task, township, text, state = row
        pairing = self._facts.pairings.get(code)
        person = self._facts.people.get(id_number)
        highest = self._highest_state(pairing, person) if pairing and person else None
        refusals: list[Refusal] = []
        if highest is None:
            refusals += _about_the_two(code, pairing, id_number, person)
        if township is not None and township not in self._facts.townships:
            refusals.append(_unknown_township(township))
        entry = Entry(day, half_days, mode, task, township, text, self._setting.reason)
        is_known = pairing and person and highest and day is not None and half_days is not None
        if not is_known:
            self._refuse(index, refusals)
            return
        assert pairing
        assert person
        assert highest
        content = (pairing.id, person.id, day, half_days, mode, task, township, text)
        first = self._first_rows.setdefault(content, number)
        if first != number:
            refusals.append(_duplicate(first))
        elif content in self._facts.contents and not is_faulty:
            self._verdict.unchanged += 1
            return
        refusals += self._refusals(entry, pairing, person, state, highest)
        if refusals or is_faulty:
            self._refuse(index, refusals)
        else:
            self._accept(index, entry, pairing, person, state)

    def _refuse(self, index: int, refusals: Iterable[Refusal]) -> None:
        for refusal in refusals:
            column = COLUMN_OF_FIELD[refusal.field]
            self._verdict.refuse(index, column, refusal.code, refusal.sentence)

    def _refusals(
        self,
        entry: Entry,
        pairing: PairingRow,
        person: PersonRow,
        state: WorkdayState,
        highest: WorkdayState,
    ) -> list[Refusal]:
        facts, setting = self._facts, self._setting
        taken = self._halves.get((person.id, entry.worked_on), 0)
        refusals = refusals_for_workday(
            entry,
            pairing=pairing.facts,
            terms=facts.terms.of.get((pairing.id, person.id), ()),
            year=self._year_on(entry.worked_on, pairing.receiving_province_code),
            taken_half_days=taken.bit_count(),
            policy=facts.policies[entry.worked_on],
            today=setting.today,
        )
        is_own = person.id == setting.actor.person_id
        if state is not WorkdayState.SUBMITTED or is_own:
            refusals += refusals_for_state(state, highest=highest, is_own=is_own)
        return refusals

    def _accept(
        self, index: int, entry: Entry, pairing: PairingRow, person: PersonRow, state: WorkdayState
    ) -> None:
        day, half_days = entry.worked_on, entry.half_days
        term = term_on(self._facts.terms.of[pairing.id, person.id], day)
        year = self._year_on(day, pairing.receiving_province_code)
        assert term  # the rules refused it otherwise
        assert year
        taken = self._halves.get((person.id, day), 0)
        halves = _halves_for(half_days, taken)
        self._halves[person.id, day] = taken | halves
        is_rest_day = self._is_rest_day(day)
        value = self._value_on(day, half_days, term.side, entry.mode, entry.task)
        self._warn(index, term, is_rest_day=is_rest_day, value=value)
        self._verdict.plan.append(
            Day(
                pairing.id,
                term.id,
                person.id,
                term.side,
                year.year,
                day,
                half_days,
                bool(halves & FIRST_HALF),
                bool(halves & SECOND_HALF),
                entry.mode,
                entry.task,
                entry.township_code,
                entry.description,
                self._late_reason(day),
                state,
                is_rest_day,
                value.centidays,
                value.hold,
            )
        )

    def _warn(self, index: int, term: Term, *, is_rest_day: bool, value: Value) -> None:
        warn = self._verdict.warn
        if is_rest_day:
            warn(index, "rest_day", "休息日或节假日，可以导入，经县级核准后计入。")
        if term.side == Side.SENT and term.id not in self._facts.terms.qualified:
            warn(
                index, "not_qualified", "援派人员暂不符合资格，可以导入，符合资格或批准例外后计入。"
            )
        if term.state != AssignmentState.APPROVED:
            warn(index, "not_approved", "选派尚未批准，可以导入，批准后计入。")
        if value.hold is not None:
            warn(index, value.hold.value, f"{value.hold.label}，暂不计入。")

    def _find_late_reason(self, day: date) -> str | None:
        lag = self._setting.today - day
        is_late = lag > timedelta(days=self._facts.policies[day]["backfill_days"])
        return self._setting.reason if is_late else None

    def _find_value(
        self, day: date, half_days: int, side: Side, mode: WorkMode, task: Task | None
    ) -> Value:
        return value_of(
            half_days=half_days,
            side=side,
            mode=mode,
            task=task,
            is_rest_day=self._is_rest_day(day),
            policy=self._facts.policies[day],
        )


@cache
def _halves_for(half_days: int, taken: int) -> int:
    """Return as a bit mask which halves of a date an entry takes, given those that are taken."""
    halves = halves_for(half_days, (bool(taken & FIRST_HALF), bool(taken & SECOND_HALF)))
    return FIRST_HALF * halves["takes_first_half"] + SECOND_HALF * halves["takes_second_half"]


def _about_the_two(
    code: str | None, pairing: PairingRow | None, id_number: str | None, person: PersonRow | None
) -> Iterable[Refusal]:
    """Say what is not to be found; unknown and out of reach look the same."""
    if pairing is None and code is not None:
        yield Refusal(
            "pairing",
            "unknown_pairing",
            f"没有找到结对编号“{code}”，或不在您的管辖范围内；请核对编号，或先建立结对。",
        )
    if id_number is not None and (person is None or pairing is not None):
        yield Refusal(
            "person",
            "unknown_person",
            "没有找到该证件号码的人员，或不在您的管辖范围内；请核对号码，或先登记人员。",
        )


def _unknown_township(code: str) -> Refusal:
    sentence = f"地点代码“{code}”不是受援县的9位乡镇（街道）代码；不确定时可留空。"
    return Refusal("township", "invalid_value", sentence)


def _duplicate(first: int) -> Refusal:
    sentence = (
        f"与第{first}行完全相同，请删除其中一行；上午、下午各半天的，请合并为 1 天或分别写明内容。"
    )
    return Refusal("pairing", "duplicate_row", sentence)
