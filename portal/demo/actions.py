"""Loading the demonstration programme: idempotent, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from models import Account, Pairing, Person, Programme
from models.types import Line, Role, Side
from portal.access.actions import open_account
from portal.access.demo_accounts import DEMO_ACCOUNTS
from portal.calendar.queries import load_calendar
from portal.clock import end_of, start_of
from portal.deeds import Deed
from portal.demo.cases import plan_for
from portal.demo.days import Season, days_of, townships_by_county, write_days
from portal.demo.pairs import Pair, make_pairings, make_pairs
from portal.demo.people import Team, Term, assign, make_teams, on_duty
from portal.programme.actions import add_programme, close_work_year
from portal.programme.allocating import write_allocations
from portal.programme.queries import list_years, policy_of_year
from portal.programme.rules import AllocationFacts
from portal.refusals import Refusal, Refused
from portal.totals.actions import refresh_year

CLOSED_YEARS = (2022, 2023, 2024, 2025)
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


def load_demo(deed: Deed, password_hash: str) -> dict[str, int]:
    """Load the demonstration; return what is new, nothing on a second call.

    Refused on an installation that holds pairings of its own: invented figures never mix with
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
    add_programme(
        deed,
        code=f"DEMO-{CLOSED_YEARS[-1] + 1}",
        name=f"“牵手计划”延续任务（演示，{CLOSED_YEARS[-1] + 1}年起）",
        document_number=None,
        starts_on=date(CLOSED_YEARS[-1] + 1, 1, 1),
        ends_on=date(max(current, CLOSED_YEARS[-1] + 5), 12, 31),
        is_demo=True,
    )
    beginning = replace(deed, now=start_of(date(2021, 12, 20)))
    pairs = make_pairs(beginning)
    teams = make_teams(beginning, pairs)
    first = make_pairings(
        beginning, pairs, prefix="YS22", starts_on=date(2022, 1, 1), ends_on=date(2025, 12, 31)
    )
    reopening = replace(deed, now=start_of(date(CLOSED_YEARS[-1], 12, 22)))
    second = make_pairings(
        reopening,
        pairs,
        prefix="YS26",
        starts_on=date(CLOSED_YEARS[-1] + 1, 1, 1),
        ends_on=date(max(current, CLOSED_YEARS[-1] + 5), 12, 31),
    )
    _allocate(beginning, pairs, (*CLOSED_YEARS, current))
    days = 0
    for year in (*CLOSED_YEARS, current):
        pairings = first if year in CLOSED_YEARS else second
        days += _fill_year(deed, year, pairs, teams, pairings)
    for year in list_years(session):
        refresh_year(session, year)
    for year in CLOSED_YEARS:
        closing = replace(deed, now=start_of(date(year + 1, 2, 1)))
        close_work_year(closing, year, "演示：年度总结评估报告已报送")
    _open_accounts(deed, pairs, teams, password_hash)
    counts = {
        "pairings": len(first) + len(second),
        "workdays": days,
        "accounts": len(DEMO_ACCOUNTS),
    }
    deed.record("demo.loaded", "installation", **counts)
    return counts


def _fill_year(
    deed: Deed, year: int, pairs: list[Pair], teams: dict[int, Team], pairings: list[Pairing]
) -> int:
    """Assign the people of a year and write its days; return how many."""
    is_open = year not in CLOSED_YEARS
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
    return len(rows)


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
    pair = next(one for one in pairs if one.county_code == SHOWN_COUNTY)
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
            scope_code=organisations.get(account.role) or SCOPES.get(account.role, "CN"),
            person=deed.session.get_one(Person, worker) if worker else None,
        )
