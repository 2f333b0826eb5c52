"""A plan that two provinces sign, each with two departments: a life as the next rooms will have it.

Its tables stand in no database but that of a test, in a metadata of their own.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from models.base import NAMING_CONVENTION, Base, bigint, enum_column, intpk
from models.procedures import DecisionRow, OpinionRow, batch_index, opinion_constraints
from models.types import Labelled
from portal.access.actor import Actor
from portal.deeds import Deed
from portal.procedures import actions, review_actions
from portal.procedures.rules import Bar, Beginning, Life, Party, Review, Step


class PlanState(Labelled):
    DRAFT = "draft", "草稿"
    REVIEW = "review", "会签中"
    RETURNED = "returned", "已退回"
    AGREED = "agreed", "已商定"
    WITHDRAWN = "withdrawn", "已撤回"
    FILED = "filed", "已归档"


DRAFT, REVIEW, RETURNED, AGREED, WITHDRAWN, FILED = PlanState

PARTIES = (
    Party("sending:civil", "援派省民政部门"),
    Party("sending:rural", "援派省乡村振兴部门"),
    Party("receiving:civil", "受援省民政部门"),
    Party("receiving:rural", "受援省乡村振兴部门"),
)
SEATS = [party.key for party in PARTIES]


class PlanFacts(NamedTuple):
    label: str
    state: PlanState
    round: int
    author_person_id: int | None
    filed_by_person_id: int | None = None


NOT_THE_AUTHOR = Bar(("author_person_id",), "own_entry", "本人起草的方案不能由本人{step}。")

SIGNING: Review[PlanFacts] = Review(
    verb="signing",
    label="会签",
    during=REVIEW,
    parties=lambda _facts: PARTIES,
    permission="pairing.write",
    passed=AGREED,
    returned=RETURNED,
    done="各方会签同意",
    sent_back="会签退回",
    bars=(NOT_THE_AUTHOR,),
)

PLAN_LIFE: Life[PlanFacts] = Life(
    name="sample_plan",
    noun="方案",
    title="演示：共同方案",
    states=PlanState,
    path=(DRAFT, REVIEW, AGREED, FILED),
    beginnings=(Beginning("drafted", "起草", DRAFT, ("author_person_id",)),),
    steps=(
        Step(
            "submitted",
            "送会签",
            "送各方会签",
            (DRAFT, RETURNED),
            REVIEW,
            "pairing.write",
            "primary",
            opens_round=True,
        ),
        Step("rewritten", "修改", "修改方案", (DRAFT, RETURNED), permission="pairing.write"),
        Step(
            "withdrawn",
            "撤回",
            "撤回方案",
            (REVIEW,),
            WITHDRAWN,
            "pairing.write",
            needs_reason=True,
        ),
        Step(
            "filed",
            "归档",
            "归档",
            (AGREED,),
            FILED,
            "pairing.write",
            bars=(NOT_THE_AUTHOR,),
            signs=("filed_by_person_id",),
            undo=timedelta(minutes=10),
            mend="如有不妥，请另起草方案。",
        ),
        Step("lapsed", "失效", "期满失效", (DRAFT, RETURNED), WITHDRAWN),
    ),
    reviews=(SIGNING,),
)


class SampleBase(DeclarativeBase):
    """As ``Base``, beside it: nothing of it is a table of the portal."""

    metadata = sa.MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = Base.type_annotation_map


for _name in ("account", "person"):
    # What the foreign keys of the mixins name; the tables themselves are there.
    sa.Table(_name, SampleBase.metadata, sa.Column("id", sa.BigInteger, primary_key=True))


class Plan(SampleBase):
    __tablename__ = "sample_plan"
    __table_args__ = (
        sa.UniqueConstraint("id", "author_person_id", name="uq_sample_plan_author"),
        sa.CheckConstraint("filed_by_person_id <> author_person_id", name="filed_by_another"),
    )

    id: Mapped[intpk]
    author_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    filed_by_person_id: Mapped[bigint | None] = mapped_column(sa.ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(sa.Text, default="演示方案")
    state: Mapped[PlanState] = mapped_column(enum_column(PlanState, "state"), default=DRAFT)
    round: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - read by SQLAlchemy


class PlanDecision(DecisionRow, SampleBase):
    __tablename__ = "sample_plan_decision"
    __table_args__ = (batch_index("sample_plan_decision"),)
    decides = Plan
    subject_key = "plan_id"

    plan_id: Mapped[bigint] = mapped_column(sa.ForeignKey("sample_plan.id"), index=True)
    state_before: Mapped[PlanState | None] = mapped_column(enum_column(PlanState, "state_before"))
    state_after: Mapped[PlanState] = mapped_column(enum_column(PlanState, "state_after"))


class PlanOpinion(OpinionRow, SampleBase):
    __tablename__ = "sample_plan_opinion"
    __table_args__ = opinion_constraints(
        "sample_plan_opinion", "sample_plan", key="plan_id", author="author_person_id"
    )
    reviews = Plan
    subject_key = "plan_id"
    author = "author_person_id"

    plan_id: Mapped[bigint]


TABLES = [one.__table__ for one in (Plan, PlanDecision, PlanOpinion)]


def create_tables(session: Session) -> None:
    SampleBase.metadata.create_all(session.connection(), tables=TABLES)


def facts_of(plan: Plan) -> PlanFacts:
    return PlanFacts(
        f"方案{plan.id}", plan.state, plan.round, plan.author_person_id, plan.filed_by_person_id
    )


def draft(deed: Deed) -> Plan:
    plan = Plan(author_person_id=deed.actor.person_id)
    deed.session.add(plan)
    actions.note(deed, [plan], "drafted")
    return plan


def take(deed: Deed, plan: Plan, verb: str, **asked) -> None:
    actions.take(deed, PLAN_LIFE, plan, verb, facts=facts_of(plan), **asked)


def sign(deed: Deed, plan: Plan, party: str, *, passed: bool = True, **asked) -> PlanState | None:
    """Give the opinion of a party, by somebody who speaks for it."""
    return review_actions.give_opinion(
        deed,
        PLAN_LIFE,
        plan,
        SIGNING,
        facts=facts_of(plan),
        party=party,
        passed=passed,
        **{"speaks_for": [party], **asked},
    )


def everywhere(_model: type, actor: Actor, permission: str) -> sa.ColumnElement[bool]:
    """Stand in for the scope of a plan, of which the portal knows nothing: whoever may, may all."""
    return sa.true() if actor.holds(permission) else sa.false()
