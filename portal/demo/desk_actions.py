"""What lies on the desks of the demonstration accounts: a task for everybody who decides.

All of it goes through the actions of the portal, each as somebody who may do it, some days ago:
what the rules refuse could not stand here. Only what the year has room for is written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from models import Account, Assignment, Organisation, Pairing, Person, Workday
from models.types import CertLevel, FeedbackKind, Line, Role, Side, Task, WorkMode
from portal.access.actions import propose_grant
from portal.access.queries import find_actor
from portal.calendar.queries import load_calendar
from portal.changes.actions import record_certificate
from portal.clock import end_of
from portal.confirmations.actions import approve_workdays, confirm_workdays, return_workday
from portal.deeds import Deed
from portal.demo.day_actions import EVENING, WORK
from portal.demo.pair_actions import Pair
from portal.demo.people_actions import EXPERIENCED, REGION_WITHOUT_ADULTS, Member, Team
from portal.feedback.actions import Message, send_feedback
from portal.pairings.actions import create_pairing
from portal.papers.actions import issue_service_certificate
from portal.papers.queries import service_of
from portal.papers.rules import refusals_for_certificate
from portal.people.actions import register_person
from portal.people.rules import CertificateFacts, PersonFacts
from portal.staffing.actions import nominate
from portal.standards.id_number import make_id_number
from portal.workdays.actions import log_workday
from portal.workdays.rules import Entry

DRAFT, SUBMITTED, RETURNED, CONFIRMED, APPROVED = "草稿", "提交", "退回", "确认", "核准"
SENT_DESKS = (
    (DRAFT, SUBMITTED, SUBMITTED, RETURNED, CONFIRMED, CONFIRMED, APPROVED, APPROVED, APPROVED),
    (SUBMITTED, SUBMITTED, CONFIRMED, CONFIRMED, APPROVED, APPROVED, APPROVED),
)
RECEIVED_DESKS = ((SUBMITTED, RETURNED, SUBMITTED), (SUBMITTED, CONFIRMED), ())
"""How far each person's latest days have come, the latest first; the first has an account."""

REMARK = "演示：请补充服务对象和成效"
LOOKED_BACK = timedelta(days=60)
PROPOSED_AGO, NOMINATED_AGO = timedelta(days=4), timedelta(days=6)
GRANTED_AGO, SUGGESTED_AGO = timedelta(days=2), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Desk:
    """The pairing whose people and officers the demonstration accounts are."""

    deed: Deed
    pairing: Pairing
    pair: Pair
    team: Team
    township_code: str

    def of(self, login: str, at: datetime) -> Deed:
        """Return a deed of a demonstration account at an instant, never after now."""
        return deed_of(self.deed, login, at)


def deed_of(deed: Deed, login: str, at: datetime) -> Deed:
    actor = find_actor(deed.session, login)
    assert actor is not None  # flask demo opened it just before
    return replace(deed, actor=actor, now=min(at, deed.now))


def lay_days(desk: Desk) -> None:
    """Log the latest days of the shown pairing's people, and bring them as far as the desks say."""
    for side, members, desks, logins in (
        (Side.SENT, desk.team.sent, SENT_DESKS, ("yanshi-send-staff", "yanshi-send-mgr")),
        (
            Side.RECEIVED,
            desk.team.received,
            RECEIVED_DESKS,
            ("yanshi-recv-staff", "yanshi-recv-mgr"),
        ),
    ):
        for position, (member, steps) in enumerate(zip(members, desks, strict=False)):
            worker = logins[0] if position == 0 else None
            for step, day in zip(steps, _free_days(desk, member), strict=False):
                _lay_day(desk, side, member, day, step, worker, logins[1])


def _free_days(desk: Desk, member: Member) -> Iterator[date]:
    """Yield the person's free working days of the year before today, the latest first."""
    session, last = desk.deed.session, desk.deed.today - timedelta(days=1)
    first = max(date(desk.deed.today.year, 1, 1), last - LOOKED_BACK)
    taken = set(
        session.scalars(
            sa.select(Workday.worked_on).where(
                Workday.person_id == member.person_id, Workday.worked_on.between(first, last)
            )
        )
    )
    working = list(load_calendar(session, first, last).working_days(first, last))
    yield from (day for day in reversed(working) if day not in taken)


def _lay_day(
    desk: Desk, side: Side, member: Member, day: date, step: str, worker: str | None, manager: str
) -> None:
    evening = end_of(day) - EVENING
    task = tuple(Task)[day.day % len(Task)]
    entry = Entry(
        worked_on=day,
        half_days=2,
        mode=WorkMode.ONSITE,
        task=task,
        township_code=desk.township_code,
        description=WORK[side, task],
        late_reason=None,
    )
    workday = log_workday(
        desk.of(worker, evening) if worker else replace(desk.deed, now=evening),
        pairing=desk.pairing,
        person=desk.deed.session.get_one(Person, member.person_id),
        entry=entry,
        submit=step != DRAFT,
    )
    if step == RETURNED:
        return_workday(desk.of(manager, evening + timedelta(days=1)), workday, REMARK)
    if step in (CONFIRMED, APPROVED):
        confirm_workdays(desk.of(manager, evening + timedelta(days=1)), [workday])
    if step == APPROVED:
        approve_workdays(desk.of("yanshi-county", evening + timedelta(days=2)), [workday])


def certify_service(desk: Desk) -> None:
    """Have the sending manager certify what the shown worker has done, once any day counts."""
    session = desk.deed.session
    assignment = session.scalars(
        sa.select(Assignment)
        .where(
            Assignment.pairing_id == desk.pairing.id,
            Assignment.person_id == desk.team.sent[0].person_id,
        )
        .order_by(Assignment.starts_on.desc())
        .limit(1)
    ).one()
    deed = desk.of("yanshi-send-mgr", desk.deed.now - GRANTED_AGO)
    if not refusals_for_certificate(service_of(session, deed.actor, assignment)):
        issue_service_certificate(deed, assignment, seen_version=0)


def nominate_people(desk: Desk) -> None:
    """Have both managers nominate one more person each: tasks of a province and of the county."""
    at = desk.deed.now - NOMINATED_AGO
    for serial, (login, organisation, side) in enumerate(
        (
            ("yanshi-send-mgr", desk.pair.sending, Side.SENT),
            ("yanshi-recv-mgr", desk.pair.receiving, Side.RECEIVED),
        ),
        start=1,
    ):
        deed = desk.of(login, at)
        nominate(
            deed,
            pairing=desk.pairing,
            person=_newcomer(deed, organisation, side, serial),
            side=side,
            starts_on=desk.deed.today,
            ends_on=None,
        )


def _newcomer(deed: Deed, organisation: Organisation, side: Side, serial: int) -> Person:
    number = make_id_number(REGION_WITHOUT_ADULTS, date(1979, 1, serial), serial)
    name = f"新演示{'援派' if side == Side.SENT else '受援'}"
    started_on = EXPERIENCED if side == Side.SENT else None
    person = register_person(deed, organisation, PersonFacts(name, number, None, started_on))
    if side == Side.SENT:
        facts = CertificateFacts(CertLevel.INTERMEDIATE, "演示证书新01", date(2018, 12, 1))
        record_certificate(deed, person, facts)
    return person


def propose_to_the_other_province(deed: Deed, pair: Pair, ends_on: date) -> Pairing:
    """Have the sending province propose a pairing that the receiving one has still to confirm."""
    proposer = deed_of(deed, "yanshi-prov-send", deed.now - PROPOSED_AGO)
    return create_pairing(
        proposer,
        code=f"YS26-{pair.county_code}",
        sending=pair.sending,
        receiving=pair.receiving,
        county_code=pair.county_code,
        line=Line.KEY_COUNTY,
        starts_on=date(deed.today.year, deed.today.month, 1),
        ends_on=ends_on,
    )


def propose_a_grant(deed: Deed, login: str, role: Role, scope_code: str) -> None:
    """Have the system administrator propose a role that the security administrator confirms."""
    account = deed.session.scalars(sa.select(Account).where(Account.login == login)).one()
    at = deed.now - GRANTED_AGO
    propose_grant(deed_of(deed, "yanshi-sys-admin", at), account, role, scope_code)


def suggest_something(desk: Desk) -> None:
    """Have a worker write to the administrators."""
    text = "演示：希望工作日志能按月打印成册，便于年底归档。"
    sender = desk.of("yanshi-send-staff", desk.deed.now - SUGGESTED_AGO)
    send_feedback(sender, Message(FeedbackKind.SUGGESTION, text, "/workdays"))


def on_the_other_side(pairs: Sequence[Pair], shown: Pair) -> Pair:
    """Return another pair of the same two provinces as the shown one, the last of them."""
    provinces = (shown.sending.province_code, shown.receiving.province_code)
    return [
        pair
        for pair in pairs
        if pair is not shown
        and (pair.sending.province_code, pair.receiving.province_code) == provinces
    ][-1]
