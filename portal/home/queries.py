"""What must I do now, and how are we doing? A fixed number of queries for each kind of actor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from models import (
    Account,
    Organisation,
    Pairing,
    PairingYearTotal,
    Region,
    Workday,
)
from models.types import Line, Role, Side, WorkdayState
from portal.access.actor import Actor
from portal.access.scope import within
from portal.accounts.queries import count_waiting_grants
from portal.calendar.queries import list_year_standings, load_calendar
from portal.compliance.rules import COMPLIANCE_CODES, FINDING_BITS, TITLES, Forecast, forecast
from portal.places.queries import count_key_counties
from portal.programme.queries import get_work_year
from portal.staffing.listing import count_nominations
from portal.workdays.own import Place, Progress, places_of, progress_of
from portal.workdays.waiting import CAP, Waiting, waiting_for

Total = PairingYearTotal
SHOWN_BEHIND = 8
NAMED_WORKERS = frozenset({Role.SEND_STAFF, Role.RECV_STAFF})


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do: what, how many, where it is done. It vanishes with its cause."""

    label: str
    count: int
    endpoint: str
    action_label: str
    note: str = ""

    @property
    def count_text(self) -> str:
        return f"{CAP - 1}+" if self.count >= CAP else str(self.count)


def tasks_for(session: Session, actor: Actor, today: date, now: datetime) -> list[Task]:
    """Return what waits for an actor, the most pressing first; empty if nothing does."""
    waiting = waiting_for(session, actor)
    return [task for task in _tasks(session, actor, waiting, today, now) if task.count]


def _tasks(
    session: Session, actor: Actor, waiting: Waiting, today: date, now: datetime
) -> list[Task]:
    tasks = [
        Task(
            "被退回的日志",
            waiting.returned,
            "workdays.list_workdays",
            "去修改",
            "修改后重新提交，否则不计入",
        ),
        Task("尚未提交的草稿", waiting.drafts, "workdays.list_workdays", "去提交"),
        Task("待确认的工作日志", waiting.to_confirm, "workdays.confirm_workdays", "去确认"),
        Task("待核准的工作日志", waiting.to_approve, "workdays.approve_workdays", "去核准"),
    ]
    if actor.holds("assignment.approve"):
        count = count_nominations(session, actor)
        tasks.append(Task("待审批的选派", count, "staffing.list_nominations", "去审批"))
    if actor.holds("account.secure"):
        count = count_waiting_grants(session)
        tasks.append(Task("待确认的授权", count, "accounts.list_accounts", "去确认"))
        tasks.append(
            Task("被锁定的账号", _count_locked(session, now), "accounts.list_accounts", "去查看")
        )
    if actor.holds("calendar.write"):
        missing = [
            one.year
            for one in list_year_standings(session, today)
            if not one.is_official and one.year <= today.year + 1
        ]
        years = "、".join(map(str, missing))
        tasks.append(Task("缺少放假通知的年份", len(missing), "calendar.calendar", "去装入", years))
    return tasks


def _count_locked(session: Session, now: datetime) -> int:
    return (
        session.scalar(
            sa.select(sa.func.count()).select_from(Account).where(Account.locked_until > now)
        )
        or 0
    )


@dataclass(frozen=True, slots=True)
class OwnYear:
    """A worker's year in the pairing they work for now."""

    place: Place
    progress: Progress
    forecast: Forecast
    months: list[MonthDays]


class MonthDays(NamedTuple):
    """Days logged in a month, in hundredths: counted by the county, and still on their way."""

    month: int
    approved_centidays: int
    waiting_centidays: int


def own_year(session: Session, actor: Actor, year: int, today: date) -> OwnYear | None:
    """Return a worker's year, or None for whoever is not assigned to a pairing."""
    if actor.person_id is None or not NAMED_WORKERS & set(actor.roles):
        return None
    places = places_of(session, actor.person_id, today)
    if not places:
        return None
    place = places[0]
    progress = progress_of(
        session,
        pairing_id=place.pairing_id,
        year=year,
        side=place.side,
        person_id=actor.person_id,
    )
    last = min(get_work_year(session, year).ends_on, place.ends_on)
    return OwnYear(
        place=place,
        progress=progress,
        forecast=forecast(
            done_centidays=round(progress.side_counted * 100),
            waiting_centidays=round(progress.side_waiting * 100),
            need_days=progress.need_days,
            people=_count_people(session, place, year),
            first=today,
            last=last,
            calendar=load_calendar(session, today, max(last, today)),
        ),
        months=_months(session, place.pairing_id, actor.person_id, year),
    )


def _count_people(session: Session, place: Place, year: int) -> int:
    column = Total.qualified_sent_staff if place.side == Side.SENT else Total.received_staff
    found = session.scalar(
        sa.select(column).where(Total.pairing_id == place.pairing_id, Total.year == year)
    )
    return max(found or 0, 1)


def _months(session: Session, pairing_id: int, person_id: int, year: int) -> list[MonthDays]:
    month = sa.extract("month", Workday.worked_on)
    approved = Workday.state == WorkdayState.APPROVED
    on_its_way = Workday.state.in_((WorkdayState.SUBMITTED, WorkdayState.CONFIRMED))
    rows = session.execute(
        sa.select(month, _sum_if(approved), _sum_if(on_its_way))
        .where(
            Workday.pairing_id == pairing_id,
            Workday.year == year,
            Workday.person_id == person_id,
        )
        .group_by(month)
        .order_by(month)
    )
    return [MonthDays(*map(int, row)) for row in rows]


def _sum_if(condition: Any) -> Any:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, Workday.worth_centidays), else_=0)), 0)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the pairings of an actor stand in a year; days in hundredths."""

    pairings: int
    compliant: int
    sent_centidays: int
    received_centidays: int
    pending_centidays: int
    covered: int
    key_counties: int
    findings: list[FindingCount]


class FindingCount(NamedTuple):
    """How many pairings have a finding."""

    code: str
    title: str
    pairings: int


def standing_of(session: Session, actor: Actor, year: int) -> Standing | None:
    """Return how the pairings within reach stand, or None for whoever sees none."""
    if not actor.holds("pairing.read") or not actor.holds("summary.read"):
        return None
    key = sa.case((Total.line == Line.KEY_COUNTY, Total.county_code))
    row = session.execute(
        sa.select(
            sa.func.count(),
            sa.func.coalesce(sa.func.sum(sa.case((Total.is_compliant, 1), else_=0)), 0),
            sa.func.coalesce(sa.func.sum(Total.sent_centidays), 0),
            sa.func.coalesce(sa.func.sum(Total.received_centidays), 0),
            sa.func.coalesce(
                sa.func.sum(Total.sent_pending_centidays + Total.received_pending_centidays), 0
            ),
            sa.func.count(sa.distinct(key)),
            *(
                sa.func.coalesce(
                    sa.func.sum(sa.case((Total.findings.bitwise_and(bit) != 0, 1), else_=0)), 0
                )
                for bit in FINDING_BITS.values()
            ),
        )
        .join(Pairing, Pairing.id == Total.pairing_id)
        .where(Total.year == year, within(Pairing, actor, "pairing.read"))
    ).one()
    pairings, compliant, sent, received, pending, covered, *having = map(int, row)
    counts = zip(FINDING_BITS, having, strict=True)
    return Standing(
        pairings=pairings,
        compliant=compliant,
        sent_centidays=sent,
        received_centidays=received,
        pending_centidays=pending,
        covered=covered,
        key_counties=count_key_counties(session, get_work_year(session, year).ends_on),
        findings=[FindingCount(code, TITLES[code], count) for code, count in counts if count],
    )


class Behind(NamedTuple):
    """A pairing that does not meet the rules yet; days in hundredths."""

    code: str
    county: str
    sending_name: str
    receiving_name: str
    sent_centidays: int
    received_centidays: int
    findings: int


def list_behind(session: Session, actor: Actor, year: int) -> Sequence[Behind]:
    """Return the pairings that are furthest from the rules, the emptiest first."""
    sending, receiving = aliased(Organisation), aliased(Organisation)
    wants = sum(FINDING_BITS[code] for code in COMPLIANCE_CODES)
    rows = session.execute(
        sa.select(
            Pairing.code,
            Region.name,
            sending.name,
            receiving.name,
            Total.sent_centidays,
            Total.received_centidays,
            Total.findings,
        )
        .join(Total, Total.pairing_id == Pairing.id)
        .join(Region, Region.code == Pairing.county_code)
        .join(sending, sending.id == Pairing.sending_organisation_id)
        .join(receiving, receiving.id == Pairing.receiving_organisation_id)
        .where(
            Total.year == year,
            Total.findings.bitwise_and(wants) != 0,
            within(Pairing, actor, "pairing.read"),
        )
        # Three received days are asked for each sent one (40 and 120).
        .order_by(Total.sent_centidays * 3 + Total.received_centidays, Pairing.code)
        .limit(SHOWN_BEHIND)
    )
    return [Behind._make(row) for row in rows]
