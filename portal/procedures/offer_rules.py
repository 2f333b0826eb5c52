"""What a page shows of a life: which steps can be taken, why some cannot, where it stands. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from models.types import Labelled
from portal.procedures.rules import F, InWhosePlace, Life, barred_as_deputy, refusals_against
from portal.refusals import Refusal


class Offer(NamedTuple):
    """A step as a page shows it; ``off`` says why it cannot be taken now, empty if it can."""

    verb: str
    label: str
    tone: str
    needs_reason: bool
    off: tuple[Refusal, ...]


def offers(
    life: Life[F],
    facts: F,
    *,
    person_id: int | None,
    permissions: Collection[str],
    principals_for: Callable[[str], Iterable[InWhosePlace]] = lambda _permission: (),
) -> list[Offer]:
    """Return what can be done with a subject in its state, by somebody with these permissions.

    ``principals_for`` says in whose places a permission is used, if in anybody's.
    """
    return [
        Offer(
            step.verb,
            step.label,
            step.tone,
            step.needs_reason,
            (
                *refusals_against(life, step, facts, person_id=person_id),
                *barred_as_deputy(step, [facts], principals_for(step.permission), names=False),
            ),
        )
        for step in life.steps
        if step.permission is not None
        and step.permission in permissions
        and facts.state in step.source
        and not any(refusal for needless in step.needless for refusal in needless(facts))
    ]


class Off(NamedTuple):
    """Why some steps cannot be taken now."""

    labels: str
    sentence: str


def reasons_off(found: Iterable[Offer]) -> list[Off]:
    """Return each reason once, with the steps that it keeps from being taken."""
    by_sentence: dict[str, list[str]] = {}
    for offer in found:
        for refusal in offer.off:
            by_sentence.setdefault(refusal.sentence, []).append(offer.label)
    return [Off("、".join(labels), sentence) for sentence, labels in by_sentence.items()]


class StepBar(NamedTuple):
    """Where a subject stands on its path, for ``components/steps.html``."""

    labels: tuple[str, ...]
    current: int


def step_bar(life: Life[F], state: Labelled) -> StepBar | None:
    """Return where a state stands on the path; None beside it. The last one is an end: all done."""
    if state not in life.path:
        return None
    position = life.path.index(state) + 1
    is_end = position == len(life.path)
    return StepBar(tuple(one.label for one in life.path), position + is_end)
