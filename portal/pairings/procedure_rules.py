"""The life of a pairing, declared once: proposed, confirmed by every province, ended. Pure.

The province that proposes has said yes with that; each other one confirms, by somebody else (二(二),
decision B42). A second partner is asked for and granted by somebody else of that side's province (B14).
Once it waits for nobody, the pairing takes effect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from models.types import PairingState, Side
from portal.pairings.life_rules import CONFIRMED, Need, Wait
from portal.procedures.rules import Bar, Beginning, Life, Step
from portal.programme.rules import refusals_for_closed_years
from portal.refusals import Refusal

SHORTENING = "缩短结对在该年度内的期限"
"""What a closed work year forbids."""


class PairingFacts(NamedTuple):
    """A pairing as far as its steps ask; ``label`` is its code, ``is_confirmed`` whether it ever was.

    ``acting`` are the sides for whose province whoever asks speaks, ``agreed`` those whose province
    has said yes to a proposal. ``excepting`` is the side whose second partner is decided on, and
    ``is_own_request`` says that whoever asks has asked for it. ``years_if_shortened`` are closed
    work years that an earlier last day would touch, whatever day it is.
    """

    label: str
    state: PairingState
    proposed_by_person_id: int | None
    is_confirmed: bool = True
    waits: tuple[Wait, ...] = ()
    acting: frozenset[Side] = frozenset()
    agreed: frozenset[Side] = frozenset()
    excepting: Side = Side.SENT
    is_own_request: bool = False
    years_if_shortened: tuple[int, ...] = ()

    @property
    def is_own_province(self) -> bool:
        """Has a province for which whoever asks speaks said yes?"""
        return bool(self.acting & self.agreed)


WRITE = "pairing.write"

NOT_OWN_PROPOSAL = Bar(
    ("proposed_by_person_id",), "own_entry", "本人建立的结对不能由本人代另一省确认。"
)


def _waits_for(side: Side) -> Callable[[PairingFacts], Iterable[Refusal]]:
    """Only the province of this side confirms for it, and only as long as it has not."""

    def refusals(facts: PairingFacts) -> Iterable[Refusal]:
        if Wait(side, Need.CONFIRMATION) not in facts.waits:
            sentence = "该结对没有待确认事项，可能已由另一省确认，或已撤回、未获同意。"
            yield Refusal("", "wrong_state", sentence)
        elif side not in facts.acting:
            sentence = f"该结对等待{side.label}方所在省的省级民政部门确认。"
            yield Refusal("", "outside_scope", sentence)

    return refusals


def _confirmation(side: Side) -> Step[PairingFacts]:
    return Step(
        CONFIRMED[side],
        "确认结对",
        f"{side.label}省确认结对",
        (PairingState.PROPOSED,),
        permission=WRITE,
        tone="primary",
        bars=(NOT_OWN_PROPOSAL,),
        needless=(_waits_for(side),),
        signs=("confirmed_by_person_id",),
    )


def _exception_waits(facts: PairingFacts) -> Iterable[Refusal]:
    side = facts.excepting
    if Wait(side, Need.EXCEPTION) not in facts.waits:
        sentence = f"{side.label}机构没有待批准的一对一例外，可能已经办理。"
        yield Refusal("", "wrong_state", sentence)
    elif side not in facts.acting:
        sentence = f"{side.label}机构的一对一例外由{side.label}方所在省的省级民政部门批准，不在您的职权内。"
        yield Refusal("", "outside_scope", sentence)


def _asked_by_another(facts: PairingFacts) -> Iterable[Refusal]:
    if facts.is_own_request:
        sentence = "本人申请的一对一例外不能由本人批准，请由本省另一位省级民政部门人员办理；没有的，请系统管理员开设账号。"
        yield Refusal("", "own_entry", sentence)


def _another_province(facts: PairingFacts) -> Iterable[Refusal]:
    if facts.is_own_province:
        yield Refusal("", "wrong_state", "本省已同意该结对，不再同意的请撤回。")


def _own_province(facts: PairingFacts) -> Iterable[Refusal]:
    if not facts.is_own_province:
        yield Refusal("", "wrong_state", "本省尚未同意该结对，不同意的请直接办理“不同意结对”。")


def _closed_for_shortening(facts: PairingFacts) -> list[Refusal]:
    return refusals_for_closed_years(facts.years_if_shortened, SHORTENING)


def _was_in_effect(facts: PairingFacts) -> Iterable[Refusal]:
    if not facts.is_confirmed:
        yield Refusal("", "not_confirmed", "该结对从未生效，不能登记帮扶协议。")


INSTEAD_OF_DECLINING = "已生效的请办理终止"

LIFE: Life[PairingFacts] = Life(
    name="pairing",
    noun="结对",
    title="结对：提出、两省确认与终止",
    states=PairingState,
    notes=(
        ("exception_requested", "申请"),
        ("exempted", "意见"),
        ("excepted", "意见"),
        ("agreement_recorded", "协议"),
    ),
    path=(PairingState.PROPOSED, PairingState.CONFIRMED),
    beginnings=(
        Beginning("created", "建立结对", PairingState.PROPOSED, ("proposed_by_person_id",)),
    ),
    steps=(
        *(_confirmation(side) for side in Side),
        Step("exception_requested", "申请一对一例外", "申请一对一例外", (PairingState.PROPOSED,)),
        # What the operator of the server brings in was granted before (B14).
        Step("exempted", "批准一对一例外", "批准一对一例外（数据录入）", (PairingState.PROPOSED,)),
        Step(
            "excepted",
            "批准一对一例外",
            "批准一对一例外",
            (PairingState.PROPOSED,),
            permission=WRITE,
            guards=(_asked_by_another,),
            needless=(_exception_waits,),
        ),
        Step(
            "exception_refused",
            "不批准一对一例外",
            "不批准一对一例外",
            (PairingState.PROPOSED,),
            PairingState.DECLINED,
            WRITE,
            needs_reason=True,
            guards=(_asked_by_another,),
            needless=(_exception_waits,),
        ),
        Step(
            "took_effect",
            "生效",
            "各方同意，结对生效",
            (PairingState.PROPOSED,),
            PairingState.CONFIRMED,
        ),
        Step(
            "declined",
            "不同意结对",
            "不同意结对",
            (PairingState.PROPOSED,),
            PairingState.DECLINED,
            WRITE,
            tone="danger",
            needs_reason=True,
            needless=(_another_province,),
            instead=INSTEAD_OF_DECLINING,
        ),
        Step(
            "withdrawn",
            "撤回结对",
            "撤回结对",
            (PairingState.PROPOSED,),
            PairingState.DECLINED,
            WRITE,
            tone="danger",
            needs_reason=True,
            needless=(_own_province,),
            instead=INSTEAD_OF_DECLINING,
        ),
        Step(
            "agreement_recorded",
            "登记帮扶协议",
            "登记帮扶协议",
            (PairingState.CONFIRMED, PairingState.TERMINATED),
            permission=WRITE,
            needless=(_was_in_effect,),
        ),
        Step(
            "agreement_undone",
            "撤销登记协议",
            "撤销批量导入的协议",
            (PairingState.CONFIRMED, PairingState.TERMINATED),
        ),
        # Whatever a file brought, while nobody has built on it (decision 50).
        Step(
            "import_undone",
            "撤销导入",
            "撤销批量导入的结对",
            (PairingState.PROPOSED, PairingState.CONFIRMED),
            PairingState.DECLINED,
        ),
        Step(
            "terminated",
            "终止结对",
            "终止结对",
            (PairingState.CONFIRMED,),
            PairingState.TERMINATED,
            WRITE,
            tone="danger",
            needs_reason=True,
            guards=(_closed_for_shortening,),
            instead="尚未生效的结对请撤回或不同意",
        ),
    ),
)


def verb_of_refusal(facts: PairingFacts) -> str:
    """Return how whoever asks says no to a proposal: they take it back, or decline it."""
    return "withdrawn" if facts.is_own_province else "declined"


def side_to_confirm(facts: PairingFacts) -> Side:
    """Return the side for which whoever asks would confirm, or else the one that is waited for."""
    waiting = [wait.side for wait in facts.waits if wait.need == Need.CONFIRMATION]
    return next((side for side in waiting if side in facts.acting), (*waiting, Side.SENT)[0])
