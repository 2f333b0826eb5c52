"""Giving a parameter of the policy another value from a date on.

A parameter also decides what working days are worth and who qualifies: pages and commands change
it through portal/changes/actions.py (change_parameter), and whoever follows does in the same
transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from models import PolicyParameter, Programme, WorkYear
from portal.deeds import Deed
from portal.procedures.rules import refusals_for_reason
from portal.programme.policy import BY_KEY, Parameter, as_json
from portal.programme.queries import programme_of
from portal.refusals import Refusal, Refused, refuse_if
from portal.standards.text import plain


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
        value=as_json(parameter.parse(value_text)),
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
    yield from refusals_for_reason(note, field="note", noun="调整的理由或依据")
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
