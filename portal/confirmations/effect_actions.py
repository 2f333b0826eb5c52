"""The two decisions on a queue, and what each would do: allowed, left out and why, sums before and after."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from models import Pairing, PairingYearTotal, Workday
from portal.access.actor import Actor
from portal.access.loading import Unseen
from portal.access.scope import within
from portal.confirmations import actions, rules
from portal.corrections.actions import refusals_for_take_over
from portal.deeds import Deed
from portal.procedures.actions import changed_since
from portal.procedures.rules import barred_as_deputy
from portal.refusals import Refusal, Refused
from portal.workdays.fact_queries import facts_of_days
from portal.workdays.life_rules import LIFE
from portal.workdays.queries import BATCH

SHOWN_SUMS = 20
"""Pairings whose sums an effect shows one by one."""


class Decision(NamedTuple):
    """A decision on many entries. ``done`` words it with the count, ``next`` what follows."""

    permission: str
    verb: str
    step: str
    act: Callable[..., str]
    done: str
    next: str


CONFIRMATION = Decision(
    "workday.confirm",
    "确认",
    "confirmed",
    actions.confirm_workdays,
    "已确认 {} 条，现由县级民政部门核准。",
    "确认后进入县级民政部门的待核准。",
)
APPROVAL = Decision(
    "workday.approve",
    "核准",
    "approved",
    actions.approve_workdays,
    "已核准 {} 条，已计入汇总。",
    "核准后计入汇总；此后改动须由填报人申请更正。",
)


class Sums(NamedTuple):
    """Counted days of a pairing and year, in hundredths of a day."""

    sent: int
    received: int


class Change(NamedTuple):
    """What becomes of a figure; ``label`` names it, both values are written out."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What a decision would do. ``tokens`` name the entries on which it may be taken."""

    verb: str
    next: str
    tokens: list[str]
    days: str
    skipped: list[str]
    changes: list[Change]
    more_pairings: int


def find_chosen(
    session: Session, actor: Actor, decision: Decision, ids: Collection[int]
) -> list[Workday]:
    """Return the chosen entries; one that is out of reach is as good as missing."""
    if not ids:
        raise Refused([Refusal("", "missing_value", f"请先勾选要{decision.verb}的条目。")])
    ordered = sorted(ids)
    found: list[Workday] = []
    for start in range(0, len(ordered), BATCH):
        some = Workday.id.in_(ordered[start : start + BATCH])
        reached = within(Workday, actor, decision.permission)
        found += session.scalars(sa.select(Workday).where(some, reached).order_by(Workday.id))
    if len(found) != len(ordered):
        raise Unseen("workday")
    return found


def effect_of(
    deed: Deed, decision: Decision, workdays: Sequence[Workday], seen: Mapping[int, int]
) -> Effect | None:
    """Take a decision on whatever of these entries allows it, and say what that did.

    A rehearsal: the caller rolls it back (docs/decisions/0008). None if nothing was chosen.
    """
    if not workdays:
        return None
    allowed, skipped = _sorted_out(deed, decision, workdays, seen)
    tokens = [f"{one.id}-{one.version}" for one in allowed]
    keys = {(one.pairing_id, one.year) for one in allowed}
    before = _sums(deed.session, keys)
    if allowed:
        decision.act(deed, allowed)
        deed.session.flush()
    changes = _changes(deed.session, before, _sums(deed.session, keys))
    return Effect(
        verb=decision.verb,
        next=decision.next,
        tokens=tokens,
        days=f"{sum(one.half_days for one in allowed) / 2:g}",
        skipped=skipped,
        changes=changes[:SHOWN_SUMS],
        more_pairings=max(0, len(changes) - SHOWN_SUMS),
    )


def _sorted_out(
    deed: Deed, decision: Decision, workdays: Sequence[Workday], seen: Mapping[int, int]
) -> tuple[list[Workday], list[str]]:
    """Return the entries that may be decided on, and why the others may not."""
    allowed, skipped, step = [], [], LIFE.step(decision.step)
    facts = facts_of_days(deed.session, workdays)
    changed = set(changed_since(workdays, seen))
    for position, (workday, fact) in enumerate(zip(workdays, facts, strict=True)):
        refusals = rules.refusals_for_decision(
            decision.step,
            [fact],
            person_id=deed.actor.person_id,
            changed=[0] if position in changed else [],
        )
        principals = deed.actor.principals_for(decision.permission)
        refusals = [*refusals, *barred_as_deputy(step, [fact], principals)]
        if not refusals and decision is APPROVAL and workday.corrects_id is not None:
            refusals = refusals_for_take_over(deed, workday, fact.label)
        if refusals:
            skipped += [one.sentence for one in refusals]
        else:
            allowed.append(workday)
    return allowed, skipped


def _sums(session: Session, keys: Collection[tuple[int, int]]) -> dict[tuple[int, int], Sums]:
    ordered = sorted(keys)
    found: dict[tuple[int, int], Sums] = {}
    total = PairingYearTotal
    for start in range(0, len(ordered), BATCH):
        rows = session.execute(
            sa.select(
                total.pairing_id,
                total.year,
                total.sent_centidays,
                total.received_centidays,
            ).where(sa.tuple_(total.pairing_id, total.year).in_(ordered[start : start + BATCH]))
        )
        found |= {(pairing_id, year): Sums(*sums) for pairing_id, year, *sums in rows}
    return found


def _changes(
    session: Session,
    before: Mapping[tuple[int, int], Sums],
    after: Mapping[tuple[int, int], Sums],
) -> list[Change]:
    """Return the counted days that change, by pairing code."""
    moved = {key: sums for key, sums in after.items() if sums != before.get(key)}
    codes: dict[int, str] = {}
    ids = sorted({pairing_id for pairing_id, _ in moved})
    for start in range(0, len(ids), BATCH):
        some = Pairing.id.in_(ids[start : start + BATCH])
        rows = session.execute(sa.select(Pairing.id, Pairing.code).where(some))
        codes |= {row.id: row.code for row in rows}
    changes = []
    for (pairing_id, year), new in sorted(moved.items(), key=lambda one: codes[one[0][0]]):
        old = before.get((pairing_id, year), Sums(0, 0))
        for side, was, is_ in (
            ("援派", old.sent, new.sent),
            ("受援", old.received, new.received),
        ):
            if was != is_:
                label = f"{codes[pairing_id]} · {year} 年度{side}计入"
                changes.append(Change(label, f"{was / 100:,g} 天", f"{is_ / 100:,g} 天"))
    return changes
