"""The life of a grant: proposed by one administrator, confirmed by another. Pure.

Who may hold which role over what: portal/access/rules.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from models.types import GrantState, Role
from portal.access.rules import refusals_for_last_administrators
from portal.procedures.rules import Bar, Beginning, Life, Step
from portal.refusals import Refusal


class GrantFacts(NamedTuple):
    """What the steps ask of a grant; ``label`` names its role and scope.

    ``only_of`` are the kinds of administrator of which its account is the only enabled one,
    ``is_lent`` says that it is a deputy's.
    """

    label: str
    state: GrantState
    role: Role
    person_id: int
    proposed_by_person_id: int | None
    only_of: frozenset[Role] = frozenset()
    is_lent: bool = False


NOT_OWN = Bar(
    ("person_id", "proposed_by_person_id"),
    "own_entry",
    "授权须由另一名管理员{step}，不能由提出人或本人{step}。",
)
NOT_HOLDER = Bar(("person_id",), "own_entry", "不能{step}本人的授权，请由另一名管理员办理。")


def _one_of_each_kind_stays(facts: GrantFacts) -> Iterable[Refusal]:
    return refusals_for_last_administrators(facts.only_of & {facts.role}, "撤销")


def _is_lent(facts: GrantFacts) -> Iterable[Refusal]:
    if not facts.is_lent:
        yield Refusal("", "wrong_state", "这项授权不是代理，只能由安全管理员撤销。")


PROPOSED, CONFIRMED, DECLINED, REVOKED = GrantState

LIFE: Life[GrantFacts] = Life(
    name="role_grant",
    noun="授权",
    title="授权：提出与确认",
    states=GrantState,
    path=(PROPOSED, CONFIRMED),
    beginnings=(
        Beginning("proposed", "提出授权", PROPOSED, ("proposed_by_person_id",)),
        # What the operator of the server grants is nobody's to confirm.
        Beginning("granted", "授予，即时生效", CONFIRMED),
        # What two administrators confirmed, its holder lends; nothing is added to it (decision 42).
        Beginning("lent", "委托代理", CONFIRMED, ("proposed_by_person_id",)),
    ),
    steps=(
        Step(
            "confirmed",
            "确认",
            "确认授权",
            (PROPOSED,),
            CONFIRMED,
            "account.secure",
            "primary",
            bars=(NOT_OWN,),
            signs=("confirmed_by_person_id",),
        ),
        Step(
            "declined",
            "不予确认",
            "不予确认",
            (PROPOSED,),
            DECLINED,
            "account.secure",
            needs_reason=True,
            bars=(NOT_OWN,),
            instead="已生效的请办理撤销",
        ),
        Step(
            "withdrawn",
            "撤回",
            "撤回申请",
            (PROPOSED,),
            DECLINED,
            "account.write",
            bars=(NOT_HOLDER,),
            instead="已确认生效的只能由安全管理员撤销",
        ),
        Step(
            "revoked",
            "撤销",
            "撤销授权",
            (CONFIRMED,),
            REVOKED,
            "account.secure",
            "danger",
            bars=(NOT_HOLDER,),
            guards=(_one_of_each_kind_stays,),
            instead="尚待确认的请不予确认",
        ),
        Step(
            "returned",
            "结束代理",
            "提前结束代理",
            (CONFIRMED,),
            REVOKED,
            "self.use",
            "danger",
            needless=(_is_lent,),
        ),
        Step("lapsed", "代理终止", "代理终止", (CONFIRMED,), REVOKED),
    ),
    # Who ended a proposal, a former release did not say.
    former=(("ended", "撤回或不予确认"),),
)
