"""The life of a working day: draft, submitted, confirmed, approved; returned on the way (states.md). Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from models.types import WorkdayState
from portal.pairings.life_rules import PairingLife, Use, refusals_for_use
from portal.procedures.rules import Bar, Beginning, Life, Step
from portal.programme.rules import refusals_for_closed_years
from portal.refusals import Refusal

UNDO_FOR = timedelta(minutes=10)
"""A slip of the hand shows at once; what is found later is returned or corrected, with a reason."""


class DayFacts(NamedTuple):
    """An entry as far as its steps ask. ``label`` names it in a sentence.

    ``pairing`` is the life of its pairing, unless that is in effect.
    """

    label: str
    state: WorkdayState
    person_id: int
    entered_by_person_id: int | None
    confirmed_by_person_id: int | None
    year: int
    is_closed: bool = False
    pairing: PairingLife | None = None
    has_open_correction: bool = False
    disputed_by_person_id: int | None = None

    @property
    def is_proposed(self) -> bool:
        """Did somebody else write it, for the person to say whether it is so?"""
        writer = self.entered_by_person_id
        return self.state is WorkdayState.DRAFT and writer not in (None, self.person_id)


NOT_OWN = Bar(
    ("person_id", "entered_by_person_id"),
    "own_entry",
    "您本人的或由您填报、导入的日志，不能由本人{step}，请由其他负责人办理。",
)
NOT_TWICE = Bar(
    ("confirmed_by_person_id",),
    "same_person_twice",
    "上一环节由您办理，{step}须由另一人办理。",
)


NOT_OWN_DISPUTE = Bar(
    ("disputed_by_person_id",),
    "own_dispute",
    "异议由您提出，不能由本人{step}，请由本部门另一位人员办理。",
)

NO_WORDS = Refusal(
    "", "missing_value", "还没有写工作内容，不能提交；请打开这一条，写一句做了什么，再提交。"
)

ONLY_MANAGER = (
    "本机构只有您一位负责人：您填报或代填的日子须由本机构另一位负责人确认，县级和对方机构不能代为确认。"
    "可请系统管理员为另一位同事开设负责人账号；或由各人自己填报（已提交的先撤回、作废），再由您确认。"
)
"""Who may confirm is the own organisation's manager alone (domain/roles.md), and never whoever wrote it."""


def refusals_if_closed(facts: DayFacts) -> list[Refusal]:
    """Say that nothing is done any more in a closed work year."""
    return refusals_for_closed_years([facts.year] if facts.is_closed else [], "办理这条日志")


def _may_be_logged(facts: DayFacts) -> list[Refusal]:
    return refusals_for_use(Use.LOG, facts.pairing) if facts.pairing else []


def _may_be_decided(facts: DayFacts) -> list[Refusal]:
    return refusals_for_use(Use.DECIDE, facts.pairing) if facts.pairing else []


def _has_no_correction(facts: DayFacts) -> Iterable[Refusal]:
    if facts.has_open_correction:
        sentence = "这条日志已有一份更正在办理中，请先办完那一份。"
        yield Refusal("", "wrong_state", sentence)


def _is_proposed(facts: DayFacts) -> Iterable[Refusal]:
    if facts.is_proposed:
        sentence = "这条由他人代填，不能删除；不是您的工作日，请点“不是我”，代填的人会看到。"
        yield Refusal("", "proposed_by_another", sentence)


def _is_no_proposal(facts: DayFacts) -> Iterable[Refusal]:
    if not facts.is_proposed:
        sentence = "这条是填报人自己填的草稿，不是由他人代填；不需要的，由填报人删除。"
        yield Refusal("", "no_proposal", sentence)


def _is_undisputed(facts: DayFacts) -> Iterable[Refusal]:
    if facts.disputed_by_person_id is not None:
        sentence = (
            "对方机构对这一天提出了异议，尚未了结，不能核准；请先认定异议是否成立，或待对方撤回异议，"
            "或退回填报人，更正后重新提交。"
        )
        yield Refusal("", "disputed", sentence)


def _not_disputed_yet(facts: DayFacts) -> Iterable[Refusal]:
    if facts.disputed_by_person_id is not None:
        sentence = "本方已对这一天提出异议，尚未了结，不必再提；要补充理由，请先撤回再提出。"
        yield Refusal("", "disputed", sentence)


def _has_a_dispute(facts: DayFacts) -> Iterable[Refusal]:
    if facts.disputed_by_person_id is None:
        sentence = "这一天目前没有异议，无须办理；填报人重新提交后，原来的异议即告了结。"
        yield Refusal("", "not_disputed", sentence)


DRAFT, SUBMITTED, CONFIRMED, APPROVED, RETURNED, SUPERSEDED = WorkdayState
PERSON = "workday.write"
CHANGED_INSTEAD = "已提交的可先撤回，机构已确认的可请负责人退回，已核准的可申请更正"

LIFE: Life[DayFacts] = Life(
    name="workday",
    noun="工作日志",
    title="工作日志：提交、确认与核准",
    states=WorkdayState,
    former=(("kept", "升级时按原状态保留"),),
    notes=(("imported", "来源"), ("superseded", "说明"), ("reinstated", "说明")),
    path=(DRAFT, SUBMITTED, CONFIRMED, APPROVED),
    beginnings=(
        Beginning("drafted", "存为草稿", DRAFT, ("entered_by_person_id",)),
        Beginning("proposed", "代填，待本人确认", DRAFT, ("entered_by_person_id",)),
        Beginning("entered", "填报并提交", SUBMITTED, ("entered_by_person_id",)),
        *(
            Beginning("imported", "由文件导入", state, ("entered_by_person_id",))
            for state in (DRAFT, SUBMITTED, CONFIRMED, APPROVED, RETURNED)
        ),
    ),
    steps=(
        Step(
            "submitted",
            "提交",
            "提交",
            (DRAFT,),
            SUBMITTED,
            PERSON,
            "primary",
            guards=(refusals_if_closed, _may_be_logged),
            clears=("confirmed_by_person_id", "approved_by_person_id"),
            instead="被退回的修改后重新提交",
        ),
        Step(
            "edited",
            "修改",
            "修改",
            (DRAFT, RETURNED),
            None,
            PERSON,
            guards=(refusals_if_closed, _may_be_logged),
            instead=CHANGED_INSTEAD,
        ),
        Step(
            "resubmitted",
            "不改，直接提交",
            "重新提交",
            (RETURNED,),
            SUBMITTED,
            PERSON,
            guards=(refusals_if_closed, _may_be_logged),
            clears=("confirmed_by_person_id", "approved_by_person_id", "disputed_by_person_id"),
            instead=CHANGED_INSTEAD,
        ),
        Step(
            "deleted",
            "删除",
            "删除草稿",
            (DRAFT,),
            None,
            PERSON,
            "danger",
            guards=(refusals_if_closed,),
            needless=(_is_proposed,),
            instead="提交过的可作废或更正",
        ),
        Step(
            "declined",
            "不是我",
            "本人说明不是自己的工作日",
            (DRAFT,),
            SUPERSEDED,
            PERSON,
            "danger",
            guards=(refusals_if_closed,),
            needless=(_is_no_proposal,),
            instead="已提交的可先撤回",
        ),
        Step(
            "withdrawn",
            "撤回代填",
            "代填一方撤回",
            (DRAFT,),
            SUPERSEDED,
            "workday.propose",
            guards=(refusals_if_closed,),
            needless=(_is_no_proposal,),
            instead="本人已确认的，请本机构另一位负责人退回",
        ),
        Step(
            "given_up",
            "作废",
            "填报人作废",
            (RETURNED,),
            SUPERSEDED,
            PERSON,
            "danger",
            guards=(refusals_if_closed,),
        ),
        Step(
            "recalled",
            "撤回修改",
            "填报人撤回修改",
            (SUBMITTED,),
            RETURNED,
            PERSON,
            guards=(refusals_if_closed,),
            instead="机构已确认的可请负责人退回，已核准的可申请更正",
        ),
        Step(
            "corrected",
            "申请更正",
            "申请更正",
            (APPROVED,),
            None,
            PERSON,
            needs_reason=True,
            guards=(refusals_if_closed, _may_be_logged),
            needless=(_has_no_correction,),
            instead="其他状态可直接修改或退回",
        ),
        Step(
            "confirmed",
            "确认",
            "机构确认",
            (SUBMITTED,),
            CONFIRMED,
            "workday.confirm",
            "primary",
            bars=(NOT_OWN,),
            guards=(refusals_if_closed, _may_be_decided),
            signs=("confirmed_by_person_id",),
            undo=UNDO_FOR,
            mend="如有不妥，可在核准前退回填报人。",
        ),
        Step(
            "approved",
            "核准",
            "县级核准",
            (CONFIRMED,),
            APPROVED,
            "workday.approve",
            "primary",
            bars=(NOT_OWN, NOT_TWICE),
            guards=(refusals_if_closed, _may_be_decided, _is_undisputed),
            signs=("approved_by_person_id",),
            undo=UNDO_FOR,
            mend="如有不妥，可由填报人申请更正。",
        ),
        Step(
            "returned",
            "退回",
            "退回",
            (SUBMITTED, CONFIRMED),
            RETURNED,
            "workday.confirm",
            "danger",
            needs_reason=True,
            bars=(NOT_OWN,),  # whoever confirmed may think better of it: nothing takes effect
            guards=(refusals_if_closed,),
            undo=UNDO_FOR,
            mend="填报人修改后会重新提交。",
        ),
        Step(
            "returned_by_county",
            "退回",
            "县级退回",
            (CONFIRMED,),
            RETURNED,
            "workday.approve",
            "danger",
            needs_reason=True,
            bars=(NOT_OWN, NOT_TWICE),
            guards=(refusals_if_closed,),
            undo=UNDO_FOR,
            mend="填报人修改后会重新提交。",
        ),
        # The other side of the pairing says that it was not so (portal/disputes/).
        Step(
            "disputed",
            "提出异议",
            "对方提出异议",
            (SUBMITTED, CONFIRMED, APPROVED),
            None,
            "workday.dispute",
            "danger",
            needs_reason=True,
            bars=(NOT_OWN,),
            guards=(refusals_if_closed,),
            needless=(_not_disputed_yet,),
            signs=("disputed_by_person_id",),
            instead="已退回的，待重新提交后再看",
        ),
        Step(
            "dispute_withdrawn",
            "撤回异议",
            "对方撤回异议",
            (SUBMITTED, CONFIRMED, APPROVED),
            None,
            "workday.dispute",
            guards=(refusals_if_closed,),
            needless=(_has_a_dispute,),
            clears=("disputed_by_person_id",),
            instead="已退回的，重新提交时异议即告了结",
        ),
        # The county decides between them: what is clear need not wait until one side gives in.
        Step(
            "dispute_dismissed",
            "认定异议不成立",
            "县级认定异议不成立",
            (SUBMITTED, CONFIRMED, APPROVED),
            None,
            "workday.approve",
            needs_reason=True,
            bars=(NOT_OWN, NOT_OWN_DISPUTE),
            guards=(refusals_if_closed,),
            needless=(_has_a_dispute,),
            clears=("disputed_by_person_id",),
            instead="已退回的，重新提交时异议即告了结",
        ),
        Step(
            "dispute_upheld",
            "认定异议成立",
            "县级认定异议成立，退回",
            (SUBMITTED, CONFIRMED),
            RETURNED,
            "workday.approve",
            "danger",
            needs_reason=True,
            bars=(NOT_OWN, NOT_TWICE, NOT_OWN_DISPUTE),
            guards=(refusals_if_closed,),
            needless=(_has_a_dispute,),
            instead="已核准的，请填报人申请更正",
            undo=UNDO_FOR,
            mend="填报人修改后会重新提交。",
        ),
        Step("superseded", "由更正取代", "由更正条目取代", (APPROVED,), SUPERSEDED),
        Step("reinstated", "恢复", "更正已撤销，恢复计入", (SUPERSEDED,), APPROVED),
        # What a file claims is decided by set, after its own rules (portal/imports/claim_actions.py).
        Step(
            "claim_confirmed",
            "认可导入的确认",
            "认可导入文件所载确认",
            (SUBMITTED,),
            CONFIRMED,
            bars=(NOT_OWN,),
            signs=("confirmed_by_person_id",),
            clears=("approved_by_person_id",),
        ),
        Step(
            "claim_approved",
            "认可导入的核准",
            "认可导入文件所载核准",
            (SUBMITTED,),
            APPROVED,
            bars=(NOT_OWN,),
            signs=("approved_by_person_id",),
            clears=("confirmed_by_person_id",),
        ),
        Step("claim_refused", "不认可导入", "不认可导入文件所载", (SUBMITTED,), SUPERSEDED),
        # A file is taken back as a whole while nobody has decided on a day of it.
        Step("import_undone", "撤销导入", "撤销导入", (DRAFT, SUBMITTED), SUPERSEDED),
    ),
)
