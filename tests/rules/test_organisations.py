"""What an organisation must be, and where its seat may lie."""

from __future__ import annotations

from datetime import date

import pytest

from models.types import OrgType
from portal.organisations.rules import (
    OrganisationFacts,
    Seat,
    refusals_for_details,
    refusals_for_move,
    refusals_for_organisation,
)
from portal.standards.credit_code import make_credit_code

TODAY = date(2022, 11, 21)
SEAT = Seat("宁夏回族自治区吴忠市红寺堡区", "640000", is_within_scope=True)
FOREIGN_SEAT = Seat("福建省福州市鼓楼区", "350000", is_within_scope=False)
FACTS = OrganisationFacts(
    credit_code=make_credit_code("52", "640303", 1),
    name="红寺堡区演示社会工作服务中心",
    type=OrgType.SOCIAL_WORK,
    type_reason=None,
    region_code="640303",
    legal_representative="演示",
    contact_name="演示",
    contact_phone="13800138000",
    bank_account="12345678901234567",
    founded_on=date(2012, 5, 1),
)


def refusals(*, seat: Seat | None = SEAT, is_taken: bool = False, **changes):
    return refusals_for_organisation(
        FACTS._replace(**changes), seat=seat, is_taken=is_taken, scope="宁夏回族自治区", today=TODAY
    )


def test_takes_an_organisation_that_is_in_order():
    assert refusals() == []


@pytest.mark.parametrize(
    ("changes", "field", "code", "words"),
    [
        ({"credit_code": ""}, "credit_code", "invalid_credit_code", "请填写"),
        ({"credit_code": "91350100M000100Y4"}, "credit_code", "invalid_credit_code", "17位"),
        (
            {"credit_code": "91350100M000100Y4Z"},
            "credit_code",
            "invalid_credit_code",
            "第18位校验码应为“3”，实际为“Z”",
        ),
        ({"name": ""}, "name", "missing_value", "请填写机构名称"),
        ({"name": "长" * 101}, "name", "text_too_long", "101 字，超过上限 100 字"),
        ({"type": OrgType.OTHER}, "type_reason", "missing_value", "二(二)"),
        ({"type_reason": "长" * 201}, "type_reason", "text_too_long", "上限 200 字"),
        (
            {"legal_representative": "长" * 61},
            "legal_representative",
            "text_too_long",
            "上限 60 字",
        ),
        ({"contact_name": "长" * 61}, "contact_name", "text_too_long", "上限 60 字"),
        ({"contact_phone": "12345"}, "contact_phone", "invalid_value", "11位手机号码"),
        ({"bank_account": "12"}, "bank_account", "invalid_value", "8至32位"),
        ({"bank_name": "长" * 101}, "bank_name", "text_too_long", "101 字，超过上限 100 字"),
        ({"founded_on": date(2022, 11, 22)}, "founded_on", "future_date", "晚于今天"),
    ],
)
def test_refuses_each_fault_beside_its_field(changes, field, code, words):
    (refusal,) = refusals(**changes)
    assert (refusal.field, refusal.code) == (field, code)
    assert words in refusal.sentence


def test_takes_names_of_a_hundred_characters_and_dates_up_to_today():
    assert refusals(name="长" * 100, founded_on=TODAY) == []


NINE_TYPES = (
    "社会工作服务机构、儿童福利机构、老年人福利机构、救助保护机构、特困人员供养服务机构、"
    "优抚安置服务机构、残疾人福利与服务机构、青少年服务机构、妇女儿童援助机构"
)
"""二(二), word for word; 等法人单位 is 其他, which has to be explained."""


def test_knows_the_nine_types_of_the_plan_and_asks_none_of_them_for_a_reason():
    nine = [one for one in OrgType if one != OrgType.OTHER]
    assert [one.label for one in nine] == NINE_TYPES.split("、")
    assert [one for one in nine if refusals(type=one) != []] == []


def test_takes_another_type_with_its_reason():
    assert refusals(type=OrgType.OTHER, type_reason="县级社会工作服务中心，事业单位法人") == []


def test_refuses_a_credit_code_that_is_registered_already():
    (refusal,) = refusals(is_taken=True)
    assert (refusal.field, refusal.code) == ("credit_code", "duplicate")
    assert FACTS.credit_code in refusal.sentence


def test_refuses_a_code_that_is_no_county():
    (refusal,) = refusals(seat=None, region_code="640000")
    assert (refusal.field, refusal.code) == ("region_code", "unknown_region")
    assert "640000" in refusal.sentence


def test_refuses_a_seat_outside_the_scope_and_names_both_places():
    (refusal,) = refusals(seat=FOREIGN_SEAT, region_code="350102")
    assert (refusal.field, refusal.code) == ("region_code", "outside_scope")
    for words in ("福建省福州市鼓楼区", "350102", "宁夏回族自治区"):
        assert words in refusal.sentence


def test_says_all_faults_at_once():
    found = refusals(credit_code="X", name="", contact_phone="1", seat=None)
    assert [one.field for one in found] == ["credit_code", "name", "region_code", "contact_phone"]


def test_an_edit_is_not_asked_for_the_credit_code():
    facts = FACTS._replace(credit_code="X")
    assert refusals_for_details(facts, seat=SEAT, scope="", today=TODAY) == []


@pytest.mark.parametrize(
    ("seat", "pairing_codes", "is_refused"),
    [
        (SEAT, [], False),
        (SEAT, ["P1"], False),
        (FOREIGN_SEAT, [], False),
        (FOREIGN_SEAT, ["P1", "P2"], True),
        (None, ["P1"], False),
    ],
)
def test_a_paired_organisation_keeps_its_province(seat, pairing_codes, is_refused):
    found = refusals_for_move(seat, province_code="640000", pairing_codes=pairing_codes)
    assert [one.code for one in found] == (["paired"] if is_refused else [])
    if is_refused:
        assert "P1、P2" in found[0].sentence
