"""Judging working days row by row: the rules of portal/workdays, and what the rows before take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from models.types import (
    NATION,
    AssignmentState,
    Hold,
    PairingState,
    Side,
    Task,
    WorkdayState,
    WorkMode,
)
from portal.imports.fact_rules import FIRST_HALF, SECOND_HALF, Setting
from portal.imports.kinds.workday_fact_rules import Facts, PairingRow, PersonRow, PostedMember
from portal.imports.naming_rules import NAME, PERSON_CODE, NamedPerson
from portal.imports.report_rules import Verdict
from portal.imports.rules import (
    DECIDED,
    refusals_for_state,
    standing_at_once,
    unknown_pairing,
)
from portal.pairings.life_rules import PairingLife
from portal.programme.policy import Policy
from portal.refusals import Refusal
from portal.workdays.rules import (
    Entry,
    PairingFacts,
    Term,
    Value,
    Year,
    halves_for,
    refusals_for_workday,
    term_on,
    value_of,
)

PAIRING, ID_NUMBER, DAY, DAYS = "结对编号", "身份证件号", "日期", "天数"
MODE, TASK, TOWNSHIP, TEXT, STATE = "方式", "任务", "地点代码", "工作内容", "状态"

COLUMN_OF_FIELD = {
    "pairing": PAIRING,
    "person": ID_NUMBER,
    "name": NAME,
    "person_code": PERSON_CODE,
    "worked_on": DAY,
    "days": DAYS,
    "township": TOWNSHIP,
    "description": TEXT,
    "state": STATE,
}


COUNTY_ONLY = "地点代码是受援县本身的代码，按未写明乡镇（街道）导入。"

ANY_TERM = (Term(0, Side.SENT, date.min, date.max, AssignmentState.APPROVED),)
ANY_PAIRING = PairingFacts(
    PairingLife("", PairingState.CONFIRMED, is_confirmed=True), date.min, date.max, ""
)
"""A pairing and a person's time in it, of which a file does not say which they are."""


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
    claimed_state: WorkdayState | None


class Pair(NamedTuple):
    """A person in a pairing, as far as the actor reaches both; ``highest`` is None if not.

    ``namesakes`` are the people of the pairing whom the name of a row may mean, if it is not one.
    """

    pairing: PairingRow | None
    person: PersonRow | None
    highest: WorkdayState | None
    terms: Sequence[Term]
    is_own: bool
    namesakes: tuple[PostedMember, ...] = ()


class DayInFile(NamedTuple):
    """What matters of a date in a province; ``late_reason`` is None within the time for entries."""

    year: Year | None
    policy: Policy
    is_rest_day: bool
    late_reason: str | None


class Judgement:
    """Judges row after row; remembers what the rows before take and say.

    What is asked for every row is answered once: there are few people, dates and kinds of day.
    """

    def __init__(self, facts: Facts, setting: Setting, verdict: Verdict) -> None:
        self._facts = facts
        self._setting = setting
        self._verdict = verdict
        self._reason = setting.reason
        self._halves = dict(facts.halves)
        self._first_rows: dict[tuple[Any, ...], int] = {}
        self._pair_of = cache(self._find_pair)
        self._day_of = cache(self._find_day)
        self._value_of = cache(self._find_value)

    def look_at(self, index: int, number: int, row: tuple[Any, ...], *, is_faulty: bool) -> None:
        code, id_number, day, half_days, mode, task, township, text, state, *called = row
        named = NamedPerson.of(id_number, *called)
        pair = self._pair_of(code, named)
        is_county = False
        refusals: list[Refusal] = []
        if pair.highest is None:
            refusals += _about_the_two(code, pair, named)
        if township is not None and township not in self._facts.townships:
            is_county = _is_county(township, pair)
            refusals += [] if is_county else [_unknown_township(township)]
            township = None
        if pair.highest is None or day is None or half_days is None:
            entry = Entry(
                day or self._setting.today, half_days or 2, mode, task, township, text, self._reason
            )
            refusals += self._about_the_rest(day, entry, pair, state)
            self._refuse(index, refusals, named)
            return
        assert pair.pairing
        assert pair.person
        content = (pair.pairing.id, pair.person.id, day, half_days, mode, task, township, text)
        # A row of which a cell could not be read is like none, and stands in nobody's way.
        first = number if is_faulty else self._first_rows.setdefault(content, number)
        if first != number:
            refusals.append(_duplicate(first))
        elif content in self._facts.contents and not is_faulty:
            self._verdict.unchanged += 1
            return
        entry = Entry(day, half_days, mode, task, township, text, self._reason)
        facts = self._day_of(day, pair.pairing.receiving_province_code)
        taken = self._halves.get((pair.person.id, day), 0)
        refusals += refusals_for_workday(
            entry,
            pairing=pair.pairing.facts,
            terms=pair.terms,
            year=facts.year,
            taken_half_days=taken.bit_count(),
            policy=facts.policy,
            today=self._setting.today,
        )
        if state is not WorkdayState.SUBMITTED or pair.is_own:
            refusals += refusals_for_state(state, highest=pair.highest, is_own=pair.is_own)
        if refusals or is_faulty:
            self._refuse(index, refusals, named)
        else:
            self._accept(index, entry, pair, facts, taken, state)
            if is_county:
                self._verdict.warn(index, "county_only", COUNTY_ONLY)

    def _about_the_rest(
        self, day: date | None, entry: Entry, pair: Pair, state: WorkdayState
    ) -> Iterable[Refusal]:
        """Say what is wrong with the cells that are there, where a person, a day or days are not.

        What is not there is taken for something against which nothing can be said; so ``entry`` is
        of today if there is no ``day``.
        """
        is_pair = pair.highest is not None
        place = pair.pairing.receiving_province_code if pair.pairing else NATION
        for refusal in refusals_for_workday(
            entry,
            pairing=pair.pairing.facts if pair.pairing else ANY_PAIRING,
            terms=pair.terms if is_pair else ANY_TERM,
            year=self._facts.work_years.on(entry.worked_on, place),
            taken_half_days=0,
            policy=self._facts.policies[entry.worked_on],
            today=self._setting.today,
        ):
            if day is not None or refusal.field != "worked_on":
                yield refusal
        if pair.highest is not None:
            yield from refusals_for_state(state, highest=pair.highest, is_own=pair.is_own)

    def _refuse(self, index: int, refusals: Iterable[Refusal], named: NamedPerson) -> None:
        for refusal in refusals:
            field = named.field if refusal.field == "person" else refusal.field
            column = COLUMN_OF_FIELD[field]
            self._verdict.refuse(index, column, refusal.code, refusal.sentence)

    def _accept(
        self,
        index: int,
        entry: Entry,
        pair: Pair,
        facts: DayInFile,
        taken: int,
        state: WorkdayState,
    ) -> None:
        day, half_days, mode, task, township, text, _ = entry
        term = term_on(pair.terms, day)
        assert term  # the rules refused it otherwise
        assert facts.year
        assert pair.pairing
        assert pair.person
        halves = _halves_for(half_days, taken)
        self._halves[pair.person.id, day] = taken | halves
        value = self._value_of(day, half_days, term.side, mode, task)
        state, claimed = standing_at_once(state, is_operator=self._setting.actor.is_operator)
        self._warn(index, term, facts, value, claimed)
        if state in DECIDED:
            self._verdict.decided += 1
        self._verdict.write(
            index,
            Day(
                pair.pairing.id,
                term.id,
                pair.person.id,
                term.side,
                facts.year.year,
                day,
                half_days,
                bool(halves & FIRST_HALF),
                bool(halves & SECOND_HALF),
                mode,
                task,
                township,
                text,
                facts.late_reason,
                state,
                facts.is_rest_day,
                value.centidays,
                value.hold,
                claimed,
            ),
        )

    def _warn(
        self, index: int, term: Term, facts: DayInFile, value: Value, claimed: WorkdayState | None
    ) -> None:
        warn = self._verdict.warn
        if claimed is not None:
            warn(
                index,
                "claimed",
                f"填写为“{claimed.label}”：先按“已提交”写入，由另一名负责人确认本次导入后生效。",
            )
        if facts.is_rest_day:
            warn(index, "rest_day", "休息日或节假日，可以导入，经县级核准后计入。")
        if term.id not in self._facts.terms.qualified:
            warn(
                index,
                "not_qualified",
                f"{term.side.label}人员暂不符合资格，可以导入，符合资格后计入。",
            )
        if term.state is not AssignmentState.APPROVED:
            warn(index, "not_approved", "选派尚未批准，可以导入，批准后计入。")
        if value.hold is not None:
            warn(index, value.hold.value, f"{value.hold.label}，暂不计入。")

    def _find_pair(self, code: str | None, named: NamedPerson) -> Pair:
        facts = self._facts
        pairing, person = facts.pairings.get(code or ""), facts.people.get(named.id_number or "")
        namesakes: tuple[PostedMember, ...] = ()
        if named.field != "person" and pairing is not None:
            namesakes = tuple(facts.members_called(pairing.id, named.name, named.code))
            person = namesakes[0].person if len(namesakes) == 1 else None
        if pairing is None or person is None:
            return Pair(pairing, person, None, (), is_own=False, namesakes=namesakes)
        return Pair(
            pairing,
            person,
            facts.highest_state(pairing, person),
            facts.terms.of.get((pairing.id, person.id), ()),
            is_own=person.id == self._setting.actor.person_id,
        )

    def _find_day(self, day: date, province_code: str) -> DayInFile:
        facts, policy = self._facts, self._facts.policies[day]
        is_late = self._setting.today - day > timedelta(days=policy["backfill_days"])
        return DayInFile(
            facts.work_years.on(day, province_code),
            policy,
            not facts.calendar.is_working_day(day),
            self._reason if is_late else None,
        )

    def _find_value(
        self, day: date, half_days: int, side: Side, mode: WorkMode, task: Task | None
    ) -> Value:
        return value_of(
            half_days=half_days,
            side=side,
            mode=mode,
            task=task,
            is_rest_day=not self._facts.calendar.is_working_day(day),
            policy=self._facts.policies[day],
        )


@cache
def _halves_for(half_days: int, taken: int) -> int:
    """Return as a bit mask which halves of a date an entry takes, given those that are taken."""
    halves = halves_for(half_days, (bool(taken & FIRST_HALF), bool(taken & SECOND_HALF)))
    return FIRST_HALF * halves["takes_first_half"] + SECOND_HALF * halves["takes_second_half"]


def _about_the_two(code: str | None, pair: Pair, named: NamedPerson) -> Iterable[Refusal]:
    """Say what is not to be found; unknown and out of reach look the same."""
    if pair.pairing is None and code is not None:
        yield unknown_pairing(code)
    if named.field != "person":
        # Without a pairing nobody is looked for, and nothing is said.
        if pair.pairing is not None:
            yield _unknown_name(code or "", named, pair.namesakes)
        return
    if named.id_number is not None and (pair.person is None or pair.pairing is not None):
        yield Refusal(
            "person",
            "unknown_person",
            "没有找到该证件号码的人员，或不在您的管辖范围内；请核对号码，或先登记人员。",
        )


def _unknown_name(pairing: str, named: NamedPerson, namesakes: Sequence[PostedMember]) -> Refusal:
    if len(namesakes) > 1:
        listed = "、".join(one.words for one in namesakes)
        sentence = (
            f"结对 {pairing} 有 {len(namesakes)} 位“{named.name}”：{listed}；"
            "请在“人员编号”列填写其中一个编号。"
        )
        return Refusal("person_code", "ambiguous", sentence)
    sentence = f"您可以导入的人员中，结对 {pairing} 没有“{named.shown}”；请核对“{NAME}”和“{PERSON_CODE}”，或先提名到该结对。"
    return Refusal(named.field, "unknown_person", sentence)


def _is_county(code: str, pair: Pair) -> bool:
    """Is it the code of the county itself, which says that the place is known no closer?"""
    county_code = pair.pairing.facts.county_code if pair.pairing else None
    return county_code is not None and code in (county_code, f"{county_code}000")


def _unknown_township(code: str) -> Refusal:
    sentence = f"地点代码“{code}”不是受援县的9位乡镇（街道）代码；不确定时可留空。"
    return Refusal("township", "invalid_value", sentence)


def _duplicate(first: int) -> Refusal:
    sentence = (
        f"与第{first}行完全相同，请删除其中一行；上午、下午各半天的，请合并为 1 天或分别写明内容。"
    )
    return Refusal("pairing", "duplicate_row", sentence)
