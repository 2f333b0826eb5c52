"""Who may be assigned, and who meets the rule for sent people (二(四)2, B10, B11, B13)."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import AssignmentState, CertLevel, PairingState, Side
from portal.pairings.life_rules import PairingLife
from portal.people.rules import CertificateFacts
from portal.procedures.rules import refusals_for_step
from portal.programme.policy import DEFAULT_POLICY, Policy
from portal.staffing import qualification_rules, rules
from portal.staffing.rules import Span

FIRST_DAY = date(2022, 1, 1)
LONG_AGO = date(2015, 1, 1)


def certificate(level, issued_on, number="演示1"):
    return CertificateFacts(level, number, issued_on)


INTERMEDIATE = certificate(CertLevel.INTERMEDIATE, date(2018, 6, 1))


def checked(certificates=(INTERMEDIATE,), since=LONG_AGO, side=Side.SENT, policy=DEFAULT_POLICY):
    return qualification_rules.checks_of_person(
        side=side,
        certificates=certificates,
        service_started_on=since,
        first_day=FIRST_DAY,
        policy=policy,
    )


@pytest.mark.parametrize(
    ("certificates", "is_met", "have"),
    [
        ([INTERMEDIATE], True, "持有社会工作师证书（2018-06-01 取得）"),
        (
            [certificate(CertLevel.SENIOR, None)],
            False,
            "高级社会工作师证书没有登记取得日期",
        ),
        (
            [certificate(CertLevel.SENIOR, LONG_AGO, number=None)],
            False,
            "高级社会工作师证书没有登记证书编号",
        ),
        (
            [certificate(CertLevel.SENIOR, None, number=None)],
            False,
            "高级社会工作师证书没有登记证书编号和取得日期",
        ),
        ([certificate(CertLevel.SENIOR, None), INTERMEDIATE], True, "持有社会工作师证书"),
        ([certificate(CertLevel.INTERMEDIATE, FIRST_DAY)], True, "持有社会工作师证书"),
        (
            [certificate(CertLevel.INTERMEDIATE, date(2022, 1, 2))],
            False,
            "证书取得日期 2022-01-02 晚于选派首日 2022-01-01",
        ),
        ([certificate(CertLevel.ASSISTANT, LONG_AGO)], False, "现有证书为助理社会工作师"),
        ([], False, "没有登记证书"),
        (
            [INTERMEDIATE, certificate(CertLevel.SENIOR, date(2023, 1, 1))],
            True,
            "持有社会工作师证书（2018-06-01 取得）",
        ),
    ],
)
def test_a_sent_person_holds_a_recognised_certificate_on_the_first_day(certificates, is_met, have):
    check = checked(certificates)[0]
    assert check.is_met is is_met
    assert check.have.startswith(have)
    assert check.need == "援派人员须持有社会工作师或高级社会工作师证书"


@pytest.mark.parametrize(
    ("since", "is_met", "have"),
    [
        (date(2020, 1, 1), True, "满 2 年"),
        (date(2020, 1, 2), False, "满 1 年 11 个月"),
        (date(2022, 6, 1), False, "满 0 个月"),
        (None, False, "没有登记从事社会工作起始日期"),
    ],
)
def test_a_sent_person_has_24_full_months_of_service_on_the_first_day(since, is_met, have):
    check = checked(since=since)[1]
    assert check.is_met is is_met
    assert have in check.have


def test_what_is_missing_on_a_certificate_has_a_code_of_its_own():
    found = qualification_rules.shortfalls(checked([certificate(CertLevel.SENIOR, None)]))
    assert [one.code for one in found] == ["certificate_incomplete"]
    assert found[0].sentence.endswith("请按证书原件补登，或由省级批准例外。")


def test_a_received_person_needs_neither():
    assert checked([], None, Side.RECEIVED) == []


ASSISTANT = certificate(CertLevel.ASSISTANT, LONG_AGO)


@pytest.mark.parametrize(
    ("requires", "certificates", "since", "codes"),
    [
        ("employed", [], None, []),
        ("social_work", [ASSISTANT], None, ["no_social_work"]),
        ("social_work", [], FIRST_DAY, []),
        ("social_work", [], date(2022, 1, 2), ["no_social_work"]),
        ("certificate", [], LONG_AGO, ["certificate_missing"]),
        ("certificate", [ASSISTANT], None, []),
        ("certificate", [ASSISTANT._replace(number=None)], None, ["certificate_incomplete"]),
        (
            "certificate",
            [ASSISTANT._replace(issued_on=date(2022, 1, 2))],
            None,
            ["certificate_missing"],
        ),
    ],
)
def test_who_is_a_received_professional_is_policy(requires, certificates, since, codes):
    policy = Policy({**DEFAULT_POLICY.values, "received_requires": requires})
    found = qualification_rules.shortfalls(checked(certificates, since, Side.RECEIVED, policy))
    assert [one.code for one in found] == codes
    assert all("受援人员须" in one.sentence and "例外" not in one.sentence for one in found)


def test_the_recognised_levels_and_months_are_policy():
    policy = Policy(
        {**DEFAULT_POLICY.values, "cert_levels": ["assistant"], "min_service_months": 12}
    )
    found = checked([certificate(CertLevel.ASSISTANT, LONG_AGO)], date(2021, 1, 1), policy=policy)
    assert [check.is_met for check in found] == [True, True]


def test_a_shortfall_says_what_is_there_what_is_needed_and_what_to_do():
    found = qualification_rules.shortfalls(checked([], date(2021, 9, 1)))
    assert [one.code for one in found] == ["certificate_missing", "service_too_short"]
    assert found[0].sentence == (
        "没有登记证书；援派人员须持有社会工作师或高级社会工作师证书（二(四)2）。"
        "请登记证书，或由省级批准例外。"
    )
    assert "满 4 个月；援派人员须满 2 年（二(四)2）" in found[1].sentence


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({}, []),
        ({"span": Span(date(2022, 3, 1), date(2022, 2, 1))}, ["invalid_value"]),
        ({"span": Span(date(2021, 12, 31), date(2022, 2, 1))}, ["outside_pairing"]),
        ({"span": Span(date(2022, 3, 1), date(2026, 1, 1))}, ["outside_pairing"]),
        ({"is_member": False}, ["not_a_member"]),
        ({"others": [Span(date(2022, 6, 30), date(2022, 12, 31))]}, ["overlap"]),
        ({"others": [Span(date(2022, 7, 1), date(2022, 12, 31))]}, []),
        ({"others": [Span(date(2022, 1, 1), date(2022, 3, 1))]}, ["overlap"]),
        ({"others": [Span(date(2022, 1, 1), date(2022, 2, 28))]}, []),
        ({"closed_year": 2022}, ["closed_year"]),
    ],
)
def test_when_a_person_may_be_assigned(facts, codes):
    life = PairingLife("P1", PairingState.CONFIRMED, is_confirmed=True)
    facts = {
        "span": Span(date(2022, 3, 1), date(2022, 6, 30)),
        "is_member": True,
        "others": [],
        "closed_year": None,
        **facts,
    }
    found = rules.refusals_for_assignment(
        facts.pop("span"),
        pairing=Span(date(2022, 1, 1), date(2025, 12, 31)),
        life=life,
        is_approved=False,
        **facts,
    )
    assert [one.code for one in found] == codes


# ---- the life of an assignment

NOMINATED, APPROVED, REJECTED = AssignmentState
WORKER, NOMINATOR, OFFICER = 1, 2, 3
CONFIRMED = PairingLife("P1", PairingState.CONFIRMED, is_confirmed=True)
PROPOSED = PairingLife("P1", PairingState.PROPOSED, is_confirmed=False)
FACTS = rules.Facts(
    label="演示甲",
    state=NOMINATED,
    person_id=WORKER,
    nominated_by_person_id=NOMINATOR,
    side=Side.SENT,
    is_qualified=False,
    pairing=CONFIRMED,
)


def codes_of(verb, person_id=OFFICER, reason="演示原因", besides=(), **facts) -> list[str]:
    step = rules.LIFE.step(verb)
    found = refusals_for_step(
        rules.LIFE,
        step,
        FACTS._replace(**facts),
        person_id=person_id,
        reason=reason,
        besides=besides,
    )
    return [one.code for one in found]


@pytest.mark.parametrize("verb", ["approved", "rejected"])
@pytest.mark.parametrize(
    ("person_id", "facts", "code"),
    [
        (OFFICER, {}, None),
        (None, {}, None),
        (WORKER, {}, "own_entry"),
        (NOMINATOR, {}, "own_entry"),
        (OFFICER, {"state": APPROVED}, "wrong_state"),
        (OFFICER, {"state": REJECTED}, "wrong_state"),
    ],
)
def test_who_may_decide_on_a_nomination(verb, person_id, facts, code):
    assert codes_of(verb, person_id, **facts) == ([code] if code else [])


@pytest.mark.parametrize(
    ("verb", "facts", "code"),
    [
        ("approved", {"pairing": PROPOSED}, "not_confirmed"),
        ("rejected", {"pairing": PROPOSED}, None),
        ("approved", {"years_if_counting": (2022,)}, "closed_year"),
        ("exception_granted", {"years_if_counting": (2022,)}, "closed_year"),
        ("ended", {"state": APPROVED, "years_if_shortened": (2022,)}, "closed_year"),
        ("replaced", {"state": APPROVED, "years_if_shortened": (2022,)}, "closed_year"),
        ("ended", {"state": APPROVED, "is_over": True}, "wrong_state"),
    ],
)
def test_what_stands_in_the_way_of_a_step(verb, facts, code):
    assert codes_of(verb, **facts) == ([code] if code else [])


@pytest.mark.parametrize(
    ("state", "workdays", "code"),
    [
        (NOMINATED, 0, None),
        (NOMINATED, 1, "overlap"),
        (APPROVED, 0, "wrong_state"),
    ],
)
def test_when_a_nomination_may_be_taken_back(state, workdays, code):
    assert codes_of("withdrawn", state=state, workdays=workdays) == ([code] if code else [])


@pytest.mark.parametrize(
    ("asked", "facts", "codes"),
    [
        ({}, {}, []),
        ({}, {"reason": ""}, ["missing_value"]),
        ({"last_day": date(2022, 2, 28)}, {}, ["invalid_value"]),
        ({"last_day": date(2022, 7, 1)}, {}, ["invalid_value"]),
        ({"last_workday": date(2022, 4, 2)}, {}, ["overlap"]),
        ({"last_workday": date(2022, 4, 1)}, {}, []),
        ({"closed_years": [2022]}, {}, ["closed_year"]),
        ({}, {"state": NOMINATED}, ["wrong_state"]),
        ({}, {"state": REJECTED}, ["wrong_state"]),
    ],
)
@pytest.mark.parametrize("verb", ["ended", "replaced"])
def test_when_an_assignment_may_end(verb, asked, facts, codes):
    asked = {"last_day": date(2022, 4, 1), "last_workday": None, "closed_years": [], **asked}
    besides = rules.refusals_for_last_day(Span(date(2022, 3, 1), date(2022, 6, 30)), **asked)
    found = codes_of(verb, besides=besides, **{"state": APPROVED, **facts})
    assert [one for one in codes if one not in found] == []
    assert bool(found) is bool(codes)


@pytest.mark.parametrize(
    ("starts_on", "is_same_person", "fields"),
    [
        (date(2022, 3, 2), False, []),
        (date(2022, 6, 30), False, []),
        (date(2022, 3, 1), False, ["starts_on"]),
        (date(2022, 7, 1), False, ["starts_on"]),
        (date(2022, 7, 1), True, ["person", "starts_on"]),
    ],
)
def test_when_somebody_may_take_over(starts_on, is_same_person, fields):
    found = rules.refusals_for_replacement(
        Span(date(2022, 3, 1), date(2022, 6, 30)),
        starts_on=starts_on,
        is_same_person=is_same_person,
    )
    assert [one.field for one in found] == fields


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({}, []),
        ({"state": APPROVED}, []),
        ({"state": REJECTED}, ["wrong_state"]),
        ({"is_qualified": True}, ["wrong_state"]),
        ({"person_id": NOMINATOR}, ["own_entry"]),
        ({"person_id": WORKER}, ["own_entry"]),
        ({"reason": " "}, ["missing_value"]),
        ({"side": Side.RECEIVED}, ["wrong_state"]),
    ],
)
def test_when_the_province_may_grant_an_exception(facts, codes):
    assert codes_of("exception_granted", **facts) == codes


def test_a_refusal_names_the_state_the_need_and_what_to_do_instead():
    step = rules.LIFE.step("withdrawn")
    (found,) = refusals_for_step(
        rules.LIFE, step, FACTS._replace(state=APPROVED), person_id=NOMINATOR
    )
    assert found.sentence == (
        "该选派目前为“已批准”，只有“待审批”的可以撤回提名；已批准的请办理提前结束。"
    )
