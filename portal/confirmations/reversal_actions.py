"""Taking a decision back that the same person took a moment ago (docs/decisions/0014).

Nothing is deleted: what is taken back is a decision row of its own, so that an earlier day is
still known as it was. What was decided together is taken back together.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import AuditEvent, Workday, WorkdayDecision
from models.types import WorkdayState
from portal.access.actor import Actor
from portal.access.scope import within
from portal.confirmations.queries import decided_facts
from portal.confirmations.reversal_rules import NOTHING_TO_UNDO, Made, refusals_for_reversal
from portal.deeds import Deed
from portal.refusals import Refused, refuse_if
from portal.totals.actions import refresh
from portal.workdays.moving_actions import move, move_all
from portal.workdays.queries import BATCH, halves_taken
from portal.workdays.rules import HALF_DAYS_PER_DATE, WAITING_STATES, halves_for


class Kind(NamedTuple):
    """A kind of decision: its audit event, the state that it led to, and its words."""

    event: str
    state: WorkdayState
    verb: str
    mend: str


KINDS = {
    kind.event: kind
    for kind in (
        Kind("confirmed", WorkdayState.CONFIRMED, "确认", "如有不妥，可在核准前退回填报人。"),
        Kind("approved", WorkdayState.APPROVED, "核准", "如有不妥，可由填报人申请更正。"),
        Kind("returned", WorkdayState.RETURNED, "退回", "填报人修改后会重新提交。"),
    )
}


class Taken(NamedTuple):
    """A decision as it was taken: who needs to know more reads its audit event."""

    number: int
    kind: Kind
    at: datetime
    ids: list[int]


class Last(NamedTuple):
    """The last thing decided on an entry, and the state before it."""

    account_id: int | None
    at: datetime
    state: WorkdayState
    before: WorkdayState | None


def reverse_decision(deed: Deed, number: int, permission: str) -> tuple[str, int]:
    """Take a decision back, all of it or nothing; return its verb and how many entries.

    ``number`` is its audit event, ``permission`` the one by which it was taken. Raise
    :class:`Refused` if it is not the actor's own, too old, or no longer the last word.
    """
    taken = _find_taken(deed.session, deed.actor, number)
    workdays = _reached(deed, taken.ids, permission) if taken else []
    if taken is None or len(workdays) != len(taken.ids):
        raise Refused([NOTHING_TO_UNDO])
    last = _last_decisions(deed.session, taken.ids)
    refuse_if(
        refusals_for_reversal(
            _made(deed, taken, workdays, last),
            decided_at=taken.at,
            now=deed.now,
            mend=taken.kind.mend,
        )
    )
    took_over = taken.kind.state is WorkdayState.APPROVED
    corrections = [one for one in workdays if took_over and one.corrects_id is not None]
    for correction in corrections:
        _give_back(deed, correction)
    _move_back(deed, taken, [one for one in workdays if one not in corrections], last)
    refresh(deed.session, {(one.pairing_id, one.year) for one in workdays})
    deed.record(
        f"workday.{taken.kind.event}_undone",
        f"workday:{taken.ids[0]}",
        number=number,
        count=len(taken.ids),
        ids=taken.ids,
    )
    return taken.kind.verb, len(workdays)


def _find_taken(session: Session, actor: Actor, number: int) -> Taken | None:
    """Return a decision of this actor's own, or None."""
    event = session.get(AuditEvent, number)
    if event is None or event.account_id is None or event.account_id != actor.account_id:
        return None
    room, _, name = event.event.partition(".")
    subject, _, first = event.subject.partition(":")
    if room != "workday" or name not in KINDS or subject != "workday":
        return None
    facts: dict[str, Any] = json.loads(event.facts)
    return Taken(event.id, KINDS[name], event.at, facts.get("ids") or [int(first)])


def _reached(deed: Deed, ids: Sequence[int], permission: str) -> list[Workday]:
    found: list[Workday] = []
    for start in range(0, len(ids), BATCH):
        some = Workday.id.in_(ids[start : start + BATCH])
        reached = within(Workday, deed.actor, permission)
        found += deed.session.scalars(sa.select(Workday).where(some, reached).order_by(Workday.id))
    return found


def _last_decisions(session: Session, ids: Sequence[int]) -> dict[int, Last]:
    """Return the last decision on each entry, at one query for each 400."""
    newest_first: Any = {
        "partition_by": WorkdayDecision.workday_id,
        "order_by": (WorkdayDecision.at.desc(), WorkdayDecision.id.desc()),
    }
    found: dict[int, Last] = {}
    for start in range(0, len(ids), BATCH):
        ranked = (
            sa.select(
                WorkdayDecision.workday_id,
                WorkdayDecision.account_id,
                WorkdayDecision.at,
                WorkdayDecision.state_after,
                sa.func.lead(WorkdayDecision.state_after).over(**newest_first).label("before"),
                sa.func.row_number().over(**newest_first).label("rank"),
            )
            .where(WorkdayDecision.workday_id.in_(ids[start : start + BATCH]))
            .subquery()
        )
        for workday_id, *rest in session.execute(
            sa.select(
                ranked.c.workday_id,
                ranked.c.account_id,
                ranked.c.at,
                ranked.c.state_after,
                ranked.c.before,
            ).where(ranked.c.rank == 1)
        ):
            found[workday_id] = Last(*rest)
    return found


def _touched_since(session: Session, taken: Taken) -> set[str]:
    """Return the subjects of these entries about which something was recorded since."""
    subjects = [f"workday:{one}" for one in taken.ids]
    found: set[str] = set()
    for start in range(0, len(subjects), BATCH):
        found |= set(
            session.scalars(
                sa.select(AuditEvent.subject).where(
                    AuditEvent.subject.in_(subjects[start : start + BATCH]),
                    AuditEvent.id > taken.number,
                )
            )
        )
    return found


def _made(
    deed: Deed, taken: Taken, workdays: Sequence[Workday], last: dict[int, Last]
) -> list[Made]:
    touched = _touched_since(deed.session, taken)
    made = []
    for workday, fact in zip(workdays, decided_facts(deed.session, workdays), strict=True):
        latest = last.get(workday.id)
        is_last = (
            latest is not None
            and latest.before in WAITING_STATES
            and (latest.account_id, latest.at) == (deed.actor.account_id, taken.at)
            and latest.state == workday.state == taken.kind.state
        )
        made.append(
            Made(
                label=fact.label,
                is_untouched=is_last and f"workday:{workday.id}" not in touched,
                is_closed=fact.is_closed,
                is_free=taken.kind.state is not WorkdayState.APPROVED or _is_free(deed, workday),
            )
        )
    return made


def _is_free(deed: Deed, correction: Workday) -> bool:
    """Can the original of an approved correction take its halves of the date again?"""
    if correction.corrects_id is None:
        return True
    original = deed.session.get_one(Workday, correction.corrects_id)
    return sum(_others(deed, correction)) + original.half_days <= HALF_DAYS_PER_DATE


def _others(deed: Deed, correction: Workday) -> tuple[bool, bool]:
    assert correction.corrects_id is not None
    return halves_taken(
        deed.session,
        correction.person_id,
        correction.worked_on,
        besides=[correction.id, correction.corrects_id],
    )


def _give_back(deed: Deed, correction: Workday) -> None:
    """Have a correction wait again, and its original count: the reverse of ``take_over``."""
    original = deed.session.get_one(Workday, correction.corrects_id)
    others = _others(deed, correction)
    move(
        deed,
        correction,
        {WorkdayState.APPROVED},
        WorkdayState.CONFIRMED,
        "撤销核准",
        {
            **halves_for(0, (False, False)),
            "confirmed_by_person_id": correction.confirmed_by_person_id,
            "approved_by_person_id": None,
        },
    )
    move(
        deed,
        original,
        {WorkdayState.SUPERSEDED},
        WorkdayState.APPROVED,
        f"更正条目 {correction.id} 的核准已撤销",
        {
            **halves_for(original.half_days, others),
            "approved_by_person_id": original.approved_by_person_id,
        },
    )


def _move_back(
    deed: Deed, taken: Taken, workdays: Sequence[Workday], last: dict[int, Last]
) -> None:
    """Bring entries into the states from which they were taken; who confirmed stays known."""
    signed: dict[WorkdayState, dict[str, Any]] = {
        WorkdayState.CONFIRMED: {"approved_by_person_id": None},
        WorkdayState.SUBMITTED: {"confirmed_by_person_id": None, "approved_by_person_id": None},
    }
    for state, columns in signed.items():
        some = [one for one in workdays if last[one.id].before == state]
        move_all(
            deed,
            some,
            {taken.kind.state},
            state,
            reason=f"撤销{taken.kind.verb}",
            columns=columns,
        )
