"""Who may be paired with whom (二(一), 二(二), decisions B14 and B18)."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import Line, PairingState
from portal.pairings import rules
from portal.pairings.procedure_rules import LIFE, PairingFacts
from portal.pairings.rules import Party, Proposal, ReceivingCounty
from portal.procedures.rules import refusals_for_step

NINGXIA, FUJIAN, TIBET, XINJIANG = "640000", "350000", "540000", "650000"
PLACE = ReceivingCounty("640303", "红寺堡区", NINGXIA, is_key=True)
SENDING = Party(1, FUJIAN, {})
RECEIVING = Party(2, NINGXIA, {})
PROPOSAL = Proposal(Line.KEY_COUNTY, date(2022, 1, 1), date(2023, 12, 31))


def refused(
    proposal=PROPOSAL, *, place=PLACE, sending=SENDING, receiving=RECEIVING, years=(2022, 2023),
    closed=(),
):  # fmt: skip
    found = rules.refusals_for_pairing(
        proposal,
        place=place,
        sending=sending,
        receiving=receiving,
        years=years,
        closed_years=closed,
    )
    return [(one.field, one.code) for one in found]


def test_allows_two_free_organisations_and_a_key_county():
    assert refused() == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"receiving": Party(1, NINGXIA, {})}, ("receiving", "not_one_to_one")),
        ({"receiving": Party(2, FUJIAN, {})}, ("county", "mode_mismatch")),
        ({"years": ()}, ("starts_on", "outside_work_year")),
        ({"closed": (2022,)}, ("starts_on", "closed_year")),
        ({"sending": Party(1, FUJIAN, {2023: "P9"})}, ("sending", "not_one_to_one")),
        ({"receiving": Party(2, NINGXIA, {2022: "P9"})}, ("receiving", "not_one_to_one")),
        ({"place": PLACE._replace(is_key=False)}, ("county", "not_key_county")),
        (
            {"proposal": PROPOSAL._replace(ends_on=date(2021, 12, 31))},
            ("ends_on", "invalid_value"),
        ),
        ({"proposal": PROPOSAL._replace(line=Line.TIBET_XINJIANG)}, ("line", "mode_mismatch")),
        (
            {"proposal": PROPOSAL._replace(exception_reason="理由")},
            ("exception_reason", "needless_exception"),
        ),
    ],
)
def test_refuses_and_says_which_field(facts, expected):
    assert refused(**facts) == [expected]


def test_says_every_reason_at_once():
    taken = Party(1, FUJIAN, {2022: "P8", 2023: "P9"})
    assert refused(sending=taken, closed=(2022,), place=PLACE._replace(is_key=False)) == [
        ("starts_on", "closed_year"),
        ("county", "not_key_county"),
        ("sending", "not_one_to_one"),
    ]


def test_names_the_years_and_pairings_in_the_way():
    taken = Party(1, FUJIAN, {2022: "P8", 2023: "P9"})
    found = rules.refusals_for_pairing(
        PROPOSAL, place=PLACE, sending=taken, receiving=RECEIVING, years=[2022, 2023],
        closed_years=[],
    )  # fmt: skip
    assert "2022 年度（P8）、2023 年度（P9）" in found[0].sentence


def test_a_partner_in_another_year_is_not_in_the_way():
    assert refused(sending=Party(1, FUJIAN, {2021: "P8"})) == []


def test_an_exception_lets_a_second_partner_through():
    proposal = PROPOSAL._replace(exception_reason="省厅批准")
    assert refused(proposal, sending=Party(1, FUJIAN, {2022: "P8"})) == []


def test_a_policy_of_several_partners_lets_them_through_on_that_side_only():
    open_side = Party(1, FUJIAN, {2022: "P8"}, allows_several=True)
    assert refused(sending=open_side) == []
    assert refused(sending=open_side, receiving=Party(2, NINGXIA, {2022: "P9"})) == [
        ("receiving", "not_one_to_one")
    ]


@pytest.mark.parametrize("line", [Line.CONTINUATION])
def test_a_continued_task_needs_no_key_county(line):
    assert refused(PROPOSAL._replace(line=line), place=PLACE._replace(is_key=False)) == []


@pytest.mark.parametrize(
    ("county", "name", "province"),
    [("540121", "林周县", TIBET), ("650121", "乌鲁木齐县", XINJIANG)],
)
def test_the_line_to_tibet_and_xinjiang_ends_there(county, name, province):
    place = ReceivingCounty(county, name, province, is_key=False)
    proposal = PROPOSAL._replace(line=Line.TIBET_XINJIANG)
    assert refused(proposal, place=place, receiving=Party(2, province, {})) == []


@pytest.mark.parametrize(
    "code", ["P1", "2022-640303-01", "闽宁〔2022〕1号", "a b", "A_1", "x" * 40, "#1?%"]
)
def test_a_code_may_be_anything_that_stands_in_an_address(code):
    assert rules.refusals_for_code(code) == []


@pytest.mark.parametrize(
    "code", ["", " ", ".", "..", "a/b", "a\\b", "a\x00", "a\nb", "new", "x" * 41]
)
def test_refuses_a_code_that_no_address_can_hold(code):
    assert [one.field for one in rules.refusals_for_code(code)] == ["code"]


@pytest.mark.parametrize(
    ("acting", "allowed"),
    [
        (None, True),
        ({FUJIAN}, True),
        ({NINGXIA}, True),
        ({"520000", NINGXIA}, True),
        ({"520000"}, False),
        (set(), False),
    ],
)
def test_only_a_province_of_either_side_makes_a_pairing(acting, allowed):
    assert (rules.refusals_for_province(acting, FUJIAN, NINGXIA) == []) is allowed


@pytest.mark.parametrize(
    ("number", "signed_on", "codes"),
    [
        ("1号", date(2022, 1, 1), []),
        ("1号", date(2021, 12, 20), []),
        (" ", date(2022, 1, 1), ["missing_value"]),
        ("1号", date(2022, 6, 2), ["future_date"]),
        ("1号", date(2022, 5, 2), ["invalid_value"]),
    ],
)
def test_an_agreement_has_a_number_and_a_day_that_has_come(number, signed_on, codes):
    found = rules.refusals_for_agreement(
        number=number,
        signed_on=signed_on,
        starts_on=date(2022, 1, 1),
        ends_on=date(2022, 5, 1),
        today=date(2022, 6, 1),
    )
    assert [one.code for one in found] == codes


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({}, []),
        ({"reason": " "}, ["missing_value"]),
        ({"last_day": date(2021, 12, 31)}, ["invalid_value"]),
        ({"last_day": date(2024, 1, 1)}, ["invalid_value"]),
        ({"last_day": date(2022, 1, 1)}, []),
        ({"last_day": date(2023, 12, 31)}, []),
        ({"last_workday": date(2022, 7, 1)}, ["overlap"]),
        ({"last_workday": date(2022, 6, 30)}, []),
        ({"closed_years": [2023]}, ["closed_year"]),
        ({"state": PairingState.PROPOSED}, ["wrong_state"]),
        ({"state": PairingState.DECLINED}, ["wrong_state"]),
        ({"state": PairingState.TERMINATED}, ["wrong_state"]),
        ({"reason": "", "last_workday": date(2022, 7, 1)}, ["missing_value", "overlap"]),
    ],
)
def test_when_a_pairing_may_end(facts, codes):
    asked = {"state": PairingState.CONFIRMED, "reason": "机构注销", **facts}
    state, reason = asked.pop("state"), asked.pop("reason")
    besides = rules.refusals_for_last_day(
        **{
            "starts_on": date(2022, 1, 1),
            "ends_on": date(2023, 12, 31),
            "last_day": date(2022, 6, 30),
            "last_workday": None,
            "closed_years": [],
            **asked,
        }
    )
    found = refusals_for_step(
        LIFE,
        LIFE.step("terminated"),
        PairingFacts("P1", state, proposed_by_person_id=None),
        person_id=1,
        reason=reason,
        besides=besides,
    )
    assert [one.code for one in found] == codes
