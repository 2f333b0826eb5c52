"""Logging working days and deciding on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from models import Pairing, Person, Workday, WorkdayDecision
from models.types import Side, WorkdayState
from portal.calendar.queries import load_calendar
from portal.deeds import Deed
from portal.programme.policy import Policy
from portal.programme.queries import find_work_year_on, get_work_year, policy_on
from portal.refusals import Conflict, Refusal, Refused, refuse_if
from portal.totals.actions import refresh
from portal.workdays import rules
from portal.workdays.queries import facts_of, halves_taken, terms_of, year_facts
from portal.workdays.rules import Entry

CHANGED_MEANWHILE = Refusal(
    "", "changed_meanwhile", "在您打开页面之后，别人已处理了这条日志。请刷新后再办理。"
)


def log_workday(
    deed: Deed, *, pairing: Pairing, person: Person, entry: Entry, submit: bool
) -> Workday:
    """Log a day or half a day, as a draft or submitted at once; raise :class:`Refused`."""
    halves = halves_taken(deed.session, person.id, entry.worked_on)
    placed = _placed(deed, pairing, person.id, entry, halves)
    workday = Workday(
        pairing_id=pairing.id,
        person_id=person.id,
        state=WorkdayState.SUBMITTED if submit else WorkdayState.DRAFT,
        entered_at=deed.now,
        entered_by_person_id=deed.actor.person_id,
        **placed.columns,
        **_halves_for(entry.half_days, halves),
    )
    deed.session.add(workday)
    deed.session.flush()
    _decide(deed, workday, None)
    refresh(deed.session, [(pairing.id, workday.year)])
    deed.record("workday.logged", f"workday:{workday.id}", days=entry.half_days / 2)
    return workday


def edit_workday(deed: Deed, workday: Workday, entry: Entry, *, submit: bool) -> None:
    """Change a draft or a returned entry, and submit it if asked."""
    _refuse_unless_open(workday, "修改")
    pairing = deed.session.get_one(Pairing, workday.pairing_id)
    besides = [workday.id, *([workday.corrects_id] if workday.corrects_id else [])]
    halves = halves_taken(deed.session, workday.person_id, entry.worked_on, besides=besides)
    placed = _placed(deed, pairing, workday.person_id, entry, halves)
    before = workday.year
    for name, value in placed.columns.items():
        setattr(workday, name, value)
    if workday.corrects_id is None:
        for name, taken in _halves_for(entry.half_days, halves).items():
            setattr(workday, name, taken)
    workday.version += 1
    deed.session.flush()
    if submit:
        _move(deed, workday, rules.OPEN_STATES, WorkdayState.SUBMITTED, None)
    refresh(deed.session, {(pairing.id, before), (pairing.id, workday.year)})
    deed.record("workday.edited", f"workday:{workday.id}", submitted=submit)


def submit_workday(deed: Deed, workday: Workday) -> None:
    """Hand a draft or returned entry in as it stands."""
    _refuse_unless_open(workday, "提交")
    refuse_if(_refusals_if_closed(deed, workday, "提交"))
    _move(deed, workday, rules.OPEN_STATES, WorkdayState.SUBMITTED, None)
    refresh(deed.session, [(workday.pairing_id, workday.year)])
    deed.record("workday.submitted", f"workday:{workday.id}")


def delete_draft(deed: Deed, workday: Workday) -> None:
    """Take a draft or returned entry away; what was once approved is only ever corrected."""
    _refuse_unless_open(workday, "删除")
    key = (workday.pairing_id, workday.year)
    deed.session.execute(sa.delete(WorkdayDecision).where(WorkdayDecision.workday_id == workday.id))
    deed.session.delete(workday)
    refresh(deed.session, [key])
    deed.record("workday.deleted", f"workday:{workday.id}", worked_on=workday.worked_on)


def confirm_workdays(deed: Deed, workdays: Sequence[Workday]) -> int:
    """Confirm submitted days of the own organisation; all or none. Return how many."""
    return _decide_on_all(
        deed, workdays, {WorkdayState.SUBMITTED}, WorkdayState.CONFIRMED, "确认", "confirmed"
    )


def approve_workdays(deed: Deed, workdays: Sequence[Workday]) -> int:
    """Approve confirmed days of the own county; all or none. Return how many."""
    return _decide_on_all(
        deed, workdays, {WorkdayState.CONFIRMED}, WorkdayState.APPROVED, "核准", "approved"
    )


def return_workday(deed: Deed, workday: Workday, reason: str) -> None:
    """Send an entry back to the person, with a reason."""
    waiting = [WorkdayState.SUBMITTED, WorkdayState.CONFIRMED]
    refuse_if(
        [
            *rules.refusals_for_decision(
                state=workday.state,
                expected=waiting,
                owner_person_id=workday.person_id,
                drafter_person_id=workday.entered_by_person_id,
                earlier_person_ids=(),
                actor_person_id=deed.actor.person_id,
                is_closed=False,
                verb="退回",
            ),
            *rules.refusals_for_return(reason),
        ]
    )
    _move(deed, workday, waiting, WorkdayState.RETURNED, reason)
    refresh(deed.session, [(workday.pairing_id, workday.year)])
    deed.record("workday.returned", f"workday:{workday.id}")


def correct_workday(deed: Deed, original: Workday, entry: Entry, reason: str) -> Workday:
    """Submit a correction of an approved day; the original stands until it is approved.

    Person, pairing and date stay; ``half_days`` 0 strikes the day out.
    """
    session = deed.session
    if original.state != WorkdayState.APPROVED:
        raise Refused(
            [Refusal("", "wrong_state", "只有已核准的日志需要更正；其他状态可直接修改或退回。")]
        )
    if not reason.strip():
        raise Refused([Refusal("reason", "missing_value", "更正须填写原因。")])
    entry = entry._replace(
        worked_on=original.worked_on, late_reason=entry.late_reason or f"更正：{reason}"
    )
    halves = halves_taken(session, original.person_id, original.worked_on, besides=[original.id])
    pairing = session.get_one(Pairing, original.pairing_id)
    checked = entry if entry.half_days else entry._replace(half_days=1)
    placed = _placed(deed, pairing, original.person_id, checked, halves)
    columns = {**placed.columns, "half_days": entry.half_days}
    if entry.half_days == 0:
        columns |= {"worth_centidays": 0}
    open_already = session.scalar(
        sa.select(Workday.id).where(
            Workday.corrects_id == original.id, Workday.state != WorkdayState.SUPERSEDED
        )
    )
    if open_already:
        raise Refused([Refusal("", "wrong_state", "这条日志已有一份更正在办理中。")])
    correction = Workday(
        pairing_id=original.pairing_id,
        person_id=original.person_id,
        state=WorkdayState.SUBMITTED,
        entered_at=deed.now,
        entered_by_person_id=deed.actor.person_id,
        corrects_id=original.id,
        **columns,
    )
    session.add(correction)
    session.flush()
    _decide(deed, correction, reason)
    deed.record("workday.corrected", f"workday:{original.id}", correction=correction.id)
    return correction


@dataclass(frozen=True, slots=True)
class _Placed:
    """An entry that the rules let through, with what follows from it."""

    columns: dict[str, object]


def _placed(
    deed: Deed, pairing: Pairing, person_id: int, entry: Entry, halves: tuple[bool, bool]
) -> _Placed:
    """Ask every rule about an entry; return its columns or raise :class:`Refused`."""
    session = deed.session
    terms = terms_of(session, pairing.id, person_id)
    work_year = find_work_year_on(session, entry.worked_on, pairing.receiving_province_code)
    policy = policy_on(session, entry.worked_on)
    refuse_if(
        rules.refusals_for_workday(
            entry,
            pairing=facts_of(pairing),
            terms=terms,
            year=year_facts(work_year),
            taken_half_days=sum(halves),
            policy=policy,
            today=deed.today,
        )
    )
    term = rules.term_on(terms, entry.worked_on)
    assert term is not None  # the rules refused it otherwise
    assert work_year is not None
    is_rest_day = _is_rest_day(deed, entry)
    value = _value(entry, term.side, is_rest_day=is_rest_day, policy=policy)
    return _Placed(
        {
            "assignment_id": term.id,
            "side": term.side,
            "year": work_year.year,
            "worked_on": entry.worked_on,
            "half_days": entry.half_days,
            "mode": entry.mode,
            "task": entry.task,
            "township_code": entry.township_code,
            "description": entry.description,
            "late_reason": entry.late_reason,
            "is_rest_day": is_rest_day,
            "worth_centidays": value.centidays,
            "hold": value.hold,
        }
    )


def _is_rest_day(deed: Deed, entry: Entry) -> bool:
    calendar = load_calendar(deed.session, entry.worked_on, entry.worked_on)
    return not calendar.is_working_day(entry.worked_on)


def _value(entry: Entry, side: Side, *, is_rest_day: bool, policy: Policy) -> rules.Value:
    return rules.value_of(
        half_days=entry.half_days,
        side=side,
        mode=entry.mode,
        task=entry.task,
        is_rest_day=is_rest_day,
        policy=policy,
    )


def _halves_for(half_days: int, taken: tuple[bool, bool]) -> dict[str, bool]:
    """Say which halves a new entry takes, given those that are taken."""
    if half_days == rules.HALF_DAYS_PER_DATE:
        return {"takes_first_half": True, "takes_second_half": True}
    if half_days == 0:
        return {"takes_first_half": False, "takes_second_half": False}
    return {"takes_first_half": not taken[0], "takes_second_half": taken[0]}


def _refuse_unless_open(workday: Workday, verb: str) -> None:
    if workday.state not in rules.OPEN_STATES:
        raise Refused(
            [
                Refusal(
                    "",
                    "wrong_state",
                    f"该条目目前为“{workday.state.label}”，只有草稿和被退回的条目可以{verb}。",
                )
            ]
        )


def _refusals_if_closed(deed: Deed, workday: Workday, verb: str) -> list[Refusal]:
    pairing = deed.session.get_one(Pairing, workday.pairing_id)
    if _is_closed(deed, pairing, workday.year):
        return [Refusal("", "closed_year", f"{workday.year} 工作年度已关闭，不能再{verb}。")]
    return []


def _is_closed(deed: Deed, pairing: Pairing, year: int) -> bool:
    work_year = get_work_year(deed.session, year, pairing.receiving_province_code)
    return work_year.closed_at is not None


def _decide_on_all(
    deed: Deed,
    workdays: Sequence[Workday],
    expected: set[WorkdayState],
    state: WorkdayState,
    verb: str,
    event: str,
) -> int:
    session = deed.session
    closed: dict[tuple[int, int], bool] = {}
    refusals: list[Refusal] = []
    for workday in workdays:
        key = (workday.pairing_id, workday.year)
        if key not in closed:
            pairing = session.get_one(Pairing, workday.pairing_id)
            closed[key] = _is_closed(deed, pairing, workday.year)
        found = rules.refusals_for_decision(
            state=workday.state,
            expected=list(expected),
            owner_person_id=workday.person_id,
            drafter_person_id=workday.entered_by_person_id,
            earlier_person_ids=(workday.confirmed_by_person_id,),
            actor_person_id=deed.actor.person_id,
            is_closed=closed[key],
            verb=verb,
        )
        refusals += [Refusal("", one.code, f"{workday.worked_on}：{one.sentence}") for one in found]
    refuse_if(refusals)
    for workday in workdays:
        if state == WorkdayState.APPROVED and workday.corrects_id:
            _give_way(deed, workday)
        _move(deed, workday, expected, state, None)
    refresh(session, closed)
    if workdays:
        ids = [workday.id for workday in workdays]
        deed.record(f"workday.{event}", f"workday:{ids[0]}", count=len(ids), ids=ids)
    return len(workdays)


def _give_way(deed: Deed, correction: Workday) -> None:
    """Let the original of an approved correction give up its halves, before the new one takes."""
    original = deed.session.get_one(Workday, correction.corrects_id)
    _move(
        deed,
        original,
        {WorkdayState.APPROVED},
        WorkdayState.SUPERSEDED,
        f"由更正条目 {correction.id} 取代",
        takes_first_half=False,
        takes_second_half=False,
    )


def _move(
    deed: Deed,
    workday: Workday,
    expected: Sequence[WorkdayState] | set[WorkdayState] | frozenset[WorkdayState],
    state: WorkdayState,
    reason: str | None,
    **columns: object,
) -> None:
    """Change a state by one conditional UPDATE; raise :class:`Conflict` if somebody was faster."""
    by = deed.actor.person_id
    if state == WorkdayState.SUBMITTED:
        columns |= {"confirmed_by_person_id": None, "approved_by_person_id": None}
    elif state == WorkdayState.CONFIRMED:
        columns |= {"confirmed_by_person_id": by}
    elif state == WorkdayState.APPROVED:
        columns |= {"approved_by_person_id": by}
        if workday.corrects_id:
            halves = halves_taken(
                deed.session, workday.person_id, workday.worked_on, besides=[workday.id]
            )
            columns |= _halves_for(workday.half_days, halves)
    changed = deed.session.connection().execute(
        sa.update(Workday)
        .where(
            Workday.id == workday.id,
            Workday.version == workday.version,
            Workday.state.in_(list(expected)),
        )
        .values(state=state, version=Workday.version + 1, **columns)
    )
    if changed.rowcount != 1:
        raise Conflict([CHANGED_MEANWHILE])
    deed.session.refresh(workday)
    _decide(deed, workday, reason)


def _decide(deed: Deed, workday: Workday, reason: str | None) -> None:
    deed.session.add(
        WorkdayDecision(
            workday_id=workday.id,
            state_after=workday.state,
            at=deed.now,
            account_id=deed.actor.account_id,
            person_id=deed.actor.person_id,
            reason=reason,
        )
    )
    deed.session.flush()
