"""Changing the programme: periods, work years, the dated policy.

These write the programme and nothing else. A parameter also decides what working days are worth
and who qualifies: pages and commands change it through portal/workdays/revaluation.py
(change_parameter, reopen_year), which calls these and re-values in the same transaction.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from models import PolicyParameter, Programme, WorkYear
from models.programme import NATION
from portal.deeds import Deed
from portal.programme.policy import BY_KEY, DEFAULT_POLICY, PARAMETERS, Parameter, Policy
from portal.programme.queries import programme_of
from portal.refusals import Refusal, Refused, refuse_if
from portal.standards.text import is_blank, plain

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
    deed: Deed,
    *,
    code: str,
    name: str,
    document_number: str | None,
    starts_on: date,
    ends_on: date,
    policy: Policy = DEFAULT_POLICY,
    is_demo: bool = False,
) -> Programme:
    """Add a further period with its own parameters and work years, the calendar years (B3, B38).

    ``policy`` are the values in force from its first day on.
    """
    refuse_if(_refusals_for_programme(deed, code, name, starts_on, ends_on))
    programme = Programme(
        code=code,
        name=name,
        document_number=document_number,
        starts_on=starts_on,
        ends_on=ends_on,
        is_demo=is_demo,
    )
    _fill(deed, programme, policy)
    deed.record("programme.added", f"programme:{code}", starts_on=starts_on, ends_on=ends_on)
    return programme


def add_parameter(
    deed: Deed, key: str, value_text: str, valid_from: date, note: str
) -> PolicyParameter:
    """Add the value that a parameter has from a date on, with the reason; raise :class:`Refused`.

    Refused is a date from which the value would reach into a closed work year. Working days and
    totals keep their value: see the module's docstring.
    """
    parameter = BY_KEY.get(key)
    if parameter is None:
        raise Refused([Refusal("key", "unknown_parameter", f"没有名为“{key}”的政策参数。")])
    programme = programme_of(deed.session, valid_from)
    refuse_if(_refusals_for_change(deed, parameter, value_text, programme, valid_from, note))
    assert programme is not None  # refused otherwise
    row = PolicyParameter(
        programme_id=programme.id,
        key=key,
        value=_as_json(parameter.parse(value_text)),
        valid_from=valid_from,
        clause=parameter.clause,
        note=plain(note),
        recorded_at=_next_instant(deed, programme.id, key, valid_from),
        recorded_by_account_id=deed.actor.account_id,
    )
    deed.session.add(row)
    deed.session.flush()
    deed.record(
        "parameter.changed", f"parameter:{key}", value=row.value, valid_from=valid_from, note=note
    )
    return row


def close_work_year(deed: Deed, year: int, reason: str, region_code: str = NATION) -> WorkYear:
    """Close a work year: it takes no entries, and its days and totals stay as they are.

    ``region_code`` is a province that has dates of its own.
    """
    work_year = _get(deed, year, region_code)
    refusals = _refusals_for_reason(reason)
    if work_year.closed_at is not None:
        refusals.append(Refusal("", "wrong_state", f"{year} 工作年度已经关闭。"))
    refuse_if(refusals)
    work_year.closed_at = deed.now
    work_year.closed_by_account_id = deed.actor.account_id
    work_year.closed_reason = plain(reason)
    deed.session.flush()
    deed.record("work_year.closed", f"work_year:{year}", region_code=region_code, reason=reason)
    return work_year


def reopen_work_year(deed: Deed, year: int, reason: str, region_code: str = NATION) -> WorkYear:
    """Open a closed work year again, with a reason that stands in the audit trail."""
    work_year = _get(deed, year, region_code)
    refusals = _refusals_for_reason(reason)
    if work_year.closed_at is None:
        refusals.append(Refusal("", "wrong_state", f"{year} 工作年度没有关闭，无须重新开放。"))
    refuse_if(refusals)
    work_year.closed_at = work_year.closed_by_account_id = work_year.closed_reason = None
    deed.session.flush()
    deed.record("work_year.reopened", f"work_year:{year}", region_code=region_code, reason=reason)
    return work_year


def _fill(deed: Deed, programme: Programme, policy: Policy) -> dict[str, int]:
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
        if year not in present
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
            value=_as_json(policy[parameter.key]),
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


def _refusals_for_programme(
    deed: Deed, code: str, name: str, starts_on: date, ends_on: date
) -> Iterable[Refusal]:
    if is_blank(code) or is_blank(name):
        yield Refusal("code", "missing_value", "请填写计划的编号和名称。")
    if ends_on <= starts_on:
        yield Refusal("ends_on", "invalid_date", f"结束日期 {ends_on} 应晚于开始日期 {starts_on}。")
    for other in deed.session.scalars(sa.select(Programme).order_by(Programme.starts_on)):
        if other.code == code:
            yield Refusal("code", "duplicate", f"计划编号“{code}”已被使用，请换一个编号。")
        if other.starts_on <= ends_on and other.ends_on >= starts_on:
            yield Refusal(
                "starts_on",
                "overlap",
                f"期限与计划“{other.code}”（{other.starts_on} 至 {other.ends_on}）重叠。",
            )


def _refusals_for_change(
    deed: Deed,
    parameter: Parameter,
    value_text: str,
    programme: Programme | None,
    valid_from: date,
    note: str,
) -> Iterable[Refusal]:
    try:
        parameter.parse(value_text)
    except ValueError as error:
        yield Refusal("value", "invalid_value", str(error))
    if is_blank(note):
        yield Refusal("note", "missing_value", "请填写调整的理由或依据。")
    if programme is None:
        yield Refusal(
            "valid_from", "invalid_date", f"{valid_from} 不在任何一期计划之内，请核对生效日期。"
        )
        return
    for year in _closed_years_from(deed, programme, valid_from):
        yield Refusal(
            "valid_from",
            "closed_year",
            f"自 {valid_from} 起的调整会影响已关闭的 {year} 工作年度；"
            "请改用其后的日期，或先重新开放该年度。",
        )


def _closed_years_from(deed: Deed, programme: Programme, day: date) -> list[int]:
    return list(
        deed.session.scalars(
            sa.select(WorkYear.year)
            .where(
                WorkYear.programme_id == programme.id,
                WorkYear.ends_on >= day,
                WorkYear.closed_at.is_not(None),
            )
            .distinct()
            .order_by(WorkYear.year)
        )
    )


def _next_instant(deed: Deed, programme_id: int, key: str, valid_from: date) -> datetime:
    """Return now, or the instant after the last row of the same date: the later one wins."""
    last = deed.session.scalar(
        sa.select(sa.func.max(PolicyParameter.recorded_at)).where(
            PolicyParameter.programme_id == programme_id,
            PolicyParameter.key == key,
            PolicyParameter.valid_from == valid_from,
        )
    )
    return deed.now if last is None or last < deed.now else last + timedelta(microseconds=1)


def _get(deed: Deed, year: int, region_code: str) -> WorkYear:
    found = deed.session.scalars(
        sa.select(WorkYear).where(WorkYear.year == year, WorkYear.region_code == region_code)
    ).one_or_none()
    if found is None:
        raise Refused([Refusal("year", "unknown_year", f"没有 {year} 工作年度，请核对年份。")])
    return found


def _refusals_for_reason(reason: str) -> list[Refusal]:
    return [Refusal("reason", "missing_value", "请填写原因。")] if is_blank(reason) else []


def _as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
