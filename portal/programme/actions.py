"""Opening and closing: periods and their work years.

These write the programme and nothing else. What follows for pairings and working days is done by
the doors that pages and commands use, portal/changes/opening_actions.py.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from models import PolicyParameter, Programme, WorkYear
from models.types import NATION
from portal.deeds import Deed
from portal.procedures.rules import refusals_for_reason
from portal.programme.period_rules import (
    Moved,
    NewProgramme,
    NewWorkYear,
    Span,
    refusals_for_closing,
    refusals_for_programme,
    refusals_for_work_year,
)
from portal.programme.policy import DEFAULT_POLICY, PARAMETERS, Policy, as_json
from portal.programme.queries import programme_of
from portal.programme.work_year_queries import (
    find_work_year,
    moved_by,
    region_name,
    standing_of,
    title_of,
    years_in_force,
)
from portal.refusals import Refusal, Refused, refuse_if
from portal.standards.text import plain

FIRST_CODE = "2021-2025"
FIRST_NAME = "“十四五”时期社会工作服务机构“牵手计划”"
FIRST_DOCUMENT = "民发〔2021〕105号"
FIRST_DAY, LAST_DAY = date(2021, 1, 1), date(2025, 12, 31)


def load_programme(deed: Deed) -> dict[str, int]:
    """Load the programme of 2021–2025 with its work years and parameters, as far as missing.

    What is there stays as it is. A parameter that came with a newer version of the portal is
    added from the programme's first day on. Return how many rows of each kind are new; the caller
    records the loading.
    """
    programme = deed.session.scalars(
        sa.select(Programme).where(Programme.code == FIRST_CODE)
    ).one_or_none()
    is_new = programme is None
    if programme is None:
        programme = Programme(
            code=FIRST_CODE,
            name=FIRST_NAME,
            document_number=FIRST_DOCUMENT,
            starts_on=FIRST_DAY,
            ends_on=LAST_DAY,
        )
    return {"programmes": int(is_new), **_fill(deed, programme, DEFAULT_POLICY)}


def add_programme(
    deed: Deed, wanted: NewProgramme, *, policy: Policy = DEFAULT_POLICY, is_demo: bool = False
) -> Programme:
    """Add a further period with its own parameters and work years, the calendar years (B3, B38).

    ``policy`` are the values in force from its first day on.
    """
    refuse_if(
        refusals_for_programme(
            wanted,
            others=[
                Span(one.code, one.starts_on, one.ends_on)
                for one in deed.session.scalars(sa.select(Programme).order_by(Programme.starts_on))
            ],
            today=deed.today,
        )
    )
    programme = Programme(
        code=wanted.code,
        name=wanted.name,
        document_number=wanted.document_number or None,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
        is_demo=is_demo,
    )
    _fill(deed, programme, policy, lays_years=wanted.lays_years)
    deed.record(
        "programme.added",
        f"programme:{wanted.code}",
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
    )
    return programme


def add_work_year(deed: Deed, wanted: NewWorkYear) -> WorkYear:
    """Add a work year, or the dates that a province has of its own in one (decision B3).

    The pairings that stand in it follow: pages and commands come through portal/changes.
    """
    programme = programme_of(deed.session, wanted.starts_on)
    refuse_if(_refusals_for_year(deed, programme, wanted))
    assert programme is not None  # refused otherwise
    row = WorkYear(
        programme_id=programme.id,
        year=wanted.year,
        region_code=wanted.region_code,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
    )
    deed.session.add(row)
    deed.session.flush()
    deed.record(
        "work_year.opened",
        f"work_year:{wanted.year}",
        region_code=wanted.region_code,
        starts_on=wanted.starts_on,
        ends_on=wanted.ends_on,
    )
    return row


def close_work_year(
    deed: Deed, year: int, reason: str, region_code: str = NATION, *, is_sure: bool = True
) -> WorkYear:
    """Close a work year: it takes no entries, and its days and totals stay as they are.

    ``region_code`` is a province that has dates of its own. Who is not ``is_sure`` is refused
    while the year runs or days wait in it; pages and commands ask.
    """
    work_year = _get(deed, year, region_code)
    refusals = refusals_for_reason(reason)
    if work_year.closed_at is not None:
        refusals.append(Refusal("", "wrong_state", f"{year} 工作年度已经关闭。"))
    else:
        refusals += _refusals_for_closing(deed, work_year, is_sure=is_sure)
    refuse_if(refusals)
    _close(deed, work_year, reason)
    deed.record("work_year.closed", f"work_year:{year}", region_code=region_code, reason=reason)
    return work_year


def close_programme(deed: Deed, code: str, reason: str, *, is_sure: bool) -> list[int]:
    """Close a period: all its work years that are open. Return their years, in order."""
    session = deed.session
    programme = session.scalars(sa.select(Programme).where(Programme.code == code)).one_or_none()
    if programme is None:
        raise Refused([Refusal("code", "unknown_programme", f"没有编号为“{code}”的计划，请核对。")])
    years = session.scalars(
        sa.select(WorkYear)
        .where(WorkYear.programme_id == programme.id, WorkYear.closed_at.is_(None))
        .order_by(WorkYear.year, WorkYear.region_code)
    ).all()
    refusals = refusals_for_reason(reason)
    if not years:
        sentence = f"计划“{code}”的工作年度都已关闭，无须再关。"
        refusals.append(Refusal("", "wrong_state", sentence))
    for one in years:
        refusals += _refusals_for_closing(deed, one, is_sure=is_sure)
    refuse_if({(one.field, one.sentence): one for one in refusals}.values())
    for one in years:
        _close(deed, one, reason)
    closed = sorted({one.year for one in years})
    deed.record("programme.closed", f"programme:{code}", years=closed, reason=reason)
    return closed


def reopen_work_year(deed: Deed, year: int, reason: str, region_code: str = NATION) -> WorkYear:
    """Open a closed work year again, with a reason that stands in the audit trail."""
    work_year = _get(deed, year, region_code)
    refusals = refusals_for_reason(reason)
    if work_year.closed_at is None:
        refusals.append(Refusal("", "wrong_state", f"{year} 工作年度没有关闭，无须重新开放。"))
    refuse_if(refusals)
    work_year.closed_at = work_year.closed_by_account_id = work_year.closed_reason = None
    deed.session.flush()
    deed.record("work_year.reopened", f"work_year:{year}", region_code=region_code, reason=reason)
    return work_year


def _fill(
    deed: Deed, programme: Programme, policy: Policy, *, lays_years: bool = True
) -> dict[str, int]:
    """Store a programme with the work years and parameters that it lacks; count these."""
    session = deed.session
    session.add(programme)
    session.flush()
    present = set(session.scalars(sa.select(WorkYear.year).where(WorkYear.region_code == NATION)))
    years = [
        WorkYear(
            programme_id=programme.id,
            year=year,
            region_code=NATION,
            starts_on=max(date(year, 1, 1), programme.starts_on),
            ends_on=min(date(year, 12, 31), programme.ends_on),
        )
        for year in range(programme.starts_on.year, programme.ends_on.year + 1)
        if lays_years and year not in present
    ]
    known = set(
        session.scalars(
            sa.select(PolicyParameter.key).where(PolicyParameter.programme_id == programme.id)
        )
    )
    rows = [
        PolicyParameter(
            programme_id=programme.id,
            key=parameter.key,
            value=as_json(policy[parameter.key]),
            valid_from=programme.starts_on,
            clause=parameter.clause,
            note=parameter.decision,
            recorded_at=deed.now,
        )
        for parameter in PARAMETERS
        if parameter.key not in known
    ]
    session.add_all([*years, *rows])
    session.flush()
    return {"work_years": len(years), "parameters": len(rows)}


def _close(deed: Deed, work_year: WorkYear, reason: str) -> None:
    work_year.closed_at = deed.now
    work_year.closed_by_account_id = deed.actor.account_id
    work_year.closed_reason = plain(reason)
    deed.session.flush()


def _refusals_for_closing(deed: Deed, work_year: WorkYear, *, is_sure: bool) -> list[Refusal]:
    if is_sure:
        return []
    row = find_work_year(deed.session, work_year.year, work_year.region_code)
    assert row is not None  # it is the very one
    return refusals_for_closing(
        Span(row.title, row.starts_on, row.ends_on),
        waiting=standing_of(deed.session, row).waiting,
        today=deed.today,
        is_sure=is_sure,
    )


def _refusals_for_year(
    deed: Deed, programme: Programme | None, wanted: NewWorkYear
) -> list[Refusal]:
    session = deed.session
    year, region_code = wanted.year, wanted.region_code
    in_force = years_in_force(session, region_code)
    current = next((one for one in in_force if one.year == year), None)
    is_own = region_code != NATION
    return refusals_for_work_year(
        year,
        Span(title_of(year, region_name(session, region_code)), wanted.starts_on, wanted.ends_on),
        programme=Span(programme.code, programme.starts_on, programme.ends_on)
        if programme
        else None,
        same_scope=[
            Span(one.title, one.starts_on, one.ends_on)
            for one in in_force
            if one.region_code == region_code
        ],
        in_force=[
            Span(one.title, one.starts_on, one.ends_on) for one in in_force if one.year != year
        ],
        is_open_nationwide=current is not None if is_own else None,
        is_closed=current is not None and current.closed_at is not None,
        moved=moved_by(session, year, wanted.starts_on, wanted.ends_on, region_code)
        if is_own
        else Moved(0, 0),
        today=deed.today,
        accepts_gap=wanted.accepts_gap,
    )


def _get(deed: Deed, year: int, region_code: str) -> WorkYear:
    found = deed.session.scalars(
        sa.select(WorkYear).where(WorkYear.year == year, WorkYear.region_code == region_code)
    ).one_or_none()
    if found is None:
        raise Refused([Refusal("year", "unknown_year", f"没有 {year} 工作年度，请核对年份。")])
    return found
