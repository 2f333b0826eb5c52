"""The life of a pairing: how it stands, whom it waits for, what it may be used for (二(二), B14, B42)."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import Mode, PairingState, Side
from portal.pairings import life_rules
from portal.pairings.life_rules import CONFIRMED, Need, PairingLife, Standing, Use, Wait
from portal.pairings.procedure_rules import LIFE, PairingFacts, verb_of_refusal
from portal.procedures.rules import refusals_for_step

CROSS, WITHIN = Mode.CROSS_PROVINCE, Mode.IN_PROVINCE
STARTS, ENDS = date(2022, 3, 1), date(2022, 6, 30)
SENT_CONFIRMS, RECEIVED_CONFIRMS = (
    Wait(side, Need.CONFIRMATION) for side in (Side.SENT, Side.RECEIVED)
)
SENT_EXCEPTS = Wait(Side.SENT, Need.EXCEPTION)


@pytest.mark.parametrize(
    ("state", "day", "standing"),
    [
        (PairingState.CONFIRMED, date(2022, 2, 28), Standing.COMING),
        (PairingState.CONFIRMED, STARTS, Standing.RUNNING),
        (PairingState.CONFIRMED, ENDS, Standing.RUNNING),
        (PairingState.CONFIRMED, date(2022, 7, 1), Standing.EXPIRED),
        (PairingState.PROPOSED, date(2022, 4, 1), Standing.WAITING),
        (PairingState.PROPOSED, date(2022, 7, 1), Standing.WAITING),
        (PairingState.DECLINED, date(2022, 4, 1), Standing.DECLINED),
        (PairingState.TERMINATED, date(2022, 4, 1), Standing.TERMINATED),
        (PairingState.TERMINATED, date(2022, 7, 1), Standing.TERMINATED),
    ],
)
def test_how_a_pairing_stands_on_a_day(state, day, standing):
    assert life_rules.standing_on(day, state, STARTS, ENDS) == standing


@pytest.mark.parametrize(
    ("mode", "state", "confirmed", "asked", "waits"),
    [
        (CROSS, PairingState.PROPOSED, {Side.SENT}, (), [RECEIVED_CONFIRMS]),
        (CROSS, PairingState.PROPOSED, {Side.RECEIVED}, (), [SENT_CONFIRMS]),
        (CROSS, PairingState.PROPOSED, {Side.SENT, Side.RECEIVED}, (), []),
        (CROSS, PairingState.PROPOSED, set(), (), [SENT_CONFIRMS, RECEIVED_CONFIRMS]),
        (CROSS, PairingState.CONFIRMED, set(), (), []),
        (CROSS, PairingState.TERMINATED, {Side.SENT}, (), []),
        (CROSS, PairingState.DECLINED, {Side.SENT}, [Side.SENT], []),
        (CROSS, PairingState.PROPOSED, set(Side), [Side.SENT], [SENT_EXCEPTS]),
        (
            CROSS,
            PairingState.PROPOSED,
            {Side.SENT},
            [Side.SENT],
            [RECEIVED_CONFIRMS, SENT_EXCEPTS],
        ),
        (WITHIN, PairingState.PROPOSED, set(Side), (), []),
        (WITHIN, PairingState.PROPOSED, set(Side), [Side.SENT], [SENT_EXCEPTS]),
    ],
)
def test_whom_a_pairing_waits_for(mode, state, confirmed, asked, waits):
    assert list(life_rules.waits_of(mode, state, confirmed, asked)) == waits


@pytest.mark.parametrize("use", Use)
@pytest.mark.parametrize(
    ("state", "is_confirmed"),
    [
        (PairingState.PROPOSED, False),
        (PairingState.DECLINED, False),
        (PairingState.TERMINATED, False),
        (PairingState.CONFIRMED, True),
        (PairingState.TERMINATED, True),
    ],
)
def test_before_its_confirmation_a_pairing_only_takes_nominations(use, state, is_confirmed):
    found = life_rules.refusals_for_use(
        use, PairingLife("P1", state, is_confirmed, (RECEIVED_CONFIRMS,))
    )
    is_allowed = is_confirmed or (state == PairingState.PROPOSED and use == Use.NOMINATE)
    assert [one.code for one in found] == ([] if is_allowed else ["not_confirmed"])


def test_the_reason_names_who_has_to_act_on_what_and_where():
    waiting = PairingLife(
        "P1", PairingState.PROPOSED, is_confirmed=False, waits=(RECEIVED_CONFIRMS, SENT_EXCEPTS)
    )
    (refusal,) = life_rules.refusals_for_use(Use.LOG, waiting, "pairing")
    assert refusal.field == "pairing"
    assert refusal.sentence == (
        "结对 P1 待确认，不能填报或提交工作日志：还待受援省民政部门确认结对、"
        "援派省民政部门批准一对一例外（二(二)），"
        "请其在结对页面“下一步”中办理，之后即生效。"
    )


PROPOSER, ANOTHER = 1, 2


def refused(verb, person=ANOTHER, reason="", **facts):
    """Try a step of the declared life; return the codes of what it is refused for."""
    asked = PairingFacts(
        "P1", facts.pop("state", PairingState.PROPOSED), proposed_by_person_id=PROPOSER
    )._replace(**facts)
    step = LIFE.step(verb)
    found = refusals_for_step(LIFE, step, asked, person_id=person, reason=reason)
    return [one.code for one in found]


@pytest.mark.parametrize(
    ("waits", "acting", "person", "codes"),
    [
        ([SENT_CONFIRMS], [Side.SENT], ANOTHER, []),
        ([SENT_CONFIRMS], [Side.RECEIVED], ANOTHER, ["outside_scope"]),
        ([SENT_CONFIRMS], [Side.SENT, Side.RECEIVED], PROPOSER, ["own_entry"]),
        ([SENT_EXCEPTS], [Side.SENT], ANOTHER, ["wrong_state"]),
        ([], [Side.SENT], ANOTHER, ["wrong_state"]),
    ],
)
def test_who_may_confirm(waits, acting, person, codes):
    facts = {"waits": tuple(waits), "acting": frozenset(acting)}
    assert refused(CONFIRMED[Side.SENT], person, **facts) == codes


@pytest.mark.parametrize(
    ("verb", "reason", "facts", "codes"),
    [
        ("excepted", "", {}, []),
        ("exception_refused", "本年度名额已满", {}, []),
        ("exception_refused", " ", {}, ["missing_value"]),
        ("excepted", "", {"is_own_request": True}, ["own_entry"]),
        ("excepted", "", {"acting": frozenset({Side.RECEIVED})}, ["outside_scope"]),
        ("excepted", "", {"waits": (SENT_CONFIRMS,)}, ["wrong_state"]),
    ],
)
def test_an_exception_is_decided_by_somebody_else_of_the_province_concerned(
    verb, reason, facts, codes
):
    asked = {"waits": (SENT_EXCEPTS,), "acting": frozenset({Side.SENT}), **facts}
    assert refused(verb, reason=reason, **asked) == codes


@pytest.mark.parametrize(
    ("state", "reason", "codes"),
    [
        (PairingState.PROPOSED, "机构已注销", []),
        (PairingState.PROPOSED, " ", ["missing_value"]),
        (PairingState.CONFIRMED, "机构已注销", ["wrong_state"]),
        (PairingState.DECLINED, "机构已注销", ["wrong_state"]),
        (PairingState.TERMINATED, "", ["wrong_state", "missing_value"]),
    ],
)
def test_only_a_proposal_is_declined_and_with_a_reason(state, reason, codes):
    assert refused("declined", reason=reason, state=state) == codes


@pytest.mark.parametrize(
    ("agreed", "verb"),
    [({Side.SENT}, "withdrawn"), ({Side.RECEIVED}, "declined"), ((), "declined")],
)
def test_who_said_yes_takes_it_back_and_who_did_not_declines(agreed, verb):
    facts = {"acting": frozenset({Side.SENT}), "agreed": frozenset(agreed)}
    asked = PairingFacts("P1", PairingState.PROPOSED, proposed_by_person_id=PROPOSER, **facts)
    assert verb_of_refusal(asked) == verb
    other = {"withdrawn": "declined", "declined": "withdrawn"}[verb]
    assert refused(verb, reason="演示", **facts) == []
    assert refused(other, reason="演示", **facts) == ["wrong_state"]
