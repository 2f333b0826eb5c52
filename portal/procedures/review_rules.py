"""Who may give which opinion in a review, and where the opinions lead. Pure."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from models.types import Labelled
from portal.procedures.rules import Life, R, Review, barred, refusals_for_reason
from portal.refusals import Refusal
from portal.standards.text import is_blank


class Opinion(NamedTuple):
    """What a party said in a round."""

    round: int
    party: str
    person_id: int
    passed: bool


def refusals_for_opinion(
    life: Life[R],
    review: Review[R],
    facts: R,
    opinions: Collection[Opinion],
    *,
    party: str,
    speaks_for: Collection[str],
    person_id: int | None,
    passed: bool,
    text: str | None,
) -> list[Refusal]:
    """Say why a person may not give this opinion for a party.

    ``opinions`` are those given so far, ``speaks_for`` the parties for which the person speaks.
    """
    if facts.state != review.during:
        sentence = (
            f"该{life.noun}目前为“{facts.state.label}”，"
            f"只有“{review.during.label}”的可以{review.label}。"
        )
        return [Refusal("", "wrong_state", sentence)]
    if person_id is None:
        sentence = f"{review.label}须由各方人员登录后办理，服务器操作员不能代为办理。"
        return [Refusal("", "outside_scope", sentence)]
    labels = dict(review.parties(facts))
    if party not in labels:
        sentence = f"该{life.noun}的{review.label}不需要这一方的意见，请核对由哪一方办理。"
        return [Refusal("party", "outside_scope", sentence)]
    if party not in speaks_for:
        sentence = f"{labels[party]}的意见由该方出具，不在您的职权内。"
        return [Refusal("party", "outside_scope", sentence)]
    refusals = [*barred(review.bars, review.label, facts, person_id)]
    now = [one for one in opinions if one.round == facts.round]
    if any(one.party == party for one in now):
        sentence = f"{labels[party]}本轮已出具意见，不能重复{review.label}。"
        refusals.append(Refusal("", "already_signed", sentence))
    elif any(one.person_id == person_id for one in now):
        sentence = f"您本轮已代表另一方出具意见，{labels[party]}的意见须由另一人出具。"
        refusals.append(Refusal("", "same_person_twice", sentence))
    refusals += [refusal for guard in review.guards for refusal in guard(facts)]
    if not passed or not is_blank(text):
        refusals += refusals_for_reason(text, "退回", field="text", noun="意见")
    return refusals


def outcome_of_review(
    review: Review[R], facts: R, opinions: Collection[Opinion]
) -> Labelled | None:
    """Return where the opinions of this round lead; None while a party has not spoken."""
    now = {one.party: one.passed for one in opinions if one.round == facts.round}
    if not all(now.values()):
        return review.returned
    return review.passed if all(key in now for key, _ in review.parties(facts)) else None
