"""The verbs of a life on a real table: steps, reviews, taking back. The sample life stands for all."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from models import Account
from portal.procedures import actions, queries, reversal_actions
from portal.procedures.queries import list_opinions, waits_for, waits_for_opinion
from portal.procedures.timeline_queries import Event, Track, timeline
from portal.refusals import Conflict, Refused
from tests.support.sample_life import (
    AGREED,
    DRAFT,
    FILED,
    PLAN_LIFE,
    RETURNED,
    REVIEW,
    SEATS,
    SIGNING,
    WITHDRAWN,
    Plan,
    PlanDecision,
    PlanOpinion,
    create_tables,
    draft,
    everywhere,
    facts_of,
    sign,
    take,
)
from tests.support.statements import statements_of
from tests.support.world import World

AUTHOR = "province_officer"
SIGNERS = (
    "sending_province_officer",
    "national_rural_officer",
    "other_province_officer",
    "province_rural_officer",
)


@pytest.fixture
def plan(world: World, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """A plan that waits for the four signatures."""
    monkeypatch.setattr(queries, "within", everywhere)
    create_tables(world.session)
    found = draft(world.deed(AUTHOR))
    take(world.deed(AUTHOR), found, "submitted")
    return found


def agreed(world: World, plan: Plan) -> Plan:
    for persona, seat in zip(SIGNERS, SEATS, strict=True):
        sign(world.deed(persona), plan, seat)
    assert plan.state == AGREED
    return plan


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.code for one in refused.value.refusals]


def kinds(world: World) -> list[str]:
    return list(world.session.scalars(sa.select(PlanDecision.kind).order_by(PlanDecision.id)))


# ---- steps


def test_a_step_moves_the_state_and_leaves_one_decision(world: World, plan: Plan):
    assert (plan.state, plan.round, plan.version) == (REVIEW, 1, 2)
    row = world.session.scalars(sa.select(PlanDecision).order_by(PlanDecision.id.desc())).first()
    assert row is not None
    assert (row.kind, row.state_before, row.state_after) == ("submitted", DRAFT, REVIEW)
    assert (row.version_after, row.at) == (2, world.clock())
    assert row.person_id == world.actor(AUTHOR).person_id
    world.session.expire_all()
    assert (plan.state, plan.round, plan.version) == (REVIEW, 1, 2)


def test_a_step_writes_what_the_room_adds_and_signs(world: World, plan: Plan):
    take(world.deed(), agreed(world, plan), "filed", columns={"text": "归档稿"})
    world.session.expire_all()
    assert (plan.state, plan.text, plan.filed_by_person_id) == (FILED, "归档稿", None)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"verb": "filed"}, ["wrong_state"]),
        ({"verb": "withdrawn"}, ["missing_value"]),
        ({"verb": "withdrawn", "reason": "长" * 1001}, ["text_too_long"]),
    ],
)
def test_refuses_a_step_and_writes_nothing(world: World, plan: Plan, asked, expected):
    with pytest.raises(Refused) as refused:
        take(world.deed(AUTHOR), plan, **asked)
    assert codes(refused) == expected
    assert kinds(world) == ["drafted", "submitted"]


def test_refuses_the_author_what_another_has_to_do(world: World, plan: Plan):
    agreed(world, plan)
    with pytest.raises(Refused) as refused:
        take(world.deed(AUTHOR), plan, "filed")
    assert codes(refused) == ["own_entry"]
    assert plan.state == AGREED


@pytest.mark.parametrize("seen", [1, 99])
def test_refuses_what_is_no_longer_what_was_shown(world: World, plan: Plan, seen):
    with pytest.raises(Conflict) as refused:
        take(world.deed(AUTHOR), plan, "withdrawn", reason="演示", seen=seen)
    assert codes(refused) == ["changed_meanwhile"]
    take(world.deed(AUTHOR), plan, "withdrawn", reason="演示", seen=2)
    assert plan.state == WITHDRAWN


@pytest.mark.parametrize("change", [{"version": 3}, {"state": RETURNED}])
def test_refuses_what_somebody_wrote_since_it_was_read(world: World, plan: Plan, change):
    world.session.execute(
        sa.update(Plan).values(**change).execution_options(synchronize_session=False)
    )
    with pytest.raises(Conflict):
        take(world.deed(AUTHOR), plan, "withdrawn", reason="演示")
    assert "withdrawn" not in kinds(world)


def test_what_follows_asks_nobody_but_the_state(world: World, plan: Plan):
    with pytest.raises(Conflict):
        actions.follow(world.deed(), PLAN_LIFE, [plan], "lapsed")
    other = draft(world.deed(AUTHOR))
    actions.follow(world.deed(AUTHOR), PLAN_LIFE, [other], "lapsed", reason="演示期满")
    assert other.state == WITHDRAWN


# ---- many at once


def many(world: World, plan: Plan, count: int) -> list[Plan]:
    """Return a few plans that are agreed, and one that waits for signatures."""
    agreed(world, plan)
    more = [draft(world.deed(AUTHOR)) for _ in range(count - 1)]
    world.session.execute(sa.update(Plan).where(Plan.id != plan.id).values(state=AGREED))
    return [plan, *more]


def take_all(world: World, plans: list[Plan], persona: str = SIGNERS[0], **asked) -> str:
    return actions.take_all(
        world.deed(persona),
        PLAN_LIFE,
        plans,
        "filed",
        facts=[facts_of(one) for one in plans],
        **asked,
    )


def test_many_take_two_statements_for_each_four_hundred(world: World, plan: Plan):
    plans = many(world, plan, 401)
    with statements_of(world.session) as sent:
        batch = take_all(world, plans)
    assert len([one for one in sent if "sample_plan" in one]) == 4
    assert {one.state for one in plans} == {FILED}
    rows = world.session.scalars(sa.select(PlanDecision).where(PlanDecision.batch == batch)).all()
    assert {row.plan_id for row in rows} == {one.id for one in plans}


def test_one_that_was_changed_since_it_was_shown_stops_them_all_and_is_named(
    world: World, plan: Plan
):
    plans = many(world, plan, 3)
    seen = {one.id: one.version for one in plans} | {plans[1].id: 99}
    with pytest.raises(Refused) as refused:
        take_all(world, plans, seen=seen)
    assert codes(refused) == ["changed_meanwhile"]
    assert refused.value.refusals[0].sentence.startswith(f"方案{plans[1].id}：")
    assert {one.state for one in plans} == {AGREED}


def test_an_obstacle_of_several_is_said_once(world: World, plan: Plan):
    plans = many(world, plan, 7)
    with pytest.raises(Refused) as refused:
        take_all(world, plans, persona=AUTHOR)
    (found,) = refused.value.refusals
    assert found.sentence.endswith("等 7 条：本人起草的方案不能由本人归档。")


# ---- reviews


def test_four_parties_sign_each_once_and_the_last_one_settles_it(world: World, plan: Plan):
    led = [
        sign(world.deed(persona), plan, seat, seen=2)
        for persona, seat in zip(SIGNERS, SEATS, strict=True)
    ]
    assert led == [None, None, None, AGREED]
    assert [one.party for one in list_opinions(world.session, plan)] == SEATS
    assert kinds(world)[-1] == "signing_passed"


def test_a_return_opens_a_second_round_of_a_changed_text(world: World, plan: Plan):
    sign(world.deed(SIGNERS[0]), plan, SEATS[0])
    assert sign(world.deed(SIGNERS[1]), plan, SEATS[1], passed=False, text="期限过短") == RETURNED
    take(world.deed(AUTHOR), plan, "rewritten", columns={"text": "第二稿"})
    take(world.deed(AUTHOR), plan, "submitted")
    assert (plan.round, plan.text) == (2, "第二稿")
    agreed(world, plan)
    assert len(list_opinions(world.session, plan)) == 6
    assert kinds(world) == [
        "drafted",
        "submitted",
        "signing_returned",
        "rewritten",
        "submitted",
        "signing_passed",
    ]


@pytest.mark.parametrize(
    ("persona", "asked", "expected"),
    [
        (AUTHOR, {}, ["own_entry"]),
        (SIGNERS[1], {"party": SEATS[0]}, ["already_signed"]),
        (SIGNERS[0], {}, ["same_person_twice"]),
        (SIGNERS[1], {"passed": False}, ["missing_value"]),
        (SIGNERS[1], {"passed": False, "text": "长" * 1001}, ["text_too_long"]),
        (SIGNERS[1], {"party": "county:civil"}, ["outside_scope"]),
        (SIGNERS[1], {"speaks_for": SEATS[2:]}, ["outside_scope"]),
        (None, {}, ["outside_scope"]),
    ],
)
def test_refuses_an_opinion(world: World, plan: Plan, persona, asked, expected):
    sign(world.deed(SIGNERS[0]), plan, SEATS[0])
    with pytest.raises(Refused) as refused:
        sign(world.deed(persona), plan, **{"party": SEATS[1], **asked})
    assert codes(refused) == expected
    assert world.count(PlanOpinion) == 1


def test_refuses_an_opinion_on_what_is_no_longer_what_was_shown(world: World, plan: Plan):
    with pytest.raises(Conflict):
        sign(world.deed(SIGNERS[0]), plan, SEATS[0], seen=1)
    assert world.count(PlanOpinion) == 0


def test_refuses_an_opinion_after_a_withdrawal(world: World, plan: Plan):
    take(world.deed(AUTHOR), plan, "withdrawn", reason="演示")
    with pytest.raises(Refused) as refused:
        sign(world.deed(SIGNERS[0]), plan, SEATS[0])
    assert codes(refused) == ["wrong_state"]


# ---- taking back


def reverse(world: World, batch: str, persona: str = SIGNERS[0]) -> list[Plan]:
    return reversal_actions.reverse(
        world.deed(persona), PLAN_LIFE, Plan, batch, label_of=lambda plan: f"方案{plan.id}"
    )


def test_what_was_decided_together_is_taken_back_together(world: World, plan: Plan):
    plans = many(world, plan, 3)
    batch = take_all(world, plans)
    assert reverse(world, batch) == plans
    world.session.expire_all()
    assert {(one.state, one.filed_by_person_id) for one in plans} == {(AGREED, None)}
    assert kinds(world)[-3:] == ["filed_undone"] * 3
    with pytest.raises(Refused) as refused:
        reverse(world, batch)
    assert codes(refused) == ["changed_meanwhile"]


def test_what_the_room_moves_itself_is_left_aside(world: World, plan: Plan):
    plans = many(world, plan, 3)
    batch = take_all(world, plans)
    reversal_actions.reverse(
        world.deed(SIGNERS[0]),
        PLAN_LIFE,
        Plan,
        batch,
        label_of=lambda plan: f"方案{plan.id}",
        aside=lambda plan: plan is plans[1],
    )
    assert [one.state for one in plans] == [AGREED, FILED, AGREED]


def test_of_nobody_nothing_is_asked(world: World, plan: Plan):
    deed = world.deed(AUTHOR)
    with statements_of(world.session) as sent:
        for verb in ("submitted", "filed"):
            actions.take_all(deed, PLAN_LIFE, [], verb, facts=[])
    assert sent == []


def test_only_whoever_decided_takes_it_back(world: World, plan: Plan):
    batch = take_all(world, many(world, plan, 2))
    for somebody in (SIGNERS[2], AUTHOR):
        with pytest.raises(Refused) as refused:
            reverse(world, batch, somebody)
        assert codes(refused) == ["nothing_to_undo"]
    with pytest.raises(Refused) as refused:
        reverse(world, "no such batch")
    assert codes(refused) == ["nothing_to_undo"]


def test_what_was_touched_since_or_is_too_old_stays(world: World, plan: Plan):
    plans = many(world, plan, 2)
    batch = take_all(world, plans)
    plans[0].text = "之后改过"
    world.session.flush()
    world.clock.pass_time(minutes=11)
    with pytest.raises(Refused) as refused:
        reverse(world, batch)
    assert codes(refused) == ["too_late", "changed_meanwhile"]
    assert {one.state for one in plans} == {FILED}


# ---- who waits, and what happened


def waiting_for(world: World, persona: str, verb: str = "filed") -> set[int]:
    condition = waits_for(PLAN_LIFE, verb, Plan, world.actor(persona))
    assert condition is not None
    return set(world.session.scalars(sa.select(Plan.id).where(condition)))


def test_a_step_waits_for_whoever_may_take_it_and_not_for_the_author(world: World, plan: Plan):
    assert waiting_for(world, SIGNERS[0]) == set()
    agreed(world, plan)
    assert waiting_for(world, SIGNERS[0]) == {plan.id}
    assert waiting_for(world, AUTHOR) == set()
    assert waits_for(PLAN_LIFE, "filed", Plan, world.actor("sending_staff")) is None


def test_an_opinion_waits_until_it_is_given(world: World, plan: Plan):
    def waiting(persona: str) -> bool:
        condition = waits_for_opinion(SIGNING, Plan, world.actor(persona))
        return condition is not None and bool(
            world.session.scalars(sa.select(Plan.id).where(condition)).all()
        )

    assert (waiting(SIGNERS[0]), waiting(AUTHOR), waiting("sending_staff")) == (True, False, False)
    sign(world.deed(SIGNERS[0]), plan, SEATS[0])
    assert (waiting(SIGNERS[0]), waiting(SIGNERS[2])) == (False, True)


def _events(world: World, *plans: Plan, most: int | None = None) -> list[Event]:
    name = sa.literal("方案").concat(sa.cast(Plan.id, sa.Text))
    about = None if len(plans) == 1 else name
    tracks = [Track(PLAN_LIFE, Plan, Plan.id == one.id, about=about) for one in plans]
    return timeline(world.session, *tracks, most=most)


def test_the_timeline_tells_decisions_and_opinions_latest_first(world: World, plan: Plan):
    world.clock.pass_time(minutes=1)
    sign(world.deed(SIGNERS[0]), plan, SEATS[0])
    world.clock.pass_time(minutes=1)
    sign(world.deed(SIGNERS[1]), plan, SEATS[1], passed=False, text="期限过短")
    told = [(one.what, one.why) for one in _events(world, plan)]
    assert told == [
        ("会签退回", "期限过短"),
        ("会签：退回", "期限过短"),
        ("会签：同意", None),
        ("送各方会签", None),
        ("起草", None),
    ]


def test_one_timeline_tells_of_several_by_name_and_only_the_latest(world: World, plan: Plan):
    world.clock.pass_time(minutes=1)
    other = draft(world.deed(AUTHOR))
    world.clock.pass_time(minutes=1)
    sign(world.deed(SIGNERS[0]), plan, SEATS[0])
    world.clock.pass_time(minutes=1)
    take(world.deed(AUTHOR), other, "submitted")
    told = [one.what for one in _events(world, plan, other, most=3)]
    assert told == [
        f"送各方会签：方案{other.id}",
        f"会签：同意：方案{plan.id}",
        f"起草：方案{other.id}",
    ]


def test_what_a_step_notes_in_its_own_words_is_no_reason(world: World, plan: Plan):
    for persona, seat in zip(SIGNERS, SEATS, strict=True):
        sign(world.deed(persona), plan, seat)
    take(world.deed(SIGNERS[0]), plan, "filed", noted="归档")
    filed, *_ = _events(world, plan)
    assert (filed.kind, filed.what, filed.why) == ("filed", "归档", None)


def test_a_decision_names_the_account(world: World, plan: Plan):
    named = world.session.scalar(
        sa.select(Account.login)
        .join(PlanDecision, PlanDecision.account_id == Account.id)
        .where(PlanDecision.kind == "submitted")
    )
    assert named == AUTHOR
