"""Deciding on the days that somebody else's file claims to be confirmed or approved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from models import Workday
from models.types import WorkdayState
from portal.access.loading import Unseen
from portal.deeds import Deed
from portal.imports.claim_queries import Claims, claims_of_others, find_claims
from portal.imports.kinds.workday_fact_rules import HIGHEST
from portal.procedures.rules import CHANGED_MEANWHILE, refusals_for_reason
from portal.refusals import Conflict, refuse_if
from portal.standards.text import plain
from portal.totals.actions import refresh
from portal.workdays.queries import BATCH
from portal.workdays.rules import halves_for
from portal.workdays.set_actions import decide_where


def confirm_claims(deed: Deed, public_id: str, *, seen: int) -> int:
    """Let all claims of a file in reach take effect, signed by the actor; return how many.

    ``seen`` is how many were shown: a claim that was settled since then is not what was decided on.
    """
    by = deed.actor.person_id
    return _decide(
        deed,
        public_id,
        seen,
        "confirmed",
        kind=sa.case(
            (Workday.claimed_state == WorkdayState.CONFIRMED, "claim_confirmed"),
            else_="claim_approved",
        ),
        state=sa.cast(Workday.claimed_state, Workday.state.type),
        reason=None,
        columns={
            "claimed_state": None,
            "confirmed_by_person_id": sa.case(
                (Workday.claimed_state == WorkdayState.CONFIRMED, by)
            ),
            "approved_by_person_id": sa.case((Workday.claimed_state == WorkdayState.APPROVED, by)),
        },
    )


def refuse_claims(deed: Deed, public_id: str, *, seen: int, reason: str) -> int:
    """Turn all claims of a file in reach down: the days are void, their dates free; return how many.

    They keep what they claimed, so that the mended file may bring them in anew.
    """
    refuse_if(refusals_for_reason(reason, "不予确认"))
    return _decide(
        deed,
        public_id,
        seen,
        "refused",
        kind=sa.literal("claim_refused"),
        state=sa.literal(WorkdayState.SUPERSEDED, Workday.state.type),
        reason=plain(reason),
        columns=halves_for(0, (False, False)),
    )


def _decide(
    deed: Deed,
    public_id: str,
    seen: int,
    event: str,
    *,
    kind: sa.ColumnElement[str],
    state: sa.ColumnElement[Any],
    reason: str | None,
    columns: Mapping[str, Any],
) -> int:
    session = deed.session
    claims = find_claims(session, deed.actor, public_id)
    if claims is None:
        raise Unseen("batch")
    if not claims.groups:
        raise Conflict(list(claims.left_out))
    done = 0
    for condition in _conditions(deed, claims):
        done += decide_where(
            deed,
            condition,
            kind=kind,
            state=state,
            reason=reason,
            columns=columns,
            permissions=HIGHEST,
        )
    if done != seen:
        raise Conflict([CHANGED_MEANWHILE])
    session.expire_all()
    refresh(session, {(group.pairing_id, group.year) for group in claims.groups})
    deed.record(f"import.claims_{event}", f"import:{public_id}", count=done)
    return done


def _conditions(deed: Deed, claims: Claims) -> Iterator[sa.ColumnElement[bool]]:
    """Yield the conditions under which rows are decided on, each for some of the groups."""
    keys = sorted({(one.pairing_id, one.year, one.person_id) for one in claims.groups})
    columns = sa.tuple_(Workday.pairing_id, Workday.year, Workday.person_id)
    for start in range(0, len(keys), BATCH):
        yield sa.and_(
            Workday.import_id == claims.batch.id,
            claims_of_others(deed.actor),
            columns.in_(keys[start : start + BATCH]),
        )
