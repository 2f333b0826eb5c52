"""A closed work year stays as it is: every verb that could change what it counts is tried on one.

The verbs are found, not listed: a function of these rooms whose first argument is a deed and that
stands in no table here fails. Each is tried on an open year, where it must work, and on the same
year closed, where it must be refused with ``closed_year`` and leave everything as it was.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

import portal.changes
import portal.confirmations
import portal.corrections
import portal.pairings
import portal.staffing
import portal.workdays
from models import (
    Allocation,
    Assignment,
    AuditEvent,
    CalendarDay,
    CalendarYear,
    Certificate,
    ImportBatch,
    Pairing,
    PairingDecision,
    PairingException,
    PairingMonthTotal,
    PairingYear,
    PairingYearTotal,
    Person,
    PersonYearTotal,
    PolicyParameter,
    Workday,
    WorkdayDecision,
)
from models.database import Database
from models.types import CertLevel, DayKind, ImportKind, Line, PairingState, Side
from portal.access.queries import find_actor
from portal.audit.trail import last_number
from portal.calendar.rules import DayRow
from portal.changes import actions as changes
from portal.confirmations import actions as confirmations
from portal.confirmations import reversal_actions
from portal.corrections import actions as corrections
from portal.deeds import Deed, operator_deed
from portal.imports.claim_actions import confirm_claims, refuse_claims
from portal.pairings import actions as pairings
from portal.pairings import decision_actions
from portal.pairings.life_rules import CONFIRMED
from portal.people.rules import CertificateFacts, PersonFacts
from portal.programme import allocation_actions
from portal.programme.actions import close_work_year
from portal.programme.rules import AllocationFacts
from portal.refusals import Refused
from portal.staffing import actions as staffing
from portal.standards.id_number import make_id_number
from portal.workdays import actions
from portal.workdays.handing_in_actions import hand_in_all
from tests.support.imports import import_rows, workday
from tests.support.unconfirmed import unconfirm
from tests.support.waiting_days import nominated, unqualified
from tests.support.workdays import MONDAY, approved, confirmed, entry, logged
from tests.support.world import World

ROOMS = (
    portal.workdays,
    portal.confirmations,
    portal.corrections,
    portal.staffing,
    portal.pairings,
    portal.changes,
)
TABLES = (
    Allocation,
    Assignment,
    CalendarDay,
    CalendarYear,
    Certificate,
    Pairing,
    PairingMonthTotal,
    PairingYear,
    PairingYearTotal,
    Person,
    PersonYearTotal,
    PolicyParameter,
    Workday,
    WorkdayDecision,
)
LATER = date(2023, 1, 9)
"""A Monday in the year after the one that is closed."""

Act = Callable[[World], Callable[[], Any]]


def approved_nomination(world: World) -> str:
    return staffing.approve_assignments(world.deed("sending_province_officer"), [nominated(world)])


def returned(world: World) -> Workday:
    workday = logged(world)
    confirmations.return_workday(world.deed("sending_manager"), workday, "请补充")
    return workday


def unconfirmed(world: World) -> Pairing:
    approved(world)
    return unconfirm(world)


def asked_for_an_exception(world: World) -> Pairing:
    """Have the other province confirm, and ask for a second partner of the sending side."""
    pairing = unconfirmed(world)
    world.session.add(
        PairingDecision(
            pairing_id=pairing.id,
            kind=CONFIRMED[Side.RECEIVED],
            state_after=PairingState.PROPOSED,
            ends_on_after=pairing.ends_on,
            at=world.clock(),
        )
    )
    world.session.add(
        PairingException(
            pairing_id=pairing.id,
            side=Side.SENT,
            reason="演示",
            requested_at=world.clock(),
            requested_by_person_id=world.actor("province_officer").person_id,
        )
    )
    # While it is only asked for, the places are left free.
    world.session.execute(
        sa.update(PairingYear)
        .where(PairingYear.pairing_id == pairing.id)
        .values(occupies_sending=False, occupies_receiving=False)
    )
    return pairing


def claimed(world: World) -> str:
    """Have a manager bring in a day as confirmed; return the file's id."""
    row = workday("sent1", "2022-11-01", 状态="已确认")
    assert import_rows(world, ImportKind.WORKDAYS, [row], persona="sending_manager").report.applied
    return world.session.scalars(sa.select(ImportBatch.public_id)).one()


def recorded(world: World) -> Callable[[], Any]:
    assignment = unqualified(world)
    facts = CertificateFacts(CertLevel.INTERMEDIATE, "演示证书99", date(2022, 6, 1))
    person = world.session.get_one(Person, assignment.person_id)
    person.service_started_on = date(2015, 1, 1)
    return lambda: changes.record_certificate(world.deed(), person, facts)


def edited(world: World) -> Callable[[], Any]:
    approved(world, "sent2")
    person = world.person("sent2")
    number = make_id_number("110105", date(1986, 3, 1), 12)
    facts = PersonFacts(person.name, number, None, MONDAY)
    return lambda: changes.edit_person(world.deed(), person, facts, version=person.version)


def review(world: World) -> Callable[[], Any]:
    approved(world, "sent2")
    person = world.person("sent2")
    world.session.execute(sa.delete(Certificate).where(Certificate.person_id == person.id))
    return lambda: staffing.review_qualification(world.deed(), person.id)


def correction(world: World) -> Workday:
    original = approved(world)
    found = corrections.correct_workday(
        world.deed("sending_staff"), original, entry(half_days=1), "只做了半天"
    )
    confirmations.confirm_workdays(world.deed("sending_manager"), [found])
    return found


def reversal(world: World) -> Callable[[], Any]:
    approved(world)
    batch = world.session.scalar(
        sa.select(WorkdayDecision.batch).order_by(WorkdayDecision.id.desc()).limit(1)
    )
    return lambda: reversal_actions.reverse_decision(world.deed("county_officer"), batch)


def new_pairing(world: World) -> Callable[[], Any]:
    changes.terminate_pairing(
        world.deed(), world.pairing("P2"), last_day=date(2022, 1, 31), reason="演示"
    )
    return lambda: pairings.create_pairing(
        world.deed(),
        code="P9",
        sending=world.organisation("sending2"),
        receiving=world.organisation("receiving2"),
        county_code="640324",
        line=Line.KEY_COUNTY,
        starts_on=date(2022, 3, 1),
        ends_on=None,
    )


ALLOCATION = AllocationFacts(2022, "350000", "640000", 3, Line.KEY_COUNTY)


def removal(world: World) -> Callable[[], Any]:
    row = allocation_actions.set_allocation(world.deed(), ALLOCATION)
    return lambda: allocation_actions.remove_allocation(world.deed(), row)


def prepared(make: Callable[[World], Any], act: Callable[[World, Any], Any]) -> Act:
    """Return a case: ``make`` lays what the verb is tried on, ``act`` is the verb."""

    def prepare(world: World) -> Callable[[], Any]:
        thing = make(world)
        return lambda: act(world, thing)

    return prepare


CASES: dict[str, Act] = {
    "actions.log_workday": lambda world: lambda: logged(world),
    "actions.edit_workday": prepared(
        lambda world: logged(world, submit=False),
        lambda world, one: actions.edit_workday(
            world.deed("sending_staff"), one, entry(half_days=1), submit=False
        ),
    ),
    "actions.edit_workday, out of the year": prepared(
        lambda world: logged(world, submit=False),
        lambda world, one: actions.edit_workday(
            world.deed("sending_staff"), one, entry(LATER), submit=False
        ),
    ),
    "actions.submit_workday": prepared(
        lambda world: logged(world, submit=False),
        lambda world, one: actions.submit_workday(world.deed("sending_staff"), one),
    ),
    "actions.recall_workday": prepared(
        logged, lambda world, one: actions.recall_workday(world.deed("sending_staff"), one)
    ),
    "actions.give_up_workday": prepared(
        returned, lambda world, one: actions.give_up_workday(world.deed("sending_staff"), one)
    ),
    "actions.delete_draft": prepared(
        lambda world: logged(world, submit=False),
        lambda world, one: actions.delete_draft(world.deed("sending_staff"), one),
    ),
    "confirmations.confirm_workdays": prepared(
        logged,
        lambda world, one: confirmations.confirm_workdays(world.deed("sending_manager"), [one]),
    ),
    "confirmations.approve_workdays": prepared(
        confirmed,
        lambda world, one: confirmations.approve_workdays(world.deed("county_officer"), [one]),
    ),
    "confirmations.approve_workdays, of a correction": prepared(
        correction,
        lambda world, one: confirmations.approve_workdays(world.deed("county_officer"), [one]),
    ),
    "confirmations.return_workday": prepared(
        confirmed,
        lambda world, one: confirmations.return_workday(
            world.deed("county_officer"), one, "请补充"
        ),
    ),
    "confirmations.return_workdays": prepared(
        confirmed,
        lambda world, one: confirmations.return_workdays(
            world.deed("county_officer"), [one], "请补充"
        ),
    ),
    "corrections.correct_workday": prepared(
        approved,
        lambda world, one: corrections.correct_workday(
            world.deed("sending_staff"), one, entry(half_days=1), "只做了半天"
        ),
    ),
    "reversal_actions.reverse_decision": reversal,
    "changes.change_day": prepared(
        approved,
        lambda world, _: changes.change_day(
            world.deed(), MONDAY, DayKind.HOLIDAY, name="演示", source="演示"
        ),
    ),
    "changes.change_year": prepared(
        approved,
        lambda world, _: changes.change_year(
            world.deed(), 2022, [DayRow(MONDAY, DayKind.HOLIDAY, "演示")], source="演示"
        ),
    ),
    "changes.remove_year": prepared(
        lambda world: approved(world, day=date(2022, 10, 8), late_reason="山路中断"),
        lambda world, _: changes.remove_year(world.deed(), 2022),
    ),
    "changes.change_parameter": prepared(
        approved,
        lambda world, _: changes.change_parameter(
            world.deed(), "min_sent_days", "1", date(2022, 6, 1), "演示"
        ),
    ),
    "staffing.nominate": lambda world: (
        lambda: staffing.nominate(
            world.deed(),
            pairing=world.pairing(),
            person=world.person("unqualified"),
            side=Side.SENT,
            starts_on=MONDAY,
            ends_on=None,
        )
    ),
    "staffing.approve_assignment": prepared(
        nominated, lambda world, one: staffing.approve_assignment(world.deed(), one)
    ),
    "staffing.approve_assignments": prepared(
        nominated, lambda world, one: staffing.approve_assignments(world.deed(), [one])
    ),
    "staffing.undo_approval": prepared(
        approved_nomination,
        lambda world, batch: staffing.undo_approval(world.deed("sending_province_officer"), batch),
    ),
    "staffing.end_assignment": prepared(
        lambda world: world.assignment("sent2"),
        lambda world, one: staffing.end_assignment(world.deed(), one, MONDAY, "离职"),
    ),
    "staffing.replace_assignment": prepared(
        lambda world: world.assignment("sent2"),
        lambda world, one: staffing.replace_assignment(
            world.deed(),
            one,
            person=world.person("unqualified"),
            starts_on=MONDAY,
            reason="离职",
        ),
    ),
    "staffing.grant_exception": prepared(
        unqualified, lambda world, one: staffing.grant_exception(world.deed(), one, "演示")
    ),
    "staffing.review_qualification": review,
    "changes.record_certificate": recorded,
    "changes.edit_person": edited,
    "pairings.create_pairing": new_pairing,
    "pairings.record_agreement": prepared(
        lambda world: world.pairing("P2"),
        lambda world, one: pairings.record_agreement(
            world.deed(), one, number="演示协议2号", signed_on=MONDAY
        ),
    ),
    "changes.terminate_pairing": prepared(
        lambda world: world.pairing("P2"),
        lambda world, one: changes.terminate_pairing(
            world.deed(), one, last_day=MONDAY, reason="演示"
        ),
    ),
    # The pairings wait as an upgrade leaves them: with days that a former release let in.
    "decision_actions.confirm_pairing": prepared(
        unconfirmed,
        lambda world, one: decision_actions.confirm_pairing(world.deed("province_officer"), one),
    ),
    "changes.decide_on_exception": prepared(
        asked_for_an_exception,
        lambda world, one: changes.decide_on_exception(
            world.deed("sending_province_officer"), one, Side.SENT, is_granted=True, opinion=""
        ),
    ),
    "claim_actions.confirm_claims": prepared(
        claimed,
        lambda world, one: confirm_claims(world.deed("county_officer"), one, seen=1),
    ),
    "claim_actions.refuse_claims": prepared(
        claimed,
        lambda world, one: refuse_claims(world.deed("county_officer"), one, seen=1, reason="演示"),
    ),
    "allocation_actions.set_allocation": lambda world: (
        lambda: allocation_actions.set_allocation(world.deed(), ALLOCATION)
    ),
    "allocation_actions.remove_allocation": removal,
}

ABOVE = {"allocation_actions", "claim_actions"}
"""Modules of other rooms of which verbs are tried too."""

HARMLESS = {
    # What these do never changes a closed year; each says why.
    "changes.load_shipped_years": "leaves the days of closed years as they are",
    "revaluation_actions.revalue_dates": "leaves the days of closed years as they are",
    "opening_actions.reopen_year": "opens the year first, which is the way to change it",
    "staffing.withdraw_nomination": "refused as soon as a day is logged on it",
    "set_actions.withdraw_brought": "the same, for all that a file brought",
    "staffing.reject_assignment": "days that wait go on waiting; refused if that changed a total",
    "changes.decline_pairing": "nothing of a proposal counts, before and after",
    "opening_actions.open_programme": "opens years that nobody has closed",
    "opening_actions.open_work_year": "opens a year that nobody has closed",
    "staffing.review_incomplete_certificates": "an upgrade's: the totals of all years follow it",
    "year_actions.lay_pairings": "called for a year that has just been opened",
    # Parts of verbs, called by these alone.
    "set_actions.add_days": "a part of bring_in and of the demonstration",
    "set_actions.add_decisions": "a part of the demonstration",
    "set_actions.assign_all": "a part of the import of assignments, which refuses closed years",
    "set_actions.bring_in": "a part of the import of days, which adds the totals up and is refused",
    "set_actions.decide_where": "a part of confirm_claims and refuse_claims",
    "corrections.make_room": "a part of approve_workdays",
    "corrections.give_back": "a part of reverse_decision",
    "corrections.others_on_date": "writes nothing",
    "decision_actions.take_effect_if_agreed": "a part of create_pairing, confirm_pairing, decide_on_exception",
    "writing_actions.take_effect": "a part of these three",
    "writing_actions.agree": "a part of create_pairing",
    "pairings.terminate_pairing": "a part of the door of that name",
    "decision_actions.decline_pairing": "a part of the door of that name",
    "decision_actions.decide_on_exception": "a part of the door of that name",
    "staffing.review_nominated": "a part of change_parameter",
    "staffing.end_with_pairing": "a part of terminate_pairing, decline_pairing, decide_on_exception",
    "follower_actions.follow_dates": "the part of the doors that calls the followers",
    "proposing_actions.propose_days": "a part of log_activity: drafts, placed in open years",
    "actions.log_placed": "a part of log_workday",
    "actions.log_all_placed": "what was placed in open years; the row proves that they still are",
    "adding_actions.add_workday": "a part of log_workday",
    "adding_actions.add_workdays": "a part of log_all_placed",
    "decision_actions.free_places": "a part of decline_pairing and void_pairing",
    "undo_actions.void_pairing": "a part of the undoing of a file, which refuses closed years",
    "undo_actions.restore_agreement": "the same",
    "changes.restore_person": "the same",
    "handing_in_actions.hand_in_all": "says of a closed year that it hands nothing in: below",
    "effect_actions.effect_of": "a rehearsal of confirm_workdays and approve_workdays",
}


def verbs() -> set[str]:
    """Return the functions of the rooms that take a deed, as module and name."""
    found = set()
    for room in ROOMS:
        for one in pkgutil.iter_modules(room.__path__):
            module = importlib.import_module(f"{room.__name__}.{one.name}")
            name = room.__name__.rpartition(".")[2]
            shown = one.name if one.name != "actions" or name == "workdays" else name
            for verb, function in inspect.getmembers(module, inspect.isfunction):
                is_own = function.__module__ == module.__name__ and not verb.startswith("_")
                if is_own and "deed" in list(inspect.signature(function).parameters)[:1]:
                    found.add(f"{shown}.{verb}")
    return {one for one in found if ".refusals_" not in one}


def test_every_verb_of_these_rooms_is_tried_on_a_closed_year() -> None:
    tried = {name.split(",")[0] for name in CASES if name.split(".")[0] not in ABOVE}
    assert verbs() == tried | set(HARMLESS)


def picture(world: World) -> dict[str, list[Any]]:
    world.session.flush()
    return {
        model.__tablename__: world.session.execute(
            sa.select(model.__table__).order_by(*model.__table__.primary_key)
        ).all()
        for model in TABLES
    }


@pytest.mark.parametrize("name", CASES)
def test_works_in_an_open_year(world: World, name: str) -> None:
    act = _prepared(world, name)
    before = picture(world)
    act()
    assert picture(world) != before


@pytest.mark.parametrize("name", CASES)
def test_refuses_in_a_closed_year(world: World, name: str) -> None:
    act = _prepared(world, name)
    close_work_year(world.deed(), 2022, "年度结束")
    world.session.commit()
    before, told = picture(world), last_number(world.session)
    with pytest.raises(Refused) as refused:
        act()
    assert "closed_year" in [one.code for one in refused.value.refusals]
    assert all(
        "工作年度" in one.sentence and "关闭" in one.sentence for one in refused.value.refusals
    )
    world.session.rollback()
    world.session.expire_all()
    assert picture(world) == before
    assert world.session.scalar(sa.select(sa.func.max(AuditEvent.id))) == told


def _prepared(world: World, name: str) -> Callable[[], Any]:
    """Lay a case down; where it moves a day into the next year, in that year."""
    act = CASES[name](world)
    if name.endswith("out of the year"):
        world.clock.stand_on(LATER + timedelta(1))
    return act


def test_hands_nothing_in_of_a_closed_year(world: World) -> None:
    draft = logged(world, submit=False)
    close_work_year(world.deed(), 2022, "年度结束")
    found = hand_in_all(world.deed("sending_staff"), {draft.id: draft.version})
    assert (found.entries, draft.state) == (0, "draft")
    assert "工作年度已关闭" in found.left[0]


def test_who_closes_waits_for_a_decision_that_is_being_taken(
    world: World, world_database: Database
) -> None:
    workday = confirmed(world)
    world.session.commit()
    confirmations.approve_workdays(world.deed("county_officer"), [workday])
    with ThreadPoolExecutor(1) as pool:
        closing = pool.submit(_close, world_database, world)
        with pytest.raises(TimeoutError):
            closing.result(timeout=0.5)
        world.session.commit()
        closing.result(timeout=20)
    total = world.session.get_one(PairingYearTotal, (workday.pairing_id, 2022))
    assert total.sent_centidays == 100


def test_a_decision_waits_for_who_is_closing_and_is_refused(
    world: World, world_database: Database
) -> None:
    workday = confirmed(world)
    world.session.commit()
    close_work_year(world.deed(), 2022, "年度结束")
    with ThreadPoolExecutor(1) as pool:
        approving = pool.submit(_approve, world_database, world, workday.id)
        with pytest.raises(TimeoutError):
            approving.result(timeout=0.5)
        world.session.commit()
        with pytest.raises(Refused) as refused:
            approving.result(timeout=20)
    assert [one.code for one in refused.value.refusals] == ["closed_year"]


def _close(database: Database, world: World) -> None:
    with database.writing() as session:
        close_work_year(operator_deed(session, world.clock()), 2022, "年度结束")


def _approve(database: Database, world: World, workday_id: int) -> None:
    with database.writing() as session:
        actor = find_actor(session, "county_officer")
        assert actor is not None
        deed = Deed(session, actor, world.clock())
        confirmations.approve_workdays(deed, [session.get_one(Workday, workday_id)])
