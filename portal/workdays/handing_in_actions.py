"""Handing in several drafts at once: those that allow it, and why the others do not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import sqlalchemy as sa

from models import Workday
from models.types import WorkdayState
from portal.access.scope import within
from portal.deeds import Deed
from portal.procedures.actions import changed_since, take_all
from portal.procedures.rules import listed, refusals_against, refusals_for_all
from portal.refusals import Refusal, Refused
from portal.standards.text import is_blank
from portal.totals.actions import refresh
from portal.workdays.fact_queries import facts_of_days
from portal.workdays.life_rules import LIFE, NO_WORDS

NONE_CHOSEN = Refusal("", "missing_value", "没有要提交的日志，请刷新页面后再办理。")


class HandingIn(NamedTuple):
    """How many were handed in, and why the others were not."""

    entries: int
    left: list[str]

    def said(self, verb: str) -> list[tuple[str, str]]:
        """Return what the answer says: each sentence with its tone."""
        done = (
            [(f"已{verb} {self.entries} 条，由本机构负责人确认。", "success")]
            if self.entries
            else []
        )
        return [*done, *((f"没有{verb}的：{one}", "warning") for one in self.left)]


def hand_in_all(deed: Deed, seen: Mapping[int, int]) -> HandingIn:
    """Hand in those of the actor's drafts that can be, be they written by others, in one batch.

    ``seen`` gives, by id, the version in which each was shown. The trail has an event for the own
    drafts and one for those that others wrote.
    """
    if not seen:
        raise Refused([NONE_CHOSEN])
    own = within(Workday, deed.actor, "workday.write")
    workdays = deed.session.scalars(
        sa.select(Workday).where(Workday.id.in_(list(seen)), own).order_by(Workday.id)
    ).all()
    facts = facts_of_days(deed.session, workdays)
    step, person = LIFE.step("submitted"), deed.actor.person_id
    changed = set(changed_since(workdays, seen))
    wordless = [
        position
        for position, one in enumerate(facts)
        if one.state is WorkdayState.DRAFT and is_blank(workdays[position].description)
    ]
    rest = [
        position
        for position, one in enumerate(facts)
        if position in changed or refusals_against(LIFE, step, one, person_id=person)
    ]
    refusals = refusals_for_all(
        LIFE,
        step,
        [facts[position] for position in rest],
        person_id=person,
        changed=[number for number, position in enumerate(rest) if position in changed],
        names_one=True,
    )
    left = [one.sentence for one in refusals]
    if missing := len(seen) - len(workdays):
        left.append(f"{missing} 条已不在，可能已删除。")
    if empty := [facts[position].label for position in wordless if position not in rest]:
        left.append(f"{listed(empty)}{NO_WORDS.sentence}")
    good = [one for one in range(len(facts)) if one not in rest and one not in wordless]
    if good:
        days = [workdays[position] for position in good]
        proposed = [workdays[position].id for position in good if facts[position].is_proposed]
        take_all(
            deed,
            LIFE,
            days,
            "submitted",
            facts=[facts[position] for position in good],
            seen=seen,
            columns={"claimed_state": None},
        )
        refresh(deed.session, {(one.pairing_id, one.year) for one in days})
        _record(deed, "submitted", [one.id for one in days if one.id not in proposed])
        _record(deed, "accepted", proposed)
    return HandingIn(len(good), left)


def _record(deed: Deed, event: str, ids: list[int]) -> None:
    if ids:
        deed.record(f"workday.{event}", f"workday:{ids[0]}", count=len(ids), ids=ids)
