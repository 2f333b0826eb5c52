"""Who may confirm, approve or return which day: states, two persons, closed years. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from models.types import WorkdayState
from portal.pairings.life_rules import PairingLife, Use, refusals_for_use
from portal.refusals import Refusal

NAMED_ROWS = 5
"""How many rows a refusal of a bulk decision names one by one."""


class Decided(NamedTuple):
    """An entry on which somebody wants to decide. ``label`` names it in a sentence.

    ``life`` is that of its pairing, unless the pairing is in effect.
    """

    label: str
    state: WorkdayState
    owner_person_id: int
    drafter_person_id: int | None
    confirmer_person_id: int | None
    is_closed: bool = False
    is_changed: bool = False
    life: PairingLife | None = None


def refusals_for_decision(
    rows: Iterable[Decided],
    *,
    expected: Collection[WorkdayState],
    actor_person_id: int | None,
    verb: str,
    sends_back: bool = False,
) -> list[Refusal]:
    """Say why this person may not take this decision on these entries (states, two-person rule).

    One refusal a kind of obstacle; it names the entries that it concerns. ``is_changed`` means
    that an entry is no longer what was shown to whoever decides. ``sends_back`` means that the
    decision lets nothing take effect.
    """
    blocked: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        for obstacle in _obstacles(row, expected, actor_person_id, verb):
            blocked.setdefault(obstacle, []).append(row.label)
        if row.life is not None and not sends_back:
            for refusal in refusals_for_use(Use.DECIDE, row.life):
                blocked.setdefault((refusal.code, refusal.sentence), []).append(row.label)
    return [
        Refusal("", code, f"{listed(labels)}{sentence}")
        for (code, sentence), labels in blocked.items()
    ]


def _obstacles(
    row: Decided, expected: Collection[WorkdayState], actor_person_id: int | None, verb: str
) -> Iterable[tuple[str, str]]:
    if row.state not in expected:
        wanted = "、".join(one.label for one in WorkdayState if one in expected)
        yield "wrong_state", f"目前为“{row.state.label}”，只有“{wanted}”的条目可以{verb}。"
        return
    if row.is_changed:
        yield "changed_meanwhile", f"在您打开页面之后已被修改，请核对新内容后再{verb}。"
    own = (row.owner_person_id, row.drafter_person_id)
    if actor_person_id is not None and actor_person_id in own:
        yield "own_entry", f"为您本人填报，不能由本人{verb}，请由其他负责人办理。"
    elif actor_person_id is not None and actor_person_id == row.confirmer_person_id:
        yield "same_person_twice", f"上一环节由您办理，{verb}须由另一人办理。"
    if row.is_closed:
        yield "closed_year", f"所属工作年度已关闭，不能再{verb}。"


def listed(labels: Sequence[str]) -> str:
    """Name the first few rows, and say how many there are."""
    named = "、".join(labels[:NAMED_ROWS])
    if len(labels) <= NAMED_ROWS:
        return f"{named}："
    return f"{named}等 {len(labels)} 条："
