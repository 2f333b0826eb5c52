"""Taking a decision back that the same person took a moment ago (docs/decisions/0014).

What was decided together is taken back together, by its batch (portal/procedures/).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from models import Workday
from models.types import WorkdayState
from portal.confirmations.reversal_rules import Made, obstacles_to_reversal
from portal.corrections.actions import give_back, others_on_date
from portal.corrections.queries import with_open_correction
from portal.deeds import Deed
from portal.procedures.queries import list_batch
from portal.procedures.reversal_actions import reverse
from portal.procedures.rules import NOTHING_TO_UNDO
from portal.refusals import Refusal, Refused
from portal.totals.actions import refresh
from portal.workdays.fact_queries import facts_of_days
from portal.workdays.life_rules import LIFE
from portal.workdays.rules import HALF_DAYS_PER_DATE


def reverse_decision(deed: Deed, batch: str) -> tuple[str, int]:
    """Take back what was decided together, all of it or nothing; return its label and how many.

    Raise :class:`Refused` if it is not the actor's own, too old, or no longer the last word.
    """
    rows = list_batch(deed.session, Workday, deed.actor, batch)
    if not rows:
        raise Refused([NOTHING_TO_UNDO])
    step = LIFE.step(rows[0].kind)
    versions = {one.subject_id: one.version_after for one in rows}

    def took_over(workday: Workday) -> bool:
        return step.to is WorkdayState.APPROVED and workday.corrects_id is not None

    @cache
    def labels() -> dict[int, str]:
        # Asked when all are read, so that these come out of the session.
        some = [deed.session.get_one(Workday, number) for number in versions]
        facts = facts_of_days(deed.session, some)
        return {one.id: fact.label for one, fact in zip(some, facts, strict=True)}

    def obstacles(workdays: Sequence[Workday]) -> list[Refusal]:
        facts = facts_of_days(deed.session, workdays)
        is_approval = step.to is WorkdayState.APPROVED
        corrected = with_open_correction(deed.session, list(versions)) if is_approval else set()
        return obstacles_to_reversal(
            [
                Made(
                    fact.label,
                    is_closed=fact.is_closed,
                    is_corrected=workday.id in corrected,
                    is_free=workday.version != versions[workday.id]
                    or not took_over(workday)
                    or _is_free(deed, workday),
                )
                for workday, fact in zip(workdays, facts, strict=True)
            ]
        )

    workdays = reverse(
        deed,
        LIFE,
        Workday,
        batch,
        label_of=lambda one: labels()[one.id],
        besides=obstacles,
        aside=took_over,
    )
    for correction in filter(took_over, workdays):
        give_back(deed, correction)
    refresh(deed.session, {(one.pairing_id, one.year) for one in workdays})
    ids = [one.id for one in workdays]
    event = step.verb.removesuffix("_by_county")
    deed.record(f"workday.{event}_undone", f"workday:{ids[0]}", count=len(ids), ids=ids)
    return step.label, len(ids)


def _is_free(deed: Deed, correction: Workday) -> bool:
    """Can the original of an approved correction take its halves of the date again?"""
    original = deed.session.get_one(Workday, correction.corrects_id)
    return sum(others_on_date(deed, correction)) + original.half_days <= HALF_DAYS_PER_DATE
