"""What is in force, known once a process and version: every logged day asks it."""

from __future__ import annotations

import weakref
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Session, SessionTransaction

from models import (
    CalendarDay,
    CalendarYear,
    PolicyParameter,
    Programme,
    RegimeVersion,
    WorkYear,
)
from models.database import run, snapshot_of
from models.types import NATION
from portal.calendar.rules import Calendar
from portal.programme.regime_rules import Period, Regime, Setting, YearOf

KEPT = 8
"""So many states are remembered: the present one, and those that older snapshots still see."""

TOKEN = sa.select(RegimeVersion.token).where(RegimeVersion.id == 1).scalar_subquery()
"""The token as a column, for a statement that asks something else besides."""

_TOKEN = sa.select(RegimeVersion.token).where(RegimeVersion.id == 1)
_known: dict[str, Regime] = {}
_of_snapshot: weakref.WeakKeyDictionary[SessionTransaction, Regime] = weakref.WeakKeyDictionary()


def regime_of(session: Session, token: str | None = None) -> Regime:
    """Return what is in force in a session's snapshot; ``token`` is its, where it is known already.

    Kept by its token, which the database draws anew with every change (models/triggers.py): what
    another process has changed is seen with the next token. A snapshot is asked for it once.
    """
    snapshot = snapshot_of(session)
    seen = _of_snapshot.get(snapshot) if snapshot else None
    if seen is not None:
        return seen
    found = _of_token(session, token or _read_token(session))
    if snapshot := snapshot_of(session):
        _of_snapshot[snapshot] = found
    return found


def _of_token(session: Session, token: str) -> Regime:
    found = _known.get(token)
    if found is None:
        found = _load(session, token)
        if _read_token(session) == token:  # else it changed while it was read
            while len(_known) >= KEPT:
                _known.pop(next(iter(_known)), None)
            _known[token] = found
    return found


def _read_token(session: Session) -> str:
    return cast("str", run(session, _TOKEN).scalar_one())


def _load(session: Session, token: str) -> Regime:
    setting = PolicyParameter
    rows = session.execute(
        sa.select(setting.programme_id, setting.valid_from, setting.key, setting.value).order_by(
            setting.valid_from, setting.recorded_at
        )
    )
    periods = session.execute(
        sa.select(Programme.id, Programme.starts_on).order_by(Programme.starts_on)
    )
    years = session.execute(
        sa.select(
            WorkYear.year,
            sa.func.nullif(WorkYear.region_code, NATION),
            WorkYear.starts_on,
            WorkYear.ends_on,
            WorkYear.closed_at.is_not(None),
        )
    )
    exceptions = session.execute(sa.select(CalendarDay.day, CalendarDay.kind))
    return Regime(
        token=token,
        settings=[Setting._make(row) for row in rows],
        periods=[Period._make(row) for row in periods],
        years=[YearOf._make(row) for row in years],
        calendar=Calendar(
            dict(exceptions.all()), frozenset(session.scalars(sa.select(CalendarYear.year)))
        ),
    )
