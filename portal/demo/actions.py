"""Loading the demonstration programme: idempotent, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Account, Base, Pairing, Person, Programme, Workday
from models.types import Line, Role, Side
from portal.access.actions import open_account
from portal.access.demo_account_rules import DEMO_ACCOUNTS
from portal.calendar.queries import load_calendar
from portal.clock import end_of, start_of
from portal.deeds import Deed
from portal.demo.case_rules import plan_for
from portal.demo.day_actions import Season, days_of, townships_by_county, write_days
from portal.demo.desk_actions import (
    on_the_other_side,
    propose_to_the_other_province,
    stage_of,
)
from portal.demo.pair_actions import Pair, make_pairings, make_pairs
from portal.demo.people_actions import Team, Term, assign, make_teams, on_duty
from portal.programme.actions import add_programme, close_work_year
from portal.programme.allocation_actions import write_allocations
from portal.programme.period_rules import NewProgramme
from portal.programme.queries import policy_of_year
from portal.programme.rules import AllocationFacts
from portal.refusals import Refusal, Refused, refuse_if
from portal.stage import Stage
from portal.totals.actions import refresh_all

FIRST_YEARS = (2022, 2023, 2024, 2025)
"""Years of the first programme; those before the current one are closed."""

SHOWN_COUNTY = "640303"
"""红寺堡区, paired with Fujian: the county whose people the demonstration accounts are."""

SCOPES = {
    Role.PREF_CIVIL: "640300",
    Role.PREF_RURAL: "640300",
    Role.PROV_CIVIL: "640000",
    Role.PROV_RURAL: "640000",
    Role.COUNTY_CIVIL: SHOWN_COUNTY,
    Role.COUNTY_RURAL: SHOWN_COUNTY,
    Role.EVALUATOR: "640000",
    Role.ASSOCIATION: "640000",
}


def load_demo(
    deed: Deed, password_hash: str, demonstrate: Callable[[Stage], None]
) -> dict[str, int]:
    """Load the demonstration; return what is new, nothing on a second call.

    ``demonstrate`` has every room show itself on the stage. Refused on an installation that holds pairings of its own: invented figures never mix with
    real ones.
    """
    session = deed.session
    if session.scalar(sa.select(sa.exists().where(Programme.is_demo.is_(True)))):
        return {}
    if session.scalar(sa.select(sa.exists().select_from(Pairing))):
        raise Refused(
            [Refusal("", "not_empty", "数据库中已有正式业务数据，不能装入演示数据；请换用空库。")]
        )
    current = deed.today.year
    refuse_if(_refusals_for_year(current))
    closed = [year for year in FIRST_YEARS if year < current]
    last_day = date(max(current, FIRST_YEARS[-1] + 5), 12, 31)
    _add_continuation(
        replace(deed, now=min(start_of(date(FIRST_YEARS[-1], 12, 1)), deed.now)), last_day
    )
    beginning = replace(deed, now=start_of(date(2021, 12, 20)))
    pairs = make_pairs(beginning)
    teams = make_teams(beginning, pairs)
    _open_accounts(deed, pairs, teams, password_hash)
    first = make_pairings(
        beginning, pairs, prefix="YS22", starts_on=date(2022, 1, 1), ends_on=date(2025, 12, 31)
    )
    _allocate(beginning, pairs, (*closed, current))
    for year in closed:
        _fill_year(deed, year, pairs, teams, first)
    open_pairs, pairings = pairs, first
    if current not in FIRST_YEARS:
        open_pairs, pairings = _continue_pairings(deed, pairs, last_day)
    _fill_year(deed, current, open_pairs, teams, pairings)
    refresh_all(session)
    for year in closed:
        # Now: flask init has laid these years just before, and none is closed before it is there.
        close_work_year(deed, year, "演示：年度总结评估报告已报送")
    shown = _shown_of(pairs)
    pairing = pairings[open_pairs.index(shown)]
    township = townships_by_county(deed)[SHOWN_COUNTY][0]
    demonstrate(stage_of(deed, pairing, shown, teams[shown.number], township))
    counts = {
        "pairings": _count(session, Pairing),
        "workdays": _count(session, Workday),
        "accounts": len(DEMO_ACCOUNTS),
    }
    deed.record("demo.loaded", "installation", **counts)
    return counts


def _count(session: Session, model: type[Base]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def _continue_pairings(
    deed: Deed, pairs: Sequence[Pair], last_day: date
) -> tuple[list[Pair], list[Pairing]]:
    """Pair them for the continuation, but one that the other province has still to confirm."""
    proposed = on_the_other_side(pairs, _shown_of(pairs))
    begun = [pair for pair in pairs if pair is not proposed]
    pairings = make_pairings(
        replace(deed, now=start_of(date(FIRST_YEARS[-1], 12, 22))),
        begun,
        prefix="YS26",
        starts_on=date(FIRST_YEARS[-1] + 1, 1, 1),
        ends_on=last_day,
    )
    propose_to_the_other_province(deed, proposed, last_day)
    return begun, pairings


def _refusals_for_year(current: int) -> list[Refusal]:
    if current >= FIRST_YEARS[0]:
        return []
    sentence = f"演示数据从 {FIRST_YEARS[0]} 年开始，系统时间为 {current} 年，请核对系统时间。"
    return [Refusal("", "outside_work_year", sentence)]


def _add_continuation(deed: Deed, last_day: date) -> None:
    first_year = FIRST_YEARS[-1] + 1
    name = f"“牵手计划”延续任务（演示，{first_year}年起）"
    wanted = NewProgramme(
        f"DEMO-{first_year}",
        name,
        document_number=None,
        starts_on=date(first_year, 1, 1),
        ends_on=last_day,
    )
    add_programme(deed, wanted, is_demo=True)


def _shown_of(pairs: Sequence[Pair]) -> Pair:
    return next(one for one in pairs if one.county_code == SHOWN_COUNTY)


def _fill_year(
    deed: Deed, year: int, pairs: Sequence[Pair], teams: dict[int, Team], pairings: list[Pairing]
) -> None:
    """Assign the people of a year and write its days."""
    is_open = year == deed.today.year
    first, last = date(year, 1, 1), date(year, 12, 31)
    season = Season(
        year=year,
        is_open=is_open,
        last=min(last, deed.today - timedelta(days=1)),
        calendar=load_calendar(deed.session, first, last),
        policy=policy_of_year(deed.session, year),
        townships=townships_by_county(deed),
        now=deed.now,
    )
    plans = {pair.number: plan_for(pair.number, year, is_open=is_open) for pair in pairs}
    duties = [
        (pairing, member, begin, end)
        for pair, pairing in zip(pairs, pairings, strict=True)
        for member, begin, end in on_duty(teams[pair.number], plans[pair.number], first, last)
    ]
    terms: dict[int, list[Term]] = {}
    for term in assign(replace(deed, now=min(end_of(first), deed.now)), duties):
        terms.setdefault(term.pairing_id, []).append(term)
    rows: list[dict[str, Any]] = []
    for pair, pairing in zip(pairs, pairings, strict=True):
        plan = plans[pair.number]
        for side, half_days in (
            (Side.SENT, plan.sent_half_days),
            (Side.RECEIVED, plan.received_half_days),
        ):
            own = [term for term in terms[pairing.id] if term.side == side]
            rows.extend(days_of(season, pair.county_code, own, half_days))
    write_days(deed, season, rows)


def _allocate(deed: Deed, pairs: Sequence[Pair], years: Sequence[int]) -> None:
    """Write the allocation table that the pairings follow."""
    counts: dict[tuple[str, str], int] = {}
    for pair in pairs:
        key = (pair.sending.province_code, pair.receiving.province_code)
        counts[key] = counts.get(key, 0) + 1
    write_allocations(
        deed,
        (
            AllocationFacts(year, sending, receiving, number, Line.KEY_COUNTY)
            for year in years
            for (sending, receiving), number in counts.items()
        ),
    )


def _open_accounts(
    deed: Deed, pairs: list[Pair], teams: dict[int, Team], password_hash: str
) -> None:
    """Open one account a role, on the pairing of the shown county."""
    pair = _shown_of(pairs)
    team = teams[pair.number]
    organisations = {
        Role.SEND_MGR: pair.sending.credit_code,
        Role.SEND_STAFF: pair.sending.credit_code,
        Role.RECV_MGR: pair.receiving.credit_code,
        Role.RECV_STAFF: pair.receiving.credit_code,
    }
    workers = {
        Role.SEND_STAFF: team.sent[0].person_id,
        Role.RECV_STAFF: team.received[0].person_id,
    }
    for account in DEMO_ACCOUNTS:
        if deed.session.scalar(sa.select(Account.id).where(Account.login == account.login)):
            continue
        worker = workers.get(account.role)
        open_account(
            deed,
            login=account.login,
            password_hash=password_hash,
            name=f"演示·{account.role.label}",
            role=account.role,
            scope_code=account.scope
            or organisations.get(account.role)
            or SCOPES.get(account.role, "CN"),
            person=deed.session.get_one(Person, worker) if worker else None,
        )
