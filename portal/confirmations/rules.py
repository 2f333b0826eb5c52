"""Who may confirm, approve or return which day, as the life of a day says it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from portal.procedures.rules import refusals_for_all
from portal.refusals import Refusal
from portal.workdays.life_rules import LIFE, DayFacts


def refusals_for_decision(
    verb: str, rows: Sequence[DayFacts], *, person_id: int | None, changed: Collection[int] = ()
) -> list[Refusal]:
    """Say why this person may not take a step on these entries (states, two-person rule).

    One refusal a kind of obstacle; it names the entries that it concerns, one alone too. ``changed``
    are the positions of those that are no longer what was shown to whoever decides.
    """
    return refusals_for_all(
        LIFE, LIFE.step(verb), rows, person_id=person_id, changed=changed, names_one=True
    )
